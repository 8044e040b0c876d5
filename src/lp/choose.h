// Which method solves a problem, and why: picked by structure and size where the caller leaves it open.
#pragma once

#include <string>

#include "lp/problem.h"
#include "lp/solver.h"

namespace beltline::lp {

struct Choice {
  Method method = Method::simplex;  // never automatic
  bool crossover = true;            // as asked for; false where the choice was left open and a vertex would cost more
  std::string why;                  // "412,000 rows, a chain of 8,760 steps"
};

/// The method for a problem: the one asked for where it fits the kind of problem, else by structure and size.
///
/// Integers are decided by branch and bound, whichever method its relaxations take. A quadratic cost needs the active
/// set where it is small and the interior point elsewhere. An LP is walked through by the dual simplex, unless it is
/// very large or a long chain (a year by the hour): there a vertex costs more than the interior point as it is.
///
/// @cost O(nonzeros) for LPs of 50,000 rows and more, else O(columns)
Choice choose_method(const Problem& problem, const Options& options);

/// Length of the longest shortest path between two rows, in steps from row to row through a common column, found from
/// two searches in breadth: 4,380 for 8,760 hours in a ring that only stores link. Columns and rows with many more
/// entries than the average (capacities, limits on a year) are links, and left out.
///
/// @cost O(nonzeros)
int chain_length(const Problem& problem);

}  // namespace beltline::lp
