// What engines' own kernels reach of a generation's peaks: coefficients fitted on published tables, with their errors.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "perf/coefficients.h"

namespace beltline::perf {

/// One row of data/efficiency/kernels.csv.
struct KernelFit {
  std::string generation;
  std::string engine;
  std::string kernel;  // "gemm", "prefill", "decode", "experts", "collective"
  Precision precision = Precision::bf16;
  std::size_t points = 0;
  double median_error = 0;  // of |equation / measured − 1|, over the points of the fit
  double p90_error = 0;
  double bias = 0;  // median of equation / measured − 1
};

/// All rows, in the order of the file. Read once; many threads may ask at a time.
std::span<const KernelFit> kernel_fits();

/// The set of the generation, and over it the attention, experts and collectives that were fitted on this engine's
/// tables. Products stay those of all engines, which call the same libraries; and on Hopper all does: the overheads of
/// engines were fitted there with these kernels, and would no longer fit others.
///
/// @returns  nullptr where find_kernels gives it: an unknown generation
const KernelCoefficients* find_kernels(std::string_view generation, std::string_view engine);

}  // namespace beltline::perf
