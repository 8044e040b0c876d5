// Derivatives of optima against finite differences, one side at a time.
#include "lp/ranging.h"

#include <gtest/gtest.h>

#include "lp/test_problems.h"

namespace beltline::lp {
namespace {

Solution optimum(const Problem& problem) {
  const auto solution = solve(problem, {.method = Method::simplex});
  EXPECT_TRUE(solution);
  EXPECT_EQ(solution->termination, Termination::optimal) << solution->detail;
  return *solution;
}

Problem moved(Problem problem, const Direction& direction, double step) {
  for (const BoundShift& shift : direction) {
    const auto i = static_cast<std::size_t>(shift.index);
    auto& lower = shift.is_column ? problem.column_lower[i] : problem.row_lower[i];
    auto& upper = shift.is_column ? problem.column_upper[i] : problem.row_upper[i];
    if (shift.side != Side::upper) lower += step * shift.rate;
    if (shift.side != Side::lower) upper += step * shift.rate;
  }
  return problem;
}

/// (v(step) − v(0)) / step, infinite where the moved problem is infeasible.
double difference(const Problem& problem, double objective, const Direction& direction, double step) {
  const auto there = solve(moved(problem, direction, step), {.method = Method::simplex});
  if (there->termination == Termination::infeasible) return step > 0 ? kInf : -kInf;
  EXPECT_EQ(there->termination, Termination::optimal);
  return (there->objective - objective) / step;
}

TEST(Ranging, OfAVertexThatIsNotDegenerateIsTheDual) {
  const Problem problem = wyndor();
  const auto found = derivatives(
      problem, optimum(problem),
      {{{.index = 1, .side = Side::upper}}, {{.index = 2, .side = Side::upper}}, {{.index = 0, .side = Side::upper}}});
  ASSERT_TRUE(found);
  for (const auto& [i, dual] : {std::pair{0U, -1.5}, {1U, -1.0}, {2U, 0.0}}) {
    EXPECT_TRUE((*found)[i].exact);
    EXPECT_NEAR((*found)[i].less, dual, 1e-9);
    EXPECT_NEAR((*found)[i].more, dual, 1e-9);
  }
}

TEST(Ranging, OfADegenerateVertexIsAnInterval) {
  // min −x, x ≤ 1 twice: one more of either alone brings nothing, one less costs 1
  const Problem problem =
      make_problem({{.cost = -1}}, {{.coefficient = {1}, .upper = 1}, {.coefficient = {1}, .upper = 1}});
  const auto found = derivatives(
      problem, optimum(problem),
      {{{.index = 0, .side = Side::upper}}, {{.index = 1, .side = Side::upper}}, {{.index = 0}, {.index = 1}}});
  ASSERT_TRUE(found);
  for (std::size_t i : {0U, 1U}) {
    EXPECT_NEAR((*found)[i].less, -1, 1e-9);
    EXPECT_NEAR((*found)[i].more, 0, 1e-9);
  }
  EXPECT_NEAR((*found)[2].less, -1, 1e-9);
  EXPECT_NEAR((*found)[2].more, -1, 1e-9);
}

TEST(Ranging, SaysWhereNoStepIsFeasible) {
  // x = 1 by its bounds and by a row: the row cannot move alone
  const Problem problem =
      make_problem({{.cost = 1, .lower = 1, .upper = 1}}, {{.lower = 1, .coefficient = {1}, .upper = 1}});
  const auto found = derivatives(problem, optimum(problem), {{{.index = 0}}});
  ASSERT_TRUE(found);
  // the whole problem is a bound conflict for presolve: duals without a basis, or the cone with both ends closed
  if ((*found)[0].exact) {
    EXPECT_EQ((*found)[0].more, kInf);
    EXPECT_EQ((*found)[0].less, -kInf);
  }
}

TEST(Ranging, AgreesWithFiniteDifferencesOnBothSides) {
  int compared = 0, intervals = 0;
  for (unsigned seed = 0; seed < 40; ++seed) {
    Problem problem = random_lp(seed);
    Random random(seed + 1000);
    std::vector<Direction> directions;
    for (int i = 0; i < static_cast<int>(problem.row_count()); ++i) {
      directions.push_back({{.index = i, .side = Side::both, .rate = random.uniform(0.5, 2)}});
      directions.push_back({{.index = i, .side = Side::upper}});
    }
    for (int j = 0; j < static_cast<int>(problem.column_count()); ++j) {
      directions.push_back({{.index = j, .is_column = true, .side = Side::upper}});
    }
    const Solution solution = optimum(problem);
    const auto found = derivatives(problem, solution, directions);
    ASSERT_TRUE(found);
    for (std::size_t i = 0; i < directions.size(); ++i) {
      const Derivative& each = (*found)[i];
      ASSERT_TRUE(each.exact) << "seed " << seed << ", direction " << i;
      constexpr double kStep = 1e-4;
      const double up = difference(problem, solution.objective, directions[i], kStep);
      const double down = difference(problem, solution.objective, directions[i], -kStep);
      const double tolerance = 1e-4 + 0.01 * std::abs(each.more);
      if (std::isfinite(up) && std::isfinite(each.more)) {
        EXPECT_NEAR(up, each.more, tolerance) << "seed " << seed << ", direction " << i;
      } else {
        EXPECT_EQ(up, each.more) << "seed " << seed << ", direction " << i;
      }
      if (std::isfinite(down) && std::isfinite(each.less)) {
        EXPECT_NEAR(down, each.less, 1e-4 + 0.01 * std::abs(each.less)) << "seed " << seed << ", direction " << i;
      }
      ++compared;
      intervals += each.more - each.less > 1e-6 ? 1 : 0;
    }
  }
  EXPECT_GT(compared, 500);
  EXPECT_GT(intervals, 10);
}

}  // namespace
}  // namespace beltline::lp
