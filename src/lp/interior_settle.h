// The last digits of a point: onto the bounds that it leans on. For src/lp/interior*.cpp only.
#pragma once

#include "lp/interior_newton.h"

namespace beltline::lp {

/// Puts values onto bounds whose distance is at most `share` of their dual, and moves the rest as little as rows ask
/// for.
///
/// The path ends at distances of 1e-12 and the like, and rows whose columns are all that small it can no longer close.
///
/// @param point  distances are what they are then, at least zero; duals stay
/// @cost         one factorisation and some solves; the Newton equations of the point are gone
void settle(const Frame& frame, Newton& newton, double share, Iterate& point);

}  // namespace beltline::lp
