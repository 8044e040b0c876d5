#include "plan/weights.h"

#include <algorithm>
#include <cmath>

namespace beltline {
namespace {

/// Σ cost of the columns of some blocks at a point, discounted USD.
double cost_of(const std::vector<Block>& blocks, const GoalVector& cost, const std::vector<double>& x) {
  double usd = 0;
  for (const Block& block : blocks) {
    for (int32_t i = 0; i < block.size(); ++i) {
      const auto j = static_cast<std::size_t>(block.first + i);
      usd += cost.coefficient[j] * x[j];
      if (!cost.quadratic.empty()) usd += 0.5 * cost.quadratic[j] * x[j] * x[j];
    }
  }
  return usd;
}

}  // namespace

Weights first_goal(const Model& model) {
  switch (model.objective.kind) {
    case ObjectiveKind::min_cost: return {.cost = 1};
    case ObjectiveKind::max_compute: return {.compute = 1};
    case ObjectiveKind::earliest: return {.shortfall = 1};
  }
  return {};
}

Weights weigh(const Model& model, const Formulation& f, const lp::Solution& first) {
  // The first goal alone leaves soft limits and other customers to chance; what missing them costs would drown the
  // rest.
  const double usd = evaluate(model, f, Goal::cost, first.x) - missed_usd(model, f, first.x);
  const double cost = std::max(1e-6, f.money_scale * std::abs(usd));
  if (model.objective.kind == ObjectiveKind::max_compute) {
    const double compute = std::max(1e-9, evaluate(model, f, Goal::useful_compute, first.x));
    return {.cost = 1, .compute = cost / (model.objective.tolerance * compute)};
  }
  const double shortfall = std::max(1e-3, evaluate(model, f, Goal::shortfall, first.x));
  return {.cost = 1, .shortfall = cost / (model.objective.tolerance * shortfall)};
}

void set_goal(const Model& model, Formulation& f, const Weights& weights) {
  lp::Problem& p = f.problem;
  std::ranges::fill(p.cost, 0.0);
  p.quadratic.clear();
  p.offset = 0;
  const auto add = [&](Goal goal, double weight) {
    if (weight == 0) return;
    const GoalVector v = goal_vector(model, f.layout, goal);
    for (std::size_t j = 0; j < p.cost.size(); ++j) p.cost[j] += weight * v.coefficient[j];
    if (!v.quadratic.empty()) p.quadratic.resize(p.cost.size());
    for (std::size_t j = 0; j < v.quadratic.size(); ++j) p.quadratic[j] += weight * v.quadratic[j];
    p.offset += weight * v.constant;
  };
  add(Goal::cost, weights.cost * f.money_scale);
  add(Goal::useful_compute, -weights.compute);
  add(Goal::shortfall, weights.shortfall);
}

double evaluate(const Model& model, const Formulation& f, Goal goal, const std::vector<double>& x) {
  const GoalVector v = goal_vector(model, f.layout, goal);
  double sum = v.constant;
  for (std::size_t j = 0; j < x.size(); ++j) sum += v.coefficient[j] * x[j];
  for (std::size_t j = 0; j < v.quadratic.size(); ++j) sum += 0.5 * v.quadratic[j] * x[j] * x[j];
  return sum;
}

double missed_usd(const Model& model, const Formulation& f, const std::vector<double>& x) {
  const GoalVector cost = goal_vector(model, f.layout, Goal::cost);
  return cost_of(f.layout.shortfall, cost, x) + cost_of(f.layout.unserved, cost, x);
}

}  // namespace beltline
