#include "stock/lot_sizing.h"

#include <algorithm>
#include <limits>
#include <ranges>

#include "base/assert.h"

namespace beltline::stock {
namespace {

void check(const LotSizing& problem) {
  const std::size_t count = problem.demand.size();
  ASSERT(problem.order.size() == count && problem.unit.size() == count && problem.holding.size() == count);
  ASSERT(std::ranges::all_of(problem.demand, [](double units) { return units >= 0; }));
}

double sum(const std::vector<double>& values, std::size_t first, std::size_t last) {
  double total = 0;
  for (std::size_t t = first; t <= last; ++t) total += values[t];
  return total;
}

}  // namespace

LotPlan wagner_whitin(const LotSizing& problem) {
  check(problem);
  const std::size_t count = problem.demand.size();
  constexpr double kNone = std::numeric_limits<double>::infinity();
  std::vector<double> best(count + 1, kNone);   // [j] least cost of periods before j
  std::vector<std::size_t> from(count + 1, 0);  // [j] period whose lot serves j − 1
  best[0] = 0;
  for (std::size_t i = 0; i < count; ++i) {
    double held = 0;  // holding cost of a unit from i to k
    double lot = 0;
    double cost = best[i];
    for (std::size_t k = i; k < count; ++k) {
      const double units = problem.demand[k];
      if (units > 0 && lot == 0) cost += problem.order[i];
      lot += units;
      cost += (problem.unit[i] + held) * units;
      held += problem.holding[k];
      if (cost < best[k + 1]) {
        best[k + 1] = cost;
        from[k + 1] = i;
      }
    }
  }
  LotPlan plan{.quantity = std::vector<double>(count, 0.0), .cost = best[count]};
  for (std::size_t end = count; end > 0; end = from[end])
    plan.quantity[from[end]] = sum(problem.demand, from[end], end - 1);
  return plan;
}

LotPlan silver_meal(const LotSizing& problem) {
  check(problem);
  const std::size_t count = problem.demand.size();
  LotPlan plan{.quantity = std::vector<double>(count, 0.0)};
  for (std::size_t first = 0; first < count;) {
    if (problem.demand[first] == 0) {
      ++first;
      continue;
    }
    double held = 0;
    double cost = problem.order[first];
    double mean_cost = cost;
    std::size_t end = first + 1;
    for (; end < count; ++end) {
      held += problem.holding[end - 1];
      cost += held * problem.demand[end];
      const double next = cost / static_cast<double>(end - first + 1);
      if (next > mean_cost) break;
      mean_cost = next;
    }
    plan.quantity[first] = sum(problem.demand, first, end - 1);
    first = end;
  }
  plan.cost = lot_cost(problem, plan.quantity);
  return plan;
}

double lot_cost(const LotSizing& problem, const std::vector<double>& quantity) {
  check(problem);
  ASSERT(quantity.size() == problem.demand.size());
  double cost = 0;
  double level = 0;
  double scale = 0;
  for (std::size_t t = 0; t < quantity.size(); ++t) {
    level += quantity[t] - problem.demand[t];
    scale += quantity[t];
    ASSERT(level >= -1e-9 * scale);
    cost += (quantity[t] > 0 ? problem.order[t] : 0) + problem.unit[t] * quantity[t] +
            problem.holding[t] * std::max(0.0, level);
  }
  return cost;
}

}  // namespace beltline::stock
