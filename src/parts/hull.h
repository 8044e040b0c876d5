// hull: floating data centres of one design, built in a yard, towed to moorings and cooled by the sea.
//
//     order   design             dock        quay                          tow    online
//     |--------------------|-----------|-----------------------------|-------|
//     soft                  hull cost   topside                       tow cost
//
//     lead = design + dock + quay + tow                         months, rounded up
//     dock_slot: dock time / periods of the stay, in each period of the stay, for each hull ordered
//     capex = hull cost / size + topside cost · premium         USD/MW
//
// The design time starts at the order: no hull is online earlier than the month of the design's approval plus the lead.
// Hulls come whole, and may move: they leave one mooring in t and are online at another in t + move time.
#pragma once

#include "parts/part.h"

namespace beltline {

extern const Section kHullSection;
/// Capacities `hull@{mooring}`, and moves between moorings.
void compile_hulls(const Compile& c);

}  // namespace beltline
