// One period of goods and orders: what arrives, what there is, and what each operation does of its queue.
#include <algorithm>
#include <cmath>

#include "risk/state.h"

namespace beltline {
namespace {

constexpr double kAlmost = 1 - 1e-9;  // a queue done to this share is done
constexpr double kLeast = 1e-9;       // units that nobody waits for
constexpr double kUnlimited = 1e300;

}  // namespace

double* Player::State::touch(int pipe, int period) {
  double* row = pipe_row(pipe, period);
  char& was = touched(pipe, period);
  if (was == 0) {
    std::fill_n(row, kLanes, 0.0);
    was = 1;
  }
  return row;
}

void Player::State::receive() {
  const auto t = static_cast<std::size_t>(t_);
  for (std::size_t n = 0; n < play_.stocks.size(); ++n) {
    const Stock& stock = play_.stocks[n];
    double* here = stocks_.row(n);
    const double kept = stock.carries ? stock.kept : 0.0;
    if (kept != 1) {
      for (std::size_t lane = 0; lane < kLanes; ++lane) here[lane] *= kept;
    }
    if (touched(stock.pipe, t_) == 0) continue;
    const double* came = pipe_row(stock.pipe, t_);
    for (std::size_t lane = 0; lane < kLanes; ++lane) here[lane] += came[lane];
  }
  for (std::size_t o = 0; o < play_.operations.size(); ++o) {
    const Operation& operation = play_.operations[o];
    double* queue = queues_.row(o);
    const double released = operation.planned.empty() ? 0 : operation.planned[t];
    if (released > 0) {
      for (std::size_t lane = 0; lane < kLanes; ++lane) queue[lane] += released;
      live_[o] = 1;
    }
    if (operation.pipe >= 0 && touched(operation.pipe, t_) != 0) {
      const double* came = pipe_row(operation.pipe, t_);
      for (std::size_t lane = 0; lane < kLanes; ++lane) queue[lane] += came[lane];
      live_[o] = 1;
    }
    std::fill_n(done_.row(o), kLanes, 0.0);
  }
  for (std::size_t k = 0; k < play_.capacities.size(); ++k) {
    const int pipe = play_.capacities[k].retire_pipe;
    if (pipe < 0 || touched(pipe, t_) == 0) continue;
    const double* gone = pipe_row(pipe, t_);
    double* built = built_.row(k);
    for (std::size_t lane = 0; lane < kLanes; ++lane) built[lane] = std::max(0.0, built[lane] - gone[lane]);
  }
}

void Player::State::open_resources() {
  const auto t = static_cast<std::size_t>(t_);
  for (std::size_t r = 0; r < play_.resources.size(); ++r) {
    const Resource& resource = play_.resources[r];
    double* out = available_.row(r);
    const double* built = built_.row(static_cast<std::size_t>(resource.capacity));
    const double* limit = slot_row(resource.limit_slot);
    const double* availability = slot_row(resource.availability_slot);
    if (resource.delay_slot < 0) {
      for (std::size_t lane = 0; lane < kLanes; ++lane) out[lane] = resource.existing[t];
    } else {
      const double* delay = slots_.row(static_cast<std::size_t>(resource.delay_slot));
      for (std::size_t lane = 0; lane < kLanes; ++lane) {
        const int from = t_ - static_cast<int>(std::clamp(std::ceil(delay[lane] - kLeast), -1e6, 1e6));
        out[lane] = resource.existing[static_cast<std::size_t>(std::clamp(from, 0, play_.period_count - 1))];
      }
    }
    const double share = resource.availability[t];
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      out[lane] = (out[lane] * limit[lane] + built[lane]) * share * availability[lane];
    }
  }
}

/// What stocks that do not carry have this period, and what is asked of those that several take from.
void Player::State::open_stocks() {
  const auto t = static_cast<std::size_t>(t_);
  for (std::size_t n = 0; n < play_.stocks.size(); ++n) {
    const Stock& stock = play_.stocks[n];
    double* here = stocks_.row(n);
    for (const Stock::Stand& stand : stock.stands) {
      const PlayCapacity& capacity = play_.capacities[static_cast<std::size_t>(stand.capacity)];
      const double rate = stand.rate[t];
      const double fixed = rate * capacity.existing[t];
      const double* built = built_.row(static_cast<std::size_t>(stand.capacity));
      if (!capacity.is_moving && fixed == 0) continue;
      for (std::size_t lane = 0; lane < kLanes; ++lane) here[lane] += fixed + rate * built[lane];
    }
    for (const Stock::Potential& each : stock.potentials) {
      const double* limit = slot_row(each.limit_slot);
      const double most = each.most[t];
      for (std::size_t lane = 0; lane < kLanes; ++lane) here[lane] += most * limit[lane];
    }
    if (stock.takers.size() < 2) continue;
    double* wanted = wanted_.row(n);
    std::fill_n(wanted, kLanes, 0.0);
    for (const int taker : stock.takers) {
      const auto o = static_cast<std::size_t>(taker);
      if (live_[o] == 0) continue;
      const double* queue = queues_.row(o);
      for (const Operation::Input& input : play_.operations[o].inputs) {
        if (input.stock != static_cast<int>(n)) continue;
        const double rate = input.rate[t];
        const double* factor = slot_row(input.slot);
        for (std::size_t lane = 0; lane < kLanes; ++lane) wanted[lane] += queue[lane] * rate * factor[lane];
      }
    }
  }
}

void Player::State::operate(std::size_t o) {
  const Operation& operation = play_.operations[o];
  const auto t = static_cast<std::size_t>(t_);
  double* queue = queues_.row(o);
  double* q = done_.row(o);
  double limit[kLanes];
  std::copy_n(queue, kLanes, q);
  std::fill_n(limit, kLanes, -1.0);
  const auto at_most = [&](const double* most, double why) {
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      const bool is_less = most[lane] < q[lane];
      limit[lane] = is_less ? why : limit[lane];
      q[lane] = is_less ? most[lane] : q[lane];
    }
  };
  double most[kLanes];
  if (!operation.upper.empty() || operation.limit_slot >= 0) {
    const double upper = operation.upper.empty() ? kUnlimited : operation.upper[t];
    const double* factor = slot_row(operation.limit_slot);
    // without an upper limit of its own it may do what was released, times the factor
    if (operation.upper.empty()) {
      for (std::size_t lane = 0; lane < kLanes; ++lane) most[lane] = queue[lane] * factor[lane];
    } else {
      for (std::size_t lane = 0; lane < kLanes; ++lane) most[lane] = upper * factor[lane];
    }
    at_most(most, kUpper);
  }
  for (std::size_t i = 0; i < operation.uses.size(); ++i) {
    const double use = operation.uses[i].use[t];
    if (use <= 0) continue;
    const double* available = available_.row(static_cast<std::size_t>(operation.uses[i].resource));
    const double* factor = slot_row(operation.uses[i].slot);
    for (std::size_t lane = 0; lane < kLanes; ++lane) most[lane] = available[lane] * factor[lane] / use;
    at_most(most, kUse + static_cast<double>(i));
  }
  for (std::size_t i = 0; i < operation.inputs.size(); ++i) {
    const Operation::Input& input = operation.inputs[i];
    const auto n = static_cast<std::size_t>(input.stock);
    const double rate = input.rate[t];
    if (rate <= 0) continue;
    const double* here = stocks_.row(n);
    const double* factor = slot_row(input.slot);
    double kept[kLanes] = {};
    for (const int later : input.later) {
      const double* older = queues_.row(static_cast<std::size_t>(later));
      for (std::size_t lane = 0; lane < kLanes; ++lane) kept[lane] += older[lane] * rate * factor[lane];
    }
    if (play_.stocks[n].takers.size() < 2 || options_.by_priority) {
      for (std::size_t lane = 0; lane < kLanes; ++lane) {
        most[lane] = std::max(0.0, here[lane] - kept[lane]) / (rate * factor[lane]);
      }
    } else {
      // a share in proportion to what all who are still to come ask for
      const double* wanted = wanted_.row(n);
      for (std::size_t lane = 0; lane < kLanes; ++lane) {
        const double there = std::max(0.0, here[lane] - kept[lane]);
        const double asked = wanted[lane] - kept[lane];
        const double mine = queue[lane] * rate * factor[lane];
        const double share = asked > there && asked > mine ? mine / asked : 1.0;
        most[lane] = there * share / (rate * factor[lane]);
      }
    }
    at_most(most, static_cast<double>(i));
  }
  for (std::size_t lane = 0; lane < kLanes; ++lane) {
    const bool all = q[lane] >= queue[lane] * kAlmost;
    q[lane] = all ? queue[lane] : std::max(0.0, q[lane]);
  }
  for (const Operation::Use& each : operation.uses) {
    const double use = each.use[t];
    const double* factor = slot_row(each.slot);
    double* available = available_.row(static_cast<std::size_t>(each.resource));
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      available[lane] = std::max(0.0, available[lane] - q[lane] * use / factor[lane]);
    }
  }
  for (const Operation::Input& input : operation.inputs) {
    const auto n = static_cast<std::size_t>(input.stock);
    const double rate = input.rate[t];
    double* here = stocks_.row(n);
    double* taken = out_.row(n);
    double* wanted = wanted_.row(n);
    const double* factor = slot_row(input.slot);
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      const double amount = std::min(q[lane] * rate * factor[lane], std::max(0.0, here[lane]));
      here[lane] -= amount;
      taken[lane] += amount;
      wanted[lane] -= queue[lane] * rate * factor[lane];
    }
  }
  double left_most = 0;
  for (std::size_t lane = 0; lane < kLanes; ++lane) {
    queue[lane] -= q[lane];
    left_most = std::max(left_most, queue[lane]);
  }
  live_[o] = left_most > kLeast ? 1 : 0;
  if (live_[o] != 0) note_waiting(o, queue, limit);
  for (const Operation::Output& output : operation.outputs) deliver(output, q);
  if (operation.kind == Operation::Kind::stage && operation.offset == 0 && !operation.planned.empty()) {
    spend(static_cast<std::size_t>(operation.id), q);
  }
  if (operation.kind == Operation::Kind::move && !operation.is_last) {
    double* from = built_.row(play_.model->moves[static_cast<std::size_t>(operation.id)].from.index());
    for (std::size_t lane = 0; lane < kLanes; ++lane) from[lane] = std::max(0.0, from[lane] - q[lane]);
  }
}

void Player::State::note_waiting(std::size_t o, const double* left, const double* limit) {
  double* waited = waited_.row(o);
  double* why = limit_.row(o);
  for (std::size_t lane = 0; lane < kLanes; ++lane) {
    const bool waits = left[lane] > kLeast;
    waited[lane] += waits ? left[lane] : 0.0;
    why[lane] = waits && limit[lane] >= 0 ? limit[lane] : why[lane];
  }
}

void Player::State::deliver(const Operation::Output& output, const double* q) {
  if (output.to == Operation::Output::To::online) return put_online(output.target, q);
  double amount[kLanes];
  const double rate = output.rate.empty() ? 1.0 : output.rate[static_cast<std::size_t>(t_)];
  const double* factor = slot_row(output.yield_slot);
  for (std::size_t lane = 0; lane < kLanes; ++lane) amount[lane] = q[lane] * rate * factor[lane];
  const auto target = static_cast<std::size_t>(output.target);
  const bool to_stock = output.to == Operation::Output::To::stock;
  double* now = to_stock ? stocks_.row(target) : queues_.row(target);
  const int pipe = to_stock ? play_.stocks[target].pipe : play_.operations[target].pipe;
  if (to_stock) {
    double* started = in_.row(target);
    for (std::size_t lane = 0; lane < kLanes; ++lane) started[lane] += amount[lane];
  }
  const auto lag = static_cast<std::size_t>(output.lag);
  const int32_t* periods = lags_.row(lag);
  const bool is_same = std::all_of(periods, periods + kLanes, [&](int32_t each) { return each == periods[0]; });
  if (is_same) {
    double* into = periods[0] == 0 ? now : touch(pipe, std::min(t_ + periods[0], play_.period_count));
    for (std::size_t lane = 0; lane < kLanes; ++lane) into[lane] += amount[lane];
  } else {
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      if (amount[lane] == 0) continue;
      double* into = periods[lane] == 0 ? now : touch(pipe, std::min(t_ + periods[lane], play_.period_count));
      into[lane] += amount[lane];
    }
  }
  if (!to_stock) live_[target] = 1;
}

void Player::State::put_online(int capacity, const double* q) {
  const auto k = static_cast<std::size_t>(capacity);
  double* built = built_.row(k);
  for (std::size_t lane = 0; lane < kLanes; ++lane) built[lane] += q[lane];
  const PlayCapacity& kind = play_.capacities[k];
  if (kind.life <= 0 || t_ + kind.life >= play_.period_count || kind.retire_pipe < 0) return;
  double* gone = touch(kind.retire_pipe, t_ + kind.life);
  for (std::size_t lane = 0; lane < kLanes; ++lane) gone[lane] += q[lane];
}

void Player::State::spend(std::size_t k, const double* q) {
  if (spenders_[k].empty()) return;
  const Model& m = *play_.model;
  const Capacity& capacity = m.capacities[k];
  const double capex = m.at_or(capacity.capex, 0, t_);
  if (capex == 0) return;
  const double* factor = slot_row(play_.cost_slot_of_capacity[k]);
  const std::size_t parts = std::max<std::size_t>(1, capacity.spend_profile.size());
  for (const auto& [series, term] : spenders_[k]) {
    const PlayTerm& each = seen_.series[static_cast<std::size_t>(series)].terms[term];
    for (std::size_t i = 0; i < parts; ++i) {
      const std::size_t due = static_cast<std::size_t>(t_) + i;
      if (due >= static_cast<std::size_t>(play_.period_count)) break;
      const double usd =
          capex * each.coefficient[due] * (capacity.spend_profile.empty() ? 1.0 : capacity.spend_profile[i]);
      double* row = spend_.row(static_cast<std::size_t>(spend_index_[static_cast<std::size_t>(series)]) *
                                   static_cast<std::size_t>(play_.period_count) +
                               due);
      for (std::size_t lane = 0; lane < kLanes; ++lane) row[lane] += q[lane] * usd * factor[lane];
    }
  }
}

// --- re-planning

/// What is there and under way, with what its makers are still to start, less what waits for it.
void Player::State::position(std::size_t n, double* out) const {
  const Stock& stock = play_.stocks[n];
  const auto t = static_cast<std::size_t>(t_);
  for (std::size_t lane = 0; lane < kLanes; ++lane) {
    out[lane] = stock.initial + in_.row(n)[lane] - out_.row(n)[lane];
  }
  for (const int taker : stock.takers) {
    const auto o = static_cast<std::size_t>(taker);
    for (const Operation::Input& input : play_.operations[o].inputs) {
      if (input.stock != static_cast<int>(n)) continue;
      const double* factor = slot_row(input.slot);
      for (std::size_t lane = 0; lane < kLanes; ++lane) {
        out[lane] -= queues_.row(o)[lane] * input.rate[t] * factor[lane];
      }
    }
  }
  for (const int maker : stock.makers) {
    const auto o = static_cast<std::size_t>(maker);
    for (const Operation::Output& output : play_.operations[o].outputs) {
      if (output.to != Operation::Output::To::stock || output.target != static_cast<int>(n)) continue;
      const double rate = output.rate.empty() ? 1.0 : output.rate[t];
      const double* factor = slot_row(output.yield_slot);
      for (std::size_t lane = 0; lane < kLanes; ++lane) out[lane] += queues_.row(o)[lane] * rate * factor[lane];
    }
  }
}

void Player::State::note_positions() {
  if (!options_.is_certain) return;
  double here[kLanes];
  for (std::size_t n = 0; n < play_.stocks.size(); ++n) {
    position(n, here);
    position_by_period_[n * static_cast<std::size_t>(play_.period_count) + static_cast<std::size_t>(t_)] = here[0];
  }
}

/// Goods that are fewer than the plan had by now are started again, from the end of the chain to its beginning.
void Player::State::replan() {
  const auto t = static_cast<std::size_t>(t_);
  double here[kLanes];
  for (const int index : replan_order_) {
    const auto n = static_cast<std::size_t>(index);
    position(n, here);
    const double planned = baseline_->position[n * static_cast<std::size_t>(play_.period_count) + t];
    double total = 0;
    for (const int maker : play_.stocks[n].makers) total += planned_sum_[static_cast<std::size_t>(maker)];
    if (total <= 0) continue;
    for (const int maker : play_.stocks[n].makers) {
      const auto o = static_cast<std::size_t>(maker);
      const Operation& operation = play_.operations[o];
      if (operation.kind != Operation::Kind::process || planned_sum_[o] <= 0 || t_ < first_planned_[o]) continue;
      for (const Operation::Output& output : operation.outputs) {
        if (output.to != Operation::Output::To::stock || output.target != index || output.rate[t] <= 0) continue;
        const double share = planned_sum_[o] / total / output.rate[t];
        const double* factor = slot_row(output.yield_slot);
        double* queue = queues_.row(o);
        for (std::size_t lane = 0; lane < kLanes; ++lane) {
          const double lacking = planned - here[lane];
          if (lacking > kLeast && factor[lane] > 0) queue[lane] += lacking * share / factor[lane];
        }
        live_[o] = 1;
      }
    }
  }
}

}  // namespace beltline
