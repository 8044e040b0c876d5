// Convex quadratic costs: the solver's answer, and the proofs that do without it.
#include <gtest/gtest.h>

#include "lp/check.h"
#include "lp/test_problems.h"

namespace beltline::lp {
namespace {

/// A problem with the given quadratic costs.
Problem with_squares(Problem problem, std::vector<double> quadratic) {
  problem.quadratic = std::move(quadratic);
  return problem;
}

/// min x² + y² − 2x, x + y ≥ 3: the gradient (2x − 2, 2y) is the row's dual 2 in both at (2, 1), cost 1.
Problem two_squares() {
  return with_squares(make_problem({{.cost = -2}, {}}, {{.lower = 3, .coefficient = {1, 1}}}), {2, 2});
}

TEST(Quadratic, CountsInObjectiveAndBytes) {
  EXPECT_EQ(check_point(two_squares(), {2, 1}).objective, 1);
  EXPECT_EQ(two_squares().byte_count(), 8 * (2 + 2 + 2 + 2 + 1 + 1 + 2) + 4 * (3 + 2));
  EXPECT_TRUE(two_squares().is_quadratic());
  EXPECT_FALSE(with_squares(wyndor(), {0, 0}).is_quadratic());
}

TEST(Quadratic, LagrangeanMeetsTheOptimumAtItsDual) {
  EXPECT_DOUBLE_EQ(dual_bound(two_squares(), {2}), 1);
  EXPECT_LT(dual_bound(two_squares(), {1.9}), 1);
  EXPECT_LT(dual_bound(two_squares(), {2.1}), 1);
  EXPECT_DOUBLE_EQ(dual_bound(two_squares(), {0}), -1);  // at (1, 0)
}

TEST(Quadratic, ForgivesRoundingOfATinyCurvature) {
  // min ½ 1e-12 x², x ≥ 5 by a row: the dual 5e-12 is not known to that digit
  const Problem problem =
      with_squares(make_problem({{.cost = 1, .lower = -kInf}}, {{.lower = 5, .coefficient = {1}}}), {1e-12});
  EXPECT_NEAR(dual_bound(problem, {1 - 1e-9}, 1e-7, {5}), 5, 1e-6);
  EXPECT_LT(dual_bound(problem, {1 - 1e-5}, 1e-7, {5}), -10);
}

TEST(Quadratic, IsSolvedByEveryMethod) {
  for (const Method method : {Method::automatic, Method::simplex, Method::interior_point}) {
    const Solution solution = *solve(two_squares(), {.method = method});
    EXPECT_EQ(solution.termination, Termination::optimal) << solution.detail;
    EXPECT_NEAR(solution.objective, 1, 1e-6);
    ASSERT_EQ(solution.x.size(), 2u);
    EXPECT_NEAR(solution.x[0], 2, 1e-4);
    ASSERT_EQ(solution.row_dual.size(), 1u);
    EXPECT_NEAR(solution.row_dual[0], 2, 1e-4);
  }
}

TEST(Quadratic, BoundsTheColumnsThatItHolds) {
  // −x alone is unbounded, but the square holds it: min ½x² − x is −½; y still falls for ever
  const std::vector<Column> columns{{.cost = -1}, {.cost = -1}};
  const std::vector<Row> rows{{.lower = 0, .coefficient = {1, 1}}};
  const Solution held = *solve(with_squares(make_problem(columns, rows), {1, 1}), {});
  EXPECT_EQ(held.termination, Termination::optimal) << held.detail;
  EXPECT_NEAR(held.objective, -1, 1e-6);
  const Problem falling = with_squares(make_problem(columns, rows), {1, 0});
  EXPECT_TRUE(proves_unbounded(falling, {0, 1}));
  EXPECT_FALSE(proves_unbounded(falling, {1, 1}));
  EXPECT_EQ(solve(falling, {})->termination, Termination::unbounded) << solve(falling, {})->detail;
}

TEST(Quadratic, InfeasibleIsProved) {
  const Problem problem = with_squares(
      make_problem({{}, {}}, {{.coefficient = {1, 1}, .upper = 1}, {.lower = 2, .coefficient = {1, 1}}}), {1, 1});
  const Solution solution = *solve(problem, {});
  EXPECT_EQ(solution.termination, Termination::infeasible) << solution.detail;
}

/// Three units of 10 to 40 MW with quadratic costs and a cost when they run, for 60 MW; brute force over who runs.
TEST(Quadratic, WithIntegersIsClosedInOn) {
  const std::vector<double> fixed{100, 60, 30}, linear{2, 5, 8}, square{0.02, 0.05, 0.01};
  std::vector<Column> columns;
  std::vector<Row> rows{{.lower = 60}};
  for (std::size_t u = 0; u < 3; ++u) columns.push_back({.cost = linear[u]});
  for (std::size_t u = 0; u < 3; ++u) columns.push_back({.cost = fixed[u], .upper = 1, .integer = true});
  rows[0].coefficient = {1, 1, 1, 0, 0, 0};
  for (std::size_t u = 0; u < 3; ++u) {
    rows.push_back({.lower = 0, .coefficient = std::vector<double>(6, 0.0)});
    rows.back().coefficient[u] = -1;
    rows.back().coefficient[3 + u] = 40;
    rows.push_back({.lower = 0, .coefficient = std::vector<double>(6, 0.0)});
    rows.back().coefficient[u] = 1;
    rows.back().coefficient[3 + u] = -10;
  }
  const Problem problem = with_squares(make_problem(columns, rows), {square[0], square[1], square[2], 0, 0, 0});
  double best = kInf;
  for (unsigned on = 0; on < 8; ++on) {
    Problem fixed_units = relaxed(problem);
    for (std::size_t u = 0; u < 3; ++u) fixed_units.column_lower[3 + u] = fixed_units.column_upper[3 + u] = on >> u & 1;
    const Solution solution = *solve(fixed_units, {});
    if (solution.termination == Termination::optimal) best = std::min(best, solution.objective);
  }
  const Solution solution = *solve(problem, {.mip_gap_max = 1e-6});
  EXPECT_EQ(solution.termination, Termination::optimal) << solution.detail;
  EXPECT_NEAR(solution.objective, best, 2e-6 * best);
  EXPECT_LE(solution.bound, solution.objective);
}

TEST(Quadratic, IntegersWithoutBoundsAreHeldByTheSquare) {
  // min ½ x² − 12.3 x − y over integers, y ≤ x / 2: x = 12, y = 6; cost 72 − 147.6 − 6
  const Problem problem = with_squares(
      make_problem({{-12.3, -kInf, kInf, true}, {-1, -kInf, kInf, true}}, {{.lower = 0, .coefficient = {1, -2}}}),
      {1, 0});
  const Solution solution = *solve(problem, {.mip_gap_max = 1e-6});
  EXPECT_EQ(solution.termination, Termination::optimal) << solution.detail;
  EXPECT_NEAR(solution.objective, -81.6, 1e-4);
}

TEST(Quadratic, ColumnsAloneNeedNoSolver) {
  const Problem alone = with_squares(make_problem({{-3, 0, 10}, {-3, 0, 10, true}, {-3, 0, 1}}, {}), {2, 2, 2});
  const Solution solution = *solve(alone, {});
  EXPECT_EQ(solution.termination, Termination::optimal) << solution.detail;
  EXPECT_DOUBLE_EQ(solution.objective, -2.25 - 2 - 2);
}

}  // namespace
}  // namespace beltline::lp
