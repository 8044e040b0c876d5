// What is on its way: what arrives, and what is sent.
//
// Where a lag stays as it is in a replication, what is sent lies where it was sent, a row a period, and each period's
// arrivals are a weighted sum of the rows before it. Where chance moves the lag on the way, or lanes lie far apart,
// each amount is put into the row of the period in which it arrives.
#pragma once

#include <algorithm>

#include "risk/lanes/mover.h"
#include "risk/lanes/rows.h"

namespace beltline::BELTLINE_LANES {

inline double* Mover::touch(int pipe, int ahead) {
  const std::size_t place = pipe_place(pipe, ahead);
  double* row = pipes_.row(place);
  if (touched_[place] == 0) fill_row(row, 0.0);
  touched_[place] = 1;
  return row;
}

inline bool Mover::arrive(int pipe, double* into) {
  const std::size_t place = pipe_place(pipe, 0);
  if (touched_[place] == 0) return false;
  touched_[place] = 0;
  add_row(into, pipes_.row(place));
  return true;
}

inline void Mover::turn_rings() {
  for (Ring& ring : rings_) ring.now = ring.now + 1 < ring.length ? ring.now + 1 : 0;
}

/// A weight that is the same in all lanes, and one a lane.
[[gnu::always_inline]] inline Wide weigh(double weight, const double* row, std::size_t lane) {
  return all(weight) * load(row, lane);
}
[[gnu::always_inline]] inline Wide weigh(const double* weight, const double* row, std::size_t lane) {
  return load(weight, lane) * load(row, lane);
}

/// Adds weighted rows, up to four in one go: `into` is read and written once for all of them.
///
/// @tparam Weight  double, or a row of them
template <class Weight>
class Sum {
 public:
  [[gnu::always_inline]] explicit Sum(double* into) : into_(into) {}
  [[gnu::always_inline]] void add(Weight weight, const double* row) {
    weight_[count_] = weight;
    row_[count_] = row;
    any_ = true;
    if (++count_ == 4) flush(nullptr);
  }
  /// Adds what is left. @returns whether there was anything
  [[gnu::always_inline]] bool finish() {
    flush(nullptr);
    return any_;
  }
  /// The same, all of it times a factor. @pre  no more than four rows were added
  [[gnu::always_inline]] bool finish_times(const double* factor) {
    flush(factor);
    return any_;
  }
  [[nodiscard]] std::size_t waiting() const { return count_; }

 private:
  [[gnu::always_inline]] void flush(const double* factor) {
    switch (count_) {
      case 1: add_rows<1>(factor); break;
      case 2: add_rows<2>(factor); break;
      case 3: add_rows<3>(factor); break;
      case 4: add_rows<4>(factor); break;
      default: break;
    }
    count_ = 0;
  }
  template <std::size_t kRows>
  [[gnu::always_inline]] void add_rows(const double* factor) {
    double* const into = into_;
    Weight weight[kRows];
    const double* row[kRows];
    for (std::size_t i = 0; i < kRows; ++i) {
      weight[i] = weight_[i];
      row[i] = row_[i];
    }
    const auto sum_at = [&](std::size_t l) __attribute__((always_inline)) {
      Wide sum = weigh(weight[0], row[0], l);
      for (std::size_t i = 1; i < kRows; ++i) sum += weigh(weight[i], row[i], l);
      return sum;
    };
    if (factor == nullptr) {
      each_wide([&](std::size_t l) { store(into, l, load(into, l) + sum_at(l)); });
    } else {
      each_wide([&](std::size_t l) { store(into, l, load(into, l) + sum_at(l) * load(factor, l)); });
    }
  }

  double* into_;
  Weight weight_[4] = {};
  const double* row_[4] = {};
  std::size_t count_ = 0;
  bool any_ = false;
};

/// Adds what arrives of an even way: of amounts that are the same in all lanes, but for weights and the yield.
inline bool Mover::gather_even(const Way& way, int32_t least, int32_t most, double* into) {
  const double* yield = way.yield_slot < 0 ? nullptr : slot_row(way.yield_slot);
  bool any = false;
  Sum<double> sum(into);
  for (int32_t k = least; k <= most; ++k) {
    const double amount = way.amount[static_cast<std::size_t>(t_ - k)];
    if (amount == 0) continue;
    any = true;
    sum.add(amount, is_whole_[way.lag] != 0 ? ones_.row(0) : weight_row(way.lag, k));
    if (sum.waiting() == 3) sum.finish_times(yield);
  }
  sum.finish_times(yield);
  return any;
}

/// Adds what arrives of what was sent in earlier periods. @returns whether anything does
inline bool Mover::gather(const std::vector<std::size_t>& ways, double* into) {
  Sum<const double*> sum(into);
  bool any = false;
  for (const std::size_t index : ways) {
    const Way& way = ways_[index];
    if (gathers_[way.lag] == 0) continue;
    const int32_t least = std::max(1, lag_least_[way.lag]);
    const int32_t most = std::min(lag_end_[way.lag], t_);
    if (least > most) continue;
    if (way.is_even) {
      any = gather_even(way, least, most, into) || any;
      continue;
    }
    for (int32_t k = least; k <= most; ++k) {
      const std::size_t place = way.place(t_ - k);
      if (sent_in_[place] == t_ - k) sum.add(weight_row(way.lag, k), sent_.row(place));
    }
  }
  return sum.finish() || any;
}

inline void Mover::receive() {
  const auto t = static_cast<std::size_t>(t_);
  for (std::size_t n = 0; n < play_.stocks.size(); ++n) {
    const Stock& stock = play_.stocks[n];
    double* here = stocks_.row(n);
    const double kept = stock.carries ? stock.kept : 0.0;
    if (kept == 0) {
      fill_row(here, 0.0);
    } else if (kept != 1) {
      each_wide([&](std::size_t l) { store(here, l, load(here, l) * all(kept)); });
    }
    if (stock.carries && stock.kept_slot >= 0) {
      const double* factor = slot_row(stock.kept_slot);
      each_wide([&](std::size_t l) { store(here, l, load(here, l) * least_of(all(1 / kept), load(factor, l))); });
    }
    if (ways_to_stock_[n].empty()) continue;
    gather(ways_to_stock_[n], here);
    arrive(stock.pipe, here);
  }
  for (char& each : has_run_) each = 0;
  for (const auto& [o, released] : releases_[t]) {
    live_[o] = 1;
    if (is_even_[o] != 0) continue;
    double* queue = queues_.row(o);
    each_wide([&](std::size_t l) { store(queue, l, load(queue, l) + all(released)); });
  }
  for (const std::size_t o : followers_) {
    double* queue = queues_.row(o);
    if (gather(ways_to_stage_[o], queue)) live_[o] = 1;
    if (arrive(play_.operations[o].pipe, queue)) live_[o] = 1;
  }
  for (const std::size_t k : retiring_) {
    const int pipe = play_.capacities[k].retire_pipe;
    const std::size_t place = pipe_place(pipe, 0);
    if (touched_[place] == 0) continue;
    touched_[place] = 0;
    const double* gone = pipes_.row(place);
    double* built = built_.row(k);
    each_wide([&](std::size_t l) { store(built, l, at_least_0(load(built, l) - load(gone, l))); });
  }
}

/// Whether what an operation does lies as it is among what was sent.
inline bool Mover::sends_as_is(std::size_t o) const {
  if (goes_as_is_[o] == 0) return false;
  const std::size_t lag = ways_[way_begin_[o]].lag;
  return gathers_[lag] != 0 && lag_end_[lag] > 0;
}

/// Sends on what an operation did. @param q  RowOf or Even units
inline void Mover::deliver(std::size_t o, std::size_t index, const auto& q) {
  const Operation::Output& output = play_.operations[o].outputs[index];
  if (output.to == Operation::Output::To::online) return put_online(output.target, q);
  const Way& way = ways_[way_begin_[o] + index];
  const auto target = static_cast<std::size_t>(output.target);
  const bool to_stock = output.to == Operation::Output::To::stock;
  double* now = to_stock ? stocks_.row(target) : queues_.row(target);
  const bool gathers = gathers_[way.lag] != 0;
  const bool arrives_now = lag_least_[way.lag] == 0;
  if (!to_stock && (arrives_now || !gathers)) live_[target] = 1;
  // what is even is known without being sent
  if (gathers && way.is_even && !arrives_now && !follows_positions_) return;
  const double rate = output.rate.empty() ? 1.0 : output.rate[static_cast<std::size_t>(t_)];
  const double* factor = slot_row(way.yield_slot);
  alignas(kCacheLine) double spare[kLanes];
  double* amount = spare;
  const bool is_sent = index == 0 && is_seen_[o] == 0 && sends_as_is(o);
  if (gathers && !way.is_even && lag_end_[way.lag] > 0) {
    const std::size_t place = way.place(t_);
    amount = sent_.row(place);
    sent_in_[place] = t_;
  }
  if (is_sent) {
    // it lies there already, see place_of
  } else if (way.yield_slot < 0) {
    each_wide([&](std::size_t l) { store(amount, l, q.at(l) * all(rate)); });
  } else {
    each_wide([&](std::size_t l) { store(amount, l, q.at(l) * all(rate) * load(factor, l)); });
  }
  if (to_stock && follows_positions_) add_row(in_.row(target), amount);
  if (!gathers) return send(to_stock ? play_.stocks[target].pipe : play_.operations[target].pipe, way.lag, now, amount);
  if (!arrives_now) return;
  if (is_whole_[way.lag] != 0) return add_row(now, amount);
  Sum<const double*> sum(now);
  sum.add(weight_row(way.lag, 0), amount);
  sum.finish();
}

/// Puts amounts into the rows of the periods in which they arrive; those of this one into `now`.
inline void Mover::send(int pipe, std::size_t lag, double* __restrict now, double* __restrict amount) {
  alignas(kCacheLine) double rest[kLanes];
  const double* later = nullptr;  // what comes a period after the lag
  if (has_rest_[lag] != 0) {
    const double* __restrict share = lag_rest_.row(lag);
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      rest[lane] = amount[lane] * share[lane];
      amount[lane] -= rest[lane];
    }
    later = rest;
  }
  const double* __restrict periods = lags_.row(lag);
  const int32_t least = lag_least_[lag];
  const int32_t last = play_.period_count - t_;  // beyond the horizon
  const int32_t most = std::min(lag_end_[lag], last);
  if (most - least >= kFewRows) {
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      const int32_t each = std::min(static_cast<int32_t>(periods[lane]), last);
      (each == 0 ? now : touch(pipe, each))[lane] += amount[lane];
      if (later != nullptr && later[lane] != 0) touch(pipe, std::min(each + 1, last))[lane] += later[lane];
    }
    return;
  }
  for (int32_t each = std::min(least, most); each <= most; ++each) {
    const double here = each;
    const bool is_end = each == last;
    const auto is_here = [&](double arrives) { return is_end ? arrives >= here : arrives == here; };
    double* __restrict into = each == 0 ? now : touch(pipe, each);
    if (later == nullptr) {
      for (std::size_t lane = 0; lane < kLanes; ++lane) into[lane] += is_here(periods[lane]) ? amount[lane] : 0.0;
    } else {
      for (std::size_t lane = 0; lane < kLanes; ++lane) {
        into[lane] += (is_here(periods[lane]) ? amount[lane] : 0.0) + (is_here(periods[lane] + 1) ? later[lane] : 0.0);
      }
    }
  }
}

inline void Mover::put_online(int capacity, const auto& q) {
  const auto k = static_cast<std::size_t>(capacity);
  double* built = built_.row(k);
  each_wide([&](std::size_t l) { store(built, l, load(built, l) + q.at(l)); });
  const PlayCapacity& kind = play_.capacities[k];
  if (kind.life <= 0 || t_ + kind.life >= play_.period_count || kind.retire_pipe < 0) return;
  double* gone = touch(kind.retire_pipe, kind.life);
  each_wide([&](std::size_t l) { store(gone, l, load(gone, l) + q.at(l)); });
}

/// Money that falls due for what is ordered now. What is even is known before, see index_spending.
inline void Mover::spend(std::size_t o, const double* q) {
  const auto k = static_cast<std::size_t>(play_.operations[o].id);
  const double* factor = slot_row(play_.cost_slot_of_capacity[k]);
  for (const Due& each : dues_[k]) {
    const double usd = each.usd[static_cast<std::size_t>(t_)];
    const std::size_t period = static_cast<std::size_t>(t_) + each.later;
    if (usd == 0 || period >= static_cast<std::size_t>(play_.period_count)) continue;
    double* row = spend_.row(each.series * static_cast<std::size_t>(play_.period_count) + period);
    each_wide([&](std::size_t l) { store(row, l, load(row, l) + load(q, l) * all(usd) * load(factor, l)); });
  }
}

}  // namespace beltline::BELTLINE_LANES
