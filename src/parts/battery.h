// battery: power stored over the hours of a day at a site.
//
//     level[s + 1] = (1 − loss) · level[s] + η_in · charge[s] − discharge[s] / η_out,     η_in = η_out = √(round trip)
//     level ≤ energy online (MWh),    charge, discharge ≤ power online (MW)
//
// Energy and power are two capacities with prices of their own, so that the plan chooses the hours.
#pragma once

#include "parts/part.h"

namespace beltline {

extern const Section kBatterySection;
/// Stores `battery_{battery}`, capacities `battery_energy_{battery}` and `battery_power_{battery}`.
void compile_batteries(const Compile& c);

}  // namespace beltline
