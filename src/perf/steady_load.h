// What a replica does under random arrivals, in closed form: the mean step of continuous batching, over and over. What
// a load generator measures that keeps a number of requests under way, estimate.h has.
#pragma once

#include <cstdint>

#include "perf/closed_loop.h"
#include "perf/replica_cost.h"

namespace beltline::perf {

/// The requests that come, each like the other.
struct Workload {
  int64_t input_tokens = 0;
  int64_t output_tokens = 0;
  double cached_share = 0;  // of the input tokens, found in the prefix cache

  /// Input tokens that have to be computed, at least 1.
  [[nodiscard]] double computed_tokens() const;
  /// Mean length of a sequence while it decodes.
  [[nodiscard]] double mean_context() const;
};

/// Means at one load. Arrivals come at random (Poisson), so that prompts wait for each other.
struct SteadyLoad {
  double sequences = 0;  // under way: those that decode and those whose prompt is computed
  double ttft_s = 0;     // infinite where prompts come faster than they are computed
  double tpot_s = 0;
  double requests_per_s = 0;
  double power_W = 0;     // of all accelerators of the replica
  double prompt_use = 0;  // share of the room for prompts that is taken, at most 1
};

/// One replica for prompts and decodes, `sequences` at a time.
///
/// Each step, D of the sequences decode, and D / output prompts come to an end and are followed by new ones, so that
/// x = D / output · computed tokens of prompts are computed a step. A prompt takes n = ⌈computed / room⌉ steps, room =
/// budget − D; a share f = min(1, n D / output) of steps carries prompts:
///
///     TPOT = f · step(x / f, D) + (1 − f) · step(0, D)
///     TTFT = front end + TPOT / 2 + n · step(x / f, D) · (1 + ρ / (2 (1 − ρ))),      ρ = x / room         (M/D/1:
///     queue/) D    = sequences − TTFT · D / (output · TPOT)                      (Little)
///
/// With copies of attention, each has a scheduler with such a budget, and computes prompts of its own. An engine that
/// does not mix lets the decodes wait while prompts are computed.
///
/// @cost about 3 µs; `mixed_times` leaves out the power, in a third of the time
SteadyLoad mixed_load(const ReplicaCost& cost, const BatchPolicy& policy, const Workload& workload, double sequences);

SteadyLoad mixed_times(const ReplicaCost& cost, const BatchPolicy& policy, const Workload& workload, double sequences);

/// A replica that only decodes: its sequences come with their keys and values. TTFT is that of the prompts' pool.
SteadyLoad decode_load(const ReplicaCost& cost, const Workload& workload, double sequences);
/// Its time from token to token alone, s.
double decode_time_s(const ReplicaCost& cost, const Workload& workload, double sequences);

/// A replica that only computes prompts, of which it has enough for a share `use` of the time.
///
///     TTFT = front end + service · (1 + use / (2 (1 − use))) + transfer_s
SteadyLoad prompt_load(const ReplicaCost& cost, const BatchPolicy& policy, const Workload& workload, double use,
                       double transfer_s);

/// Seconds for which a replica of a prompts' pool works at one prompt, or at one in each copy of its attention.
double prompt_service_s(const ReplicaCost& cost, const BatchPolicy& policy, const Workload& workload);

/// TTFT of such a pool whose service takes so long: see prompt_load.
double prompt_ttft_s(const ReplicaCost& cost, const Workload& workload, double service_s, double use,
                     double transfer_s);

/// What each part of a step rests on; measured where it takes no time.
struct PartBases {
  Basis projections = Basis::measured;
  Basis attention = Basis::measured;
  Basis experts = Basis::measured;
  Basis messages = Basis::measured;
  Basis head = Basis::measured;

  [[nodiscard]] Basis worst() const;
};
PartBases worse(const PartBases& a, const PartBases& b);

/// What the numbers of a load rest on: of each part the worse of its two kinds of steps.
PartBases bases_of(const ReplicaCost& cost, const BatchPolicy& policy, const Workload& workload, double decodes,
                   bool has_prompts);

/// Sequences that the replica's memory holds at their mean length, less what is kept free so that few are preempted.
double sequences_max(const ReplicaCost& cost, const BatchPolicy& policy, const Workload& workload);

}  // namespace beltline::perf
