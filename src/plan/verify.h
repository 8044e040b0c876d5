// Whether a Plan holds: recomputed from the Model's own entities, sharing nothing with the formulation or the solver.
#pragma once

#include <string>
#include <vector>

#include "model/plan.h"

namespace beltline {

/// One equation of the network that a plan misses.
struct Violation {
  std::string what;     // "balance of electricity at ulsan in 2027-03, slice 4"
  double amount = 0;    // how far, in the equation's unit
  double relative = 0;  // amount / (1 + largest term of the equation)
};

struct Verification {
  bool holds = false;
  double worst = 0;                   // largest relative violation
  std::vector<Violation> violations;  // those above the tolerance, worst first, at most 20
  double cost_usd = 0;                // discounted, recomputed
  double useful_compute = 0;          // discounted, recomputed
  double shortfall = 0;               // of targets, as shares
};

/// Checks balances, stock recursions, capacities, stores, lines, limits, commitments, bounds and whole modules.
Verification verify(const Model& model, const Plan& plan, double tolerance = 1e-5);

/// The value of a term in period t, from the plan (used by limits, commitments, measures and tables alike).
double term_value(const Model& model, const Plan& plan, const Term& term, int t);
/// The same times its coefficient, slice by slice where that varies.
double weighed_term(const Model& model, const Plan& plan, const Term& term, int t);
/// What a term counts in one slice: rates and levels as they are, not times the hours.
double slice_term(const Model& model, const Plan& plan, const Term& term, int t, int s);
/// Capex of capacity k that falls into period t, USD.
double spend_in_period(const Model& model, const Plan& plan, CapacityId k, int t);
double online(const Model& model, const Plan& plan, CapacityId k, int t);

/// What the plan's cost counts for unserved demand and missed goals, discounted USD: prices of failure, not money
/// spent.
double missed_usd(const Model& model, const Plan& plan);

/// Net inflow of every node: all flows, stands, builds, stores and unserved demand, less demand; [node, period, slice].
/// Zero where the commodity is conserved, ≥ 0 where a surplus may be thrown away.
Values node_residual(const Model& model, const Plan& plan);

}  // namespace beltline
