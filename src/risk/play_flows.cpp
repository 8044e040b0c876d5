// Rates: processes that run at a share of their plan.
#include <algorithm>
#include <cmath>

#include "risk/play_maker.h"
#include "risk/range_targets.h"

namespace beltline {

int PlayMaker::flow_node_of(NodeId node) {
  if (const auto found = flow_node_of_.find(node.value); found != flow_node_of_.end()) return found->second;
  play_.flow_nodes.push_back({.node = node, .planned = std::vector<double>(periods(), 0.0)});
  return flow_node_of_[node.value] = static_cast<int>(play_.flow_nodes.size()) - 1;
}

void PlayMaker::make_flow(int p) {
  const auto index = static_cast<std::size_t>(p);
  const Process& process = m_.processes[index];
  FlowProcess made{.process = p};
  made.planned = row(play_.figures.activity, index);
  const auto peak = row(play_.figures.peak, index);
  for (const CapacityUse& use : process.uses) {
    const Capacity& capacity = m_.capacities[use.capacity.index()];
    made.uses.push_back({use.capacity.value, by_period([&](int t) {
                           double available = 1e-9;
                           for (int s = 0; s < slices_of(capacity.availability); ++s) {
                             available = std::max(available, m_.at_or(capacity.availability, 1, t, s));
                           }
                           return m_.mean(use.use, t) * peak[static_cast<std::size_t>(t)] / available;
                         }),
                         joined(slot(ChanceTarget::capacity, use.capacity.index(), Aspect::availability),
                                slot(ChanceTarget::process, index, Aspect::limit, -1, kUsePart))});
  }
  for (const Flow& flow : process.flows) {
    const int part = static_cast<int>(&flow - process.flows.data());
    const auto planned =
        by_period([&](int t) { return m_.mean(flow.rate, t) * made.planned[static_cast<std::size_t>(t)]; });
    const bool takes = std::ranges::any_of(planned, [](double each) { return each < 0; });
    const bool gives = std::ranges::any_of(planned, [](double each) { return each > 0; });
    if (takes == gives) continue;  // nothing, or a line that goes both ways
    const int node = flow_node_of(flow.node);
    (takes ? made.inputs : made.outputs)
        .push_back(
            {node, planned, slot(ChanceTarget::process, index, takes ? Aspect::intake : Aspect::yield, -1, part)});
    if (!takes) {
      auto& sum = play_.flow_nodes[static_cast<std::size_t>(node)].planned;
      for (std::size_t t = 0; t < periods(); ++t) sum[t] += planned[t];
    }
  }
  made.limit_slot = slot(ChanceTarget::process, index, Aspect::limit, -1, kOwnPart);
  made.availability_slot = slot(ChanceTarget::process, index, Aspect::availability);
  play_.flows.push_back(std::move(made));
}

int PlayMaker::slices_of(Series series) const {
  return series.present() && series.slice_stride != 0 ? m_.calendar.slice_count : 1;
}

void PlayMaker::make_flows() {
  for (std::size_t p = 0; p < m_.processes.size(); ++p) {
    if (play_.operation_of_process[p] >= 0 || potential_.contains(static_cast<int>(p))) continue;
    const auto planned = row(play_.figures.activity, p);
    if (!std::ranges::any_of(planned, [](double each) { return std::abs(each) > kTiny; })) continue;
    make_flow(static_cast<int>(p));
  }
  order_flows();
  mark_fixed_flows();
  for (std::size_t i = 0; i < play_.flows.size(); ++i) {
    play_.flow_of_process[static_cast<std::size_t>(play_.flows[i].process)] = static_cast<int>(i);
  }
}

void PlayMaker::order_flows() {
  const std::size_t count = play_.flows.size();
  std::vector<std::vector<std::size_t>> makers(play_.flow_nodes.size());
  for (std::size_t i = 0; i < count; ++i) {
    for (const auto& end : play_.flows[i].outputs) makers[static_cast<std::size_t>(end.node)].push_back(i);
  }
  std::vector<FlowProcess> ordered;
  std::vector<char> state(count, 0);
  const auto visit = [&](const auto& self, std::size_t i) -> void {
    if (state[i] != 0) return;
    state[i] = 1;
    for (const auto& end : play_.flows[i].inputs) {
      for (const std::size_t maker : makers[static_cast<std::size_t>(end.node)]) self(self, maker);
    }
    ordered.push_back(play_.flows[i]);
  };
  for (std::size_t i = 0; i < count; ++i) visit(visit, i);
  play_.flows = std::move(ordered);
}

void PlayMaker::mark_fixed_flows() {
  for (FlowProcess& flow : play_.flows) {
    bool fixed = flow.limit_slot < 0 && flow.availability_slot < 0;
    for (const auto& use : flow.uses) {
      const PlayCapacity& on = play_.capacities[static_cast<std::size_t>(use.capacity)];
      fixed = fixed && use.slot < 0 && on.existing_slot < 0 && !on.is_moving;
    }
    for (const auto& end : flow.inputs) {
      fixed = fixed && end.slot < 0 && play_.flow_nodes[static_cast<std::size_t>(end.node)].is_fixed;
    }
    for (const auto& end : flow.outputs) fixed = fixed && end.slot < 0;
    flow.is_fixed = fixed;
    for (const auto& end : flow.outputs) {
      auto& node = play_.flow_nodes[static_cast<std::size_t>(end.node)];
      node.is_fixed = node.is_fixed && fixed;
    }
  }
}

}  // namespace beltline
