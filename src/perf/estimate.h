// What a replica yields in the steady state: closed forms, for searches over configurations.
#pragma once

#include "perf/closed_loop.h"
#include "perf/replica_cost.h"
#include "perf/split_loop.h"

namespace beltline::perf {

/// Requests of one kind.
struct Traffic {
  int64_t prompt_tokens = 0;
  int64_t output_tokens = 0;
};

/// Means over requests; rates and power of all accelerators together.
struct Estimate {
  double ttft_s = 0;
  double tpot_s = 0;
  double requests_per_s = 0;
  double output_tokens_per_s = 0;
  double concurrency = 0;    // requests under way
  double decodes = 0;        // of them, that decode: the batch
  double prefill_share = 0;  // of the time, that prompts take
  double power_W = 0;
  double energy_per_output_token_J = 0;
  Basis basis = Basis::analytic;
};

/// Requests of this kind whose keys and values fit at a time, each with half of its answer, at most the policy's.
int32_t concurrency_max(const ReplicaCost& cost, const Traffic& traffic, const BatchPolicy& policy);

/// A replica that keeps `concurrency` requests under way, arriving evenly, where prompts and decodes share it.
///
/// With n sequences that decode in steps of D, and P the time that a prompt adds:
///
///     requests/s  X = 1 / ((osl − 1) · D/n + P)                 n = c − X · TTFT
///     TPOT = D + n · P / (osl − 1)
///     TTFT = front end + D + k · P + min(ρ/(2(1 − ρ)), (c − 1)/2) · P
///
/// with ρ = X · P, as M/D/1 of a finite number of clients, and k = max(n / (osl − 1), 1) prompts in a step: as many as
/// sequences end in it.
///
/// @param concurrency  at least 1; more than concurrency_max wait, and add to TTFT
/// @cost  about 10 µs
Estimate estimate(const ReplicaCost& cost, const Traffic& traffic, int32_t concurrency, const BatchPolicy& policy);

/// As many requests as fit: the most tokens per second that the replica yields.
Estimate estimate_offline(const ReplicaCost& cost, const Traffic& traffic, const BatchPolicy& policy);

/// Prefill and decode in pools of their own.
Estimate estimate(const SplitPools& pools, const Traffic& traffic, int32_t concurrency, const BatchPolicy& policy);

}  // namespace beltline::perf
