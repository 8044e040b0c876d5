// qualification: a good may be made before its customer has qualified it, but not be used.
//
//     good[max(t + lag, q)] += activity[t] · rate[t]              q: first period in which it may be used
//
// What is started at risk waits, and is there in the month of the qualification. Flows with lags of their own; there is
// no second mechanism.
#pragma once

#include <string_view>

#include "parts/part.h"

namespace beltline {

/// First period in which what the entry makes may be used: its month `qualified`, else 0. A month after the horizon is
/// a warning (BL0200).
int qualified_period(const Compile& c, const Entry& entry);

/// Adds an output that is there after its lag, but not before period `first_use`. A process gets one flow more for each
/// period whose output has to wait.
void add_output(const Compile& c, Process& process, const Flow& output, int first_use);

}  // namespace beltline
