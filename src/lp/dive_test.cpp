// Whole points near a relaxation's vertex: found by rounding up, by going back, or not at all.
#include "lp/dive.h"

#include <atomic>

#include <gtest/gtest.h>

#include "lp/test_problems.h"

namespace beltline::lp {
namespace {

Solution vertex_of(const Problem& problem) {
  const auto solution = solve(relaxed(problem), {.method = Method::simplex});
  EXPECT_TRUE(solution);
  EXPECT_EQ(solution->termination, Termination::optimal) << solution->detail;
  return *solution;
}

Solution found(const Problem& problem, double gap) {
  const auto solution = dive(problem, vertex_of(problem), {.mip_gap_max = gap});
  EXPECT_TRUE(solution);
  return *solution;
}

/// Halls of 3 MW for 10 MW, at 5 each: 3⅓ halls cost 16⅔, four cost 20.
Problem halls() {
  return make_problem({{.cost = 5, .integer = true}}, {{.lower = 10, .coefficient = {3}}});
}

TEST(Dive, RoundsUpWhatIsNeeded) {
  const Solution solution = found(halls(), 0.2);
  EXPECT_EQ(solution.termination, Termination::optimal) << solution.detail;
  ASSERT_TRUE(solution.has_point);
  EXPECT_EQ(solution.x, std::vector<double>{4});
  EXPECT_DOUBLE_EQ(solution.objective, 20);
  EXPECT_NEAR(solution.bound, 50.0 / 3, 1e-9);
}

TEST(Dive, FindsNothingWhereNothingIsNearEnough) {
  const Solution solution = found(halls(), 0.1);
  EXPECT_EQ(solution.termination, Termination::limit);
  EXPECT_FALSE(solution.has_point);
  EXPECT_FALSE(solution.detail.empty());
}

TEST(Dive, GoesBackWhereRoundingUpLeadsNowhere) {
  // money for 2.5 halls and for 1.9 hulls, of which one is worth more: both are rounded down
  const Problem problem = make_problem({{.cost = -10, .integer = true}, {.cost = -10.1, .integer = true}},
                                       {{.coefficient = {2, 0}, .upper = 5}, {.coefficient = {0, 1}, .upper = 1.9}});
  const Solution solution = found(problem, 0.5);
  ASSERT_TRUE(solution.has_point) << solution.detail;
  EXPECT_EQ(solution.x, (std::vector<double>{2, 1}));
}

TEST(Dive, SeesTheWholeTreeWhereNoWholePointExists) {
  const Problem problem =
      make_problem({{.cost = 1, .upper = 9, .integer = true}, {.cost = 1, .upper = 9, .integer = true}},
                   {{.lower = 7, .coefficient = {2, 2}, .upper = 7}});
  const Solution solution = found(problem, 10);
  EXPECT_EQ(solution.termination, Termination::limit);
  EXPECT_FALSE(solution.has_point);
}

TEST(Dive, AfterACancelThereIsNoPoint) {
  const std::atomic<bool> cancel = true;
  const auto solution = dive(halls(), vertex_of(halls()), {.mip_gap_max = 1, .cancel = &cancel});
  ASSERT_TRUE(solution);
  EXPECT_EQ(solution->termination, Termination::interrupted);
}

TEST(Dive, WithoutAVertexThereIsNothingToBeginFrom) {
  const auto solution = dive(halls(), {}, {.mip_gap_max = 1});
  ASSERT_TRUE(solution);
  EXPECT_EQ(solution->termination, Termination::limit);
  EXPECT_FALSE(solution->has_point);
}

TEST(Dive, OfRandomProblemsWhatItFindsIsWholeFeasibleAndNear) {
  Random random(11);
  int count = 0;
  for (int i = 0; i < 40; ++i) {
    std::vector<Column> columns(6);
    for (Column& column : columns)
      column = {.cost = random.uniform(1, 9), .upper = 20, .integer = random.below(3) != 0};
    columns.front().integer = true;
    std::vector<Row> rows(4);
    for (Row& row : rows) {
      row.lower = random.uniform(5, 30);
      for (std::size_t j = 0; j < columns.size(); ++j) row.coefficient.push_back(random.below(6));
      row.coefficient.front() += 1;
    }
    const Problem problem = make_problem(columns, rows);
    const Solution solution = found(problem, 0.15);
    const auto best = solve(problem, {.mip_gap_max = 0});
    ASSERT_TRUE(best);
    if (!solution.has_point) {
      // the whole tree was seen: what was not found is not there
      EXPECT_GT(best->objective - vertex_of(problem).objective, 0.149 * best->objective) << i;
      continue;
    }
    ++count;
    EXPECT_EQ(check_point(problem, solution.x).integrality_violation, 0) << i;
    EXPECT_LE(check_point(problem, solution.x).row_violation, 1e-6) << i;
    EXPECT_GE(solution.objective, best->objective - 1e-6) << i;
    EXPECT_LE(solution.gap, 0.15 + 1e-6) << i;
  }
  EXPECT_GT(count, 10);
}

}  // namespace
}  // namespace beltline::lp
