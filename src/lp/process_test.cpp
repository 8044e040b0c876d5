// Children that hang, crash and lie.
#include "lp/process.h"

#include <unistd.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <new>
#include <stdexcept>
#include <thread>

#include <gtest/gtest.h>

#include "lp/highs.h"
#include "lp/judge.h"
#include "lp/test_problems.h"

#if defined(__SANITIZE_THREAD__)
// HiGHS is not instrumented, so its locks are invisible and its threads look like races; and every child would sleep a
// second before it exits.
extern "C" const char* __tsan_default_options() {
  return "atexit_sleep_ms=0:report_mutex_bugs=0:ignore_noninstrumented_modules=1";
}
extern "C" const char* __tsan_default_suppressions() {
  return "race:libhighs.so\ncalled_from_lib:libhighs.so\n";
}
#endif

namespace beltline::lp {
namespace {

void hang() {
  for (;;) std::this_thread::sleep_for(std::chrono::seconds(1));
}

void claim(Mailbox& mailbox, Claim what, const std::vector<double>& x = {}, double bound = -kInf) {
  std::copy(x.begin(), x.end(), mailbox.x().begin());
  mailbox.board().has_point = !x.empty();
  mailbox.board().final_bound = bound;
  mailbox.board().claim = what;
  mailbox.board().claimed = true;
}

Solution solve_by(const Problem& problem, const Body& body, const Options& options = {}) {
  auto solution = solve_with(problem, options, {}, body);
  if (!solution) throw std::runtime_error(solution.error().message);
  return *solution;
}

TEST(Child, ThatOverrunsIsKilledAndItsIncumbentKept) {
  const Body body = [](const Problem&, const Options&, Mailbox& mailbox) {
    mailbox.publish_incumbent(std::vector<double>{1, 0, 0});
    mailbox.publish_incumbent(std::vector<double>{1, 0, 1});
    mailbox.board().bound = -25;
    hang();
  };
  const Solution solution = solve_by(knapsack(), body, {.wall_time_max_s = 0.2});
  EXPECT_EQ(solution.termination, Termination::limit);
  EXPECT_EQ(solution.x, (std::vector<double>{1, 0, 1}));
  EXPECT_EQ(solution.objective, -17);
  EXPECT_EQ(solution.bound, -25);
  EXPECT_DOUBLE_EQ(solution.gap, 8.0 / 17);
  EXPECT_GE(solution.seconds, 0.2 + kGrace_s);
}

TEST(Child, ThatIgnoresCancelIsKilled) {
  const std::atomic<bool> cancel = true;
  const Body body = [](const Problem&, const Options&, Mailbox& mailbox) {
    while (!mailbox.board().cancel) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    mailbox.publish_incumbent(std::vector<double>{0, 0, 1});
    hang();
  };
  const Solution solution = solve_by(knapsack(), body, {.cancel = &cancel});
  EXPECT_EQ(solution.termination, Termination::interrupted);
  EXPECT_EQ(solution.objective, -7);
}

TEST(Child, ThatCrashesOnceIsAskedAgain) {
  const Body body = [](const Problem& problem, const Options& options, Mailbox& mailbox) {
    std::signal(SIGSEGV, SIG_DFL);  // sanitizers report it themselves
    if (options.presolve) std::raise(SIGSEGV);
    run_highs(problem, options, mailbox);
  };
  const Solution solution = solve_by(wyndor(), body);
  EXPECT_EQ(solution.termination, Termination::optimal) << solution.detail;
  EXPECT_DOUBLE_EQ(solution.objective, -36);
  EXPECT_NE(solution.detail.find("signal 11"), std::string::npos) << solution.detail;
}

TEST(Child, ThatAlwaysCrashesIsUnverified) {
  const Solution solution = solve_by(wyndor(), [](const Problem&, const Options&, Mailbox&) { std::abort(); });
  EXPECT_EQ(solution.termination, Termination::unverified);
  EXPECT_FALSE(solution.has_point);
  EXPECT_NE(solution.detail.find("signal 6"), std::string::npos) << solution.detail;
}

TEST(Child, ThatThrowsOrExitsIsUnverified) {
  const Body thrower = [](const Problem&, const Options&, Mailbox&) { throw std::runtime_error("no"); };
  EXPECT_EQ(solve_by(wyndor(), thrower).termination, Termination::unverified);
  const Body quitter = [](const Problem&, const Options&, Mailbox&) { _exit(3); };
  const Solution solution = solve_by(wyndor(), quitter);
  EXPECT_EQ(solution.termination, Termination::unverified);
  EXPECT_NE(solution.detail.find("code 3"), std::string::npos) << solution.detail;
}

TEST(Child, WithoutMemoryIsAFailure) {
  const Body body = [](const Problem&, const Options&, Mailbox&) { throw std::bad_alloc(); };
  const auto outcome = solve_with(wyndor(), {}, {}, body);
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().message, "the solver's process ran out of memory");
  const auto killed =
      solve_with(wyndor(), {}, {}, [](const Problem&, const Options&, Mailbox&) { std::raise(SIGKILL); });
  EXPECT_FALSE(killed);
}

TEST(Child, KeepsItsIncumbentWhenItCrashes) {
  const Body body = [](const Problem&, const Options&, Mailbox& mailbox) {
    mailbox.publish_incumbent(std::vector<double>{1, 0, 1});
    std::abort();
  };
  const Solution solution = solve_by(knapsack(), body);
  EXPECT_EQ(solution.termination, Termination::unverified);
  EXPECT_EQ(solution.objective, -17);
}

TEST(Child, LeavesStandardOutputAlone) {
  testing::internal::CaptureStdout();
  const Body body = [](const Problem&, const Options&, Mailbox&) { std::ignore = write(STDOUT_FILENO, "noise\n", 6); };
  solve_by(wyndor(), body);
  EXPECT_EQ(testing::internal::GetCapturedStdout(), "");
}

TEST(Child, IgnoresTheTerminalsInterrupt) {
  const Body body = [](const Problem& problem, const Options& options, Mailbox& mailbox) {
    std::raise(SIGINT);
    run_highs(problem, options, mailbox);
  };
  const Solution solution = solve_by(wyndor(), body);
  EXPECT_EQ(solution.termination, Termination::optimal);
  EXPECT_EQ(solution.detail, "");
}

TEST(Child, DiesWithItsOwnerWhenProgressThrows) {
  const OnProgress thrower = [](const Progress&) { throw std::runtime_error("stop"); };
  const Body body = [](const Problem&, const Options&, Mailbox&) { hang(); };
  EXPECT_THROW(solve_with(knapsack(), {.wall_time_max_s = 1}, thrower, body), std::runtime_error);
}

TEST(Child, RunsBesideOtherThreads) {
#if defined(__SANITIZE_THREAD__)
  GTEST_SKIP() << "ThreadSanitizer forbids threads after a fork of several";
#endif
  std::atomic<int> optimal_count = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 3; ++i) {
    threads.emplace_back([&] {
      for (int k = 0; k < 4; ++k) {
        const auto solution = solve(k % 2 == 0 ? wyndor() : knapsack(), {.thread_count = 2});
        if (solution && solution->termination == Termination::optimal) ++optimal_count;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(optimal_count, 12);
}

TEST(Lie, InfeasiblePointIsNotOptimal) {
  const Body body = [](const Problem&, const Options&, Mailbox& mailbox) {
    claim(mailbox, Claim::optimal, {4, 6}, -42);
  };
  const Solution solution = solve_by(wyndor(), body);
  EXPECT_EQ(solution.termination, Termination::unverified);
  EXPECT_FALSE(solution.has_point);
  EXPECT_NE(solution.detail.find("row 2: 24 > 18"), std::string::npos) << solution.detail;
}

TEST(Lie, PointWithoutDualsIsNotOptimal) {
  const Body body = [](const Problem&, const Options&, Mailbox& mailbox) {
    claim(mailbox, Claim::optimal, {2, 6}, -36);
  };
  const Solution solution = solve_by(wyndor(), body);
  EXPECT_EQ(solution.termination, Termination::unverified);
  EXPECT_EQ(solution.objective, -36);
}

TEST(Lie, BoundAboveThePointIsDropped) {
  const Body body = [](const Problem&, const Options&, Mailbox& mailbox) {
    claim(mailbox, Claim::optimal, {0, 1, 1}, -19);
  };
  const Solution solution = solve_by(knapsack(), body);
  EXPECT_EQ(solution.termination, Termination::unverified);
  EXPECT_EQ(solution.bound, -kInf);
}

TEST(Lie, WrongMipBoundIsCaughtBySolvingAgain) {
  const Body body = [](const Problem& problem, const Options& options, Mailbox& mailbox) {
    if (problem.has_integers() && options.presolve) return claim(mailbox, Claim::optimal, {1, 0, 1}, -17);
    run_highs(problem, options, mailbox);
  };
  const Solution solution = solve_by(knapsack(), body);
  EXPECT_EQ(solution.termination, Termination::optimal) << solution.detail;
  EXPECT_EQ(solution.objective, -20);
  EXPECT_NE(solution.detail.find("claimed a bound of -17"), std::string::npos) << solution.detail;
}

TEST(Lie, InfeasibleIsOverruledByTheSecondRun) {
  for (const Problem& problem : {wyndor(), knapsack()}) {
    const Body body = [](const Problem& p, const Options& options, Mailbox& mailbox) {
      if (options.presolve) return claim(mailbox, Claim::infeasible);
      run_highs(p, options, mailbox);
    };
    const Solution solution = solve_by(problem, body);
    EXPECT_EQ(solution.termination, Termination::optimal) << solution.detail;
  }
}

TEST(Lie, InfeasibleIsOverruledByAKnownPoint) {
  const Body body = [](const Problem&, const Options&, Mailbox& mailbox) { claim(mailbox, Claim::infeasible); };
  const Solution solution = solve_by(knapsack(), body, {.start = {0, 1, 0}});
  EXPECT_EQ(solution.termination, Termination::unverified);
  EXPECT_EQ(solution.objective, -13);
}

TEST(Lie, UnboundedNeedsARay) {
  const Body body = [](const Problem& problem, const Options& options, Mailbox& mailbox) {
    run_highs(problem, options, mailbox);
    mailbox.board().claim = Claim::unbounded;
  };
  const Solution solution = solve_by(wyndor(), body);
  EXPECT_EQ(solution.termination, Termination::unverified);
  EXPECT_NE(solution.detail.find("no ray confirms it"), std::string::npos) << solution.detail;
}

TEST(Lie, NotANumberIsNoPoint) {
  const Body body = [](const Problem&, const Options&, Mailbox& mailbox) {
    claim(mailbox, Claim::limit, {std::nan(""), std::nan(""), 0}, std::nan(""));
  };
  const Solution solution = solve_by(knapsack(), body);
  EXPECT_EQ(solution.termination, Termination::limit);
  EXPECT_FALSE(solution.has_point);
  EXPECT_EQ(solution.bound, -kInf);
}

}  // namespace
}  // namespace beltline::lp
