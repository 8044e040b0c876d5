// What of a plan is played, from the Plan or from the tables of its run.
#include <cmath>

#include "plan/verify.h"
#include "risk/play.h"
#include "run/plan_of_run.h"

namespace beltline {
namespace {

PlanFigures no_figures(const Model& m) {
  const auto periods = static_cast<std::size_t>(m.period_count());
  return {.order = std::vector<double>(m.capacities.size() * periods),
          .moved = std::vector<double>(m.moves.size() * periods),
          .activity = std::vector<double>(m.processes.size() * periods),
          .peak = std::vector<double>(m.processes.size() * periods),
          .variable = std::vector<double>(m.processes.size() * periods)};
}

}  // namespace

PlanFigures figures_of(const Model& m, const Plan& plan) {
  PlanFigures out = no_figures(m);
  std::size_t at = 0;
  for (std::size_t k = 0; k < m.capacities.size(); ++k) {
    for (int t = 0; t < m.period_count(); ++t) out.order[at++] = plan.order.at(k, t);
  }
  at = 0;
  for (std::size_t i = 0; i < m.moves.size(); ++i) {
    for (int t = 0; t < m.period_count(); ++t) out.moved[at++] = plan.moved.at(i, t);
  }
  at = 0;
  for (std::size_t p = 0; p < m.processes.size(); ++p) {
    const int slices = plan.activity.slices[p];
    for (int t = 0; t < m.period_count(); ++t, ++at) {
      for (int s = 0; s < slices; ++s) {
        const double a = plan.activity.at(p, t, s);
        out.activity[at] += a * (m.processes[p].grain == Grain::rate ? m.hours(slices, t, s) : 1.0);
        out.peak[at] = std::max(out.peak[at], std::abs(a));
      }
      out.variable[at] = term_value(m, plan, {.kind = TermKind::variable, .id = static_cast<int32_t>(p)}, t);
    }
  }
  return out;
}

Outcome<PlanFigures> read_figures(const Model& m, const std::filesystem::path& run_folder) {
  const auto plan = plan_of_run(m, run_folder);
  if (!plan) return std::unexpected(plan.error());
  return figures_of(m, *plan);
}

}  // namespace beltline
