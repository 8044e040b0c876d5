// LP columns and duals → Plan.
#pragma once

#include "lp/solver.h"
#include "model/plan.h"
#include "plan/formulate.h"

namespace beltline {

/// Empty arrays of the right shapes.
Plan empty_plan(const Model& model, const Layout& layout);
/// Fills the decisions. Modules are rounded to whole numbers, tiny negative values to zero.
void extract_decisions(const Model& model, const Formulation& formulation, const std::vector<double>& x, Plan& plan);
/// Fills the shadow prices from the duals of an LP whose goal is discounted cost.
void extract_prices(const Model& model, const Formulation& formulation, const lp::Solution& solution, Plan& plan);

}  // namespace beltline
