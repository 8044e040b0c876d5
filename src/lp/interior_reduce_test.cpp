#include "lp/interior_reduce.h"

#include <gtest/gtest.h>

#include "lp/check.h"
#include "lp/interior.h"
#include "lp/test_problems.h"

namespace beltline::lp {
namespace {

/// The same problem, with some bounds of columns written as rows of one column, some of them scaled or turned.
Problem with_bounds_as_rows(const Problem& from, unsigned seed) {
  Random random(seed);
  Problem to = from;
  to.start.assign(1, 0);
  to.index.clear();
  to.value.clear();
  for (std::size_t j = 0; j < from.column_count(); ++j) {
    for (int32_t k = from.start[j]; k < from.start[j + 1]; ++k) {
      to.index.push_back(from.index[k]);
      to.value.push_back(from.value[k]);
    }
    for (const bool lower : {true, false}) {
      if (random.below(3) == 0) continue;
      double& bound = lower ? to.column_lower[j] : to.column_upper[j];
      const double factor = random.below(2) == 0 ? -0.5 : 3.0;
      const bool below = lower == (factor > 0);  // the row has its bound below
      to.index.push_back(static_cast<int32_t>(to.row_lower.size()));
      to.value.push_back(factor);
      to.row_lower.push_back(below ? factor * bound : -kInf);
      to.row_upper.push_back(below ? kInf : factor * bound);
      bound = lower ? -kInf : kInf;
    }
    to.start.push_back(static_cast<int32_t>(to.index.size()));
  }
  return to;
}

TEST(Reduce, RowsOfOneColumnAreBoundsAndHaveTheirDuals) {
  for (unsigned seed = 0; seed < 40; ++seed) {
    SCOPED_TRACE(seed);
    const Problem plain = random_lp(seed);
    const Problem rows = with_bounds_as_rows(plain, seed);
    EXPECT_LE(reduce(rows, {}).row_of.size(), plain.row_count());
    const InteriorResult a = InteriorSolver(plain).solve(), b = InteriorSolver(rows).solve();
    ASSERT_EQ(b.end, InteriorEnd::optimal);
    EXPECT_NEAR(a.objective, b.objective, 1e-7 * (1 + std::abs(a.objective)));
    EXPECT_LE(check_point(rows, b.x).row_violation, 1e-8);
    EXPECT_NEAR(dual_bound(rows, b.row_dual), b.objective, 1e-7 * (1 + std::abs(b.objective)));
  }
}

TEST(Reduce, FollowsAChainToItsEnd) {
  // x = 2; x + y = 5; y + z ≥ 10, which then bounds z alone
  const Problem chain = make_problem({{.cost = 1, .lower = -kInf}, {.cost = 1, .lower = -kInf}, {.cost = 4}},
                                     {{.lower = 2, .coefficient = {1, 0, 0}, .upper = 2},
                                      {.lower = 5, .coefficient = {1, 1, 0}, .upper = 5},
                                      {.lower = 10, .coefficient = {0, 1, 1}}});
  const Reduction r = reduce(chain, {});
  EXPECT_TRUE(r.column_of.empty());
  EXPECT_TRUE(r.row_of.empty());
  EXPECT_EQ(r.fixed, (std::vector<double>{2, 3, 7}));
  // a unit more of z costs 4; one more of y saves 3; one more of x costs that
  std::vector<double> dual(3, 0.0);
  restore_duals(chain, {}, r, r.fixed, dual);
  EXPECT_EQ(dual, (std::vector<double>{4, -3, 4}));
}

TEST(Reduce, LeavesARowThatCrossesABoundToTheProof) {
  const Problem crossing = make_problem({{.cost = 1, .upper = 4}}, {{.lower = 5, .coefficient = {1}}});
  EXPECT_EQ(reduce(crossing, {}).row_of.size(), 1U);
  const InteriorResult r = InteriorSolver(crossing).solve();
  EXPECT_EQ(r.end, InteriorEnd::infeasible);
  EXPECT_TRUE(proves_infeasible(crossing, r.ray));
}

TEST(Reduce, ProvesAConflictBetweenColumnsThatRowsFix) {
  // x = 2 and y = 3 by rows of their own, x + y = 6
  const Problem conflict = make_problem({{.cost = 1}, {.cost = 1}}, {{.lower = 2, .coefficient = {1, 0}, .upper = 2},
                                                                     {.lower = 3, .coefficient = {0, 1}, .upper = 3},
                                                                     {.lower = 6, .coefficient = {1, 1}, .upper = 6}});
  const InteriorResult r = InteriorSolver(conflict).solve();
  EXPECT_EQ(r.end, InteriorEnd::infeasible);
  EXPECT_TRUE(proves_infeasible(conflict, r.ray));
}

}  // namespace
}  // namespace beltline::lp
