#include "risk/distribution.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <span>

#include <boost/math/distributions/beta.hpp>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/triangular.hpp>

#include "base/assert.h"

namespace beltline {
namespace {

/// Standard normal quantile of 0.95.
constexpr double kQuantile95 = 1.6448536269514722;
/// A point every 2⁻⁵ of an octave: the bits of a double above these are the number of its cell.
constexpr int kFractionBits = 52 - 5;
/// What is left of (0, 1) beside the table.
constexpr double kTail = 0x1p-24;

// The bits of a double; no long double, whose width differs between machines.
using Policy = boost::math::policies::policy<boost::math::policies::promote_double<false>>;
using Beta = boost::math::beta_distribution<double, Policy>;
using Normal = boost::math::normal_distribution<double, Policy>;
using Triangular = boost::math::triangular_distribution<double, Policy>;

bool is_bounded(Spread spread) {
  return spread == Spread::uniform || spread == Spread::triangular || spread == Spread::pert;
}

/// Whether all the mass lies in one point.
bool is_point(const Distribution& d) {
  switch (d.spread) {
    case Spread::point: return true;
    case Spread::exponential: return d.mode == 0;
    default: return d.low == d.high;
  }
}

double sigma_of(const Distribution& d) {
  return d.spread == Spread::lognormal ? std::log(d.high / d.low) / (2 * kQuantile95)
                                       : (d.high - d.low) / (2 * kQuantile95);
}

/// Beta on [0, 1] with a + b = 6.
Beta beta_of(const Distribution& d) {
  const double width = d.high - d.low;
  return Beta(1 + 4 * (d.mode - d.low) / width, 1 + 4 * (d.high - d.mode) / width);
}

/// The x with P(X ≤ x) = v, or with `is_upper` P(X > x) = v: no digits are lost near 1.
double quantile_of(const Distribution& d, double v, bool is_upper) {
  const auto of = [&](const auto& distribution) {
    return is_upper ? quantile(boost::math::complement(distribution, v)) : quantile(distribution, v);
  };
  switch (d.spread) {
    case Spread::point: return d.mode;
    case Spread::uniform: return is_upper ? d.high - v * (d.high - d.low) : d.low + v * (d.high - d.low);
    case Spread::triangular: return of(Triangular(d.low, d.mode, d.high));
    case Spread::pert: return d.low + (d.high - d.low) * of(beta_of(d));
    case Spread::normal: return d.mode + sigma_of(d) * of(Normal());
    case Spread::lognormal: return d.mode * std::exp(sigma_of(d) * of(Normal()));
    case Spread::exponential: return -d.mode * (is_upper ? std::log(v) : std::log1p(-v));
  }
  return d.mode;
}

std::size_t cell_of(double v) {
  return static_cast<std::size_t>((std::bit_cast<uint64_t>(v) >> kFractionBits) -
                                  (std::bit_cast<uint64_t>(kTail) >> kFractionBits));
}

/// Where cell `i` begins.
double cell_begin(std::size_t i) {
  return std::bit_cast<double>(((std::bit_cast<uint64_t>(kTail) >> kFractionBits) + i) << kFractionBits);
}

/// How far into its cell v lies, in [0, 1).
double share_of_cell(double v) {
  constexpr uint64_t kMask = (uint64_t{1} << kFractionBits) - 1;
  return static_cast<double>(std::bit_cast<uint64_t>(v) & kMask) * 0x1p-47;
}

/// Points between two exact ones of a PERT distribution, cubic with the slopes dx/dv = ±1 / density at both: within
/// 3e-5 standard deviations, at an eighth of the cost.
void fill_between(const Beta& beta, double sign, std::size_t first, std::span<double> points) {
  const std::size_t last = points.size() - 1;
  const double width = cell_begin(first + last) - cell_begin(first);
  const double begin = points.front(), end = points[last];
  const double slope = sign * width / pdf(beta, begin), slope_end = sign * width / pdf(beta, end);
  for (std::size_t i = 1; i < last; ++i) {
    const double s = (cell_begin(first + i) - cell_begin(first)) / width;
    const double r = 1 - s;
    points[i] = (1 + 2 * s) * r * r * begin + s * r * r * slope + s * s * (3 - 2 * s) * end - s * s * r * slope_end;
  }
}

/// [point] of one half of the table, in [0, 1] of the PERT distribution's width.
std::vector<double> beta_points(const Beta& beta, bool is_upper) {
  constexpr std::size_t kStride = 8;
  const std::size_t last = cell_of(0.5);  // a multiple of the 32 cells of an octave
  std::vector<double> points(last + 1);
  const auto exact = [&](std::size_t i) {
    return is_upper ? quantile(boost::math::complement(beta, cell_begin(i))) : quantile(beta, cell_begin(i));
  };
  points[0] = exact(0);
  for (std::size_t i = 0; i < last; i += kStride) {
    points[i + kStride] = exact(i + kStride);
    fill_between(beta, is_upper ? -1 : 1, i, std::span(points).subspan(i, kStride + 1));
  }
  return points;
}

/// [point] quantiles of v = 2⁻²⁴ … 1/2, or of 1 − v; the last one twice.
std::vector<double> points_of(const Distribution& d, bool is_upper) {
  std::vector<double> points;
  if (d.spread == Spread::pert) {
    points = beta_points(beta_of(d), is_upper);
    for (double& x : points) x = d.low + (d.high - d.low) * x;
  } else {
    for (std::size_t i = 0; i <= cell_of(0.5); ++i) points.push_back(quantile_of(d, cell_begin(i), is_upper));
  }
  // u = 1/2 lies in a cell of its own, which has no width
  points.push_back(points.back());
  // the inverse of a distribution function by iteration may be out of order by its last digit
  for (std::size_t i = 1; i < points.size(); ++i) {
    points[i] = is_upper ? std::min(points[i], points[i - 1]) : std::max(points[i], points[i - 1]);
  }
  return points;
}

}  // namespace

double mean_of(const Distribution& d) {
  if (is_point(d)) return d.mode;
  switch (d.spread) {
    case Spread::uniform: return (d.low + d.high) / 2;
    case Spread::triangular: return (d.low + d.mode + d.high) / 3;
    case Spread::pert: return (d.low + 4 * d.mode + d.high) / 6;
    case Spread::lognormal: return d.mode * std::exp(sigma_of(d) * sigma_of(d) / 2);
    case Spread::point:
    case Spread::normal:
    case Spread::exponential: break;
  }
  return d.mode;
}

double standard_deviation_of(const Distribution& d) {
  if (is_point(d)) return 0;
  const double width = d.high - d.low;
  switch (d.spread) {
    case Spread::point: return 0;
    case Spread::uniform: return width / std::sqrt(12.0);
    case Spread::triangular:
      // (a² + b² + c² − ab − ac − bc) / 18, from the low end
      return std::sqrt((width * width + (d.mode - d.low) * (d.mode - d.high)) / 18);
    case Spread::pert: return width * std::sqrt(variance(beta_of(d)));
    case Spread::normal: return sigma_of(d);
    case Spread::lognormal: return mean_of(d) * std::sqrt(std::expm1(sigma_of(d) * sigma_of(d)));
    case Spread::exponential: return d.mode;
  }
  return 0;
}

double cumulative(const Distribution& d, double x) {
  if (is_point(d)) return x < d.mode ? 0 : 1;
  if (is_bounded(d.spread) && x <= d.low) return 0;
  if (is_bounded(d.spread) && x >= d.high) return 1;
  switch (d.spread) {
    case Spread::point: break;
    case Spread::uniform: return (x - d.low) / (d.high - d.low);
    case Spread::triangular: return cdf(Triangular(d.low, d.mode, d.high), x);
    case Spread::pert: return cdf(beta_of(d), (x - d.low) / (d.high - d.low));
    case Spread::normal: return cdf(Normal(), (x - d.mode) / sigma_of(d));
    case Spread::lognormal: return x <= 0 ? 0 : cdf(Normal(), std::log(x / d.mode) / sigma_of(d));
    case Spread::exponential: return x <= 0 ? 0 : -std::expm1(-x / d.mode);
  }
  return x < d.mode ? 0 : 1;
}

double exact_quantile(const Distribution& d, double u) {
  ASSERT(u > 0 && u < 1);
  if (is_point(d)) return d.mode;
  return u < 0.5 ? quantile_of(d, u, false) : quantile_of(d, 1 - u, true);
}

Quantiles::Quantiles(const Distribution& distribution) : distribution_(distribution) {
  if (is_point(distribution)) return;
  lower_ = points_of(distribution, false);
  upper_ = points_of(distribution, true);
}

double Quantiles::quantile(double u) const {
  if (lower_.empty()) return distribution_.mode;
  const bool is_upper = u > 0.5;
  const double v = is_upper ? 1 - u : u;
  const std::vector<double>& table = is_upper ? upper_ : lower_;
  if (v < kTail) {
    const double x = quantile_of(distribution_, v, is_upper);
    return is_upper ? std::max(x, table.front()) : std::min(x, table.front());
  }
  const std::size_t i = cell_of(v);
  return table[i] + (table[i + 1] - table[i]) * share_of_cell(v);
}

void Quantiles::quantiles(std::span<double> row) const {
  if (lower_.empty()) {
    std::ranges::fill(row, distribution_.mode);
    return;
  }
  // both halves have their tables; which one is a coin's toss, so nothing branches on it
  const double* const tables[2] = {lower_.data(), upper_.data()};
  for (double& x : row) {
    const double u = x;
    const double v = std::min(u, 1 - u);
    if (v < kTail) {
      x = quantile(u);
      continue;
    }
    const double* const table = tables[u > 0.5 ? 1 : 0];
    const std::size_t i = cell_of(v);
    x = table[i] + (table[i + 1] - table[i]) * share_of_cell(v);
  }
}

}  // namespace beltline
