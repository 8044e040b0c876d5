// Measures that say why a rack needs the wafers that it needs: yields of dies and stacks, wafers of a rack, the trade
// ratio.
#pragma once

#include "parts/part.h"

namespace beltline {

/// In table memory, by period: `die_yield_{product}`, `stack_yield_{stack}`, the trade ratios of trade_ratio.h, and for
/// racks whose chain is told `hbm_wafers_per_rack_{rack}` and `host_wafers_per_rack_{rack}`. After a fault nothing.
void add_bill_measures(const Compile& c);

}  // namespace beltline
