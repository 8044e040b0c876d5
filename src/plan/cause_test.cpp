// Chains from what is missing to what binds, on networks in which the cause is known.
#include "plan/cause.h"

#include <cmath>

#include <gtest/gtest.h>

#include "plan/test_network.h"

namespace beltline {
namespace {

/// The one delivery of a plan.
const Delivery& only(const Plan& plan) {
  if (plan.deliveries.size() != 1) throw Bug(std::to_string(plan.deliveries.size()) + " deliveries");
  return plan.deliveries.front();
}

void expect_cause(const Delivery& delivery, StepKind kind, int32_t id) {
  ASSERT_FALSE(delivery.chain.empty());
  const CauseStep& cause = delivery.chain.back();
  EXPECT_EQ(cause.kind, kind) << to_string(cause.kind);
  EXPECT_EQ(cause.id, id);
}

bool has_step(const Delivery& delivery, StepKind kind, int32_t id) {
  return std::ranges::any_of(delivery.chain, [&](const CauseStep& s) { return s.kind == kind && s.id == id; });
}

/// A plant that costs 100 USD/MW.
Capacity plant(TestNetwork& n) {
  return {.name = "plant", .place = n.here, .unit = "MW", .capex = n.builder.constant(100)};
}

/// Power that a plant makes, asked for at 10 MW; a month without a megawatt costs as much as seven of it.
CapacityId serve_by(TestNetwork& n, Capacity capacity) {
  const CapacityId k = n.builder.add(std::move(capacity));
  n.source("make", n.power, Grain::rate, 0, {{k, n.builder.constant(1)}});
  n.demand(n.power, n.builder.constant(10), 1.0);
  return k;
}

Commitment promise(TestNetwork& n, CapacityId k, int first) {
  return {.name = "promise",
          .unit = "MW",
          .first = first,
          .quantity = n.builder.constant(10),
          .terms = {{.kind = TermKind::online, .id = k.value}}};
}

TEST(Cause, OfTooFewPackagesIsTheFabThatMakesTheirDies) {
  TestNetwork n(Calendar::monthly({2026, 1}, 3, 1));
  const CommodityId package = n.builder.add(Commodity{.name = "package", .unit = "package"});
  const CapacityId line =
      n.builder.add(Capacity{.name = "line", .place = n.here, .existing = n.builder.constant(4), .buildable = false});
  const ProcessId fab = n.source("fab", n.wafer, Grain::amount, 1, {{line, n.builder.constant(1)}});
  n.builder.model().processes[fab.index()].flows.front().rate = n.builder.constant(0.5);  // the yield
  const ProcessId pack = n.builder.add(Process{.name = "pack",
                                               .place = n.here,
                                               .grain = Grain::amount,
                                               .flows = {{.commodity = package, .rate = n.builder.constant(1)},
                                                         {.commodity = n.wafer, .rate = n.builder.constant(-1)}},
                                               .cost = n.builder.constant(1)});
  n.demand(package, n.builder.constant(5), 1000.0);
  const Plan plan = n.solve();
  const Delivery& late = only(plan);
  EXPECT_EQ(late.kind, DeliveryKind::demand);
  EXPECT_NEAR(late.missing, 3, 1e-6);
  EXPECT_NEAR(late.cost_per_month, 3000, 1e-3);
  EXPECT_NEAR(late.cost_total, 9000, 1e-3);
  EXPECT_TRUE(has_step(late, StepKind::run, pack.value));
  EXPECT_TRUE(has_step(late, StepKind::run, fab.value));
  expect_cause(late, StepKind::given, line.value);
  EXPECT_NEAR(late.chain.back().quantity, 4, 1e-9);
}

TEST(Cause, OfPowerBeforeItsPlantIsTheLeadTime) {
  TestNetwork n(Calendar::monthly({2026, 1}, 12, 1));
  Capacity capacity = plant(n);
  capacity.lead = 3;
  const CapacityId k = serve_by(n, capacity);
  const Plan plan = n.solve();
  const Delivery& late = only(plan);
  EXPECT_EQ(late.first, 0);
  EXPECT_EQ(late.last, 2);
  expect_cause(late, StepKind::too_early, k.value);
  EXPECT_EQ(late.chain.back().first, 3);
}

TEST(Cause, OfLessThanMoneyBuysIsTheBudget) {
  TestNetwork n(Calendar::monthly({2026, 1}, 4, 1));
  const CapacityId k = serve_by(n, plant(n));
  n.builder.add(Limit{.name = "budget",
                      .unit = "USD",
                      .scope = LimitScope::window,
                      .terms = {{.kind = TermKind::spend, .id = k.value}},
                      .upper = n.builder.constant(500)});
  const Plan plan = n.solve();
  const Delivery& late = only(plan);
  EXPECT_NEAR(late.missing, 5, 1e-6);
  EXPECT_TRUE(has_step(late, StepKind::order, k.value));
  expect_cause(late, StepKind::limit, 0);
  EXPECT_NEAR(late.chain.back().quantity, 500, 1e-6);
}

TEST(Cause, OfASlowBuildIsWhatMayBeOrderedAMonth) {
  TestNetwork n(Calendar::monthly({2026, 1}, 8, 1));
  Capacity capacity = plant(n);
  capacity.build_max = n.builder.constant(2);
  const CapacityId k = serve_by(n, capacity);
  const Plan plan = n.solve();
  const Delivery& late = only(plan);
  EXPECT_EQ(late.first, 0);
  EXPECT_EQ(late.last, 3);
  expect_cause(late, StepKind::build_rate, k.value);
  EXPECT_NEAR(late.chain.back().quantity, 2, 1e-9);
}

TEST(Cause, OfWhatAnyAmountWouldBringIsTheWholeModule) {
  TestNetwork n(Calendar::monthly({2026, 1}, 4, 1));
  Capacity capacity = plant(n);
  capacity.module_size = 50;
  const CapacityId k = n.builder.add(std::move(capacity));
  n.source("make", n.power, Grain::rate, 0, {{k, n.builder.constant(1)}});
  // 120 MW are wanted: the last 20 are worth their own cost, not that of a third module
  n.builder.add(Limit{.name = "floor",
                      .unit = "MW",
                      .terms = {{.kind = TermKind::online, .id = k.value}},
                      .lower = n.builder.constant(120),
                      .shortfall_cost = n.builder.constant(30)});
  const Plan plan = n.solve();
  const Delivery& late = only(plan);
  EXPECT_EQ(late.kind, DeliveryKind::limit);
  EXPECT_NEAR(late.missing, 20, 1e-6);
  expect_cause(late, StepKind::whole_modules, k.value);
  EXPECT_NEAR(late.chain.back().quantity, 50, 1e-9);
}

TEST(Cause, OfAPromiseBeforeItsLeadTimeCannotBeMet) {
  TestNetwork n(Calendar::monthly({2026, 1}, 8, 1));
  Capacity capacity = plant(n);
  capacity.lead = 3;
  const CapacityId k = n.builder.add(std::move(capacity));
  n.source("make", n.power, Grain::rate, 0, {{k, n.builder.constant(1)}});
  n.builder.add(promise(n, k, 1));
  const Plan plan = n.solve();
  const Delivery& late = only(plan);
  EXPECT_EQ(late.kind, DeliveryKind::commitment);
  EXPECT_EQ(late.first, 1);
  EXPECT_TRUE(std::isinf(late.cost_to_meet));
  expect_cause(late, StepKind::too_early, k.value);
}

TEST(Cause, OfAPromiseThatOrdersCannotFillIsTheirCap) {
  TestNetwork n(Calendar::monthly({2026, 1}, 8, 1));
  Capacity capacity = plant(n);
  capacity.lead = 2;
  capacity.build_max = n.builder.constant(1);
  const CapacityId k = n.builder.add(std::move(capacity));
  n.source("make", n.power, Grain::rate, 0, {{k, n.builder.constant(1)}});
  n.builder.add(promise(n, k, 4));
  const Plan plan = n.solve();
  const Delivery& late = only(plan);
  EXPECT_TRUE(std::isinf(late.cost_to_meet)) << "three orders for ten";
  expect_cause(late, StepKind::build_rate, k.value);
}

TEST(Cause, OfAPromiseThatNobodyNeedsIsItsCost) {
  TestNetwork n(Calendar::monthly({2026, 1}, 8, 1));
  const CapacityId k = n.builder.add(plant(n));
  n.source("make", n.power, Grain::rate, 0, {{k, n.builder.constant(1)}});
  n.builder.add(promise(n, k, 4));
  const Plan plan = n.solve();
  const Delivery& late = only(plan);
  EXPECT_NEAR(late.cost_to_meet, 1000, 1e-3) << "10 MW for 100 USD each";
  EXPECT_TRUE(std::isnan(late.cost_total)) << "a promise without a price";
  expect_cause(late, StepKind::cost, k.value);
}

TEST(Cause, OfGoodsBeforeTheFirstCanArriveIsTheGood) {
  TestNetwork n(Calendar::monthly({2026, 1}, 6, 1));
  n.source("ship", n.wafer, Grain::amount, 1, {}, n.here, 2);
  n.demand(n.wafer, n.builder.constant(5), 1000.0);
  const Plan plan = n.solve();
  const Delivery& late = only(plan);
  EXPECT_EQ(late.last, 1);
  ASSERT_FALSE(late.chain.empty());
  EXPECT_EQ(late.chain.back().kind, StepKind::no_source) << to_string(late.chain.back().kind);
  EXPECT_TRUE(is_cause(late.chain.back().kind));
}

TEST(Cause, OfNothingIsNone) {
  TestNetwork n(Calendar::monthly({2026, 1}, 4, 1));
  serve_by(n, plant(n));
  EXPECT_TRUE(n.solve().deliveries.empty());
}

}  // namespace
}  // namespace beltline
