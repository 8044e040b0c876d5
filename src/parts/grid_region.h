// grid_region: a part of the national grid, and what it can give to the programme's data centres.
//
//     0 ≤ supply[t, s] ≤ supply_max[t, s]      MW at the region's place
//
// Lines and imports balance with it in every slice.
//
// The price is the tariff's, paid where power leaves the grid (see connection.h).
#pragma once

#include "parts/part.h"

namespace beltline {

extern const Section kGridRegionSection;
/// Processes `supply@{region}`.
void compile_grid_regions(const Compile& c);

}  // namespace beltline
