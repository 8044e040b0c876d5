// What a process's flows bring to their nodes, read from a plan.
#pragma once

#include <algorithm>

#include "model/plan.h"

namespace beltline {

/// Where what starts in slice s arrives; -1: the group has ended before, and nothing wraps.
inline int slice_of_arrival(const Calendar& calendar, const Flow& flow, int s) {
  const int begin = s / calendar.group_size * calendar.group_size;
  const int at = s + flow.delay;
  if (at < begin + calendar.group_size) return at;
  return flow.wraps ? begin + (at - begin) % calendar.group_size : -1;
}

/// Calls add(t, s, amount) for all that `flow` of process `p` brings (> 0) or takes (< 0) at its node, in the period it
/// arrives. Written from the definition of the two grains, not from the LP, so that verification shares nothing with
/// it.
template <class Add>
void each_arrival(const Model& m, const Plan& plan, std::size_t p, const Flow& flow, int node_slices, Add add) {
  const Process& process = m.processes[p];
  const int own = m.slice_count(process);
  const bool to_amount = m.commodities[flow.commodity.index()].grain == Grain::amount;
  for (int t = 0; t + flow.lag < m.period_count(); ++t) {
    for (int s = 0; s < std::max(own, node_slices); ++s) {
      const int from = own == 1 ? 0 : s;
      const int into = node_slices == 1 ? 0 : own == 1 ? s : slice_of_arrival(m.calendar, flow, s);
      if (into < 0) continue;
      double amount = m.at_resolution(flow.rate, std::max(own, node_slices), t, s) * plan.activity.at(p, t, from);
      const double hours = m.hours(own, t, from);
      if (process.grain == Grain::rate && to_amount) amount *= hours;
      if (process.grain == Grain::rate && !to_amount && own > node_slices) amount *= hours / m.calendar.hours(t);
      if (process.grain == Grain::amount && !to_amount) amount /= m.calendar.hours(t);
      add(t + flow.lag, into, amount);
    }
  }
}

}  // namespace beltline
