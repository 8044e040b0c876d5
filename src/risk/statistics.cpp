#include "risk/statistics.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/students_t.hpp>

namespace beltline {

double student_quantile(double level, double freedom) {
  return boost::math::quantile(boost::math::students_t(freedom), 0.5 + level / 2);
}

namespace {

double normal_quantile(double level) {
  return boost::math::quantile(boost::math::normal(), 0.5 + level / 2);
}

}  // namespace

void Moments::add(std::span<const double> values) {
  if (unit_size_ > 1 || values.empty()) {
    for (const double value : values) add(value);
    return;
  }
  // four sums side by side: one would wait for itself
  constexpr std::size_t kSums = 4;
  double sum[kSums] = {}, away[kSums] = {}, squared[kSums] = {};
  if (unit_count_ == 0) origin_ = values[0];
  const double origin = origin_;
  const std::size_t even = values.size() - values.size() % kSums;
  for (std::size_t i = 0; i < even; i += kSums) {
    for (std::size_t k = 0; k < kSums; ++k) {
      const double value = values[i + k], off = value - origin;
      sum[k] += value;
      away[k] += off;
      squared[k] += off * off;
    }
  }
  for (std::size_t i = even; i < values.size(); ++i) {
    const double off = values[i] - origin;
    sum[0] += values[i];
    away[0] += off;
    squared[0] += off * off;
  }
  sum_ += sum[0] + sum[1] + (sum[2] + sum[3]);
  away_ += away[0] + away[1] + (away[2] + away[3]);
  away_squared_ += squared[0] + squared[1] + (squared[2] + squared[3]);
  count_ += values.size();
  unit_count_ += values.size();
}

double Moments::half_width(double level) const {
  if (unit_count_ < 2) return std::numeric_limits<double>::infinity();
  const double n = static_cast<double>(unit_count_);
  return student_quantile(level, n - 1) * std::sqrt(std::max(0.0, away_squared_ - away_ * away_ / n) / (n - 1) / n);
}

Interval Share::interval(double level) const {
  const double p = value();
  if (unit_size_ > 1) {
    const double half = moments_.half_width(level);
    return {std::max(0.0, p - half), std::min(1.0, p + half)};
  }
  const double n = static_cast<double>(moments_.count());
  if (n == 0) return {0, 1};
  const double z = normal_quantile(level);
  const double centre = (p + z * z / (2 * n)) / (1 + z * z / n);
  const double half = z * std::sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / (1 + z * z / n);
  return {std::max(0.0, centre - half), std::min(1.0, centre + half)};
}

void Histogram::open(double least, double most) {
  // a tenth beyond on both sides: a first sample has not seen the ends
  const double reach = std::max(most - least, 1e-9 * std::max(std::abs(most), 1e-300));
  low_ = least - 0.1 * reach;
  width_ = 1.2 * reach / kBins;
  scale_ = 1 / width_;
  least_ = std::numeric_limits<double>::infinity();
  most_ = -least_;
  bins_.assign(kBins, 0);
}

void Histogram::add(std::span<const double> values) {
  if (values.empty()) return;
  // a few at a time, so that their bins stay in registers or near
  constexpr std::size_t kPart = 32;
  double least = least_, most = most_;
  while (!values.empty()) {
    const std::span<const double> part = values.first(std::min(kPart, values.size()));
    values = values.subspan(part.size());
    double low = part[0], high = part[0];
    for (const double value : part) {
      low = std::min(low, value);
      high = std::max(high, value);
    }
    least = std::min(least, low);
    most = std::max(most, high);
    count_ += part.size();
    if (low == high) {
      // before anything is built all are alike: one bin, counted up once
      bins_[static_cast<std::size_t>(bin_of(low))] += static_cast<uint32_t>(part.size());
      continue;
    }
    int32_t bin[kPart];
    for (std::size_t i = 0; i < part.size(); ++i) bin[i] = bin_of(part[i]);
    for (std::size_t i = 0; i < part.size(); ++i) ++bins_[static_cast<std::size_t>(bin[i])];
  }
  least_ = least;
  most_ = most;
}

double Histogram::quantile(double p) const {
  if (count_ == 0) return 0;
  if (least_ == most_) return least_;
  const double rank = std::clamp(p, 0.0, 1.0) * static_cast<double>(count_);
  double before = 0;
  for (std::size_t b = 0; b < kBins; ++b) {
    const double here = bins_[b];
    if (here > 0 && before + here >= rank) {
      const double from = std::max(least_, b == 0 ? least_ : low_ + static_cast<double>(b) * width_);
      const double to = std::min(most_, b + 1 == kBins ? most_ : low_ + static_cast<double>(b + 1) * width_);
      return from + std::clamp((rank - before) / here, 0.0, 1.0) * std::max(0.0, to - from);
    }
    before += here;
  }
  return most_;
}

Interval Histogram::interval(double p, double level) const {
  if (count_ == 0) return {};
  const double n = static_cast<double>(count_);
  const double half = normal_quantile(level) * std::sqrt(p * (1 - p) / n);
  return {quantile(p - half), quantile(p + half)};
}

}  // namespace beltline
