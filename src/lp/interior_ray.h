// Proofs for problems that have no optimum, and points to begin from again. For src/lp/interior*.cpp only.
#pragma once

#include <span>
#include <vector>

#include "lp/interior.h"
#include "lp/interior_path.h"

namespace beltline::lp {

/// Where no optimum was reached: a Farkas ray, or a feasible point and a direction of falling cost, or `out` as it was.
///
/// Both come from problems that have an optimum and an interior: rows that may be missed at a price, and the directions
/// of no harm, cut off at length one.
/// @cost  one to three further solves of about the same size
void find_ray(const Problem& problem, std::span<const double> quadratic, const InteriorOptions& options,
              InteriorResult& out);

/// A point of an earlier walk for the bounds and costs of now: distances and duals stay, so that it is as well centred
/// as it was, and the first steps take up what has changed.
Iterate warm_point(const Frame& frame, const Iterate& last);

}  // namespace beltline::lp
