#include "run/run_plan.h"

#include <algorithm>

#include "run/plan_of_run.h"
#include "run/run_scenario.h"

namespace beltline {
Values built_by(const Model& m, const Plan& plan) {
  Values built = plan.built;
  std::ranges::fill(built.data, 0.0);
  const int T = m.period_count();
  const auto add = [&](std::size_t k, int from, double units) {
    for (int t = from; t < T; ++t) built.at(k, t) += units;
  };
  for (std::size_t k = 0; k < m.capacities.size(); ++k) {
    const Capacity& capacity = m.capacities[k];
    for (int t = 0; t < T; ++t) {
      const double units = plan.order.at(k, t);
      if (units == 0) continue;
      add(k, t + capacity.lead, units);
      if (capacity.life > 0) add(k, t + capacity.lead + capacity.life, -units);
    }
  }
  for (std::size_t i = 0; i < m.moves.size(); ++i) {
    for (int t = 0; t < T; ++t) {
      const double units = plan.moved.at(i, t);
      if (units == 0) continue;
      add(m.moves[i].from.index(), t, -units);
      add(m.moves[i].to.index(), t + m.moves[i].lag, units);
    }
  }
  return built;
}

int period_of_label(const Calendar& calendar, const std::string& label) {
  for (int t = 0; t < calendar.period_count; ++t) {
    if (calendar.label(t) == label) return t;
  }
  return -1;
}

Outcome<RunPlan> read_run_plan(const std::filesystem::path& run_folder) {
  auto compiled = compile_run(run_folder);
  if (!compiled) return std::unexpected(compiled.error());
  if (!compiled->model) return failure(not_compiled(run_folder, *compiled));
  auto decisions = decisions_of_run(*compiled->model, run_folder);
  if (!decisions) return std::unexpected(decisions.error());
  return RunPlan{
      .compiled = std::move(*compiled), .plan = std::move(decisions->plan), .surplus = std::move(decisions->surplus)};
}

}  // namespace beltline
