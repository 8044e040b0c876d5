// Every range that a scenario writes, as a source of chance.
#pragma once

#include <vector>

#include "run/pipeline.h"

namespace beltline {

/// Why a range of the scenario is not drawn, or moves nothing once it is.
enum class IdleReason : uint8_t {
  kept_by_plan,  // it moves only what the plan keeps and the play does not look at: limits, hours, weights, prices paid
  structure,     // it decides what there is
  refused,       // the scenario refuses its ends
  nothing_yet,   // it is about something of which the plan has none, so that no factor leads there
  not_planned,   // it moves what this plan makes no use of
};

struct IdleRange {
  Source source;
  IdleReason reason{};
};

struct ScenarioRanges {
  Chances chances;
  std::vector<IdleRange> idle;  // in the order of values
};

/// The Model's own chances, and those of all ranges {low, mode, high} of the scenario: each is compiled at its low and
/// at its high, and what differs from the Model is its influence. PERT between them; what has no influence is told
/// apart, with the reason.
///
/// Money is left out where `with_costs` is false. An end that the
/// scenario refuses is told from half or a quarter of the way there. Of a lead or lag that was rounded up to whole
/// periods, what was added is in the at_mode (below 0) of the influence that moves its latest step: slack = −Σ ±
/// durations, modulo one period.
///
/// @param thread_count  the answer is the same for any
/// @cost two compilations a range on a calendar of one slice a period
ScenarioRanges ranges_of(const Compiled& compiled, int thread_count, bool with_costs = true);
/// The chances alone.
Chances chances_of(const Compiled& compiled, int thread_count, bool with_costs = true);

}  // namespace beltline
