#include "lp/solver.h"

#include <algorithm>
#include <cmath>

#include "base/assert.h"
#include "lp/body.h"
#include "lp/choose.h"
#include "lp/judge.h"
#include "lp/race.h"

namespace beltline::lp {
namespace {

void assert_well_formed(const Problem& p, const Options& options) {
  const std::size_t columns = p.column_count();
  ASSERT(p.column_lower.size() == columns && p.column_upper.size() == columns);
  ASSERT(p.integer.empty() || p.integer.size() == columns);
  ASSERT(p.row_upper.size() == p.row_count());
  ASSERT(p.start.size() == columns + 1 && p.start.front() == 0);
  ASSERT(p.index.size() == p.value.size() && static_cast<std::size_t>(p.start.back()) == p.value.size());
  ASSERT(std::is_sorted(p.start.begin(), p.start.end()));
  for (std::size_t j = 0; j < columns; ++j) {
    for (auto k = static_cast<std::size_t>(p.start[j]); k < static_cast<std::size_t>(p.start[j + 1]); ++k) {
      ASSERT(p.index[k] >= 0 && static_cast<std::size_t>(p.index[k]) < p.row_count());
      ASSERT(k == static_cast<std::size_t>(p.start[j]) || p.index[k - 1] < p.index[k]);
    }
  }
  auto finite = [](double v) { return std::isfinite(v); };
  auto number = [](double v) { return !std::isnan(v); };
  ASSERT(std::isfinite(p.offset) && std::ranges::all_of(p.cost, finite) && std::ranges::all_of(p.value, finite));
  ASSERT(p.quadratic.empty() || p.quadratic.size() == columns);
  ASSERT(std::ranges::all_of(p.quadratic, [](double q) { return std::isfinite(q) && q >= 0; }));
  ASSERT(std::ranges::all_of(p.column_lower, number) && std::ranges::all_of(p.column_upper, number));
  ASSERT(std::ranges::all_of(p.row_lower, number) && std::ranges::all_of(p.row_upper, number));
  ASSERT(options.start.empty() || options.start.size() == columns);
  ASSERT(options.thread_count >= 1);
}

/// Settings as different as possible: a wrong answer rarely survives both.
Options other_settings(const Problem& problem, Options options) {
  options.presolve = !options.presolve;
  options.integrality_tolerance = 1e-9;
  if (!problem.has_integers()) {
    const bool pivoting = options.method == Method::simplex || options.method == Method::active_set;
    if (problem.is_quadratic()) {
      options.method = pivoting ? Method::interior_point : Method::active_set;
    } else if (options.method == Method::interior_point && has_own_interior() && !options.crossover) {
      options.method = Method::hipo;
    } else {
      options.method = Method::simplex;
    }
  }
  // the start may be what led astray; the first run's verified points are kept anyway
  options.start.clear();
  options.start_column_basis.clear();
  options.start_row_basis.clear();
  return options;
}

/// Small problems without integers are over in milliseconds or circle: the first method gets a part of the time, the
/// rest is for another.
double first_share(const Problem& problem) {
  constexpr std::size_t kSmallNonzeros = 20'000;
  return problem.has_integers() || problem.nonzero_count() > kSmallNonzeros ? 1.0 : 0.3;
}

/// One answer from two runs of which the first was not verified.
Solution settle(const Problem& problem, Solution first, Claim first_claim, Solution second, Claim second_claim) {
  const bool point_known = first.has_point || second.has_point;
  // an infeasible LP has a proof, so that two who agree without one are not believed
  const bool agreed = first_claim == Claim::infeasible && second_claim == Claim::infeasible;
  if (agreed && problem.has_integers() && !point_known) {
    second.termination = Termination::infeasible;
    second.detail = "presolve on and off agree";
    return second;
  }
  // a first run that crashed claimed nothing that the second's time limit could leave open
  const bool stopped = second.termination == Termination::limit || second.termination == Termination::interrupted;
  const bool settled = second.termination == Termination::optimal || second.termination == Termination::unbounded ||
                       (second.termination == Termination::infeasible && !point_known) ||
                       (stopped && (first_claim == Claim::none || first_claim == Claim::limit));
  second.detail =
      "first run: " + (first.detail.empty() ? to_string(first.termination) : first.detail) +
      "; second run with other settings: " + (second.detail.empty() ? to_string(second.termination) : second.detail);
  if (settled && !stopped) return second;
  if (!settled) second.termination = Termination::unverified;
  if (first.has_point && (!second.has_point || first.objective < second.objective)) {
    second.has_point = true;
    second.objective = first.objective;
    second.x = std::move(first.x);
    second.gap = std::abs(second.objective - second.bound) / std::max(1.0, std::abs(second.objective));
  }
  return second;
}

}  // namespace

const char* to_string(Termination termination) {
  switch (termination) {
    case Termination::optimal: return "optimal";
    case Termination::infeasible: return "infeasible";
    case Termination::unbounded: return "unbounded";
    case Termination::limit: return "limit";
    case Termination::interrupted: return "interrupted";
    case Termination::unverified: return "unverified";
  }
  return "unverified";
}

Outcome<Solution> solve_with(const Problem& problem, const Options& asked, const OnProgress& on_progress,
                             const Body& body) {
  assert_well_formed(problem, asked);
  if (auto direct = solve_directly(problem)) {
    certify(problem, *direct);
    return std::move(*direct);
  }
  const Choice choice = choose_method(problem, asked);
  Options options = asked;
  options.method = choice.method;
  options.crossover = choice.crossover;
  if (options.race) return race(problem, options, on_progress, body);

  const Session session(problem, options, on_progress, body);
  Options first_options = options;
  first_options.wall_time_max_s *= first_share(problem);
  auto first_raw = session.run(problem, first_options);
  if (!first_raw) return std::unexpected(first_raw.error());
  if (first_raw->out_of_memory && first_raw->incumbent.empty()) return failure(first_raw->detail);
  Solution solution = judge(session, *first_raw, options);

  // a claim that does not hold is given one more chance, from another side; a bound without a proof would stay one
  const bool circled =
      solution.termination == Termination::limit && first_options.wall_time_max_s < options.wall_time_max_s;
  const bool open = solution.termination == Termination::unverified;
  if ((circled || open) && session.may_run()) {
    const Options other = other_settings(problem, options);
    const Raw second_raw = session.run_aside(problem, other);
    solution =
        settle(problem, std::move(solution), first_raw->claim, judge(session, second_raw, other), second_raw.claim);
  }
  if (session.failure()) return std::unexpected(*session.failure());
  certify(problem, solution);
  solution.seconds = session.seconds();
  solution.method = (first_raw->method.empty() ? to_string(choice.method) : first_raw->method) + ": " + choice.why;
  solution.coefficients = first_raw->coefficients;
  return solution;
}

Outcome<Solution> solve(const Problem& problem, const Options& options, const OnProgress& on_progress) {
  return solve_with(problem, options, on_progress, run_body);
}

}  // namespace beltline::lp
