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
     .gemm = {{{}, {.80, .83, 3.3, 2.8, .2}, {.58, .82, 7, 2.2, .7}, {.58, .82, 7, 2.2, .7}, {}}},
     .attention = {.62, .39, .25, .45, 12, .91, 10, 2, .7},
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

constexpr std::array<EngineCoefficients, 20> kEngines = {{
    {"vllm", "hopper", 0, 29, 12, 920, 900, 2000},
    {"sglang", "hopper", 650, 6.4, 1.2, 300, 20000, 5600},
    {"tensorrt", "hopper", 300, 0.25, 4, 0, 700, 5300},
    {"trtllm", "hopper", 500, 0.25, 6, 1100, 700, 5300},
    {"vllm", "ampere", 0, 29, 12, 920, 900, 2000},
    {"sglang", "ampere", 650, 6.4, 1.2, 300, 20000, 5600},
    {"tensorrt", "ampere", 300, 0.25, 4, 0, 700, 5300},
    {"trtllm", "ampere", 500, 0.25, 6, 1100, 700, 5300},
    {"vllm", "ada", 0, 29, 12, 920, 900, 2000},
    {"sglang", "ada", 650, 6.4, 1.2, 300, 20000, 5600},
    {"tensorrt", "ada", 300, 0.25, 4, 0, 700, 5300},
    {"trtllm", "ada", 500, 0.25, 6, 1100, 700, 5300},
    {"vllm", "blackwell", 0, 29, 12, 920, 900, 2000},
    {"sglang", "blackwell", 650, 6.4, 1.2, 300, 20000, 5600},
    {"tensorrt", "blackwell", 300, 0.25, 4, 0, 700, 5300},
    {"trtllm", "blackwell", 500, 0.25, 6, 1100, 700, 5300},
    {"vllm", "blackwell-rtx", 0, 29, 12, 920, 900, 2000},
    {"sglang", "blackwell-rtx", 650, 6.4, 1.2, 300, 20000, 5600},
    {"tensorrt", "blackwell-rtx", 300, 0.25, 4, 0, 700, 5300},
    {"trtllm", "blackwell-rtx", 500, 0.25, 6, 1100, 700, 5300},
}};

}  // namespace

std::span<const KernelCoefficients> kernel_coefficients() {
  return kKernels;
}

std::span<const EngineCoefficients> engine_coefficients() {
  return kEngines;
}

const KernelCoefficients* find_kernels(std::string_view generation) {
  const auto* const found = std::ranges::find(kKernels, generation, &KernelCoefficients::generation);
  return found == kKernels.end() ? nullptr : found;
}

const EngineCoefficients* find_engine(std::string_view engine, std::string_view generation) {
  const auto* const found = std::ranges::find_if(
      kEngines, [&](const EngineCoefficients& e) { return e.engine == engine && e.generation == generation; });
  return found == kEngines.end() ? nullptr : found;
}

}  // namespace beltline::perf
