#include "serving/traffic_row.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include <fmt/format.h>

#include "base/diagnostic_codes.h"
#include "base/text.h"
#include "serving/traffic.h"

namespace beltline::serving {
namespace {

__extension__ using Int128 = __int128;

std::string_view trimmed(std::string_view text) {
  const auto is_blank = [](char c) { return c == ' ' || c == '\t'; };
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

void add_cell_fault(const TraceCell& cell, std::string_view what, RowFaults& faults, Diagnostic diagnostic) {
  diagnostic.origin = cell.origin();
  diagnostic.found = cell.text.empty() ? "nothing" : fmt::format("'{}'", printable(cell.text, 40));
  diagnostic.message = fmt::format("{} {}", what, diagnostic.message);
  faults.push_back(std::move(diagnostic));
}

/// "12.345" as its value times 10^9, digits beyond the ninth cut off; nothing where it is no plain decimal that fits.
std::optional<Int128> read_nano(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  Int128 value = 0;
  int decimals = -1;
  bool has_digit = false;
  for (const char c : text) {
    if (c == '.' && decimals < 0) {
      decimals = 0;
      continue;
    }
    if (c < '0' || c > '9') return std::nullopt;
    has_digit = true;
    if (decimals >= 9) continue;
    value = value * 10 + (c - '0');
    if (decimals >= 0) ++decimals;
    if (value > static_cast<Int128>(1) << 100) return std::nullopt;
  }
  if (!has_digit) return std::nullopt;
  for (int i = std::max(decimals, 0); i < 9; ++i) value *= 10;
  return negative ? -value : value;
}

}  // namespace

bool cut_cells(std::string_view line, std::vector<TraceCell>& cells) {
  cells.clear();
  std::size_t at = 0;
  while (true) {
    if (at < line.size() && line[at] == '"') {
      std::size_t end = at + 1;
      while (true) {
        end = line.find('"', end);
        if (end == std::string_view::npos) return false;
        if (end + 1 >= line.size() || line[end + 1] != '"') break;
        end += 2;
      }
      cells.push_back({line.substr(at + 1, end - at - 1), static_cast<uint32_t>(at + 2)});
      at = line.find(',', end);
    } else {
      const std::size_t comma = line.find(',', at);
      const std::string_view cell = line.substr(at, comma == std::string_view::npos ? comma : comma - at);
      const std::string_view text = trimmed(cell);
      const std::size_t begin = text.empty() ? at : static_cast<std::size_t>(text.data() - line.data());
      cells.push_back({text, static_cast<uint32_t>(begin + 1)});
      at = comma;
    }
    if (at == std::string_view::npos) return true;
    ++at;
  }
}

TraceColumns::TraceColumns(std::string_view header, std::span<const std::string_view> wanted) : at_(wanted.size(), -1) {
  cut_cells(header, cells_);
  count_ = cells_.size();
  for (std::size_t i = 0; i < cells_.size(); ++i) {
    const auto found = std::ranges::find(wanted, cells_[i].text);
    if (found == wanted.end()) {
      others_.emplace_back(printable(cells_[i].text));
    } else {
      at_[static_cast<std::size_t>(found - wanted.begin())] = static_cast<int>(i);
    }
  }
}

bool TraceColumns::cut(std::string_view line, RowFaults& faults) {
  if (!cut_cells(line, cells_)) {
    faults.push_back({.code = Code::file_syntax,
                      .origin = {.column = static_cast<uint32_t>(line.find('"') + 1)},
                      .message = "a quote has no end on its line",
                      .help = "close it, or leave it out"});
    return false;
  }
  if (cells_.size() == count_) return true;
  faults.push_back({.code = Code::csv_short_row,
                    .origin = {.column = 1, .length = static_cast<uint32_t>(std::max<std::size_t>(line.size(), 1))},
                    .message = "the row does not fit the header",
                    .found = fmt::format("{} cells", cells_.size()),
                    .expected = fmt::format("{} cells", count_),
                    .help = "give each column of the header a cell"});
  return false;
}

int64_t read_tokens(const TraceCell& cell, std::string_view what, RowFaults& faults) {
  int64_t value = 0;
  const char* const end = cell.text.data() + cell.text.size();
  auto [stop, error] = std::from_chars(cell.text.data(), end, value);
  bool is_whole = error == std::errc() && stop == end;
  double real = 0;
  if (!is_whole) {
    const auto [real_stop, real_error] = std::from_chars(cell.text.data(), end, real);
    const bool is_number = real_error == std::errc() && real_stop == end && std::isfinite(real);
    if (!is_number) {
      add_cell_fault(cell, what, faults,
                     {.code = Code::csv_bad_value,
                      .message = "is no number",
                      .expected = "a whole number of tokens",
                      .help = "write a number such as 374"});
      return 0;
    }
    is_whole = real == std::floor(real);
    value = std::abs(real) < 1e15 ? static_cast<int64_t>(real) : (real < 0 ? -1 : kTokensMax + 1);
  }
  if (value < 0) {
    add_cell_fault(cell, what, faults,
                   {.code = Code::out_of_range,
                    .message = "is negative",
                    .expected = "a number of tokens, at least 1",
                    .help = "repair the row, or leave such rows out and count them: --on-fault skip"});
    return 0;
  }
  if (!is_whole) {
    add_cell_fault(cell, what, faults,
                   {.code = Code::csv_bad_value,
                    .message = "is no whole number",
                    .expected = "a whole number of tokens",
                    .help = "write a number such as 374"});
    return 0;
  }
  if (value > kTokensMax) {
    add_cell_fault(cell, what, faults,
                   {.code = Code::out_of_range,
                    .message = "is beyond any prompt",
                    .expected = fmt::format("at most {} tokens", kTokensMax),
                    .help = "look whether the columns have changed places"});
    return 0;
  }
  return value;
}

int32_t read_priority(const TraceCell& cell, RowFaults& faults) {
  int32_t value = -1;
  const char* const end = cell.text.data() + cell.text.size();
  const auto [stop, error] = std::from_chars(cell.text.data(), end, value);
  if (error == std::errc() && stop == end && value >= 0 && value <= kPriorityMax) return value;
  add_cell_fault(cell, "priority", faults,
                 {.code = Code::csv_bad_value,
                  .message = "is no priority",
                  .expected = fmt::format("a whole number from 0 to {}", kPriorityMax),
                  .help = "write 0 for who goes first"});
  return 0;
}

int64_t read_time(const TraceCell& cell, std::string_view what, int64_t unit_ns, RowFaults& faults) {
  constexpr Int128 kMax = static_cast<Int128>(1) << 62;
  constexpr int64_t kNano = 1'000'000'000;
  Int128 nano = 0;
  bool good = false;
  if (const auto plain = read_nano(cell.text)) {
    nano = *plain;
    good = true;
  } else {
    double real = 0;
    const char* const end = cell.text.data() + cell.text.size();
    const auto [stop, error] = std::from_chars(cell.text.data(), end, real);
    good = error == std::errc() && stop == end && std::isfinite(real) && std::abs(real) < 1e18;
    if (good) nano = static_cast<Int128>(real * 1e9);
  }
  // value · unit: the nano part is exact, since units divide a second
  const Int128 time = unit_ns == kNano ? nano : nano / (kNano / unit_ns);
  if (good && time < kMax && time > -kMax) return static_cast<int64_t>(time);
  add_cell_fault(cell, what, faults,
                 {.code = Code::csv_bad_value,
                  .message = "is no time",
                  .expected = unit_ns == kNano ? "seconds, such as 12.5" : "a number, such as 12500",
                  .help = "write the time as a plain number"});
  return 0;
}

}  // namespace beltline::serving
