// CSV text (RFC 4180) with the place of every cell.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.h"

namespace beltline {

/// A cell as a stretch of the file's text; 20 bytes, because a file may hold millions.
struct CsvCell {
  uint32_t offset = 0;
  uint32_t length = 0;
  uint32_t line = 1;
  uint32_t column = 1;
  bool quoted = false;  // `offset` and `length` are what stands between the quotes, "" not yet read as "
};

/// A column's header `key [unit]`.
struct CsvHeader {
  std::string key;
  std::string unit;
  bool has_unit = false;
  Origin origin;
};

/// A CSV file cut into cells. Lines that start with # and blank lines are skipped; every row fits the header.
struct CsvTable {
  int32_t file = -1;
  std::string_view text;  // of the file; must outlive the table
  std::vector<CsvHeader> header;
  std::vector<CsvCell> cells;  // [row, column]

  [[nodiscard]] std::size_t row_count() const { return header.empty() ? 0 : cells.size() / header.size(); }
  [[nodiscard]] const CsvCell& cell(std::size_t row, std::size_t column) const {
    return cells[row * header.size() + column];
  }
  [[nodiscard]] std::string value(const CsvCell& cell) const;
  [[nodiscard]] Origin origin(const CsvCell& cell) const;
  /// Index of the column of that key, or npos.
  [[nodiscard]] std::size_t find(std::string_view key) const;
};

/// Cuts and checks a file; rows at fault are left out and reported, all of them.
/// @errors BL0007 a quote without end, BL0020 a row of another length, BL0021 the header, BL0011 too many cells
/// @returns nothing if there is no usable header
std::optional<CsvTable> parse_csv(std::string_view text, int32_t file, Diagnostics& diagnostics);

}  // namespace beltline
