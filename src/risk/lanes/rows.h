// Loops over the lanes of a row, by register. See mover.h for its kinds.
#pragma once

#include <cstring>

#include "risk/state.h"

namespace beltline::BELTLINE_LANES {

/// Four lanes in a register, or in two where the processor has only narrow ones. Written out, because a compiler that
/// may not assume that rows lie apart looks twice, and leaves long loops as they are.
using Wide [[gnu::vector_size(BELTLINE_REGISTER)]] = double;
inline constexpr std::size_t kWide = sizeof(Wide) / sizeof(double);
static_assert(kLanes % kWide == 0);

[[gnu::always_inline]] inline Wide load(const double* row, std::size_t lane) {
  Wide out;
  std::memcpy(&out, row + lane, sizeof out);
  return out;
}
[[gnu::always_inline]] inline void store(double* row, std::size_t lane, const Wide& value) {
  std::memcpy(row + lane, &value, sizeof value);
}
[[gnu::always_inline]] inline Wide all(double value) {
  return value - Wide{};
}
[[gnu::always_inline]] inline Wide least_of(const Wide& a, const Wide& b) {
  return a < b ? a : b;
}
/// Where it is more than nothing; else nothing.
[[gnu::always_inline]] inline Wide at_least_0(const Wide& a) {
  return a > all(0) ? a : all(0);
}
/// Calls with the first lane of every register.
[[gnu::always_inline]] inline void each_wide(const auto& work) {
  for (std::size_t lane = 0; lane < kLanes; lane += kWide) work(lane);
}

/// What an operation did: a row, or the same in every lane.
struct RowOf {
  const double* row;
  [[nodiscard, gnu::always_inline]] Wide at(std::size_t lane) const { return load(row, lane); }
};
struct Even {
  double value;
  [[nodiscard, gnu::always_inline]] Wide at(std::size_t) const { return all(value); }
};

using Mask = decltype(Wide{} < Wide{});
/// Whether any lane is set.
[[gnu::always_inline]] inline bool is_any(const Mask& mask) {
  int64_t any = 0;
  for (std::size_t i = 0; i < kWide; ++i) any |= mask[i];
  return any != 0;
}
/// Whether it is so in any lane. Looks at all: a branch in each register would stand in the way.
[[gnu::always_inline]] inline bool any_wide(const auto& is_so) {
  Mask any{};
  each_wide([&](std::size_t l) { any |= is_so(l); });
  return is_any(any);
}

[[gnu::always_inline]] inline void add_row(double* into, const double* row) {
  each_wide([&](std::size_t l) { store(into, l, load(into, l) + load(row, l)); });
}
[[gnu::always_inline]] inline void copy_row(double* into, const double* row) {
  each_wide([&](std::size_t l) { store(into, l, load(row, l)); });
}
[[gnu::always_inline]] inline void fill_row(double* row, double value) {
  each_wide([&](std::size_t l) { store(row, l, all(value)); });
}

}  // namespace beltline::BELTLINE_LANES
