// Estimates with their confidence intervals, in memory that does not grow with replications.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace beltline {

struct Interval {
  double low = 0;
  double high = 0;
};

/// Two-sided quantile of Student's t: P(|T| ≤ x) = level. @param freedom  ≥ 1
double student_quantile(double level, double freedom);

/// Mean of numbers that come in order; those of one unit (an antithetic pair, a scramble of Sobol points) are averaged
/// first, because they are not independent of each other.
class Moments {
 public:
  explicit Moments(uint32_t unit_size = 1) : unit_size_(unit_size) {}
  void add(double value) {
    ++count_;
    sum_ += value;
    open_sum_ += value;
    if (++open_ == unit_size_) close_unit();
  }
  /// All of them, in their order; sums are rounded otherwise than one by one.
  void add(std::span<const double> values);
  [[nodiscard]] double mean() const { return count_ == 0 ? 0 : sum_ / static_cast<double>(count_); }
  [[nodiscard]] uint64_t count() const { return count_; }
  /// Half the width of the interval at this level; infinite with fewer than two whole units.
  [[nodiscard]] double half_width(double level) const;

 private:
  /// Squares about the first unit's mean: no digits are lost where all lie far from 0.
  void close_unit() {
    const double mean = open_sum_ / open_;
    open_ = 0;
    open_sum_ = 0;
    if (unit_count_++ == 0) origin_ = mean;
    const double away = mean - origin_;
    away_ += away;
    away_squared_ += away * away;
  }

  uint32_t unit_size_ = 1;
  uint32_t open_ = 0;  // of the unit that is being filled
  double open_sum_ = 0;
  uint64_t unit_count_ = 0;
  double origin_ = 0, away_ = 0, away_squared_ = 0;
  uint64_t count_ = 0;
  double sum_ = 0;
};

/// A share of replications. Wilson's interval (1927, J. Am. Stat. Assoc. 22:209) where replications are independent,
/// Student's where units are.
class Share {
 public:
  explicit Share(uint32_t unit_size = 1) : moments_(unit_size), unit_size_(unit_size) {}
  void add(bool is_so) {
    moments_.add(is_so ? 1.0 : 0.0);
    count_ += is_so ? 1 : 0;
  }
  [[nodiscard]] double value() const { return moments_.mean(); }
  [[nodiscard]] uint64_t count() const { return count_; }
  [[nodiscard]] Interval interval(double level) const;

 private:
  Moments moments_;
  uint32_t unit_size_;
  uint64_t count_ = 0;
};

/// Quantiles of numbers by counts in bins between the least and the most of a first sample; what lies beyond counts at
/// the ends, whose values are kept. Counts add up in any order.
class Histogram {
 public:
  static constexpr std::size_t kBins = 256;

  /// The first sample: nothing is counted yet.
  void open(double least, double most);
  void add(double value) {
    ++count_;
    if (value < least_) least_ = value;
    if (value > most_) most_ = value;
    ++bins_[static_cast<std::size_t>(bin_of(value))];
  }
  void add(std::span<const double> values);
  /// Linear inside a bin. @param p  in [0, 1]
  [[nodiscard]] double quantile(double p) const;
  /// By the ranks that hold the p-quantile at this level, normal approximation.
  [[nodiscard]] Interval interval(double p, double level) const;
  [[nodiscard]] double least() const { return least_; }
  [[nodiscard]] double most() const { return most_; }

 private:
  [[nodiscard]] int32_t bin_of(double value) const {
    const double at = (value - low_) * scale_;
    return static_cast<int32_t>(at <= 0 ? 0 : at >= kBins - 1 ? kBins - 1 : at);
  }

  double low_ = 0, width_ = 0, scale_ = 0;
  double least_ = 0, most_ = 0;
  uint64_t count_ = 0;
  std::vector<uint32_t> bins_;
};

}  // namespace beltline
