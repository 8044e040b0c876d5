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

/// Columns of equal length; the writers below take anything else for a Bug.
struct Table {
  std::string name;   // file stem: "build"
  std::string title;  // one line for people
  std::vector<Column> columns;

  [[nodiscard]] std::size_t row_count() const { return columns.empty() ? 0 : columns.front().size(); }
  /// The column of this name; a Bug if there is none.
  [[nodiscard]] const Column& column(std::string_view column_name) const;
  [[nodiscard]] const Column* find(std::string_view column_name) const;

  /// Adds an empty column at the end. The reference lasts until the next column is added.
  Column& add_numbers(std::string column_name, std::string unit, std::string description = {});
  Column& add_integers(std::string column_name, std::string unit, std::string description = {});
  Column& add_texts(std::string column_name, std::string description = {});
};

/// RFC 4180; the header is `name [unit]`; doubles in the shortest form that reads back to the same value, NaN as "nan".
/// A text that would read back as a number, or as nothing, is quoted. A text or header that a spreadsheet would take
/// for a formula (it begins with = + - @, their full-width forms, a tab or a line end, blanks apart) is quoted and gets
/// an apostrophe before it, which table_from_csv takes off again.
std::string to_csv(const Table& table);
/// A workbook of one sheet (ECMA-376): a bold, frozen header `name [unit]`, numbers with the decimals that to_text
/// shows them with, and texts that no spreadsheet takes for a formula. The same table gives the same bytes.
/// @errors more than 1,048,575 rows, 16,384 columns, or 32,767 UTF-16 units in a text: what a sheet holds
Outcome<std::string> to_xlsx(const Table& table);
/// {"name", "title", "columns": [{"name", "unit", "description"}], "rows": [[…]]}; NaN and infinities as null.
std::string to_json(const Table& table);
/// Reads RFC 4180 with LF or CRLF, with or without a byte order mark; blank lines are skipped.
///
/// A column with a unit holds numbers: a cell that is none is a Failure. A column without one holds integers if every
/// cell is one as JSON writes it, else numbers if every cell is one, else texts; a quoted cell is a text.
/// @errors with line and column of the file: a row of another length, a bad quote, a repeated or empty header cell, a
///         cell that is not a number or is out of a double's range, bytes that are not UTF-8; more than 2,000 columns
///         or 4 million cells
Outcome<Table> table_from_csv(std::string_view text, std::string name);

/// Parquet bytes with zstd pages, page checksums, and each column's unit and description in its field metadata. The
/// same table gives the same bytes. The title and a SHA-256 of the whole content lie in the schema metadata.
Outcome<std::string> to_parquet(const Table& table);
/// Reads with page checksums and, in files that to_parquet wrote, the content's SHA-256 verified: a flipped bit is a
/// Failure, never a wrong number. Other programs' files may hold float, double, signed and small unsigned integers and
/// UTF-8 strings; null is NaN among floats and a Failure elsewhere.
///
/// @param memory_bytes_max  what reading may allocate besides `bytes`; 0 stands for 64 MB + 3 × the file's size
/// @errors damaged or hostile bytes, unsupported types, more than 2,000 columns, more memory than permitted
Outcome<Table> table_from_parquet(std::string bytes, std::string name, std::size_t memory_bytes_max = 0);

/// Text table for a terminal, at most `row_count_max` rows, numbers aligned right.
std::string to_text(const Table& table, std::size_t row_count_max = 40);

}  // namespace beltline
