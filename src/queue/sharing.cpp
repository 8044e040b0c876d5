#include "queue/sharing.h"

#include <cmath>
#include <limits>

#include "base/assert.h"

namespace beltline::queue {

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

void check(double arrival_rate, std::span<const double> rates) {
  ASSERT(arrival_rate >= 0 && !rates.empty());
  for (const double rate : rates) ASSERT(rate > 0);
}

/// Weights of 0 … K customers, the largest 1: in logarithms, since products of hundreds of ratios leave the range.
std::vector<double> weights_of(double arrival_rate, std::span<const double> rates) {
  std::vector<double> logs{0};
  double largest = 0;
  for (const double rate : rates) {
    logs.push_back(logs.back() + std::log(arrival_rate / rate));
    largest = std::max(largest, logs.back());
  }
  for (double& weight : logs) weight = std::exp(weight - largest);
  return logs;
}

}  // namespace

SharingMeans sharing_means(double arrival_rate, std::span<const double> rates) {
  check(arrival_rate, rates);
  const auto cap = static_cast<double>(rates.size());
  if (arrival_rate == 0) return {.service_mean = 1 / rates.front()};
  const double ratio = arrival_rate / rates.back();
  if (ratio >= 1) return {1, kInfinity, cap / rates.back(), cap, kInfinity};

  const auto weights = weights_of(arrival_rate, rates);
  // more than K customers: a geometric tail behind the weight of K
  const double beyond = weights.back() * ratio / (1 - ratio);
  double all = beyond;
  double inside = beyond * cap;
  for (std::size_t n = 0; n < weights.size(); ++n) {
    all += weights[n];
    inside += weights[n] * static_cast<double>(n);
  }
  SharingMeans means;
  means.p_wait = (weights.back() + beyond) / all;
  means.in_service_mean = inside / all;
  means.queue_mean = beyond / (1 - ratio) / all;
  means.wait_mean = means.queue_mean / arrival_rate;
  means.service_mean = means.in_service_mean / arrival_rate;
  return means;
}

std::vector<double> sharing_probabilities(double arrival_rate, std::span<const double> rates, std::size_t count) {
  check(arrival_rate, rates);
  ASSERT(arrival_rate < rates.back());
  std::vector<double> probabilities(count, 0.0);
  if (count == 0) return probabilities;
  if (arrival_rate == 0) {
    probabilities[0] = 1;
    return probabilities;
  }
  const auto weights = weights_of(arrival_rate, rates);
  const double ratio = arrival_rate / rates.back();
  double all = weights.back() * ratio / (1 - ratio);
  for (const double weight : weights) all += weight;
  for (std::size_t n = 0; n < count; ++n) {
    probabilities[n] = (n < weights.size() ? weights[n] / all : probabilities[n - 1] * ratio);
  }
  return probabilities;
}

SharingMeans limited_sharing_means(double arrival_rate, const ServiceTime& size, int cap) {
  ASSERT(arrival_rate >= 0 && size.mean > 0 && cap >= 1);
  const double load = arrival_rate * size.mean;
  if (load >= 1) return {1, kInfinity, cap * size.mean, static_cast<double>(cap), kInfinity};
  const double full = std::pow(load, cap);
  SharingMeans means;
  means.p_wait = full;
  means.wait_mean = full * size.second_moment / (2 * size.mean) / (1 - load);
  means.service_mean = (1 - full) * size.mean / (1 - load);
  means.queue_mean = arrival_rate * means.wait_mean;
  means.in_service_mean = arrival_rate * means.service_mean;
  return means;
}

double sharing_sojourn(double load, double size) {
  ASSERT(load >= 0 && size >= 0);
  return load >= 1 ? kInfinity : size / (1 - load);
}

}  // namespace beltline::queue
