// Prefill and decode in pools of their own, with keys and values sent from one to the other.
#pragma once

#include "perf/closed_loop.h"
#include "perf/replica_cost.h"

namespace beltline::perf {

/// Workers of one kind each: replicas that only prefill, and replicas that only decode.
struct SplitPools {
  const ReplicaCost* prefill = nullptr;
  const ReplicaCost* decode = nullptr;
  int32_t prefill_workers = 1;
  int32_t decode_workers = 1;
};

/// Seconds for the keys and values of a prompt to come to the pool that decodes: over the scale-out link of each
/// accelerator of a prefill worker, at 80 % of its rate.
double transfer_s(const ReplicaCost& prefill, int64_t prompt_tokens);

/// Means of a closed loop of fixed concurrency over two pools.
///
/// Prefill workers take prompts one after the other, one in each copy of attention, first come first served; a prompt
/// that arrives while the pool is busy waits, and so does one for which no decode worker has a place: each has as many
/// as the policy's `sequences_max` and its memory allow. With p copies in all prefill workers, n places in all decode
/// workers, service time S, front end L and the rest of a request's round D = transfer + (osl − 1) · TPOT:
///
///     requests/s  X = min(c / (L + S + D), p / S, n / D)
///     TTFT = max(c / X − D, L + S) + transfer
///     TPOT = decode step of X · (osl − 1) · TPOT sequences over all decode workers
///
/// except in the first of `rounds`, when all come at once: L + (c / p + 1) / 2 · S + transfer, and a turn of D for
/// every n clients ahead. Solved by iteration.
LoopResult run(const SplitPools& pools, const ClosedLoop& loop);

}  // namespace beltline::perf
