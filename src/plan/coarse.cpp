#include "plan/coarse.h"

namespace beltline {

Model coarsen(const Model& model) {
  Model coarse = model;
  Calendar& calendar = coarse.calendar;
  calendar.slice_count = 1;
  calendar.group_size = 1;
  calendar.step_hours = model.calendar.group_hours();
  calendar.steps.clear();
  calendar.slice_hours = calendar.period_hours;

  const auto average = [&](Series& series) {
    if (!series.present() || series.slice_stride == 0) return;
    const auto offset = static_cast<int32_t>(coarse.pool.size());
    for (int t = 0; t < model.period_count(); ++t) coarse.pool.push_back(model.mean(series, t));
    series = {.offset = offset, .period_stride = 1, .slice_stride = 0};
  };
  for (Process& process : coarse.processes) {
    for (Series* series : {&process.lower, &process.upper, &process.least_share, &process.cost, &process.quadratic_cost,
                           &process.useful}) {
      average(*series);
    }
    for (Flow& flow : process.flows) {
      average(flow.rate);
      flow.delay = 0;
    }
    for (CapacityUse& use : process.uses) average(use.use);
    // Units off and ramps lie between slices: without them the means of any plan still hold, so this is a relaxation.
    process.commitment.reset();
  }
  for (Capacity& capacity : coarse.capacities) {
    average(capacity.availability);
    for (StandFlow& flow : capacity.stand_flows) average(flow.rate);
  }
  for (Store& store : coarse.stores) {
    for (Series* series : {&store.level_max, &store.level_min, &store.level_share_max, &store.level_share_min,
                           &store.power_max, &store.charge_cost, &store.discharge_cost}) {
      average(*series);
    }
  }
  for (Limit& limit : coarse.limits) {
    for (Series* series : {&limit.lower, &limit.upper}) average(*series);
    for (Term& term : limit.terms) average(term.coefficient);
  }
  for (Commitment& commitment : coarse.commitments) {
    for (Term& term : commitment.terms) average(term.coefficient);
  }
  for (Measure& measure : coarse.measures) {
    for (Term& term : measure.terms) average(term.coefficient);
  }
  for (Demand& demand : coarse.demands) {
    average(demand.quantity);
    average(demand.unserved_cost);
  }
  return coarse;
}

}  // namespace beltline
