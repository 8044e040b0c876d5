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
  // supply
  bill_loop = 600,
  alternates_above_one = 601,
  // actuals
  closed_month = 900,
};

struct CodeMeaning {
  Code code;
  const char* meaning;
  const char* meaning_ko;
};

inline constexpr auto kDiagnosticCodes = std::to_array<CodeMeaning>({
    {Code::file_unreadable, "a file or folder cannot be read", "파일이나 폴더를 읽을 수 없음"},
    {Code::file_empty, "a file holds nothing", "파일에 내용이 없음"},
    {Code::file_too_large, "a file is larger than the limit of its kind", "파일이 종류별 크기 한도를 넘음"},
    {Code::file_not_utf8, "a file is not valid UTF-8", "올바른 UTF-8이 아닌 파일"},
    {Code::file_nul_byte, "a file holds a NUL byte", "파일에 NUL 바이트가 있음"},
    {Code::file_too_deep, "values or keys are nested deeper than the limit", "값이나 키의 중첩이 한도보다 깊음"},
    {Code::file_syntax, "the text is not TOML, CSV or JSON as its name promises",
     "파일 이름에 맞는 TOML, CSV, JSON 문법이 아님"},
    {Code::include_outside, "an include leaves the scenario folder, by path or by link",
     "include가 경로나 링크로 시나리오 폴더를 벗어남"},
    {Code::include_cycle, "a file includes itself, directly or through others",
     "파일이 직접 또는 다른 파일을 거쳐 자신을 포함함"},
    {Code::include_unknown_kind, "an included file is neither TOML nor CSV, or its name fits no section",
     "포함한 파일이 TOML도 CSV도 아니거나, 이름에 맞는 섹션이 없음"},
    {Code::too_many, "more entries, rows or values than the limit", "항목, 행 또는 값의 수가 한도를 넘음"},
    {Code::bad_override, "an override of the command line is not PATH=VALUE, or its path leads nowhere",
     "명령줄의 --set이 PATH=VALUE 꼴이 아니거나 경로가 가리키는 것이 없음"},
    {Code::csv_short_row, "a CSV row has fewer or more cells than the header", "CSV 행의 칸 수가 머리글과 다름"},
    {Code::csv_bad_header, "a CSV header repeats, lacks or malforms a column",
     "CSV 머리글의 열이 중복되거나 빠졌거나 형식이 틀림"},
    {Code::csv_missing_column, "a named column is not in the file", "지정한 열이 파일에 없음"},
    {Code::csv_bad_value, "a CSV cell cannot be read as its column's kind", "CSV 칸을 그 열의 형식으로 읽을 수 없음"},
    {Code::parquet_unreadable, "a Parquet file is damaged or of an unknown form",
     "Parquet 파일이 손상되었거나 알 수 없는 형식임"},
    {Code::unknown_section, "no section has this name", "그런 이름의 섹션이 없음"},
    {Code::unknown_key, "the section has no such key", "섹션에 그런 키가 없음"},
    {Code::missing_key, "a required key is absent", "필수 키가 없음"},
    {Code::wrong_type, "a value has the wrong type", "값의 형식이 틀림"},
    {Code::out_of_range, "a value lies outside its permitted range", "값이 허용 범위를 벗어남"},
    {Code::not_finite, "a number is NaN or infinite, or too large to hold",
     "수가 NaN이나 무한대이거나 너무 커서 담을 수 없음"},
    {Code::unknown_unit, "a unit is not known", "알 수 없는 단위"},
    {Code::wrong_dimension, "a unit has the wrong dimension", "단위의 차원이 맞지 않음"},
    {Code::duplicate_name, "two entries have the same name", "같은 이름의 항목이 둘 있음"},
    {Code::dangling_reference, "a name refers to nothing", "가리키는 대상이 없는 이름"},
    {Code::bad_choice, "a word is not one of the choices", "선택지에 없는 단어"},
    {Code::bad_month, "a month is not written as YYYY-MM", "월을 YYYY-MM으로 적지 않음"},
    {Code::bad_name, "a name holds characters that names may not have", "이름에 쓸 수 없는 문자가 있음"},
    {Code::range_order, "a range is not low <= mode <= high", "범위가 low <= mode <= high 순서가 아님"},
    {Code::series_length, "a series has the wrong number of values", "계열의 값 개수가 맞지 않음"},
    {Code::unknown_currency, "a currency or price year is not in the money table",
     "통화 또는 가격 연도가 [money] 표에 없음"},
    {Code::outside_horizon, "a date lies outside the horizon", "날짜가 계획 기간을 벗어남"},
    {Code::negative_lead, "a lead time is negative", "리드타임이 음수임"},
    {Code::bad_yield, "a yield lies outside (0, 1]", "수율이 (0, 1]을 벗어남"},
    {Code::gain_loop, "a loop of processes makes something from nothing", "공정의 순환이 없는 것을 만들어 냄"},
    {Code::grain_mismatch, "a rate meets an amount where they cannot", "비율량과 수량을 섞을 수 없는 곳에서 섞음"},
    {Code::missing_section, "a section that others need is absent", "다른 섹션에 필요한 섹션이 없음"},
    {Code::inconsistent, "two values contradict each other", "두 값이 서로 모순됨"},
    {Code::unused, "an entry has no effect", "아무 효과가 없는 항목"},
    {Code::empty_window, "a window of months is empty", "월 구간이 비어 있음"},
    {Code::bad_model, "the network cannot be planned as written", "적힌 대로는 네트워크를 계획할 수 없음"},
    {Code::bill_loop, "an item is a part of itself", "품목이 자기 자신의 부품임"},
    {Code::alternates_above_one, "alternates of a part add up to more than one", "부품의 대체품 비율 합이 1을 넘음"},
    {Code::closed_month, "a month of the register is closed already", "이미 마감된 달의 실적"},
});

}  // namespace beltline
