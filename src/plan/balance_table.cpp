#include <algorithm>
#include <cmath>

#include "plan/arrivals.h"
#include "plan/table_rows.h"
#include "plan/verify.h"

namespace beltline {

/// What came in and what went out of each node, with the price of one more unit.
Table balance_table(const Model& m, const Plan& plan) {
  Table table = make("balance", "Every commodity at every place (rows of zeros left out)",
                     {{"commodity", "text", ""},
                      {"place", "text", ""},
                      {"period", "text", ""},
                      {"unit", "text", "of amounts; rates are means over the period"},
                      {"demand", "", "asked for"},
                      {"unserved", "", "of the demand"},
                      {"surplus", "", "thrown away"},
                      {"throughput", "", "delivered to uses"},
                      {"price", "USD", "what one more unit demanded would cost, discounted"}});
  const Values residual = node_residual(m, plan);
  // Deliveries: everything taken in, whether by processes, builds, stands or demands.
  Values used = residual;
  std::ranges::fill(used.data, 0.0);
  for (std::size_t p = 0; p < m.processes.size(); ++p) {
    for (const Flow& flow : m.processes[p].flows) {
      each_arrival(m, plan, p, flow, used.slices[flow.node.index()],
                   [&](int t, int s, double amount) { used.at(flow.node.index(), t, s) += std::max(0.0, -amount); });
    }
  }
  for (std::size_t k = 0; k < m.capacities.size(); ++k) {
    for (const StandFlow& flow : m.capacities[k].stand_flows) {
      const int slices = used.slices[flow.node.index()];
      for (int t = 0; t < m.period_count(); ++t) {
        for (int s = 0; s < slices; ++s) {
          used.at(flow.node.index(), t, s) -=
              std::min(0.0, m.at_resolution(flow.rate, slices, t, s)) * online(m, plan, CapacityId(k), t);
        }
      }
    }
    for (const BuildFlow& flow : m.capacities[k].build_flows) {
      const bool is_rate = m.commodities[flow.commodity.index()].grain == Grain::rate;
      for (int t = 0; t + flow.offset < m.period_count(); ++t) {
        const double per = is_rate ? m.calendar.hours(t + flow.offset) : 1.0;
        for (int s = 0; s < used.slices[flow.node.index()]; ++s) {
          used.at(flow.node.index(), t + flow.offset, s) -= std::min(0.0, flow.amount) * plan.order.at(k, t) / per;
        }
      }
    }
  }
  Values demand = residual, unserved = residual;
  std::ranges::fill(demand.data, 0.0);
  std::ranges::fill(unserved.data, 0.0);
  for (std::size_t d = 0; d < m.demands.size(); ++d) {
    const std::size_t n = m.demands[d].node.index();
    for (int t = 0; t < m.period_count(); ++t) {
      for (int s = 0; s < demand.slices[n]; ++s) {
        demand.at(n, t, s) += m.at_resolution(m.demands[d].quantity, demand.slices[n], t, s);
        unserved.at(n, t, s) += plan.unserved.at(d, t, s);
      }
    }
  }
  for (std::size_t n = 0; n < m.nodes.size(); ++n) {
    const Commodity& commodity = m.commodities[m.nodes[n].commodity.index()];
    const int slices = residual.slices[n];
    for (int t = 0; t < m.period_count(); ++t) {
      double sum[5] = {};
      for (int s = 0; s < slices; ++s) {
        const double share = commodity.grain == Grain::rate ? m.hours(slices, t, s) / m.calendar.hours(t) : 1.0;
        sum[0] += share * demand.at(n, t, s);
        sum[1] += share * unserved.at(n, t, s);
        sum[2] += share * std::max(0.0, residual.at(n, t, s));
        sum[3] += share * (used.at(n, t, s) + demand.at(n, t, s) - unserved.at(n, t, s));
        sum[4] += plan.node_price.at(n, t, s);
      }
      if (std::abs(sum[0]) + std::abs(sum[2]) + std::abs(sum[3]) < kTiny) continue;
      texts(table, 0).push_back(commodity.name);
      texts(table, 1).push_back(m.place_name(NodeId(n)));
      texts(table, 2).push_back(m.calendar.label(t));
      texts(table, 3).push_back(commodity.unit);
      for (std::size_t i = 0; i < 5; ++i) numbers(table, 4 + i).push_back(sum[i]);
    }
  }
  return table;
}

}  // namespace beltline
