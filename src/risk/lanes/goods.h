// One period of goods and orders: what there is, and what each operation does of its queue.
#pragma once

#include <algorithm>
#include <cmath>

#include "risk/lanes/plain.h"
#include "risk/lanes/ways.h"

namespace beltline::BELTLINE_LANES {

inline void Mover::open_resources() {
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
inline void Mover::open_stocks() {
  const auto t = static_cast<std::size_t>(t_);
  for (std::size_t n = 0; n < play_.stocks.size(); ++n) {
    const Stock& stock = play_.stocks[n];
    double* here = stocks_.row(n);
    if (!stock.stands.empty() || !stock.potentials.empty()) {
      Sum<double> sum(here);
      double fixed = 0;
      for (const Stock::Stand& stand : stock.stands) {
        const PlayCapacity& capacity = play_.capacities[static_cast<std::size_t>(stand.capacity)];
        const double rate = stand.rate[t], existing = rate * capacity.existing[t];
        const double* built = built_.row(static_cast<std::size_t>(stand.capacity));
        if (capacity.existing_slot < 0 && stand.slot < 0) {
          fixed += existing;
          if (capacity.is_moving) sum.add(rate, built);
          continue;
        }
        const double *exists = slot_row(capacity.existing_slot), *factor = slot_row(stand.slot);
        each_wide([&](std::size_t l) {
          const Wide stands = all(existing) * load(exists, l) + all(rate) * load(built, l);
          store(here, l, load(here, l) + stands * load(factor, l));
        });
      }
      for (const Stock::Potential& each : stock.potentials) sum.add(each.most[t], slot_row(each.limit_slot));
      if (fixed != 0) sum.add(fixed, ones_.row(0));
      sum.finish();
    }
    if (stock.takers.size() >= 2) ask(n);
  }
}

/// Adds up what all takers of a stock ask for.
inline void Mover::ask(std::size_t n) {
  const auto t = static_cast<std::size_t>(t_);
  double* wanted = wanted_.row(n);
  fill_row(wanted, 0.0);
  Sum<double> sum(wanted);
  for (const int taker : play_.stocks[n].takers) {
    const auto o = static_cast<std::size_t>(taker);
    if (live_[o] == 0) continue;
    const double* queue = queues_.row(o);
    for (const Operation::Input& input : play_.operations[o].inputs) {
      if (input.stock != static_cast<int>(n)) continue;
      const double rate = input.rate[t];
      if (input.slot < 0) {
        sum.add(rate, queue);
        continue;
      }
      const double* factor = slot_row(input.slot);
      each_wide(
          [&](std::size_t l) { store(wanted, l, load(wanted, l) + load(queue, l) * all(rate) * load(factor, l)); });
    }
  }
  sum.finish();
}

/// Least of what was found so far and of `most(lane)`, with its reason.
template <class Most>
inline void Mover::limit_to(Todo& todo, double why, const Most& most) {
  double *const q = todo.q, *const limit = todo.limit;
  if (!todo.is_limited) {
    copy_row(q, todo.queue);
    fill_row(limit, -1.0);
    todo.is_limited = true;
  }
  each_wide([&](std::size_t l) {
    const Wide here = most(l), before = load(q, l);
    store(limit, l, here < before ? all(why) : load(limit, l));
    store(q, l, least_of(here, before));
  });
}

// What allows the whole queue in every lane is not divided by: to rounding it changes nothing, see kEnough.

inline void Mover::limit_by_itself(const Operation& operation, Todo& todo) {
  if (operation.upper.empty() && operation.limit_slot < 0) return;
  const double *factor = slot_row(operation.limit_slot), *queue = todo.queue;
  const auto limit = [&](const auto& most) {
    if (any_wide([&](std::size_t l) { return most(l) < load(queue, l) * all(kEnough); })) limit_to(todo, kUpper, most);
  };
  // without an upper limit of its own it may do what was released, times the factor
  if (operation.upper.empty()) return limit([&](std::size_t l) { return load(queue, l) * load(factor, l); });
  const double upper = operation.upper[static_cast<std::size_t>(t_)];
  limit([&](std::size_t l) { return all(upper) * load(factor, l); });
}

inline void Mover::limit_by_uses(const Operation& operation, Todo& todo) {
  const double* queue = todo.queue;
  for (std::size_t i = 0; i < operation.uses.size(); ++i) {
    const double use = operation.uses[i].use[static_cast<std::size_t>(t_)];
    if (use <= 0) continue;
    const double* available = available_.row(static_cast<std::size_t>(operation.uses[i].resource));
    const double* factor = slot_row(operation.uses[i].slot);
    const auto there = [&](std::size_t l) { return load(available, l) * load(factor, l); };
    if (!any_wide([&](std::size_t l) { return there(l) < load(queue, l) * all(use * kEnough); })) continue;
    limit_to(todo, kUse + static_cast<double>(i), [&](std::size_t l) { return there(l) / all(use); });
  }
}

inline void Mover::limit_by_inputs(const Operation& operation, Todo& todo) {
  for (std::size_t i = 0; i < operation.inputs.size(); ++i) {
    const Operation::Input& input = operation.inputs[i];
    const double rate = input.rate[static_cast<std::size_t>(t_)];
    if (rate <= 0) continue;
    const auto why = static_cast<double>(i);
    if (input.later.empty()) {
      limit_by_stock(input, zeros_.row(0), why, todo);
      continue;
    }
    const double* factor = slot_row(input.slot);
    alignas(kCacheLine) double kept[kLanes];
    fill_row(kept, 0.0);
    for (const int later : input.later) {
      const double* older = queues_.row(static_cast<std::size_t>(later));
      each_wide([&](std::size_t l) { store(kept, l, load(kept, l) + load(older, l) * all(rate) * load(factor, l)); });
    }
    limit_by_stock(input, kept, why, todo);
  }
}

/// @param kept  what goes to others first
inline void Mover::limit_by_stock(const Operation::Input& input, const double* kept, double why, Todo& todo) {
  const auto n = static_cast<std::size_t>(input.stock);
  const double rate = input.rate[static_cast<std::size_t>(t_)];
  const double *queue = todo.queue, *here = stocks_.row(n), *factor = slot_row(input.slot);
  const auto there = [&](std::size_t l) { return at_least_0(load(here, l) - load(kept, l)); };
  const auto per_unit = [&](std::size_t l) { return all(rate) * load(factor, l); };
  const auto mine = [&](std::size_t l) { return load(queue, l) * per_unit(l); };
  if (play_.stocks[n].takers.size() < 2 || options_.by_priority || input.is_first) {
    if (!any_wide([&](std::size_t l) { return there(l) < mine(l) * all(kEnough); })) return;
    return limit_to(todo, why, [&](std::size_t l) { return there(l) / per_unit(l); });
  }
  // a share in proportion to what all who are still to come ask for
  const double* wanted = wanted_.row(n);
  const auto asked = [&](std::size_t l) { return load(wanted, l) - load(kept, l); };
  const auto is_short = [&](std::size_t l) {
    const Wide has = there(l), own = mine(l), of_all = asked(l);
    return (has < own * all(kEnough)) | ((has < of_all * all(kEnough)) & (own < of_all));
  };
  if (!any_wide(is_short)) return;
  limit_to(todo, why, [&](std::size_t l) {
    const Wide has = there(l), own = mine(l), of_all = asked(l);
    const auto shares = (of_all > has) & (of_all > own);
    return has * (shares ? own / (shares ? of_all : all(1)) : all(1)) / per_unit(l);
  });
}

/// Takes of resources and stocks what is done, and of what is wanted all that was asked.
inline void Mover::take(const Operation& operation, const Todo& todo) {
  const auto t = static_cast<std::size_t>(t_);
  const double *q = todo.q, *queue = todo.queue;
  for (const Operation::Use& each : operation.uses) {
    const double use = each.use[t];
    double* available = available_.row(static_cast<std::size_t>(each.resource));
    const double* factor = slot_row(each.slot);
    each_wide([&](std::size_t l) {
      const Wide done = load(q, l), share = load(factor, l);
      // nothing is done where the factor is 0, and so nothing is taken
      const auto takes = (done > all(0)) & (share > all(0));
      const Wide taken = takes ? done * all(use) / (takes ? share : all(1)) : all(0);
      store(available, l, at_least_0(load(available, l) - taken));
    });
  }
  for (const Operation::Input& input : operation.inputs) {
    const auto n = static_cast<std::size_t>(input.stock);
    const double rate = input.rate[t];
    double* here = stocks_.row(n);
    const double* factor = slot_row(input.slot);
    const auto amount = [&](std::size_t l) {
      return least_of(load(q, l) * all(rate) * load(factor, l), at_least_0(load(here, l)));
    };
    if (follows_positions_) {
      double* out = out_.row(n);
      each_wide([&](std::size_t l) { store(out, l, load(out, l) + amount(l)); });
    }
    each_wide([&](std::size_t l) { store(here, l, load(here, l) - amount(l)); });
    if (play_.stocks[n].takers.size() < 2) continue;
    double* wanted = wanted_.row(n);
    each_wide([&](std::size_t l) { store(wanted, l, load(wanted, l) - load(queue, l) * all(rate) * load(factor, l)); });
  }
}

/// What follows from what an operation did.
inline void Mover::hand_on(std::size_t o, const auto& q) {
  const Operation& operation = play_.operations[o];
  for (std::size_t i = 0; i < operation.outputs.size(); ++i) deliver(o, i, q);
  if (operation.kind == Operation::Kind::move && !operation.is_last) {
    double* from = built_.row(play_.model->moves[static_cast<std::size_t>(operation.id)].from.index());
    each_wide([&](std::size_t l) { store(from, l, at_least_0(load(from, l) - q.at(l))); });
  }
}

inline void Mover::operate_even(std::size_t o) {
  const Operation& operation = play_.operations[o];
  const double planned = operation.planned[static_cast<std::size_t>(t_)];
  if (is_seen_[o] != 0) fill_row(done_.row(o), planned);
  has_run_[o] = is_seen_[o];
  live_[o] = 0;
  hand_on(o, Even{planned});
  // what chance moves in its price is all that is not known
  if (!is_order(operation) || play_.cost_slot_of_capacity[static_cast<std::size_t>(operation.id)] < 0) return;
  alignas(kCacheLine) double q[kLanes];
  fill_row(q, planned);
  spend(o, q);
}

inline void Mover::note_waiting(std::size_t o, const double* left, const double* limit) {
  double* waited = waited_.row(o);
  double* why = limit_.row(o);
  each_wide([&](std::size_t l) {
    const Wide here = load(left, l), by = load(limit, l);
    store(waited, l, load(waited, l) + (here > all(kLeast) ? here : all(0)));
    store(why, l, ((here > all(kLeast)) & (by >= all(0))) ? by : load(why, l));
  });
}

/// Where an operation puts what it does: where a series or its only way looks for it, so that nothing is copied.
inline double* Mover::place_of(std::size_t o) {
  if (is_seen_[o] != 0) return done_.row(o);
  if (sends_as_is(o)) return sent_.row(ways_[way_begin_[o]].place(t_));
  return unseen_.row(0);
}

inline void Mover::operate(std::size_t o) {
  if (is_even_[o] != 0) return operate_even(o);
  const Operation& operation = play_.operations[o];
  double* q = place_of(o);
  has_run_[o] = is_seen_[o];
  if (plain_of_[o] >= 0) {
    operate_plain(o, q);
  } else {
    operate_any(o, q);
  }
  hand_on(o, RowOf{q});
  if (is_order(operation)) spend(o, q);
}

/// The same of an operation that may be limited by anything.
inline void Mover::operate_any(std::size_t o, double* q) {
  const Operation& operation = play_.operations[o];
  double* queue = queues_.row(o);
  alignas(kCacheLine) double limit[kLanes];
  Todo todo{queue, q, limit};
  limit_by_itself(operation, todo);
  limit_by_uses(operation, todo);
  limit_by_inputs(operation, todo);
  if (todo.is_limited) {
    each_wide([&](std::size_t l) {
      const Wide asks = load(queue, l), most = load(q, l);
      store(q, l, most >= asks * all(kAlmost) ? asks : at_least_0(most));
    });
  } else {
    copy_row(q, queue);
  }
  take(operation, todo);
  live_[o] = 0;
  if (todo.is_limited) {
    each_wide([&](std::size_t l) { store(queue, l, load(queue, l) - load(q, l)); });
    live_[o] = any_wide([&](std::size_t l) { return load(queue, l) > all(kLeast); }) ? 1 : 0;
    if (live_[o] != 0) note_waiting(o, queue, limit);
  } else {
    fill_row(queue, 0.0);
  }
}

void Mover::move_goods() {
  receive();
  open_resources();
  open_stocks();
  for (std::size_t o = 0; o < play_.operations.size(); ++o) {
    if (live_[o] != 0) operate(o);
  }
  turn_rings();
}

}  // namespace beltline::BELTLINE_LANES
