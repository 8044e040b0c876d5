// One visit to every series of a model.
#pragma once

#include "model/model.h"

namespace beltline {

/// Calls `visit(Series&, window_last)` for every series of a model that the optimisation or a report reads, in a fixed
/// order. `window_last` is the last period of the window whose one value the series gives, −1 for values by period.
template <class AnyModel, class Visit>
void each_series(AnyModel& m, Visit each) {
  const auto visit = [&](auto& series, int window_last = -1) { each(series, window_last); };
  for (auto& process : m.processes) {
    for (auto& flow : process.flows) visit(flow.rate);
    for (auto& use : process.uses) visit(use.use);
    for (auto& payment : process.payments) visit(payment.price);
    for (auto* series : {&process.lower, &process.upper, &process.least_share, &process.cost, &process.quadratic_cost,
                         &process.peak_cost, &process.useful}) {
      visit(*series);
    }
    if (process.commitment) {
      auto& c = *process.commitment;
      for (auto* series : {&c.min_load, &c.start_cost, &c.stop_cost, &c.no_load_cost, &c.ramp_up, &c.ramp_down})
        visit(*series);
    }
  }
  for (auto& capacity : m.capacities) {
    for (auto* series :
         {&capacity.existing, &capacity.build_max, &capacity.capex, &capacity.fixed_cost, &capacity.availability})
      visit(*series);
    for (auto& flow : capacity.stand_flows) visit(flow.rate);
  }
  for (auto& move : m.moves) visit(move.cost);
  for (auto& store : m.stores) {
    for (auto* series : {&store.level_max, &store.level_min, &store.level_share_max, &store.level_share_min,
                         &store.power_max, &store.holding_cost, &store.charge_cost, &store.discharge_cost}) {
      visit(*series);
    }
  }
  for (auto& demand : m.demands) {
    visit(demand.quantity);
    visit(demand.unserved_cost);
  }
  for (auto& limit : m.limits) {
    for (auto& term : limit.terms) visit(term.coefficient);
    const int window_last = limit.scope == LimitScope::window ? limit.last : -1;
    for (auto* series : {&limit.lower, &limit.upper, &limit.shortfall_cost}) visit(*series, window_last);
  }
  for (auto& commitment : m.commitments) {
    visit(commitment.quantity);
    visit(commitment.price);
    for (auto& term : commitment.terms) visit(term.coefficient);
  }
  for (auto& measure : m.measures) {
    visit(measure.constant);
    for (auto& term : measure.terms) visit(term.coefficient);
  }
}

}  // namespace beltline
