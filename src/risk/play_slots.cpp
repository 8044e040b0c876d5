// Numbers that chance moves: slots, lags and events.
#include <algorithm>
#include <cmath>

#include "risk/play_maker.h"
#include "risk/range_targets.h"

namespace beltline {

int PlayMaker::buffer_of(ChanceTarget target, std::size_t id) const {
  int sum = 0;
  for (const Buffer& each : play_.chances.buffers) {
    if (each.target == target && each.id == static_cast<int32_t>(id)) sum += each.periods;
  }
  return sum;
}

void PlayMaker::count_events() {
  for (const Shock& shock : play_.chances.shocks) {
    std::set<std::pair<ChanceTarget, int32_t>> hit;
    for (const Influence& each : shock.effects) hit.emplace(each.target, each.id);
    play_.event_count.push_back(shock.is_independent ? static_cast<int>(std::max<std::size_t>(1, hit.size())) : 1);
  }
}

int PlayMaker::event_of(const Shock& shock, const Influence& effect) const {
  if (!shock.is_independent) return 0;
  std::set<std::pair<ChanceTarget, int32_t>> hit;
  for (const Influence& each : shock.effects) hit.emplace(each.target, each.id);
  return static_cast<int>(std::distance(hit.begin(), hit.find({effect.target, effect.id})));
}

int PlayMaker::slot(ChanceTarget target, std::size_t id, Aspect aspect, int offset, int part) {
  const auto is_about = [&](const Influence& each) {
    return each.target == target && each.id == static_cast<int32_t>(id) && each.aspect == aspect;
  };
  const auto is_of_part = [&](const Influence& each) { return is_about(each) && each.part == part; };
  const bool is_use = target == ChanceTarget::process && aspect == Aspect::limit && part == kUsePart;
  if (part != kWholePart && std::ranges::none_of(play_.chances.influences, is_of_part)) {
    if (is_use) return -1;
    part = kWholePart;  // the same slot for all parts
  }
  const auto key = std::tuple(target, id, aspect, offset, part);
  if (const auto found = slot_of_.find(key); found != slot_of_.end()) return found->second;
  Slot made{.is_sum = aspect == Aspect::delay};
  const auto fits = [&](const Influence& each) {
    return is_about(each) && (offset < 0 || each.stage <= offset) &&
           (each.part == part || (each.part == kWholePart && !is_use));
  };
  for (const Influence& each : play_.chances.influences) {
    if (fits(each)) add_effect(made, each);
  }
  for (std::size_t s = 0; s < play_.chances.shocks.size(); ++s) {
    const Shock& shock = play_.chances.shocks[s];
    for (const Influence& each : shock.effects) {
      if (!fits(each)) continue;
      made.effects.push_back({.shock = static_cast<int>(s),
                              .at_mode = each.at_mode,
                              .last = m_.period_count(),
                              .event = event_of(shock, each)});
      made.is_static = false;
    }
  }
  const int index = made.effects.empty() ? -1 : static_cast<int>(play_.slots.size());
  if (index >= 0) play_.slots.push_back(std::move(made));
  slot_of_.emplace(key, index);
  return index;
}

int PlayMaker::slot_of_part(ChanceTarget target, std::size_t id, Aspect aspect, int part) {
  constexpr int kPartAlone = -2;
  const auto key = std::tuple(target, id, aspect, kPartAlone, part);
  if (const auto found = slot_of_.find(key); found != slot_of_.end()) return found->second;
  Slot made;
  for (const Influence& each : play_.chances.influences) {
    const bool is_about = each.target == target && each.id == static_cast<int32_t>(id) && each.aspect == aspect;
    if (is_about && each.part == part) add_effect(made, each);
  }
  const int index = made.effects.empty() ? -1 : static_cast<int>(play_.slots.size());
  if (index >= 0) play_.slots.push_back(std::move(made));
  slot_of_.emplace(key, index);
  return index;
}

int PlayMaker::stand_slot(std::size_t k, const StandFlow& stand, const std::vector<double>& rate) {
  const int part = kStandPart + static_cast<int>(&stand - m_.capacities[k].stand_flows.data());
  const bool holds = std::ranges::any_of(rate, [](double each) { return each < 0; });
  return slot_of_part(ChanceTarget::capacity, k, holds ? Aspect::intake : Aspect::yield, part);
}

int PlayMaker::build_slot(std::size_t k, const BuildFlow& flow) {
  const int part = kBuildPart + static_cast<int>(&flow - m_.capacities[k].build_flows.data());
  return slot_of_part(ChanceTarget::capacity, k, flow.amount < 0 ? Aspect::intake : Aspect::yield, part);
}

int PlayMaker::joined(int a, int b) {
  if (a < 0 || b < 0) return std::max(a, b);
  const auto key = std::pair(a, b);
  if (const auto found = joined_.find(key); found != joined_.end()) return found->second;
  Slot both = play_.slots[static_cast<std::size_t>(a)];
  const Slot& other = play_.slots[static_cast<std::size_t>(b)];
  both.effects.insert(both.effects.end(), other.effects.begin(), other.effects.end());
  both.is_static = both.is_static && other.is_static;
  play_.slots.push_back(std::move(both));
  return joined_[key] = static_cast<int>(play_.slots.size()) - 1;
}

void PlayMaker::add_effect(Slot& made, const Influence& each) const {
  made.effects.push_back({.source = each.source,
                          .at_low = each.at_low,
                          .at_mode = each.at_mode,
                          .at_high = each.at_high,
                          .first = each.first,
                          .last = each.last});
  const bool whole = each.first <= 0 && each.last >= m_.period_count() - 1;
  if (!whole || play_.chances.sources[static_cast<std::size_t>(each.source)].each_period) made.is_static = false;
}

int PlayMaker::add_lag(double periods, int slot_index, int after, bool comes_whole) {
  play_.lags.push_back({.periods = periods, .slot = slot_index, .after = after, .comes_whole = comes_whole});
  return static_cast<int>(play_.lags.size()) - 1;
}

void PlayMaker::make_cost_slots() {
  for (std::size_t k = 0; k < m_.capacities.size(); ++k) {
    play_.cost_slot_of_capacity.push_back(slot(ChanceTarget::capacity, k, Aspect::cost, -1, kCapexPart));
    play_.fixed_slot_of_capacity.push_back(slot(ChanceTarget::capacity, k, Aspect::cost, -1, kFixedPart));
  }
  for (std::size_t p = 0; p < m_.processes.size(); ++p) {
    play_.cost_slot_of_process.push_back(slot(ChanceTarget::process, p, Aspect::cost));
  }
  for (std::size_t i = 0; i < m_.moves.size(); ++i) {
    play_.cost_slot_of_move.push_back(slot(kMoveTarget, i, Aspect::cost));
  }
}

}  // namespace beltline
