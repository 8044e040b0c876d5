// How single cells are written and read: shared by the CSV, JSON, text and XLSX forms.
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "table/table.h"

namespace beltline {

/// Appends the shortest decimal that reads back to the same double; "nan", "inf", "-inf" for the others.
void append_shortest(std::string& out, double value);
void append_integer(std::string& out, int64_t value);

/// An integer in its only canonical form: "-12", not "+12", "-0" or "012".
std::optional<int64_t> parse_integer(std::string_view text);

enum class NumberFault { not_a_number, out_of_range };
/// A number as JSON writes it, or "nan", "inf", "-inf". "1e999" and "1e-999" are out of the range of a double.
std::expected<double, NumberFault> parse_number(std::string_view text);

/// "power [MW]": how a column is headed.
std::string header_text(const Column& column);

/// Decimals with which the first `row_count` numbers of a column are shown: enough for five digits of the largest, none
/// if all are whole.
int decimals_shown(const std::vector<double>& values, std::size_t row_count);

/// Cells of a terminal, or digits of a sheet, that a valid UTF-8 text is wide.
std::size_t display_width(std::string_view text);

/// A Bug unless all columns are equally long and their names differ.
void check_shape(const Table& table);

}  // namespace beltline
