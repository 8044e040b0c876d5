// Typed columns with names and units: what every later step of the program speaks.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/failure.h"

namespace beltline {

struct Column {
  std::string name;  // snake_case, no unit in it
  std::string unit;  // "MW", "USD", "" for text and counts
  std::variant<std::vector<double>, std::vector<int64_t>, std::vector<std::string>> values;
  std::string description;

  [[nodiscard]] std::size_t size() const;
  [[nodiscard]] const std::vector<double>& numbers() const { return std::get<std::vector<double>>(values); }
  [[nodiscard]] const std::vector<int64_t>& integers() const { return std::get<std::vector<int64_t>>(values); }
  [[nodiscard]] const std::vector<std::string>& texts() const { return std::get<std::vector<std::string>>(values); }
};

struct Table {
  std::string name;   // file stem: "build"
  std::string title;  // one line for people
  std::vector<Column> columns;

  [[nodiscard]] std::size_t row_count() const { return columns.empty() ? 0 : columns.front().size(); }
  /// The column of this name; a Bug if there is none.
  [[nodiscard]] const Column& column(std::string_view column_name) const;
  [[nodiscard]] const Column* find(std::string_view column_name) const;

  Column& add_numbers(std::string column_name, std::string unit, std::string description = {});
  Column& add_integers(std::string column_name, std::string unit, std::string description = {});
  Column& add_texts(std::string column_name, std::string description = {});
};

/// RFC 4180; the header is `name [unit]`; doubles in the shortest form that reads back to the same bits.
std::string to_csv(const Table& table);
/// {"name", "title", "columns": [{"name", "unit", "description"}], "rows": [[…]]}; NaN and infinities as null.
std::string to_json(const Table& table);
Outcome<Table> table_from_csv(std::string_view text, std::string name);

/// Parquet bytes with zstd pages, page checksums, and each column's unit and description in its field metadata.
Outcome<std::string> to_parquet(const Table& table);
/// Reads with page checksums verified: a flipped bit is a Failure, never a wrong number.
Outcome<Table> table_from_parquet(std::string bytes, std::string name);

/// Text table for a terminal, at most `row_count_max` rows, numbers aligned right.
std::string to_text(const Table& table, std::size_t row_count_max = 40);

}  // namespace beltline
