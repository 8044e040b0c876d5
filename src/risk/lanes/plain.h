// Operations as most are, in one pass over the lanes: one or two goods to take, nothing that chance moves in how much
// of them, no capacity but a limit of its own.
#pragma once

#include <limits>

#include "risk/lanes/mover.h"
#include "risk/lanes/rows.h"

namespace beltline::BELTLINE_LANES {

/// What a pass needs besides the operation's own rows.
struct PlainPass {
  std::size_t t = 0;
  double* q = nullptr;       // what it does
  double* limit = nullptr;   // by what, see kUpper; −1: by nothing
  double* waited = nullptr;  // if something waits already, this and `limit` add up over periods
};

/// Does of a queue what the goods that are there allow, and takes them; see limit_by_stock for the rule where several
/// ask. @returns whether anything is left in the queue
template <std::size_t kGoods, bool kShared0, bool kShared1, bool kWaits>
[[gnu::always_inline]] inline bool run_fused(const PlainOperation& plain, const PlainPass& pass) {
  constexpr bool kShared[2] = {kShared0, kShared1};
  const double upper = plain.upper == nullptr ? std::numeric_limits<double>::infinity() : plain.upper[pass.t];
  double rate[kGoods], per[kGoods];
  double *here_row[kGoods], *wanted_row[kGoods];
  for (std::size_t i = 0; i < kGoods; ++i) {
    rate[i] = plain.goods[i].rate[pass.t];
    per[i] = 1 / rate[i];
    here_row[i] = plain.goods[i].here;
    wanted_row[i] = plain.goods[i].wanted;
  }
  double *const queue = plain.queue, *const done = pass.q, *const limit = pass.limit, *const waited = pass.waited;
  Mask any{};
  for (std::size_t l = 0; l < kLanes; l += kWide) {
    const Wide asks = load(queue, l);
    Wide q = least_of(all(upper), asks), why = all(upper) < asks ? all(kUpper) : all(-1);
    Wide here[kGoods], there[kGoods], mine[kGoods], wanted[kGoods];
    for (std::size_t i = 0; i < kGoods; ++i) {
      here[i] = load(here_row[i], l);
      there[i] = at_least_0(here[i]);
      mine[i] = asks * all(rate[i]);
      Wide most = there[i] * all(per[i]);
      if (kShared[i]) {
        wanted[i] = load(wanted_row[i], l);
        const Mask shares = (wanted[i] > there[i]) & (wanted[i] > mine[i]);
        most = shares ? there[i] * asks / (shares ? wanted[i] : all(1)) : most;
      }
      why = most < q ? all(static_cast<double>(i)) : why;
      q = least_of(most, q);
    }
    q = q >= asks * all(kAlmost) ? asks : q;
    for (std::size_t i = 0; i < kGoods; ++i) {
      store(here_row[i], l, here[i] - least_of(q * all(rate[i]), there[i]));
      if (kShared[i]) store(wanted_row[i], l, wanted[i] - mine[i]);
    }
    const Wide left = asks - q;
    store(done, l, q);
    store(queue, l, left);
    const Mask waits = left > all(kLeast);
    any |= waits;
    if (kWaits) {
      store(waited, l, load(waited, l) + (waits ? left : all(0)));
      store(limit, l, (waits & (why >= all(0))) ? why : load(limit, l));
    } else {
      store(limit, l, why);
    }
  }
  return is_any(any);
}

template <bool kWaits>
inline bool run_plain(const PlainOperation& plain, const PlainPass& pass) {
  const auto& [first, second] = plain.goods;
  const bool is_shared = second.is_shared;
  if (second.here == nullptr) {
    return first.is_shared ? run_fused<1, true, false, kWaits>(plain, pass)
                           : run_fused<1, false, false, kWaits>(plain, pass);
  }
  if (first.is_shared) {
    return is_shared ? run_fused<2, true, true, kWaits>(plain, pass) : run_fused<2, true, false, kWaits>(plain, pass);
  }
  return is_shared ? run_fused<2, false, true, kWaits>(plain, pass) : run_fused<2, false, false, kWaits>(plain, pass);
}

/// Does an operation's work of this period. @param q  [lane] what it did
inline void Mover::operate_plain(std::size_t o, double* q) {
  const PlainOperation& plain = plain_[static_cast<std::size_t>(plain_of_[o])];
  const auto t = static_cast<std::size_t>(t_);
  if (waits_[o] != 0) {
    // it will go on waiting, most likely
    waits_[o] = run_plain<true>(plain, {.t = t, .q = q, .limit = limit_.row(o), .waited = waited_.row(o)}) ? 1 : 0;
  } else {
    alignas(kCacheLine) double limit[kLanes];
    waits_[o] = run_plain<false>(plain, {.t = t, .q = q, .limit = limit}) ? 1 : 0;
    if (waits_[o] != 0) note_waiting(o, plain.queue, limit);
  }
  live_[o] = waits_[o];
}

}  // namespace beltline::BELTLINE_LANES
