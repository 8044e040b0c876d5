// A plan played many times: how likely it holds, what makes it late, and what would help.
#pragma once

#include <atomic>
#include <functional>
#include <string>
#include <vector>

#include "risk/engine.h"
#include "risk/statistics.h"

namespace beltline {

struct RiskOptions {
  uint64_t seed = 1;
  uint32_t replications = 10'000;
  Sampling sampling = Sampling::plain;
  double level = 0.95;   // of all confidence intervals
  double precision = 0;  // > 0: stops once every milestone's probability is known within ± this, by rounds
  int thread_count = 1;
  int replan_every = 0;  // periods
  bool by_priority = false;
  const std::atomic<bool>* cancel = nullptr;
  std::function<void(double share)> on_progress = {};
  QuantileTables* tables = nullptr;  // for several runs of much the same chances, one after the other; or null
};

/// One series in one period.
struct Fan {
  double planned = 0;
  Moments mean;
  Histogram spread;
};

struct MilestoneOdds {
  Share met;
  std::vector<uint64_t> reached;  // [period + 1] replications that reach it then; the last: not within the horizon
  std::vector<uint64_t> causes;   // [cause] replications that miss it, by cause
  Moments delay;                  // periods after the plan's, of all replications; the horizon's end counts where never
};

struct Odds {
  uint32_t replications = 0;
  bool is_complete = true;  // false: Ctrl-C; what was played counts
  bool is_precise = false;  // the asked precision was reached
  std::vector<Fan> fans;    // [shown series, period]
  std::vector<MilestoneOdds> milestones;
  CauseNumbers causes;
};

/// Plays `replications` of the plan. The same seed gives the same bytes for any number of threads: batches are played
/// in any order and counted in theirs.
///
/// @cost about 5 ns a replication, period and operation; memory does not grow with replications
Odds play_many(const Play& play, const Observation& observation, const RiskOptions& options);

/// Indicators of single replications, for comparisons pair by pair: [milestone][replication] met, and [series]…
struct PairedRun {
  std::vector<std::vector<uint8_t>> met;    // [milestone][replication]
  std::vector<std::vector<float>> reached;  // [milestone][replication] period, period_count: never
};
PairedRun play_paired(const Play& play, const Observation& observation, const RiskOptions& options);

}  // namespace beltline
