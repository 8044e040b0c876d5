#include "serving/quantiles.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

namespace beltline::serving {
namespace {

constexpr int32_t kSteps = 128;  // an octave
constexpr double kMin = 1e-9, kMax = 1e9;

int32_t bucket_of(double seconds) {
  return static_cast<int32_t>(std::floor(std::log2(std::clamp(seconds, kMin, kMax)) * kSteps));
}

double middle_of(int32_t bucket) {
  return std::exp2((bucket + 0.5) / kSteps);
}

/// Quantile of the standard normal, by bisection.
double normal_quantile(double p) {
  double low = -10, high = 10;
  for (int i = 0; i < 200 && high - low > 1e-15; ++i) {
    const double x = (low + high) / 2;
    (0.5 * std::erfc(-x / std::numbers::sqrt2) < p ? low : high) = x;
  }
  return (low + high) / 2;
}

/// Distribution of Student's t with `n` degrees of freedom (Abramowitz and Stegun 26.7.3 and 26.7.4).
double t_probability(double t, int n) {
  const double angle = std::atan(t / std::sqrt(static_cast<double>(n)));
  const double cos2 = std::cos(angle) * std::cos(angle);
  double sum = 0;
  if (n % 2 == 1) {
    double term = std::cos(angle);
    for (int k = 1; k < n; k += 2) {
      sum += term;
      term *= cos2 * (k + 1) / (k + 2);
    }
    return 0.5 + (angle + std::sin(angle) * sum) / std::numbers::pi;
  }
  double term = 1;
  for (int k = 0; k < n; k += 2) {
    sum += term;
    term *= cos2 * (k + 1) / (k + 2);
  }
  return 0.5 + std::sin(angle) * sum / 2;
}

double t_quantile(double p, int n) {
  if (n > 1000) return normal_quantile(p);
  double low = 0, high = 1e4;
  for (int i = 0; i < 200; ++i) {
    const double t = (low + high) / 2;
    (t_probability(t, n) < p ? low : high) = t;
  }
  return (low + high) / 2;
}

}  // namespace

void TimeQuantiles::put(int32_t bucket, double weight) {
  if (weights_.empty()) first_ = bucket;
  if (bucket < first_) {
    weights_.insert(weights_.begin(), static_cast<std::size_t>(first_ - bucket), 0);
    first_ = bucket;
  }
  const auto at = static_cast<std::size_t>(bucket - first_);
  if (at >= weights_.size()) weights_.resize(at + 1);
  weights_[at] += weight;
}

void TimeQuantiles::add(double seconds, double weight) {
  put(bucket_of(seconds), weight);
  min_ = count_ == 0 ? seconds : std::min(min_, seconds);
  max_ = count_ == 0 ? seconds : std::max(max_, seconds);
  ++count_;
  weight_ += weight;
  sum_ += seconds * weight;
}

void TimeQuantiles::merge(const TimeQuantiles& other) {
  if (other.count_ == 0) return;
  if (count_ == 0) {
    *this = other;
    return;
  }
  for (std::size_t i = 0; i < other.weights_.size(); ++i) {
    if (other.weights_[i] > 0) put(other.first_ + static_cast<int32_t>(i), other.weights_[i]);
  }
  count_ += other.count_;
  weight_ += other.weight_;
  sum_ += other.sum_;
  min_ = std::min(min_, other.min_);
  max_ = std::max(max_, other.max_);
}

double TimeQuantiles::quantile(double share) const {
  if (count_ == 0) return 0;
  // the first of n values of weight w begins at 0 and the last at (n − 1) w
  const double rank = share * weight_ * static_cast<double>(count_ - 1) / static_cast<double>(count_);
  double before = 0;
  for (std::size_t i = 0; i < weights_.size(); ++i) {
    before += weights_[i];
    if (before > rank) return std::clamp(middle_of(first_ + static_cast<int32_t>(i)), min_, max_);
  }
  return max_;
}

MeanInterval mean_interval(const std::vector<double>& values, double level) {
  MeanInterval out{.half = std::numeric_limits<double>::quiet_NaN()};
  if (values.empty()) return out;
  for (const double value : values) out.mean += value;
  const auto n = static_cast<double>(values.size());
  out.mean /= n;
  if (values.size() < 2) return out;
  double squares = 0;
  for (const double value : values) squares += (value - out.mean) * (value - out.mean);
  out.half = t_quantile((1 + level) / 2, static_cast<int>(values.size()) - 1) * std::sqrt(squares / (n - 1) / n);
  return out;
}

}  // namespace beltline::serving
