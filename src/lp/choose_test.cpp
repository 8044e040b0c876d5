#include "lp/choose.h"

#include <gtest/gtest.h>

#include "lp/test_problems.h"

namespace beltline::lp {
namespace {

/// A store over `steps` hours: level[t] − level[t − 1] = in[t] − out[t], each with a demand; `wide` copies side by
/// side.
Problem chain(int steps, int wide) {
  Problem problem;
  problem.start.push_back(0);
  for (int copy = 0; copy < wide; ++copy) {
    for (int t = 0; t < steps; ++t) {
      problem.row_lower.push_back(1);
      problem.row_upper.push_back(kInf);
      const auto row = static_cast<int32_t>(copy * steps + t);
      problem.cost.push_back(1);
      problem.column_lower.push_back(0);
      problem.column_upper.push_back(kInf);
      problem.index.push_back(row);
      problem.value.push_back(1);
      if (t + 1 < steps) {
        problem.index.push_back(row + 1);
        problem.value.push_back(0.5);
      }
      problem.start.push_back(static_cast<int32_t>(problem.index.size()));
    }
  }
  return problem;
}

TEST(ChainLength, CountsTheStepsFromEndToEnd) {
  EXPECT_EQ(chain_length(chain(100, 1)), 99);
  EXPECT_EQ(chain_length(wyndor()), 2);  // 1 – 3 – 2
  EXPECT_EQ(chain_length(make_problem({{1}}, {})), 0);
}

TEST(ChainLength, LeavesLinksOut) {
  // a capacity in all hours would make every row the next of every other
  Problem problem = chain(1000, 1);
  problem.cost.push_back(1);
  problem.column_lower.push_back(0);
  problem.column_upper.push_back(kInf);
  for (int32_t t = 0; t < 1000; ++t) {
    problem.index.push_back(t);
    problem.value.push_back(1);
  }
  problem.start.push_back(static_cast<int32_t>(problem.index.size()));
  EXPECT_EQ(chain_length(problem), 999);
}

TEST(ChainLength, LooksPastBoundsWrittenAsRows) {
  // the first rows, and most of all, are bounds of single columns
  Problem problem = chain(1000, 1);
  for (int32_t& row : problem.index) row += 4000;
  problem.row_lower.insert(problem.row_lower.begin(), 4000, -kInf);
  problem.row_upper.insert(problem.row_upper.begin(), 4000, 1);
  EXPECT_EQ(chain_length(problem), 999);
}

TEST(Choose, TakesWhatIsAskedForWhereItFits) {
  for (const Method method : {Method::simplex, Method::ipx, Method::hipo, Method::interior_point}) {
    EXPECT_EQ(choose_method(wyndor(), {.method = method}).method, method);
  }
  EXPECT_EQ(choose_method(wyndor(), {.method = Method::active_set}).method, Method::simplex);
  EXPECT_EQ(choose_method(knapsack(), {.method = Method::simplex}).method, Method::branch_and_bound);
  Problem square = wyndor();
  square.quadratic = {1, 1};
  EXPECT_EQ(choose_method(square, {}).method, Method::active_set);
  EXPECT_EQ(choose_method(square, {.method = Method::ipx}).method, Method::interior_point);
}

TEST(Choose, TakesTheInteriorPointForLongChains) {
  const Choice chosen = choose_method(chain(5000, 12), {});
  EXPECT_EQ(chosen.method, Method::interior_point);
  EXPECT_FALSE(chosen.crossover);
  EXPECT_EQ(chosen.why, "60,000 rows, a chain of 4,999 steps");
  EXPECT_EQ(choose_method(chain(168, 180), {}).method, Method::interior_point);
  EXPECT_EQ(choose_method(chain(50, 1200), {}).method, Method::simplex);
  EXPECT_EQ(choose_method(chain(5000, 1), {}).why, "5,000 rows");
}

TEST(Choose, IsToldInTheSolution) {
  EXPECT_EQ(solve(wyndor(), {})->method, "simplex: 3 rows");
  EXPECT_EQ(solve(wyndor(), {.method = Method::ipx})->method, "interior point (ipx): asked for");
  EXPECT_EQ(solve(knapsack(), {})->method, "branch and bound: 3 integer columns");
  const CoefficientRange range = solve(wyndor(), {})->coefficients;
  EXPECT_EQ(range.least, 1);
  EXPECT_EQ(range.most, 3);
  EXPECT_LE(range.scaled_most / range.scaled_least, 3);
}

TEST(Race, IsWonByAVerifiedAnswer) {
  const Solution solution = *solve(wyndor(), {.race = true});
  EXPECT_EQ(solution.termination, Termination::optimal) << solution.detail;
  EXPECT_NEAR(solution.objective, -36, 1e-5);
  EXPECT_NE(solution.method.find("first in a race with"), std::string::npos) << solution.method;
  EXPECT_EQ(solve(knapsack(), {.race = true})->objective, -20);
}

TEST(Race, EndsWithItsCaller) {
  std::atomic<bool> cancel = true;
  const Solution solution = *solve(market_split(5, 1), {.mip_gap_max = 0, .race = true, .cancel = &cancel});
  EXPECT_EQ(solution.termination, Termination::interrupted) << "left alone it would go on for hours";
}

}  // namespace
}  // namespace beltline::lp
