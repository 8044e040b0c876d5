// Cases of one network as linear problems that share the decisions taken before they part.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/failure.h"
#include "lp/solver.h"
#include "plan/formulate.h"
#include "plan/weights.h"

namespace beltline {

/// One case of a scenario tree: a path from the root to a leaf.
struct Case {
  std::string name;
  const Model* model = nullptr;  // outlives the problem
  double probability = 1;
  std::vector<int> stage;  // [period] node of the tree that the period's decisions belong to; 0 is the root
};

/// What is minimised over all cases: Σ π · cost, of which `weight` is put on the dearest 1 − level instead.
struct RiskMeasure {
  double weight = 0;
  double level = 0.95;

  /// Of the costs of all cases: (1 − weight) · mean + weight · CVaR.
  [[nodiscard]] double of(std::span<const double> costs, std::span<const double> probabilities) const;
};

/// The mean of the dearest 1 − level of all cases.
double cvar(std::span<const double> costs, std::span<const double> probabilities, double level);

/// The cases' own LPs and which of their columns are one decision.
///
/// A column belongs to the tree's node of its period. Columns of two cases are one variable where node, entity, period
/// and slice are the same (non-anticipativity). A variable that a case under its node does not have (a site that opens
/// later there has no earlier orders) is nobody's: it is 0.
struct StochasticProblem {
  std::vector<Case> cases;
  std::vector<Formulation> formulations;       // [case] its cost set by set_goals
  double money_scale = 1;                      // of all costs: LP money per USD
  std::vector<std::vector<int32_t>> variable;  // [case][column]
  std::vector<int32_t> holder_count;           // [variable] cases that share it
  std::vector<uint8_t> is_decision;            // [variable] an order or a move, of any node
  std::vector<int> node;                       // [variable] of the tree
  int node_count = 1;

  [[nodiscard]] std::size_t variable_count() const { return holder_count.size(); }
  [[nodiscard]] bool is_common(std::size_t case_index, std::size_t column) const {
    return holder_count[static_cast<std::size_t>(variable[case_index][column])] > 1;
  }
  [[nodiscard]] bool has_integers() const;
  [[nodiscard]] bool is_quadratic() const;
  /// Whether all cases part at once: one root, then every case for itself.
  [[nodiscard]] bool is_two_stage() const;
  [[nodiscard]] std::vector<double> probabilities() const;
};

/// @errors a column that the map of the LP does not know: a kind of decision newer than this
Outcome<StochasticProblem> make_stochastic_problem(std::vector<Case> cases);

/// Writes the weighted goals into every case's costs, all in the same LP money.
void set_goals(StochasticProblem& problem, const Weights& weights);

/// A case's own cost at a point of its own: cᵀx + offset, in LP money.
double cost_of_case(const StochasticProblem& problem, std::size_t case_index, const std::vector<double>& x);

/// The deterministic equivalent: one LP over all variables (Birge & Louveaux 2011, ch. 3 and 7.1).
///
/// Rows of common variables alone that are the same in several cases are written once. With a risk measure, columns η
/// and z_ℓ ≥ cost_ℓ − η are added at the end (Rockafellar & Uryasev 2000).
struct ExtensiveForm {
  lp::Problem problem;
  std::vector<std::vector<int32_t>> row;  // [case][row of the case] row of the problem
  std::vector<double> row_weight;         // [row of the problem] Σ π of the cases whose row it is
};
ExtensiveForm extensive_form(const StochasticProblem& problem, const RiskMeasure& risk);

/// A case's columns from a point of all variables.
std::vector<double> case_point(const StochasticProblem& problem, std::size_t case_index, const std::vector<double>& x);

}  // namespace beltline
