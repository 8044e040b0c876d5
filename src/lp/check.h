// Proofs of what a solver says, computed from the Problem alone: nothing here shares code with a solver.
//
// check_point and dual_bound are public (lp/solver.h); these are the parts that only `solve` uses.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "lp/problem.h"
#include "lp/solver.h"

namespace beltline::lp {

/// Violations up to this, relative to 1 + |bound|, count as feasible; the header of `solve` promises it.
inline constexpr double kViolationMax = 1e-6;

/// What is wrong with the problem's own bounds: "column 3: lower bound 2 > upper bound 1". Such a problem is
/// infeasible.
///
/// An integer column without an integer between its bounds counts too. Rows are only looked at for their own bounds.
std::optional<std::string> find_bound_conflict(const Problem& problem);

/// Farkas' lemma: no x satisfies rows and bounds if for some y, with y_i ≥ 0 where row i has only a lower bound and
/// y_i ≤ 0 where it has only an upper one,
///
///   max over column_lower ≤ x ≤ column_upper of yᵀA x  <  Σ_i (y_i > 0 ? y_i row_lower_i : y_i row_upper_i).
///
/// @param ray  [row] y of any length; entries of the wrong sign are set to 0
bool proves_infeasible(const Problem& problem, const std::vector<double>& ray);

/// A direction d along which every feasible point stays feasible and the cost falls for ever: costᵀd < 0, A d ≥ 0 in
/// rows with a lower bound, ≤ 0 in rows with an upper bound, and likewise d itself; 0 where the cost is quadratic.
///
/// @param ray  [column] d of any length
bool proves_unbounded(const Problem& problem, const std::vector<double>& ray);

/// Reduced costs d = cost + q x − Aᵀy where those given differ by more than rounding; true if they did.
///
/// @param column_dual  [column] in: what the solver says; out: unchanged, or all computed from the row duals
bool correct_reduced_costs(const Problem& problem, const std::vector<double>& x, const std::vector<double>& row_dual,
                           std::vector<double>& column_dual);

/// Whether a basis can be that of a point: as many basic as there are rows, and what is at a bound is there.
bool fits_point(const Problem& problem, const std::vector<double>& x, const std::vector<Basis>& column_basis,
                const std::vector<Basis>& row_basis);

/// The LP whose optimum is negative if and only if the problem has such a direction: min costᵀd over the recession cone
/// cut off at |d_j| ≤ 1.
Problem recession_problem(const Problem& problem);

}  // namespace beltline::lp
