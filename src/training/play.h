// A training run played event by event: failures, checkpoints, spares, a fleet that grows.
#pragma once

#include <cstdint>
#include <vector>

#include "base/failure.h"
#include "training/checkpoint.h"

namespace beltline::training {

/// From a time on the run has so many accelerators, and processes so many tokens a second while nothing is amiss.
struct FleetPhase {
  double from_s = 0;
  double accelerators = 0;
  double tokens_per_s = 0;
};

struct RunPlan {
  std::vector<FleetPhase> phases;  // rising in time, the first at 0
  double tokens = 0;               // until the run is through
  FailureRates rates;
  Recovery recovery;
  double interval_s = 0;  // of steps between checkpoints; 0: the best of each phase
  double horizon_s = 0;   // the play ends here at the latest; 0: when the tokens are through
};

/// One run. Times add up to `elapsed_s`.
struct RunPlayed {
  double elapsed_s = 0;
  double useful_s = 0;
  double checkpoint_s = 0;
  double lost_s = 0;
  double down_s = 0;     // failures found, restarts, changes of the fleet
  double waiting_s = 0;  // for a repair
  double tokens = 0;     // that count at the end
  int64_t interruptions = 0;
  int64_t nodes_out = 0;  // interruptions that took a node
  bool is_through = false;
};

/// Plays a run. A pure function of plan, seed and replication. Intervals without an event are stepped over at once.
/// @errors  none; a plan without phases, or of phases out of order or without speed, is a Bug
/// @cost    O(interruptions + phases), some 200 ns each
RunPlayed play_run(const RunPlan& plan, uint64_t seed, uint32_t replication);

/// A mean and the half-width of its 95 % confidence interval over replications.
struct Estimate {
  double mean = 0;
  double half_width = 0;
};

struct RunOutlook {
  Estimate elapsed_s;
  Estimate useful_share;
  Estimate interruptions;
  Estimate tokens;
  double p10_elapsed_s = 0;
  double p90_elapsed_s = 0;
  double through_share = 0;  // of replications
  TimeShares shares;         // over all of them
};

/// @param replications  at least 2
RunOutlook play_runs(const RunPlan& plan, uint64_t seed, uint32_t replications);

}  // namespace beltline::training
