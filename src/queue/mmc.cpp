#include "queue/mmc.h"

#include <cmath>
#include <limits>

#include "base/assert.h"
#include "queue/erlang.h"

namespace beltline::queue {

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

void check(const Mmc& queue) {
  ASSERT(queue.arrival_rate >= 0 && queue.service_time_mean > 0 && queue.servers > 0);
}

/// Customers a time leave while somebody waits, more than come.
double surplus_rate(const Mmc& queue) {
  return (queue.servers - queue.load()) / queue.service_time_mean;
}

}  // namespace

WaitMeans wait_means(const Mmc& queue) {
  check(queue);
  if (queue.occupancy() >= 1) return {1, kInfinity, kInfinity, kInfinity, kInfinity};
  WaitMeans means;
  means.p_wait = erlang_c(queue.servers, queue.load());
  means.wait_mean = means.p_wait / surplus_rate(queue);
  means.sojourn_mean = means.wait_mean + queue.service_time_mean;
  means.queue_mean = queue.arrival_rate * means.wait_mean;
  means.system_mean = queue.arrival_rate * means.sojourn_mean;
  return means;
}

double wait_cumulative(const Mmc& queue, double time) {
  check(queue);
  ASSERT(time >= 0);
  if (queue.occupancy() >= 1) return 0;
  return 1 - erlang_c(queue.servers, queue.load()) * std::exp(-surplus_rate(queue) * time);
}

double wait_quantile(const Mmc& queue, double p) {
  check(queue);
  ASSERT(p >= 0 && p < 1);
  if (queue.occupancy() >= 1) return kInfinity;
  const double p_wait = erlang_c(queue.servers, queue.load());
  return p <= 1 - p_wait ? 0 : std::log(p_wait / (1 - p)) / surplus_rate(queue);
}

double sojourn_cumulative(const Mmc& queue, double time) {
  check(queue);
  ASSERT(time >= 0);
  if (queue.occupancy() >= 1) return 0;
  const double p_wait = erlang_c(queue.servers, queue.load());
  const double service = 1 / queue.service_time_mean;
  const double surplus = surplus_rate(queue);
  // ∫₀ᵗ service e^(−service s) P(W > t − s) ds, with its limit where the two rates are one
  const double difference = (surplus - service) * time;
  const double waited = std::abs(difference) < 1e-9
                            ? service * time * std::exp(-service * time) * (1 - difference / 2)
                            : service * std::exp(-service * time) * -std::expm1(-difference) / (surplus - service);
  return -std::expm1(-service * time) - p_wait * waited;
}

}  // namespace beltline::queue
