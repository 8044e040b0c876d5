#include "queue/patience.h"

#include <algorithm>
#include <cmath>

#include "base/assert.h"
#include "queue/erlang.h"

namespace beltline::queue {

namespace {

/// ln A(x, y) = ln (x e^y y^(−x) γ(x, y)); all terms are positive, so that nothing cancels.
double log_palm(double x, double y) {
  // so far beyond its servers γ is Γ to the last digit, and the sum would take y − x terms
  if (y - x > 10 * std::sqrt(y) + 10) return y - x * std::log(y) + std::lgamma(x + 1);
  constexpr double kLarge = 1e200;
  double scale = 0;  // ln of what sum and term have been divided by
  double sum = 1;
  double term = 1;
  for (int64_t j = 1; term > sum * 1e-17 || y > x + static_cast<double>(j); ++j) {
    term *= y / (x + static_cast<double>(j));
    sum += term;
    if (sum > kLarge) {
      term /= sum;
      scale += std::log(sum);
      sum = 1;
    }
  }
  return scale + std::log(sum);
}

struct Rates {
  double x = 0;  // c μ / θ
  double y = 0;  // λ / θ
  double p_wait = 0;
  double log_a = 0;
};

Rates rates_of(const Impatient& q) {
  ASSERT(q.queue.arrival_rate >= 0 && q.queue.service_time_mean > 0 && q.queue.servers > 0 && q.patience_mean > 0);
  Rates rates;
  rates.x = q.queue.servers * q.patience_mean / q.queue.service_time_mean;
  rates.y = q.queue.arrival_rate * q.patience_mean;
  if (rates.y == 0) return rates;
  rates.log_a = log_palm(rates.x, rates.y);
  // 1 / P(W > 0) = 1 + (1/B − 1) / A
  const double blocked = erlang_b(q.queue.servers, q.queue.load());
  if (blocked > 0) rates.p_wait = 1 / (1 + (1 / blocked - 1) * std::exp(-rates.log_a));
  return rates;
}

}  // namespace

PatienceMeans patience_means(const Impatient& q) {
  const Rates rates = rates_of(q);
  PatienceMeans means;
  means.p_wait = rates.p_wait;
  if (rates.y > 0) {
    const double leaves = 1 - -std::expm1(-rates.log_a) * rates.x / rates.y;
    means.p_abandon = means.p_wait * std::clamp(leaves, 0.0, 1.0);
  }
  means.wait_mean = means.p_abandon * q.patience_mean;
  means.queue_mean = q.queue.arrival_rate * means.wait_mean;
  means.occupancy = q.queue.occupancy() * (1 - means.p_abandon);
  return means;
}

double served_within(const Impatient& q, double time) {
  ASSERT(time >= 0);
  const Rates rates = rates_of(q);
  if (rates.p_wait == 0) return 1;
  const double served = 1 - patience_means(q).p_abandon;
  // The offered wait V has the density f(v) ∝ exp(y (1 − e^(−θv)) − (x) θ v) beyond 0, and its customer is still there
  // with e^(−θv). With u = e^(−θt): P(V > t, still there) = P(W > 0) · u^(x+1) e^(y(1−u)) A(x+1, yu) x / ((x+1) A(x,
  // y))
  const double exponent = time / q.patience_mean;
  const double u = std::exp(-exponent);
  const double log_late = -exponent * (rates.x + 1) - rates.y * std::expm1(-exponent) +
                          log_palm(rates.x + 1, rates.y * u) - rates.log_a + std::log(rates.x / (rates.x + 1));
  return std::clamp(served - rates.p_wait * std::exp(log_late), 0.0, 1.0);
}

}  // namespace beltline::queue
