// What a plan is worth: discounted cost, useful compute, and what targets lack, as coefficients of the columns.
#include <algorithm>
#include <cmath>

#include "plan/commitment.h"
#include "plan/formulate.h"

namespace beltline {

double spend(const Model& model, const Capacity& capacity, int t, int j) {
  const double capex = model.at_or(capacity.capex, 0, t);
  if (capacity.spend_profile.empty()) return j == 0 ? capex : 0.0;
  return static_cast<std::size_t>(j) < capacity.spend_profile.size()
             ? capex * capacity.spend_profile[static_cast<std::size_t>(j)]
             : 0.0;
}

double salvage_share(const Model& model, const Capacity& capacity, int t) {
  if (capacity.salvage_life <= 0) return 0;
  const double age = std::max(0, model.period_count() - (t + capacity.lead));
  const double rate = capacity.sinking_fund_rate;
  if (rate <= 0) return std::max(0.0, 1.0 - age / capacity.salvage_life);
  return std::max(0.0, 1.0 - std::expm1(age * std::log1p(rate)) / std::expm1(capacity.salvage_life * std::log1p(rate)));
}

namespace {

void add_capacity_costs(const Model& model, const Layout& layout, GoalVector& goal) {
  const int T = model.period_count();
  goal.constant += model.objective.constant_usd;
  for (std::size_t k = 0; k < model.capacities.size(); ++k) {
    const Capacity& capacity = model.capacities[k];
    for (int t = layout.order[k].t0; layout.order[k].first >= 0 && t < layout.order[k].t1; ++t) {
      double cost = 0;
      for (int j = 0; j < std::max<int>(1, static_cast<int>(capacity.spend_profile.size())); ++j) {
        cost += model.capex_factor(t + j) * spend(model, capacity, t, j);
      }
      cost -= model.salvage_factor() * salvage_share(model, capacity, t) * model.at_or(capacity.capex, 0, t);
      goal.coefficient[static_cast<std::size_t>(layout.order[k].at(t))] = module_of(capacity) * cost;
    }
    for (int t = 0; t < T && capacity.fixed_cost.present(); ++t) {
      const double fixed = model.discount_factor(t) * model.at(capacity.fixed_cost, t);
      if (layout.built[k].holds(t)) goal.coefficient[static_cast<std::size_t>(layout.built[k].at(t))] = fixed;
      goal.constant += fixed * model.at_or(capacity.existing, 0, t);
    }
  }
  for (std::size_t i = 0; i < model.moves.size(); ++i) {
    const Move& move = model.moves[i];
    const double size = module_of(model.capacities[move.from.index()]);
    for (int t = layout.moved[i].t0; layout.moved[i].first >= 0 && t < layout.moved[i].t1; ++t) {
      goal.coefficient[static_cast<std::size_t>(layout.moved[i].at(t))] =
          model.discount_factor(t) * size * model.at_or(move.cost, 0, t);
    }
  }
}

/// Fills a block with value(t, s) · hours (rates) · discount.
template <class ValueAt>
void fill(const Model& model, const Block& block, bool by_hours, std::vector<double>& columns, ValueAt value) {
  for (int t = block.t0; block.first >= 0 && t < block.t1; ++t) {
    const double factor = model.discount_factor(t);
    for (int s = 0; s < block.slices; ++s) {
      const double hours = by_hours ? model.hours(block.slices, t, s) : 1.0;
      columns[static_cast<std::size_t>(block.at(t, s))] = factor * hours * value(t, s);
    }
  }
}

void add_running_costs(const Model& model, const Layout& layout, GoalVector& goal) {
  for (std::size_t p = 0; p < model.processes.size(); ++p) {
    const Process& process = model.processes[p];
    const Block& block = layout.activity[p];
    if (process.cost.present()) {
      fill(model, block, process.grain == Grain::rate, goal.coefficient,
           [&](int t, int s) { return model.at_resolution(process.cost, block.slices, t, s); });
    }
    if (process.quadratic_cost.present()) {
      goal.quadratic.resize(goal.coefficient.size());
      fill(model, block, process.grain == Grain::rate, goal.quadratic,
           [&](int t, int s) { return 2 * model.at_resolution(process.quadratic_cost, block.slices, t, s); });
    }
    fill(model, layout.peak[p], false, goal.coefficient,
         [&](int t, int) { return model.at_or(process.peak_cost, 0, t); });
  }
  for (std::size_t v = 0; v < model.stores.size(); ++v) {
    const Store& store = model.stores[v];
    if (store.charge_cost.present()) {
      const Block& charge = layout.charge[v];
      fill(model, charge, true, goal.coefficient,
           [&](int t, int s) { return model.at_resolution(store.charge_cost, charge.slices, t, s); });
    }
    if (store.discharge_cost.present()) {
      const Block& discharge = layout.discharge[v];
      fill(model, discharge, true, goal.coefficient,
           [&](int t, int s) { return model.at_resolution(store.discharge_cost, discharge.slices, t, s); });
    }
    if (!store.holding_cost.present()) continue;
    const Block& level = layout.level[v];
    fill(model, level, false, goal.coefficient, [&](int t, int s) {
      return model.at(store.holding_cost, t) *
             (level.slices > 1 ? model.calendar.hours(t, s) / model.calendar.hours(t) : 1.0);
    });
  }
  for (std::size_t d = 0; d < model.demands.size(); ++d) {
    const Demand& demand = model.demands[d];
    const bool is_rate = model.commodities[demand.commodity.index()].grain == Grain::rate;
    fill(model, layout.unserved[d], is_rate, goal.coefficient,
         [&](int t, int s) { return model.at_resolution(demand.unserved_cost, layout.unserved[d].slices, t, s); });
  }
  for (std::size_t i = 0; i < model.limits.size(); ++i) {
    const Limit& limit = model.limits[i];
    fill(model, layout.shortfall[i], false, goal.coefficient,
         [&](int t, int) { return model.at_or(limit.shortfall_cost, 0, t); });
  }
  for (std::size_t i = 0; i < model.commitments.size(); ++i) {
    const Commitment& c = model.commitments[i];
    fill(model, layout.unpaid[i], false, goal.coefficient, [&](int t, int) { return model.at_or(c.price, 0, t); });
  }
}

}  // namespace

double money_scale_of(const Model& model, const Layout& layout) {
  const GoalVector cost = goal_vector(model, layout, Goal::cost);
  double sum = 0;
  std::size_t count = 0;
  for (const double c : cost.coefficient) {
    if (c == 0) continue;
    sum += std::log10(std::abs(c));
    ++count;
  }
  return count == 0 ? 1.0 : std::pow(10.0, -std::round(sum / static_cast<double>(count)));
}

GoalVector goal_vector(const Model& model, const Layout& layout, Goal goal) {
  GoalVector out;
  out.coefficient.assign(static_cast<std::size_t>(layout.column_count), 0.0);
  switch (goal) {
    case Goal::cost:
      add_capacity_costs(model, layout, out);
      add_running_costs(model, layout, out);
      add_commitment_costs(model, layout, out);
      break;
    case Goal::useful_compute:
      for (std::size_t p = 0; p < model.processes.size(); ++p) {
        const Process& process = model.processes[p];
        if (!process.useful.present()) continue;
        fill(model, layout.activity[p], process.grain == Grain::rate, out.coefficient,
             [&](int t, int s) { return model.at_resolution(process.useful, layout.activity[p].slices, t, s); });
      }
      break;
    case Goal::shortfall:
      for (std::size_t i = 0; i < model.limits.size(); ++i) {
        const Limit& limit = model.limits[i];
        const Block& block = layout.shortfall[i];
        for (int t = block.t0; limit.is_target && block.first >= 0 && t < block.t1; ++t) {
          const double wanted = std::max(1e-9, std::abs(model.at_or(limit.lower, 1, t)));
          out.coefficient[static_cast<std::size_t>(block.at(t))] = 1.0 / wanted;
        }
      }
      break;
  }
  return out;
}

}  // namespace beltline
