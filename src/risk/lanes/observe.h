// Rates at the end of a period, and what is seen of it.
#pragma once

#include <algorithm>

#include "risk/lanes/mover.h"
#include "risk/lanes/rows.h"

namespace beltline::BELTLINE_LANES {

/// Each process runs at the least of the shares that its capacities and its inputs allow.
inline void Mover::run_flows() {
  const auto t = static_cast<std::size_t>(t_);
  for (std::size_t n = 0; n < play_.flow_nodes.size(); ++n) {
    std::fill_n(node_sum_.row(n), kLanes, play_.flow_nodes[n].planned[t]);
  }
  for (std::size_t i = 0; i < play_.flows.size(); ++i) {
    const FlowProcess& flow = play_.flows[i];
    double* __restrict f = flows_.row(i);
    std::fill_n(f, kLanes, 1.0);
    if (flow.is_fixed || flow.planned[t] == 0) continue;
    for (const FlowProcess::Use& use : flow.uses) {
      if (use.need[t] <= 0) continue;
      const auto k = static_cast<std::size_t>(use.capacity);
      const double existing = play_.capacities[k].existing[t];
      const double per_need = (1 + 1e-9) / use.need[t];
      const double* __restrict built = built_.row(k);
      const double* __restrict factor = slot_row(use.slot);
      const double* __restrict exists = slot_row(play_.capacities[k].existing_slot);
      for (std::size_t lane = 0; lane < kLanes; ++lane) {
        f[lane] = std::min(f[lane], (existing * exists[lane] + built[lane]) * factor[lane] * per_need);
      }
    }
    for (const FlowProcess::End& end : flow.inputs) {
      const double planned = play_.flow_nodes[static_cast<std::size_t>(end.node)].planned[t];
      if (planned <= 0) continue;
      const double* __restrict sum = node_sum_.row(static_cast<std::size_t>(end.node));
      const double* __restrict factor = slot_row(end.slot);
      for (std::size_t lane = 0; lane < kLanes; ++lane) {
        f[lane] = std::min(f[lane], sum[lane] / planned / factor[lane]);
      }
    }
    const double* __restrict limit = slot_row(flow.limit_slot);
    const double* __restrict availability = slot_row(flow.availability_slot);
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      f[lane] = std::clamp(f[lane] * std::min(1.0, limit[lane]) * std::min(1.0, availability[lane]), 0.0, 1.0);
    }
    for (const FlowProcess::End& end : flow.outputs) {
      double* __restrict sum = node_sum_.row(static_cast<std::size_t>(end.node));
      const double* __restrict factor = slot_row(end.slot);
      const double planned = end.flow[t];
      for (std::size_t lane = 0; lane < kLanes; ++lane) {
        sum[lane] = std::max(0.0, sum[lane] + planned * (f[lane] * factor[lane] - 1));
      }
    }
  }
}

inline void Mover::add_term(const PlayTerm& term, double* out) {
  const auto t = static_cast<std::size_t>(t_);
  const auto index = static_cast<std::size_t>(std::max(0, term.index));
  const double* factor = slot_row(term.slot);
  const auto add = [&](const double* row, double times, double plus) {
    if (term.slot < 0) {
      each_wide([&](std::size_t l) { store(out, l, load(out, l) + all(times) * (all(plus) + load(row, l))); });
    } else {
      each_wide([&](std::size_t l) {
        store(out, l, load(out, l) + all(times) * (all(plus) + load(row, l)) * load(factor, l));
      });
    }
  };
  switch (term.source) {
    case PlayTerm::Source::constant:
      if (term.base[t] != 0) each_wide([&](std::size_t l) { store(out, l, load(out, l) + all(term.base[t])); });
      return;
    case PlayTerm::Source::operation:
      if (has_run_[index] != 0) add(done_.row(index), term.coefficient[t], 0);
      return;
    case PlayTerm::Source::flow: return add(flows_.row(index), term.base[t] * term.coefficient[t], 0);
    case PlayTerm::Source::online: {
      if (term.existing_slot < 0) return add(built_.row(index), term.coefficient[t], term.base[t]);
      const double *built = built_.row(index), *exists = slot_row(term.existing_slot);
      const Wide times = all(term.coefficient[t]), existing = all(term.base[t]);
      each_wide([&](std::size_t l) {
        const Wide there = existing * load(exists, l) + load(built, l);
        store(out, l, load(out, l) + times * there * load(factor, l));
      });
      return;
    }
    case PlayTerm::Source::stock:
      each_wide(
          [&](std::size_t l) { store(out, l, load(out, l) + all(term.coefficient[t]) * load(stocks_.row(index), l)); });
      return;
    case PlayTerm::Source::spend: return;  // falls due by itself
  }
}

void Mover::observe(Batch& batch) {
  run_flows();
  const auto t = static_cast<std::size_t>(t_);
  const auto periods = static_cast<std::size_t>(play_.period_count);
  for (std::size_t i = 0; i < seen_.series.size(); ++i) {
    double* out = batch.values.data() + (i * periods + t) * kLanes;
    if (spend_index_[i] < 0) {
      std::fill_n(out, kLanes, 0.0);
    } else {
      std::copy_n(spend_.row(static_cast<std::size_t>(spend_index_[i]) * periods + t), kLanes, out);
    }
    for (const PlayTerm& term : seen_.series[i].terms) add_term(term, out);
  }
}

}  // namespace beltline::BELTLINE_LANES
