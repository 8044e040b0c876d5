// Offsets and code points of a text → line and column in bytes.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/diagnostic.h"

namespace beltline {

/// Line and column of a byte offset; counts from the start of the text.
Origin place_at(std::string_view text, std::size_t offset, int32_t file);

/// Turns positions that count code points (as toml++ gives them) into byte offsets. Long lines are marked every 64
/// code points, so that a line of four megabytes with a hundred thousand values does not take their product.
class CodePointMap {
 public:
  explicit CodePointMap(std::string_view text);

  /// Byte offset of line and column, both from 1; past the end of the line gives its end.
  [[nodiscard]] std::size_t offset(uint32_t line, uint32_t column) const;
  [[nodiscard]] std::size_t line_start(uint32_t line) const;

 private:
  static constexpr uint32_t kStride = 64;

  std::string_view text_;
  std::vector<std::size_t> lines_;                 // [line] byte offset
  std::vector<std::vector<std::size_t>> strides_;  // [line][column / kStride] byte offset; empty for ASCII lines
};

}  // namespace beltline
