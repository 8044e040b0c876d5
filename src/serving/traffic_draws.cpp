#include "serving/traffic_draws.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "base/assert.h"
#include "base/random.h"
#include "serving/traffic_hash.h"

namespace beltline::serving {

TrafficDraws::TrafficDraws(uint64_t seed, uint64_t stream, uint64_t index) : seed_(hash_of(seed, stream)) {
  // all 64 bits of the index are part of the counter, so that no two indices share a draw
  high_ = static_cast<uint32_t>(index >> 32);
  low_ = static_cast<uint32_t>(index);
}

double TrafficDraws::uniform() {
  return uniform01({.seed = seed_, .replication = high_, .source = low_, .period = counter_++});
}

double TrafficDraws::exponential() {
  return -std::log(uniform());
}

double TrafficDraws::normal() {
  // Box and Muller 1958; the second of the pair is not used, so that each call is the same
  const double radius = std::sqrt(-2 * std::log(uniform()));
  return radius * std::cos(2 * std::numbers::pi * uniform());
}

double TrafficDraws::gamma_mean1(double shape) {
  ASSERT(shape > 0);
  // below 1: a draw of shape + 1 times u^(1/shape)
  const double boost = shape < 1 ? std::pow(uniform(), 1 / shape) : 1;
  const double d = (shape < 1 ? shape + 1 : shape) - 1.0 / 3;
  const double c = 1 / std::sqrt(9 * d);
  while (true) {
    const double x = normal();
    const double v = 1 + c * x;
    if (v <= 0) continue;
    const double cube = v * v * v;
    if (std::log(uniform()) < 0.5 * x * x + d - d * cube + d * std::log(cube)) return boost * d * cube / shape;
  }
}

double TrafficDraws::weibull_mean1(double shape) {
  ASSERT(shape > 0);
  return std::pow(exponential(), 1 / shape) / std::tgamma(1 + 1 / shape);
}

double gamma_shape_of_cv(double cv) {
  ASSERT(cv > 0);
  return 1 / (cv * cv);
}

double weibull_shape_of_cv(double cv) {
  ASSERT(cv > 0);
  // cv² = Γ(1 + 2/k) / Γ(1 + 1/k)² − 1 falls with k
  double low = 0.05, high = 20;
  for (int i = 0; i < 100; ++i) {
    const double k = (low + high) / 2;
    const double reached = std::sqrt(std::expm1(std::lgamma(1 + 2 / k) - 2 * std::lgamma(1 + 1 / k)));
    (reached > cv ? low : high) = k;
  }
  return (low + high) / 2;
}

}  // namespace beltline::serving
