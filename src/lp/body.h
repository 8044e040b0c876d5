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

/// Whether that is what run_body solves the problem with: by method and kind of problem, and where no vertex is wanted.
bool is_for_own_interior(const Problem& problem, const Options& options);

}  // namespace beltline::lp
