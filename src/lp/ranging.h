// What the optimum of an LP gains when bounds move: one-sided derivatives, exact at degenerate vertices too.
#pragma once

#include <cstdint>
#include <vector>

#include "base/failure.h"
#include "lp/problem.h"
#include "lp/solver.h"

namespace beltline::lp {

enum class Side : uint8_t { both, lower, upper };

/// One bound that moves: by `rate` for a unit step.
struct BoundShift {
  int32_t index = -1;
  bool is_column = false;
  Side side = Side::both;
  double rate = 1;
};

/// Bounds that move together, such as those of one capacity in all hours of a month.
using Direction = std::vector<BoundShift>;

/// How the optimum v moves with the step h of a direction; v is convex in h, so that less ≤ more.
struct Derivative {
  double less = 0;    // (v(0) − v(−h)) / h as h → 0+; −infinity where no step back is feasible
  double more = 0;    // (v(h) − v(0)) / h as h → 0+; +infinity where no step forward is feasible
  bool exact = true;  // false where the search ended at its limit; then `less` and `more` are what the duals say
};

/// The derivatives of the optimum in each direction.
///
/// The derivative in a direction is the optimum of the LP over the cone of the active bounds (Gal 1995, Postoptimal
/// Analyses, ch. 4; Jansen et al. 1997, EJOR 101:15–28):
///
///     v'(δ) = min cᵀd   subject to   (A d)ᵢ ≥ δᵢ at active lower bounds, ≤ δᵢ at active upper bounds, free elsewhere
///
/// likewise for columns. It begins from the optimal basis, which is dual feasible: where the vertex is not degenerate
/// it is optimal at once and says what the duals say; elsewhere a few pivots find the end of the interval of duals.
///
/// @param problem   an LP
/// @param solution  optimal, with basis and duals; without a basis the duals are returned as not exact
/// @errors the operating system's
/// @cost  a factorisation, and for each direction and sense a solve with it, in a child process. The result does not
///        depend on the order of directions, unless they take more than 20,000 pivots and factorisations'
///        worth in all: what comes later keeps what the duals say
Outcome<std::vector<Derivative>> derivatives(const Problem& problem, const Solution& solution,
                                             const std::vector<Direction>& directions, const Options& options = {});

}  // namespace beltline::lp
