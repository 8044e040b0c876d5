// Properties that hold for every problem, on random ones; and brute force on tiny ones.
#include <functional>

#include <gtest/gtest.h>

#include "lp/test_problems.h"

namespace beltline::lp {
namespace {

Solution solved(const Problem& problem, const Options& options = {}) {
  auto solution = solve(problem, options);
  EXPECT_TRUE(solution);
  return solution ? *solution : Solution{};
}

TEST(RandomLp, PrimalAndDualAgree) {
  for (unsigned seed = 0; seed < 100; ++seed) {
    SCOPED_TRACE(seed);
    const Problem problem = random_lp(seed);
    const Solution solution = solved(problem);
    ASSERT_EQ(solution.termination, Termination::optimal) << solution.detail;
    const double tolerance = 1e-6 * std::max(1.0, std::abs(solution.objective));
    EXPECT_NEAR(dual_bound(problem, solution.row_dual), solution.objective, tolerance);
    const Solution interior = solved(problem, {.method = Method::interior_point, .crossover = false});
    ASSERT_EQ(interior.termination, Termination::optimal) << interior.detail;
    EXPECT_NEAR(interior.objective, solution.objective, 20 * tolerance);
  }
}

TEST(RandomLp, RelaxingABoundNeverRaisesCost) {
  for (unsigned seed = 0; seed < 60; ++seed) {
    SCOPED_TRACE(seed);
    Problem problem = random_lp(seed);
    const double before = solved(problem).objective;
    Random random(seed);
    const std::size_t i = random.below(static_cast<unsigned>(problem.row_count()));
    const std::size_t j = random.below(static_cast<unsigned>(problem.column_count()));
    problem.row_lower[i] -= 0.5;
    problem.row_upper[i] += 0.5;
    problem.column_upper[j] += 1;
    EXPECT_LE(solved(problem).objective, before + 1e-6 * std::max(1.0, std::abs(before)));
  }
}

TEST(RandomLp, RowDualsAreSlopes) {
  // convexity: the cost at a moved row bound lies on or above the line that the dual draws
  for (unsigned seed = 0; seed < 40; ++seed) {
    SCOPED_TRACE(seed);
    Problem problem = random_lp(seed);
    const Solution at = solved(problem);
    const double step = 0.1;
    problem.row_lower[0] -= step;
    const Solution moved = solved(problem);
    ASSERT_EQ(moved.termination, Termination::optimal) << moved.detail;
    EXPECT_GE(moved.objective, at.objective - std::max(0.0, at.row_dual[0]) * step - 1e-6);
  }
}

/// A MIP small enough to try every point of {0..3}ⁿ.
Problem tiny_mip(unsigned seed) {
  Random random(seed);
  auto small = [&] { return static_cast<double>(random.below(11)) - 5; };
  std::vector<Column> columns(1 + random.below(5));
  for (Column& column : columns) column = {small(), 0, 3, true};
  std::vector<Row> rows(1 + random.below(4));
  for (Row& row : rows) {
    for (std::size_t j = 0; j < columns.size(); ++j) row.coefficient.push_back(small());
    const unsigned kind = random.below(3);
    if (kind != 0) row.lower = small();
    if (kind != 1) row.upper = kind == 2 && random.below(2) == 0 ? row.lower : std::max(row.lower, small());
  }
  return make_problem(columns, rows);
}

double brute_force(const Problem& problem) {
  double best = kInf;
  std::vector<double> x(problem.column_count());
  const std::function<void(std::size_t)> try_from = [&](std::size_t j) {
    if (j == x.size()) {
      const Check check = check_point(problem, x);
      if (check.row_violation == 0 && check.bound_violation == 0) best = std::min(best, check.objective);
      return;
    }
    for (int value = 0; value <= 3; ++value) {
      x[j] = value;
      try_from(j + 1);
    }
  };
  try_from(0);
  return best;
}

TEST(TinyMip, AgreesWithBruteForce) {
  int infeasible_count = 0;
  for (unsigned seed = 0; seed < 150; ++seed) {
    SCOPED_TRACE(seed);
    const Problem problem = tiny_mip(seed);
    const double best = brute_force(problem);
    const Solution solution = solved(problem, {.mip_gap_max = 0, .seed = seed});
    if (best == kInf) {
      ++infeasible_count;
      EXPECT_EQ(solution.termination, Termination::infeasible) << solution.detail;
    } else {
      EXPECT_EQ(solution.termination, Termination::optimal) << solution.detail;
      EXPECT_NEAR(solution.objective, best, 1e-6);
    }
  }
  EXPECT_GT(infeasible_count, 5);
  EXPECT_LT(infeasible_count, 120);
}

}  // namespace
}  // namespace beltline::lp
