// The last digits of a point: onto its bounds, and rows closed. For src/lp/interior*.cpp only.
#pragma once

#include "lp/interior_newton.h"

namespace beltline::lp {

/// Puts columns onto the bounds that they lean on, and moves the others so that no row is missed by more than
/// `open_max`, relative to its bound in the original's units.
///
/// What is near a bound moves less than what is far from any, by the square of the distance; what would go beyond is
/// put onto its bound, and the rows it leaves open ask the others once more. The path itself ends at products of 1e-12,
/// where its equations are too ill-conditioned to close rows of small numbers; these here are not.
///
/// @param scratch  memory; of no meaning afterwards
/// @param point  distances are what they are then, at least zero; duals stay
/// @cost         a solve, and often a factorisation, for each digit or two; the Newton equations of the point are gone
void settle(const Frame& frame, Newton& newton, double open_max, Residual& scratch, Iterate& point);

}  // namespace beltline::lp
