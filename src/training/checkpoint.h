// What checkpoints and failures cost a run, in closed form, and how often to write one.
#pragma once

#include "perf/architecture.h"
#include "training/failure_rates.h"

namespace beltline::training {

/// How a run writes checkpoints, finds that it has failed, and starts again.
struct Recovery {
  double write_s = 10;      // a checkpoint stops the run for so long
  double background_s = 0;  // and is safe so long after that: written while the run goes on
  double detect_s = 300;    // from a failure to knowing of it, and of where
  double restart_s = 300;   // nodes exchanged, checkpoint read, warmed up
  int32_t spare_nodes = 0;
  int32_t node_accelerators = 8;
  double repair_s = 48 * 3600;  // of a node, mean
};

/// Bytes of a checkpoint: bf16 weights, fp32 weights and two moments.
double checkpoint_bytes(const perf::Architecture& architecture);

/// A checkpoint written at `bytes_per_s` of all storage while the run waits.
Recovery written_at_once(const perf::Architecture& architecture, double bytes_per_s);
/// Copied to the hosts first (25 GB/s an accelerator, and a second to meet), written from there while the run goes on.
Recovery written_behind(const perf::Architecture& architecture, double bytes_per_s, double accelerators);

/// Shares of elapsed time; they add up to 1.
struct TimeShares {
  double useful = 0;      // steps that count: goodput, "effective training time"
  double checkpoint = 0;  // waiting for checkpoints
  double lost = 0;        // steps that had to be done again
  double down = 0;        // finding failures and starting again
  double waiting = 0;     // for a node to be repaired, no spare left
};

/// Long-run shares for exponential times between interruptions, a checkpoint every `interval_s` of steps:
///
///     E[time of an interval] = M e^(R/M) (e^((τ+δ)/M) − 1),   R = detect + restart
///
/// and, where a checkpoint is safe only b after it stopped the run, an interval more lost with each failure that comes
/// before: (τ + δ) (1 − e^(−b/M)) / (1 − e^(−(τ+δ)/M)). Nodes out for repair beyond the spares stop the run: Erlang B.
/// @param accelerators  in use
/// @source  Daly 2006, "A higher order estimate of the optimum checkpoint interval", equation 20
TimeShares time_shares(const FailureRates& rates, const Recovery& recovery, double accelerators, double interval_s);

struct CheckpointInterval {
  double young_s = 0;  // √(2 δ M)
  double daly_s = 0;   // √(2 δ M) (1 + √(δ / 2M) / 3 + δ / 18 M) − δ
  double best_s = 0;   // of the greatest useful share, found numerically; at least `background_s`
};

/// Steps between checkpoints, seconds; infinity where nothing fails.
/// @source  Young 1974; Daly 2006, equation 37
CheckpointInterval checkpoint_interval(const FailureRates& rates, const Recovery& recovery, double accelerators);

/// Mean time between interruptions of a run, seconds.
double mean_time_between_s(const FailureRates& rates, double accelerators);

}  // namespace beltline::training
