// What is left of a model once its first periods are past.
#pragma once

#include "model/model.h"

namespace beltline {

/// The model of the periods from `first` on: the same network, with its horizon's end, as if it began there.
///
/// Every series keeps its values by month. A window that began earlier keeps the one bound it has; a limit whose window
/// is over is left out, a commitment that is over stays without a period. Milestones that are past, and those that
/// count what was drawn since the beginning, are left out of the chances. Nothing is carried over by itself: what the
/// past left (stock, work in process, capacity online, money spent) is in the entities or is not there at all.
/// @param first  period, 0 ≤ first < period_count; 0 changes nothing
/// @cost O(entities); the pool of numbers is kept whole
Model later_part(Model model, int first);

}  // namespace beltline
