// Plans of representative days and of windows as runs: tables, summary and manifest like those of any plan.
#pragma once

#include "run/pipeline.h"
#include "study/days_plan.h"
#include "study/rolling.h"

namespace beltline {

/// The run of a plan on representative days, with the table `days`; its error is in the manifest and the summary.
Outcome<RunResult> run_days(const Compiled& compiled, const DaysOptions& options,
                            const OnPlanProgress& on_progress = {});

/// The run of a plan made window by window, with the table `windows`.
/// @param compare  also plan with perfect foresight, and say what seeing only so far costs
Outcome<RunResult> run_rolling(const Compiled& compiled, const RollingOptions& options, bool compare,
                               const OnPlanProgress& on_progress = {});

}  // namespace beltline
