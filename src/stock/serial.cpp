#include "stock/serial.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>

#include "base/assert.h"
#include "stock/distribution.h"

namespace beltline::stock {
namespace {

/// A lead time's demand on the lattice: probability[i] of (first + i) steps.
struct LatticeDemand {
  int64_t first = 0;
  std::vector<double> probability;

  [[nodiscard]] int64_t last() const { return first + static_cast<int64_t>(probability.size()) - 1; }
};

/// Values at `first`, `first` + 1, … steps.
struct LatticeCost {
  int64_t first = 0;
  std::vector<double> value;

  [[nodiscard]] double at(int64_t x) const { return value[static_cast<std::size_t>(x - first)]; }
};

constexpr double kTail = 1e-15;  // what is left out of a distribution on either side, before it is scaled to 1

void check(const SerialSystem& system) {
  ASSERT(!system.holding.empty() && system.holding.size() == system.lead_time.size());
  ASSERT(std::ranges::all_of(system.holding, [](double cost) { return cost > 0; }));
  ASSERT(std::ranges::all_of(system.lead_time, [](double time) { return time >= 0; }));
  ASSERT(system.backorder > 0 && system.demand > 0 && system.demand_deviation >= 0);
}

void scale_to_one(LatticeDemand& demand) {
  const double sum = std::accumulate(demand.probability.begin(), demand.probability.end(), 0.0);
  for (double& p : demand.probability) p /= sum;
}

LatticeDemand poisson_lattice(double mean) {
  LatticeDemand out;
  if (mean == 0) return {.first = 0, .probability = {1}};
  out.first = static_cast<int64_t>(quantile(Poisson{mean}, kTail));
  const auto last = static_cast<int64_t>(quantile(Poisson{mean}, 1 - kTail));
  for (int64_t k = out.first; k <= last; ++k) out.probability.push_back(poisson_probability(k, mean));
  scale_to_one(out);
  return out;
}

LatticeDemand normal_lattice(const Normal& demand, double step) {
  if (demand.deviation == 0) return {.first = std::llround(demand.mean / step), .probability = {1}};
  LatticeDemand out;
  out.first = static_cast<int64_t>(std::floor(quantile(demand, kTail) / step));
  const auto last = static_cast<int64_t>(std::ceil(quantile(demand, 1 - kTail) / step));
  for (int64_t k = out.first; k <= last; ++k) {
    const double x = static_cast<double>(k) * step;
    out.probability.push_back(cumulative(demand, x + step / 2) - cumulative(demand, x - step / 2));
  }
  scale_to_one(out);
  return out;
}

double holding_sum(const SerialSystem& system, std::size_t first, std::size_t count) {
  const auto begin = system.holding.begin() + static_cast<std::ptrdiff_t>(first);
  return std::accumulate(begin, begin + static_cast<std::ptrdiff_t>(count), 0.0);
}

/// C_j(y) for y in [first, last] from Ĉ_j, which is known from first − demand.last() to last − demand.first.
LatticeCost expected(const LatticeCost& cost, const LatticeDemand& demand, int64_t first, int64_t last) {
  LatticeCost out{.first = first, .value = {}};
  for (int64_t y = first; y <= last; ++y) {
    double sum = 0;
    for (std::size_t i = 0; i < demand.probability.size(); ++i)
      sum += demand.probability[i] * cost.at(y - demand.first - static_cast<int64_t>(i));
    out.value.push_back(sum);
  }
  return out;
}

/// The recursion; `choose` gives stage j's level in steps, from C_j.
using Choice = std::function<int64_t(std::size_t stage, const LatticeCost& cost)>;

EchelonPolicy recursion(const SerialSystem& system, const std::vector<LatticeDemand>& demands, double step,
                        const Choice& choose, std::vector<int64_t> highest = {}) {
  const std::size_t count = demands.size();
  // the highest y of interest of stage j: no level is above the demand of all lead times up to it
  std::vector<int64_t> last(count);
  int64_t sum = 0;
  for (std::size_t j = 0; j < count; ++j) {
    sum += demands[j].last();
    last[j] = std::max(sum, highest.empty() ? sum : highest[j]);
  }
  // the lowest: what is left of the top stage's least level after all demand of the stages above
  std::vector<int64_t> first(count);
  int64_t low = 0;
  for (const LatticeDemand& demand : demands) low += std::min<int64_t>(0, demand.first);
  if (!highest.empty()) low = std::min(low, *std::ranges::min_element(highest));
  for (std::size_t j = count; j-- > 0;) {
    first[j] = low;
    low -= demands[j].last();
  }
  const double all_holding = holding_sum(system, 0, count);
  EchelonPolicy out;
  LatticeCost below;  // C_{j−1}, and its level
  int64_t level = 0;
  for (std::size_t j = 0; j < count; ++j) {
    const int64_t from = first[j] - demands[j].last();
    const int64_t to = last[j] - demands[j].first;
    LatticeCost cost{.first = from, .value = {}};
    for (int64_t x = from; x <= to; ++x) {
      const double units = static_cast<double>(x) * step;
      const double under =
          j == 0 ? (system.backorder + all_holding) * std::max(0.0, -units) : below.at(std::min(level, x));
      cost.value.push_back(system.holding[j] * units + under);
    }
    below = expected(cost, demands[j], first[j], last[j]);
    level = choose(j, below);
    out.level.push_back(static_cast<double>(level) * step);
  }
  out.cost = below.at(level);
  return out;
}

int64_t cheapest(std::size_t, const LatticeCost& cost) {
  // the smallest of equal ones
  return cost.first + (std::ranges::min_element(cost.value) - cost.value.begin());
}

std::vector<LatticeDemand> poisson_demands(const SerialSystem& system) {
  std::vector<LatticeDemand> out;
  for (const double time : system.lead_time) out.push_back(poisson_lattice(system.demand * time));
  return out;
}

EchelonBounds bounds(const SerialSystem& system, const std::function<Distribution(double time)>& demand) {
  check(system);
  const std::size_t count = system.holding.size();
  const double all = system.backorder + holding_sum(system, 0, count);
  EchelonBounds out;
  double time = 0;
  for (std::size_t j = 0; j < count; ++j) {
    time += system.lead_time[j];
    const double above = system.backorder + holding_sum(system, j + 1, count - j - 1);
    out.low.push_back(quantile(demand(time), above / all));
    out.high.push_back(quantile(demand(time), above / (above + system.holding[j])));
  }
  return out;
}

}  // namespace

EchelonPolicy serial_base_stock_poisson(const SerialSystem& system) {
  check(system);
  return recursion(system, poisson_demands(system), 1, cheapest);
}

EchelonPolicy serial_base_stock_normal(const SerialSystem& system, double step) {
  check(system);
  ASSERT(step > 0);
  std::vector<LatticeDemand> demands;
  for (const double time : system.lead_time)
    demands.push_back(normal_lattice({system.demand * time, system.demand_deviation * std::sqrt(time)}, step));
  return recursion(system, demands, step, cheapest);
}

EchelonBounds shang_song_bounds_poisson(const SerialSystem& system) {
  return bounds(system, [&](double time) { return Poisson{system.demand * time}; });
}

EchelonBounds shang_song_bounds_normal(const SerialSystem& system) {
  return bounds(system,
                [&](double time) { return Normal{system.demand * time, system.demand_deviation * std::sqrt(time)}; });
}

double serial_cost_poisson(const SerialSystem& system, const std::vector<double>& level) {
  check(system);
  ASSERT(level.size() == system.holding.size());
  std::vector<int64_t> steps;
  for (const double units : level) {
    ASSERT(units == std::floor(units));
    steps.push_back(static_cast<int64_t>(units));
  }
  const Choice given = [&](std::size_t stage, const LatticeCost&) { return steps[stage]; };
  return recursion(system, poisson_demands(system), 1, given, steps).cost;
}

}  // namespace beltline::stock
