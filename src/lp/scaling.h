// Scaling of a problem by powers of two, before the solver sees it.
#pragma once

#include <vector>

#include "lp/problem.h"

namespace beltline::lp {

/// x = column · x', A' = R A C. Powers of two, so that scaling rounds nothing; 1 for integer columns.
struct Scaling {
  std::vector<double> column;  // [column]
  std::vector<double> row;     // [row]
};

/// Geometric scaling (Fulkerson and Wolfe 1962): rows and columns in turn are divided by the geometric mean of their
/// smallest and largest coefficient.
///
/// A network from wafer to token counts dies by the billion beside hulls by the piece. A solver's tolerances are
/// absolute; on such a network a MIP was announced optimal whose bound a better plan passed by ten times the gap asked
/// for.
///
/// @cost O(nonzeros), four passes
Scaling make_scaling(const Problem& problem);

/// The scaled problem; the original is left as it is.
Problem scaled(const Problem& problem, const Scaling& scaling);

}  // namespace beltline::lp
