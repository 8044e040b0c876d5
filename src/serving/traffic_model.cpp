#include "serving/traffic_model.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

#include "base/assert.h"

namespace beltline::serving {
namespace {

void scale_to_mean_1(DayShape& day) {
  const double mean = std::accumulate(day.begin(), day.end(), 0.0) / 24;
  ASSERT(mean > 0);
  for (double& hour : day) hour /= mean;
}

/// exp(k (cos − 1)): − 1 keeps a sharp peak from overflowing.
DayShape von_mises_day(double k, int peak_hour) {
  DayShape day{};
  for (int h = 0; h < 24; ++h)
    day[static_cast<std::size_t>(h)] = std::exp(k * (std::cos(2 * std::numbers::pi * (h - peak_hour) / 24) - 1));
  scale_to_mean_1(day);
  return day;
}

}  // namespace

DayShape peaked_day(double to_mean, int hour) {
  ASSERT(to_mean >= 1 && to_mean <= 12 && hour >= 0 && hour < 24);
  double low = 0, high = 200;
  for (int i = 0; i < 100; ++i) {
    const double k = (low + high) / 2;
    (von_mises_day(k, hour)[static_cast<std::size_t>(hour)] < to_mean ? low : high) = k;
  }
  return von_mises_day(to_mean == 1 ? 0 : (low + high) / 2, hour);
}

DayShape office_day() {
  // an estimate: nothing at night, offices from 9 to 18 with lunch at noon, some work in the evening
  DayShape day = {0.05, 0.03, 0.02, 0.02, 0.02, 0.04, 0.10, 0.30, 1.00, 2.20, 2.70, 2.60,
                  1.60, 2.50, 2.80, 2.70, 2.50, 2.00, 1.10, 0.60, 0.45, 0.35, 0.20, 0.12};
  scale_to_mean_1(day);
  const double peak = *std::ranges::max_element(day);
  // bring the peak to 2.8: raise every hour to a power and scale again, which keeps the order of the hours
  double low = 0.1, high = 5;
  DayShape out = day;
  for (int i = 0; i < 100; ++i) {
    const double power = (low + high) / 2;
    for (std::size_t h = 0; h < 24; ++h) out[h] = std::pow(day[h] / peak, power);
    scale_to_mean_1(out);
    (*std::ranges::max_element(out) < 2.8 ? low : high) = power;
  }
  return out;
}

double LengthModel::mean() const {
  double mean = 0;
  if (quantiles.empty()) {
    mean = median * std::exp(sigma * sigma / 2);
  } else {
    for (std::size_t i = 0; i + 1 < quantiles.size(); ++i) mean += (quantiles[i] + quantiles[i + 1]) / 2;
    mean = quantiles.size() == 1 ? quantiles[0] : mean / static_cast<double>(quantiles.size() - 1);
  }
  return std::max(mean, static_cast<double>(min));
}

double mean_output(const ClientModel& client) {
  return client.output.mean() + client.reasoning_share * client.reasoning.mean();
}

double mean_input(const ClientModel& client) {
  // a geometric number of turns N has E[N(N−1)/2] = m(m−1) turns that come before another of their session
  const double before = client.turns_mean - 1;
  return static_cast<double>(client.shared_tokens) + client.input.mean() +
         before * (client.input.mean() + client.output.mean());
}

double TrafficModel::requests_per_s() const {
  double sum = 0;
  for (const ClientModel& client : clients) sum += client.requests_per_s;
  return sum;
}

double TrafficModel::tokens_per_s() const {
  double sum = 0;
  for (const ClientModel& client : clients) sum += client.requests_per_s * (mean_input(client) + mean_output(client));
  return sum;
}

}  // namespace beltline::serving
