// Distributions of what is not certain, and their quantile functions as tables.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "model/chances.h"

namespace beltline {

/// Where the mass of a Distribution lies. Without a spread (`point`, or low = high of a bounded one) all is at the
/// mode.
///
/// Of `normal` and `lognormal` low and high are the 5 % and 95 % quantiles, of which only the distance counts; of
/// `exponential` only the mode, its mean, counts.
double mean_of(const Distribution& distribution);
double standard_deviation_of(const Distribution& distribution);
/// P(X ≤ x).
double cumulative(const Distribution& distribution, double x);
/// The x with P(X ≤ x) = u, for u in (0, 1). @cost up to microseconds: `Quantiles` is for drawing
double exact_quantile(const Distribution& distribution, double u);

/// The quantile function of one distribution as a table: linear between 1,473 points, 32 to each halving of the
/// distance to the nearer end of (0, 1), and exact where less than 2⁻²⁴ is left.
class Quantiles {
 public:
  explicit Quantiles(const Distribution& distribution);

  /// @param u  in (0, 1)
  /// @returns  x, never falling as u rises; within 2e-4 standard deviations of the exact one
  /// @cost a few nanoseconds
  [[nodiscard]] double quantile(double u) const;
  /// Each u of a row becomes its x.
  void quantiles(std::span<double> row) const;
  /// Of the distribution itself, not of the table.
  [[nodiscard]] double mean() const { return mean_of(distribution_); }
  [[nodiscard]] const Distribution& distribution() const { return distribution_; }

 private:
  Distribution distribution_;
  std::vector<double> lower_;  // [point] quantiles of v = 2⁻²⁴ … 1/2; one more at the end; empty: all is at the mode
  std::vector<double> upper_;  // [point] quantiles of 1 − v
};

}  // namespace beltline
