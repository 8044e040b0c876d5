#include "stock/distribution.h"

#include <array>
#include <cmath>
#include <limits>
#include <numbers>
#include <numeric>
#include <span>

#include "base/assert.h"

namespace beltline::stock {
namespace {

double polynomial(std::span<const double> coefficients, double x) {
  double sum = 0;
  for (auto it = coefficients.rbegin(); it != coefficients.rend(); ++it) sum = sum * x + *it;
  return sum;
}

/// AS 241, PPND16.
double normal_quantile_start(double p) {
  constexpr std::array kA{3.3871328727963666080,    1.3314166789178437745e+2, 1.9715909503065514427e+3,
                          1.3731693765509461125e+4, 4.5921953931549871457e+4, 6.7265770927008700853e+4,
                          3.3430575583588128105e+4, 2.5090809287301226727e+3};
  constexpr std::array kB{1.0,
                          4.2313330701600911252e+1,
                          6.8718700749205790830e+2,
                          5.3941960214247511077e+3,
                          2.1213794301586595867e+4,
                          3.9307895800092710610e+4,
                          2.8729085735721942674e+4,
                          5.2264952788528545610e+3};
  constexpr std::array kC{1.42343711074968357734,    4.63033784615654529590,   5.76949722146069140550,
                          3.64784832476320460504,    1.27045825245236838258,   2.41780725177450611770e-1,
                          2.27238449892691845833e-2, 7.74545014278341407640e-4};
  constexpr std::array kD{1.0,
                          2.05319162663775882187,
                          1.67638483018380384940,
                          6.89767334985100004550e-1,
                          1.48103976427480074590e-1,
                          1.51986665636164571966e-2,
                          5.47593808499534494600e-4,
                          1.05075007164441684324e-9};
  constexpr std::array kE{6.65790464350110377720,    5.46378491116411436990,    1.78482653991729133580,
                          2.96560571828504891230e-1, 2.65321895265761230930e-2, 1.24266094738807843860e-3,
                          2.71155556874348757815e-5, 2.01033439929228813265e-7};
  constexpr std::array kF{1.0,
                          5.99832206555887937690e-1,
                          1.36929880922735805310e-1,
                          1.48753612908506148525e-2,
                          7.86869131145613259100e-4,
                          1.84631831751005468180e-5,
                          1.42151175831644588870e-7,
                          2.04426310338993978564e-15};
  const double q = p - 0.5;
  if (std::abs(q) <= 0.425) {
    const double r = 0.180625 - q * q;
    return q * polynomial(kA, r) / polynomial(kB, r);
  }
  const double r = std::sqrt(-std::log(q < 0 ? p : 1 - p));
  const double z =
      r <= 5 ? polynomial(kC, r - 1.6) / polynomial(kD, r - 1.6) : polynomial(kE, r - 5) / polynomial(kF, r - 5);
  return q < 0 ? -z : z;
}

struct LogTerms {
  double mu;
  double sigma;
};

LogTerms log_terms(const Lognormal& demand) {
  ASSERT(demand.mean > 0 && demand.deviation >= 0);
  const double variance = std::log1p(std::pow(demand.deviation / demand.mean, 2));
  return {std::log(demand.mean) - variance / 2, std::sqrt(variance)};
}

/// What a demand that is certain leaves unserved.
double certain_loss(double demand, double x) {
  return std::max(0.0, demand - x);
}

double poisson_cumulative(int64_t k, double mean) {
  if (k < 0) return 0;
  // the shorter tail is added up, from its largest term
  const bool below = static_cast<double>(k) < mean;
  double sum = 0;
  double term = poisson_probability(below ? k : k + 1, mean);
  for (int64_t i = below ? k : k + 1; term > 0; below ? --i : ++i) {
    sum += term;
    if (term < sum * 1e-18) break;
    term *= below ? static_cast<double>(i) / mean : mean / static_cast<double>(i + 1);
  }
  return below ? sum : 1 - sum;
}

/// E[(D − k)⁺], by the tail above k or, below the mean, by E[D] − k + E[(k − D)⁺].
double poisson_loss(int64_t k, double mean) {
  if (k < 0) return mean - static_cast<double>(k);
  double sum = 0;
  if (static_cast<double>(k) >= mean) {
    double term = poisson_probability(k + 1, mean);
    for (int64_t d = k + 1; term > 0; ++d) {
      const double part = static_cast<double>(d - k) * term;
      sum += part;
      if (part < sum * 1e-18) break;
      term *= mean / static_cast<double>(d + 1);
    }
    return sum;
  }
  double term = poisson_probability(k - 1, mean);
  for (int64_t d = k - 1; d >= 0 && term > 0; --d) {
    const double part = static_cast<double>(k - d) * term;
    sum += part;
    if (part < sum * 1e-18) break;
    term *= static_cast<double>(d) / mean;
  }
  return mean - static_cast<double>(k) + sum;
}

struct Mean {
  double operator()(const Normal& d) const { return d.mean; }
  double operator()(const Lognormal& d) const { return d.mean; }
  double operator()(const Uniform& d) const { return (d.low + d.high) / 2; }
  double operator()(const Poisson& d) const { return d.mean; }
  double operator()(const Outcomes& d) const {
    return std::inner_product(d.values.begin(), d.values.end(), d.probabilities.begin(), 0.0);
  }
};

struct Deviation {
  double operator()(const Normal& d) const { return d.deviation; }
  double operator()(const Lognormal& d) const { return d.deviation; }
  double operator()(const Uniform& d) const { return (d.high - d.low) / std::sqrt(12.0); }
  double operator()(const Poisson& d) const { return std::sqrt(d.mean); }
  double operator()(const Outcomes& d) const {
    const double centre = Mean{}(d);
    double variance = 0;
    for (std::size_t i = 0; i < d.values.size(); ++i)
      variance += d.probabilities[i] * (d.values[i] - centre) * (d.values[i] - centre);
    return std::sqrt(variance);
  }
};

struct Cumulative {
  double x;
  double operator()(const Normal& d) const {
    if (d.deviation == 0) return x >= d.mean ? 1 : 0;
    return normal_cumulative((x - d.mean) / d.deviation);
  }
  double operator()(const Lognormal& d) const {
    if (x <= 0) return 0;
    const auto [mu, sigma] = log_terms(d);
    if (sigma == 0) return x >= d.mean ? 1 : 0;
    return normal_cumulative((std::log(x) - mu) / sigma);
  }
  double operator()(const Uniform& d) const {
    if (x >= d.high) return 1;
    return x <= d.low ? 0 : (x - d.low) / (d.high - d.low);
  }
  double operator()(const Poisson& d) const {
    return x < 0 ? 0 : poisson_cumulative(static_cast<int64_t>(std::floor(x)), d.mean);
  }
  double operator()(const Outcomes& d) const {
    double sum = 0;
    for (std::size_t i = 0; i < d.values.size() && d.values[i] <= x; ++i) sum += d.probabilities[i];
    return sum;
  }
};

struct Quantile {
  double p;
  double operator()(const Normal& d) const { return d.mean + d.deviation * normal_quantile(p); }
  double operator()(const Lognormal& d) const {
    const auto [mu, sigma] = log_terms(d);
    return std::exp(mu + sigma * normal_quantile(p));
  }
  double operator()(const Uniform& d) const { return d.low + p * (d.high - d.low); }
  double operator()(const Poisson& d) const {
    // from the normal approximation to the smallest k that reaches p
    auto k = static_cast<int64_t>(std::max(0.0, std::floor(d.mean + std::sqrt(d.mean) * normal_quantile(p))));
    while (k > 0 && poisson_cumulative(k - 1, d.mean) >= p) --k;
    while (poisson_cumulative(k, d.mean) < p) ++k;
    return static_cast<double>(k);
  }
  double operator()(const Outcomes& d) const {
    ASSERT(!d.values.empty());
    double sum = 0;
    for (std::size_t i = 0; i < d.values.size(); ++i) {
      sum += d.probabilities[i];
      // probabilities that add up to p but for rounding reach it
      if (sum >= p - 1e-12) return d.values[i];
    }
    return d.values.back();
  }
};

struct Loss {
  double x;
  double operator()(const Normal& d) const {
    if (d.deviation == 0) return certain_loss(d.mean, x);
    return d.deviation * normal_loss((x - d.mean) / d.deviation);
  }
  double operator()(const Lognormal& d) const {
    const auto [mu, sigma] = log_terms(d);
    if (x <= 0) return d.mean - x;
    if (sigma == 0) return certain_loss(d.mean, x);
    // Black 1976 without discounting: E[D; D > x] − x P(D > x)
    const double z = (std::log(x) - mu) / sigma;
    return d.mean * normal_cumulative(sigma - z) - x * normal_cumulative(-z);
  }
  double operator()(const Uniform& d) const {
    if (x >= d.high) return 0;
    if (x <= d.low) return (d.low + d.high) / 2 - x;
    return (d.high - x) * (d.high - x) / (2 * (d.high - d.low));
  }
  double operator()(const Poisson& d) const {
    // linear between whole numbers
    const double below = std::floor(x);
    const auto k = static_cast<int64_t>(below);
    const double at = poisson_loss(k, d.mean);
    return x == below ? at : at + (x - below) * (poisson_loss(k + 1, d.mean) - at);
  }
  double operator()(const Outcomes& d) const {
    double sum = 0;
    for (std::size_t i = 0; i < d.values.size(); ++i) sum += d.probabilities[i] * certain_loss(d.values[i], x);
    return sum;
  }
};

}  // namespace

double normal_density(double z) {
  return std::exp(-z * z / 2) / std::sqrt(2 * std::numbers::pi);
}

double normal_cumulative(double z) {
  return std::erfc(-z / std::numbers::sqrt2) / 2;
}

double normal_quantile(double p) {
  ASSERT(p > 0 && p < 1);
  const double z = normal_quantile_start(p);
  // in the upper half 1 - p is exact, and so is the lower tail there
  const double error = p <= 0.5 ? normal_cumulative(z) - p : (1 - p) - normal_cumulative(-z);
  return z - error / normal_density(z);
}

double normal_loss(double z) {
  return normal_density(z) - z * normal_cumulative(-z);
}

double normal_second_loss(double z) {
  return ((z * z + 1) * normal_cumulative(-z) - z * normal_density(z)) / 2;
}

double poisson_probability(int64_t k, double mean) {
  ASSERT(mean >= 0);
  if (k < 0) return 0;
  if (mean == 0) return k == 0 ? 1 : 0;
  const auto count = static_cast<double>(k);
  return std::exp(count * std::log(mean) - mean - std::lgamma(count + 1));
}

double mean(const Distribution& demand) {
  return std::visit(Mean{}, demand);
}

double deviation(const Distribution& demand) {
  return std::visit(Deviation{}, demand);
}

double cumulative(const Distribution& demand, double x) {
  return std::visit(Cumulative{x}, demand);
}

double quantile(const Distribution& demand, double p) {
  ASSERT(p > 0 && p < 1);
  return std::visit(Quantile{p}, demand);
}

double loss(const Distribution& demand, double x) {
  return std::visit(Loss{x}, demand);
}

bool is_whole(const Distribution& demand) {
  return std::holds_alternative<Poisson>(demand);
}

}  // namespace beltline::stock
