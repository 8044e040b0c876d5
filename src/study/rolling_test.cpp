#include "study/rolling.h"

#include <cmath>

#include <gtest/gtest.h>

#include "plan/test_network.h"
#include "plan/test_random_model.h"
#include "plan/verify.h"

namespace beltline {
namespace {

double tolerance(double value) {
  return 1e-6 * (1 + std::abs(value));
}

TEST(Rolling, OneWindowOfAllIsThePlan) {
  for (uint32_t seed = 1; seed <= 6; ++seed) {
    const Model model = random_model(seed);
    const auto whole = make_plan(model, {.mip_gap_max = 1e-6});
    const auto rolled = plan_rolling(model, {.plan = {.mip_gap_max = 1e-6}, .window = 99, .step = 99});
    ASSERT_TRUE(whole && rolled);
    ASSERT_TRUE(rolled->plan.has_point) << "seed " << seed << " " << rolled->plan.detail;
    EXPECT_TRUE(rolled->plan.verified) << "seed " << seed << " " << rolled->plan.detail;
    EXPECT_NEAR(rolled->plan.cost_usd, whole->cost_usd, tolerance(whole->cost_usd)) << "seed " << seed;
  }
}

TEST(Rolling, IsVerifiedOnTheWholeAndNeverBetterThanForesight) {
  int dearer = 0;
  for (uint32_t seed = 1; seed <= 8; ++seed) {
    const Model model = random_model(seed);
    const auto whole = make_plan(model, {.mip_gap_max = 1e-6});
    ASSERT_TRUE(whole);
    for (const EndValue end_value : {EndValue::none, EndValue::salvage, EndValue::annuity}) {
      const auto rolled =
          plan_rolling(model, {.plan = {.mip_gap_max = 1e-6}, .window = 4, .step = 2, .end_value = end_value});
      ASSERT_TRUE(rolled);
      ASSERT_TRUE(rolled->plan.has_point) << "seed " << seed << " " << rolled->plan.detail;
      EXPECT_TRUE(rolled->plan.verified) << "seed " << seed << " " << rolled->plan.detail;
      EXPECT_GE(rolled->plan.cost_usd, whole->cost_usd - tolerance(whole->cost_usd)) << "seed " << seed;
      dearer += rolled->plan.cost_usd > whole->cost_usd + tolerance(whole->cost_usd) ? 1 : 0;
    }
  }
  EXPECT_GT(dearer, 3) << "seeing less should cost something somewhere";
}

/// Machines at 10 USD that are paid for two periods after the order, and a budget for what falls due.
struct LatePayment {
  TestNetwork network{Calendar::monthly({2026, 1}, 6, 1)};
  CapacityId machine;

  explicit LatePayment(LimitScope scope, double budget) {
    ModelBuilder& b = network.builder;
    machine = b.add(Capacity{
        .name = "machine", .place = network.here, .lead = 1, .capex = b.constant(10), .spend_profile = {0, 0, 1}});
    network.source("run", network.power, Grain::rate, 0, {{machine, b.constant(1)}});
    network.demand(network.power, b.constant(100), 1.0);
    b.add(Limit{.name = "budget",
                .unit = "USD",
                .scope = scope,
                .terms = {{.kind = TermKind::spend, .id = machine.value}},
                .upper = b.constant(budget)});
    Diagnostics diagnostics;
    network.model = std::move(b).finish(diagnostics);
  }
};

TEST(Rolling, WhatFallsDueAfterTheWindowCountsAgainstLaterBudgets) {
  for (const LimitScope scope : {LimitScope::each_period, LimitScope::window}) {
    LatePayment late(scope, 35);
    const auto rolled = plan_rolling(*late.network.model, {.window = 2, .step = 1});
    ASSERT_TRUE(rolled);
    ASSERT_TRUE(rolled->plan.has_point) << rolled->plan.detail;
    EXPECT_TRUE(rolled->plan.verified) << rolled->plan.detail;
    double total = 0;
    for (int t = 0; t < 6; ++t) {
      const double due = spend_in_period(*late.network.model, rolled->plan, late.machine, t);
      total += due;
      EXPECT_LE(due, 35 + 1e-6) << "period " << t;
    }
    EXPECT_LE(total, (scope == LimitScope::window ? 35 : 6 * 35) + 1e-6);
    EXPECT_GT(total, 30) << "the budget should be used";
  }
}

TEST(Rolling, EndValueDecidesWhetherAShortWindowBuilds) {
  // a machine of 10 USD that saves 1 USD·h a period of 720 h at 0.01 USD: 7 USD a window of one period
  const auto build = [](EndValue end_value) {
    TestNetwork network(Calendar::monthly({2026, 1}, 12, 1));
    ModelBuilder& b = network.builder;
    const CapacityId machine =
        b.add(Capacity{.name = "machine", .place = network.here, .capex = b.constant(10), .salvage_life = 24});
    network.source("run", network.power, Grain::rate, 0, {{machine, b.constant(1)}});
    network.source("buy", network.power, Grain::rate, 0.01);
    network.demand(network.power, b.constant(1));
    Diagnostics diagnostics;
    network.model = std::move(b).finish(diagnostics);
    const auto rolled = plan_rolling(*network.model, {.window = 1, .step = 1, .end_value = end_value});
    EXPECT_TRUE(rolled && rolled->plan.verified);
    return rolled->plan.built.at(machine.index(), 0);
  };
  EXPECT_NEAR(build(EndValue::none), 0, 1e-6);
  EXPECT_NEAR(build(EndValue::salvage), 1, 1e-6);
  EXPECT_NEAR(build(EndValue::annuity), 1, 1e-6);
}

TEST(Rolling, SaysWhichWindowHasNoPlan) {
  TestNetwork network(Calendar::monthly({2026, 1}, 4, 1));
  ModelBuilder& b = network.builder;
  network.source("buy", network.power, Grain::rate, 1);
  b.model().processes.front().upper = b.constant(10);
  network.demand(network.power, b.by_period(std::vector<double>{1, 1, 20, 1}));
  Diagnostics diagnostics;
  network.model = std::move(b).finish(diagnostics);
  const auto rolled = plan_rolling(*network.model, {.window = 2, .step = 2});
  ASSERT_TRUE(rolled);
  EXPECT_EQ(rolled->plan.termination, Termination::infeasible);
  EXPECT_NE(rolled->plan.detail.find("2026-03 to 2026-04"), std::string::npos) << rolled->plan.detail;
}

TEST(Durations, AreWholePeriodsOfTheCalendar) {
  const Calendar monthly = Calendar::monthly({2026, 1}, 12, 1);
  EXPECT_EQ(periods_of_duration("24month", monthly), 24);
  EXPECT_EQ(periods_of_duration("2 years", monthly), 24);
  Calendar yearly = monthly;
  yearly.months_per_period = 12;
  EXPECT_EQ(periods_of_duration("30 months", yearly), 3);
  EXPECT_FALSE(periods_of_duration("month", monthly));
  EXPECT_FALSE(periods_of_duration("0month", monthly));
  EXPECT_FALSE(periods_of_duration("3 weeks", monthly));
}

}  // namespace
}  // namespace beltline
