// A plan under way as a scenario of its own: what is left to plan from a month on.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "run/actuals.h"
#include "run/opening_state.h"

namespace beltline {

/// The scenario of a run, opened in a later month.
struct OpenedScenario {
  std::vector<SourceFile> files;  // scenario.toml first; the run's own files as they were
  std::string opening_file;       // the CSV with the state
  std::vector<OpeningRow> rows;
};

/// Writes nothing. `scenario.toml` includes the scenario as the run had it, with its overrides, the state at the
/// beginning of `month`, and `calendar.opens`.
/// @param month  first month that is planned
/// @errors a month that is not the first of a period inside the run's horizon, or its very first; a branch of a
///         scenario tree; opening rows that are not in a CSV of their own
Outcome<OpenedScenario> open_run(const RunPlan& run, YearMonth month, const Actuals& actuals);

}  // namespace beltline
