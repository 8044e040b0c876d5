#include "stock/policy.h"

#include <algorithm>
#include <cmath>

#include "base/assert.h"

namespace beltline::stock {
namespace {

/// h E[(y − D)⁺] + b E[(D − y)⁺].
double cost_at(const OrderPointCosts& costs, const Distribution& demand, double y) {
  const double waiting = loss(demand, y);
  return costs.holding * (y - mean(demand) + waiting) + costs.backorder * waiting;
}

/// ∫ E[(D − y)⁺] dy from x to infinity.
double second_loss(const Normal& demand, double x) {
  if (demand.deviation == 0) return std::pow(std::max(0.0, demand.mean - x), 2) / 2;
  return demand.deviation * demand.deviation * normal_second_loss((x - demand.mean) / demand.deviation);
}

Service whole_order_point(const Poisson& demand, double quantity, double reorder) {
  ASSERT(quantity >= 1 && quantity == std::floor(quantity) && reorder == std::floor(reorder));
  Service out;
  for (double y = reorder + 1; y <= reorder + quantity; ++y) {
    const Service at = base_stock_service(demand, y);
    out.ready += at.ready / quantity;
    out.fill += at.fill / quantity;
    out.backorders += at.backorders / quantity;
    out.on_hand += at.on_hand / quantity;
  }
  // an order is placed at r and arrives after a lead time: nobody waits then if D ≤ r
  out.cycle = cumulative(demand, reorder);
  return out;
}

Service normal_order_point(const Normal& demand, double quantity, double reorder) {
  ASSERT(quantity > 0);
  Service out;
  out.fill = 1 - (loss(demand, reorder) - loss(demand, reorder + quantity)) / quantity;
  out.ready = out.fill;
  out.cycle = cumulative(demand, reorder);
  out.backorders = (second_loss(demand, reorder) - second_loss(demand, reorder + quantity)) / quantity;
  out.on_hand = reorder + quantity / 2 - demand.mean + out.backorders;
  return out;
}

/// Positions are added to the interval, the cheaper end first, as long as they cost less than the mean so far.
OrderPoint best_whole(const OrderPointCosts& costs, const Poisson& demand) {
  const double ratio = costs.backorder / (costs.backorder + costs.holding);
  double low = quantile(demand, ratio);  // the cheapest position
  double high = low;
  double sum = costs.order * costs.demand + cost_at(costs, demand, low);
  double below = cost_at(costs, demand, low - 1);
  double above = cost_at(costs, demand, high + 1);
  while (std::min(below, above) < sum / (high - low + 1)) {
    sum += std::min(below, above);
    if (below <= above) {
      below = cost_at(costs, demand, --low - 1);
    } else {
      above = cost_at(costs, demand, ++high + 1);
    }
  }
  const double quantity = high - low + 1;
  return {.quantity = quantity, .reorder = low - 1, .cost = sum / quantity};
}

/// The r at which both ends of (r, r + Q) cost the same: the best one for this Q.
double best_reorder(const OrderPointCosts& costs, const Normal& demand, double quantity) {
  const double cheapest = quantile(demand, costs.backorder / (costs.backorder + costs.holding));
  double low = cheapest - quantity;
  double high = cheapest;
  for (int step = 0; step < 200 && low < high; ++step) {
    const double middle = low + (high - low) / 2;
    if (middle == low || middle == high) break;
    const bool left_dearer = cost_at(costs, demand, middle) > cost_at(costs, demand, middle + quantity);
    (left_dearer ? low : high) = middle;
  }
  return low;
}

double cost_of(const OrderPointCosts& costs, const Normal& demand, double quantity, double reorder) {
  const Service service = normal_order_point(demand, quantity, reorder);
  return costs.order * costs.demand / quantity + costs.holding * service.on_hand + costs.backorder * service.backorders;
}

/// The mean cost falls with Q until the ends of its interval cost as much as the mean.
OrderPoint best_real(const OrderPointCosts& costs, const Normal& demand) {
  const auto is_enough = [&](double quantity) {
    const double reorder = best_reorder(costs, demand, quantity);
    return cost_at(costs, demand, reorder) >= cost_of(costs, demand, quantity, reorder);
  };
  double low = 0;
  double high = std::max(1e-6, std::sqrt(2 * costs.order * costs.demand / costs.holding));
  while (!is_enough(high)) {
    low = high;
    high *= 2;
  }
  for (int step = 0; step < 100; ++step) {
    const double middle = low + (high - low) / 2;
    if (middle == low || middle == high) break;
    (is_enough(middle) ? high : low) = middle;
  }
  const double reorder = best_reorder(costs, demand, high);
  return {.quantity = high, .reorder = reorder, .cost = cost_of(costs, demand, high, reorder)};
}

}  // namespace

Service base_stock_service(const Distribution& lead_time_demand, double level) {
  Service out;
  out.ready = cumulative(lead_time_demand, level);
  // a unit of Poisson demand finds stock if the demand of the lead time before it was below the level
  out.fill = is_whole(lead_time_demand) ? cumulative(lead_time_demand, level - 1) : out.ready;
  out.cycle = out.fill;
  out.backorders = loss(lead_time_demand, level);
  out.on_hand = level - mean(lead_time_demand) + out.backorders;
  return out;
}

double base_stock_level(const Distribution& lead_time_demand, double holding, double backorder) {
  ASSERT(holding > 0 && backorder > 0);
  return quantile(lead_time_demand, backorder / (holding + backorder));
}

Service order_point_service(const Distribution& lead_time_demand, double quantity, double reorder) {
  if (const auto* whole = std::get_if<Poisson>(&lead_time_demand)) return whole_order_point(*whole, quantity, reorder);
  const auto* normal = std::get_if<Normal>(&lead_time_demand);
  ASSERT(normal != nullptr);
  return normal_order_point(*normal, quantity, reorder);
}

OrderPoint best_order_point(const OrderPointCosts& costs, const Distribution& lead_time_demand) {
  ASSERT(costs.demand > 0 && costs.order > 0 && costs.holding > 0 && costs.backorder > 0);
  if (const auto* whole = std::get_if<Poisson>(&lead_time_demand)) return best_whole(costs, *whole);
  const auto* normal = std::get_if<Normal>(&lead_time_demand);
  ASSERT(normal != nullptr);
  return best_real(costs, *normal);
}

OrderPoint order_point_per_unit_short(const OrderPointCosts& costs, double short_cost, const Normal& lead_time_demand) {
  ASSERT(costs.demand > 0 && costs.order > 0 && costs.holding > 0 && short_cost > 0);
  ASSERT(lead_time_demand.deviation > 0);
  OrderPoint out{.quantity = std::sqrt(2 * costs.order * costs.demand / costs.holding)};
  for (int step = 0; step < 1000; ++step) {
    // where even certain shortage is cheaper than stock the formula has no r; the mean is its lowest
    const double tail = std::min(0.5, out.quantity * costs.holding / (short_cost * costs.demand));
    out.reorder = quantile(lead_time_demand, 1 - tail);
    const double next =
        std::sqrt(2 * costs.demand * (costs.order + short_cost * loss(lead_time_demand, out.reorder)) / costs.holding);
    const bool is_settled = std::abs(next - out.quantity) <= 1e-12 * next;
    out.quantity = next;
    if (is_settled) break;
  }
  const double stock = out.quantity / 2 + out.reorder - lead_time_demand.mean;
  out.cost = costs.holding * stock + costs.order * costs.demand / out.quantity +
             short_cost * costs.demand * loss(lead_time_demand, out.reorder) / out.quantity;
  return out;
}

Service periodic_review_service(const Distribution& lead_time, const Distribution& cover, double level) {
  const double cycle_demand = mean(cover) - mean(lead_time);
  ASSERT(cycle_demand > 0);
  const double waiting_late = loss(cover, level);
  const double waiting_early = loss(lead_time, level);
  Service out;
  out.cycle = cumulative(cover, level);
  out.fill = 1 - (waiting_late - waiting_early) / cycle_demand;
  // a cycle's mean by its two ends, just after an arrival and just before the next
  out.ready = (cumulative(lead_time, level) + out.cycle) / 2;
  out.backorders = (waiting_late + waiting_early) / 2;
  out.on_hand = level - (mean(cover) + mean(lead_time)) / 2 + out.backorders;
  return out;
}

}  // namespace beltline::stock
