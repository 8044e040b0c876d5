// Lots for a demand that is known and varies: Wagner–Whitin's optimum, and Silver–Meal's rule beside it.
#pragma once

#include <vector>

namespace beltline::stock {

/// All vectors are [period], of one length.
struct LotSizing {
  std::vector<double> demand;   // units, ≥ 0
  std::vector<double> order;    // USD of an order, whatever its size, ≥ 0
  std::vector<double> unit;     // USD a unit
  std::vector<double> holding;  // USD per unit that lies over from this period to the next
};

struct LotPlan {
  std::vector<double> quantity;  // [period] units ordered
  double cost = 0;               // USD
};

/// The cheapest lots that serve every demand in its period, from an empty store.
///
///     F(j) = min over i ≤ j of F(i − 1) + K_i [some demand] + Σ_{k = i..j} (c_i + h_i + … + h_{k−1}) d_k
///
/// @param problem  any prices, also such that early buying pays: without limits on lots some optimum orders only into
///                 an empty store
/// @errors  none; vectors of different lengths or negative demands are a Bug
/// @cost    O(periods²)
/// @source  Wagner & Whitin 1958
LotPlan wagner_whitin(const LotSizing& problem);

/// Each lot grows while the mean cost of a period it covers falls. Never below the optimum, often near it.
/// @source  Silver & Meal 1973
LotPlan silver_meal(const LotSizing& problem);

/// What given lots cost. @errors a demand that they do not serve is a Bug
double lot_cost(const LotSizing& problem, const std::vector<double>& quantity);

}  // namespace beltline::stock
