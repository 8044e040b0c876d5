// Every range that a scenario writes, as a source of chance.
#pragma once

#include "run/pipeline.h"

namespace beltline {

/// The Model's own chances, and those of all ranges {low, mode, high} of the scenario: each is compiled at its low and
/// at its high, and what differs from the Model is its influence. PERT between them; what has no influence is left out.
///
/// Values that change what entities there are, or money alone where `with_costs` is false, are left out.
/// @cost two compilations a range on a calendar of one slice a period, on `thread_count` threads
Chances chances_of(const Compiled& compiled, int thread_count, bool with_costs = true);

}  // namespace beltline
