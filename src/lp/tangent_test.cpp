#include "lp/tangent.h"

#include <gtest/gtest.h>

#include "lp/solver.h"
#include "lp/test_problems.h"

namespace beltline::lp {
namespace {

/// Two generators of quadratic cost and a load on a ring of three buses; flows are free, and Kirchhoff's law ties them.
///
/// minimise 0.05 a² + 10 a + 0.1 b² + 10 b,  a = f12 + f13,  b + f12 = f23,  f13 + f23 = 100,  f12 + f23 − f13 = 0
Problem ring() {
  const Column flow{.lower = -kInf};
  Problem p = make_problem(
      {{.cost = 10}, {.cost = 10}, flow, flow, flow},
      {{0, {1, 0, -1, -1, 0}, 0}, {0, {0, 1, 1, 0, -1}, 0}, {100, {0, 0, 0, 1, 1}, 100}, {0, {0, 0, 1, -1, 1}, 0}});
  p.quadratic = {0.1, 0.2, 0, 0, 0};
  return p;
}

TEST(Tangent, TouchesTheCostAtThePoint) {
  const Problem tangent = tangent_problem(ring(), {60, 40, 0, 0, 0});
  EXPECT_FALSE(tangent.is_quadratic());
  EXPECT_DOUBLE_EQ(tangent.cost[0], 10 + 0.1 * 60);
  EXPECT_DOUBLE_EQ(tangent.cost[1], 10 + 0.2 * 40);
}

TEST(Tangent, ProvesQuadraticFlowsOptimal) {
  const auto solution = solve(ring(), {});
  ASSERT_TRUE(solution);
  EXPECT_EQ(solution->termination, Termination::optimal) << solution->detail;
  EXPECT_NEAR(solution->x[0], 200.0 / 3, 1e-3);
  EXPECT_NEAR(solution->objective, 1000 + 0.05 * 40000 / 9 + 0.1 * 10000 / 9, 1e-6 * 1444);
  // the load's bus: one price at all of them
  EXPECT_NEAR(solution->row_dual[2], 10 + 0.1 * 200 / 3, 1e-3);
}

}  // namespace
}  // namespace beltline::lp
