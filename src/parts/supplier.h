// supplier: who sells a good at a place, at what price and on what terms.
//
//     good[t + lead] += order[t],   order[t] ≤ capacity[t]
//     share_min · Σ_suppliers order[t] ≤ own order[t] ≤ share_max · Σ_suppliers order[t]
//
// Lots, minimum orders and price breaks are those of order_rules.h; a contract with take-or-pay is a commitment.
#pragma once

#include "parts/part.h"

namespace beltline {

extern const Section kSupplierSection;

/// Processes `order_{supplier}@{place}` (`order_{supplier}_{i}` above price break i, `expedite_{supplier}` for the
/// faster way), the rows of their terms, and stores of what waits.
void compile_suppliers(const Compile& c);

}  // namespace beltline
