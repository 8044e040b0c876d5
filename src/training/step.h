// What a training step takes: stages, bubble, gradients, optimiser.
#pragma once

#include "base/failure.h"
#include "training/layer.h"
#include "training/memory.h"

namespace beltline::training {

/// Seconds of a step. The parts add up to `step_s`.
struct StepTime {
  Pass busy;            // of the stage that all wait for, over all micro-batches, recomputation included
  double again_s = 0;   // of it, recomputation
  double bubble_s = 0;  // stages that wait for the first and the last micro-batch
  double send_s = 0;    // activations between stages, as far as nothing hides them
  double data_s = 0;    // gradients and weights of the data group, as far as nothing hides them
  double optimiser_s = 0;
  double step_s = 0;

  double forward_s = 0;     // of `busy`
  double bubble_share = 0;  // (p − 1) / (v m), of busy
  double flop_model = 0;    // of a step, without recomputation
  double mfu = 0;           // of the peak of the precision the linear layers are computed in
  double mfu_bf16 = 0;      // of the peak of bf16, as most publications count
  double tokens_per_s = 0;
};

struct TrainingStep {
  StepTime time;
  TrainingMemory memory;
  bool is_fitted = false;  // the coefficients were fitted on runs of this generation of accelerators and engine
};

/// Time and memory of a step:
///
///     step = (m + (p − 1) / v) · stage + gradients + optimiser,    m micro-batches, p stages of v pieces
///
/// Gradients and weights of the data group hide behind the last, and first, micro-batches of their piece.
/// @errors  what `faults_of` says, one line each; an engine of no name; a job that does not fit into memory
/// @cost    about two microseconds
/// @source  Narayanan et al. 2021, arXiv:2104.04473 (interleaved 1F1B); Rajbhandari et al. 2020, arXiv:1910.02054
/// (ZeRO)
Outcome<TrainingStep> training_step(const TrainingJob& job);

/// The same whether it fits or not: for searches and for saying by how much it does not.
/// @param c  coefficients; `job` must be without faults
TrainingStep training_step_unchecked(const TrainingCoefficients& c, const TrainingJob& job);

/// Seconds to evaluate the model on `sequences`: forward passes only, in the job's split.
double evaluation_s(const TrainingCoefficients& c, const TrainingJob& job, int64_t sequences);

}  // namespace beltline::training
