// equipment: what halls, hulls and plants must have before they can be finished, and what takes long to get.
//
//     buy[t] ≤ supply_max[t] · months,     equipment[t + lead] += buy[t]       MW, at the region
//     stock[t] = stock[t − 1] + arrivals[t] − needs[t],   stock[−1] = what is on order already
//
// Halls take it in at the month in which their fit-out starts, so nothing is online before its inputs arrived.
#pragma once

#include "parts/part.h"

namespace beltline {

extern const Section kEquipmentSection;
/// Processes `buy_{equipment}@{region}`, of further sellers `buy_{equipment}_{seller}@{region}`, of the faster way
/// `expedite_…`, and stores of what waits for its use.
void compile_equipment(const Compile& c);

}  // namespace beltline
