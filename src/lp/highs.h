// HiGHS behind its C API. Only highs.cpp includes it, and only a forked child runs it.
#pragma once

#include <span>
#include <string>

#include "base/failure.h"
#include "lp/mailbox.h"
#include "lp/problem.h"
#include "lp/ranging.h"
#include "lp/solver.h"

namespace beltline::lp {

/// Solves the problem and leaves claim, point, duals and rays in the mailbox. Starts threads: for children only.
///
/// The point begins from options.start only where there are integers: a simplex start is a basis, not a point.
void run_highs(const Problem& problem, const Options& options, Mailbox& mailbox);

/// Fills two numbers a direction: the derivative of the optimum along it and against it, infinity where no step is
/// feasible, and leaves what it could not find as it was. For children only; see lp/ranging.h.
void run_derivatives(const Problem& problem, const Solution& solution, const std::vector<Direction>& directions,
                     const Options& options, std::span<double> out);

/// Reads a model file; for children only, as parsers crash too.
/// @errors the file cannot be read, or holds what a Problem cannot (products of columns, semi-continuous columns)
Outcome<ReadProblem> read_with_highs(const std::string& path);

}  // namespace beltline::lp
