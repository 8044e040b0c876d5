// HiGHS behind its C API. Only highs.cpp includes it, and only a forked child runs it.
#pragma once

#include <string>

#include "base/failure.h"
#include "lp/mailbox.h"
#include "lp/problem.h"
#include "lp/solver.h"

namespace beltline::lp {

/// Solves the problem and leaves claim, point, duals and rays in the mailbox. Starts threads: for children only.
///
/// The point begins from options.start only where there are integers: a simplex start is a basis, not a point.
void run_highs(const Problem& problem, const Options& options, Mailbox& mailbox);

/// Reads a model file; for children only, as parsers crash too.
/// @errors the file cannot be read, or holds what a Problem cannot (a quadratic cost, semi-continuous columns)
Outcome<ReadProblem> read_with_highs(const std::string& path);

}  // namespace beltline::lp
