#include "lp/judge.h"

#include <algorithm>
#include <cmath>

#include "base/assert.h"
#include "lp/certificate.h"
#include "lp/check.h"
#include "lp/verdict.h"

namespace beltline::lp {
namespace {

void judge_stopped(const Session& session, const Raw& raw, Solution& solution) {
  solution.termination = raw.claim == Claim::limit ? Termination::limit : Termination::interrupted;
  const bool mip = session.problem().has_integers();
  set_bound(solution, mip ? raw.bound : lagrangean_bound(session.problem(), raw));
  if (!mip && !raw.row_dual.empty()) set_safe_bound(session.problem(), raw.row_dual, solution);
  if (solution.bound > solution.objective) {
    say(solution,
        format("the bound %.9g contradicts the point's cost %.9g and is dropped", solution.bound, solution.objective));
    set_bound(solution, -kInf);
  }
}

/// The value of a column that no row holds, and whether its cost has a minimum there.
struct Alone {
  double x = 0;
  bool bounded = true;
};

Alone best_alone(const Problem& problem, std::size_t j) {
  const bool integer = !problem.integer.empty() && problem.integer[j] != 0;
  // an integer bound of 2.9999999 means 3, as find_bound_conflict reads it
  const double lower = integer ? std::ceil(problem.column_lower[j] - kViolationMax) : problem.column_lower[j];
  const double upper = integer ? std::floor(problem.column_upper[j] + kViolationMax) : problem.column_upper[j];
  const double nearest = std::clamp(0.0, lower, upper);
  if (const double q = problem.quadratic_of(j); q > 0) {
    const double vertex = std::clamp(-problem.cost[j] / q, lower, upper);
    if (!integer) return {.x = vertex};
    const auto value = [&](double x) { return (0.5 * q * x + problem.cost[j]) * x; };
    const double below = std::floor(vertex), above = std::ceil(vertex);
    return {.x = value(below) <= value(above) ? below : above};
  }
  if (problem.cost[j] == 0) return {.x = nearest};
  const double best = problem.cost[j] > 0 ? lower : upper;
  if (!std::isfinite(best)) return {.x = nearest, .bounded = false};
  return {.x = best};
}

}  // namespace

double Session::seconds() const {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin_).count();
}

bool Session::may_run() const {
  const bool cancelled =
      (options_.cancel != nullptr && *options_.cancel) || (options_.abandon != nullptr && *options_.abandon);
  return !cancelled && seconds() < options_.wall_time_max_s;
}

Outcome<Raw> Session::run(const Problem& problem, Options options) const {
  options.wall_time_max_s = std::max(0.0, std::min(options.wall_time_max_s, options_.wall_time_max_s - seconds()));
  options.cancel = options_.cancel;
  options.abandon = options_.abandon;
  return run_in_child(problem, options, on_progress_, body_);
}

Raw Session::run_aside(const Problem& problem, Options options, double seconds_max) const {
  options.wall_time_max_s = seconds_max;
  options.thread_count = options_.thread_count;
  options.seed = options_.seed;
  Outcome<Raw> raw = run(problem, std::move(options));
  if (raw) return std::move(*raw);
  failure_ = raw.error();
  return Raw{.crashed = true, .detail = raw.error().message};
}

Solution judge(const Session& session, const Raw& raw, const Options& options) {
  const Problem& problem = session.problem();
  Solution solution;
  solution.iteration_count = raw.iteration_count;
  solution.node_count = raw.node_count;
  solution.detail = raw.detail;
  offer_point(problem, solution, raw.x, "the solver's point");
  offer_point(problem, solution, raw.incumbent, "the solver's incumbent");
  // of an LP with a point the duals belong to that point, so its start is only a fallback
  if (problem.has_integers() || !solution.has_point)
    offer_point(problem, solution, session.options().start, "the start");
  if (raw.crashed) return solution;
  switch (raw.claim) {
    case Claim::limit:
    case Claim::interrupted: judge_stopped(session, raw, solution); break;
    case Claim::infeasible: judge_infeasible(session, raw, solution); break;
    case Claim::unbounded:
    case Claim::infeasible_or_unbounded: judge_unbounded(session, raw, options, solution); break;
    case Claim::optimal:
    case Claim::none:
      if (problem.has_integers()) {
        judge_mip_optimal(session, raw, options, solution);
      } else {
        judge_lp_optimal(session, raw, options, solution);
      }
      break;
  }
  const bool open = solution.termination == Termination::unverified;
  if (open && problem.is_quadratic() && !problem.has_integers()) settle_quadratic(session, raw, solution);
  return solution;
}

void certify(const Problem& problem, Solution& solution) {
  const double slack = 1e-6 * std::max(1.0, std::abs(solution.bound));
  const bool is_safe = solution.safe_bound > -kInf && solution.bound - solution.safe_bound <= slack;
  solution.bound_is_proved = solution.bound_is_proved || is_safe;
  if (!solution.has_point) return;
  const Check exact = check_point_exactly(problem, solution.x);
  if (!is_feasible(exact)) {
    say(solution, "in exact arithmetic the point violates the problem: " + exact.worst);
    if (solution.termination == Termination::optimal) solution.termination = Termination::unverified;
    solution.has_point = false;
    return;
  }
  solution.objective = exact.objective;
}

std::optional<Solution> solve_directly(const Problem& problem) {
  Solution solution;
  if (const auto conflict = find_bound_conflict(problem)) {
    solution.termination = Termination::infeasible;
    solution.detail = *conflict;
    return solution;
  }
  // without nonzeros the rows say 0 ∈ [lower, upper] and each column stands alone
  if (problem.nonzero_count() > 0) return std::nullopt;
  std::vector<double> x(problem.column_count());
  bool bounded = true;
  for (std::size_t j = 0; j < x.size(); ++j) {
    const Alone alone = best_alone(problem, j);
    bounded = bounded && alone.bounded;
    x[j] = alone.x;
  }
  offer_point(problem, solution, x, "every point");
  if (!solution.has_point) {
    solution.termination = Termination::infeasible;
  } else if (!bounded) {
    solution.termination = Termination::unbounded;
  } else {
    solution.termination = Termination::optimal;
    set_bound(solution, solution.objective);
    set_safe_bound(problem, std::vector<double>(problem.row_count(), 0.0), solution);
    if (!problem.has_integers()) {
      solution.row_dual.assign(problem.row_count(), 0.0);
      solution.column_dual = problem.cost;
      for (std::size_t j = 0; j < x.size(); ++j) solution.column_dual[j] += problem.quadratic_of(j) * x[j];
    }
  }
  return solution;
}

}  // namespace beltline::lp
