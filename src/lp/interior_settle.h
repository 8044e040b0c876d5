// The last digits of a point: onto the bounds that it leans on. For src/lp/interior*.cpp only.
#pragma once

#include "lp/interior_newton.h"

namespace beltline::lp {

/// Puts values onto the bounds that they are much nearer to than the bounds' duals are to zero, and moves the rest as
/// little as rows ask for. What would go beyond its bound by that is put there, too; what a row cannot do without is
/// let go again.
///
/// The path ends at distances of 1e-12 and the like, and rows whose columns are all that small it can no longer close.
///
/// @param point  distances are what they are then, at least zero; duals stay
/// @cost         some factorisations and solves; the Newton equations of the point are gone
void settle(const Frame& frame, Newton& newton, Iterate& point);

}  // namespace beltline::lp
