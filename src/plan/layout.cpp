#include "plan/layout.h"

#include <algorithm>
#include <limits>
#include <map>

#include "plan/commitment.h"

namespace beltline {
namespace {

/// Hands out consecutive index blocks.
class Counter {
 public:
  explicit Counter(int32_t& count) : count_(count) {}

  Block take(int t0, int t1, int slices = 1) {
    if (t1 <= t0) return {};
    const Block block{.first = count_, .t0 = t0, .t1 = t1, .slices = slices};
    const int64_t next = int64_t{count_} + int64_t{t1 - t0} * slices;
    ASSERT(next < std::numeric_limits<int32_t>::max());
    count_ = static_cast<int32_t>(next);
    return block;
  }

 private:
  int32_t& count_;
};

/// First and one past the last period in which an order still comes online inside the horizon.
std::pair<int, int> order_window(const Capacity& capacity, int period_count) {
  if (!capacity.buildable) return {0, 0};
  const int first = std::max({0, capacity.earliest_order, capacity.earliest_online - capacity.lead});
  return {first, std::max(first, period_count - capacity.lead)};
}

void lay_columns(const Model& model, Layout& layout) {
  const int T = model.period_count();
  Counter take(layout.column_count);
  for (const Capacity& capacity : model.capacities) {
    const auto [t0, t1] = order_window(capacity, T);
    layout.order.push_back(take.take(t0, t1));
  }
  // Built stock can begin with an order or with an arrival from elsewhere; moves may chain.
  std::vector<int> built_from(model.capacities.size(), T);
  for (std::size_t k = 0; k < model.capacities.size(); ++k) {
    if (layout.order[k].first >= 0) built_from[k] = layout.order[k].t0 + model.capacities[k].lead;
  }
  for (std::size_t round = 0; round < model.moves.size(); ++round) {
    for (const Move& move : model.moves) {
      int& to = built_from[move.to.index()];
      to = std::min(to, built_from[move.from.index()] + move.lag);
    }
  }
  for (std::size_t k = 0; k < model.capacities.size(); ++k) layout.built.push_back(take.take(built_from[k], T));
  for (const Move& move : model.moves) layout.moved.push_back(take.take(built_from[move.from.index()], T - move.lag));
  for (const Process& process : model.processes) {
    layout.activity.push_back(take.take(0, T, model.slice_count(process)));
  }
  std::vector<uint8_t> wants_peak(model.processes.size(), 0);
  for (std::size_t p = 0; p < model.processes.size(); ++p) wants_peak[p] = model.processes[p].peak_cost.present();
  const auto note_peaks = [&](const std::vector<Term>& terms) {
    for (const Term& term : terms) {
      if (term.kind == TermKind::peak) wants_peak[static_cast<std::size_t>(term.id)] = 1;
    }
  };
  for (const Limit& limit : model.limits) note_peaks(limit.terms);
  for (const Commitment& commitment : model.commitments) note_peaks(commitment.terms);
  for (const uint8_t wanted : wants_peak) layout.peak.push_back(wanted ? take.take(0, T) : Block{});
  for (const Store& store : model.stores) {
    const Node& node = model.nodes[store.node.index()];
    const bool is_rate = model.commodities[node.commodity.index()].grain == Grain::rate;
    const int slices = model.slice_count(node);
    layout.level.push_back(take.take(0, T, slices));
    layout.charge.push_back(is_rate ? take.take(0, T, slices) : Block{});
    layout.discharge.push_back(is_rate ? take.take(0, T, slices) : Block{});
  }
  for (const Demand& demand : model.demands) {
    const int slices = model.slice_count(model.nodes[demand.node.index()]);
    layout.unserved.push_back(demand.unserved_cost.present() ? take.take(0, T, slices) : Block{});
  }
  for (const Limit& limit : model.limits) {
    const int t0 = std::max(0, limit.first), t1 = std::min(T, limit.last == 1 << 30 ? T : limit.last + 1);
    const bool soft =
        limit.shortfall_cost.present() || (limit.is_target && model.objective.kind != ObjectiveKind::min_cost);
    if (!soft || t1 <= t0) {
      layout.shortfall.emplace_back();
    } else {
      layout.shortfall.push_back(limit.scope == LimitScope::window ? take.take(t0, t0 + 1) : take.take(t0, t1));
    }
  }
  for (const Commitment& commitment : model.commitments) {
    const int t0 = std::max(0, commitment.first),
              t1 = std::min(T, commitment.last == 1 << 30 ? T : commitment.last + 1);
    layout.unpaid.push_back(commitment.take_or_pay > 0 ? take.take(t0, t1) : Block{});
  }
}

/// A cycle basis of the lines with reactance: one cycle for each line outside a spanning forest.
std::vector<Cycle> cycle_basis(const Model& model) {
  struct Step {
    int parent = -1;
    int process = -1;
    double sign = 0;  // of the line when walked from the parent
    int depth = 0;
  };
  std::map<int32_t, std::vector<std::pair<int, int>>> lines_at;  // place → (process, other place)
  for (std::size_t p = 0; p < model.processes.size(); ++p) {
    const Process& process = model.processes[p];
    if (process.reactance == 0) continue;
    lines_at[process.line_from.value].emplace_back(p, process.line_to.value);
    lines_at[process.line_to.value].emplace_back(p, process.line_from.value);
  }
  std::map<int32_t, Step> tree;
  std::vector<uint8_t> in_tree(model.processes.size(), 0);
  for (const auto& [root, unused] : lines_at) {
    if (tree.contains(root)) continue;
    tree[root] = {};
    std::vector<int32_t> queue = {root};
    for (std::size_t head = 0; head < queue.size(); ++head) {
      const int32_t place = queue[head];
      for (const auto& [p, other] : lines_at[place]) {
        if (tree.contains(other)) continue;
        const bool forward = model.processes[static_cast<std::size_t>(p)].line_from.value == place;
        tree[other] = {.parent = place, .process = p, .sign = forward ? 1.0 : -1.0, .depth = tree[place].depth + 1};
        in_tree[static_cast<std::size_t>(p)] = 1;
        queue.push_back(other);
      }
    }
  }
  std::vector<Cycle> cycles;
  for (std::size_t p = 0; p < model.processes.size(); ++p) {
    const Process& process = model.processes[p];
    if (process.reactance == 0 || in_tree[p]) continue;
    Cycle cycle;
    cycle.lines.emplace_back(ProcessId(p), process.reactance);
    cycle.shift = process.phase_shift;
    int32_t a = process.line_to.value, b = process.line_from.value;
    // Walk both ends up to their meeting point: from `to` upwards against the tree, down to `from` along it.
    while (a != b) {
      int32_t& deeper = tree[a].depth >= tree[b].depth ? a : b;
      const Step& step = tree[deeper];
      const Process& line = model.processes[static_cast<std::size_t>(step.process)];
      const double direction = (&deeper == &a) ? -step.sign : step.sign;
      cycle.lines.emplace_back(ProcessId(step.process), direction * line.reactance);
      cycle.shift += direction * line.phase_shift;
      deeper = step.parent;
    }
    cycles.push_back(std::move(cycle));
  }
  return cycles;
}

void lay_capacity_rows(const Model& model, Layout& layout, Counter& take) {
  const int T = model.period_count();
  std::vector<int> slices(model.capacities.size(), 0), users(model.capacities.size(), 0),
      user(model.capacities.size(), -1);
  std::vector<uint8_t> is_signed(model.capacities.size(), 0), plain(model.capacities.size(), 1);
  for (std::size_t p = 0; p < model.processes.size(); ++p) {
    const Process& process = model.processes[p];
    const bool is_reversible = !process.least_share.present() && model.runs_back(process);
    for (const CapacityUse& use : process.uses) {
      const std::size_t k = use.capacity.index();
      slices[k] = std::max(slices[k], model.slice_count(process));
      ++users[k];
      user[k] = static_cast<int>(p);
      if (is_reversible) is_signed[k] = 1;
      if (process.uses.size() > 1 || use.use.period_stride != 0 || use.use.slice_stride != 0 ||
          model.at(use.use, 0) <= 0) {
        plain[k] = 0;
      }
    }
  }
  layout.single_user.assign(model.capacities.size(), -1);
  for (std::size_t k = 0; k < model.capacities.size(); ++k) {
    const bool bound_does = users[k] == 1 && plain[k] && layout.built[k].first < 0;
    if (bound_does) layout.single_user[k] = user[k];
    const bool needs_rows = users[k] > 0 && !bound_does;
    layout.capacity.push_back(needs_rows ? take.take(0, T, slices[k]) : Block{});
    layout.capacity_reverse.push_back(needs_rows && is_signed[k] ? take.take(0, T, slices[k]) : Block{});
  }
  for (std::size_t p = 0; p < model.processes.size(); ++p) {
    const Process& process = model.processes[p];
    const bool moves = process.least_share.present() && !process.uses.empty() &&
                       layout.built[process.uses.front().capacity.index()].first >= 0;
    layout.floor.push_back(moves ? take.take(0, T, layout.activity[p].slices) : Block{});
  }
}

void lay_rows(const Model& model, Layout& layout) {
  const int T = model.period_count();
  Counter take(layout.row_count);
  for (const Node& node : model.nodes) layout.balance.push_back(take.take(0, T, model.slice_count(node)));
  for (const Block& built : layout.built) layout.build_recursion.push_back(take.take(built.t0, built.t1));
  lay_capacity_rows(model, layout, take);
  for (std::size_t p = 0; p < model.processes.size(); ++p) {
    layout.peak_row.push_back(layout.peak[p].first >= 0 ? take.take(0, T, layout.activity[p].slices) : Block{});
  }
  for (std::size_t v = 0; v < model.stores.size(); ++v) {
    const Store& store = model.stores[v];
    const int slices = layout.level[v].slices;
    const bool is_rate = layout.charge[v].first >= 0;
    const auto can_build = [&](CapacityId k) { return k.valid() && layout.built[k.index()].first >= 0; };
    layout.level_recursion.push_back(is_rate ? take.take(0, T, slices) : Block{});
    layout.level_cap.push_back(can_build(store.level_capacity) ? take.take(0, T, slices) : Block{});
    layout.level_floor.push_back(
        store.level_share_min.present() && can_build(store.level_capacity) ? take.take(0, T, slices) : Block{});
    const bool power_rows = is_rate && can_build(store.power_capacity);
    layout.charge_cap.push_back(power_rows ? take.take(0, T, slices) : Block{});
    layout.discharge_cap.push_back(power_rows ? take.take(0, T, slices) : Block{});
  }
  for (const Limit& limit : model.limits) {
    const int t0 = std::max(0, limit.first), t1 = std::min(T, limit.last == 1 << 30 ? T : limit.last + 1);
    const int slices = limit.scope == LimitScope::each_slice ? model.calendar.slice_count : 1;
    layout.limit.push_back(take.take(t0, limit.scope == LimitScope::window && t1 > t0 ? t0 + 1 : t1, slices));
  }
  for (const Commitment& commitment : model.commitments) {
    const int t0 = std::max(0, commitment.first),
              t1 = std::min(T, commitment.last == 1 << 30 ? T : commitment.last + 1);
    layout.ceiling.push_back(commitment.ceiling ? take.take(t0, t1) : Block{});
    layout.take_or_pay.push_back(commitment.take_or_pay > 0 ? take.take(t0, t1) : Block{});
  }
  layout.cycles = cycle_basis(model);
  for (const Cycle& cycle : layout.cycles) {
    layout.cycle.push_back(take.take(0, T, layout.activity[cycle.lines.front().first.index()].slices));
  }
}

}  // namespace

Layout make_layout(const Model& model) {
  Layout layout;
  lay_columns(model, layout);
  lay_rows(model, layout);
  lay_commitment(model, layout);
  return layout;
}

int delayed_slice(const Calendar& calendar, const Flow& flow, int s) {
  const int group = calendar.group_size;
  const int into = s % group + flow.delay;
  if (into >= group && !flow.wraps) return -1;
  return s - s % group + into % group;
}

double flow_weight(const Model& model, const Process& process, const Flow& flow, int process_slices, int node_slices,
                   int t, int s) {
  const Grain node_grain = model.commodities[flow.commodity.index()].grain;
  const double rate = model.at_resolution(flow.rate, std::max(process_slices, node_slices), t, s);
  if (process.grain == Grain::rate) {
    if (node_grain == Grain::amount) return rate * model.hours(process_slices, t, s);
    if (process_slices > node_slices) return rate * model.calendar.hours(t, s) / model.calendar.hours(t);
    return rate;
  }
  return node_grain == Grain::amount ? rate : rate / model.calendar.hours(t);
}

}  // namespace beltline
