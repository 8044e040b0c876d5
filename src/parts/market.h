// market: wafers that fabs start for other customers, out of the same capacity as the programme's.
//
//     Σ_p (programme[p,t] + market[p,t]) / months ≤ capacity[t] + expansions online            shared@FAB
//     the same over HBM products ≤ hbm_max[t] + expansions                                     shared_hbm@FAB
//     the same of a product of `mix` ≤ its starts_max[t]                                       shared_PRODUCT@FAB
//
// What customers want counts in the month in which its wafers are started.
#pragma once

#include <string>
#include <vector>

#include "parts/part.h"

namespace beltline {

/// Wafers of one product from some fabs.
struct Market {
  std::string name;  // of the commodity: "market_ddr5"
  const Entry* product = nullptr;
  std::vector<const Entry*> fabs;  // by name; all make the product
};

/// Adds commodity and processes `{market}@{fab}`.
/// @returns  the place at which its customers take it
PlaceId add_market(const Compile& c, const Market& market);

/// Adds the rows that programme and markets share, once all markets are there.
void add_shared_rows(const Compile& c, const std::vector<Market>& markets);

}  // namespace beltline
