// One order before a demand that nobody knows: the newsvendor.
#pragma once

#include "stock/distribution.h"

namespace beltline::stock {

struct NewsvendorCosts {
  double overage = 0;   // USD per unit left over, > 0
  double underage = 0;  // USD per unit short, > 0
};

struct NewsvendorOrder {
  double quantity = 0;
  double critical_ratio = 0;  // underage / (overage + underage)
  double cost = 0;            // USD, expected: of what is left over and of what is short
  double short_units = 0;     // expected
  double left_units = 0;      // expected
};

/// The least expected cost: the smallest Q with P(D ≤ Q) at least the critical ratio.
/// @errors  none; costs that are not positive are a Bug
/// @source  Arrow, Harris & Marschak 1951; Snyder & Shen 2019, section 4.3
NewsvendorOrder newsvendor(const NewsvendorCosts& costs, const Distribution& demand);

/// What a given order is expected to cost.
NewsvendorOrder newsvendor_at(const NewsvendorCosts& costs, const Distribution& demand, double quantity);

/// A trade: bought at `cost`, sold at `price`, left units at `salvage` each, `goodwill` lost with each unit short.
struct Trade {
  double price = 0;
  double cost = 0;  // below price + goodwill, above salvage
  double salvage = 0;
  double goodwill = 0;
};

/// Overage cost − salvage, underage price − cost + goodwill.
NewsvendorCosts newsvendor_costs(const Trade& trade);

/// (price − cost) E[D] less the expected cost of the order, and goodwill counted.
double newsvendor_profit(const Trade& trade, const Distribution& demand, double quantity);

}  // namespace beltline::stock
