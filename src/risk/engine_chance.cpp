// What chance does to the numbers of a batch: draws, shocks, slots and lags.
#include <algorithm>
#include <cmath>
#include <limits>

#include "base/random.h"
#include "risk/state.h"

namespace beltline {
namespace {

/// Draws of shocks are those of sources that no scenario can have.
constexpr uint32_t kFirstEvent = 0x40000000;
constexpr double kRounding = 1e-9;

/// Through (low, at_low), (mode, at_mode), (high, at_high), and on beyond.
double along(const Distribution& of, const Slot::Effect& effect, double x) {
  if (x < of.mode && of.mode > of.low) {
    return effect.at_mode + (x - of.mode) / (of.low - of.mode) * (effect.at_low - effect.at_mode);
  }
  if (x > of.mode && of.high > of.mode) {
    return effect.at_mode + (x - of.mode) / (of.high - of.mode) * (effect.at_high - effect.at_mode);
  }
  return effect.at_mode;
}

/// The same of a row, to the same bytes.
void join_along(const Distribution& of, const Slot::Effect& effect, const double* __restrict x, bool is_sum,
                double* __restrict out) {
  double value[kLanes];
  const bool has_low = of.mode > of.low, has_high = of.high > of.mode;
  const double low = has_low ? of.low - of.mode : 1.0, high = has_high ? of.high - of.mode : 1.0;
  const double to_low = has_low ? effect.at_low - effect.at_mode : 0.0;
  const double to_high = has_high ? effect.at_high - effect.at_mode : 0.0;
  for (std::size_t lane = 0; lane < kLanes; ++lane) {
    const double away = x[lane] - of.mode;
    value[lane] = effect.at_mode + away / (away < 0 ? low : high) * (away < 0 ? to_low : to_high);
  }
  if (is_sum) {
    for (std::size_t lane = 0; lane < kLanes; ++lane) out[lane] += value[lane];
  } else {
    for (std::size_t lane = 0; lane < kLanes; ++lane) out[lane] *= value[lane];
  }
}

}  // namespace

void Player::State::draw_values() {
  const auto& sources = play_.chances.sources;
  if (options_.is_certain || draws_ == nullptr) {
    for (std::size_t s = 0; s < sources.size(); ++s) {
      std::fill_n(values_.row(s), kLanes, sources[s].distribution.mode);
    }
  } else if (!sources.empty()) {
    draws_->values(first_, kLanes, values_.data());
  }
  for (std::size_t i = 0; i < play_.slots.size(); ++i) {
    compute_slot(i, true, static_slots_.row(i));
    std::copy_n(static_slots_.row(i), kLanes, slots_.row(i));
  }
  compute_lags(false);
  const auto events = static_cast<std::size_t>(event_begin_.back());
  for (std::size_t e = 0; e < events; ++e) {
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      event_number_.row(e)[lane] = 0;
      until_.row(e)[lane] = 0;
      next_.row(e)[lane] = std::numeric_limits<int32_t>::max();
      if (!options_.is_certain) next_event(e, lane, 0);
    }
  }
}

double Player::State::effect_at(const Slot::Effect& effect, std::size_t lane) const {
  const auto s = static_cast<std::size_t>(effect.source);
  return along(play_.chances.sources[s].distribution, effect, values_.row(s)[lane]);
}

/// The slot's value: what is drawn once a replication, or all that counts in the current period.
void Player::State::compute_slot(std::size_t index, bool only_static, double* out) {
  const Slot& slot = play_.slots[index];
  std::fill_n(out, kLanes, slot.is_sum ? 0.0 : 1.0);
  for (const Slot::Effect& effect : slot.effects) {
    if (effect.source >= 0) {
      const auto s = static_cast<std::size_t>(effect.source);
      const Source& source = play_.chances.sources[s];
      const bool is_static = !source.each_period && effect.first <= 0 && effect.last >= play_.period_count - 1;
      if (!is_static && only_static) continue;
      if (!is_static && (t_ < effect.first || t_ > effect.last)) continue;
      const bool is_drawn = source.each_period && !options_.is_certain && draws_ != nullptr;
      if (is_drawn) draws_->period_values(s, t_, first_, kLanes, draw_buffer_);
      join_along(source.distribution, effect, is_drawn ? draw_buffer_.data() : values_.row(s), slot.is_sum, out);
    } else if (!only_static) {
      const auto event = static_cast<std::size_t>(event_begin_[static_cast<std::size_t>(effect.shock)] + effect.event);
      const int32_t* until = until_.row(event);
      for (std::size_t lane = 0; lane < kLanes; ++lane) {
        if (until[lane] <= t_) continue;
        out[lane] = slot.is_sum ? out[lane] + effect.at_mode : out[lane] * effect.at_mode;
      }
    }
  }
}

/// When the event happens next, from a period on: after an exponential amount of hazard.
void Player::State::next_event(std::size_t event, std::size_t lane, int from) {
  next_.row(event)[lane] = std::numeric_limits<int32_t>::max();
  if (from >= play_.period_count) return;
  const auto shock = static_cast<std::size_t>(
      std::distance(event_begin_.begin(), std::ranges::upper_bound(event_begin_, static_cast<int>(event))) - 1);
  const auto& hazard = hazard_[shock];
  const double u = uniform01({.seed = options_.seed,
                              .replication = first_ + static_cast<uint32_t>(lane),
                              .source = kFirstEvent + static_cast<uint32_t>(event),
                              .period = 2 * event_number_.row(event)[lane]});
  const double until = hazard[static_cast<std::size_t>(from)] - std::log(u);
  if (until > hazard.back()) return;
  const auto at = std::lower_bound(hazard.begin() + from + 1, hazard.end(), until);
  next_.row(event)[lane] = static_cast<int32_t>(std::distance(hazard.begin(), at)) - 1;
}

void Player::State::advance_shocks() {
  for (std::size_t s = 0; s + 1 < event_begin_.size(); ++s) {
    for (int e = event_begin_[s]; e < event_begin_[s + 1]; ++e) {
      const auto event = static_cast<std::size_t>(e);
      for (std::size_t lane = 0; lane < kLanes; ++lane) {
        if (next_.row(event)[lane] != t_) continue;
        const double u = uniform01({.seed = options_.seed,
                                    .replication = first_ + static_cast<uint32_t>(lane),
                                    .source = kFirstEvent + static_cast<uint32_t>(event),
                                    .period = 2 * event_number_.row(event)[lane] + 1});
        const double length = std::min(1e6, std::ceil(durations_[s].quantile(u) - kRounding));
        until_.row(event)[lane] = t_ + std::max(1, static_cast<int>(length));
        ++event_number_.row(event)[lane];
        next_event(event, lane, until_.row(event)[lane]);
      }
    }
  }
}

void Player::State::refresh_slots() {
  for (std::size_t i = 0; i < play_.slots.size(); ++i) {
    if (!play_.slots[i].is_static) compute_slot(i, false, slots_.row(i));
  }
  compute_lags(true);
}

}  // namespace beltline
