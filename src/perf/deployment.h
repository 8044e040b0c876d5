// One replica: a model on accelerators, how it is split, in which numbers, under which engine.
#pragma once

#include <cstdint>
#include <string>

#include "perf/architecture.h"
#include "perf/hardware.h"
#include "perf/precision.h"

namespace beltline::perf {

struct Quantisation {
  Precision weights = Precision::bf16;  // of attention and dense layers, and what their GEMM computes in
  Precision experts = Precision::bf16;
  Precision attention = Precision::bf16;  // what QK and PV compute in
  Precision kv_cache = Precision::bf16;
  bool weights_only = false;  // weights and experts are stored so and widened to bf16 as they are read (W4A16, W8A16)
};

/// tensor · pipeline · attention_data accelerators make a replica, and so do pipeline · expert_tensor ·
/// expert_parallel.
struct Parallelism {
  int32_t tensor = 1;
  int32_t pipeline = 1;
  int32_t attention_data = 1;  // copies of attention, each with its own sequences (DP attention)
  int32_t expert_tensor = 1;
  int32_t expert_parallel = 1;

  [[nodiscard]] int32_t accelerators() const { return tensor * pipeline * attention_data; }
};

struct Deployment {
  Architecture architecture;
  Accelerator accelerator;
  Quantisation quantisation;
  Parallelism parallelism;
  std::string engine = "vllm";  // "vllm", "sglang", "trtllm": whose coefficients
  double memory_share = 0.9;    // of the accelerator's memory that the engine may use
  bool streams = true;          // sends each token as it comes; else whole answers, as offline runs do
};

}  // namespace beltline::perf
