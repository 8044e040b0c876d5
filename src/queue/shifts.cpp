#include "queue/shifts.h"

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <optional>

#include "base/assert.h"

namespace beltline::queue {

namespace {

/// S[to] ≤ S[from] + bound, S the running sums of x: S[s + 1] − S[s] = x[s].
struct DifferenceBound {
  int from = 0;
  int to = 0;
  int64_t bound = 0;
  bool has_total = false;  // the total is to be added
};

class Cover {
 public:
  Cover(std::span<const int> required, int length, const std::vector<bool>& may_start)
      : slots_(static_cast<int>(required.size())) {
    for (int s = 0; s < slots_; ++s) {
      // x ≥ 0, and 0 where none may begin
      bounds_.push_back({s + 1, s, 0});
      if (!may_start[static_cast<std::size_t>(s)]) bounds_.push_back({s, s + 1, 0});
    }
    for (int h = 0; h < slots_; ++h) {
      const int needed = required[static_cast<std::size_t>(h)];
      if (needed == 0) continue;
      const int first = h + 1 - length;
      if (first >= 0) {
        bounds_.push_back({h + 1, first, -needed});
      } else {
        // those that began before slot 0 are counted at the circle's end: total − S[first + slots] + S[h + 1] ≥ needed
        bounds_.push_back({h + 1, first + slots_, -needed, true});
      }
    }
  }

  /// Running sums of a cover of so many shifts, or nothing if there is none.
  [[nodiscard]] std::optional<std::vector<int64_t>> of(int64_t total) const {
    std::vector<int64_t> sums(static_cast<std::size_t>(slots_) + 1, 0);
    for (int s = 1; s <= slots_; ++s) sums[static_cast<std::size_t>(s)] = total;
    // Bellman–Ford from S[0] = 0, with S[slots] = total as two bounds
    for (int round = 0; round <= slots_ + 1; ++round) {
      bool has_changed = false;
      const auto lower = [&](int from, int to, int64_t bound) {
        const int64_t value = sums[static_cast<std::size_t>(from)] + bound;
        if (value >= sums[static_cast<std::size_t>(to)]) return;
        sums[static_cast<std::size_t>(to)] = value;
        has_changed = true;
      };
      for (const DifferenceBound& b : bounds_) lower(b.from, b.to, b.bound + (b.has_total ? total : 0));
      lower(0, slots_, total);
      lower(slots_, 0, -total);
      if (sums[0] < 0) return std::nullopt;
      if (!has_changed) return sums;
    }
    return std::nullopt;
  }

 private:
  int slots_;
  std::vector<DifferenceBound> bounds_;
};

}  // namespace

ShiftCover fewest_shifts(std::span<const int> required, int length, const std::vector<bool>& may_start) {
  const auto slots = required.size();
  ASSERT(slots > 0 && may_start.size() == slots && length >= 1 && length <= static_cast<int>(slots));
  for (const int needed : required) ASSERT(needed >= 0);
  const Cover cover(required, length, may_start);
  const int64_t sum = std::accumulate(required.begin(), required.end(), int64_t{0});
  const int64_t most = *std::ranges::max_element(required);
  int64_t short_of = std::max((sum + length - 1) / length, most) - 1;
  int64_t enough = std::max<int64_t>(sum, 0);  // a shift for each slot and person
  ASSERT(cover.of(enough).has_value());
  while (enough - short_of > 1) {
    const int64_t middle = short_of + (enough - short_of) / 2;
    (cover.of(middle) ? enough : short_of) = middle;
  }
  const auto sums = *cover.of(enough);
  ShiftCover found;
  found.shifts = static_cast<int>(enough);
  found.starts.resize(slots);
  found.on_duty.resize(slots, 0);
  for (std::size_t s = 0; s < slots; ++s) {
    found.starts[s] = static_cast<int>(sums[s + 1] - sums[s]);
    for (int i = 0; i < length; ++i) found.on_duty[(s + static_cast<std::size_t>(i)) % slots] += found.starts[s];
  }
  return found;
}

}  // namespace beltline::queue
