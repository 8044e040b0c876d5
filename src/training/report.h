// A training run from its setup to its end: step, failures, calendar, energy, money; as text and as JSON.
#pragma once

#include <string>
#include <vector>

#include "base/language.h"
#include "perf/hardware.h"
#include "training/play.h"
#include "training/search.h"

namespace beltline::training {

/// What a run costs per hour.
struct RunCosts {
  double life_years = 5;  // over which a rack is written off
  double power_USD_kWh = 0.10;
  double pue = 1.2;
};

/// A stretch of the calendar with so many accelerators.
struct FleetStep {
  double from_days = 0;
  int64_t accelerators = 0;
};

struct TrainingReport {
  perf::Rack rack;
  std::vector<FleetStep> fleet;   // rising in time, the first at 0
  std::vector<SplitFound> found;  // [fleet] the split there; accelerators in use may be fewer than there are
  double tokens = 0;
  RunPlan plan;
  bool has_failures = true;
  std::vector<CheckpointInterval> intervals;  // [fleet]
  std::vector<TimeShares> closed;             // [fleet] long-run shares
  RunOutlook outlook;
  RunCosts costs;

  /// Of the whole run, at the mean of its calendar time.
  [[nodiscard]] double energy_MWh() const;  // of the accelerators' racks, cooling included
  [[nodiscard]] double power_USD() const;
  [[nodiscard]] double racks_USD() const;  // 0 where the rack's price is not known
};

std::string training_text(const TrainingReport& report, Language language);
std::string training_json(const TrainingReport& report);

}  // namespace beltline::training
