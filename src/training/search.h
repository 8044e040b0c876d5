// The fastest way to split a training run over a number of accelerators.
#pragma once

#include <optional>
#include <vector>

#include "base/failure.h"
#include "training/step.h"

namespace beltline::training {

/// What may not be chosen; empty: all that is sensible.
struct SplitChoice {
  std::optional<int32_t> tensor = {};
  std::optional<int32_t> pipeline = {};
  std::optional<int32_t> interleave = {};
  std::optional<int32_t> expert = {};
  std::optional<int32_t> context = {};
  std::optional<int32_t> zero = {};
  std::optional<int32_t> micro_batch = {};
  std::optional<Recompute> recompute = {};
  bool may_idle = false;  // some accelerators may be left out, where no split has all of them
};

struct SplitFound {
  TrainingJob job;
  TrainingStep step;
  int64_t tried = 0;
};

/// The job's model, batch and accelerators in the split of the least time a step that fits. Of equals the one with the
/// smaller tensor, then pipeline, then the least memory.
/// @param job     its split and recomputation are replaced
/// @param coefficients  in place of those of the job's engine, to fit them
/// @errors  no split fits, with the one that comes nearest; an engine of no name
/// @cost    some ten thousand splits, about ten milliseconds
Outcome<SplitFound> best_split(const TrainingJob& job, int64_t accelerators, const SplitChoice& choice = {},
                               const std::optional<TrainingCoefficients>& coefficients = {});

}  // namespace beltline::training
