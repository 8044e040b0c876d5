// Every range that a scenario writes, as a source of chance.
#pragma once

#include "run/pipeline.h"

namespace beltline {

/// The Model's own chances, and those of all ranges {low, mode, high} of the scenario: each is compiled at its low and
/// at its high, and what differs from the Model is its influence. PERT between them; what has no influence is left out.
///
/// Values that change what entities there are are left out; so is money where `with_costs` is false. An end that the
/// scenario refuses is told from half or a quarter of the way there. Of a lead or lag that was rounded up to whole
/// periods, what was added is in the at_mode (below 0) of the influence that moves its latest step: slack = −Σ ±
/// durations, modulo one period.
///
/// @param thread_count  the answer is the same for any
/// @cost two compilations a range on a calendar of one slice a period
Chances chances_of(const Compiled& compiled, int thread_count, bool with_costs = true);

}  // namespace beltline
