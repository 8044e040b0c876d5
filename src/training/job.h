// A training run as it is set up: model, accelerators, how the work is split, batch, precision.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "perf/architecture.h"
#include "perf/hardware.h"
#include "perf/precision.h"

namespace beltline::training {

/// What a layer keeps of its forward pass, and what it computes once more for the backward pass.
enum class Recompute : uint8_t { none, selective, full };

inline constexpr std::array<std::string_view, 3> kRecomputeNames = {"none", "selective", "full"};

constexpr std::string_view name_of(Recompute recompute) {
  return kRecomputeNames[static_cast<std::size_t>(recompute)];
}

/// tensor · context · data · pipeline accelerators, in this order from neighbours to those far apart.
struct TrainingSplit {
  int32_t tensor = 1;       // each matrix over so many
  int32_t pipeline = 1;     // stages of layers
  int32_t interleave = 1;   // pieces of a stage: virtual stages an accelerator
  int32_t data = 1;         // copies with sequences of their own
  int32_t expert = 1;       // ranks of a data group that share the experts; divides `data`
  int32_t context = 1;      // each sequence over so many
  int32_t zero = 1;         // what the data group shares: 0 nothing, 1 optimiser, 2 and gradients, 3 and weights (FSDP)
  int32_t micro_batch = 1;  // sequences that a stage takes at a time
  bool sequence_parallel = true;  // norms and dropout over `tensor`, too

  [[nodiscard]] int64_t accelerators() const { return static_cast<int64_t>(tensor) * pipeline * data * context; }
};

struct TrainingJob {
  perf::Architecture architecture;
  perf::Accelerator accelerator;
  TrainingSplit split;
  std::string engine = "megatron";                    // whose coefficients: see coefficients.h
  int64_t sequence = 4096;                            // tokens
  int64_t batch = 1024;                               // sequences of a step, over all accelerators
  perf::Precision precision = perf::Precision::bf16;  // of linear layers; fp8 or int8 where the engine can
  Recompute recompute = Recompute::selective;

  [[nodiscard]] int64_t micro_batches() const { return batch / (static_cast<int64_t>(split.data) * split.micro_batch); }
};

/// What is wrong with a job, one sentence each; empty if nothing is. Whether it fits into memory is another question.
std::vector<std::string> faults_of(const TrainingJob& job);

/// FLOP of a token, forward and backward, without what is computed again: what MFU counts. Attention is counted over
/// the whole square, as most publications do.
/// @source  Narayanan et al. 2021, arXiv:2104.04473, equation 3; Chowdhery et al. 2022, arXiv:2204.02311, appendix B
double model_flop_per_token(const perf::Architecture& architecture, int64_t sequence);

}  // namespace beltline::training
