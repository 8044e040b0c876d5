// Model → LP. The equations, one by one, are in docs/formulation.md; the code follows its order.
#pragma once

#include <vector>

#include "lp/problem.h"
#include "plan/layout.h"

namespace beltline {

/// What the LP minimises or keeps.
enum class Goal { cost, useful_compute, shortfall };

struct Formulation {
  Layout layout;
  lp::Problem problem;
  double money_scale = 1;  // LP money per USD (see money_scale_of)
};

/// Bounds, rows and coefficients; `cost` is left at zero.
///
/// @cost O(nonzeros); the only arrays larger than the Model are the Problem's own, reserved exactly
Formulation formulate(const Model& model);

/// The columns' coefficients in a goal, linear and quadratic, and its constant: discounted USD, discounted useful
/// compute, or the sum over targets and periods of what is missing (as a share of the target). All to be minimised but
/// compute.
struct GoalVector {
  std::vector<double> coefficient;  // [column]
  std::vector<double> quadratic;    // [column] q of ½ q x², or empty where all is linear
  double constant = 0;
};
GoalVector goal_vector(const Model& model, const Layout& layout, Goal goal);

/// The power of ten that brings the geometric mean of all costs near 1: a solver's tolerances are absolute, and a plan
/// of a few dollars deserves the same digits as one of billions.
double money_scale_of(const Model& model, const Layout& layout);

/// Salvage of one unit ordered in t, as a share of its capex and undiscounted: what is not yet written off at the
/// horizon.
double salvage_share(const Model& model, const Capacity& capacity, int t);

/// USD of capex per unit ordered in t that falls into period t + j.
double spend(const Model& model, const Capacity& capacity, int t, int j);

}  // namespace beltline
