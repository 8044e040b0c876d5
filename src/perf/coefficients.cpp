#include "perf/coefficients.h"

#include <algorithm>

namespace beltline::perf {

namespace {

// The order of precisions: fp32, bf16, fp8, int8, fp4.
constexpr std::array<KernelCoefficients, 5> kKernels = {{
    {.generation = "ampere",
     .processors = 108,
     .gemm = {{{}, {.82, .76, 5.1, 1.7, .13}, {}, {.87, .85, 11, 1.6, .57}, {}}},
     .attention = {.58, 0, .3, .45, 12, .76, 18, 1.1, .3},
     .experts =
         {{{}, {.23, .70, 40, 1, 1, 20}, {.23, .70, 45, 1, 1, 20}, {.23, .70, 45, 1, 1, 20}, {.30, .71, 45, 1, 1, 20}}},
     .collective = {4.8, .15, 8, .7},
     .energy = {1.2, 100}},
    {.generation = "ada",
     .processors = 142,
     .gemm = {{{}, {.75, .85, 3.0, 2, .2}, {.65, .85, 5, 2, .8}, {.65, .85, 5, 2, .8}, {}}},
     .attention = {.55, .42, .3, .9, 5, .93, 5, 0, .8},
     .experts = {{{}, {.30, .75, 25, 1.5, 16, 5}, {.30, .75, 25, 1.5, 16, 5}, {}, {.30, .70, 25, 1.5, 8, 5}}},
     .collective = {5.4, 3, 80, .55},
     .energy = {.7, 120}},
    {.generation = "hopper",
     .processors = 132,
     .gemm = {{{}, {.70, .83, 3.3, 2.8, .2}, {.64, .82, 7, 2.2, .7}, {.64, .82, 7, 2.2, .7}, {}}},
     .attention = {.56, .36, .25, .45, 12, .91, 10, 2, .7},
     .experts = {{{}, {.45, .85, 36, 1.6, 14, 3}, {.38, .84, 35, 2, 40, 6}, {}, {.30, .80, 45, 1.2, 4, 3}}},
     .collective = {3.2, .1, 5, .8},
     .energy = {.8, 140}},
    {.generation = "blackwell",
     .processors = 148,
     .gemm = {{{}, {.71, .77, 2.7, 3, .48}, {.53, .75, 8, 1.5, .8}, {}, {.46, .66, 6.5, 1.5, .95}}},
     .attention = {.55, .34, .6, .3, 14, .94, 9, .5, .75},
     .experts = {{{}, {.45, .9, 20, 1.8, 8, 2}, {.35, .85, 26, 1.5, 5, 2}, {}, {.40, .8, 22, 1.3, 5, 2}}},
     .collective = {5, .1, 7, .68},
     .energy = {.5, 90}},
    {.generation = "blackwell-rtx",
     .processors = 188,
     .gemm = {{{}, {.78, .87, 2.5, 2, .13}, {.71, .86, 5, 1.9, .8}, {}, {.6, .8, 6, 1.5, .9}}},
     .attention = {.58, .4, .3, .8, 7, .95, 6, .2, .8},
     .experts = {{{}, {.45, .8, 18, 1.8, 20, 5}, {.4, .79, 25, 2, 22, 5}, {}, {.5, .8, 40, 1.8, 60, 5}}},
     .collective = {4, 3, 30, .42},
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
          .attention = {.5, .3, .4, .4, 12, .85, 12, 1, .6},
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
    {"vllm", "hopper", 100, 40, 15, 900, 1200, 2000},
    {"sglang", "hopper", 1000, 16, 0, 300, 20000, 8000},
    {"trtllm", "hopper", 360, 1.9, 12, 1100, 500, 5300},
    {"tensorrt", "hopper", 300, 1, 6, 0, 500, 5300},
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
