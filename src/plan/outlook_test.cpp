#include "plan/outlook.h"

#include <gtest/gtest.h>

#include "model/builder.h"
#include "plan/planner.h"
#include "plan/verify.h"

namespace beltline {
namespace {

/// Demand of 5 MW at 1,000 USD/MWh unserved, a capacity of 2 MW at 10,000 USD/MW in modules of 2 MW.
Model make_model(ObjectiveKind kind, double module_size, double unserved_cost = 1000) {
  ModelBuilder builder(Calendar::monthly({.year = 2026, .month = 1}, 3, 2));
  const CommodityId power = builder.add(Commodity{.name = "power", .unit = "MW", .grain = Grain::rate});
  const PlaceId here = builder.add(Place{.name = "here"});
  const CapacityId capacity = builder.add(Capacity{.name = "plant",
                                                   .place = here,
                                                   .unit = "MW",
                                                   .kind = "plant",
                                                   .lead = 1,
                                                   .module_size = module_size,
                                                   .total_max = 4,
                                                   .capex = builder.constant(10'000)});
  builder.add(Process{.name = "run",
                      .place = here,
                      .unit = "MW",
                      .flows = {{.commodity = power, .place = here, .rate = builder.constant(1)}},
                      .uses = {{.capacity = capacity, .use = builder.constant(1)}},
                      .useful = kind == ObjectiveKind::max_compute ? builder.constant(1) : Series{}});
  builder.add(Demand{.name = "load",
                     .commodity = power,
                     .place = here,
                     .quantity = builder.constant(3),
                     .unserved_cost = builder.constant(unserved_cost)});
  builder.model().objective = {.kind = kind, .discount_rate = 0, .tolerance = 1e-3};
  Diagnostics diagnostics;
  auto model = std::move(builder).finish(diagnostics);
  ASSERT(model.has_value());
  return std::move(*model);
}

TEST(Outlook, IsThePlanWhereNothingIsWhole) {
  const Model model = make_model(ObjectiveKind::min_cost, 0);
  const auto found = outlook(model);
  const auto plan = make_plan(model, {});
  ASSERT_TRUE(found && plan);
  EXPECT_EQ(found->termination, Termination::optimal);
  EXPECT_NEAR(found->objective, plan->cost_usd, 1e-6 * plan->cost_usd);
  // January cannot be served: 744 hours of 3 MW
  EXPECT_NEAR(found->missed_usd, 744 * 3 * 1000.0, 1);
  EXPECT_NEAR(found->missed_usd, missed_usd(model, *plan), 1);
  EXPECT_NEAR(found->cost_usd + found->missed_usd, plan->cost_usd, 1);
}

TEST(Outlook, TakesModulesInAnyAmount) {
  const auto whole = make_plan(make_model(ObjectiveKind::min_cost, 2), {});
  const auto found = outlook(make_model(ObjectiveKind::min_cost, 2));
  ASSERT_TRUE(whole && found);
  EXPECT_NEAR(whole->cost_usd - found->objective, 10'000, 1) << "three megawatts, not two modules of two";
}

TEST(Outlook, TellsComputeAndItsCost) {
  const auto found = outlook(make_model(ObjectiveKind::max_compute, 0));
  ASSERT_TRUE(found);
  EXPECT_EQ(found->termination, Termination::optimal);
  EXPECT_NEAR(found->objective, (28 + 31) * 24 * 3.0, 1e-3) << "what is not asked for is not made";
  EXPECT_NEAR(found->cost_usd, 30'000, 100);
}

TEST(Outlook, SaysInfeasible) {
  Model model = make_model(ObjectiveKind::min_cost, 0);
  model.demands[0].unserved_cost = {};
  const auto found = outlook(model);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->termination, Termination::infeasible);
}

}  // namespace
}  // namespace beltline
