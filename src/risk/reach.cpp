#include "risk/reach.h"

#include <algorithm>

namespace beltline {
namespace {

class Reach {
 public:
  explicit Reach(const Play& play) : play_(play), slots_(play.slots.size()) {}

  std::vector<char> run() {
    for (const Operation& each : play_.operations) {
      if (is_live(each)) operation(each);
    }
    for (const FlowProcess& each : play_.flows) flow(each);
    money();
    std::vector<char> out(play_.chances.sources.size());
    for (std::size_t i = 0; i < slots_.size(); ++i) {
      if (slots_[i] == 0) continue;
      for (const Slot::Effect& effect : play_.slots[i].effects) {
        if (effect.source >= 0) out[static_cast<std::size_t>(effect.source)] = 1;
      }
    }
    return out;
  }

 private:
  static bool any(const std::vector<double>& values) {
    return std::ranges::any_of(values, [](double each) { return each != 0; });
  }
  /// What it is handed on comes of an order, and there are no others.
  static bool is_live(const Operation& each) { return each.pipe >= 0 || any(each.planned); }

  void slot(int index) {
    if (index >= 0) slots_[static_cast<std::size_t>(index)] = 1;
  }

  void operation(const Operation& each) {
    slot(each.limit_slot);
    for (const Operation::Use& use : each.uses) {
      const Resource& on = play_.resources[static_cast<std::size_t>(use.resource)];
      slot(use.slot);
      slot(on.availability_slot);
      slot(on.delay_slot);
      if (any(on.existing)) slot(on.limit_slot);
    }
    for (const Operation::Input& input : each.inputs) {
      slot(input.slot);
      stock(play_.stocks[static_cast<std::size_t>(input.stock)]);
    }
    for (const Operation::Output& output : each.outputs) {
      slot(output.yield_slot);
      for (int lag = output.lag; lag >= 0; lag = play_.lags[static_cast<std::size_t>(lag)].after) {
        slot(play_.lags[static_cast<std::size_t>(lag)].slot);
      }
    }
  }

  void stock(const Stock& each) {
    for (const Stock::Level& level : each.levels) {
      if (level.initial != 0) slot(level.slot);
    }
    if (each.carries) slot(each.kept_slot);
    for (const Stock::Stand& stand : each.stands) {
      const PlayCapacity& on = play_.capacities[static_cast<std::size_t>(stand.capacity)];
      if (!any(stand.rate) || (!on.is_moving && !any(on.existing))) continue;
      slot(stand.slot);
      if (any(on.existing)) slot(on.existing_slot);
    }
    for (const Stock::Potential& potential : each.potentials) {
      if (any(potential.most)) slot(potential.limit_slot);
    }
  }

  void flow(const FlowProcess& each) {
    slot(each.limit_slot);
    slot(each.availability_slot);
    for (const FlowProcess::Use& use : each.uses) {
      if (!any(use.need)) continue;
      slot(use.slot);
      const PlayCapacity& on = play_.capacities[static_cast<std::size_t>(use.capacity)];
      if (any(on.existing)) slot(on.existing_slot);
    }
    for (const FlowProcess::End& end : each.inputs) slot(end.slot);
    for (const FlowProcess::End& end : each.outputs) slot(end.slot);
  }

  void money() {
    const auto periods = static_cast<std::size_t>(play_.period_count);
    const Model& m = *play_.model;
    for (std::size_t k = 0; k < play_.capacities.size(); ++k) {
      if (play_.order_of_capacity[k] >= 0) slot(play_.cost_slot_of_capacity[k]);
      const bool is_there = play_.capacities[k].is_moving || any(play_.capacities[k].existing);
      if (is_there && m.capacities[k].fixed_cost.present()) slot(play_.fixed_slot_of_capacity[k]);
    }
    for (std::size_t p = 0; p < m.processes.size(); ++p) {
      const auto begin = play_.figures.variable.begin() + static_cast<std::ptrdiff_t>(p * periods);
      const bool is_paid = std::any_of(begin, begin + play_.period_count, [](double usd) { return usd != 0; });
      if (is_paid) slot(play_.cost_slot_of_process[p]);
    }
    for (std::size_t i = 0; i < m.moves.size(); ++i) {
      if (play_.operation_of_move[i] >= 0) slot(play_.cost_slot_of_move[i]);
    }
  }

  const Play& play_;
  std::vector<char> slots_;  // [slot] something depends on it
};

}  // namespace

std::vector<char> sources_in_reach(const Play& play) {
  return Reach(play).run();
}

}  // namespace beltline
