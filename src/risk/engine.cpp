#include "risk/engine.h"

#include <algorithm>
#include <cmath>

#include "risk/state.h"

namespace beltline {

Player::State::State(const PlayerInput& input)
    : play_(input.play),
      seen_(input.observation),
      draws_(input.draws),
      options_(input.options),
      baseline_(input.baseline) {
  const Play& play = play_;
  const Observation& observation = seen_;
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
  lag_end_.resize(play.lags.size());
  gathers_.resize(play.lags.size());
  is_whole_.resize(play.lags.size());
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
#ifdef NDEBUG
  follows_positions_ = options_.is_certain || options_.replan_every > 0;
#else
  follows_positions_ = true;
#endif
  size_rings();
  index_operations();
  index_ways();
  index_plain();
  index_spending();
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

/// Whether all that is planned is done in its period, in every lane.
bool Player::State::never_waits(std::size_t o) const {
  const Operation& operation = play_.operations[o];
  const bool is_replanned = options_.replan_every > 0 && operation.kind == Operation::Kind::process;
  if (operation.planned.empty() || operation.kind == Operation::Kind::move || is_replanned) return false;
  if (!operation.inputs.empty() || !operation.uses.empty() || operation.limit_slot >= 0) return false;
  for (std::size_t t = 0; t < operation.upper.size(); ++t) {
    if (operation.upper[t] < operation.planned[t] * kEnough) return false;
  }
  return ways_to_stage_[o].empty();
}

bool Player::State::is_plain(std::size_t o) const {
  const Operation& operation = play_.operations[o];
  const auto& inputs = operation.inputs;
  if (inputs.empty() || inputs.size() > 2 || !operation.uses.empty() || operation.limit_slot >= 0) return false;
  if (inputs.size() == 2 && inputs[0].stock == inputs[1].stock) return false;
  if (follows_positions_) return false;
  return std::ranges::all_of(inputs, [&](const Operation::Input& input) {
    if (std::ranges::any_of(input.rate, [](double rate) { return rate <= 0; })) return false;
    const bool is_shared = play_.stocks[static_cast<std::size_t>(input.stock)].takers.size() >= 2;
    return input.slot < 0 && input.later.empty() && !input.is_first && !(is_shared && options_.by_priority);
  });
}

void Player::State::index_plain() {
  plain_of_.assign(play_.operations.size(), -1);
  waits_.resize(play_.operations.size());
  for (std::size_t o = 0; o < play_.operations.size(); ++o) {
    const auto& outputs = play_.operations[o].outputs;
    const bool is_one = outputs.size() == 1 && outputs[0].to != Operation::Output::To::online;
    const auto is_1 = [](double rate) { return rate == 1; };
    goes_as_is_.push_back(is_one && is_even_[o] == 0 && outputs[0].yield_slot < 0 &&
                          std::ranges::all_of(outputs[0].rate, is_1));
    if (!is_plain(o)) continue;
    const Operation& operation = play_.operations[o];
    PlainOperation plain{.queue = queues_.row(o), .upper = operation.upper.empty() ? nullptr : operation.upper.data()};
    for (std::size_t i = 0; i < operation.inputs.size(); ++i) {
      const auto n = static_cast<std::size_t>(operation.inputs[i].stock);
      plain.goods[i] = {.here = stocks_.row(n),
                        .wanted = wanted_.row(n),
                        .rate = operation.inputs[i].rate.data(),
                        .is_shared = play_.stocks[n].takers.size() >= 2};
    }
    plain_of_[o] = static_cast<int>(plain_.size());
    plain_.push_back(plain);
  }
}

void Player::State::index_ways() {
  ways_to_stock_.resize(play_.stocks.size());
  ways_to_stage_.resize(play_.operations.size());
  int rows = 0;
  for (const Operation& operation : play_.operations) {
    way_begin_.push_back(ways_.size());
    for (const Operation::Output& output : operation.outputs) {
      Way way{.lag = static_cast<std::size_t>(std::max(0, output.lag)), .yield_slot = output.yield_slot, .amount = {}};
      if (output.to != Operation::Output::To::online) {
        const bool to_stock = output.to == Operation::Output::To::stock;
        auto& target = to_stock ? ways_to_stock_ : ways_to_stage_;
        target[static_cast<std::size_t>(output.target)].push_back(ways_.size());
        way.begin = rows;
        // from the longest lag, of which a rest may come a period later, to this period
        way.length = lag_moves_[way.lag] != 0 ? 1 : lag_bound(play_.lags[way.lag]) + 2;
        rows += way.length;
      }
      ways_.push_back(std::move(way));
    }
  }
  sent_.resize(static_cast<std::size_t>(rows));
  sent_in_.resize(static_cast<std::size_t>(rows));
  for (std::size_t o = 0; o < play_.operations.size(); ++o) {
    const Operation& operation = play_.operations[o];
    is_even_.push_back(never_waits(o) ? 1 : 0);
    for (std::size_t i = 0; is_even_[o] != 0 && i < operation.outputs.size(); ++i) {
      Way& way = ways_[way_begin_[o] + i];
      way.is_even = way.yield_slot < 0 || play_.slots[static_cast<std::size_t>(way.yield_slot)].is_static;
      way.amount = operation.planned;
      const auto& rate = operation.outputs[i].rate;
      for (std::size_t t = 0; t < rate.size(); ++t) way.amount[t] *= rate[t];
    }
  }
  releases_.resize(static_cast<std::size_t>(play_.period_count));
  for (std::size_t o = 0; o < play_.operations.size(); ++o) {
    const auto& planned = play_.operations[o].planned;
    for (std::size_t t = 0; t < planned.size(); ++t) {
      if (planned[t] > 0) releases_[t].emplace_back(o, planned[t]);
    }
    if (!ways_to_stage_[o].empty()) followers_.push_back(o);
  }
  for (std::size_t k = 0; k < play_.capacities.size(); ++k) {
    if (play_.capacities[k].retire_pipe >= 0) retiring_.push_back(k);
  }
  int weights = 0;
  for (std::size_t lag = 0; lag < play_.lags.size(); ++lag) {
    weight_begin_.push_back(weights);
    weights += lag_moves_[lag] != 0 ? 0 : std::min(kFewRows, lag_bound(play_.lags[lag]) + 2);
  }
  weights_.resize(static_cast<std::size_t>(weights));
}

void Player::State::index_spending() {
  const Model& m = *play_.model;
  const auto periods = static_cast<std::size_t>(play_.period_count);
  dues_.resize(play_.capacities.size());
  spend_index_.assign(seen_.series.size(), -1);
  int count = 0;
  for (std::size_t i = 0; i < seen_.series.size(); ++i) {
    for (const PlayTerm& term : seen_.series[i].terms) {
      if (term.source != PlayTerm::Source::spend) continue;
      if (spend_index_[i] < 0) spend_index_[i] = count++;
      const auto k = static_cast<std::size_t>(term.index);
      const auto& profile = m.capacities[k].spend_profile;
      for (std::size_t later = 0; later < std::max<std::size_t>(1, profile.size()); ++later) {
        Due due{.series = static_cast<std::size_t>(spend_index_[i]), .later = later, .usd = {}};
        for (std::size_t t = 0; t + later < periods; ++t) {
          const double capex = m.at_or(m.capacities[k].capex, 0, static_cast<int>(t));
          due.usd.push_back(capex * term.coefficient[t + later] * (profile.empty() ? 1.0 : profile[later]));
        }
        due.usd.resize(periods);
        dues_[k].push_back(std::move(due));
      }
    }
  }
  spend_.resize(static_cast<std::size_t>(count) * periods);
  spend_even_.resize(static_cast<std::size_t>(count) * periods);
  for (std::size_t o = 0; o < play_.operations.size(); ++o) {
    const Operation& operation = play_.operations[o];
    if (is_even_[o] == 0 || !is_order(operation)) continue;
    const auto k = static_cast<std::size_t>(operation.id);
    if (play_.cost_slot_of_capacity[k] >= 0) continue;
    for (const Due& due : dues_[k]) {
      for (std::size_t t = 0; t + due.later < periods; ++t) {
        spend_even_[due.series * periods + t + due.later] += due.usd[t] * std::max(0.0, operation.planned[t]);
      }
    }
  }
}

void Player::State::begin(uint32_t first) {
  first_ = first;
  draw_values();
  std::ranges::fill(touched_, char{0});
  std::ranges::fill(sent_in_, -1);
  for (Ring& ring : rings_) ring.now = 0;
  std::ranges::fill(live_, char{0});
  std::ranges::fill(waits_, char{0});
  queues_.clear();
  std::ranges::fill(has_run_, char{0});
  waited_.clear();
  limit_.clear();
  built_.clear();
  for (std::size_t i = 0; i < spend_even_.size(); ++i) std::fill_n(spend_.row(i), kLanes, spend_even_[i]);
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
    move_goods();
    observe(batch);
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
               const Baseline* baseline) {
  const PlayerInput input{play, observation, draws, options, baseline};
  for (const auto& make : {make_avx512_state, make_avx2_state, make_any_state}) {
    if (state_ == nullptr) state_ = make(input);
  }
}
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
