// Number formats of weights, activations and keys and values.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace beltline::perf {

enum class Precision : uint8_t { fp32, bf16, fp8, int8, fp4 };

inline constexpr std::size_t kPrecisionCount = 5;
inline constexpr std::array<std::string_view, kPrecisionCount> kPrecisionNames = {"fp32", "bf16", "fp8", "int8", "fp4"};

/// Bytes of one number as it lies in memory. fp4 has a scale of one byte for each 16 numbers (NVFP4).
constexpr double bytes_of(Precision precision) {
  constexpr std::array<double, kPrecisionCount> kBytes = {4, 2, 1, 1, 0.5 + 1.0 / 16};
  return kBytes[static_cast<std::size_t>(precision)];
}

constexpr std::string_view name_of(Precision precision) {
  return kPrecisionNames[static_cast<std::size_t>(precision)];
}

/// "fp16", "half", "float16" and "bfloat16" are bf16: the same bytes at the same rate.
std::optional<Precision> precision_of(std::string_view name);

}  // namespace beltline::perf
