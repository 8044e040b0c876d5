#include "lp/judge.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "base/assert.h"
#include "lp/certificate.h"
#include "lp/check.h"
#include "lp/tangent.h"

namespace beltline::lp {
namespace {

/// Largest |objective − dual bound| of an LP called optimal, relative to max(1, |objective|).
double lp_gap_max(const Problem& problem, const Options& options) {
  const bool vertex = !is_interior(options.method) || (options.crossover && !problem.is_quadratic());
  return vertex ? 1e-6 : 1e-5;
}

double relative_gap(double objective, double bound) {
  return std::abs(objective - bound) / std::max(1.0, std::abs(objective));
}

template <class... Values>
std::string format(const char* pattern, Values... values) {
  char text[256];
  std::snprintf(text, sizeof text, pattern, values...);
  return text;
}

void say(Solution& solution, const std::string& text) {
  if (text.empty()) return;
  if (!solution.detail.empty()) solution.detail += "; ";
  solution.detail += text;
}

bool is_feasible(const Check& check) {
  return std::max({check.row_violation, check.bound_violation, check.integrality_violation}) <= kViolationMax;
}

/// The point with its integers rounded, if that is still feasible: 3 halls instead of 2.9999999.
std::vector<double> rounded(const Problem& problem, const std::vector<double>& x) {
  std::vector<double> whole(x);
  for (std::size_t j = 0; j < whole.size() && !problem.integer.empty(); ++j) {
    if (problem.integer[j] != 0) whole[j] = std::round(whole[j]);
  }
  return whole;
}

/// Takes `x` into the solution if it is feasible and better than what the solution has; says what is wrong otherwise.
void offer_point(const Problem& problem, Solution& solution, const std::vector<double>& x, const char* whose) {
  if (x.size() != problem.column_count() || (x.empty() && problem.column_count() > 0)) return;
  Check check = check_point(problem, x);
  const bool feasible = is_feasible(check);
  if (!feasible) {
    const double violation = std::max({check.row_violation, check.bound_violation, check.integrality_violation});
    say(solution, std::string(whose) + format(" violates the problem by %.2g: ", violation) + check.worst);
    return;
  }
  std::vector<double> best = x;
  if (problem.has_integers() && check.integrality_violation > 0) {
    std::vector<double> whole = rounded(problem, x);
    const Check whole_check = check_point(problem, whole);
    // big-M rows may need the fraction; then the point stays as it is, within the tolerance
    if (is_feasible(whole_check) && whole_check.row_violation <= std::max(1e-9, check.row_violation)) {
      best = std::move(whole);
      check = whole_check;
    }
  }
  if (solution.has_point && check.objective >= solution.objective) return;
  solution.has_point = true;
  solution.objective = check.objective;
  solution.x = std::move(best);
}

void set_bound(Solution& solution, double bound) {
  solution.bound = std::isnan(bound) ? -kInf : bound;
  if (!solution.has_point) return;
  // within the tolerances the bound may pass the point; a lower bound above the point would only puzzle
  if (relative_gap(solution.objective, solution.bound) <= 1e-6)
    solution.bound = std::min(solution.bound, solution.objective);
  solution.gap = relative_gap(solution.objective, solution.bound);
}

double lagrangean_bound(const Problem& problem, const Raw& raw) {
  if (raw.row_dual.size() != problem.row_count() || raw.column_dual.size() != problem.column_count()) return -kInf;
  return dual_bound(problem, raw.row_dual, 1e-7,
                    raw.x.size() == problem.column_count() ? raw.x : std::vector<double>{});
}

/// The bound that no rounding has raised, from duals of the problem or its relaxation; once more, whatever they are.
void set_safe_bound(const Problem& problem, const std::vector<double>& row_dual, Solution& solution) {
  if (row_dual.size() != problem.row_count()) {
    solution.safe_bound_detail = "there are no duals";
    return;
  }
  // a margin, so that the bound itself decides where the point is optimal
  const double margin = 1e-6 * std::max(1.0, std::abs(solution.objective));
  const double cost_max = solution.has_point ? solution.objective + margin : kInf;
  SafeBound safe = safe_dual_bound(problem, row_dual, cost_max);
  if (safe.bound < solution.safe_bound || (safe.bound == solution.safe_bound && !solution.safe_row_dual.empty()))
    return;
  solution.safe_bound = safe.bound;
  solution.safe_bound_detail = std::move(safe.detail);
  solution.safe_row_dual = row_dual;
}

/// The safe bound from a run's duals; where a column without bound spoils it, from those of the problem with a margin,
/// which the same vertex solves in a few pivots.
///
/// @param target  the bound with rounding forgiven, which the safe one should come close to
void prove_bound(const Session& session, const Problem& problem, const Raw& raw, double target, Solution& solution) {
  set_safe_bound(problem, raw.row_dual, solution);
  const bool vertex = raw.column_basis.size() == problem.column_count() && raw.row_basis.size() == problem.row_count();
  if (!vertex || raw.row_dual.size() != problem.row_count() || problem.is_quadratic()) return;
  // a bound far below is no better than none: implied bounds may lie anywhere
  const auto is_near = [&] {
    return solution.safe_bound > -kInf && solution.safe_bound >= target - 1e-6 * std::max(1.0, std::abs(target));
  };
  for (const double share : {1e-11, 1e-9, 1e-8}) {
    if (is_near() || !session.may_run()) return;
    const Options options{
        .method = Method::simplex, .start_column_basis = raw.column_basis, .start_row_basis = raw.row_basis};
    const std::vector<double> x = raw.x.size() == problem.column_count() ? raw.x : std::vector<double>();
    const Raw aside =
        session.run_aside(with_margin(problem, raw.row_dual, x, share), options, std::max(1.0, raw.seconds));
    if (aside.claim == Claim::optimal) set_safe_bound(problem, aside.row_dual, solution);
  }
}

/// An LP or QP is optimal if point and row duals have the same objective, whatever the solver calls it.
void judge_lp_optimal(const Session& session, const Raw& claimed, const Options& options, Solution& solution) {
  const Problem& problem = session.problem();
  set_bound(solution, lagrangean_bound(problem, claimed));
  Raw raw = claimed;
  if (problem.is_quadratic() && solution.has_point && !(solution.gap <= lp_gap_max(problem, options))) {
    // a point may be right where its duals are not
    const Raw tangent = tangent_duals(session, solution.x);
    if (const double bound = lagrangean_bound(problem, tangent); bound > solution.bound) {
      set_bound(solution, bound);
      raw.row_dual = tangent.row_dual;
      raw.column_dual = tangent.column_dual;
    }
  }
  prove_bound(session, problem, raw, solution.bound, solution);
  if (!solution.has_point) return;
  if (solution.gap <= lp_gap_max(session.problem(), options)) {
    solution.termination = Termination::optimal;
    solution.gap = 0;
    solution.row_dual = raw.row_dual;
    solution.column_dual = raw.column_dual;
    if (correct_reduced_costs(session.problem(), solution.x, solution.row_dual, solution.column_dual)) {
      say(solution, "the solver's reduced costs did not follow from its duals and were computed again");
    }
    if (fits_point(session.problem(), solution.x, raw.column_basis, raw.row_basis)) {
      solution.column_basis = raw.column_basis;
      solution.row_basis = raw.row_basis;
    }
  } else {
    say(solution,
        format("the duals prove a cost of %.9g at least, the point has %.9g", solution.bound, solution.objective));
  }
}

/// The bound of the LP relaxation, proved by its duals; -infinity if it cannot be had in about the time of the MIP.
double relaxation_bound(const Session& session, const Raw& raw, Solution& solution) {
  if (!session.may_run()) return -kInf;
  const Problem lp = relaxed(session.problem());
  Options options = session.options();
  options.start.clear();
  const Raw aside = session.run_aside(lp, options, std::max(1.0, raw.seconds));
  const double bound = lagrangean_bound(lp, aside);
  prove_bound(session, lp, aside, bound, solution);
  return bound;
}

/// Small MIPs are solved again without presolve, the part that most wrong answers came from (HiGHS #2585): the cost of
/// a second is nothing beside a plan built on a wrong number.
void solve_again(const Session& session, const Raw& raw, const Options& options, Solution& solution) {
  constexpr double kSmall_s = 0.5;
  if (raw.seconds > kSmall_s || !session.may_run()) return;
  Options other = options;
  other.presolve = !other.presolve;
  other.start.clear();
  const Raw second = session.run_aside(session.problem(), other, 2 * kSmall_s);
  Solution witness;
  offer_point(session.problem(), witness, second.x, "the second run's point");
  if (!witness.has_point || witness.objective >= solution.bound - 1e-6 * std::max(1.0, std::abs(solution.bound)))
    return;
  say(solution, format("the solver claimed a bound of %.9g, but with presolve ", solution.bound) +
                    (other.presolve ? "on" : "off") + format(" it finds %.9g", witness.objective));
  solution.termination = Termination::unverified;
  solution.objective = witness.objective;
  solution.x = witness.x;
  set_bound(solution, -kInf);
}

/// A point whose integers are whole only within the tolerance, and that is not feasible with them rounded, is none:
/// what a switch a millionth on lets through is cut off at the switch. The others are solved again with the integers
/// whole.
bool make_whole(const Session& session, Solution& solution) {
  const Problem& problem = session.problem();
  constexpr double kWhole = 1e-9;
  if (check_point(problem, solution.x).integrality_violation <= kWhole) return true;
  Problem fixed = relaxed(problem);
  for (std::size_t j = 0; j < fixed.column_count(); ++j) {
    if (problem.integer[j] != 0) fixed.column_lower[j] = fixed.column_upper[j] = std::round(solution.x[j]);
  }
  Solution whole;
  if (session.may_run()) offer_point(problem, whole, session.run_aside(fixed, {}).x, "the point with whole integers");
  if (!whole.has_point || check_point(problem, whole.x).integrality_violation > kWhole) return false;
  solution.x = std::move(whole.x);
  solution.objective = whole.objective;
  set_bound(solution, solution.bound);
  return true;
}

/// A MIP is optimal if the verified point lies within the gap of the solver's bound and nothing contradicts either.
void judge_mip_optimal(const Session& session, const Raw& raw, const Options& options, Solution& solution) {
  set_bound(solution, raw.bound);
  if (!solution.has_point) return;
  const double slack = 1e-6 * std::max(1.0, std::abs(solution.objective));
  if (solution.bound > solution.objective + slack) {
    say(solution,
        format("the solver's bound %.9g lies above the point's cost %.9g", solution.bound, solution.objective));
    return set_bound(solution, -kInf);
  }
  if (!make_whole(session, solution)) {
    say(solution, "the point is feasible only with integers that are not quite whole");
    return;
  }
  if (solution.gap > options.mip_gap_max + 1e-6) {
    say(solution, format("the gap of %.2g is larger than asked for", solution.gap));
    return;
  }
  const double relaxation = relaxation_bound(session, raw, solution);
  if (relaxation > solution.objective + 10 * slack) {
    say(solution,
        format("the LP relaxation proves a cost of %.9g at least, the point has %.9g", relaxation, solution.objective));
    return set_bound(solution, -kInf);
  }
  set_bound(solution, std::max(raw.bound, relaxation));
  solution.termination = Termination::optimal;
  solve_again(session, raw, options, solution);
}

void judge_infeasible(const Session& session, const Raw& raw, Solution& solution) {
  const Problem& problem = session.problem();
  if (solution.has_point) {
    say(solution, "the solver claimed infeasible, but a feasible point is known");
    return;
  }
  bool proved = proves_infeasible(problem, raw.dual_ray);
  if (!proved && session.may_run()) {
    // only the simplex method on an LP leaves a ray
    const Problem lp = relaxed(problem);
    proved = proves_infeasible(lp, session.run_aside(lp, {.method = Method::simplex}).dual_ray);
    // the least that has to give in all rows together: its duals are multipliers that prove it
    if (!proved && session.may_run()) {
      proved = proves_infeasible(lp, session.run_aside(elastic_problem(lp), {.method = Method::simplex}).row_dual);
    }
  }
  if (proved) solution.termination = Termination::infeasible;
  say(solution,
      proved ? "infeasible, proved by a ray of row multipliers" : "the solver claimed infeasible without a proof");
}

/// What the active set of a QP leaves open: whether there is a feasible point at all, and a direction of falling cost.
bool has_unbounded_ray(const Session& session, const Raw& raw);
void settle_quadratic(const Session& session, const Raw& raw, Solution& solution) {
  if (!session.may_run()) return;
  Problem free_of_cost = session.problem();
  free_of_cost.cost.assign(free_of_cost.column_count(), 0.0);
  free_of_cost.quadratic.clear();
  const Raw aside = session.run_aside(free_of_cost, {.method = Method::simplex});
  if (aside.claim == Claim::infeasible && !solution.has_point) return judge_infeasible(session, aside, solution);
  Solution feasible;
  offer_point(session.problem(), feasible, aside.x, "the feasible point");
  if (!feasible.has_point || !has_unbounded_ray(session, raw)) return;
  solution.has_point = true;
  solution.x = std::move(feasible.x);
  solution.objective = feasible.objective;
  solution.termination = Termination::unbounded;
  say(solution, "unbounded, proved by a feasible point and a ray");
}

/// A direction that proves unboundedness: the solver's own, or the optimum of the recession problem.
bool has_unbounded_ray(const Session& session, const Raw& raw) {
  if (proves_unbounded(session.problem(), raw.primal_ray)) return true;
  if (!session.may_run()) return false;
  const Problem cone = recession_problem(session.problem());
  return proves_unbounded(session.problem(), session.run_aside(cone, {.method = Method::simplex}).x);
}

/// Unbounded needs a feasible point as well: without one a falling direction leads nowhere.
void judge_unbounded(const Session& session, const Raw& raw, const Options& options, Solution& solution) {
  if (!has_unbounded_ray(session, raw)) {
    return say(solution, std::string("the solver claimed ") + to_string(raw.claim) + ", but no ray confirms it");
  }
  Raw aside;
  if (!solution.has_point && session.may_run()) {
    Problem free_of_cost = session.problem();
    free_of_cost.cost.assign(free_of_cost.column_count(), 0.0);
    free_of_cost.quadratic.clear();
    Options plain = options;
    plain.start.clear();
    aside = session.run_aside(free_of_cost, plain);
    offer_point(session.problem(), solution, aside.x, "the feasible point");
  }
  if (solution.has_point) {
    solution.termination = Termination::unbounded;
    // the point shows feasibility; its cost says nothing
    return say(solution, "unbounded, proved by a feasible point and a ray");
  }
  if (aside.claim == Claim::infeasible) return judge_infeasible(session, aside, solution);
  say(solution, std::string("the solver claimed ") + to_string(raw.claim) + ", but no feasible point was found");
}

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
  solution.bound_is_proved = solution.safe_bound > -kInf &&
                             solution.bound - solution.safe_bound <= 1e-6 * std::max(1.0, std::abs(solution.bound));
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
