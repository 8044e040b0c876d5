// One suite for every way of solving: each row of the table below, by each method, with and without presolve and
// crossover, must end as the table says.
#include "lp/solver.h"

#include <atomic>
#include <ostream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/assert.h"
#include "lp/test_problems.h"

namespace beltline::lp {
namespace {

struct Case {
  const char* name;
  Problem problem;
  Termination termination;
  double objective = 0;
};

std::vector<Case> linear_cases() {
  using enum Termination;
  return {
      {"wyndor", wyndor(), optimal, -36},
      {"offset", make_problem({{.cost = 2, .lower = 1}}, {{.lower = 3, .coefficient = {1}}}, 100), optimal, 106},
      {"equality", make_problem({{1}, {2}}, {{4, {1, 1}, 4}, {1, {1, -1}, 1}}), optimal, 5.5},
      {"free column", make_problem({{1, -kInf, kInf}, {1}}, {{-5, {1, 1}, kInf}, {-3, {1, -1}, kInf}}), optimal, -3},
      {"free row", make_problem({{1, 2, 9}}, {{-kInf, {1}, kInf}}), optimal, 2},
      {"ranged row", make_problem({{-1}, {-1}}, {{2, {1, 2}, 8}, {-1, {1, -1}, 1}}), optimal, -(10.0 / 3 + 7.0 / 3)},
      {"fixed column", make_problem({{3, 2, 2}, {1}}, {{5, {1, 1}, kInf}}), optimal, 9},
      {"degenerate", make_problem({{-1}, {-1}}, {{-kInf, {1, 1}, 1}, {-kInf, {1, 1}, 1}, {-kInf, {2, 2}, 2}}), optimal,
       -1},
      {"fixed columns only", make_problem({{3, 2, 2}, {-1, 5, 5}}, {{0, {1, 1}, kInf}}), optimal, 1},
      {"dependent rows", make_problem({{1}, {1}, {3}}, {{4, {1, 1, 1}, 4}, {1, {1, -1, 0}, 1}, {5, {2, 0, 1}, 5}}),
       optimal, 4},
      {"rows twice", make_problem({{2}, {1}}, {{3, {1, 1}, kInf}, {3, {1, 1}, kInf}, {6, {2, 2}, 9}}), optimal, 3},
      {"badly scaled",
       make_problem({{1e-6, 0, 1e9}, {1e3, 0, 1e3}}, {{1e6, {1e-3, 1e6}, kInf}, {-kInf, {1e-7, 0}, 50}}), optimal,
       1e-6 * 5e8 + 1e3 * 0.5},
      {"free rows between", make_problem({{1}, {1}}, {{-kInf, {5, 1}, kInf}, {2, {1, 1}, kInf}, {-kInf, {0, 3}, kInf}}),
       optimal, 2},
      {"no cost", make_problem({{0}, {0}}, {{1, {1, 1}, 2}}), optimal, 0},
      {"negative bounds", make_problem({{1, -8, -2}, {-1, -7, -3}}, {{-9, {1, 1}, kInf}}), optimal, -8 + 3 + 2},
      {"large numbers", make_problem({{1e6, 0, 1e7}, {2e6, 0, 1e7}}, {{1.5e7, {1, 1}, kInf}}), optimal, 2e13},
      {"rows disagree", make_problem({{1}, {1}}, {{-kInf, {1, 1}, 1}, {2, {1, 1}, kInf}}), infeasible},
      {"row against bounds", make_problem({{1, 0, 1}, {1, 0, 1}}, {{3, {1, 1}, kInf}}), infeasible},
      {"equalities disagree", make_problem({{0, -kInf, kInf}, {0, -kInf, kInf}}, {{1, {1, 1}, 1}, {3, {2, 2}, 3}}),
       infeasible},
      {"unbounded", make_problem({{-1}, {-1}}, {{-kInf, {1, -1}, 1}}), unbounded},
      {"unbounded below", make_problem({{1, -kInf, kInf}, {0}}, {{-kInf, {1, 1}, 4}}), unbounded},
      {"ray but no point", make_problem({{-1}, {0}}, {{-kInf, {0, 1}, 1}, {2, {0, 1}, kInf}}), infeasible},
      {"no columns", make_problem({}, {}, 7), optimal, 7},
      {"no columns, rows hold", make_problem({}, {{-1, {}, 1}}), optimal, 0},
      {"no columns, row fails", make_problem({}, {{1, {}, 2}}), infeasible},
      {"no rows", make_problem({{1, -2, 5}, {-1, -2, 5}, {0, 1, 2}}, {}), optimal, -7},
      {"no rows, unbounded", make_problem({{-1}}, {}), unbounded},
      {"empty row fails", make_problem({{1}}, {{1, {0}, kInf}, {0, {1}, kInf}}), infeasible},
      {"empty column", make_problem({{1}, {-2, 0, 3}}, {{1, {1, 0}, kInf}}), optimal, -5},
      {"bounds cross", make_problem({{1, 2, 1}}, {{0, {1}, kInf}}), infeasible},
      {"row bounds cross", make_problem({{1}}, {{2, {1}, 1}}), infeasible},
  };
}

Problem squared(Problem problem, std::vector<double> quadratic) {
  problem.quadratic = std::move(quadratic);
  return problem;
}

std::vector<Case> quadratic_cases() {
  using enum Termination;
  return {
      {"inside", squared(make_problem({{-2, -5, 5}, {-4, -5, 5}}, {{-kInf, {1, 1}, 100}}), {2, 2}), optimal, -5},
      {"at a row", squared(make_problem({{-2}, {0}}, {{3, {1, 1}, kInf}}), {2, 2}), optimal, 1},
      {"at a bound", squared(make_problem({{-10, 0, 2}, {1}}, {{1, {1, 1}, kInf}}), {1, 0}), optimal, -18},
      {"half linear", squared(make_problem({{0}, {4}}, {{10, {1, 1}, 10}}), {1, 0}), optimal, 32},
      {"free columns", squared(make_problem({{1, -kInf, kInf}, {-1, -kInf, kInf}}, {{0, {1, -1}, 0}}), {1, 3}), optimal,
       0},
      {"infeasible", squared(make_problem({{0, 0, 1}, {0, 0, 1}}, {{3, {1, 1}, kInf}}), {1, 1}), infeasible},
      {"unbounded", squared(make_problem({{0}, {-1}}, {{-kInf, {1, -1}, 5}}), {1, 0}), unbounded},
      {"with integers", squared(make_problem({{-5, 0, 10, true}, {-3, 0, 10}}, {{-kInf, {1, 1}, 4.5}}), {1.5, 1.5}),
       optimal, -11.0625},
  };
}

std::vector<Case> integer_cases() {
  using enum Termination;
  return {
      {"knapsack", knapsack(), optimal, -20},
      {"rounding is wrong",
       make_problem({{-5, 0, kInf, true}, {-8, 0, kInf, true}}, {{-kInf, {1, 1}, 6}, {-kInf, {5, 9}, 45}}), optimal,
       -40},
      {"mixed", make_problem({{-1, 0, 10, true}, {-1, 0, 10}}, {{-kInf, {2, 1}, 7.5}}), optimal, -7.5},
      {"integer infeasible", make_problem({{0, 0, 9, true}, {0, 0, 9, true}}, {{3, {2, 2}, 3}}), infeasible},
      {"relaxation infeasible", make_problem({{1, 0, 1, true}, {1, 0, 1, true}}, {{3, {1, 1}, kInf}}), infeasible},
      {"integer unbounded", make_problem({{-1, 0, kInf, true}, {0, 0, kInf, true}}, {{-kInf, {1, -2}, 3}}), unbounded},
      {"no rows, integer", make_problem({{1, 0.5, 9, true}, {-1, 0, 2.5, true}}, {}), optimal, -1},
      {"no integer between bounds", make_problem({{1, 0.2, 0.8, true}}, {{0, {1}, kInf}}), infeasible},
      {"negative integers", make_problem({{1, -5, 5, true}}, {{-3.5, {1}, kInf}}), optimal, -3},
  };
}

struct Way {
  const char* name;
  Options options;
};

std::vector<Way> ways() {
  std::vector<Way> all;
  using enum Method;
  all.push_back({"automatic", {}});
  all.push_back({"automatic_no_presolve", {.presolve = false}});
  all.push_back({"simplex", {.method = simplex}});
  all.push_back({"simplex_no_presolve", {.method = simplex, .presolve = false}});
  all.push_back({"interior", {.method = interior_point}});
  all.push_back({"interior_no_presolve", {.method = interior_point, .presolve = false}});
  all.push_back({"interior_no_crossover", {.method = interior_point, .crossover = false}});
  all.push_back(
      {"interior_no_crossover_no_presolve", {.method = interior_point, .crossover = false, .presolve = false}});
  all.push_back({"ipx", {.method = ipx}});
  all.push_back({"hipo", {.method = hipo}});
  all.push_back({"active_set", {.method = active_set}});
  all.push_back({"two_threads", {.thread_count = 2}});
  all.push_back({"other_seed", {.seed = 0xdeadbeefcafe}});
  return all;
}

void PrintTo(const Way& way, std::ostream* out) {
  *out << way.name;
}

class Conformance : public testing::TestWithParam<Way> {
 protected:
  [[nodiscard]] bool is_vertex() const {
    return !is_interior(GetParam().options.method) || GetParam().options.crossover;
  }

  void expect_duals(const Problem& problem, const Solution& solution) const {
    ASSERT_EQ(solution.row_dual.size(), problem.row_count());
    ASSERT_EQ(solution.column_dual.size(), problem.column_count());
    const double tolerance = (is_vertex() ? 1e-6 : 1e-5) * std::max(1.0, std::abs(solution.objective));
    EXPECT_NEAR(dual_bound(problem, solution.row_dual, 1e-7, solution.x), solution.objective, tolerance);
    EXPECT_LE(solution.safe_bound, solution.objective + tolerance);
    EXPECT_GE(solution.safe_bound, solution.objective - 10 * tolerance) << solution.safe_bound_detail;
    for (std::size_t j = 0; j < problem.column_count(); ++j) {
      double reduced = problem.cost[j] + problem.quadratic_of(j) * solution.x[j];
      for (auto k = problem.start[j]; k < problem.start[j + 1]; ++k) {
        reduced -= problem.value[static_cast<std::size_t>(k)] *
                   solution.row_dual[static_cast<std::size_t>(problem.index[static_cast<std::size_t>(k)])];
      }
      EXPECT_NEAR(solution.column_dual[j], reduced, 1e-5 * (1 + std::abs(problem.cost[j])));
    }
  }

  void expect(const Case& expected) const {
    SCOPED_TRACE(expected.name);
    const auto solution = solve(expected.problem, GetParam().options);
    ASSERT_TRUE(solution) << solution.error().message;
    EXPECT_EQ(to_string(solution->termination), std::string(to_string(expected.termination))) << solution->detail;
    // two runs that agree are the last resort of a MIP; an LP always has a proof
    const bool proved = solution->detail.find("agree") == std::string::npos;
    EXPECT_TRUE(proved || expected.problem.has_integers()) << solution->detail;
    if (solution->termination != Termination::optimal) return;
    ASSERT_TRUE(solution->has_point);
    const double scale = std::max(1.0, std::abs(expected.objective));
    EXPECT_NEAR(solution->objective, expected.objective, (is_vertex() ? 1e-6 : 1e-5) * scale) << solution->detail;
    EXPECT_LE(solution->bound, solution->objective);
    EXPECT_LE(solution->gap, 1e-4 + 1e-6);
    const Check check = check_point(expected.problem, solution->x);
    EXPECT_LE(check.row_violation, 1e-6) << check.worst;
    EXPECT_LE(check.bound_violation, 1e-6) << check.worst;
    EXPECT_EQ(check.integrality_violation, 0) << check.worst;
    if (expected.problem.has_integers()) {
      EXPECT_TRUE(solution->row_dual.empty());
    } else {
      expect_duals(expected.problem, *solution);
    }
  }
};

TEST_P(Conformance, LinearProblemsEndAsTheyMust) {
  for (const Case& expected : linear_cases()) expect(expected);
}

TEST_P(Conformance, QuadraticProblemsEndAsTheyMust) {
  for (const Case& expected : quadratic_cases()) expect(expected);
}

TEST_P(Conformance, WarmStartsLeadToTheSameEnd) {
  const Solution cold = *solve(wyndor(), GetParam().options);
  Options warm = GetParam().options;
  warm.start_column_basis = cold.column_basis;
  warm.start_row_basis = cold.row_basis;
  Problem moved = wyndor();
  moved.row_upper[2] = 15;
  const Solution again = *solve(moved, warm);
  EXPECT_EQ(again.termination, Termination::optimal) << again.detail;
  EXPECT_NEAR(again.objective, -3 - 30, 1e-4);
}

TEST_P(Conformance, NoTimeIsALimitAndCancelAnInterrupt) {
  Options options = GetParam().options;
  options.mip_gap_max = 0;
  options.wall_time_max_s = 0;
  EXPECT_EQ(solve(market_split(4, 1), options)->termination, Termination::limit);
  const std::atomic<bool> cancel = true;
  options.wall_time_max_s = 60;
  options.cancel = &cancel;
  EXPECT_EQ(solve(market_split(5, 1), options)->termination, Termination::interrupted);
}

TEST_P(Conformance, IntegerProblemsEndAsTheyMust) {
  for (const Case& expected : integer_cases()) expect(expected);
}

INSTANTIATE_TEST_SUITE_P(Solver, Conformance, testing::ValuesIn(ways()),
                         [](const auto& instance) { return instance.param.name; });

TEST(Solve, DualsAreTheSlopesOfTheCost) {
  const Solution solution = *solve(wyndor(), {});
  EXPECT_NEAR(solution.row_dual[0], 0, 1e-9);
  EXPECT_NEAR(solution.row_dual[1], -1.5, 1e-9);
  EXPECT_NEAR(solution.row_dual[2], -1, 1e-9);
  const Solution covered = *solve(make_problem({{.cost = 3}}, {{.lower = 2, .coefficient = {1}}}), {});
  EXPECT_NEAR(covered.row_dual[0], 3, 1e-9);
  EXPECT_EQ(solution.gap, 0);
}

TEST(Solve, StopsAtTheTimeLimitWithItsBestPoint) {
  Solution solution;
  // a second is enough for a first point, where the machine has it to give
  for (double limit_s = 1; limit_s <= 32 && !solution.has_point; limit_s *= 2) {
    solution = *solve(market_split(5, 1), {.wall_time_max_s = limit_s, .mip_gap_max = 0});
    EXPECT_EQ(solution.termination, Termination::limit) << solution.detail;
  }
  ASSERT_TRUE(solution.has_point);
  EXPECT_LE(solution.bound, solution.objective);
  EXPECT_LT(solution.gap, kInf);
}

TEST(Solve, CancelReturnsTheIncumbent) {
  std::atomic<bool> cancel = false;
  int report_count = 0;
  const OnProgress on_progress = [&](const Progress& progress) {
    ++report_count;
    if (progress.incumbent < kInf && progress.seconds > 0.3) cancel = true;
  };
  const Solution solution = *solve(market_split(5, 2), {.mip_gap_max = 0, .cancel = &cancel}, on_progress);
  EXPECT_EQ(solution.termination, Termination::interrupted) << solution.detail;
  EXPECT_TRUE(solution.has_point);
  EXPECT_GT(solution.node_count + solution.iteration_count, 0);
  EXPECT_LE(report_count, 10 * solution.seconds + 1);
}

TEST(Solve, NoTimeIsALimit) {
  const Solution solution = *solve(market_split(4, 1), {.wall_time_max_s = 0});
  EXPECT_EQ(solution.termination, Termination::limit) << solution.detail;
}

TEST(Solve, AGoodStartIsNeverLost) {
  const Problem problem = market_split(5, 3);
  std::vector<double> start(problem.column_count(), 0.0);
  for (std::size_t i = 0; i < 5; ++i) start[40 + 2 * i] = problem.row_lower[i];
  const double cost = check_point(problem, start).objective;
  const Solution solution = *solve(problem, {.wall_time_max_s = 0, .start = start});
  EXPECT_EQ(solution.termination, Termination::limit);
  ASSERT_TRUE(solution.has_point);
  EXPECT_LE(solution.objective, cost);
}

TEST(Solve, WrongStartsDoNoHarm) {
  for (const std::vector<double>& start :
       {std::vector<double>{1, 1, 1}, {0.5, 0.5, 0.5}, {-7, 1e9, 0}, {std::nan(""), kInf, 0}}) {
    const Solution solution = *solve(knapsack(), {.start = start});
    EXPECT_EQ(solution.termination, Termination::optimal) << solution.detail;
    EXPECT_EQ(solution.objective, -20);
  }
  const Solution linear = *solve(wyndor(), {.start = {100, 100}});
  EXPECT_EQ(linear.termination, Termination::optimal) << linear.detail;
}

TEST(Solve, TheSameTwiceIsTheSame) {
  const Problem problem = market_split(3, 7);
  const Solution once = *solve(problem, {.mip_gap_max = 0, .seed = 5});
  const Solution again = *solve(problem, {.mip_gap_max = 0, .seed = 5});
  EXPECT_EQ(once.termination, Termination::optimal) << once.detail;
  EXPECT_EQ(once.x, again.x);
  const Solution threads = *solve(problem, {.mip_gap_max = 0, .thread_count = 2, .seed = 5});
  EXPECT_NEAR(threads.objective, once.objective, 1e-6);
}

TEST(Solve, MalformedProblemsAreBugs) {
  Problem problem = wyndor();
  problem.cost[0] = std::nan("");
  EXPECT_THROW(std::ignore = solve(problem, {}), Bug);
  problem = wyndor();
  problem.index[0] = 9;
  EXPECT_THROW(std::ignore = solve(problem, {}), Bug);
  EXPECT_THROW(std::ignore = solve(wyndor(), {.start = {1}}), Bug);
}

TEST(Solve, NamesItsSolver) {
  EXPECT_EQ(std::string(version()), "HiGHS 1.15.1");
}

}  // namespace
}  // namespace beltline::lp
