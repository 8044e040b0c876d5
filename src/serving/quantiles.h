// Quantiles of any number of times in constant memory.
#pragma once

#include <cstdint>
#include <vector>

namespace beltline::serving {

/// Values with weights in buckets of 1/128 of an octave: a quantile is right within 0.4 %. Values from 1 ns to 10^9 s;
/// mean, least and largest are exact.
class TimeQuantiles {
 public:
  void add(double seconds, double weight = 1);
  void merge(const TimeQuantiles& other);

  /// Values, whatever they weigh.
  [[nodiscard]] uint64_t count() const { return count_; }
  [[nodiscard]] double mean() const { return count_ == 0 ? 0 : sum_ / weight_; }
  [[nodiscard]] double max() const { return max_; }
  /// The value that this share of the values does not exceed; 0 without values.
  [[nodiscard]] double quantile(double share) const;

 private:
  void put(int32_t bucket, double weight);

  std::vector<double> weights_;  // from bucket first_ on
  int32_t first_ = 0;
  uint64_t count_ = 0;
  double weight_ = 0;
  double sum_ = 0;
  double min_ = 0;
  double max_ = 0;
};

/// Mean of some numbers and half the width of its interval of confidence (Student's t).
struct MeanInterval {
  double mean = 0;
  double half = 0;  // NaN below two numbers
};
MeanInterval mean_interval(const std::vector<double>& values, double level = 0.95);

}  // namespace beltline::serving
