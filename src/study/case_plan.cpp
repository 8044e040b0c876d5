#include "study/case_plan.h"

#include <algorithm>
#include <cmath>

#include "plan/cause.h"
#include "plan/extract.h"
#include "plan/lp_map.h"
#include "plan/worth.h"

namespace beltline {
namespace {

/// The case's LP with its common periods and its modules held where they are.
Formulation hold_common(const Formulation& f, const lp::Solution& solution, int common_periods) {
  Formulation out{.layout = f.layout, .problem = lp::relaxed(f.problem), .money_scale = f.money_scale};
  const LpMap map(f.layout);
  for (std::size_t j = 0; j < map.columns.size(); ++j) {
    const bool is_module = !f.problem.integer.empty() && f.problem.integer[j];
    if (map.columns[j].t >= common_periods && !is_module) continue;
    const double value = is_module ? std::round(solution.x[j]) : solution.x[j];
    out.problem.column_lower[j] = out.problem.column_upper[j] = value;
  }
  return out;
}

Outcome<void> explain(const Model& model, const Formulation& f, const lp::Solution& solution,
                      const CasePlanOptions& options, Plan& plan) {
  const Formulation held = hold_common(f, solution, options.common_periods);
  auto own = lp::solve(held.problem, {.wall_time_max_s = 60, .cancel = options.cancel});
  if (!own) return std::unexpected(own.error());
  if (own->termination == lp::Termination::optimal && !own->row_dual.empty()) {
    auto found = worths(model, held, *own, {.cancel = options.cancel});
    if (!found) return std::unexpected(found.error());
    std::erase_if(*found, [&](const Worth& worth) { return worth.first < options.common_periods; });
    plan.worths = std::move(*found);
  }
  if (solution.row_dual.empty()) return {};
  Relaxation relaxation{
      .model = &model,
      .formulation = {.layout = f.layout, .problem = lp::relaxed(f.problem), .money_scale = f.money_scale},
      .solution = solution};
  auto late = late_deliveries(model, plan, relaxation, 1, options.cancel);
  if (!late) return std::unexpected(late.error());
  plan.deliveries = std::move(*late);
  return {};
}

}  // namespace

Outcome<CasePlan> plan_case(const Model& model, const Formulation& formulation, const lp::Solution& solution,
                            double row_scale, const CasePlanOptions& options) {
  CasePlan out;
  Plan& plan = out.plan = empty_plan(model, formulation.layout);
  extract_decisions(model, formulation, solution.x, plan);
  extract_prices(model, formulation, solution, plan);
  for (std::size_t i = 0; i < model.limits.size() && row_scale != formulation.money_scale; ++i) {
    // rows over money were written in another scale than the costs
    if (model.limits[i].unit != "USD") continue;
    for (int t = 0; t < model.period_count(); ++t) plan.limit_price.at(i, t) *= row_scale / formulation.money_scale;
  }
  out.verification = verify(model, plan);
  const Verification& check = out.verification;
  plan.verified = check.holds;
  plan.cost_usd = check.cost_usd;
  switch (model.objective.kind) {
    case ObjectiveKind::min_cost:
      plan.objective = check.cost_usd;
      plan.objective_unit = "USD";
      break;
    case ObjectiveKind::max_compute:
      plan.objective = check.useful_compute;
      plan.objective_unit = "PFLOP/s*h";
      plan.compute_price_usd = options.weights.compute / formulation.money_scale;
      break;
    case ObjectiveKind::earliest:
      plan.objective = check.shortfall;
      plan.objective_unit = "1";
      break;
  }
  plan.bound = plan.objective;  // what the case gives up for the others is no gap of its own
  if (!check.holds)
    plan.detail = check.violations.empty() ? "the plan misses its equations" : check.violations.front().what;
  const bool is_cancelled = options.cancel != nullptr && *options.cancel;
  if (!is_cancelled) {
    if (auto explained = explain(model, formulation, solution, options, plan); !explained)
      return std::unexpected(explained.error());
  }
  return out;
}

}  // namespace beltline
