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
/// @param row_dual  [row] y, from wherever
/// @param cost_max  a cost near which the optimum is expected, such as that of a feasible point; infinity: none
/// @cost  O(nonzeros), and at most 20 passes more over the rows where bounds have to be implied
SafeBound safe_dual_bound(const Problem& problem, const std::vector<double>& row_dual, double cost_max = kInf);

/// The problem with a margin in its costs: lower by `share` of the column's terms where there is no upper bound, higher
/// where there is no lower one. Duals of its optimum have reduced costs of the needed sign by that margin, so that
/// neither rounding nor a solver's tolerance spoils the bound; which is lower by the margin times the point.
Problem with_margin(const Problem& problem, const std::vector<double>& row_dual, double share);

/// check_point in exact arithmetic: rows, bounds and the objective as rational numbers, rounded once at the end. The
/// same measure of a violation, so that no point passes one and fails the other by rounding.
///
/// @param x  [column], finite
/// @cost  O(nonzeros); a million in a tenth of a second
Check check_point_exactly(const Problem& problem, const std::vector<double>& x);

}  // namespace beltline::lp
