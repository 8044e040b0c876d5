// How much to order at a time when demand is steady: the economic order quantity and its kin.
#pragma once

#include <span>

namespace beltline::stock {

/// Demand and costs in one unit of time, such as a year.
struct OrderCosts {
  double demand = 0;   // units per time, > 0
  double order = 0;    // USD an order, ≥ 0
  double holding = 0;  // USD per unit and time, > 0
};

struct OrderQuantity {
  double quantity = 0;        // units an order
  double cost = 0;            // USD per time: orders and holding, without the price of the units
  double backorders_max = 0;  // units that wait just before an order arrives
};

/// Q = √(2 K λ / h), cost √(2 K λ h).
/// @errors  none; what is not positive is a Bug, here and below
/// @source  Harris 1913; Snyder & Shen 2019, section 3.2
OrderQuantity economic_order_quantity(const OrderCosts& costs);

/// Orders may wait at `backorder` USD per unit and time: Q = √(2 K λ (h + b) / (h b)), of which h / (h + b) is late.
/// @source  Snyder & Shen 2019, section 3.5
OrderQuantity order_quantity_with_backorders(const OrderCosts& costs, double backorder);

/// The lot comes in at a finite rate (units per time, > demand): h (1 − λ/μ) takes the place of h.
/// @source  Taft 1918; Nahmias 2009, section 4.6
OrderQuantity economic_production_quantity(const OrderCosts& costs, double production);

/// From `from` units on, a unit costs `price`.
struct PriceBreak {
  double from = 0;
  double price = 0;
};

/// Demand and costs where holding a unit costs a share of its price.
struct DiscountCosts {
  double demand = 0;    // units per time, > 0
  double order = 0;     // USD an order, > 0
  double carrying = 0;  // share of the price per time, > 0
};

/// The best order where the price of all units falls with the quantity.
/// @param breaks  rising in `from`, the first at 0, prices falling
/// @returns       cost with the price of the units, USD per time
/// @source        Hadley & Whitin 1963; Nahmias 2009, section 4.7
OrderQuantity all_units_discount(const DiscountCosts& costs, std::span<const PriceBreak> breaks);

/// The same where each price holds for the units from its break on only.
OrderQuantity incremental_discount(const DiscountCosts& costs, std::span<const PriceBreak> breaks);

}  // namespace beltline::stock
