#include "audit/ranged.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <numeric>

#include "base/assert.h"

namespace beltline {
namespace {

std::vector<int> joined(const std::vector<int>& a, const std::vector<int>& b) {
  std::vector<int> all;
  all.reserve(a.size() + b.size());
  std::ranges::set_union(a, b, std::back_inserter(all));
  return all;
}

/// As `combine`, with the function known to the compiler.
template <class Function>
Ranged each(const Ranged& a, const Ranged& b, const Function& f) {
  if (!a.is_present() || !b.is_present()) return {};
  ASSERT(a.values.size() == 1 || b.values.size() == 1 || a.values.size() == b.values.size());
  Ranged out;
  out.values.resize(std::max(a.values.size(), b.values.size()));
  for (std::size_t i = 0; i < out.values.size(); ++i) out.values[i] = f(a.at(i), b.at(i));
  out.lines = joined(a.lines, b.lines);
  return out;
}

}  // namespace

Ranged combine(const Ranged& a, const Ranged& b, const std::function<double(double, double)>& f) {
  return each(a, b, f);
}

Ranged apply(const Ranged& a, const std::function<double(double)>& f) {
  Ranged out = a;
  std::ranges::transform(out.values, out.values.begin(), f);
  return out;
}

Ranged operator+(const Ranged& a, const Ranged& b) {
  return each(a, b, [](double x, double y) { return x + y; });
}

Ranged operator-(const Ranged& a, const Ranged& b) {
  return each(a, b, [](double x, double y) { return x - y; });
}

Ranged operator*(const Ranged& a, const Ranged& b) {
  return each(a, b, [](double x, double y) { return x * y; });
}

Ranged operator/(const Ranged& a, const Ranged& b) {
  return each(a, b, [](double x, double y) { return x / y; });
}

Ranged max(const Ranged& a, const Ranged& b) {
  return each(a, b, [](double x, double y) { return std::max(x, y); });
}

Ranged min(const Ranged& a, const Ranged& b) {
  return each(a, b, [](double x, double y) { return std::min(x, y); });
}

Ranged pow(const Ranged& base, const Ranged& exponent) {
  return each(base, exponent, [](double x, double y) { return std::pow(x, y); });
}

Percentiles spread_of(const Ranged& number) {
  ASSERT(number.is_present());
  std::vector<double> sorted = number.values;
  std::ranges::sort(sorted);
  const auto quantile = [&](double p) {
    const double at = p * static_cast<double>(sorted.size() - 1);
    const auto below = static_cast<std::size_t>(at);
    const std::size_t above = std::min(below + 1, sorted.size() - 1);
    return sorted[below] + (at - static_cast<double>(below)) * (sorted[above] - sorted[below]);
  };
  return {.p5 = quantile(0.05), .p50 = quantile(0.50), .p95 = quantile(0.95)};
}

std::vector<double> ranks_of(std::span<const double> values) {
  std::vector<uint32_t> order(values.size());
  std::iota(order.begin(), order.end(), 0U);
  std::ranges::stable_sort(order, {}, [&](uint32_t i) { return values[i]; });
  std::vector<double> ranks(values.size());
  for (std::size_t i = 0; i < order.size(); ++i) ranks[order[i]] = static_cast<double>(i);
  return ranks;
}

double rank_correlation(std::span<const double> a, std::span<const double> b) {
  ASSERT(a.size() == b.size());
  const auto count = static_cast<double>(a.size());
  if (a.size() < 2) return 0;
  // ranks are 0 … n − 1 in some order: mean (n − 1) / 2, variance (n² − 1) / 12
  const double mean = (count - 1) / 2;
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += (a[i] - mean) * (b[i] - mean);
  return sum / (count * (count * count - 1) / 12);
}

}  // namespace beltline
