// Steps in a row whose times grow evenly: what a decode phase is between two events.
#pragma once

#include <cmath>
#include <cstdint>

#include "serving/engine.h"

namespace beltline::serving {

/// `steps` steps that begin at `start` and take first, first + growth, first + 2·growth … Nothing runs where steps = 0.
struct Phase {
  Picoseconds start = 0, first = 0, growth = 0;
  int64_t steps = 0;

  /// Of the first `count` steps: the sum of an arithmetic series, exact.
  [[nodiscard]] Picoseconds length(int64_t count) const { return count * first + growth * (count * (count - 1) / 2); }
  [[nodiscard]] Picoseconds end() const { return start + length(steps); }
  /// How many of its steps end before `time`. O(1): the root of length(k) = time − start, then put right by whole
  /// steps.
  [[nodiscard]] int64_t steps_before(Picoseconds time) const {
    if (time <= start) return 0;
    const Picoseconds past = time - start;
    int64_t count;
    if (growth == 0) {
      count = (past - 1) / first;
    } else {
      const double slope = static_cast<double>(growth);
      const double half = static_cast<double>(first) - slope / 2;
      count = static_cast<int64_t>((std::sqrt(half * half + 2 * slope * static_cast<double>(past)) - half) / slope);
    }
    count = std::min(std::max<int64_t>(count, 0), steps);
    while (count > 0 && length(count) >= past) --count;
    while (count < steps && length(count + 1) < past) ++count;
    return count;
  }
};

/// The longest phase, about a day, and the last moment at which one may begin: together they stay within 64 bits.
inline constexpr double kPhaseMax = 1e17;
inline constexpr Picoseconds kLastStart = 9'000'000'000'000'000'000;

}  // namespace beltline::serving
