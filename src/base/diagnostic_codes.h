// Every diagnostic code with one line of meaning. Codes are never reused.
#pragma once

#include <array>

#include "base/diagnostic.h"

namespace beltline {

enum class Code : uint16_t {
  // files
  file_unreadable = 1,
  file_empty = 2,
  file_too_large = 3,
  file_not_utf8 = 4,
  file_nul_byte = 5,
  file_too_deep = 6,
  file_syntax = 7,
  include_outside = 8,
  include_cycle = 9,
  include_unknown_kind = 10,
  too_many = 11,
  bad_override = 12,
  // CSV and Parquet
  csv_short_row = 20,
  csv_bad_header = 21,
  csv_missing_column = 22,
  csv_bad_value = 23,
  parquet_unreadable = 24,
  // keys and values
  unknown_section = 100,
  unknown_key = 101,
  missing_key = 102,
  wrong_type = 103,
  out_of_range = 104,
  not_finite = 105,
  unknown_unit = 106,
  wrong_dimension = 107,
  duplicate_name = 108,
  dangling_reference = 109,
  bad_choice = 110,
  bad_month = 111,
  bad_name = 112,
  range_order = 113,
  series_length = 114,
  unknown_currency = 115,
  // meaning
  outside_horizon = 200,
  negative_lead = 201,
  bad_yield = 202,
  gain_loop = 203,
  grain_mismatch = 204,
  missing_section = 205,
  inconsistent = 206,
  unused = 207,
  // model
  empty_window = 300,
  bad_model = 301,
};

struct CodeMeaning {
  Code code;
  const char* meaning;
};

inline constexpr auto kDiagnosticCodes = std::to_array<CodeMeaning>({
    {Code::file_unreadable, "a file or folder cannot be read"},
    {Code::file_empty, "a file holds nothing"},
    {Code::file_too_large, "a file is larger than the limit of its kind"},
    {Code::file_not_utf8, "a file is not valid UTF-8"},
    {Code::file_nul_byte, "a file holds a NUL byte"},
    {Code::file_too_deep, "values or keys are nested deeper than the limit"},
    {Code::file_syntax, "the text is not TOML, CSV or JSON as its name promises"},
    {Code::include_outside, "an include leaves the scenario folder, by path or by link"},
    {Code::include_cycle, "a file includes itself, directly or through others"},
    {Code::include_unknown_kind, "an included file is neither TOML nor CSV, or its name fits no section"},
    {Code::too_many, "more entries, rows or values than the limit"},
    {Code::bad_override, "an override of the command line is not PATH=VALUE, or its path leads nowhere"},
    {Code::csv_short_row, "a CSV row has fewer or more cells than the header"},
    {Code::csv_bad_header, "a CSV header repeats, lacks or malforms a column"},
    {Code::csv_missing_column, "a named column is not in the file"},
    {Code::csv_bad_value, "a CSV cell cannot be read as its column's kind"},
    {Code::parquet_unreadable, "a Parquet file is damaged or of an unknown form"},
    {Code::unknown_section, "no section has this name"},
    {Code::unknown_key, "the section has no such key"},
    {Code::missing_key, "a required key is absent"},
    {Code::wrong_type, "a value has the wrong type"},
    {Code::out_of_range, "a value lies outside its permitted range"},
    {Code::not_finite, "a number is NaN or infinite, or too large to hold"},
    {Code::unknown_unit, "a unit is not known"},
    {Code::wrong_dimension, "a unit has the wrong dimension"},
    {Code::duplicate_name, "two entries have the same name"},
    {Code::dangling_reference, "a name refers to nothing"},
    {Code::bad_choice, "a word is not one of the choices"},
    {Code::bad_month, "a month is not written as YYYY-MM"},
    {Code::bad_name, "a name holds characters that names may not have"},
    {Code::range_order, "a range is not low <= mode <= high"},
    {Code::series_length, "a series has the wrong number of values"},
    {Code::unknown_currency, "a currency or price year is not in the money table"},
    {Code::outside_horizon, "a date lies outside the horizon"},
    {Code::negative_lead, "a lead time is negative"},
    {Code::bad_yield, "a yield lies outside (0, 1]"},
    {Code::gain_loop, "a loop of processes makes something from nothing"},
    {Code::grain_mismatch, "a rate meets an amount where they cannot"},
    {Code::missing_section, "a section that others need is absent"},
    {Code::inconsistent, "two values contradict each other"},
    {Code::unused, "an entry has no effect"},
    {Code::empty_window, "a window of months is empty"},
    {Code::bad_model, "the network cannot be planned as written"},
});

}  // namespace beltline
