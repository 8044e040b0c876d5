// What the parts of judge share: points and bounds taken into a solution, each with its check.
#pragma once

#include <cstdio>
#include <string>
#include <vector>

#include "lp/judge.h"

namespace beltline::lp {

double relative_gap(double objective, double bound);

template <class... Values>
std::string format(const char* pattern, Values... values) {
  char text[256];
  std::snprintf(text, sizeof text, pattern, values...);
  return text;
}

/// Adds a line to the solution's detail.
void say(Solution& solution, const std::string& text);

bool is_feasible(const Check& check);

/// Takes `x` into the solution if it is feasible and better than what the solution has; says what is wrong otherwise.
///
/// @param whose  "the solver's point"
void offer_point(const Problem& problem, Solution& solution, const std::vector<double>& x, const char* whose);

/// Bound and gap; a bound above the point by no more than the tolerance is the point's cost.
void set_bound(Solution& solution, double bound);

/// The Lagrangean bound of a run's duals, with rounding forgiven; -infinity where it left none.
double lagrangean_bound(const Problem& problem, const Raw& raw);

/// The bound that no rounding has raised, from duals of the problem or its relaxation; kept if it is better.
void set_safe_bound(const Problem& problem, const std::vector<double>& row_dual, Solution& solution);

/// The safe bound from a run's duals; where a column without bound spoils it, from those of the problem with a margin,
/// which the same vertex solves in a few pivots.
///
/// @param target  the bound with rounding forgiven, which the safe one should come close to
void prove_bound(const Session& session, const Problem& problem, const Raw& raw, double target, Solution& solution);

/// An LP or QP is optimal if point and row duals have the same objective, whatever the solver calls it.
void judge_lp_optimal(const Session& session, const Raw& claimed, const Options& options, Solution& solution);

/// A MIP is optimal if the verified point lies within the gap of a bound that is proved, or, where the options ask for
/// no proof, of the solver's bound.
void judge_mip_optimal(const Session& session, const Raw& raw, const Options& options, Solution& solution);

/// Infeasible needs multipliers of the rows that prove it.
void judge_infeasible(const Session& session, const Raw& raw, Solution& solution);

/// Unbounded needs a feasible point as well: without one a falling direction leads nowhere.
void judge_unbounded(const Session& session, const Raw& raw, const Options& options, Solution& solution);

/// What the active set of a QP leaves open: whether there is a feasible point at all, and a direction of falling cost.
void settle_quadratic(const Session& session, const Raw& raw, Solution& solution);

}  // namespace beltline::lp
