#include "lp/check.h"

#include <gtest/gtest.h>

#include "base/assert.h"
#include "lp/test_problems.h"

namespace beltline::lp {
namespace {

TEST(Problem, CountsItsBytes) {
  const Problem problem = knapsack();
  EXPECT_TRUE(problem.has_integers());
  EXPECT_EQ(problem.byte_count(), 8 * (3 + 3 + 3 + 1 + 1 + 3) + 4 * (4 + 3) + 3u);
  EXPECT_FALSE(relaxed(problem).has_integers());
}

TEST(CheckPoint, RecomputesTheObjective) {
  const Check check = check_point(wyndor(), {2, 6});
  EXPECT_EQ(check.objective, -36);
  EXPECT_EQ(check.row_violation, 0);
  EXPECT_EQ(check.bound_violation, 0);
  EXPECT_EQ(check.worst, "");
}

TEST(CheckPoint, NamesTheWorstViolation) {
  const Check check = check_point(wyndor(), {-1, 7});
  EXPECT_NEAR(check.row_violation, 2.0 / 13, 1e-8);
  EXPECT_DOUBLE_EQ(check.bound_violation, 1);
  EXPECT_EQ(check.worst, "column 0: -1 < 0");
}

TEST(CheckPoint, TakesTheLastDigitsOfLargeSumsForRounding) {
  const Problem problem = make_problem({{1}, {1}}, {{.lower = 0, .coefficient = {1, -1}, .upper = 0}});
  EXPECT_EQ(check_point(problem, {1e9, 1e9 + 0.5}).row_violation, 0);
  EXPECT_NEAR(check_point(problem, {1e9, 1e9 + 10}).row_violation, 9, 1e-6);
}

TEST(CheckPoint, SeesFractionsOfIntegers) {
  const Check check = check_point(knapsack(), {0, 0.75, 1});
  EXPECT_DOUBLE_EQ(check.integrality_violation, 0.25);
  EXPECT_EQ(check.worst, "column 1: 0.75 is not the integer 1");
}

TEST(CheckPoint, CallsNanAndInfinityViolations) {
  EXPECT_EQ(check_point(wyndor(), {std::nan(""), 0}).bound_violation, kInf);
  EXPECT_EQ(check_point(wyndor(), {kInf, 0}).row_violation, kInf);
}

TEST(CheckPoint, KeepsDigitsThatPlainSummationLoses) {
  const Problem problem =
      make_problem({{1e16}, {1}, {-1e16}}, {{.lower = 1, .coefficient = {1e16, 1, -1e16}, .upper = 1}});
  const Check check = check_point(problem, {1, 1, 1});
  EXPECT_EQ(check.objective, 1);
  EXPECT_EQ(check.row_violation, 0);
}

TEST(CheckPoint, WrongLengthIsABug) {
  EXPECT_THROW(check_point(wyndor(), {1}), Bug);
}

TEST(DualBound, IsTheOptimumAtTheRightDuals) {
  EXPECT_DOUBLE_EQ(dual_bound(wyndor(), {0, -1.5, -1}), -36);
}

TEST(DualBound, IsBelowTheOptimumAtOtherDuals) {
  EXPECT_DOUBLE_EQ(dual_bound(wyndor(), {0, -2, -1}), -42);
}

TEST(DualBound, DropsMultipliersOfTheWrongSign) {
  // a positive multiplier on a row without lower bound would prove +infinity
  EXPECT_DOUBLE_EQ(dual_bound(wyndor(), {5, -1.5, -1}), -36);
}

TEST(DualBound, IsInfiniteWhereAFreeDirectionPays) {
  EXPECT_EQ(dual_bound(wyndor(), {0, 0, 0}), -kInf);
}

TEST(DualBound, ForgivesRoundingOnUnboundedColumns) {
  EXPECT_NEAR(dual_bound(wyndor(), {0, -1.5, -1 + 1e-9}), -36, 1e-6);
  EXPECT_EQ(dual_bound(wyndor(), {0, -1.5, -1 + 1e-5}), -kInf);
}

TEST(DualBound, UsesFiniteBoundsAndTheOffset) {
  const Problem problem = make_problem({{.cost = -2, .lower = -1, .upper = 3}}, {{.coefficient = {1}}}, 10);
  EXPECT_DOUBLE_EQ(dual_bound(problem, {0}), 4);
}

TEST(BoundConflict, FindsEachKind) {
  EXPECT_EQ(find_bound_conflict(wyndor()), std::nullopt);
  EXPECT_EQ(find_bound_conflict(make_problem({{.lower = 2, .upper = 1}}, {})),
            "column 0: lower bound 2 > upper bound 1");
  EXPECT_EQ(find_bound_conflict(make_problem({{.lower = 1.2, .upper = 1.8, .integer = true}}, {})),
            "integer column 0: lower bound 2 > upper bound 1");
  EXPECT_EQ(find_bound_conflict(make_problem({{}}, {{.lower = 3, .coefficient = {1}, .upper = 2}})),
            "row 0: lower bound 3 > upper bound 2");
  EXPECT_TRUE(find_bound_conflict(make_problem({{.lower = kInf}}, {})));
  EXPECT_EQ(find_bound_conflict(make_problem({{.lower = 0.9999999, .upper = 1.0000001, .integer = true}}, {})),
            std::nullopt);
}

TEST(FarkasRay, ProvesOnlyWhatIsInfeasible) {
  // x + y ≤ 1 and x + y ≥ 2
  const Problem infeasible =
      make_problem({{}, {}}, {{.coefficient = {1, 1}, .upper = 1}, {.lower = 2, .coefficient = {1, 1}}});
  EXPECT_TRUE(proves_infeasible(infeasible, {-1, 1}));
  EXPECT_TRUE(proves_infeasible(infeasible, {-1e6, 1e6}));
  EXPECT_FALSE(proves_infeasible(infeasible, {1, -1}));
  EXPECT_FALSE(proves_infeasible(infeasible, {-1, 2}));
  EXPECT_FALSE(proves_infeasible(infeasible, {}));
  EXPECT_FALSE(proves_infeasible(wyndor(), {-1, -1, -1}));
  // the bound of a column proves it as well
  const Problem boxed = make_problem({{.upper = 1}}, {{.lower = 2, .coefficient = {1}}});
  EXPECT_TRUE(proves_infeasible(boxed, {1}));
}

TEST(UnboundedRay, ProvesOnlyWhatFallsForEver) {
  // min −x − y with x − y ≤ 1
  const Problem problem = make_problem({{.cost = -1}, {.cost = -1}}, {{.coefficient = {1, -1}, .upper = 1}});
  EXPECT_TRUE(proves_unbounded(problem, {1, 1}));
  EXPECT_TRUE(proves_unbounded(problem, {0, 5}));
  EXPECT_FALSE(proves_unbounded(problem, {1, 0}));    // leaves the row
  EXPECT_FALSE(proves_unbounded(problem, {-1, -1}));  // leaves the bounds
  EXPECT_FALSE(proves_unbounded(problem, {0, 0}));
  EXPECT_FALSE(proves_unbounded(problem, {kInf, 1}));
  EXPECT_FALSE(proves_unbounded(wyndor(), {1, 1}));
}

TEST(RecessionProblem, KeepsOnlyDirections) {
  const Problem cone = recession_problem(wyndor());
  EXPECT_EQ(cone.row_upper, (std::vector<double>{0, 0, 0}));
  EXPECT_EQ(cone.column_lower, (std::vector<double>{0, 0}));
  EXPECT_EQ(cone.column_upper, (std::vector<double>{1, 1}));
}

}  // namespace
}  // namespace beltline::lp
