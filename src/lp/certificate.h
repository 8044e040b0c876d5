// Certificates of an answer: a bound that no rounding can have raised, and a recheck of a point without rounding.
#pragma once

#include <string>
#include <vector>

#include "lp/problem.h"
#include "lp/solver.h"

namespace beltline::lp {

struct SafeBound {
  double bound = -kInf;  // never above the optimum of the relaxation, whatever the duals
  std::string detail;    // why it is −infinity: "column 3 has a reduced cost of -1e-9 and no upper bound"
};

/// The Lagrangean bound L(y) of lp/README.md in arithmetic whose rounding is bounded and taken off (Neumaier and
/// Shcherbina 2004, Math. Prog. 99:283–296). Reduced costs are intervals; nothing is forgiven.
///
/// A column whose reduced cost may have the sign for which it has no bound gets the bound that rows, other bounds and
/// the cost imply: either the optimum is above `cost_max`, or every optimal point costs at most that. So what comes
/// out is min(cost_max, L), safe for any number.
///
/// Where that is not enough, duals near by are sought for which such reduced costs are exactly 0 (exact_duals.h).
///
/// @param row_dual  [row] y, from wherever
/// @param cost_max  a cost near which the optimum is expected, such as that of a feasible point; infinity: none
/// @cost  O(nonzeros), at most 20 passes more over the rows where bounds have to be implied, and a few sparse
///        factorisations of the columns whose reduced costs have to be exact
SafeBound safe_dual_bound(const Problem& problem, const std::vector<double>& row_dual, double cost_max = kInf);

/// Reduced costs c − Aᵀy of linear columns as `safe_dual_bound` knows them: each lies between the two.
struct ReducedCost {
  double lower = 0;
  double upper = 0;
};
std::vector<ReducedCost> safe_reduced_costs(const Problem& problem, const std::vector<double>& row_dual);

/// The problem with a margin in its costs: lower where there is no upper bound, higher where there is no lower one, by
/// `share` of the column's terms and of its part of the whole cost. Duals of its optimum have reduced costs of the
/// needed sign by that margin, so that neither rounding nor a solver's tolerance spoils the bound; which is lower by
/// the margin times the point.
///
/// Columns without any bound get none, nor do two that are each other's mirror (store and take back what is stored,
/// without a loss): together they are one without bounds, and a margin would be a gain for ever.
///
/// @param x  [column] about where the optimum lies, or empty
Problem with_margin(const Problem& problem, const std::vector<double>& row_dual, const std::vector<double>& x,
                    double share);

/// check_point in exact arithmetic: rows, bounds and the objective as rational numbers, rounded once at the end. The
/// same measure of a violation, so that no point passes one and fails the other by rounding.
///
/// @param x  [column], finite
/// @cost  O(nonzeros); a million in a tenth of a second
Check check_point_exactly(const Problem& problem, const std::vector<double>& x);

}  // namespace beltline::lp
