// A whole point near a relaxation's vertex, by a search in depth before any branch and bound.
#pragma once

#include "base/failure.h"
#include "lp/problem.h"
#include "lp/solver.h"

namespace beltline::lp {

/// Looks for a point with whole integers that costs no more than `options.mip_gap_max` above the relaxation's optimum.
///
/// Of the integers that are not whole, the one nearest to the next whole number is rounded up: what a plan orders in
/// part it mostly needs. Where that leads nowhere (nothing feasible, nothing so cheap) it is rounded down, depth first
/// (Achterberg 2007, Constraint Integer Programming, ch. 9: vectors of dives; here with backtracking). Each LP begins
/// at the vertex where the last one ended, which is what branch and bound gives up for cuts and an analytic centre: of
/// modules in a supply network the first point found is good enough.
///
/// @param problem     linear, with integers
/// @param relaxation  optimal, with its vertex: of the problem without integers, or of one with wider bounds where the
///                    point keeps the problem's
/// @returns  `optimal` with a point, checked as `solve` checks it, and the relaxation's bound; else no point: `limit`
///           where there is none so cheap or it is not found in time, `interrupted` after a cancel
/// @errors   the operating system's
/// @cost     40,000 pivots and factorisations' worth at most, in a child process: counted, so that it ends alike on any
///           machine
Outcome<Solution> dive(const Problem& problem, const Solution& relaxation, const Options& options,
                       const OnProgress& on_progress = {});

}  // namespace beltline::lp
