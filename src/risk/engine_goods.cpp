// One period of goods and orders: what arrives, what there is, and what each operation does of its queue.
//
// The loops over lanes are compiled twice, for processors with wide registers and for all: the same operations in the
// same order, so the same bytes. What is called inside is inlined, or it would be compiled for the narrow ones.
#include <algorithm>
#include <cmath>

#include "risk/state.h"

namespace beltline {
namespace {

constexpr double kAlmost = 1 - 1e-9;   // a queue done to this share is done
constexpr double kEnough = 1 - 9e-10;  // what allows this share of a queue allows it, whatever the rounding
constexpr int32_t kFewRows = 12;       // that are gone through whole, instead of lane by lane
constexpr double kLeast = 1e-9;        // units that nobody waits for

/// Whether it is so in any lane; the ors of whole numbers, because a branch in each lane would stand in the way.
[[gnu::always_inline]] inline bool any_lane(const auto& is_so) {
  int64_t any = 0;  // as wide as what is compared
  for (std::size_t lane = 0; lane < kLanes; ++lane) any |= is_so(lane) ? int64_t{1} : int64_t{0};
  return any != 0;
}

[[gnu::always_inline]] inline void add_row(double* __restrict into, const double* __restrict row) {
  for (std::size_t lane = 0; lane < kLanes; ++lane) into[lane] += row[lane];
}
[[gnu::always_inline]] inline void copy_row(double* __restrict into, const double* __restrict row) {
  for (std::size_t lane = 0; lane < kLanes; ++lane) into[lane] = row[lane];
}
[[gnu::always_inline]] inline void fill_row(double* row, double value) {
  for (std::size_t lane = 0; lane < kLanes; ++lane) row[lane] = value;
}

}  // namespace

[[gnu::always_inline]] inline double* Player::State::touch(int pipe, int ahead) {
  const std::size_t place = pipe_place(pipe, ahead);
  double* row = pipes_.row(place);
  if (touched_[place] == 0) fill_row(row, 0.0);
  touched_[place] = 1;
  return row;
}

[[gnu::always_inline]] inline bool Player::State::arrive(int pipe, double* into) {
  const std::size_t place = pipe_place(pipe, 0);
  if (touched_[place] == 0) return false;
  touched_[place] = 0;
  add_row(into, pipes_.row(place));
  return true;
}

[[gnu::always_inline]] inline void Player::State::turn_rings() {
  for (Ring& ring : rings_) ring.now = ring.now + 1 < ring.length ? ring.now + 1 : 0;
}

[[gnu::always_inline]] inline void Player::State::receive() {
  const auto t = static_cast<std::size_t>(t_);
  for (std::size_t n = 0; n < play_.stocks.size(); ++n) {
    const Stock& stock = play_.stocks[n];
    double* here = stocks_.row(n);
    const double kept = stock.carries ? stock.kept : 0.0;
    if (kept != 1) {
      for (std::size_t lane = 0; lane < kLanes; ++lane) here[lane] *= kept;
    }
    if (stock.carries && stock.kept_slot >= 0) {
      const double* __restrict factor = slot_row(stock.kept_slot);
      for (std::size_t lane = 0; lane < kLanes; ++lane) here[lane] *= std::min(1.0 / kept, factor[lane]);
    }
    arrive(stock.pipe, here);
  }
  for (std::size_t o = 0; o < play_.operations.size(); ++o) {
    const Operation& operation = play_.operations[o];
    double* queue = queues_.row(o);
    const double released = operation.planned.empty() ? 0 : operation.planned[t];
    if (released > 0) {
      for (std::size_t lane = 0; lane < kLanes; ++lane) queue[lane] += released;
      live_[o] = 1;
    }
    if (operation.pipe >= 0 && arrive(operation.pipe, queue)) live_[o] = 1;
    if (has_run_[o] != 0) fill_row(done_.row(o), 0.0);
    has_run_[o] = 0;
  }
  for (std::size_t k = 0; k < play_.capacities.size(); ++k) {
    const int pipe = play_.capacities[k].retire_pipe;
    double gone[kLanes] = {};
    if (pipe < 0 || !arrive(pipe, gone)) continue;
    double* __restrict built = built_.row(k);
    for (std::size_t lane = 0; lane < kLanes; ++lane) built[lane] = std::max(0.0, built[lane] - gone[lane]);
  }
}

[[gnu::always_inline]] inline void Player::State::open_resources() {
  const auto t = static_cast<std::size_t>(t_);
  for (std::size_t r = 0; r < play_.resources.size(); ++r) {
    const Resource& resource = play_.resources[r];
    double* __restrict out = available_.row(r);
    const double* __restrict built = built_.row(static_cast<std::size_t>(resource.capacity));
    const double* __restrict limit = slot_row(resource.limit_slot);
    const double* __restrict availability = slot_row(resource.availability_slot);
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
[[gnu::always_inline]] inline void Player::State::open_stocks() {
  const auto t = static_cast<std::size_t>(t_);
  for (std::size_t n = 0; n < play_.stocks.size(); ++n) {
    const Stock& stock = play_.stocks[n];
    double* __restrict here = stocks_.row(n);
    for (const Stock::Stand& stand : stock.stands) {
      const PlayCapacity& capacity = play_.capacities[static_cast<std::size_t>(stand.capacity)];
      const double rate = stand.rate[t];
      const double fixed = rate * capacity.existing[t];
      const double* __restrict built = built_.row(static_cast<std::size_t>(stand.capacity));
      if (!capacity.is_moving && fixed == 0) continue;
      if (capacity.existing_slot < 0 && stand.slot < 0) {
        for (std::size_t lane = 0; lane < kLanes; ++lane) here[lane] += fixed + rate * built[lane];
        continue;
      }
      const double* __restrict existing = slot_row(capacity.existing_slot);
      const double* __restrict factor = slot_row(stand.slot);
      for (std::size_t lane = 0; lane < kLanes; ++lane) {
        here[lane] += (fixed * existing[lane] + rate * built[lane]) * factor[lane];
      }
    }
    for (const Stock::Potential& each : stock.potentials) {
      const double* __restrict limit = slot_row(each.limit_slot);
      const double most = each.most[t];
      for (std::size_t lane = 0; lane < kLanes; ++lane) here[lane] += most * limit[lane];
    }
    if (stock.takers.size() >= 2) ask(n);
  }
}

/// Adds up what all takers of a stock ask for.
[[gnu::always_inline]] inline void Player::State::ask(std::size_t n) {
  const auto t = static_cast<std::size_t>(t_);
  double* __restrict wanted = wanted_.row(n);
  fill_row(wanted, 0.0);
  for (const int taker : play_.stocks[n].takers) {
    const auto o = static_cast<std::size_t>(taker);
    if (live_[o] == 0) continue;
    const double* __restrict queue = queues_.row(o);
    for (const Operation::Input& input : play_.operations[o].inputs) {
      if (input.stock != static_cast<int>(n)) continue;
      const double rate = input.rate[t];
      const double* __restrict factor = slot_row(input.slot);
      for (std::size_t lane = 0; lane < kLanes; ++lane) wanted[lane] += queue[lane] * rate * factor[lane];
    }
  }
}

/// Least of what was found so far and of `most(lane)`, with its reason.
template <class Most>
[[gnu::always_inline]] inline void Player::State::limit_to(Todo& todo, double why, const Most& most) {
  double* __restrict q = todo.q;
  double* __restrict limit = todo.limit;
  if (!todo.is_limited) {
    copy_row(q, todo.queue);
    fill_row(limit, -1.0);
    todo.is_limited = true;
  }
  for (std::size_t lane = 0; lane < kLanes; ++lane) {
    const double here = most(lane);
    const bool is_less = here < q[lane];
    limit[lane] = is_less ? why : limit[lane];
    q[lane] = is_less ? here : q[lane];
  }
}

// What allows the whole queue in every lane is not divided by: to rounding it changes nothing, see kEnough.

[[gnu::always_inline]] inline void Player::State::limit_by_itself(const Operation& operation, Todo& todo) {
  if (operation.upper.empty() && operation.limit_slot < 0) return;
  const double* __restrict factor = slot_row(operation.limit_slot);
  const double* __restrict queue = todo.queue;
  if (operation.upper.empty()) {
    // without an upper limit of its own it may do what was released, times the factor
    const auto most = [&](std::size_t lane) { return queue[lane] * factor[lane]; };
    if (any_lane([&](std::size_t lane) { return most(lane) < queue[lane] * kEnough; })) limit_to(todo, kUpper, most);
    return;
  }
  const double upper = operation.upper[static_cast<std::size_t>(t_)];
  const auto most = [&](std::size_t lane) { return upper * factor[lane]; };
  if (any_lane([&](std::size_t lane) { return most(lane) < queue[lane] * kEnough; })) limit_to(todo, kUpper, most);
}

[[gnu::always_inline]] inline void Player::State::limit_by_uses(const Operation& operation, Todo& todo) {
  const double* __restrict queue = todo.queue;
  for (std::size_t i = 0; i < operation.uses.size(); ++i) {
    const double use = operation.uses[i].use[static_cast<std::size_t>(t_)];
    if (use <= 0) continue;
    const double* __restrict available = available_.row(static_cast<std::size_t>(operation.uses[i].resource));
    const double* __restrict factor = slot_row(operation.uses[i].slot);
    const auto is_short = [&](std::size_t l) { return available[l] * factor[l] < queue[l] * use * kEnough; };
    if (!any_lane(is_short)) continue;
    limit_to(todo, kUse + static_cast<double>(i),
             [&](std::size_t lane) { return available[lane] * factor[lane] / use; });
  }
}

[[gnu::always_inline]] inline void Player::State::limit_by_inputs(const Operation& operation, Todo& todo) {
  for (std::size_t i = 0; i < operation.inputs.size(); ++i) {
    const Operation::Input& input = operation.inputs[i];
    const double rate = input.rate[static_cast<std::size_t>(t_)];
    if (rate <= 0) continue;
    const auto why = static_cast<double>(i);
    if (input.later.empty()) {
      limit_by_stock(input, zeros_.row(0), why, todo);
      continue;
    }
    const double* __restrict factor = slot_row(input.slot);
    double kept[kLanes] = {};
    for (const int later : input.later) {
      const double* __restrict older = queues_.row(static_cast<std::size_t>(later));
      for (std::size_t lane = 0; lane < kLanes; ++lane) kept[lane] += older[lane] * rate * factor[lane];
    }
    limit_by_stock(input, kept, why, todo);
  }
}

/// @param kept  what goes to others first
[[gnu::always_inline]] inline void Player::State::limit_by_stock(const Operation::Input& input,
                                                                 const double* __restrict kept, double why,
                                                                 Todo& todo) {
  const auto n = static_cast<std::size_t>(input.stock);
  const double rate = input.rate[static_cast<std::size_t>(t_)];
  const double* __restrict queue = todo.queue;
  const double* __restrict here = stocks_.row(n);
  const double* __restrict factor = slot_row(input.slot);
  const auto there = [&](std::size_t l) { return std::max(0.0, here[l] - kept[l]); };
  if (play_.stocks[n].takers.size() < 2 || options_.by_priority || input.is_first) {
    if (!any_lane([&](std::size_t l) { return there(l) < queue[l] * rate * factor[l] * kEnough; })) return;
    return limit_to(todo, why, [&](std::size_t l) { return there(l) / (rate * factor[l]); });
  }
  // a share in proportion to what all who are still to come ask for
  const double* __restrict wanted = wanted_.row(n);
  const auto is_short = [&](std::size_t l) {
    const double mine = queue[l] * rate * factor[l];
    const double asked = wanted[l] - kept[l];
    return (there(l) < mine * kEnough) | ((there(l) < asked * kEnough) & (mine < asked));
  };
  if (!any_lane(is_short)) return;
  limit_to(todo, why, [&](std::size_t l) {
    const double asked = wanted[l] - kept[l];
    const double mine = queue[l] * rate * factor[l];
    const double share = (asked > there(l)) & (asked > mine) ? mine / asked : 1.0;
    return there(l) * share / (rate * factor[l]);
  });
}

/// Takes of resources and stocks what is done, and of what is wanted all that was asked.
[[gnu::always_inline]] inline void Player::State::take(const Operation& operation, const Todo& todo) {
  const auto t = static_cast<std::size_t>(t_);
  const double* __restrict q = todo.q;
  for (const Operation::Use& each : operation.uses) {
    const double use = each.use[t];
    double* __restrict available = available_.row(static_cast<std::size_t>(each.resource));
    if (each.slot < 0) {
      for (std::size_t lane = 0; lane < kLanes; ++lane) {
        available[lane] = std::max(0.0, available[lane] - q[lane] * use);
      }
      continue;
    }
    // nothing is done where the factor is 0, and so nothing is taken
    const double* __restrict factor = slot_row(each.slot);
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      const double taken = q[lane] > 0 ? q[lane] * use / factor[lane] : 0.0;
      available[lane] = std::max(0.0, available[lane] - taken);
    }
  }
  for (const Operation::Input& input : operation.inputs) {
    const auto n = static_cast<std::size_t>(input.stock);
    const double rate = input.rate[t];
    double* __restrict here = stocks_.row(n);
    const double* __restrict factor = slot_row(input.slot);
    double amount[kLanes];
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      amount[lane] = std::min(q[lane] * rate * factor[lane], std::max(0.0, here[lane]));
      here[lane] -= amount[lane];
    }
    if (follows_positions_) add_row(out_.row(n), amount);
    if (play_.stocks[n].takers.size() < 2) continue;
    double* __restrict wanted = wanted_.row(n);
    const double* __restrict queue = todo.queue;
    for (std::size_t lane = 0; lane < kLanes; ++lane) wanted[lane] -= queue[lane] * rate * factor[lane];
  }
}

[[gnu::always_inline]] inline void Player::State::operate(std::size_t o) {
  const Operation& operation = play_.operations[o];
  double* __restrict queue = queues_.row(o);
  double* __restrict q = is_seen_[o] != 0 ? done_.row(o) : unseen_.row(0);
  double limit[kLanes];
  Todo todo{queue, q, limit};
  limit_by_itself(operation, todo);
  limit_by_uses(operation, todo);
  limit_by_inputs(operation, todo);
  has_run_[o] = is_seen_[o];
  if (todo.is_limited) {
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      q[lane] = q[lane] >= queue[lane] * kAlmost ? queue[lane] : std::max(0.0, q[lane]);
    }
  } else {
    copy_row(q, queue);
  }
  take(operation, todo);
  live_[o] = 0;
  if (todo.is_limited) {
    for (std::size_t lane = 0; lane < kLanes; ++lane) queue[lane] -= q[lane];
    live_[o] = any_lane([&](std::size_t lane) { return queue[lane] > kLeast; }) ? 1 : 0;
    if (live_[o] != 0) note_waiting(o, queue, limit);
  } else {
    fill_row(queue, 0.0);
  }
  for (const Operation::Output& output : operation.outputs) deliver(output, q);
  if (operation.kind == Operation::Kind::stage && operation.offset == 0 && !operation.planned.empty()) {
    spend(static_cast<std::size_t>(operation.id), q);
  }
  if (operation.kind == Operation::Kind::move && !operation.is_last) {
    double* __restrict from = built_.row(play_.model->moves[static_cast<std::size_t>(operation.id)].from.index());
    for (std::size_t lane = 0; lane < kLanes; ++lane) from[lane] = std::max(0.0, from[lane] - q[lane]);
  }
}

[[gnu::always_inline]] inline void Player::State::note_waiting(std::size_t o, const double* __restrict left,
                                                               const double* __restrict limit) {
  double* __restrict waited = waited_.row(o);
  double* __restrict why = limit_.row(o);
  for (std::size_t lane = 0; lane < kLanes; ++lane) {
    const bool waits = left[lane] > kLeast;
    waited[lane] += waits ? left[lane] : 0.0;
    why[lane] = waits & (limit[lane] >= 0) ? limit[lane] : why[lane];
  }
}

[[gnu::always_inline]] inline void Player::State::deliver(const Operation::Output& output, const double* __restrict q) {
  if (output.to == Operation::Output::To::online) return put_online(output.target, q);
  double amount[kLanes];
  const double rate = output.rate.empty() ? 1.0 : output.rate[static_cast<std::size_t>(t_)];
  const double* __restrict factor = slot_row(output.yield_slot);
  for (std::size_t lane = 0; lane < kLanes; ++lane) amount[lane] = q[lane] * rate * factor[lane];
  const auto target = static_cast<std::size_t>(output.target);
  const bool to_stock = output.to == Operation::Output::To::stock;
  if (to_stock && follows_positions_) add_row(in_.row(target), amount);
  const int pipe = to_stock ? play_.stocks[target].pipe : play_.operations[target].pipe;
  const auto lag = static_cast<std::size_t>(output.lag);
  double* now = to_stock ? stocks_.row(target) : queues_.row(target);
  if (has_rest_[lag] != 0) {
    double later[kLanes];
    const double* __restrict rest = lag_rest_.row(lag);
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      later[lane] = amount[lane] * rest[lane];
      amount[lane] -= later[lane];
    }
    send(pipe, lag, now, amount, later);
  } else {
    send(pipe, lag, now, amount, nullptr);
  }
  if (!to_stock) live_[target] = 1;
}

/// Puts amounts into the rows of the periods in which they arrive; those of this one into `now`.
/// Puts a row into a pipe: what nothing lies in yet is written, not added to zeros.
[[gnu::always_inline]] inline void Player::State::put(int pipe, int32_t ahead, double* __restrict now,
                                                      const auto& value) {
  const std::size_t place = ahead == 0 ? 0 : pipe_place(pipe, ahead);
  double* __restrict into = ahead == 0 ? now : pipes_.row(place);
  if (ahead > 0 && touched_[place] == 0) {
    touched_[place] = 1;
    for (std::size_t lane = 0; lane < kLanes; ++lane) into[lane] = value(lane);
  } else {
    for (std::size_t lane = 0; lane < kLanes; ++lane) into[lane] += value(lane);
  }
}

/// @param later  what comes a period after the lag; null: nothing
[[gnu::always_inline]] inline void Player::State::send(int pipe, std::size_t lag, double* __restrict now,
                                                       const double* __restrict amount,
                                                       const double* __restrict later) {
  const double* __restrict periods = lags_.row(lag);
  const int32_t least = lag_least_[lag];
  const int32_t last = play_.period_count - t_;  // beyond the horizon
  const int32_t most = std::min(lag_most_[lag] + (later == nullptr ? 0 : 1), last);
  if (least >= most) {
    if (later == nullptr) return put(pipe, most, now, [&](std::size_t lane) { return amount[lane]; });
    return put(pipe, most, now, [&](std::size_t lane) { return amount[lane] + later[lane]; });
  }
  if (most - least >= kFewRows) {
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      const int32_t each = std::min(static_cast<int32_t>(periods[lane]), last);
      (each == 0 ? now : touch(pipe, each))[lane] += amount[lane];
      if (later != nullptr && later[lane] != 0) touch(pipe, std::min(each + 1, last))[lane] += later[lane];
    }
    return;
  }
  for (int32_t each = least; each <= most; ++each) {
    const double here = each;
    const bool is_end = each == last;
    if (later == nullptr && is_end) {
      put(pipe, each, now, [&](std::size_t lane) { return periods[lane] >= here ? amount[lane] : 0.0; });
    } else if (later == nullptr) {
      put(pipe, each, now, [&](std::size_t lane) { return periods[lane] == here ? amount[lane] : 0.0; });
    } else if (is_end) {
      put(pipe, each, now, [&](std::size_t lane) {
        return (periods[lane] >= here ? amount[lane] : 0.0) + (periods[lane] + 1 >= here ? later[lane] : 0.0);
      });
    } else {
      put(pipe, each, now, [&](std::size_t lane) {
        return (periods[lane] == here ? amount[lane] : 0.0) + (periods[lane] + 1 == here ? later[lane] : 0.0);
      });
    }
  }
}

[[gnu::always_inline]] inline void Player::State::put_online(int capacity, const double* __restrict q) {
  const auto k = static_cast<std::size_t>(capacity);
  add_row(built_.row(k), q);
  const PlayCapacity& kind = play_.capacities[k];
  if (kind.life <= 0 || t_ + kind.life >= play_.period_count || kind.retire_pipe < 0) return;
  add_row(touch(kind.retire_pipe, kind.life), q);
}

[[gnu::always_inline]] inline void Player::State::spend(std::size_t k, const double* __restrict q) {
  if (spenders_[k].empty()) return;
  const Model& m = *play_.model;
  const Capacity& capacity = m.capacities[k];
  const double capex = m.at_or(capacity.capex, 0, t_);
  if (capex == 0) return;
  const double* __restrict factor = slot_row(play_.cost_slot_of_capacity[k]);
  const std::size_t parts = std::max<std::size_t>(1, capacity.spend_profile.size());
  for (const auto& [series, term] : spenders_[k]) {
    const PlayTerm& each = seen_.series[static_cast<std::size_t>(series)].terms[term];
    for (std::size_t i = 0; i < parts; ++i) {
      const std::size_t due = static_cast<std::size_t>(t_) + i;
      if (due >= static_cast<std::size_t>(play_.period_count)) break;
      const double usd =
          capex * each.coefficient[due] * (capacity.spend_profile.empty() ? 1.0 : capacity.spend_profile[i]);
      double* __restrict row = spend_.row(static_cast<std::size_t>(spend_index_[static_cast<std::size_t>(series)]) *
                                              static_cast<std::size_t>(play_.period_count) +
                                          due);
      for (std::size_t lane = 0; lane < kLanes; ++lane) row[lane] += q[lane] * usd * factor[lane];
    }
  }
}

[[gnu::always_inline]] inline void Player::State::move_goods() {
  receive();
  open_resources();
  open_stocks();
  for (std::size_t o = 0; o < play_.operations.size(); ++o) {
    if (live_[o] != 0) operate(o);
  }
  turn_rings();
}

#if defined(__x86_64__)
[[gnu::target("avx2")]] void Player::State::move_goods_wide() {
  move_goods();
}
#else
void Player::State::move_goods_wide() {
  move_goods();
}
#endif

void Player::State::move_goods_narrow() {
  move_goods();
}

// --- re-planning

/// What is there and under way, with what its makers are still to start, less what waits for it.
void Player::State::position(std::size_t n, double* out) const {
  const Stock& stock = play_.stocks[n];
  const auto t = static_cast<std::size_t>(t_);
  for (std::size_t lane = 0; lane < kLanes; ++lane) {
    out[lane] = initial_.row(n)[lane] + in_.row(n)[lane] - out_.row(n)[lane];
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
