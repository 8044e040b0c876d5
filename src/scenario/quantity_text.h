// "120 MW" → 120 and "MW".
#pragma once

#include <cstdint>
#include <expected>
#include <string_view>

namespace beltline {

/// A number and what follows it.
struct NumberAndUnit {
  double number = 0;
  std::string_view unit;  // may be empty
};

enum class NumeralFault : uint8_t {
  not_a_number,
  not_finite,  // NaN, an infinity, or beyond what a double holds
  comma,       // 1,000: a decimal comma or a thousands separator, nobody knows
  too_long,
};

/// Reads the number at the start of `text`: [+-] digits [. digits] [e [+-] digits], underscores between digits allowed.
std::expected<NumberAndUnit, NumeralFault> split_quantity(std::string_view text);

}  // namespace beltline
