// What traffic is like: counts, lengths, rates, bursts, and what a cache could save. For the tests and the operator.
#pragma once

#include <cstdint>
#include <unordered_set>
#include <vector>

#include "serving/traffic.h"

namespace beltline::serving {

/// Lengths counted exactly up to 2^20 tokens, beyond in steps of 1/64.
class LengthCounts {
 public:
  void add(int64_t tokens);
  [[nodiscard]] uint64_t count() const { return count_; }
  [[nodiscard]] double mean() const { return count_ == 0 ? 0 : sum_ / static_cast<double>(count_); }
  /// The value that a share of the lengths does not exceed; of an even number the mean of the two in the middle.
  [[nodiscard]] double quantile(double share) const;
  [[nodiscard]] int64_t max() const { return max_; }

 private:
  [[nodiscard]] double value_at(uint64_t rank) const;

  std::vector<uint64_t> counts_;
  double sum_ = 0;
  uint64_t count_ = 0;
  int64_t max_ = 0;
};

class TrafficStatistics {
 public:
  void add(const TrafficRequest& request);

  [[nodiscard]] const LengthCounts& input() const { return input_; }
  [[nodiscard]] const LengthCounts& output() const { return output_; }
  [[nodiscard]] uint64_t count() const { return input_.count(); }
  /// From the first request to the last.
  [[nodiscard]] Picoseconds span() const { return last_ - first_; }
  /// Requests a second over that time.
  [[nodiscard]] double rate_per_s() const;
  /// Coefficient of variation of the times between requests.
  [[nodiscard]] double gap_cv() const;
  /// Requests of the busiest whole minute over the mean of whole minutes; 0 below one minute.
  [[nodiscard]] double minute_peak_to_mean() const;
  /// Share of the blocks of prompts that a cache without limit has: blocks told by a trace, or units of 512 tokens of
  /// what a generator shares. The memory of it is bounded: beyond 32 million different blocks it is a lower bound.
  [[nodiscard]] double infinite_cache_hit() const;
  [[nodiscard]] bool is_hit_a_bound() const { return seen_full_; }

 private:
  void add_blocks(const TrafficRequest& request);

  LengthCounts input_, output_;
  Picoseconds first_ = 0, last_ = 0;
  double gap_mean_ = 0, gap_m2_ = 0;
  uint64_t gap_count_ = 0;
  std::vector<uint32_t> minutes_;
  std::unordered_set<uint64_t> seen_;
  uint64_t blocks_ = 0, hits_ = 0;
  bool seen_full_ = false;
};

/// Hash of each whole unit of the prompt that its pieces cover, with all before it: what Request::prefix wants.
/// @param units  cleared first
void prefix_units(const TrafficRequest& request, int64_t unit_tokens, std::vector<uint64_t>& units);

}  // namespace beltline::serving
