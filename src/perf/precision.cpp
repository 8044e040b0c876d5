#include "perf/precision.h"

#include <algorithm>

namespace beltline::perf {

std::optional<Precision> precision_of(std::string_view name) {
  if (name == "fp16" || name == "half" || name == "float16" || name == "bfloat16") return Precision::bf16;
  if (name == "nvfp4" || name == "mxfp4") return Precision::fp4;
  if (name == "fp8_block") return Precision::fp8;
  const auto* const found = std::ranges::find(kPrecisionNames, name);
  if (found == kPrecisionNames.end()) return std::nullopt;
  return static_cast<Precision>(found - kPrecisionNames.begin());
}

}  // namespace beltline::perf
