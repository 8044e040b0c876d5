// Two methods at once, each in its own child: the first verified answer wins.
#pragma once

#include "lp/process.h"
#include "lp/solver.h"

namespace beltline::lp {

/// Solves by `first` and by another method at once; the first answer that is verified stops the other's child.
///
/// Which one wins depends on the machine, and where the optimum is not unique so does the point: a race is for those
/// who wait, not for those who compare bytes. Solution::method names the winner.
/// @errors of the operating system, where both runs fail
Outcome<Solution> race(const Problem& problem, const Options& first, const OnProgress& on_progress, const Body& body);

}  // namespace beltline::lp
