// Our own interior-point method as the work of a child, in the terms of the mailbox.
#pragma once

#include "lp/mailbox.h"
#include "lp/problem.h"
#include "lp/solver.h"

namespace beltline::lp {

/// Solves a problem without integers and leaves claim, point, duals and rays in the mailbox. Where the method has no
/// answer, HiGHS finishes the work. For children only.
void run_interior(const Problem& problem, const Options& options, Mailbox& mailbox);

}  // namespace beltline::lp
