// What one layer takes for one micro-batch on one accelerator, operator by operator.
#pragma once

#include "training/coefficients.h"
#include "training/job.h"

namespace beltline::training {

/// Seconds by what they are spent on. Collectives count as far as nothing hides them.
struct Pass {
  double products = 0;   // matrix products with weights
  double attention = 0;  // QK and PV
  double memory = 0;     // norms, activations, dropout, softmax, casts: bound by the memory
  double tensor = 0;     // collectives of tensor parallelism
  double expert = 0;     // tokens to experts and back
  double context = 0;    // keys and values around the ring

  [[nodiscard]] double total() const { return products + attention + memory + tensor + expert + context; }
  Pass& operator+=(const Pass& other);
  Pass operator+(const Pass& other) const;
  Pass operator*(double factor) const;
};

struct LayerPasses {
  Pass forward;
  Pass backward;  // without what is computed again
  Pass again;     // what recomputation adds
};

/// A product of m × k with k × n:
///
///     max(2 m n k / (peak · share · edges), bytes / bandwidth),   edges = Π x / (x + 192 r) over m, n, k
///
/// `edges` is what tiles at the border, the last wave of tiles and the filling of their pipelines cost; r is the peak
/// over that of bf16. 192: from measured tables of products on A100 and H100 (docs/training-model.md).
/// @returns seconds
double product_s(const TrainingCoefficients& c, const TrainingJob& job, double m, double n, double k);

/// One layer, with experts or dense.
///
/// Per token and rank, forward, in bytes (2 a number): norms, residuals and dropout 22 h, over `tensor` with sequence
/// parallelism; the activation 8 f (6 f with a gate), f = inner size / tensor; scores that leave the chip 13 a s / t.
/// @source  operators: Korthikanti et al. 2022, arXiv:2205.05198, section 4; fused attention: Dao 2023,
/// arXiv:2307.08691
LayerPasses layer_passes(const TrainingCoefficients& c, const TrainingJob& job, bool is_mixture);

/// The output embedding, its softmax and loss: forward and backward of the last stage.
LayerPasses output_passes(const TrainingCoefficients& c, const TrainingJob& job);

}  // namespace beltline::training
