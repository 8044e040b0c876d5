// What the child runs for each method.
#pragma once

#include "lp/mailbox.h"
#include "lp/problem.h"
#include "lp/solver.h"

namespace beltline::lp {

/// Solves by options.method and leaves claim, point, duals and rays in the mailbox: our own interior point, outer
/// approximation for integers with a quadratic cost, else HiGHS. For children only.
void run_body(const Problem& problem, const Options& options, Mailbox& mailbox);

/// Whether `Method::interior_point` is our own, so that HiPO is another opinion.
bool has_own_interior();

}  // namespace beltline::lp
