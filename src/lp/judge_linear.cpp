#include <algorithm>
#include <cmath>

#include "lp/check.h"
#include "lp/tangent.h"
#include "lp/verdict.h"

namespace beltline::lp {
namespace {

/// Largest |objective − dual bound| of an LP called optimal, relative to max(1, |objective|).
double lp_gap_max(const Problem& problem, const Options& options) {
  const bool vertex = !is_interior(options.method) || (options.crossover && !problem.is_quadratic());
  return vertex ? 1e-6 : 1e-5;
}

/// A direction that proves unboundedness: the solver's own, or the optimum of the recession problem.
bool has_unbounded_ray(const Session& session, const Raw& raw) {
  if (proves_unbounded(session.problem(), raw.primal_ray)) return true;
  if (!session.may_run()) return false;
  const Problem cone = recession_problem(session.problem());
  return proves_unbounded(session.problem(), session.run_aside(cone, {.method = Method::simplex}).x);
}

}  // namespace

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

}  // namespace beltline::lp
