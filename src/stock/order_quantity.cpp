#include "stock/order_quantity.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/assert.h"

namespace beltline::stock {
namespace {

void check(const OrderCosts& costs) {
  ASSERT(costs.demand > 0 && costs.order >= 0 && costs.holding > 0);
}

void check(const DiscountCosts& costs, std::span<const PriceBreak> breaks) {
  ASSERT(costs.demand > 0 && costs.order > 0 && costs.carrying > 0);
  ASSERT(!breaks.empty() && breaks.front().from == 0);
  ASSERT(std::ranges::is_sorted(breaks, {}, &PriceBreak::from));
}

double break_after(std::span<const PriceBreak> breaks, std::size_t i) {
  return i + 1 < breaks.size() ? breaks[i + 1].from : std::numeric_limits<double>::infinity();
}

}  // namespace

OrderQuantity economic_order_quantity(const OrderCosts& costs) {
  check(costs);
  return {.quantity = std::sqrt(2 * costs.order * costs.demand / costs.holding),
          .cost = std::sqrt(2 * costs.order * costs.demand * costs.holding)};
}

OrderQuantity order_quantity_with_backorders(const OrderCosts& costs, double backorder) {
  check(costs);
  ASSERT(backorder > 0);
  // half the stock and half the waiting, each for its share of the time: the EOQ with h b / (h + b) for h
  const double share = backorder / (costs.holding + backorder);
  OrderQuantity out = economic_order_quantity({costs.demand, costs.order, costs.holding * share});
  out.backorders_max = out.quantity * (1 - share);
  return out;
}

OrderQuantity economic_production_quantity(const OrderCosts& costs, double production) {
  check(costs);
  ASSERT(production > costs.demand);
  return economic_order_quantity({costs.demand, costs.order, costs.holding * (1 - costs.demand / production)});
}

OrderQuantity all_units_discount(const DiscountCosts& costs, std::span<const PriceBreak> breaks) {
  check(costs, breaks);
  OrderQuantity best{.cost = std::numeric_limits<double>::infinity()};
  for (std::size_t i = 0; i < breaks.size(); ++i) {
    const double price = breaks[i].price;
    const double holding = costs.carrying * price;
    // the cost is convex between breaks; what lies past the next break costs no less than there
    const double free = std::sqrt(2 * costs.order * costs.demand / holding);
    const double quantity = std::max(free, breaks[i].from);
    if (quantity >= break_after(breaks, i)) continue;
    const double cost = price * costs.demand + costs.order * costs.demand / quantity + holding * quantity / 2;
    if (cost < best.cost) best = {.quantity = quantity, .cost = cost};
  }
  return best;
}

OrderQuantity incremental_discount(const DiscountCosts& costs, std::span<const PriceBreak> breaks) {
  check(costs, breaks);
  OrderQuantity best{.cost = std::numeric_limits<double>::infinity()};
  double extra = 0;  // what an order costs beyond price · quantity: the dearer first units
  for (std::size_t i = 0; i < breaks.size(); ++i) {
    const double price = breaks[i].price;
    if (i > 0) extra += (breaks[i - 1].price - price) * breaks[i].from;
    const double fixed = costs.order + extra;
    // the whole is a minimum of such curves, and that of the best one lies between its breaks
    const double quantity = std::sqrt(2 * fixed * costs.demand / (costs.carrying * price));
    if (quantity < breaks[i].from || quantity >= break_after(breaks, i)) continue;
    const double cost =
        price * costs.demand + fixed * costs.demand / quantity + costs.carrying * (price * quantity + extra) / 2;
    if (cost < best.cost) best = {.quantity = quantity, .cost = cost};
  }
  return best;
}

}  // namespace beltline::stock
