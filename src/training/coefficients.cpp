#include "training/coefficients.h"

#include <array>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace beltline::training {

namespace {

// docs/training-model.md says what each was fitted on. compute_* of a row with is_fitted are fitted on measured runs;
// of the others, and all else, they are one guess for all: nothing of the data group is hidden in any measured run of
// stages.
constexpr auto kSets = std::to_array<TrainingCoefficients>({
    {.engine = "megatron",
     .generation = "",
     .compute_bf16 = 0.65,
     .compute_low = 0.60,
     .tensor_overlap_forward = 0.5,
     .tensor_overlap_backward = 0.5,
     .expert_overlap = 0.5,
     .pipeline_overlap = true},
    {.engine = "megatron",
     .generation = "hopper",
     .compute_bf16 = 0.615,
     .compute_low = 0.60,
     .tensor_overlap_forward = 0.5,
     .tensor_overlap_backward = 0.5,
     .expert_overlap = 0.5,
     .pipeline_overlap = true,
     .is_fitted = true},
    {.engine = "megatron-2022",
     .generation = "",
     .compute_bf16 = 0.80,
     .compute_low = 0.60,
     .tensor_overlap_backward = 0.5,
     .fused_attention = false},
    {.engine = "megatron-2022",
     .generation = "ampere",
     .compute_bf16 = 0.8683,
     .compute_low = 0.60,
     .tensor_overlap_backward = 0.5,
     .fused_attention = false,
     .is_fitted = true},
    {.engine = "llama-2023",
     .generation = "",
     .compute_bf16 = 0.60,
     .compute_low = 0.60,
     .tensor_overlap_backward = 0.5,
     .data_overlap = 0.9,
     .pipelines = false,
     .gradient_bytes = 2},
    {.engine = "llama-2023",
     .generation = "ampere",
     .compute_bf16 = 0.5875,
     .compute_low = 0.60,
     .tensor_overlap_backward = 0.5,
     .data_overlap = 0.9,
     .pipelines = false,
     .gradient_bytes = 2,
     .is_fitted = true},
    {.engine = "nemo",
     .generation = "",
     .compute_bf16 = 0.65,
     .compute_low = 0.60,
     .tensor_overlap_forward = 0.8,
     .tensor_overlap_backward = 0.8,
     .expert_overlap = 0.5,
     .pipeline_overlap = true,
     .gradient_bytes = 2},
    {.engine = "nemo",
     .generation = "hopper",
     .compute_bf16 = 0.65,
     .compute_low = 0.6856,
     .tensor_overlap_forward = 0.8,
     .tensor_overlap_backward = 0.8,
     .expert_overlap = 0.5,
     .pipeline_overlap = true,
     .gradient_bytes = 2,
     .is_fitted = true},
    // a group of a torus has the links of its axes only: of three, one for tensor, two for data; of two, one each
    {.engine = "maxtext",
     .generation = "",
     .compute_bf16 = 0.65,
     .compute_low = 0.65,
     .link = 0.375,
     .link_data = 0.375,
     .tensor_overlap_forward = 0.8,
     .tensor_overlap_backward = 0.8,
     .data_overlap = 0.9,
     .expert_overlap = 0.5,
     .pipelines = false,
     .accumulates = false,
     .recompute_least = Recompute::full},
    {.engine = "maxtext",
     .generation = "tpu-v5p",
     .compute_bf16 = 0.65,
     .compute_low = 0.6895,
     .link = 0.25,
     .link_data = 0.5,
     .tensor_overlap_forward = 0.8,
     .tensor_overlap_backward = 0.8,
     .data_overlap = 0.9,
     .expert_overlap = 0.5,
     .pipelines = false,
     .accumulates = false,
     .recompute_least = Recompute::full,
     .is_fitted = true},
    {.engine = "habana",
     .generation = "",
     .compute_bf16 = 0.65,
     .compute_low = 0.65,
     .tensor_overlap_backward = 0.5,
     .expert_overlap = 0.5,
     .interleaves = false},
    {.engine = "habana",
     .generation = "gaudi2",
     .compute_bf16 = 0.65,
     .compute_low = 0.7982,
     .tensor_overlap_backward = 0.5,
     .expert_overlap = 0.5,
     .interleaves = false,
     .is_fitted = true},
});

}  // namespace

std::optional<TrainingCoefficients> find_coefficients(std::string_view engine, std::string_view generation) {
  std::optional<TrainingCoefficients> found;
  for (const TrainingCoefficients& set : kSets) {
    if (set.engine != engine) continue;
    if (set.generation == generation) return set;
    if (set.generation.empty()) found = set;
  }
  return found;
}

std::string engine_names() {
  std::vector<std::string_view> names;
  for (const TrainingCoefficients& set : kSets) {
    if (names.empty() || names.back() != set.engine) names.push_back(set.engine);
  }
  return fmt::format("{}", fmt::join(names, ", "));
}

double product_flops(const TrainingCoefficients& c, const perf::Accelerator& accelerator, perf::Precision precision) {
  const bool is_low = precision == perf::Precision::fp8 || precision == perf::Precision::int8;
  return accelerator.flops(precision) * (is_low ? c.compute_low : c.compute_bf16);
}

}  // namespace beltline::training
