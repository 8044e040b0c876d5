// Thirty corruptions seeded into what a solver returns and into the problem it solves: none may pass.
#include <functional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "lp/highs.h"
#include "lp/judge.h"
#include "lp/test_problems.h"

namespace beltline::lp {
namespace {

struct Corruption {
  const char* name;
  bool for_integers = false;                                       // of a MIP, else of an LP
  std::function<void(Problem&)> problem = nullptr;                 // what the solver is given
  std::function<void(const Problem&, Mailbox&)> answer = nullptr;  // what it leaves
};

/// Two plants serve three demands over a store: an LP with equalities, ranges, prices everywhere and no ties.
Problem network() {
  const std::vector<Column> columns{{.cost = 3, .upper = 40},
                                    {.cost = 5.5, .upper = 60},
                                    {.cost = 0.1, .upper = 15},
                                    {.cost = 0.2, .upper = 15},
                                    {.cost = 90},
                                    {.cost = 11, .lower = 2}};
  const std::vector<Row> rows{{30, {1, 0, -1, 1, 1, 0}, 30},
                              {55, {0, 1, 0.9, -1, 1, 1}, 55},
                              {-kInf, {2, 1, 0, 0, 0, 0}, 95},
                              {5, {1, 0, 0, 0, 0, 1}, 39}};
  return make_problem(columns, rows, 7);
}

/// The index of the row dual, column or the like that is largest: one that matters.
template <class Values>
std::size_t largest(const Values& values) {
  std::size_t best = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (std::abs(values[i]) > std::abs(values[best])) best = i;
  }
  return best;
}

double& entry(Problem& p, std::size_t k) {
  return p.value[k];
}

std::vector<Corruption> corruptions() {
  const double nan = std::nan("");
  using P = Problem&;
  using A = const Problem&;
  using M = Mailbox&;
  return {
      // the answer of an LP
      {.name = "a flipped dual", .answer = [](A, M m) { m.row_dual()[largest(m.row_dual())] *= -1; }},
      {.name = "all duals flipped",
       .answer =
           [](A, M m) {
             for (double& y : m.row_dual()) y = -y;
           }},
      {.name = "duals shifted by one row",
       .answer = [](A, M m) { std::ranges::rotate(m.row_dual(), m.row_dual().begin() + 1); }},
      {.name = "a dual of zero", .answer = [](A, M m) { m.row_dual()[largest(m.row_dual())] = 0; }},
      {.name = "a dual off in its fourth digit",
       .answer = [](A, M m) { m.row_dual()[largest(m.row_dual())] *= 1.001; }},
      {.name = "a dual that is no number", .answer = [nan](A, M m) { m.row_dual()[largest(m.row_dual())] = nan; }},
      {.name = "a point that is no number", .answer = [nan](A, M m) { m.x()[0] = nan; }},
      {.name = "an infinite value", .answer = [](A, M m) { m.x()[1] = kInf; }},
      {.name = "two values swapped", .answer = [](A, M m) { std::swap(m.x()[0], m.x()[1]); }},
      {.name = "a value moved by a thousandth", .answer = [](A, M m) { m.x()[0] += 0.01; }},
      {.name = "a point shifted by one column",
       .answer = [](A, M m) { std::ranges::rotate(m.x(), m.x().begin() + 1); }},
      {.name = "a feasible point that is not the best",
       .answer =
           [](A p, M m) {
             // all by the dearest
             const std::vector<double> x{5, 25, 0, 0, 25, 5};
             if (check_point(p, x).row_violation == 0) std::ranges::copy(x, m.x().begin());
           }},
      {.name = "a wrong reduced cost", .answer = [](A, M m) { m.column_dual()[largest(m.column_dual())] *= -1; }},
      {.name = "a stale basis",
       .answer = [](A, M m) { std::ranges::fill(m.column_basis(), static_cast<uint8_t>(Basis::at_upper)); }},
      {.name = "infeasible said of an optimum", .answer = [](A, M m) { m.board().claim = Claim::infeasible; }},
      {.name = "unbounded said of an optimum", .answer = [](A, M m) { m.board().claim = Claim::unbounded; }},
      {.name = "an invented ray of infeasibility",
       .answer =
           [](A, M m) {
             m.board().claim = Claim::infeasible;
             m.board().has_dual_ray = true;
             std::ranges::copy(m.row_dual(), m.dual_ray().begin());
             m.board().has_point = false;
           }},
      {.name = "no point", .answer = [](A, M m) { m.board().has_point = false; }},
      {.name = "no duals", .answer = [](A, M m) { m.board().has_duals = false; }},
      // the problem that the solver was given
      {.name = "a dropped row", .problem = [](P p) { p.row_lower[1] = -kInf, p.row_upper[1] = kInf; }},
      {.name = "a wrong bound of a row", .problem = [](P p) { p.row_lower[0] = p.row_upper[0] = 29; }},
      {.name = "a wrong bound of a column", .problem = [](P p) { p.column_upper[0] = 30; }},
      {.name = "a column without its bound",
       .problem = [](P p) { p.column_upper[1] = kInf, p.column_upper[0] = kInf; }},
      {.name = "a shifted index", .problem = [](P p) { p.index[0] = 1, p.index[1] = 2, p.index[2] = 3; }},
      {.name = "two columns swapped in cost", .problem = [](P p) { std::swap(p.cost[0], p.cost[1]); }},
      {.name = "a term of the objective lost", .problem = [](P p) { p.cost[1] = 0; }},
      {.name = "a coefficient of the wrong sign", .problem = [](P p) { entry(p, 0) *= -1; }},
      // integers
      {.name = "an integer rounded the wrong way",
       .for_integers = true,
       .answer = [](A, M m) { m.x()[0] = m.x()[0] > 0.5 ? 0 : 1; }},
      {.name = "a bound above the optimum",
       .for_integers = true,
       .answer =
           [](A, M m) {
             std::ranges::copy(std::vector<double>{1, 0, 1}, m.x().begin());
             m.board().final_bound = -17;
             m.board().bound = -17;
           }},
      {.name = "integrality lost", .for_integers = true, .problem = [](P p) { p.integer.clear(); }},
  };
}

/// Wrong in the first run, or in every run but those without presolve that a proof asks for.
Body liar(const Corruption& corruption, bool always) {
  return [&corruption, always](const Problem& problem, const Options& options, Mailbox& mailbox) {
    const bool lies = (always || options.presolve) && problem.has_integers() == corruption.for_integers;
    Problem given = problem;
    if (lies && corruption.problem) corruption.problem(given);
    run_highs(given, options, mailbox);
    if (lies && corruption.answer) corruption.answer(problem, mailbox);
  };
}

/// What an answer must be: the right one, with duals, reduced costs and a basis that belong to it, or none.
void expect_right_or_unverified(const Problem& problem, const Solution& solution, double optimum) {
  if (solution.termination == Termination::unverified) return;
  ASSERT_EQ(to_string(solution.termination), std::string("optimal")) << solution.detail;
  EXPECT_NEAR(solution.objective, optimum, 1e-6 * std::abs(optimum)) << solution.detail;
  EXPECT_LE(check_point(problem, solution.x).row_violation, 1e-6);
  EXPECT_LE(solution.safe_bound, optimum + 1e-9 * std::abs(optimum));
  if (problem.has_integers()) return;
  EXPECT_NEAR(dual_bound(problem, solution.row_dual), optimum, 1e-6 * std::abs(optimum));
  for (std::size_t j = 0; j < problem.column_count(); ++j) {
    double d = problem.cost[j];
    for (auto k = problem.start[j]; k < problem.start[j + 1]; ++k) {
      const auto at = static_cast<std::size_t>(k);
      d -= problem.value[at] * solution.row_dual[static_cast<std::size_t>(problem.index[at])];
    }
    EXPECT_NEAR(solution.column_dual[j], d, 1e-6);
  }
  for (std::size_t j = 0; j < solution.column_basis.size(); ++j) {
    if (solution.column_basis[j] != Basis::at_upper) continue;
    EXPECT_NEAR(solution.x[j], problem.column_upper[j], 1e-6);
  }
}

TEST(Corruption, ThereAreThirty) {
  EXPECT_EQ(corruptions().size(), 30u);
}

TEST(Corruption, OfTheFirstRunIsRepairedByTheSecond) {
  for (const Corruption& corruption : corruptions()) {
    SCOPED_TRACE(corruption.name);
    const Problem problem = corruption.for_integers ? knapsack() : network();
    const double optimum = solve(problem, {.mip_gap_max = 0})->objective;
    const auto solution = solve_with(problem, {.mip_gap_max = 0}, {}, liar(corruption, false));
    ASSERT_TRUE(solution);
    expect_right_or_unverified(problem, *solution, optimum);
  }
}

TEST(Corruption, OfEveryRunIsNeverBelieved) {
  int unverified_count = 0;
  for (const Corruption& corruption : corruptions()) {
    SCOPED_TRACE(corruption.name);
    const Problem problem = corruption.for_integers ? knapsack() : network();
    const double optimum = solve(problem, {.mip_gap_max = 0})->objective;
    const auto solution = solve_with(problem, {.mip_gap_max = 0}, {}, liar(corruption, true));
    ASSERT_TRUE(solution);
    expect_right_or_unverified(problem, *solution, optimum);
    unverified_count += solution->termination == Termination::unverified ? 1 : 0;
  }
  // all but those that the check itself sets right: a reduced cost, a basis
  EXPECT_GE(unverified_count, 24);
}

TEST(Corruption, OfRandomProblemsIsNeverBelieved) {
  for (unsigned seed = 0; seed < 6; ++seed) {
    SCOPED_TRACE(seed);
    const Problem problem = random_lp(seed);
    if (problem.column_count() < 6 || problem.row_count() < 4) continue;
    const double optimum = solve(problem, {})->objective;
    for (const Corruption& corruption : corruptions()) {
      // made for the network's own numbers
      if (corruption.for_integers || corruption.problem) continue;
      SCOPED_TRACE(corruption.name);
      const auto solution = solve_with(problem, {}, {}, liar(corruption, true));
      ASSERT_TRUE(solution);
      expect_right_or_unverified(problem, *solution, optimum);
    }
  }
}

}  // namespace
}  // namespace beltline::lp
