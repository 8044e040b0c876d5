// Integers with a convex quadratic cost, by mixed-integer linear problems that close in on it.
#pragma once

#include "lp/mailbox.h"
#include "lp/problem.h"
#include "lp/solver.h"

namespace beltline::lp {

/// Outer approximation (Duran and Grossmann 1986, Math. Prog. 36:307–339) of a separable quadratic cost.
///
/// Each square ½ q x² becomes a column t ≥ 0 of cost 1 with tangents t ≥ q a (x − a) + ½ q a² at points a: the linear
/// problem is a relaxation, its bound a bound. Its point is feasible as it is; the QP with its integers fixed betters
/// it. Both points get tangents, until bound and cost meet within the gap asked for. For children only.
void run_outer_approximation(const Problem& problem, const Options& options, Mailbox& mailbox);

}  // namespace beltline::lp
