// What must hold on any network: balances close, bounds bind the way they should, threads change nothing.
#include <cmath>

#include <gtest/gtest.h>

#include "plan/coarse.h"
#include "plan/formulate.h"
#include "plan/planner.h"
#include "plan/tables.h"
#include "plan/test_random_model.h"
#include "plan/verify.h"

namespace beltline {
namespace {

class RandomNetwork : public testing::TestWithParam<uint32_t> {};

TEST_P(RandomNetwork, ClosesEveryBalanceAndKeepsEveryBound) {
  const Model model = random_model(GetParam());
  const auto plan = make_plan(model, {.mip_gap_max = 1e-6});
  ASSERT_TRUE(plan);
  ASSERT_EQ(plan->termination, Termination::optimal) << plan->detail;
  EXPECT_TRUE(plan->verified);
  const Values residual = node_residual(model, *plan);
  for (std::size_t n = 0; n < model.nodes.size(); ++n) {
    const bool disposable = model.commodities[model.nodes[n].commodity.index()].disposable;
    for (int t = 0; t < model.period_count(); ++t) {
      for (int s = 0; s < residual.slices[n]; ++s) {
        EXPECT_GE(residual.at(n, t, s), -1e-5);
        EXPECT_TRUE(disposable || residual.at(n, t, s) <= 1e-5) << residual.at(n, t, s);
      }
    }
  }
}

TEST_P(RandomNetwork, CostsNoMoreWhereLessIsAsked) {
  const auto all = make_plan(random_model(GetParam()), {.mip_gap_max = 1e-6});
  const auto half = make_plan(random_model(GetParam(), 0.5), {.mip_gap_max = 1e-6});
  ASSERT_TRUE(all && half && all->has_point && half->has_point);
  EXPECT_LE(half->objective, all->objective + 1e-5 * (1 + std::abs(all->objective)));
}

TEST_P(RandomNetwork, GivesTheSameTablesForAnyNumberOfThreads) {
  const Model model = random_model(GetParam());
  std::string first;
  for (const int threads : {1, 2, 8}) {
    const auto plan = make_plan(model, {.mip_gap_max = 1e-6, .thread_count = threads});
    ASSERT_TRUE(plan);
    std::string all;
    for (const Table& table : plan_tables(model, *plan)) all += to_csv(table);
    if (first.empty()) first = all;
    EXPECT_EQ(all, first);
  }
}

TEST_P(RandomNetwork, DecidesModulesOnTheCoarseCalendarAlmostAsWell) {
  const Model model = random_model(GetParam());
  const auto whole = make_plan(model, {.mip_gap_max = 1e-6});
  const auto split = make_plan(model, {.mip_gap_max = 1e-6, .mip_column_max = 0});
  ASSERT_TRUE(whole && split);
  ASSERT_TRUE(split->has_point) << split->detail;
  EXPECT_TRUE(split->verified);
  // Its bound is a bound on the optimum, its plan no better than the optimum.
  EXPECT_LE(split->bound, whole->objective + 1e-5 * (1 + std::abs(whole->objective)));
  EXPECT_GE(split->objective, whole->objective - 1e-5 * (1 + std::abs(whole->objective)));
}

INSTANTIATE_TEST_SUITE_P(Seeds, RandomNetwork, testing::Range<uint32_t>(0, 25));

TEST(Formulation, KeepsColumnsSortedAndFinite) {
  for (uint32_t seed = 0; seed < 25; ++seed) {
    const lp::Problem p = formulate(random_model(seed)).problem;
    ASSERT_EQ(p.start.size(), p.column_count() + 1);
    for (std::size_t j = 0; j < p.column_count(); ++j) {
      for (int32_t i = p.start[j]; i < p.start[j + 1]; ++i) {
        ASSERT_TRUE(std::isfinite(p.value[static_cast<std::size_t>(i)]));
        ASSERT_LT(p.index[static_cast<std::size_t>(i)], static_cast<int32_t>(p.row_count()));
        ASSERT_TRUE(i == p.start[j] || p.index[static_cast<std::size_t>(i) - 1] < p.index[static_cast<std::size_t>(i)]);
      }
    }
  }
}

}  // namespace
}  // namespace beltline
