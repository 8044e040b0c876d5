// Small networks that cannot be planned, and what is told of them.
#include "plan/shortage.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "model/builder.h"
#include "plan/planner.h"

namespace beltline {
namespace {

struct Network {
  Network() : builder(Calendar::monthly({2026, 1}, 12, 2)) {
    power = builder.add(Commodity{.name = "power", .unit = "MW", .grain = Grain::rate});
    wafer = builder.add(Commodity{.name = "wafer", .unit = "wafer", .grain = Grain::amount});
    here = builder.add(Place{.name = "here"});
  }

  CapacityId plant(double existing, double build_max = 0, int lead = 0, double module = 0) {
    return builder.add(Capacity{.name = "plant",
                                .place = here,
                                .unit = "MW",
                                .existing = builder.constant(existing),
                                .buildable = build_max > 0,
                                .lead = lead,
                                .module_size = module,
                                .build_max = build_max > 0 ? builder.constant(build_max) : Series{}});
  }

  ProcessId source(CommodityId commodity, Grain grain, std::vector<CapacityUse> uses, double lower = 0) {
    return builder.add(Process{.name = "make",
                               .place = here,
                               .grain = grain,
                               .flows = {{.commodity = commodity, .place = here, .rate = builder.constant(1)}},
                               .uses = std::move(uses),
                               .lower = lower > 0 ? builder.constant(lower) : Series{}});
  }

  void demand(CommodityId commodity, double quantity) {
    builder.add(Demand{.name = "load", .commodity = commodity, .place = here, .quantity = builder.constant(quantity)});
  }

  Shortages ask(const ShortageOptions& options = {}) {
    Diagnostics diagnostics;
    model = std::move(builder).finish(diagnostics);
    EXPECT_TRUE(model);
    auto found = find_shortages(*model, options);
    EXPECT_TRUE(found);
    return *found;
  }

  /// What the planner itself says.
  [[nodiscard]] Termination planned() const { return make_plan(*model, {})->termination; }

  ModelBuilder builder;
  std::optional<Model> model;
  CommodityId power, wafer;
  PlaceId here;
};

TEST(Shortages, OfWhatCanBePlannedAreNone) {
  Network n;
  n.source(n.power, Grain::rate, {{n.plant(10), n.builder.constant(1)}});
  n.demand(n.power, 10);
  const Shortages found = n.ask();
  EXPECT_EQ(found.termination, Termination::optimal);
  EXPECT_EQ(found.share, 0);
  EXPECT_TRUE(found.items.empty());
  EXPECT_EQ(n.planned(), Termination::optimal);
}

TEST(Shortages, WaitForTheCapacityThatIsGiven) {
  Network n;
  const CapacityId plant = n.plant(6);
  n.source(n.power, Grain::rate, {{plant, n.builder.constant(1)}});
  n.demand(n.power, 10);
  const Shortages found = n.ask();
  ASSERT_EQ(found.items.size(), 1U);
  const Shortage& item = found.items.front();
  EXPECT_EQ(item.entity, (Entity{EntityKind::demand, 0}));
  EXPECT_EQ(item.first, 0);
  EXPECT_EQ(item.last, 11);
  EXPECT_NEAR(item.required, 10, 1e-9);
  EXPECT_NEAR(item.missing, 4, 1e-6);
  EXPECT_NEAR(item.share, 0.4, 1e-6);
  EXPECT_NEAR(found.share, 0.4, 1e-6);
  ASSERT_FALSE(item.chain.empty());
  EXPECT_EQ(item.chain.back().kind, StepKind::given);
  EXPECT_EQ(item.chain.back().id, plant.value);
  EXPECT_NEAR(item.chain.back().quantity, 6, 1e-9);
  ASSERT_FALSE(found.pressures.empty());
  EXPECT_EQ(found.pressures.front().entity, (Entity{EntityKind::capacity, plant.value}));
  EXPECT_EQ(n.planned(), Termination::infeasible);
}

TEST(Shortages, WaitForTheLeadTime) {
  Network n;
  const CapacityId plant = n.plant(0, 100, 5);
  n.source(n.power, Grain::rate, {{plant, n.builder.constant(1)}});
  n.demand(n.power, 10);
  const Shortages found = n.ask();
  ASSERT_EQ(found.items.size(), 1U);
  EXPECT_EQ(found.items.front().first, 0);
  EXPECT_EQ(found.items.front().last, 4) << "online in the sixth month";
  ASSERT_FALSE(found.items.front().chain.empty());
  EXPECT_EQ(found.items.front().chain.back().kind, StepKind::too_early);
}

TEST(Shortages, OfWholeModulesAloneAreSaidToBeSo) {
  Network n;
  const CapacityId plant = n.plant(0, 1000, 0, 10);  // there is room for two modules and a half
  n.builder.model().capacities[plant.index()].total_max = 25;
  n.source(n.power, Grain::rate, {{plant, n.builder.constant(1)}});
  n.demand(n.power, 24);
  const Shortages found = n.ask();
  ASSERT_EQ(found.items.size(), 1U);
  EXPECT_TRUE(found.whole_modules);
  EXPECT_NEAR(found.items.front().missing, 4, 1e-6);
  EXPECT_EQ(n.planned(), Termination::infeasible);
}

TEST(Shortages, OfAFloorAreCountedInItsUnit) {
  Network n;
  const CapacityId plant = n.plant(3, 2);
  n.builder.model().capacities[plant.index()].total_max = 4;
  n.source(n.power, Grain::rate, {{plant, n.builder.constant(1)}});
  n.builder.add(Limit{.name = "goal",
                      .unit = "MW",
                      .kind = "target",
                      .first = 6,
                      .terms = {{.kind = TermKind::online, .id = plant.value}},
                      .lower = n.builder.constant(9),
                      .is_target = true});
  const Shortages found = n.ask();
  ASSERT_EQ(found.items.size(), 1U);
  EXPECT_EQ(found.items.front().entity, (Entity{EntityKind::limit, 0}));
  EXPECT_EQ(found.items.front().first, 6);
  EXPECT_NEAR(found.items.front().required, 9, 1e-9);
  EXPECT_NEAR(found.items.front().missing, 2, 1e-6);
  ASSERT_FALSE(found.items.front().chain.empty());
  EXPECT_EQ(found.items.front().chain.back().kind, StepKind::build_total);
}

TEST(Shortages, OfLeastRunningAreOfTheProcess) {
  Network n;
  const CapacityId plant = n.plant(5);
  const ProcessId make = n.source(n.power, Grain::rate, {{plant, n.builder.constant(1)}}, 3);
  n.builder.model().commodities[n.power.index()].disposable = false;
  n.demand(n.power, 2);  // what runs at least cannot go anywhere
  const Shortages found = n.ask();
  ASSERT_EQ(found.items.size(), 1U);
  EXPECT_EQ(found.items.front().entity, (Entity{EntityKind::process, make.value}));
  EXPECT_NEAR(found.items.front().missing, 1, 1e-6);
}

TEST(Shortages, OfWhatNobodyAskedForAreTheLastResort) {
  Network n;
  n.builder.add(
      Store{.name = "heap", .commodity = n.wafer, .place = n.here, .level_max = n.builder.constant(50), .initial = 80});
  const Shortages found = n.ask();
  ASSERT_EQ(found.items.size(), 1U);
  EXPECT_TRUE(found.items.front().is_excess) << "80 wafers lie where 50 may, and nothing takes them away";
  EXPECT_NEAR(found.items.front().missing, 30, 1e-6);
  EXPECT_EQ(n.planned(), Termination::infeasible);
}

TEST(Shortages, OfMoneyAreCountedInDollars) {
  Network n;
  const CapacityId plant = n.plant(5);
  n.builder.model().capacities[plant.index()].fixed_cost = n.builder.constant(1e6);
  n.builder.add(Limit{.name = "budget",
                      .unit = "USD",
                      .terms = {{.kind = TermKind::fixed, .id = plant.value}},
                      .upper = n.builder.constant(2e6)});
  const Shortages found = n.ask();
  ASSERT_EQ(found.items.size(), 1U);
  EXPECT_TRUE(found.items.front().is_excess);
  EXPECT_NEAR(found.items.front().required, 2e6, 1);
  EXPECT_NEAR(found.items.front().missing, 3e6, 1) << "whatever the solver counts money in";
}

TEST(Shortages, OfUnitsFarApartAreFoundAlike) {
  for (const double size : {1e-6, 1.0, 1e9}) {
    Network n;
    n.source(n.power, Grain::rate, {{n.plant(6 * size), n.builder.constant(1)}});
    n.demand(n.power, 10 * size);
    const Shortages found = n.ask();
    ASSERT_EQ(found.items.size(), 1U) << size;
    EXPECT_NEAR(found.share, 0.4, 1e-5) << size;
  }
}

}  // namespace
}  // namespace beltline
