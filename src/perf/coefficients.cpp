#include "perf/coefficients.h"

#include <algorithm>

namespace beltline::perf {

namespace {

// The order of precisions: fp32, bf16, fp8, int8, fp4.
constexpr std::array<KernelCoefficients, 5> kKernels = {{
    {.generation = "ampere",
     .processors = 108,
     .gemm = {{{}, {.79, .75, 5.3, 1.8, .12}, {}, {.87, .91, 11, 1.24, .62}, {}}},
     .attention = {.55, 0, 0, .50, 9.3, .74, 18, .98, .36},
     .experts = {{{}, {.40, .74, 63, 1.23, 1, 2.5}, {}, {.40, .74, 63, 1.23, 1, 2.5}, {.40, .74, 63, 1.23, 1, 2.5}}},
     .collective = {3.9, .29, 6.5, .70},
     .energy = {1.2, 100}},
    {.generation = "ada",
     .processors = 142,
     .gemm = {{{}, {.57, .85, 2, 2.7, .02}, {.45, .77, 5.5, 3.4, .68}, {.45, .77, 5.5, 3.4, .68}, {}}},
     .attention = {.51, .32, .30, 1.16, 3.6, 1.0, 6.8, 0, .55},
     .experts = {{{}, {.40, .75, 9.2, 1.26, 8, 5.4}, {.49, .78, 10, 1.13, 33, 0}, {}, {.22, .20, 12, 4.9, 1, 0}}},
     .collective = {5.4, 3, 0, .3},
     .energy = {.7, 120}},
    {.generation = "hopper",
     .processors = 132,
     .gemm = {{{}, {.70, .84, 3.4, 2.9, .24}, {.64, .81, 8.9, 1.9, .78}, {.64, .81, 8.9, 1.9, .78}, {}}},
     .attention = {.56, .36, .41, .36, 12.4, .85, 12.2, 1.4, 0},
     .experts = {{{}, {.42, .90, 41, 1.41, 20, 5.2}, {.33, .96, 42, 1.32, 31, 3.5}, {}, {.24, .63, 60, 1, 1, .3}}},
     .collective = {3.3, .18, 3.8, .78},
     .energy = {.88, 150}},
    {.generation = "blackwell",
     .processors = 148,
     .gemm = {{{}, {.74, .75, 2.6, 3, .52}, {.55, .76, 9.1, 1.25, .90}, {}, {.41, .71, 7.2, 1.12, 1}}},
     .attention = {.68, .39, .87, .27, 12.2, .96, 11.1, .48, 0},
     .experts = {{{}, {.30, .84, 21, 2.9, 8.5, .4}, {.17, .77, 34, 1.27, 1, 1.2}, {}, {.39, .84, 21, 1.33, 6.5, .8}}},
     .collective = {4.6, .31, 6.2, .75},
     .energy = {.5, 90}},
    {.generation = "blackwell-rtx",
     .processors = 188,
     .gemm = {{{}, {.77, .98, 2.6, 2, .15}, {.68, .88, 8.3, 3.2, .86}, {}, {.62, .77, 6.4, 6.3, 1}}},
     .attention = {.57, .35, .27, 1.04, 6.2, 1.15, 8.6, .16, .56},
     .experts = {{{}, {.36, .88, 21, 2.2, 25, 2.5}, {.22, .86, 37, 1.6, 16, 4.4}, {}, {.66, 1.48, 45, 1, 113, 2.4}}},
     .collective = {.5, 3.9, 5, .43},
     .energy = {.9, 130}},
}};

/// For a chip without published tables of kernels: shares that most chips reach with their makers' libraries. Assumed.
constexpr KernelCoefficients assumed(std::string_view generation, double processors, EnergyCoefficients energy) {
  constexpr GemmCoefficients kGemm = {.65, .75, 5, 2, .5};
  constexpr ExpertCoefficients kExperts = {.35, .75, 40, 1.5, 10, 5};
  return {.generation = generation,
          .is_assumed = true,
          .processors = processors,
          .gemm = {kGemm, kGemm, kGemm, kGemm, kGemm},
          .attention = {.5, .35, .4, .4, 12, .85, 12, 1, .4},
          .experts = {kExperts, kExperts, kExperts, kExperts, kExperts},
          .collective = {6, .3, 10, .6},
          .energy = energy};
}

constexpr std::array kAssumed = {
    assumed("cdna3", 304, {.5, 110}),  assumed("cdna4", 256, {.45, 100}), assumed("tpu-v5e", 16, {.8, 120}),
    assumed("tpu-v5p", 16, {.8, 120}), assumed("tpu-v6e", 16, {.3, 100}), assumed("tpu-v7", 16, {.3, 80}),
    assumed("gaudi2", 24, {1, 120}),   assumed("gaudi3", 64, {.4, 110}),  assumed("trainium2", 64, {.6, 100}),
    assumed("rngd", 64, {.5, 70}),     assumed("rebel", 64, {.4, 80}),    assumed("atom", 64, {1, 200})};

constexpr auto kAllKernels = [] {
  std::array<KernelCoefficients, kKernels.size() + kAssumed.size()> all = {};
  std::ranges::copy(kAssumed, std::ranges::copy(kKernels, all.begin()).out);
  return all;
}();

/// Fitted on Hopper's half of the rows, see docs/serving-model.md; "tensorrt" is assumed: a C++ runtime and graphs.
constexpr std::array<EngineCoefficients, 4> kFittedEngines = {{
    {"vllm", "hopper", 0, 2, 38, 12, 650, 1500, 2000},
    {"sglang", "hopper", 1300, 2, 14, 0, 300, 80000, 6000},
    {"trtllm", "hopper", 550, 2, 17, 0, 640, 7700, 7800},
    {"tensorrt", "hopper", 300, 1, 2, 6, 0, 10000, 6000},
}};

constexpr bool is_nvidia(std::string_view generation) {
  constexpr std::array<std::string_view, 6> kNvidia = {"ampere",    "ada",           "hopper",
                                                       "blackwell", "blackwell-rtx", "rubin"};
  return std::ranges::find(kNvidia, generation) != kNvidia.end();
}

constexpr bool runs_on(std::string_view engine, std::string_view generation) {
  return is_nvidia(generation) || (engine != "trtllm" && engine != "tensorrt");
}

constexpr std::size_t kEngineCount = [] {
  std::size_t count = 0;
  for (const KernelCoefficients& k : kAllKernels) {
    for (const EngineCoefficients& e : kFittedEngines) count += runs_on(e.engine, k.generation) ? 1 : 0;
  }
  return count;
}();

/// The overhead is the host's, which is of a kind beside all accelerators: other generations take over Hopper's.
constexpr auto kEngines = [] {
  std::array<EngineCoefficients, kEngineCount> all = {};
  std::size_t i = 0;
  for (const KernelCoefficients& k : kAllKernels) {
    for (EngineCoefficients e : kFittedEngines) {
      if (!runs_on(e.engine, k.generation)) continue;
      e.generation = k.generation;
      all[i++] = e;
    }
  }
  return all;
}();

}  // namespace

std::span<const KernelCoefficients> kernel_coefficients() {
  return kAllKernels;
}

std::span<const EngineCoefficients> engine_coefficients() {
  return kEngines;
}

const KernelCoefficients* find_kernels(std::string_view generation) {
  const auto* const found = std::ranges::find(kAllKernels, generation, &KernelCoefficients::generation);
  return found == kAllKernels.end() ? nullptr : found;
}

const EngineCoefficients* find_engine(std::string_view engine, std::string_view generation) {
  const auto* const found = std::ranges::find_if(
      kEngines, [&](const EngineCoefficients& e) { return e.engine == engine && e.generation == generation; });
  return found == kEngines.end() ? nullptr : found;
}

}  // namespace beltline::perf
