// Small networks whose best plan can be worked out by hand.
#include "plan/planner.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/diagnostic_codes.h"
#include "plan/gain_loop.h"
#include "plan/tables.h"
#include "plan/test_network.h"
#include "plan/verify.h"

namespace beltline {
namespace {

using testing::DoubleNear;

TEST(Plan, BuildsTheCheaperCapacityAfterItsLead) {
  TestNetwork n(Calendar::monthly({2026, 1}, 12, 1));
  Capacity plant{.name = "plant", .place = n.here, .unit = "MW", .lead = 3, .capex = n.builder.constant(100)};
  const CapacityId k = n.builder.add(plant);
  n.source("make", n.power, Grain::rate, 0, {{k, n.builder.constant(1)}});
  n.demand(n.power, n.builder.constant(10), 1.0);
  const Plan plan = n.solve();
  ASSERT_EQ(plan.termination, Termination::optimal) << plan.detail;
  EXPECT_TRUE(plan.verified);
  // A month unserved costs 10 MW · 700 h · 1 USD, a plant 1,000 USD: ordered at once, online in April.
  EXPECT_NEAR(plan.order.at(0, 0), 10, 1e-6);
  EXPECT_NEAR(plan.built.at(0, 2), 0, 1e-6);
  EXPECT_NEAR(plan.built.at(0, 3), 10, 1e-6);
  EXPECT_NEAR(plan.objective, 10 * (31 + 28 + 31) * 24 + 1000, 1e-3);
}

TEST(Plan, ComesInWholeModules) {
  TestNetwork n(Calendar::monthly({2026, 1}, 2, 1));
  const CapacityId k = n.builder.add(
      Capacity{.name = "hull", .place = n.here, .unit = "MW", .module_size = 50, .capex = n.builder.constant(1000)});
  n.source("make", n.power, Grain::rate, 0, {{k, n.builder.constant(1)}});
  n.demand(n.power, n.builder.constant(120));
  const Plan plan = n.solve();
  ASSERT_EQ(plan.termination, Termination::optimal) << plan.detail;
  EXPECT_NEAR(plan.built.at(0, 1), 150, 1e-6);
  EXPECT_NEAR(plan.objective, 150000, 1e-3);
}

TEST(Plan, RetiresAfterItsLife) {
  TestNetwork n(Calendar::monthly({2026, 1}, 6, 1));
  const CapacityId k = n.builder.add(
      Capacity{.name = "rack", .place = n.here, .unit = "rack", .life = 2, .capex = n.builder.constant(10)});
  n.source("make", n.power, Grain::rate, 0, {{k, n.builder.constant(1)}});
  n.demand(n.power, n.builder.constant(1));
  const Plan plan = n.solve();
  ASSERT_EQ(plan.termination, Termination::optimal) << plan.detail;
  EXPECT_NEAR(plan.objective, 30, 1e-5);
  EXPECT_NEAR(plan.built.at(0, 3), 1, 1e-6);
}

TEST(Plan, ShipsWithALagInMonths) {
  TestNetwork n(Calendar::monthly({2026, 1}, 6, 1));
  n.source("fab", n.wafer, Grain::amount, 5, {}, n.here, 4);
  n.demand(n.wafer, n.builder.by_period({0, 0, 0, 0, 7, 0}));
  const Plan plan = n.solve();
  ASSERT_EQ(plan.termination, Termination::optimal) << plan.detail;
  EXPECT_NEAR(plan.activity.at(0, 0), 7, 1e-6);
  EXPECT_NEAR(plan.objective, 35, 1e-6);
}

TEST(Plan, CannotServeBeforeTheLagHasPassed) {
  TestNetwork n(Calendar::monthly({2026, 1}, 6, 1));
  n.source("fab", n.wafer, Grain::amount, 5, {}, n.here, 4);
  n.demand(n.wafer, n.builder.by_period({0, 0, 0, 7, 0, 0}));
  EXPECT_EQ(n.solve().termination, Termination::infeasible);
}

TEST(Plan, KeepsAnInventoryOverPeriods) {
  TestNetwork n(Calendar::monthly({2026, 1}, 3, 1));
  const CapacityId k =
      n.builder.add(Capacity{.name = "line", .place = n.here, .existing = n.builder.constant(4), .buildable = false});
  n.source("fab", n.wafer, Grain::amount, 0, {{k, n.builder.constant(1)}});
  n.builder.add(Store{.name = "stock", .commodity = n.wafer, .place = n.here, .initial = 1});
  n.demand(n.wafer, n.builder.by_period({0, 0, 13}));
  const Plan plan = n.solve();
  ASSERT_EQ(plan.termination, Termination::optimal) << plan.detail;
  EXPECT_NEAR(plan.level.at(0, 0), 5, 1e-6);
  EXPECT_NEAR(plan.level.at(0, 1), 9, 1e-6);
}

TEST(Plan, ChargesABatteryInsideTheDay) {
  TestNetwork n(Calendar::monthly({2026, 1}, 1, 24));
  const ProcessId grid = n.source("grid", n.power, Grain::rate, 0);
  std::vector<double> price(24, 10.0);
  for (int s = 12; s < 24; ++s) price[static_cast<std::size_t>(s)] = 100;
  n.builder.model().processes[grid.index()].cost = n.builder.by_slice_of_period(price);
  n.builder.add(Store{.name = "battery",
                      .commodity = n.power,
                      .place = n.here,
                      .level_max = n.builder.constant(6),
                      .power_max = n.builder.constant(100),
                      .efficiency_in = 0.9,
                      .efficiency_out = 0.9});
  n.demand(n.power, n.builder.constant(1));
  const Plan plan = n.solve();
  ASSERT_EQ(plan.termination, Termination::optimal) << plan.detail;
  // 6 MWh stored serve 5.4 dear hours and take 6.67 cheap ones, every day of January.
  EXPECT_NEAR(plan.objective, 31 * (10 * (12 + 6 / 0.9) + 100 * (12 - 5.4)), 1e-3);
}

TEST(Plan, SplitsFlowsByReactance) {
  // Three buses in a triangle with equal reactances: two thirds take the short way.
  TestNetwork n(Calendar::hourly(1));
  const PlaceId third = n.builder.add(Place{.name = "third"});
  const Series one = n.builder.constant(1), minus = n.builder.constant(-1);
  const auto line = [&](const std::string& name, PlaceId from, PlaceId to, double limit) {
    n.builder.add(Process{.name = name,
                          .place = from,
                          .grain = Grain::rate,
                          .flows = {{.commodity = n.power, .place = from, .rate = minus},
                                    {.commodity = n.power, .place = to, .rate = one}},
                          .lower = n.builder.constant(-limit),
                          .upper = n.builder.constant(limit),
                          .reactance = 0.1,
                          .line_from = from,
                          .line_to = to});
  };
  line("ab", n.here, n.there, 100);
  line("bc", n.there, third, 100);
  line("ac", n.here, third, 100);
  n.source("cheap", n.power, Grain::rate, 1, {}, n.here);
  n.demand(n.power, n.builder.constant(90), {}, n.there);
  const Plan plan = n.solve();
  ASSERT_EQ(plan.termination, Termination::optimal) << plan.detail;
  EXPECT_THAT(plan.activity.at(0, 0), DoubleNear(60, 1e-6));
  EXPECT_THAT(plan.activity.at(1, 0), DoubleNear(-30, 1e-6));
  EXPECT_THAT(plan.activity.at(2, 0), DoubleNear(30, 1e-6));
}

TEST(Plan, PaysForWhatItTookOrNot) {
  TestNetwork n(Calendar::monthly({2026, 1}, 1, 1));
  const ProcessId cheap = n.source("spot", n.wafer, Grain::amount, 1);
  const ProcessId dear = n.source("contract", n.wafer, Grain::amount, 3);
  (void)cheap;
  n.builder.add(Commitment{.name = "deal",
                           .unit = "wafer",
                           .quantity = n.builder.constant(100),
                           .terms = {{.kind = TermKind::activity, .id = dear.value}},
                           .ceiling = true,
                           .take_or_pay = 0.5,
                           .price = n.builder.constant(3)});
  n.demand(n.wafer, n.builder.constant(80));
  const Plan plan = n.solve();
  ASSERT_EQ(plan.termination, Termination::optimal) << plan.detail;
  // Taking 50 costs 150 and saves 50 of spot; not taking costs 150 all the same.
  EXPECT_NEAR(plan.activity.at(1, 0), 50, 1e-6);
  EXPECT_NEAR(plan.objective, 150 + 30, 1e-6);
}

TEST(Plan, StaysInsideTheBudgetWindow) {
  TestNetwork n(Calendar::monthly({2026, 1}, 12, 1));
  n.builder.model().objective.kind = ObjectiveKind::max_compute;
  const CapacityId k = n.builder.add(Capacity{.name = "rack",
                                              .place = n.here,
                                              .unit = "rack",
                                              .lead = 2,
                                              .capex = n.builder.constant(100),
                                              .spend_profile = {0.5, 0.0, 0.5}});
  const ProcessId run = n.source("run", n.power, Grain::rate, 0, {{k, n.builder.constant(1)}});
  n.builder.model().processes[run.index()].useful = n.builder.constant(1);
  n.builder.model().commodities[n.power.index()].disposable = true;
  n.builder.add(Limit{.name = "budget",
                      .unit = "USD",
                      .kind = "budget",
                      .scope = LimitScope::window,
                      .first = 0,
                      .last = 5,
                      .terms = {{.kind = TermKind::spend, .id = k.value}},
                      .upper = n.builder.constant(1e4)});
  n.builder.add(Limit{.name = "later",
                      .unit = "USD",
                      .kind = "budget",
                      .scope = LimitScope::window,
                      .first = 6,
                      .last = 11,
                      .terms = {{.kind = TermKind::spend, .id = k.value}},
                      .upper = n.builder.constant(0)});
  const Plan plan = n.solve();
  ASSERT_EQ(plan.termination, Termination::optimal) << plan.detail;
  EXPECT_NEAR(plan.order.at(0, 0), 100, 1e-3);
  double hours = 0;
  for (int t = 2; t < 12; ++t) hours += n.model->calendar.hours(t);
  EXPECT_NEAR(plan.objective, 100 * hours, 100 * hours * 1.1e-3);
}

TEST(Plan, ReachesTheTargetAsSoonAsItCan) {
  TestNetwork n(Calendar::monthly({2026, 1}, 8, 1));
  n.builder.model().objective.kind = ObjectiveKind::earliest;
  const CapacityId k = n.builder.add(Capacity{.name = "hall",
                                              .place = n.here,
                                              .unit = "MW",
                                              .lead = 2,
                                              .build_max = n.builder.constant(10),
                                              .capex = n.builder.constant(100)});
  n.builder.add(Limit{.name = "target",
                      .unit = "MW",
                      .terms = {{.kind = TermKind::online, .id = k.value}},
                      .lower = n.builder.constant(30),
                      .is_target = true});
  const Plan plan = n.solve();
  ASSERT_EQ(plan.termination, Termination::optimal) << plan.detail;
  EXPECT_NEAR(plan.built.at(0, 4), 30, 1e-3);
  EXPECT_NEAR(plan.built.at(0, 7), 30, 1e-3);
  // Missing wholly for two months, then by two thirds, then by a third.
  EXPECT_NEAR(plan.objective, 2 + 2.0 / 3 + 1.0 / 3, 5e-3);
}

TEST(Plan, MovesAHullToAnotherMooring) {
  TestNetwork n(Calendar::monthly({2026, 1}, 4, 1));
  const Series one = n.builder.constant(1);
  const CapacityId a = n.builder.add(Capacity{.name = "hull@a",
                                              .place = n.here,
                                              .unit = "MW",
                                              .module_size = 50,
                                              .total_max = 50,
                                              .capex = n.builder.constant(1000)});
  const CapacityId b =
      n.builder.add(Capacity{.name = "hull@b", .place = n.there, .unit = "MW", .buildable = false, .module_size = 50});
  n.builder.add(Move{.name = "tow", .from = a, .to = b, .lag = 1, .cost = n.builder.constant(1)});
  n.source("run@a", n.power, Grain::rate, 0, {{a, one}}, n.here);
  n.source("run@b", n.power, Grain::rate, 0, {{b, one}}, n.there);
  n.demand(n.power, n.builder.by_period({40, 0, 0, 0}), {}, n.here);
  n.demand(n.power, n.builder.by_period({0, 0, 40, 40}), {}, n.there);
  const Plan plan = n.solve();
  ASSERT_EQ(plan.termination, Termination::optimal) << plan.detail;
  EXPECT_NEAR(plan.objective, 50 * 1000 + 50, 1e-3);
  EXPECT_NEAR(plan.built.at(1, 2), 50, 1e-6);
  EXPECT_NEAR(plan.built.at(0, 2), 0, 1e-6);
}

TEST(Plan, CreditsWhatIsLeftAtTheHorizon) {
  TestNetwork n(Calendar::monthly({2026, 1}, 6, 1));
  const CapacityId k =
      n.builder.add(Capacity{.name = "plant", .place = n.here, .capex = n.builder.constant(120), .salvage_life = 12});
  n.source("make", n.power, Grain::rate, 0, {{k, n.builder.constant(1)}});
  n.demand(n.power, n.builder.constant(1));
  EXPECT_NEAR(n.solve().objective, 60, 1e-6);
}

TEST(Plan, PricesOneMoreUnit) {
  TestNetwork n(Calendar::monthly({2026, 1}, 1, 1));
  const CapacityId k =
      n.builder.add(Capacity{.name = "old", .place = n.here, .existing = n.builder.constant(5), .buildable = false});
  n.source("cheap", n.power, Grain::rate, 10, {{k, n.builder.constant(1)}});
  n.source("dear", n.power, Grain::rate, 30);
  n.demand(n.power, n.builder.constant(8));
  const Plan plan = n.solve();
  const double hours = 31 * 24;
  EXPECT_NEAR(plan.node_price.at(0, 0), 30 * hours, 1e-3);
  EXPECT_NEAR(plan.capacity_price.at(0, 0), 20 * hours, 1e-3);
}

TEST(Plan, SaysUnboundedWhereNothingHoldsItBack) {
  TestNetwork n(Calendar::monthly({2026, 1}, 1, 1));
  n.builder.model().commodities[n.wafer.index()].disposable = true;
  n.source("paid to run", n.wafer, Grain::amount, -1);
  EXPECT_EQ(n.solve().termination, Termination::unbounded);
}

TEST(Verify, SeesEveryKindOfDamage) {
  TestNetwork n(Calendar::monthly({2026, 1}, 6, 1));
  const CapacityId k = n.builder.add(
      Capacity{.name = "plant", .place = n.here, .lead = 1, .module_size = 5, .capex = n.builder.constant(100)});
  n.source("make", n.power, Grain::rate, 1, {{k, n.builder.constant(1)}});
  n.demand(n.power, n.builder.constant(10), 50.0);
  Plan plan = n.solve();
  ASSERT_TRUE(verify(*n.model, plan).holds);
  const auto damaged = [&](auto change) {
    Plan copy = plan;
    change(copy);
    return !verify(*n.model, copy).holds;
  };
  EXPECT_TRUE(damaged([](Plan& p) { p.activity.at(0, 3) += 0.1; }));
  EXPECT_TRUE(damaged([](Plan& p) { p.order.at(0, 0) += 1; }));
  EXPECT_TRUE(damaged([](Plan& p) { p.built.at(0, 4) += 5; }));
  EXPECT_TRUE(damaged([](Plan& p) { p.unserved.at(0, 0) -= 1; }));
}

TEST(GainLoop, FindsMoreOutThanInAroundALoop) {
  for (const double back : {0.9, 1.1}) {
    TestNetwork n(Calendar::monthly({2026, 1}, 1, 1));
    const CommodityId die = n.builder.add(Commodity{.name = "die", .unit = "die"});
    const auto turn = [&](const std::string& name, CommodityId from, CommodityId to, double rate) {
      n.builder.add(Process{.name = name,
                            .place = n.here,
                            .grain = Grain::amount,
                            .flows = {{.commodity = from, .rate = n.builder.constant(-1)},
                                      {.commodity = to, .rate = n.builder.constant(rate)}}});
    };
    turn("cut", n.wafer, die, 600);
    turn("undo", die, n.wafer, back / 600);
    Diagnostics diagnostics;
    const auto model = std::move(n.builder).finish(diagnostics);
    EXPECT_EQ(find_gain_loops(*model, diagnostics), back < 1);
    EXPECT_EQ(diagnostics.has_errors(), back > 1);
  }
}

}  // namespace
}  // namespace beltline
