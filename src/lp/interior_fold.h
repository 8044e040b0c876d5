// Steps that go through a few bounds. For src/lp/interior*.cpp only.
//
// Of a hundred thousand pairs (distance from a bound, its dual) a handful would cut every step short. A step may take
// these few too far: they are put on their hyperbola distance · dual = mu, at the point of it that is nearest where
// they would have gone. What that moves them by is a residual of the pair alone, which the next step takes up.
#pragma once

#include <cstdint>
#include <span>

#include "lp/interior_iterate.h"
#include "lp/interior_newton.h"

namespace beltline::lp {

/// The longest step to the boundary, at most 1.
StepLength longest_step(const Frame& frame, const Iterate& point, const PairStep& step);
/// Mean of distance · dual after a step.
double complementarity(const Frame& frame, const Iterate& point, const PairStep& step, const StepLength& length);

/// What folding after the step of this mix would leave as residuals, each weighed by the other half of its pair; a
/// mean, in units of the product that is aimed at.
double residual_of_folds(const Frame& frame, const Iterate& point, const Residual& residual, Newton& newton,
                         const Mix& mix);

/// The longest step, at most 1, that takes pairs too far by little on the whole: what lies beyond the bounds, times the
/// other half of each pair, is at most a hundredth of all products.
StepLength longest_fold(const Frame& frame, const Iterate& point, const Iterate& step);

/// Moves by `length` of the step. Pairs that would come to half of `mu` or less, or too close to zero at once, go to
/// their hyperbola.
void move_and_fold(const Frame& frame, const Iterate& step, const StepLength& length, double mu, Iterate& point);

}  // namespace beltline::lp
