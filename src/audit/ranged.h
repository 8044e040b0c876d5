// Numbers with their spread, and which lines of the scenario they were made from.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

namespace beltline {

/// One number, as one value or as [sample] values, with the lines it depends on. Sums, products and quotients go sample
/// by sample, so that a line used twice is drawn once.
struct Ranged {
  std::vector<double> values;  // 1, or one a sample
  std::vector<int> lines;      // of the Ledger, ascending

  Ranged() = default;
  /// A constant that comes from no line: hours of a year, a unit.
  explicit Ranged(double value) : values{value} {}

  [[nodiscard]] bool is_present() const { return !values.empty(); }
  [[nodiscard]] double at(std::size_t sample) const { return values.size() == 1 ? values.front() : values[sample]; }
};

/// f(a, b) sample by sample; shapes are 1 or one common number, else a Bug. Absent where one of the two is.
Ranged combine(const Ranged& a, const Ranged& b, const std::function<double(double, double)>& f);
Ranged apply(const Ranged& a, const std::function<double(double)>& f);

Ranged operator+(const Ranged& a, const Ranged& b);
Ranged operator-(const Ranged& a, const Ranged& b);
Ranged operator*(const Ranged& a, const Ranged& b);
/// @pre no sample of b is 0
Ranged operator/(const Ranged& a, const Ranged& b);
Ranged max(const Ranged& a, const Ranged& b);
Ranged min(const Ranged& a, const Ranged& b);
/// base ^ exponent
Ranged pow(const Ranged& base, const Ranged& exponent);

/// Three quantiles of what was sampled.
struct Percentiles {
  double p5 = 0;
  double p50 = 0;
  double p95 = 0;
};

/// Linear between order statistics (type 7 of Hyndman & Fan 1996, The American Statistician 50:361–365).
/// @cost O(n log n)
Percentiles spread_of(const Ranged& number);

/// Ranks of values, equal ones by their order: [sample] 0 … n − 1.
std::vector<double> ranks_of(std::span<const double> values);

/// Correlation of two vectors of ranks; 0 where there is one value only.
double rank_correlation(std::span<const double> a, std::span<const double> b);

}  // namespace beltline
