// What a risk run says: tables, and texts for people.
#pragma once

#include "risk/levers.h"
#include "study/study_report.h"

namespace beltline {

struct RiskRequest {
  RiskOptions options;
  std::vector<std::string> series;     // further measures to follow
  std::size_t lever_count = 8;         // 0: none are tried
  uint32_t lever_replications = 1024;  // of each
};

/// A run's plan played many times.
///
/// Tables `risk_series` (fans), `risk_milestones`, `risk_dates`, `risk_causes`, `risk_levers`, `risk_inputs`,
/// `risk_idle`.
/// @errors the disk's; a run that has no plan, or is damaged
Outcome<StudyReport> risk_of_run(const std::filesystem::path& run_folder, const Compiled& compiled,
                                 const RiskRequest& request);

/// The same of figures in memory.
StudyReport risk_report(const Compiled& compiled, PlanFigures figures, const RiskRequest& request);

}  // namespace beltline
