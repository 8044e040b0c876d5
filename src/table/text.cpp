// Tables for a terminal.
#include "base/text.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "table/cells.h"
#include "table/table.h"

namespace beltline {

namespace {

constexpr int kDigitsShown = 5;  // significant digits of a column's largest number

// One code point from valid UTF-8 (as printable() leaves it), and its length in bytes.
std::pair<uint32_t, std::size_t> decode(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) { return static_cast<uint32_t>(static_cast<unsigned char>(text[at + i])); };
  const uint32_t first = byte(0);
  if (first < 0x80) return {first, 1};
  if (first < 0xE0) return {(first & 0x1F) << 6 | (byte(1) & 0x3F), 2};
  if (first < 0xF0) return {(first & 0x0F) << 12 | (byte(1) & 0x3F) << 6 | (byte(2) & 0x3F), 3};
  return {(first & 0x07) << 18 | (byte(1) & 0x3F) << 12 | (byte(2) & 0x3F) << 6 | (byte(3) & 0x3F), 4};
}

// Marks that a terminal draws over the letter before them, joiners and variation selectors: no cell of their own.
bool takes_no_cell(uint32_t point) {
  constexpr std::pair<uint32_t, uint32_t> kRanges[] = {
      {0x0300, 0x036F}, {0x0483, 0x0489}, {0x0591, 0x05BD}, {0x064B, 0x065F}, {0x0E34, 0x0E3A},
      {0x1160, 0x11FF}, {0x1AB0, 0x1AFF}, {0x1DC0, 0x1DFF}, {0x200B, 0x200F}, {0x2060, 0x2064},
      {0x20D0, 0x20FF}, {0xFE00, 0xFE0F}, {0xFE20, 0xFE2F}, {0xFEFF, 0xFEFF}, {0xE0000, 0xE01EF}};
  return std::ranges::any_of(kRanges, [&](const auto& range) { return point >= range.first && point <= range.second; });
}

// Terminal cells of a code point: 2 for Hangul, Han, Kana, full-width forms and emoji (the blocks of UAX #11 that names
// use).
std::size_t cells_of(uint32_t point) {
  if (point < 0x0300) return 1;
  if (takes_no_cell(point)) return 0;
  const bool wide = (point >= 0x1100 && point <= 0x115F) || (point >= 0x2E80 && point <= 0xA4CF) ||
                    (point >= 0xAC00 && point <= 0xD7A3) || (point >= 0xF900 && point <= 0xFAFF) ||
                    (point >= 0xFE30 && point <= 0xFE6F) || (point >= 0xFF00 && point <= 0xFF60) ||
                    (point >= 0xFFE0 && point <= 0xFFE6) || (point >= 0x1F300 && point <= 0x1F64F) ||
                    (point >= 0x1F680 && point <= 0x1F6FF) || (point >= 0x1F900 && point <= 0x1F9FF) ||
                    (point >= 0x20000 && point <= 0x3FFFD);
  return wide ? 2 : 1;
}

// Texts come from scenario files: control characters would let them rewrite the terminal.
std::string shown(const std::string& text) {
  return printable(text, 200);
}

// 1234567.5 → 1,234,567.5; four digits stay as they are, so that years look like years.
std::string group_thousands(std::string digits) {
  const std::size_t start = digits.starts_with('-') ? 1 : 0;
  std::size_t end = std::min(digits.find('.'), digits.size());
  if (end - start < 5) return digits;
  for (; end > start + 3; end -= 3) digits.insert(end - 3, ",");
  return digits;
}

std::string number_text(double value, int decimals) {
  if (std::isnan(value)) return "nan";
  if (value == 0) return fmt::format("{:.{}f}", 0.0, decimals);
  // a number that the column's decimals would show as 0, or that has no readable plain form, keeps its exponent
  const double magnitude = std::abs(value);
  if (!std::isfinite(value) || magnitude >= 1e15 || magnitude < std::pow(10.0, -decimals)) {
    return fmt::format("{:.3g}", value);
  }
  return group_thousands(fmt::format("{:.{}f}", value, decimals));
}

struct TextColumn {
  std::vector<std::string> cells;  // header first
  bool right = false;
  std::size_t width = 0;
};

TextColumn text_column(const Column& column, std::size_t row_count) {
  TextColumn out;
  out.right = !std::holds_alternative<std::vector<std::string>>(column.values);
  out.cells.push_back(shown(header_text(column)));
  const int decimals = column.values.index() == 0 ? decimals_shown(column.numbers(), row_count) : 0;
  for (std::size_t row = 0; row < row_count; ++row) {
    switch (column.values.index()) {
      case 0: out.cells.push_back(number_text(column.numbers()[row], decimals)); break;
      case 1: out.cells.push_back(group_thousands(std::to_string(column.integers()[row]))); break;
      default: out.cells.push_back(shown(column.texts()[row]));
    }
  }
  for (const std::string& cell : out.cells) out.width = std::max(out.width, display_width(cell));
  return out;
}

void append_line(std::string& out, const std::vector<TextColumn>& columns, std::size_t line) {
  std::string text;
  for (const TextColumn& column : columns) {
    const std::string& cell = column.cells[line];
    const std::string padding(column.width - display_width(cell), ' ');
    if (!text.empty()) text += "  ";
    text += column.right ? padding + cell : cell + padding;
  }
  text.erase(text.find_last_not_of(' ') + 1);
  out += text + "\n";
}

}  // namespace

std::size_t display_width(std::string_view text) {
  std::size_t width = 0;
  for (std::size_t at = 0; at < text.size();) {
    const auto [point, length] = decode(text, at);
    width += cells_of(point);
    at += length;
  }
  return width;
}

int decimals_shown(const std::vector<double>& values, std::size_t row_count) {
  double largest = 0;
  bool whole = true;
  for (std::size_t row = 0; row < row_count; ++row) {
    if (!std::isfinite(values[row])) continue;
    largest = std::max(largest, std::abs(values[row]));
    whole = whole && values[row] == std::trunc(values[row]);
  }
  if (whole || largest == 0) return 0;
  return std::clamp(kDigitsShown - 1 - static_cast<int>(std::floor(std::log10(largest))), 0, 8);
}

std::string to_text(const Table& table, std::size_t row_count_max) {
  check_shape(table);
  const std::size_t row_count = std::min(table.row_count(), row_count_max);
  std::vector<TextColumn> columns;
  for (const Column& column : table.columns) columns.push_back(text_column(column, row_count));
  std::string out = table.title.empty() ? "" : shown(table.title) + "\n";
  if (columns.empty()) return out;
  append_line(out, columns, 0);
  std::string rule;
  for (const TextColumn& column : columns) rule += (rule.empty() ? "" : "  ") + std::string(column.width, '-');
  out += rule + "\n";
  for (std::size_t row = 0; row < row_count; ++row) append_line(out, columns, row + 1);
  if (row_count < table.row_count()) {
    out += fmt::format("({} of {} rows shown)\n", row_count, table.row_count());
  }
  return out;
}

}  // namespace beltline
