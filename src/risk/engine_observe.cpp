// Rates at the end of a period, and what is seen of it. Compiled twice, as in engine_goods.cpp.
#include <algorithm>
#include <cmath>

#include "base/assert.h"
#include "risk/blame.h"
#include "risk/state.h"

namespace beltline {

/// Each process runs at the least of the shares that its capacities and its inputs allow.
[[gnu::always_inline]] inline void Player::State::run_flows() {
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

[[gnu::always_inline]] inline void Player::State::add_term(const PlayTerm& term, double* __restrict out) {
  const auto t = static_cast<std::size_t>(t_);
  const auto index = static_cast<std::size_t>(std::max(0, term.index));
  const double* __restrict factor = slot_row(term.slot);
  switch (term.source) {
    case PlayTerm::Source::constant:
      for (std::size_t lane = 0; lane < kLanes; ++lane) out[lane] += term.base[t];
      return;
    case PlayTerm::Source::operation: {
      const double* __restrict done = done_.row(index);
      const double c = term.coefficient[t];
      for (std::size_t lane = 0; lane < kLanes; ++lane) out[lane] += c * done[lane] * factor[lane];
      return;
    }
    case PlayTerm::Source::flow: {
      const double* __restrict f = flows_.row(index);
      const double planned = term.base[t] * term.coefficient[t];
      for (std::size_t lane = 0; lane < kLanes; ++lane) out[lane] += planned * f[lane] * factor[lane];
      return;
    }
    case PlayTerm::Source::online: {
      const double c = term.coefficient[t];
      const double existing = term.base[t];
      const double* __restrict built = built_.row(index);
      const double* __restrict exists = slot_row(term.existing_slot);
      for (std::size_t lane = 0; lane < kLanes; ++lane) {
        out[lane] += c * (existing * exists[lane] + built[lane]) * factor[lane];
      }
      return;
    }
    case PlayTerm::Source::stock: {
      const double* __restrict here = stocks_.row(index);
      const double c = term.coefficient[t];
      for (std::size_t lane = 0; lane < kLanes; ++lane) out[lane] += c * here[lane];
      return;
    }
    case PlayTerm::Source::spend: return;  // falls due by itself
  }
}

[[gnu::always_inline]] inline void Player::State::observe(Batch& batch) {
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

#if defined(__x86_64__)
[[gnu::target("avx2")]] void Player::State::observe_wide(Batch& batch) {
  run_flows();
  observe(batch);
}
#else
void Player::State::observe_wide(Batch& batch) {
  observe_narrow(batch);
}
#endif

void Player::State::observe_narrow(Batch& batch) {
  run_flows();
  observe(batch);
}

void Player::State::blame_milestones(Batch& batch) {
  const auto periods = static_cast<std::size_t>(play_.period_count);
  const Blame blame(*this);
  ++month_number_;
  for (std::size_t i = 0; i < seen_.milestones.size(); ++i) {
    const PlayMilestone& milestone = seen_.milestones[i];
    if (milestone.milestone.period != t_ || !milestone.is_planned()) continue;
    const auto series = static_cast<std::size_t>(milestone.series);
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      double value = 0;
      const auto at = static_cast<std::size_t>(t_);
      for (std::size_t t = milestone.milestone.is_total ? 0 : at; t <= at; ++t) {
        value += batch.row(series, t, periods)[lane];
      }
      if (value >= milestone.reached_at()) continue;
      batch.cause[i * kLanes + lane] = static_cast<uint16_t>(blame.of_series(seen_.series[series], series, lane).cause);
    }
  }
}

/// What was started towards a stock is in it, under way or was taken; only what may be thrown away can be gone.
void Player::State::check_conservation() const {
  for (std::size_t n = 0; n < play_.stocks.size(); ++n) {
    const Stock& stock = play_.stocks[n];
    if (!stock.carries || stock.kept != 1 || stock.kept_slot >= 0 || !stock.stands.empty() || !stock.potentials.empty())
      continue;
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      double there = stocks_.row(n)[lane];
      // what arrives in the last period has been received; the rings have turned to what comes after it
      const std::size_t row = pipe_place(stock.pipe, 0);
      if (touched_[row] != 0) there += pipes_.row(row)[lane];
      const double balance = initial_.row(n)[lane] + in_.row(n)[lane] - out_.row(n)[lane] - there;
      const double scale = 1 + initial_.row(n)[lane] + in_.row(n)[lane];
      ASSERT(std::abs(balance) <= 1e-6 * scale);  // nothing comes from nothing, nothing is lost
    }
  }
}

}  // namespace beltline
