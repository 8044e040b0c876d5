// What a solve minimises: the goals of the model, weighted so that the second cannot spoil the first.
#pragma once

#include <vector>

#include "lp/solver.h"
#include "plan/formulate.h"

namespace beltline {

/// What is minimised: cost · Σ cost − compute · Σ useful compute + shortfall · Σ target shortfall.
struct Weights {
  double cost = 0;
  double compute = 0;
  double shortfall = 0;
};

/// The first goal alone, by the model's objective.
Weights first_goal(const Model& model);

/// Both goals: cost gets the weight at which all of it together is worth `tolerance` of the first goal.
/// @param first  a solution that is best in the first goal
Weights weigh(const Model& model, const Formulation& formulation, const lp::Solution& first);

/// Writes the weighted goals into the problem's costs and offset.
void set_goal(const Model& model, Formulation& formulation, const Weights& weights);

/// A goal's value at a point, in its own unit.
double evaluate(const Model& model, const Formulation& formulation, Goal goal, const std::vector<double>& x);

/// What the cost of a point counts for unserved demand and missed goals, discounted USD: prices of failure, not money
/// that anyone spends.
double missed_usd(const Model& model, const Formulation& formulation, const std::vector<double>& x);

}  // namespace beltline
