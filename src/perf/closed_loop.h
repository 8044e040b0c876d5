// What a load generator measures that keeps a fixed number of requests under way, replayed step by step.
#pragma once

#include <cstdint>
#include <string_view>

#include "perf/step_cost.h"

namespace beltline::perf {

/// How an engine fills its steps.
struct BatchPolicy {
  int64_t tokens_max = 8192;     // of a step, for each copy of attention
  int32_t sequences_max = 1024;  // that decode or are being prefilled
  bool mixes = true;             // prompts and decodes share steps; else prompts go first, decodes wait
  bool chunks = true;            // a prompt may be cut where the step is full
  bool reserves = true;   // a sequence is admitted when all of its tokens will fit; else when half of its output does
  int32_t lag_steps = 1;  // steps under way when an answer ends, before its successor can join
};

/// The default of vLLM v1, SGLang, TensorRT-LLM on PyTorch or with compiled engines ("vllm", "sglang", "trtllm",
/// "tensorrt").
BatchPolicy policy_of(std::string_view engine);

struct ClosedLoop {
  int64_t prompt_tokens = 0;
  int64_t output_tokens = 0;
  int32_t concurrency = 1;       // requests under way at a time, all sent at once at the beginning
  double length_spread = 0;      // lengths are uniform in [(1 − spread) · n, n]; 0: all equal
  int32_t rounds = 10;           // requests = rounds · concurrency
  int32_t copies = 1;            // of attention, each with a budget of its own
  double request_latency_s = 0;  // from a request's sending to when it can join a step, see ReplicaCost
  BatchPolicy policy;
};

/// Means over all requests of the run, the first burst among them, as such generators report them.
struct LoopResult {
  double ttft_s = 0;
  double tpot_s = 0;  // time from the first to the last token over the tokens between
  double output_tokens_per_s = 0;
  double energy_J = 0;
  double seconds = 0;
};

/// Runs until every request has its answer. Lengths are a fixed sequence without chance, so that the same loop gives
/// the same result.
///
/// @param loop  lengths and concurrency of at least 1; a prompt and its answer must fit into cost.kv_tokens_max()
/// @returns     all zero where they do not
/// @cost        O(requests · log) steps of `cost`: decodes between two events are summed in closed form
LoopResult run(const StepCost& cost, const ClosedLoop& loop);

}  // namespace beltline::perf
