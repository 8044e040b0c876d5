// The trade ratio: wafers that a bit of HBM takes over wafers that a bit of host memory takes.
//
//     wafers per TB of stacks  = dies per good stack / output per wafer / (dies · die_capacity)
//     wafers per TB of modules = 1 / output per wafer
//     trade ratio              = the one over the other
//
// About 3 for HBM3E over DDR5 (Micron, call of December 2025): a wafer given to HBM takes three times its bits from
// the market of modules.
#pragma once

#include <optional>

#include "parts/part.h"

namespace beltline {

/// Wafer starts that one TB in good stacks takes at the yields of period t; none where the die's bits are not told.
std::optional<double> wafers_per_stacked_tb(const Spec& spec, const Entry& stack, int t);

/// Trade ratio of a stack over a host product in period t; none where bits or product are not told.
std::optional<double> trade_ratio(const Spec& spec, const Entry& stack, const Entry& host, int t);

/// Measures `trade_ratio_{stack}` of table memory, against the products of family ddr5, or where there are none
/// against all host products; `trade_ratio_{stack}_{product}` where these are several. The scenario must have no
/// faults.
void add_trade_ratios(const Compile& c);

}  // namespace beltline
