// How often a training run is interrupted, and by what.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace beltline::training {

/// A cause of unexpected interruptions, as a run counted them.
struct FailureCause {
  std::string_view name;
  int32_t interruptions = 0;
  bool takes_node = false;  // what failed is taken out and repaired, and another node takes its place
};

/// Interruptions of a run that was watched.
struct WatchedRun {
  std::string_view source;
  std::span<const FailureCause> causes;
  double accelerators = 0;
  double days = 0;

  [[nodiscard]] double accelerator_hours() const { return accelerators * days * 24; }
  [[nodiscard]] int32_t interruptions() const;
};

/// Llama 3 405B: 419 unexpected interruptions in 54 days on 16,384 H100, by cause. The paper prints 30.1 % for the 148
/// of faulty GPUs, which are 35.3 % of 419: counts are taken, not shares.
/// @source  "The Llama 3 Herd of Models", 2024, arXiv:2407.21783, table 5; confidence A for counts, C for other fleets
const WatchedRun& llama3_run();

/// Rates of a run on other accelerators.
struct FailureRates {
  double per_accelerator_hour = 0;       // interruptions
  double node_per_accelerator_hour = 0;  // of them, those that take a node out
  /// Shape of the Weibull distribution of times between interruptions: 1 is the exponential; below 1 they come in
  /// clusters, early ones after a restart.
  double shape = 1;
};

/// Counts over accelerator-hours, times `factor` (newer accelerators fail less or more often).
FailureRates rates_of(const WatchedRun& run, double factor = 1);

}  // namespace beltline::training
