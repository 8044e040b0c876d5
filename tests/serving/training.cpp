// Published training times beside the model's: ../shared/validation/training, and runs published elsewhere.
#include <algorithm>
#include <cmath>
#include <map>

#include <fmt/format.h>

#include "tests/serving/training_cases.h"
#include "tests/serving/validation.h"

namespace beltline::validation {

namespace {

using training::TrainingCase;
using training::TrainingCoefficients;
using training::TrainingTask;

/// Runs that are not in the shared file. The first group is what sets of one row there are fitted on; the second says
/// how far the model carries.
const std::vector<TrainingCase>& other_fits() {
  static const std::vector<TrainingCase> rows = {
      // Touvron et al. 2023, arXiv:2302.13971, table 15; its fourth row, 13B, is in the file
      {"gpu_hours", "LLaMA-7B", "A100-SXM-80GB", 0, "", 0, 82432, "h"},
      {"gpu_hours", "LLaMA-33B", "A100-SXM-80GB", 0, "", 0, 530432, "h"},
      {"gpu_hours", "LLaMA-65B", "A100-SXM-80GB", 0, "", 0, 1022362, "h"},
      // mlcommons/training_results_v3.1, Intel-HabanaLabs, HLS-Gaudi2-N48-PT and -N32-PT
      {"mlperf_time_to_train", "GPT-3-175B (MLPerf)", "Gaudi2 (v3.1)", 384, "", 2048, 153.58, "min"},
      {"mlperf_time_to_train", "GPT-3-175B (MLPerf)", "Gaudi2 (v3.1)", 256, "", 2048, 223.75, "min"},
  };
  return rows;
}

const std::vector<TrainingCase>& others() {
  static const std::vector<TrainingCase> rows = {
      // Korthikanti et al. 2022, arXiv:2205.05198, table 5
      {"iteration_time", "Megatron-530B", "A100 (Selene)", 280, "tp8pp35dp1 int3 full-recompute", 280, 49.05, "s"},
      {"iteration_time", "Megatron-530B", "A100 (Selene)", 280, "tp8pp35dp1 int3 seq-par + selective-recompute", 280,
       37.83, "s"},
      {"iteration_time", "Megatron-1T", "A100 (Selene)", 512, "tp8pp64dp1 full-recompute", 512, 94.42, "s"},
      {"iteration_time", "Megatron-1T", "A100 (Selene)", 512, "tp8pp64dp1 seq-par + selective-recompute", 512, 71.49,
       "s"},
      // mlcommons/training_results_v3.1, NVIDIA: software half a year older than that of the file's rows
      {"mlperf_time_to_train", "GPT-3-175B (MLPerf)", "H100 (v3.1)", 512, "", 2048, 58.3, "min"},
      {"mlperf_time_to_train", "GPT-3-175B (MLPerf)", "H100 (v3.1)", 4096, "", 2048, 8.57, "min"},
      {"mlperf_time_to_train", "GPT-3-175B (MLPerf)", "H100 (v3.1)", 10752, "", 2688, 3.92, "min"},
  };
  return rows;
}

std::string split_text(const TrainingTask& task) {
  const auto& s = task.job.split;
  return fmt::format("t{} p{} v{} d{} z{} b{} {}", s.tensor, s.pipeline, s.interleave, s.data, s.zero, s.micro_batch,
                     training::name_of(task.job.recompute));
}

/// Prints a row and returns its signed error, or nothing where it cannot be predicted.
std::optional<double> print_row(const TrainingCase& row, std::string_view half) {
  const auto task = training::task_of(row);
  const auto value = training::predicted(row);
  if (!task || !value) {
    fmt::print("  {} on {}: {}\n", row.model, row.system, (task ? value.error() : task.error()).message);
    return std::nullopt;
  }
  const double error = *value / row.measured - 1;
  fmt::print("  {:20} {:22} {:>6} {:9} {:10.4g} {:10.4g} {:3} {:+6.1f} %  {}\n", row.model, training::set_name(row),
             task->job.split.accelerators(), half, row.measured, *value, row.unit, 100 * error, split_text(*task));
  return error;
}

/// The share of the peak with the least squared logarithmic error.
double best_share(const std::vector<TrainingCase>& rows) {
  const auto error = [&](double share) {
    double sum = 0;
    for (const TrainingCase& row : rows) {
      const auto task = training::task_of(row);
      auto c = task->coefficients;
      (task->job.precision == perf::Precision::bf16 ? c.compute_bf16 : c.compute_low) = share;
      const auto value = training::predicted(row, c);
      sum += value ? std::pow(std::log(*value / row.measured), 2) : 1;
    }
    return sum;
  };
  double low = 0.2;
  double high = 1.1;
  constexpr double kGolden = 0.381966;
  for (int i = 0; i < 40; ++i) {
    const double left = low + kGolden * (high - low);
    const double right = high - kGolden * (high - low);
    (error(left) < error(right) ? high : low) = error(left) < error(right) ? right : left;
  }
  return (low + high) / 2;
}

}  // namespace

bool validate_training(const Options& options) {
  const auto rows = training::read_training_cases((options.shared / "../training/measured_training.csv").string());
  if (!rows) {
    fmt::print("  skipped: {}\n", rows.error().message);
    return true;
  }
  std::map<std::string, std::vector<TrainingCase>> sets;
  for (const TrainingCase& row : *rows) sets[training::set_name(row)].push_back(row);
  Errors all;
  Errors reported;
  double worst = 0;
  std::map<std::string, int> seen;
  std::map<std::string, std::vector<TrainingCase>> fits;
  for (const TrainingCase& row : *rows) {
    const std::string set = training::set_name(row);
    // of a set's rows the first, third, … are fitted on; a set of one row is fitted on runs published elsewhere
    const bool is_fitted = sets[set].size() > 1 && seen[set]++ % 2 == 0;
    const auto error = print_row(row, is_fitted ? "fitted" : "reported");
    if (!error) return false;
    all.add(1 + *error, 1);
    if (!is_fitted) reported.add(1 + *error, 1);
    worst = std::max(worst, std::abs(*error));
    if (is_fitted) fits[set].push_back(row);
  }
  fmt::print("  elsewhere published, fitted on:\n");
  for (const TrainingCase& row : other_fits()) {
    print_row(row, "fitted");
    fits[training::set_name(row)].push_back(row);
  }
  fmt::print("  elsewhere published, not fitted on:\n");
  for (const TrainingCase& row : others()) print_row(row, "reported");
  if (options.fit) {
    // LLaMA's runs scatter about any smooth model by more than a half of them tells: all four count
    for (const TrainingCase& row : *rows) {
      if (row.kind == "gpu_hours") fits[training::set_name(row)].push_back(row);
    }
    for (const auto& [set, list] : fits) fmt::print("  {:24} share of the peak {:.4f}\n", set, best_share(list));
  }
  fmt::print("  bias {:+.1f} % of all, {:+.1f} % of the reported half\n", 100 * all.bias(), 100 * reported.bias());
  bool kept = keep("training times: mean absolute error", all.absolute_mean(), 0.04);
  kept = keep("training times: mean absolute error, reported half", reported.absolute_mean(), 0.04) && kept;
  return keep("training times: largest error", worst, 0.09) && kept;
}

}  // namespace beltline::validation
