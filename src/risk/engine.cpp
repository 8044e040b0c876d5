#include "risk/engine.h"

#include <algorithm>
#include <cmath>

#include "risk/state.h"

namespace beltline {

Player::State::State(const Play& play, const Observation& observation, const Draws* draws, const PlayOptions& options,
                     const Baseline* baseline)
    : play_(play), seen_(observation), draws_(draws), options_(options), baseline_(baseline) {
  const auto periods = static_cast<std::size_t>(play.period_count);
  const Chances& chances = play.chances;
  causes_ = {static_cast<int>(chances.sources.size()), static_cast<int>(chances.shocks.size()),
             static_cast<int>(play.stocks.size())};
  zeros_.resize(1);
  ones_.resize(1);
  std::ranges::fill(ones_.data(), 1.0);
  values_.resize(chances.sources.size());
  draw_buffer_.resize(kLanes);
  slots_.resize(play.slots.size());
  static_slots_.resize(play.slots.size());
  lags_.resize(play.lags.size());
  lags_since_.resize(play.lags.size());
  lag_rest_.resize(play.lags.size());
  has_rest_.resize(play.lags.size());
  lag_least_.resize(play.lags.size());
  lag_most_.resize(play.lags.size());
  for (const Lag& lag : play.lags) {
    const bool itself = lag.slot >= 0 && !play.slots[static_cast<std::size_t>(lag.slot)].is_static;
    lag_moves_.push_back(itself || (lag.after >= 0 && lag_moves_[static_cast<std::size_t>(lag.after)] != 0) ? 1 : 0);
  }
  size_shocks();
  stocks_.resize(play.stocks.size());
  initial_.resize(play.stocks.size());
  known_.resize(play.stocks.size() * kLanes);
  in_.resize(play.stocks.size());
  out_.resize(play.stocks.size());
  wanted_.resize(play.stocks.size());
  position_by_period_.resize(play.stocks.size() * periods);
  const std::size_t operations = play.operations.size();
  queues_.resize(operations);
  done_.resize(operations);
  waited_.resize(operations);
  limit_.resize(operations);
  live_.resize(operations);
  has_run_.resize(operations);
  is_seen_.resize(operations);
  for (const PlaySeries& series : observation.series) {
    for (const PlayTerm& term : series.terms) {
      if (term.source == PlayTerm::Source::operation) is_seen_[static_cast<std::size_t>(term.index)] = 1;
    }
  }
  unseen_.resize(1);
  built_.resize(play.capacities.size());
  built_by_period_.resize(play.capacities.size() * periods);
  available_.resize(play.resources.size());
  flows_.resize(play.flows.size());
  node_share_.resize(play.flow_nodes.size());
  node_sum_.resize(play.flow_nodes.size());
  size_rings();
  index_operations();
  index_spending();
#ifdef NDEBUG
  follows_positions_ = options.is_certain || options.replan_every > 0;
#else
  follows_positions_ = true;
#endif
#if defined(__x86_64__)
  is_wide_ = __builtin_cpu_supports("avx2") != 0;
#endif
}

void Player::State::size_shocks() {
  const Chances& chances = play_.chances;
  int events = 0;
  for (std::size_t s = 0; s < chances.shocks.size(); ++s) {
    const Shock& shock = chances.shocks[s];
    event_begin_.push_back(events);
    events += play_.event_count[s];
    durations_.emplace_back(shock.duration);
    std::vector<double> hazard{0};
    for (int t = 0; t < play_.period_count; ++t) {
      const int month = play_.model->calendar.month(t).month;
      const bool may = t >= shock.first && t <= shock.last && (shock.months >> (month - 1) & 1) != 0;
      hazard.push_back(hazard.back() + (may ? shock.rate : 0.0));
    }
    hazard_.push_back(std::move(hazard));
  }
  event_begin_.push_back(events);
  next_.resize(static_cast<std::size_t>(events));
  until_.resize(static_cast<std::size_t>(events));
  event_number_.resize(static_cast<std::size_t>(events));
}

/// The longest a lag can be, in whole periods; the horizon where a delay has no end.
int Player::State::lag_bound(const Lag& lag) const {
  double most = lag.periods;
  if (lag.slot >= 0) {
    for (const Slot::Effect& effect : play_.slots[static_cast<std::size_t>(lag.slot)].effects) {
      if (effect.source < 0) {
        most += std::max(0.0, effect.at_mode);
        continue;
      }
      const Spread spread = play_.chances.sources[static_cast<std::size_t>(effect.source)].distribution.spread;
      const bool has_end = spread == Spread::point || spread == Spread::uniform || spread == Spread::triangular ||
                           spread == Spread::pert;
      if (!has_end) return play_.period_count;
      most += std::max({0.0, effect.at_low, effect.at_mode, effect.at_high});
    }
  }
  return static_cast<int>(std::clamp(std::ceil(most), 0.0, static_cast<double>(play_.period_count)));
}

void Player::State::size_rings() {
  rings_.resize(static_cast<std::size_t>(play_.pipe_count));
  const auto at_least = [&](int pipe, int lag) {
    int& length = rings_[static_cast<std::size_t>(pipe)].length;
    length = std::max(length, lag + 2);  // from this period on to the one after the lag's, where a rest may go
  };
  for (const Operation& operation : play_.operations) {
    for (const Operation::Output& output : operation.outputs) {
      if (output.to == Operation::Output::To::online) continue;
      const auto target = static_cast<std::size_t>(output.target);
      at_least(output.to == Operation::Output::To::stock ? play_.stocks[target].pipe : play_.operations[target].pipe,
               lag_bound(play_.lags[static_cast<std::size_t>(output.lag)]));
    }
  }
  for (const PlayCapacity& capacity : play_.capacities) {
    if (capacity.retire_pipe >= 0) at_least(capacity.retire_pipe, std::clamp(capacity.life, 0, play_.period_count));
  }
  int rows = 0;
  for (Ring& ring : rings_) {
    ring.begin = rows;
    rows += ring.length;
  }
  pipes_.resize(static_cast<std::size_t>(rows));
  touched_.resize(static_cast<std::size_t>(rows));
}

void Player::State::index_operations() {
  stages_of_.resize(play_.capacities.size());
  planned_sum_.resize(play_.operations.size());
  first_planned_.assign(play_.operations.size(), play_.period_count);
  for (std::size_t o = 0; o < play_.operations.size(); ++o) {
    const Operation& each = play_.operations[o];
    if (each.kind == Operation::Kind::stage)
      stages_of_[static_cast<std::size_t>(each.id)].push_back(static_cast<int>(o));
    for (std::size_t t = 0; t < each.planned.size(); ++t) {
      planned_sum_[o] += each.planned[t];
      if (each.planned[t] > 0) first_planned_[o] = std::min(first_planned_[o], static_cast<int>(t));
    }
  }
  // later stages have what the first was given
  for (const auto& stages : stages_of_) {
    for (const int stage : stages) {
      const auto first = static_cast<std::size_t>(
          play_.order_of_capacity[static_cast<std::size_t>(play_.operations[static_cast<std::size_t>(stage)].id)]);
      planned_sum_[static_cast<std::size_t>(stage)] = planned_sum_[first];
      first_planned_[static_cast<std::size_t>(stage)] = first_planned_[first];
    }
  }
  for (std::size_t n = 0; n < play_.stocks.size(); ++n) {
    if (play_.stocks[n].carries && !play_.stocks[n].makers.empty()) replan_order_.push_back(static_cast<int>(n));
  }
  const auto first_maker = [&](int n) {
    return *std::ranges::min_element(play_.stocks[static_cast<std::size_t>(n)].makers);
  };
  std::ranges::stable_sort(replan_order_, [&](int a, int b) { return first_maker(a) > first_maker(b); });
}

void Player::State::index_spending() {
  spenders_.resize(play_.capacities.size());
  spend_index_.assign(seen_.series.size(), -1);
  int count = 0;
  for (std::size_t i = 0; i < seen_.series.size(); ++i) {
    for (std::size_t k = 0; k < seen_.series[i].terms.size(); ++k) {
      const PlayTerm& term = seen_.series[i].terms[k];
      if (term.source != PlayTerm::Source::spend) continue;
      if (spend_index_[i] < 0) spend_index_[i] = count++;
      spenders_[static_cast<std::size_t>(term.index)].emplace_back(static_cast<int>(i), k);
    }
  }
  spend_.resize(static_cast<std::size_t>(count) * static_cast<std::size_t>(play_.period_count));
}

void Player::State::begin(uint32_t first) {
  first_ = first;
  draw_values();
  std::ranges::fill(touched_, char{0});
  for (Ring& ring : rings_) ring.now = 0;
  std::ranges::fill(live_, char{0});
  queues_.clear();
  done_.clear();
  std::ranges::fill(has_run_, char{0});
  waited_.clear();
  limit_.clear();
  built_.clear();
  spend_.clear();
  in_.clear();
  out_.clear();
  for (std::size_t n = 0; n < play_.stocks.size(); ++n) {
    double* const initial = initial_.row(n);
    std::fill_n(initial, kLanes, 0.0);
    for (const Stock::Level& level : play_.stocks[n].levels) {
      const double* const factor = slot_row(level.slot);
      for (std::size_t lane = 0; lane < kLanes; ++lane) initial[lane] += level.initial * factor[lane];
    }
    std::copy_n(initial, kLanes, stocks_.row(n));
  }
}

void Player::State::play(uint32_t first, Batch& batch) {
  const auto periods = static_cast<std::size_t>(play_.period_count);
  batch.values.resize(seen_.series.size() * periods * kLanes);
  batch.cause.assign(seen_.milestones.size() * kLanes, 0);
  begin(first);
  for (t_ = 0; t_ < play_.period_count; ++t_) {
    advance_shocks();
    refresh_slots();
    note_positions();
    if (options_.replan_every > 0 && t_ > 0 && t_ % options_.replan_every == 0 && baseline_ != nullptr) replan();
    is_wide_ ? move_goods_wide() : move_goods_narrow();
    is_wide_ ? observe_wide(batch) : observe_narrow(batch);
    if (baseline_ != nullptr) blame_milestones(batch);
    for (std::size_t k = 0; k < play_.capacities.size(); ++k) {
      built_by_period_[k * periods + static_cast<std::size_t>(t_)] = built_.row(k)[0];
    }
  }
#ifndef NDEBUG
  check_conservation();
#endif
}

Player::Player(const Play& play, const Observation& observation, const Draws* draws, const PlayOptions& options,
               const Baseline* baseline)
    : state_(std::make_unique<State>(play, observation, draws, options, baseline)) {}
Player::~Player() = default;

void Player::play(uint32_t first, Batch& batch) {
  state_->play(first, batch);
}

CauseNumbers Player::cause_numbers() const {
  return state_->causes_;
}

Baseline Player::lane_0(const Batch& batch) const {
  Baseline out{.built = state_->built_by_period_, .position = state_->position_by_period_, .values = {}};
  for (std::size_t i = 0; i < batch.values.size(); i += kLanes) out.values.push_back(batch.values[i]);
  return out;
}

Baseline make_baseline(const Play& play, const Observation& observation, const PlayOptions& options) {
  PlayOptions certain = options;
  certain.is_certain = true;
  certain.replan_every = 0;
  Player player(play, observation, nullptr, certain, nullptr);
  Batch batch;
  player.play(0, batch);
  return player.lane_0(batch);
}

}  // namespace beltline
