#include "plan/outlook.h"

#include "plan/coarse.h"
#include "plan/termination.h"
#include "plan/weights.h"

namespace beltline {
namespace {

double first_value(const Model& model, const Formulation& f, const std::vector<double>& x) {
  switch (model.objective.kind) {
    case ObjectiveKind::min_cost: return evaluate(model, f, Goal::cost, x);
    case ObjectiveKind::max_compute: return evaluate(model, f, Goal::useful_compute, x);
    case ObjectiveKind::earliest: return evaluate(model, f, Goal::shortfall, x);
  }
  return 0;
}

}  // namespace

Outcome<Outlook> outlook(const Model& model, const OutlookOptions& options) {
  const Model coarse = coarsen(model);
  Formulation f = formulate(coarse);
  const auto solve = [&](const Weights& weights) {
    set_goal(coarse, f, weights);
    return lp::solve(lp::relaxed(f.problem),
                     {.wall_time_max_s = options.wall_time_max_s, .thread_count = 1, .cancel = options.cancel});
  };
  auto first = solve(first_goal(coarse));
  if (!first) return std::unexpected(first.error());
  Outlook out{.termination = translate(first->termination)};
  if (out.termination != Termination::optimal) return out;
  out.objective = first_value(coarse, f, first->x);
  lp::Solution best = std::move(*first);
  if (coarse.objective.kind != ObjectiveKind::min_cost) {
    auto second = solve(weigh(coarse, f, best));
    if (!second) return std::unexpected(second.error());
    out.termination = translate(second->termination);
    if (out.termination != Termination::optimal) return out;
    best = std::move(*second);
  }
  out.missed_usd = missed_usd(coarse, f, best.x);
  out.cost_usd = evaluate(coarse, f, Goal::cost, best.x) - out.missed_usd;
  return out;
}

}  // namespace beltline
