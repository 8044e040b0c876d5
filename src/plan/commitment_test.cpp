// Units that start, stop and ramp, on cases whose best plan can be worked out by hand or is published.
#include "plan/commitment.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "plan/coarse.h"
#include "plan/tables.h"
#include "plan/test_network.h"
#include "plan/verify.h"

namespace beltline {
namespace {

using testing::DoubleNear;
using testing::ElementsAre;
using testing::HasSubstr;

/// Hours on one bus, as PyPSA's own tests of unit commitment have them: each generator on for one hour before.
struct Bus : TestNetwork {
  explicit Bus(const std::vector<double>& load) : TestNetwork(Calendar::hourly(static_cast<int>(load.size()))) {
    demand(power, builder.by_slice(load));
  }

  [[nodiscard]] UnitCommitment pypsa(double min_load) {
    return {.has_units = true,
            .min_load = builder.constant(min_load),
            .counts_slices = true,
            .is_cyclic = false,
            .on_before = 1};
  }

  ProcessId generator(const std::string& name, double p_nom, double cost, UnitCommitment commitment) {
    const CapacityId k = builder.add(
        Capacity{.name = name, .place = here, .unit = "MW", .existing = builder.constant(p_nom), .buildable = false});
    const ProcessId p = source(name, power, Grain::rate, cost, {{k, builder.constant(1)}});
    builder.model().processes[p.index()].commitment = commitment;
    return p;
  }
};

std::vector<double> row(const Values& values, std::size_t entity, const Plan& /*plan*/, int t = 0) {
  std::vector<double> out;
  for (int s = 0; s < values.slices[entity]; ++s) out.push_back(values.at(entity, t, s));
  return out;
}

void expect_optimal(const Plan& plan, double objective) {
  ASSERT_EQ(plan.termination, Termination::optimal) << plan.detail;
  EXPECT_TRUE(plan.verified);
  EXPECT_NEAR(plan.objective, objective, 1e-4 * (1 + std::abs(objective)) * 1e-2);
}

// ---- the published cases of PyPSA's test_lopf_unit_commitment.py, rebuilt from their description ----

TEST(Commitment, PaysForStarts) {
  Bus n({4000, 6000, 5000, 800});
  UnitCommitment coal = n.pypsa(0.1), gas = n.pypsa(0.0);
  coal.on_before = -1;
  coal.start_cost = n.builder.constant(3000);
  gas.start_cost = n.builder.constant(1000);
  n.generator("coal", 10000, 20, coal);
  n.generator("gas", 10000, 70, gas);
  expect_optimal(n.solve(), 359000);
}

TEST(Commitment, PaysForStops) {
  Bus n({4000, 6000, 5000, 800});
  UnitCommitment coal = n.pypsa(0.3), gas = n.pypsa(0.1);
  coal.stop_cost = gas.stop_cost = n.builder.constant(1000);
  n.generator("coal", 10000, 20, coal);
  n.generator("gas", 1000, 70, gas);
  const Plan plan = n.solve();
  expect_optimal(plan, 358000);
  EXPECT_THAT(row(plan.units_on, 0, plan), ElementsAre(1, 1, 1, 0));
  EXPECT_THAT(row(plan.units_on, 1, plan), ElementsAre(0, 0, 0, 1));
}

TEST(Commitment, RunsALinkThatStarts) {
  Bus n({4000, 6000, 800, 5000});
  const CommodityId gas = n.builder.add(Commodity{.name = "gas", .unit = "MW", .grain = Grain::rate});
  const ProcessId well = n.source("well", gas, Grain::rate, 10);
  n.builder.model().processes[well.index()].upper = n.builder.constant(20000);
  UnitCommitment c = n.pypsa(0.1);
  c.on_before = -1;
  c.min_up = 3;
  c.start_cost = n.builder.constant(3333);
  const ProcessId ocgt = n.generator("ocgt", 12000, 0, c);
  n.builder.model().processes[ocgt.index()].flows = {{.commodity = gas, .rate = n.builder.constant(-1)},
                                                     {.commodity = n.power, .rate = n.builder.constant(0.5)}};
  for (Flow& flow : n.builder.model().processes[ocgt.index()].flows) flow.place = n.here;
  const ProcessId wind = n.source("wind", n.power, Grain::rate, 0);
  n.builder.model().processes[wind.index()].upper = n.builder.constant(800);
  const Plan plan = n.solve();
  expect_optimal(plan, 267333);
  EXPECT_THAT(row(plan.units_on, ocgt.index(), plan), ElementsAre(1, 1, 1, 1));
  EXPECT_THAT(row(plan.activity, ocgt.index(), plan), testing::Pointwise(DoubleNear(1e-4), {6400, 10400, 1200, 8400}));
}

TEST(Commitment, StaysOnForItsMinimumUpTime) {
  Bus n({4000, 800, 5000, 3000});
  UnitCommitment gas = n.pypsa(0.1);
  gas.on_before = -1;
  gas.min_up = 3;
  n.generator("coal", 10000, 20, n.pypsa(0.3));
  n.generator("gas", 1000, 70, gas);
  const Plan plan = n.solve();
  ASSERT_EQ(plan.termination, Termination::optimal);
  EXPECT_THAT(row(plan.activity, 0, plan), testing::Pointwise(DoubleNear(1e-4), {3900, 0, 4900, 3000}));
  EXPECT_THAT(row(plan.activity, 1, plan), testing::Pointwise(DoubleNear(1e-4), {100, 800, 100, 0}));
}

TEST(Commitment, CountsTheTimeOnBefore) {
  Bus n({4000, 800, 5000, 3000});
  UnitCommitment gas = n.pypsa(0.1);
  gas.min_up = 4;  // one hour before and three of the day
  n.generator("coal", 10000, 20, n.pypsa(0.3));
  n.generator("gas", 1000, 70, gas);
  const Plan plan = n.solve();
  EXPECT_THAT(row(plan.units_on, 1, plan), ElementsAre(1, 1, 1, 0));
}

TEST(Commitment, StaysOffForItsMinimumDownTime) {
  for (const double off : {1.0, 2.0}) {
    Bus n({3000, 800, 3000, 8000});
    UnitCommitment coal = n.pypsa(0.3);
    coal.on_before = -off;
    coal.min_down = off + 1;
    n.generator("coal", 10000, 20, coal);
    n.generator("gas", 4000, 70, n.pypsa(0.1));
    const Plan plan = n.solve();
    EXPECT_THAT(row(plan.units_on, 0, plan), ElementsAre(0, 0, 1, 1));
    EXPECT_THAT(row(plan.activity, 0, plan), testing::Pointwise(DoubleNear(1e-4), {0, 0, 3000, 8000}));
  }
}

// ---- by hand ----

TEST(Commitment, CountsStartsAsOftenAsADayComesRound) {
  // January is one day of 24 hours that stands for 31: the peaker starts each evening.
  TestNetwork n(Calendar::monthly({2026, 1}, 1, 24));
  std::vector<double> load(24, 10.0);
  load[18] = load[19] = 30;
  n.demand(n.power, n.builder.by_slice_of_period(load));
  const ProcessId base = n.source("base", n.power, Grain::rate, 20);
  n.builder.model().processes[base.index()].upper = n.builder.constant(10);
  const ProcessId peaker = n.source("peaker", n.power, Grain::rate, 50);
  n.builder.model().processes[peaker.index()].commitment = UnitCommitment{.has_units = true,
                                                                          .unit_size = 25,
                                                                          .min_load = n.builder.constant(0.5),
                                                                          .start_cost = n.builder.constant(700),
                                                                          .stop_cost = n.builder.constant(300),
                                                                          .no_load_cost = n.builder.constant(5)};
  const Plan plan = n.solve();
  expect_optimal(plan, 31 * (24 * 10 * 20 + 2 * 20 * 50 + 700 + 300 + 2 * 5));
  EXPECT_NEAR(term_value(*n.model, plan, {.kind = TermKind::variable, .id = static_cast<int32_t>(peaker.index())}, 0),
              31 * (2 * 20 * 50 + 1000 + 10), 1e-3);
  const std::vector<Table> tables = plan_tables(*n.model, plan);
  const auto found = std::ranges::find(tables, "unit_commitment", &Table::name);
  ASSERT_NE(found, tables.end());
  EXPECT_THAT(to_csv(*found), HasSubstr("peaker,here,2026-01,18,1,1,0,20"));
  EXPECT_THAT(to_csv(*found), HasSubstr("peaker,here,2026-01,20,0,0,1,0"));
}

TEST(Commitment, BuildsWholeUnitsAndRunsTheseAlone) {
  // Units of 40 MW at half load or more: two are built, and at 30 MW one of them rests.
  TestNetwork n(Calendar::hourly(3));
  n.demand(n.power, n.builder.by_slice({30, 80, 30}));
  const CapacityId k = n.builder.add(Capacity{.name = "unit",
                                              .place = n.here,
                                              .unit = "MW",
                                              .module_size = 40,
                                              .total_max = 400,
                                              .capex = n.builder.constant(10)});
  const ProcessId p = n.source("run", n.power, Grain::rate, 1, {{k, n.builder.constant(1)}});
  n.builder.model().processes[p.index()].commitment = UnitCommitment{
      .has_units = true, .unit_size = 40, .min_load = n.builder.constant(0.5), .no_load_cost = n.builder.constant(2)};
  const Plan plan = n.solve();
  expect_optimal(plan, 80 * 10 + 140 + 2 * 4);
  EXPECT_THAT(row(plan.units_on, p.index(), plan), ElementsAre(1, 2, 1));
}

TEST(Commitment, SizesOneUnitWithItsLeastLoad) {
  // The unit must run at 60 % of what is built or not at all; without it power costs 100.
  TestNetwork n(Calendar::hourly(3));
  n.demand(n.power, n.builder.by_slice({50, 100, 20}));
  n.source("dear", n.power, Grain::rate, 100);
  const CapacityId k = n.builder.add(
      Capacity{.name = "unit", .place = n.here, .unit = "MW", .total_max = 500, .capex = n.builder.constant(10)});
  const ProcessId p = n.source("run", n.power, Grain::rate, 1, {{k, n.builder.constant(1)}});
  n.builder.model().processes[p.index()].commitment =
      UnitCommitment{.has_units = true, .min_load = n.builder.constant(0.6)};
  const Plan plan = n.solve();
  // Of a size c between 50/0.6 and 100 it misses the first hour; c = 50/0.6 runs in both and leaves 100 − c.
  const double c = 50 / 0.6;
  expect_optimal(plan, 10 * c + 50 + c + 100 * (100 - c) + 100 * 20);
}

TEST(Commitment, LimitsTheRampsOfASizedUnit) {
  TestNetwork n(Calendar::hourly(3));
  n.demand(n.power, n.builder.by_slice({100, 100, 100}));
  n.source("dear", n.power, Grain::rate, 100);
  const CapacityId k = n.builder.add(
      Capacity{.name = "unit", .place = n.here, .unit = "MW", .total_max = 100, .capex = n.builder.constant(1)});
  const ProcessId p = n.source("run", n.power, Grain::rate, 1, {{k, n.builder.constant(1)}});
  n.builder.model().processes[p.index()].commitment = UnitCommitment{
      .has_units = true, .ramp_up = n.builder.constant(0.2), .ramp_start = 0.3, .is_cyclic = false, .on_before = -5};
  const Plan plan = n.solve();
  EXPECT_THAT(row(plan.activity, p.index(), plan), testing::Pointwise(DoubleNear(1e-4), {30, 50, 70}));
  expect_optimal(plan, 100 + 150 + 100 * 150);
}

TEST(Commitment, RampsWithoutUnits) {
  // From 10 MW before, at most 20 % of what is built an hour up and half of it down.
  TestNetwork n(Calendar::hourly(4));
  n.demand(n.power, n.builder.by_slice({100, 100, 100, 0}));
  n.source("dear", n.power, Grain::rate, 100);
  const ProcessId sink = n.source("sink", n.power, Grain::rate, 1);
  n.builder.model().processes[sink.index()].flows.front().rate = n.builder.constant(-1);
  const CapacityId k = n.builder.add(
      Capacity{.name = "unit", .place = n.here, .unit = "MW", .total_max = 100, .capex = n.builder.constant(1)});
  const ProcessId p = n.source("run", n.power, Grain::rate, 1, {{k, n.builder.constant(1)}});
  n.builder.model().processes[p.index()].commitment = UnitCommitment{
      .ramp_up = n.builder.constant(0.2), .ramp_down = n.builder.constant(0.5), .is_cyclic = false, .level_before = 10};
  const Plan plan = n.solve();
  EXPECT_THAT(row(plan.activity, p.index(), plan), testing::Pointwise(DoubleNear(1e-4), {30, 50, 70, 20}));
  expect_optimal(plan, 100 + 170 + 100 * 150 + 20);
}

TEST(Commitment, MeetsItsBeginningAtTheEndOfADay) {
  // Cyclic: 50 MW more from hour to hour at the most, also from the last to the first.
  TestNetwork n(Calendar::hourly(4));
  n.demand(n.power, n.builder.by_slice({100, 0, 0, 0}));
  n.source("dear", n.power, Grain::rate, 100);
  const ProcessId sink = n.source("sink", n.power, Grain::rate, 0);
  n.builder.model().processes[sink.index()].flows.front().rate = n.builder.constant(-1);
  const CapacityId k = n.builder.add(
      Capacity{.name = "unit", .place = n.here, .unit = "MW", .existing = n.builder.constant(100), .buildable = false});
  const ProcessId p = n.source("run", n.power, Grain::rate, 1, {{k, n.builder.constant(1)}});
  n.builder.model().processes[p.index()].commitment =
      UnitCommitment{.ramp_up = n.builder.constant(0.5), .ramp_down = n.builder.constant(0.5)};
  const Plan plan = n.solve();
  EXPECT_THAT(row(plan.activity, p.index(), plan), testing::Pointwise(DoubleNear(1e-4), {100, 50, 0, 50}));
}

TEST(Commitment, LeavesUnitsThatStopFreeOfTheirRampsUnlessCounted) {
  // Ramp 0.2 while on, start and stop from anywhere. By count, PyPSA's rows, a unit cannot stop from below 0.8.
  for (const bool by_count : {false, true}) {
    Bus n({50, 0, 0});
    UnitCommitment c = n.pypsa(0.0);
    c.ramp_up = c.ramp_down = n.builder.constant(0.2);
    c.no_load_cost = n.builder.constant(7);
    c.level_before = 50;
    c.ramp_start = c.ramp_stop = 1;
    c.ramps_by_count = by_count;
    n.generator("unit", 100, 1, c);
    const ProcessId sink = n.source("sink", n.power, Grain::rate, 0);
    n.builder.model().processes[sink.index()].flows.front().rate = n.builder.constant(-1);
    const Plan plan = n.solve();
    ASSERT_TRUE(plan.verified) << plan.detail;
    EXPECT_THAT(row(plan.units_on, 0, plan), by_count ? ElementsAre(1, 1, 1) : ElementsAre(1, 0, 0));
  }
}

TEST(Commitment, DecidesModulesFirstWhereTheModelIsLarge) {
  TestNetwork n(Calendar::hourly(6));
  n.demand(n.power, n.builder.by_slice({30, 90, 30, 50, 110, 70}));
  n.source("dear", n.power, Grain::rate, 500);
  const CapacityId k = n.builder.add(Capacity{.name = "unit",
                                              .place = n.here,
                                              .unit = "MW",
                                              .module_size = 40,
                                              .total_max = 400,
                                              .capex = n.builder.constant(10)});
  const ProcessId p = n.source("run", n.power, Grain::rate, 1, {{k, n.builder.constant(1)}});
  n.builder.model().processes[p.index()].commitment = UnitCommitment{.has_units = true,
                                                                     .unit_size = 40,
                                                                     .min_load = n.builder.constant(0.6),
                                                                     .start_cost = n.builder.constant(100),
                                                                     .min_up = 2};
  Diagnostics diagnostics;
  const Model model = *std::move(n.builder).finish(diagnostics);
  const auto whole = make_plan(model, {.mip_gap_max = 1e-6});
  const auto split = make_plan(model, {.mip_gap_max = 1e-6, .mip_column_max = 0});
  ASSERT_TRUE(whole && split);
  EXPECT_TRUE(whole->verified && split->verified) << split->detail;
  EXPECT_EQ(split->termination, Termination::optimal) << split->detail;
  EXPECT_NEAR(split->objective, whole->objective, 1e-4);
  EXPECT_FALSE(coarsen(model).processes[p.index()].commitment);
}

TEST(Commitment, IsVerifiedFromTheUnitsThemselves) {
  Bus n({60, 90, 40, 10, 70, 60});
  UnitCommitment c = n.pypsa(0.5);
  c.unit_size = 50;
  c.min_up = c.min_down = 2;
  c.ramp_start = 0.8;
  c.start_cost = n.builder.constant(10);
  n.generator("unit", 100, 1, c);
  n.source("dear", n.power, Grain::rate, 30);
  const Plan plan = n.solve();
  ASSERT_TRUE(verify(*n.model, plan).holds);
  int caught = 0, tried = 0;
  for (int s = 0; s < 6; ++s) {
    for (Values Plan::* values : {&Plan::units_on, &Plan::starts, &Plan::stops}) {
      for (const double by : {-1.0, 1.0, 0.5}) {
        Plan other = plan;
        (other.*values).at(0, 0, s) += by;
        ++tried;
        caught += verify(*n.model, other).holds ? 0 : 1;
      }
    }
  }
  EXPECT_EQ(caught, tried);
}

}  // namespace
}  // namespace beltline
