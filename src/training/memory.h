// What a training step keeps in an accelerator's memory.
#pragma once

#include "training/coefficients.h"
#include "training/job.h"

namespace beltline::training {

/// Bytes of the accelerator that has most: of the first stage, or the last where that is more.
struct TrainingMemory {
  double weights = 0;
  double gradients = 0;
  double optimiser = 0;    // fp32 weights and two moments of Adam
  double activations = 0;  // of all micro-batches under way
  double buffers = 0;      // logits and what one layer needs while it is computed
  double capacity = 0;     // the accelerator's, less what driver, collectives and fragments take

  [[nodiscard]] double total() const { return weights + gradients + optimiser + activations + buffers; }
  [[nodiscard]] bool fits() const { return total() <= capacity; }
};

/// Weights of the fullest stage on one accelerator, numbers, before the data group shares them.
double stage_parameters(const TrainingJob& job);
/// Of them, those of routed experts: of these there are data / expert copies only.
double stage_expert_parameters(const TrainingJob& job);
/// Numbers whose optimiser one accelerator holds: with ZeRO a share of the stage's.
double optimised_parameters(const TrainingJob& job);

/// Bytes that a layer keeps of a micro-batch for its backward pass:
///
///     s b h (10 + 24 / t + 5 a s / (h t)),  with sequence parallelism s b h (34 + 5 a s / h) / t,
///     without the scores (selective, or fused attention) s b h 34 / t, full recomputation 2 s b h / t
///
/// written for any inner size, number of KV heads and gate; models with a gate are trained without dropout.
/// @source  Korthikanti et al. 2022, arXiv:2205.05198, section 4
double layer_activation_bytes(const TrainingCoefficients& c, const TrainingJob& job, bool is_mixture);

/// Under way on the first stage are p micro-batches (1F1B), with v virtual stages p (1 + (p − 1) / (p v)).
TrainingMemory training_memory(const TrainingCoefficients& c, const TrainingJob& job);

}  // namespace beltline::training
