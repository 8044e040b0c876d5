// Published training times as cases: what a row of ../shared/validation/training says, as a job, and what it takes.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "training/coefficients.h"
#include "training/search.h"

namespace beltline::training {

/// A row of measured_training.csv.
struct TrainingCase {
  std::string kind;  // iteration_time, gpu_hours, mlperf_time_to_train
  std::string model;
  std::string system;
  int64_t accelerators = 0;  // 0: not said
  std::string split;         // "tp8pp8dp1 int3 seq-par + selective-recompute"; "" not said
  int64_t batch = 0;         // sequences; 0: not said
  double measured = 0;       // seconds, hours, minutes by kind
  std::string unit;
};

/// The rows of a file, in its order.
Outcome<std::vector<TrainingCase>> read_training_cases(const std::string& path);

/// A case with all that its publication says beside the row.
struct TrainingTask {
  TrainingJob job;
  std::optional<SplitFound> found;  // the split where none is said: the fastest that fits
  TrainingCoefficients coefficients;
};

/// @param coefficients  in place of the program's own, to fit them
Outcome<TrainingTask> task_of(const TrainingCase& row, const std::optional<TrainingCoefficients>& coefficients = {});

/// What the row measures, by the model, in the row's unit.
Outcome<double> predicted(const TrainingCase& row, const std::optional<TrainingCoefficients>& coefficients = {});

/// Tokens until MLPerf's GPT-3 reaches its target at a batch, by the reference convergence points (RCPs), straight
/// between them.
/// @source  MLCommons logging, rcp_checker/training_4.1.0/rcps_gpt3.json: means of the runs there
double gpt3_tokens_to_target(int64_t batch);

/// "ampere/megatron-2022": rows of one name share a set of coefficients.
std::string set_name(const TrainingCase& row);

}  // namespace beltline::training
