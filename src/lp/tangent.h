// The linear problem that touches a quadratic one at a point, and the duals that it has.
#pragma once

#include <vector>

#include "lp/judge.h"

namespace beltline::lp {

/// The same rows and bounds with the cost's slope at `x`: minimise (c + Q x)ᵀ z.
///
/// A convex quadratic problem is solved by x if and only if its tangent problem at x is (Boyd and Vandenberghe, Convex
/// Optimization, 4.2.3), and duals of the tangent problem are then those of the quadratic one.
/// @param x  [column]
Problem tangent_problem(const Problem& problem, const std::vector<double>& x);

/// The duals of the tangent problem at `x` by the simplex method, whose reduced costs on free columns are 0 but for
/// rounding: those of an active-set method for quadratic problems are not, and then prove no bound. Nothing is claimed
/// if there is no time.
Raw tangent_duals(const Session& session, const std::vector<double>& x);

}  // namespace beltline::lp
