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
  const auto solve = [&](const Weights& weights, const std::vector<lp::Basis>& column,
                         const std::vector<lp::Basis>& row) {
    set_goal(coarse, f, weights);
    lp::Options how{.wall_time_max_s = options.wall_time_max_s, .thread_count = 1, .cancel = options.cancel};
    if (column.size() == f.problem.column_count() && row.size() == f.problem.row_count()) {
      how.start_column_basis = column;
      how.start_row_basis = row;
    }
    return lp::solve(lp::relaxed(f.problem), how);
  };
  auto first = solve(first_goal(coarse), options.start.first_column, options.start.first_row);
  if (!first) return std::unexpected(first.error());
  Outlook out{.termination = translate(first->termination)};
  out.start.first_column = first->column_basis;
  out.start.first_row = first->row_basis;
  if (out.termination != Termination::optimal) return out;
  out.objective = first_value(coarse, f, first->x);
  lp::Solution best = std::move(*first);
  if (coarse.objective.kind != ObjectiveKind::min_cost) {
    auto second = solve(weigh(coarse, f, best), options.start.second_column, options.start.second_row);
    if (!second) return std::unexpected(second.error());
    out.termination = translate(second->termination);
    if (out.termination != Termination::optimal) return out;
    best = std::move(*second);
    out.start.second_column = best.column_basis;
    out.start.second_row = best.row_basis;
  }
  out.missed_usd = missed_usd(coarse, f, best.x);
  out.cost_usd = evaluate(coarse, f, Goal::cost, best.x) - out.missed_usd;
  return out;
}

}  // namespace beltline
