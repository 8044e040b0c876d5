#include "queue/mg1.h"

#include <cmath>
#include <limits>

#include "base/assert.h"
#include "queue/erlang.h"

namespace beltline::queue {

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

void check(double arrival_rate, const ServiceTime& service) {
  ASSERT(arrival_rate >= 0 && service.mean > 0);
  ASSERT(service.second_moment >= service.mean * service.mean * (1 - 1e-12));
}

/// [m] P(at most m wait) of M/D/1 for m < count. Customers left behind by departures: the flow from j + 1 down to j is
/// that from 0 … j up beyond j, so that only positive numbers are added up.
std::vector<double> waiting_cumulative(double load, std::size_t count) {
  // [k] P(k come during a service), P(more than k come)
  std::vector<double> exactly(count + 1);
  std::vector<double> more(count + 1);
  for (std::size_t k = 0; k <= count; ++k) {
    const auto number = static_cast<double>(k);
    exactly[k] = std::exp(number * std::log(load) - load - std::lgamma(number + 1));
  }
  // summed from the small end, beginning so far out that what is left is below the last bit
  double tail = 0;
  double term = exactly[count];
  for (std::size_t k = count + 1; term > 1e-320; ++k) {
    term *= load / static_cast<double>(k);
    tail += term;
  }
  for (std::size_t k = count + 1; k-- > 0;) {
    more[k] = tail;
    tail += exactly[k];
  }

  std::vector<double> system(count + 1);  // [j] P(j in the system)
  system[0] = 1 - load;
  for (std::size_t j = 0; j < count; ++j) {
    double up = system[0] * more[j];
    for (std::size_t i = 1; i <= j; ++i) up += system[i] * more[j - i + 1];
    system[j + 1] = up / exactly[0];
  }
  std::vector<double> waiting(count);
  double sum = system[0];
  for (std::size_t m = 0; m < count; ++m) waiting[m] = sum += system[m + 1];
  return waiting;
}

}  // namespace

WaitMeans wait_means_mg1(double arrival_rate, const ServiceTime& service) {
  check(arrival_rate, service);
  const double load = arrival_rate * service.mean;
  if (load >= 1) return {1, kInfinity, kInfinity, kInfinity, kInfinity};
  WaitMeans means;
  means.p_wait = load;
  means.wait_mean = arrival_rate * service.second_moment / (2 * (1 - load));
  means.sojourn_mean = means.wait_mean + service.mean;
  means.queue_mean = arrival_rate * means.wait_mean;
  means.system_mean = arrival_rate * means.sojourn_mean;
  return means;
}

double wait_cumulative_md1(double arrival_rate, double service_time, double time) {
  check(arrival_rate, ServiceTime::constant(service_time));
  ASSERT(time >= 0);
  const double load = arrival_rate * service_time;
  if (load >= 1) return 0;
  if (load == 0) return 1;
  const auto services = static_cast<std::size_t>(std::floor(time / service_time)) + 1;
  const auto waiting = waiting_cumulative(load, services);
  const double mean = arrival_rate * (static_cast<double>(services) * service_time - time);
  double term = std::exp(-mean);
  double sum = 0;
  for (std::size_t j = 0; j < services; ++j) {
    sum += waiting[services - 1 - j] * term;
    term *= mean / static_cast<double>(j + 1);
  }
  return std::min(1.0, sum);
}

std::vector<double> wait_by_priority(std::span<const PriorityClass> classes) {
  double residual = 0;
  for (const PriorityClass& c : classes) {
    check(c.arrival_rate, c.service);
    residual += c.arrival_rate * c.service.second_moment / 2;
  }
  std::vector<double> waits;
  double before = 0;
  for (const PriorityClass& c : classes) {
    const double with = before + c.arrival_rate * c.service.mean;
    waits.push_back(with < 1 ? residual / ((1 - before) * (1 - with)) : kInfinity);
    before = with;
  }
  return waits;
}

std::vector<double> sojourn_by_preemptive_priority(std::span<const PriorityClass> classes) {
  std::vector<double> sojourns;
  double before = 0;
  double residual = 0;
  for (const PriorityClass& c : classes) {
    check(c.arrival_rate, c.service);
    residual += c.arrival_rate * c.service.second_moment / 2;
    const double with = before + c.arrival_rate * c.service.mean;
    sojourns.push_back(with < 1 ? c.service.mean / (1 - before) + residual / ((1 - before) * (1 - with)) : kInfinity);
    before = with;
  }
  return sojourns;
}

std::vector<double> wait_by_priority(std::span<const double> arrival_rates, double service_time_mean, int servers) {
  ASSERT(service_time_mean > 0 && servers > 0);
  double load = 0;
  for (const double rate : arrival_rates) {
    ASSERT(rate >= 0);
    load += rate * service_time_mean;
  }
  // all servers busy, one becomes free after h / c in the mean; from a load of c on they are always busy
  const double residual = erlang_c(servers, load) * service_time_mean / servers;
  std::vector<double> waits;
  double before = 0;
  for (const double rate : arrival_rates) {
    const double with = before + rate * service_time_mean / servers;
    waits.push_back(with < 1 ? residual / ((1 - before) * (1 - with)) : kInfinity);
    before = with;
  }
  return waits;
}

}  // namespace beltline::queue
