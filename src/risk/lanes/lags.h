// Lags as their delays have made them.
#pragma once

#include <algorithm>
#include <cmath>

#include "risk/lanes/mover.h"
#include "risk/lanes/rows.h"

namespace beltline::BELTLINE_LANES {

/// What share of what was sent arrives after each number of periods.
inline void Mover::compute_weights(std::size_t index) {
  const double* periods = lags_.row(index);
  const double* rest = lag_rest_.row(index);
  for (int32_t k = lag_least_[index]; k <= lag_end_[index]; ++k) {
    double* weight = weight_row(index, k);
    each_wide([&](std::size_t l) {
      const Wide here = load(periods, l), later = load(rest, l);
      const Wide whole = here == all(k) ? all(1) - later : all(0);
      store(weight, l, here == all(k - 1) ? later : whole);
    });
  }
}

/// Each lag as its delays have made it, see Lag: whole periods since the step before, and a rest.
inline void Mover::compute_lag(std::size_t index) {
  const Lag& lag = play_.lags[index];
  double* __restrict since = lags_since_.row(index);
  double* __restrict step = lags_.row(index);
  double* __restrict rest = lag_rest_.row(index);
  const double* __restrict before =
      lag.after < 0 ? zeros_.row(0) : lags_since_.row(static_cast<std::size_t>(lag.after));
  const double* __restrict delay = lag.slot < 0 ? zeros_.row(0) : slots_.row(static_cast<std::size_t>(lag.slot));
  const double planned = lag.periods;
  const bool flows = !lag.comes_whole;
  double least = 1e9, most = 0, most_rest = 0;
  for (std::size_t lane = 0; lane < kLanes; ++lane) {
    const double late = std::min(std::max(planned + delay[lane], 0.0), 1e6);
    const double whole = std::ceil(late - kLeast);
    const double all = (int{flows} & int{late > planned}) != 0 ? late : whole;
    since[lane] = std::max(before[lane], all);
    const double periods = since[lane] - before[lane];
    step[lane] = std::floor(periods + kLeast);
    rest[lane] = periods - step[lane] > kLeast ? periods - step[lane] : 0.0;
  }
  for (std::size_t lane = 0; lane < kLanes; ++lane) {
    least = std::min(least, step[lane]);
    most = std::max(most, step[lane]);
    most_rest = std::max(most_rest, rest[lane]);
  }
  has_rest_[index] = most_rest > 0 ? 1 : 0;
  lag_least_[index] = static_cast<int32_t>(least);
  lag_end_[index] = static_cast<int32_t>(most) + (most_rest > 0 ? 1 : 0);
  is_whole_[index] = lag_least_[index] == lag_end_[index] ? 1 : 0;
  gathers_[index] = lag_moves_[index] == 0 && lag_end_[index] - lag_least_[index] < kFewRows ? 1 : 0;
  if (gathers_[index] != 0 && is_whole_[index] == 0) compute_weights(index);
}

void Mover::compute_lags(bool only_moving) {
  for (std::size_t i = 0; i < play_.lags.size(); ++i) {
    if (lag_moves_[i] != 0 || !only_moving) compute_lag(i);
  }
}

}  // namespace beltline::BELTLINE_LANES
