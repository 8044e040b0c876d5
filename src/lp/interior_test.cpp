#include "lp/interior.h"

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "lp/check.h"
#include "lp/interior_order.h"
#include "lp/test_problems.h"

namespace beltline::lp {
namespace {

InteriorResult solve_interior(const Problem& problem, std::vector<double> quadratic = {}) {
  return InteriorSolver(problem, std::move(quadratic)).solve();
}

/// Optimal, by what the result says and by the room's own proofs.
void expect_proved(const Problem& problem, const InteriorResult& result) {
  ASSERT_EQ(result.end, InteriorEnd::optimal);
  const Check check = check_point(problem, result.x);
  EXPECT_LE(check.row_violation, 1e-8) << check.worst;
  EXPECT_LE(check.bound_violation, 0.0) << check.worst;
  EXPECT_NEAR(check.objective, result.objective, 1e-9 * (1 + std::abs(result.objective)));
  EXPECT_NEAR(dual_bound(problem, result.row_dual), result.objective, 2e-8 * (1 + std::abs(result.objective)));
}

TEST(Interior, SolvesATextbookCase) {
  const InteriorResult r = solve_interior(wyndor());
  expect_proved(wyndor(), r);
  EXPECT_NEAR(r.objective, -36, 1e-6);
  EXPECT_NEAR(r.row_dual[0], 0, 1e-6);
  EXPECT_NEAR(r.row_dual[1], -1.5, 1e-6);
  EXPECT_NEAR(r.row_dual[2], -1, 1e-6);
}

TEST(Interior, AgreesWithTheSimplexOnRandomProblems) {
  for (unsigned seed = 0; seed < 40; ++seed) {
    SCOPED_TRACE(seed);
    const Problem problem = random_lp(seed);
    const InteriorResult r = solve_interior(problem);
    expect_proved(problem, r);
    const auto other = solve(problem, {.method = Method::simplex});
    ASSERT_TRUE(other.has_value());
    EXPECT_NEAR(r.objective, other->objective, 1e-6 * (1 + std::abs(other->objective)));
  }
}

TEST(Interior, KeepsFreeFixedEmptyAndRepeatedPartsApart) {
  // x free, y fixed at 2, z in no row; the second equality is twice the first; the last row has no bounds
  const Problem problem =
      make_problem({{.cost = 1, .lower = -kInf}, {.cost = 3, .lower = 2, .upper = 2}, {.cost = 1, .lower = 4}},
                   {{.lower = 5, .coefficient = {1, 1, 0}, .upper = 5},
                    {.lower = 10, .coefficient = {2, 2, 0}, .upper = 10},
                    {.coefficient = {7, 0, 0}},
                    {.lower = -1, .coefficient = {0, 0, 0}, .upper = 1}},
                   0.5);
  const InteriorResult r = solve_interior(problem);
  expect_proved(problem, r);
  EXPECT_NEAR(r.x[0], 3, 1e-7);
  EXPECT_EQ(r.x[1], 2);
  EXPECT_EQ(r.x[2], 4);
  EXPECT_NEAR(r.objective, 0.5 + 3 + 6 + 4, 1e-7);
}

TEST(Interior, SolvesWithoutAnInterior) {
  // x + y ≤ 1 and x + y ≥ 1 as rows of their own: one line of points
  const Problem problem = make_problem({{.cost = 1}, {.cost = 2}},
                                       {{.coefficient = {1, 1}, .upper = 1}, {.lower = 1, .coefficient = {1, 1}}});
  const InteriorResult r = solve_interior(problem);
  expect_proved(problem, r);
  EXPECT_NEAR(r.objective, 1, 1e-7);
}

TEST(Interior, SolvesBadlyScaledProblems) {
  // wafers by the billion beside hulls by the piece
  const Problem problem =
      make_problem({{.cost = 1e-6}, {.cost = 1e6, .upper = 10}},
                   {{.lower = 3e9, .coefficient = {1, 1e9}}, {.coefficient = {1e-9, 0}, .upper = 1}});
  const InteriorResult r = solve_interior(problem);
  expect_proved(problem, r);
  EXPECT_NEAR(r.objective, 1e3 + 2e6, 1);
}

TEST(Interior, ProvesInfeasible) {
  const Problem problem = make_problem({{.upper = 1}, {.upper = 1}}, {{.lower = 3, .coefficient = {1, 1}}});
  const InteriorResult r = solve_interior(problem);
  ASSERT_EQ(r.end, InteriorEnd::infeasible);
  EXPECT_TRUE(proves_infeasible(problem, r.ray));
}

TEST(Interior, ProvesAnEmptyRowInfeasible) {
  const Problem problem = make_problem({{.upper = 1}}, {{.lower = 3, .coefficient = {0}}});
  const InteriorResult r = solve_interior(problem);
  ASSERT_EQ(r.end, InteriorEnd::infeasible);
  EXPECT_TRUE(proves_infeasible(problem, r.ray));
}

TEST(Interior, ProvesUnbounded) {
  const Problem problem = make_problem({{.cost = -1}, {.cost = 1}}, {{.coefficient = {1, -2}, .upper = 4}});
  const InteriorResult r = solve_interior(problem);
  ASSERT_EQ(r.end, InteriorEnd::unbounded);
  EXPECT_TRUE(proves_unbounded(problem, r.ray));
  EXPECT_LE(check_point(problem, r.x).row_violation, 1e-6);
}

TEST(Interior, MinimisesASquare) {
  // min ½ 2 x² − 8 x + ½ 4 y², x + y ≥ 1, x ≤ 3, y free: x = 3, y = 0
  const Problem problem =
      make_problem({{.cost = -8, .upper = 3}, {.lower = -kInf}}, {{.lower = 1, .coefficient = {1, 1}}});
  const InteriorResult r = solve_interior(problem, {2, 4});
  ASSERT_EQ(r.end, InteriorEnd::optimal);
  EXPECT_NEAR(r.objective, 9 - 24, 1e-6);
  EXPECT_NEAR(r.x[0], 3, 1e-6);
  EXPECT_NEAR(r.x[1], 0, 1e-4);
}

TEST(Interior, SharesByMarginalCost) {
  // ½ Σ q x², Σ x = 60: x ∝ 1 / q, and the row's dual is the common marginal cost
  const Problem problem = make_problem({{}, {}, {}}, {{.lower = 60, .coefficient = {1, 1, 1}, .upper = 60}});
  const InteriorResult r = solve_interior(problem, {1, 2, 3});
  ASSERT_EQ(r.end, InteriorEnd::optimal);
  const double marginal = 60 / (1 + 1.0 / 2 + 1.0 / 3);
  EXPECT_NEAR(r.row_dual[0], marginal, 1e-5);
  for (int j = 0; j < 3; ++j) EXPECT_NEAR(r.x[j], marginal / (j + 1), 1e-5);
}

TEST(Interior, SolvesAgainAfterChanges) {
  for (unsigned seed = 0; seed < 10; ++seed) {
    SCOPED_TRACE(seed);
    Problem problem = random_lp(seed);
    InteriorSolver solver(problem);
    solver.solve();
    problem.cost[0] += 0.25;
    solver.set_cost(0, problem.cost[0]);
    problem.column_upper[1] += 0.5;
    solver.set_column_bounds(1, problem.column_lower[1], problem.column_upper[1]);
    problem.row_upper[0] += 0.125;
    problem.row_lower[0] -= 0.125;
    solver.set_row_bounds(0, problem.row_lower[0], problem.row_upper[0]);
    const InteriorResult r = solver.solve();
    expect_proved(problem, r);
    EXPECT_NEAR(r.objective, solve_interior(problem).objective, 1e-6 * (1 + std::abs(r.objective)));
  }
}

TEST(Interior, GivesTheSameBytesTwice) {
  const Problem problem = random_lp(7);
  EXPECT_EQ(solve_interior(problem).x, solve_interior(problem).x);
}

TEST(Interior, StopsWhenTold) {
  const std::atomic<bool> cancel = true;
  EXPECT_EQ(InteriorSolver(random_lp(3)).solve({.cancel = &cancel}).end, InteriorEnd::cancelled);
  EXPECT_EQ(InteriorSolver(random_lp(3)).solve({.wall_time_max_s = -1}).end, InteriorEnd::limit);
  EXPECT_EQ(InteriorSolver(random_lp(3)).solve({.iteration_max = 1}).end, InteriorEnd::limit);
}

TEST(Interior, SolvesPublishedCases) {
  const char* shared = std::getenv("BELTLINE_SHARED");
  const std::filesystem::path folder =
      std::filesystem::path(shared != nullptr ? shared : BELTLINE_SOURCE_DIR "/../shared") / "validation" / "solver";
  if (!std::filesystem::exists(folder)) GTEST_SKIP() << folder << " is absent";
  struct Case {
    const char* file;
    double objective;
  };
  // of EXPECTED.csv those that are LPs
  for (const Case& c : {Case{"25fv47.mps", 5501.8458}, Case{"adlittle.mps", 225494.96}, Case{"afiro.mps", -464.75314},
                        Case{"e226.mps", -11.63893}, Case{"shell.mps", 1208825300}, Case{"stair.mps", -251.26695}}) {
    SCOPED_TRACE(c.file);
    const auto read = read_problem((folder / c.file).string());
    ASSERT_TRUE(read.has_value());
    const InteriorResult r = solve_interior(read->problem);
    expect_proved(read->problem, r);
    EXPECT_NEAR(r.objective, c.objective, 1e-6 * (1 + std::abs(c.objective)));
  }
}

TEST(Interior, ProvesPublishedCasesWithoutAnOptimum) {
  const char* shared = std::getenv("BELTLINE_SHARED");
  const std::filesystem::path folder =
      std::filesystem::path(shared != nullptr ? shared : BELTLINE_SOURCE_DIR "/../shared") / "validation" / "solver";
  if (!std::filesystem::exists(folder)) GTEST_SKIP() << folder << " is absent";
  const auto infeasible = read_problem((folder / "galenet.mps").string());
  ASSERT_TRUE(infeasible.has_value());
  EXPECT_TRUE(proves_infeasible(infeasible->problem, solve_interior(infeasible->problem).ray));
  const auto unbounded = read_problem((folder / "gas11.mps").string());
  ASSERT_TRUE(unbounded.has_value());
  EXPECT_TRUE(proves_unbounded(unbounded->problem, solve_interior(unbounded->problem).ray));
}

TEST(MinimumDegree, OrdersEachNodeOnceAndTheBorderLast) {
  // a star on a path: the hub is next to all
  Graph graph{.start = {0}, .neighbour = {}};
  constexpr int32_t kCount = 30;
  for (int32_t i = 0; i < kCount; ++i) {
    for (int32_t j = 0; j < kCount; ++j) {
      if (i != j && (i == 0 || j == 0 || std::abs(i - j) == 1)) graph.neighbour.push_back(j);
    }
    graph.start.push_back(static_cast<int64_t>(graph.neighbour.size()));
  }
  std::vector<uint8_t> border(kCount, 0);
  border[0] = 1;
  std::vector<int32_t> order = minimum_degree(graph, border);
  ASSERT_EQ(order.size(), static_cast<std::size_t>(kCount));
  EXPECT_EQ(order.back(), 0);
  std::ranges::sort(order);
  for (int32_t i = 0; i < kCount; ++i) EXPECT_EQ(order[i], i);
}

}  // namespace
}  // namespace beltline::lp
