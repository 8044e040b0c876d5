#include "lp/live.h"

#include <sys/wait.h>

#include <atomic>
#include <chrono>
#include <optional>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/assert.h"
#include "lp/test_problems.h"

namespace beltline::lp {
namespace {

/// Each hour's demand, met by a cheap plant, a dear one and what a store still holds.
Problem store_chain(std::size_t hour_count) {
  std::vector<Column> columns;
  std::vector<Row> rows(hour_count);
  for (std::size_t h = 0; h < hour_count; ++h) {
    columns.push_back({.cost = 1, .upper = 1.2});
    columns.push_back({.cost = 5 + 0.01 * static_cast<double>(h % 7)});
    columns.push_back({.cost = 0.01, .upper = 3});  // the level at the end of the hour
    rows[h].lower = rows[h].upper = 1 + 0.5 * std::sin(static_cast<double>(h));
    rows[h].coefficient.resize(3 * hour_count);
    rows[h].coefficient[3 * h] = rows[h].coefficient[3 * h + 1] = 1;
    rows[h].coefficient[3 * h + 2] = -1;
    if (h > 0) rows[h].coefficient[3 * h - 1] = 1;
  }
  return make_problem(columns, rows);
}

/// Changes rows, columns and costs one by one, and holds each answer to that of a fresh solve by the default method.
void change_and_compare(unsigned seed, const Options& options) {
  Random random(seed);
  auto live = LiveProblem::open(random_lp(seed));
  ASSERT_TRUE(live) << live.error().message;
  for (int step = 0; step < 6; ++step) {
    SCOPED_TRACE(step);
    const Problem& p = live->problem();
    const std::size_t i = random.below(static_cast<unsigned>(p.row_count()));
    const std::size_t j = random.below(static_cast<unsigned>(p.column_count()));
    if (step % 3 == 0) live->set_row_bounds(i, p.row_lower[i] - 0.3, p.row_upper[i] + random.uniform(-0.2, 0.5));
    if (step % 3 == 1) live->set_column_bounds(j, p.column_lower[j], p.column_upper[j] + random.uniform(-0.5, 1));
    if (step % 3 == 2) live->set_cost(j, random.uniform(-5, 5));
    const Solution again = *live->solve(options);
    const Solution fresh = *solve(live->problem(), {});
    EXPECT_EQ(to_string(again.termination), std::string(to_string(fresh.termination))) << again.detail;
    if (fresh.termination != Termination::optimal) continue;
    EXPECT_NEAR(again.objective, fresh.objective, 1e-6 * std::max(1.0, std::abs(fresh.objective)));
    EXPECT_GT(again.safe_bound, -kInf) << again.safe_bound_detail;
  }
  EXPECT_EQ(live->counts().live, 6);
}

TEST(Live, AnswersLikeAFreshSolveAfterEveryChange) {
  for (unsigned seed = 0; seed < 8; ++seed) {
    SCOPED_TRACE(seed);
    change_and_compare(seed, {});
  }
}

TEST(Live, AnswersByTheInteriorPointLikeAFreshSolve) {
  for (unsigned seed = 0; seed < 8; ++seed) {
    SCOPED_TRACE(seed);
    change_and_compare(seed, {.method = Method::interior_point, .crossover = false});
  }
}

TEST(Live, BeginsTheInteriorPointWhereItEnded) {
  auto live = *LiveProblem::open(store_chain(400));
  const Options interior{.method = Method::interior_point, .crossover = false};
  const Solution first = *live.solve(interior);
  EXPECT_EQ(first.termination, Termination::optimal) << first.detail;
  EXPECT_THAT(first.method, testing::StartsWith("interior point: live"));
  live.set_row_bounds(7, 0.9, 0.9);
  const Solution again = *live.solve(interior);
  EXPECT_EQ(again.termination, Termination::optimal) << again.detail;
  EXPECT_LT(again.iteration_count, first.iteration_count);
  EXPECT_NEAR(again.objective, solve(live.problem(), {})->objective, 1e-5);
  EXPECT_EQ(live.counts().fresh, 0);
}

TEST(Live, KeepsBothSolversUpToDate) {
  auto live = *LiveProblem::open(wyndor());
  const Options interior{.method = Method::interior_point, .crossover = false};
  EXPECT_NEAR(live.solve(interior)->objective, -36, 1e-6);
  EXPECT_EQ(live.solve()->objective, -36);
  live.set_row_bounds(2, 100, 200);
  EXPECT_EQ(live.solve(interior)->termination, Termination::infeasible);
  EXPECT_EQ(live.solve()->termination, Termination::infeasible);
  live.set_row_bounds(2, -kInf, 18);
  live.set_cost(1, -6);
  EXPECT_NEAR(live.solve(interior)->objective, -42, 1e-6);
  EXPECT_EQ(live.solve()->objective, -42);
  EXPECT_EQ(live.counts().fresh, 0);
}

TEST(Live, GoesThroughInfeasibleAndUnboundedAndBack) {
  auto live = *LiveProblem::open(wyndor());
  EXPECT_EQ(live.solve()->objective, -36);
  live.set_row_bounds(2, 100, 200);
  EXPECT_EQ(live.solve()->termination, Termination::infeasible);
  live.set_row_bounds(2, -kInf, kInf);
  live.set_row_bounds(1, -kInf, kInf);
  EXPECT_EQ(live.solve()->termination, Termination::unbounded);
  live.set_row_bounds(2, -kInf, 18);
  live.set_row_bounds(1, -kInf, 12);
  EXPECT_EQ(live.solve()->objective, -36);
  live.set_column_bounds(0, 5, 4);  // bounds that cross need no solver
  EXPECT_EQ(live.solve()->termination, Termination::infeasible);
}

TEST(Live, SolvesIntegersAndSquares) {
  auto mip = *LiveProblem::open(knapsack());
  EXPECT_EQ(mip.solve({.mip_gap_max = 0})->objective, -20);
  mip.set_row_bounds(0, -kInf, 5);
  EXPECT_EQ(mip.solve({.mip_gap_max = 0})->objective, -17);
  Problem square = wyndor();
  square.quadratic = {1, 1};
  auto qp = *LiveProblem::open(square);
  for (const double most : {18.0, 12.0, 30.0}) {
    qp.set_row_bounds(2, -kInf, most);
    const Solution fresh = *solve(qp.problem(), {});
    const Solution again = *qp.solve();
    EXPECT_EQ(again.termination, Termination::optimal) << again.detail;
    EXPECT_NEAR(again.objective, fresh.objective, 1e-6);
  }
  Problem both = knapsack();
  both.quadratic = {1, 1, 1};
  auto miqp = *LiveProblem::open(both);
  EXPECT_NEAR(miqp.solve()->objective, solve(both, {})->objective, 1e-6);
}

TEST(Live, IsCancelledAndLimited) {
  auto live = *LiveProblem::open(market_split(5, 1));
  EXPECT_EQ(live.solve({.wall_time_max_s = 0.3, .mip_gap_max = 0})->termination, Termination::limit);
  std::atomic<bool> cancel = true;
  EXPECT_EQ(live.solve({.mip_gap_max = 0, .cancel = &cancel})->termination, Termination::interrupted);
}

TEST(Live, OutlivesItsChild) {
  // the child is its opener's: it dies with that thread, and the next solve begins afresh
  std::optional<LiveProblem> live;
  std::thread([&] { live.emplace(*LiveProblem::open(wyndor())); }).join();
  // until it is dead and left to be collected; one whose thread ended before it could ask to end with it lives on, and
  // may answer as well
  siginfo_t ended{};
  for (int i = 0; i < 200 && waitid(P_ALL, 0, &ended, WEXITED | WNOWAIT | WNOHANG) == 0 && ended.si_pid == 0; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  live->set_row_bounds(1, -kInf, 10);
  for (int k = 0; k < 2; ++k) {
    const Solution solution = *live->solve();
    EXPECT_EQ(solution.termination, Termination::optimal) << solution.detail;
    EXPECT_NEAR(solution.objective, -3 * 8.0 / 3 - 25, 1e-6);
  }
}

TEST(Live, PatchesOutOfRangeAreBugs) {
  auto live = *LiveProblem::open(wyndor());
  EXPECT_THROW(live.set_cost(7, 1), Bug);
  EXPECT_THROW(live.set_row_bounds(0, std::nan(""), 1), Bug);
}

}  // namespace
}  // namespace beltline::lp
