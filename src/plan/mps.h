// The LP of a network as MPS text, with rows and columns named after what they are of.
#pragma once

#include <string>

#include "base/failure.h"
#include "model/model.h"

namespace beltline {

/// Free MPS with ranges, bounds, whole columns and (QUADOBJ) quadratic costs, as HiGHS, CPLEX and Gurobi read it. The
/// objective is discounted USD; its constant stands at the right-hand side of the objective, negated, as they take it.
///
/// A column is KIND.ENTITY.PERIOD.SLICE ("activity.gas.0.13"), a row likewise ("balance.power@north.0.13"); a second
/// one of the same place has a number behind it. Numbers have the shortest digits that read back as the same double.
///
/// @errors an objective other than min_cost, which is no single LP
/// @cost   O(nonzeros) time and text
Outcome<std::string> mps_text(const Model& model, const std::string& name);

}  // namespace beltline
