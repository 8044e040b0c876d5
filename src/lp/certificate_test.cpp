#include "lp/certificate.h"

#include <ctime>

#include <gtest/gtest.h>

#include "lp/exact.h"
#include "lp/test_problems.h"

namespace beltline::lp {
namespace {

TEST(ExactSum, LosesNothing) {
  ExactSum sum;
  for (const double term : {1e300, 1.0, 1e-280, -1e300, 1e16, -1e16}) sum.add(term);
  EXPECT_EQ(sum.value(), 1.0);
  sum.add(-1.0);
  EXPECT_EQ(sum.value(), 1e-280);
  sum.add(-1e-280);
  EXPECT_EQ(sum.sign(), 0);
  // 0.1 · 3 is not 0.3 in doubles: their difference, exactly
  sum.clear();
  sum.add_product(0.1, 3);
  sum.add(-0.3);
  EXPECT_EQ(sum.sign(), 1);
  EXPECT_DOUBLE_EQ(sum.value(), 2.7755575615628914e-17);
}

TEST(BoundedSum, EnclosesWhatTheExactSumSays) {
  Random random(7);
  for (int round = 0; round < 500; ++round) {
    ExactSum exact;
    BoundedSum bounded;
    for (int k = 0; k < 30; ++k) {
      const double a = random.uniform(-1, 1) * std::exp2(static_cast<int>(random.below(120)) - 60);
      const double b = random.uniform(-1, 1);
      exact.add_product(a, b);
      bounded.add_product(a, b);
      if (random.below(3) == 0) {
        exact.add_product(-a, b);
        bounded.add_product(-a, b);
      }
    }
    const double value = exact.value();
    EXPECT_LE(bounded.lower(), value);
    EXPECT_GE(bounded.upper(), value);
    EXPECT_LE(bounded.upper() - bounded.lower(), 1e-14 * std::abs(value) + 1e-7);
  }
}

TEST(SafeBound, IsTheOptimumLessRounding) {
  const SafeBound at_optimum = safe_dual_bound(wyndor(), {0, -1.5, -1});
  EXPECT_LE(at_optimum.bound, -36);
  EXPECT_GE(at_optimum.bound, -36 - 1e-12);
}

TEST(SafeBound, ImpliesTheBoundsThatAreMissing) {
  // x and y have no upper bounds, and the duals are off: forgiven nothing, yet rows bound both
  const std::vector<double> y{0, -1.5, -1 + 1e-9};
  EXPECT_NEAR(safe_dual_bound(wyndor(), y).bound, -36, 1e-7);
  EXPECT_LE(safe_dual_bound(wyndor(), y).bound, -36);
  EXPECT_LE(safe_dual_bound(wyndor(), {0, 0, 0}).bound, -36);
  EXPECT_GT(safe_dual_bound(wyndor(), {0, 0, 0}).bound, -200);
}

TEST(SafeBound, ImpliesBoundsFromTheCost) {
  // min x + 2 y, x + y ≥ 1: no row bounds x from above, but no optimum costs more than 1
  const Problem problem = make_problem({{.cost = 1}, {.cost = 2}}, {{.lower = 1, .coefficient = {1, 1}}});
  // without a cost, duals near by that fit exactly
  EXPECT_LE(safe_dual_bound(problem, {1 + 1e-9}).bound, 1);
  EXPECT_GE(safe_dual_bound(problem, {1 + 1e-9}).bound, 1 - 1e-15);
  const SafeBound safe = safe_dual_bound(problem, {1 + 1e-9}, 1 + 1e-6);
  EXPECT_LE(safe.bound, 1);
  EXPECT_GE(safe.bound, 1 - 1e-8);
  // a cost below the optimum can only come out itself
  EXPECT_EQ(safe_dual_bound(problem, {1 + 1e-9}, 0.5).bound, 0.5);
}

TEST(SafeBound, NamesTheColumnThatNothingBounds) {
  // x may fall and y rise for ever: no duals fit both costs
  const Problem problem = make_problem({{.cost = 1, .lower = -kInf}, {.cost = 1 - 1e-9, .lower = -kInf}},
                                       {{.lower = 1, .coefficient = {1, 1}}});
  const SafeBound safe = safe_dual_bound(problem, {1});
  EXPECT_EQ(safe.bound, -kInf);
  EXPECT_EQ(safe.detail, "column 1 has a reduced cost of -1e-09 and no upper bound");
}

TEST(SafeBound, IsNeverAboveTheOptimum) {
  for (unsigned seed = 0; seed < 60; ++seed) {
    SCOPED_TRACE(seed);
    Random random(seed + 1000);
    Problem problem = random_lp(seed);
    if (seed % 2 == 1) {
      for (std::size_t j = 0; j < problem.column_count(); ++j) problem.quadratic.push_back(random.below(3));
      if (!problem.is_quadratic()) problem.quadratic.clear();
    }
    const Solution solution = *solve(problem, {});
    ASSERT_EQ(solution.termination, Termination::optimal) << solution.detail;
    const double scale = std::max(1.0, std::abs(solution.objective));
    EXPECT_LE(solution.safe_bound, solution.objective + 1e-9 * scale);
    EXPECT_GE(solution.safe_bound, solution.objective - 1e-6 * scale) << solution.safe_bound_detail;
    EXPECT_TRUE(solution.bound_is_proved);
    std::vector<double> y = solution.row_dual;
    for (double& dual : y) dual += random.uniform(-0.1, 0.1);
    EXPECT_LE(safe_dual_bound(problem, y).bound, solution.objective + 1e-9 * scale);
    EXPECT_LE(safe_dual_bound(problem, y, solution.objective + 1).bound, solution.objective + 1e-9 * scale);
  }
}

TEST(SafeBound, OfAMipIsItsRelaxations) {
  const Solution solution = *solve(knapsack(), {.mip_gap_max = 0});
  EXPECT_LE(solution.safe_bound, -20.25);
  EXPECT_GE(solution.safe_bound, -20.25 - 1e-5);
  EXPECT_EQ(solution.bound, -20);
  EXPECT_TRUE(solution.bound_is_proved);
  const Solution word = *solve(knapsack(), {.mip_gap_max = 0, .prove_bound = false});
  EXPECT_EQ(word.bound, -20);
  EXPECT_FALSE(word.bound_is_proved);
}

TEST(CheckExactly, AgreesWithTheCheck) {
  for (unsigned seed = 0; seed < 40; ++seed) {
    const Problem problem = random_lp(seed);
    Random random(seed);
    std::vector<double> x;
    for (std::size_t j = 0; j < problem.column_count(); ++j) x.push_back(random.uniform(-10, 10));
    const Check check = check_point(problem, x), exact = check_point_exactly(problem, x);
    EXPECT_NEAR(check.row_violation, exact.row_violation, 1e-12);
    EXPECT_EQ(check.bound_violation, exact.bound_violation);
    EXPECT_NEAR(check.objective, exact.objective, 1e-12 * std::abs(exact.objective));
    EXPECT_EQ(check.worst, exact.worst);
  }
}

TEST(CheckExactly, SeesThroughCancellation) {
  // the terms of 1e17 carry 16 to a unit in their last place
  const Problem problem = make_problem({{}, {}, {}, {}}, {{.lower = 5, .coefficient = {1, 1, 1, 1}, .upper = 5}});
  const std::vector<double> x{1e17, 5, -1e17 / 2, -1e17 / 2};
  EXPECT_EQ(check_point_exactly(problem, x).row_violation, 0);
}

TEST(CheckExactly, TakesAMillionInASecond) {
  constexpr std::size_t kRows = 100'000, kEach = 10;
  Problem problem;
  problem.row_lower.assign(kRows, -kInf);
  problem.row_upper.assign(kRows, 100);
  problem.start.push_back(0);
  Random random(1);
  for (std::size_t j = 0; j < kRows; ++j) {
    problem.cost.push_back(1);
    problem.column_lower.push_back(0);
    problem.column_upper.push_back(10);
    for (std::size_t k = 0; k < kEach; ++k) {
      problem.index.push_back(static_cast<int32_t>(j < kRows - kEach ? j + k : kRows - kEach + k));
      problem.value.push_back(random.uniform(-1, 1));
    }
    problem.start.push_back(static_cast<int32_t>(problem.index.size()));
  }
  const std::vector<double> x(kRows, 0.1);
  const auto begin = std::clock();
  EXPECT_EQ(check_point_exactly(problem, x).row_violation, 0);
  EXPECT_LT(static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC, 1.0);
}

}  // namespace
}  // namespace beltline::lp
