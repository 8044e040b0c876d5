// For tests: whether a diagnostic's Korean still holds English.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "base/diagnostic.h"
#include "base/korean.h"

namespace beltline {

/// The text without what stands in quotes or brackets: names, values and code stay as they are in every language.
inline std::string without_quoted(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    constexpr std::string_view kOpen = "'\"`{[";
    constexpr std::string_view kClose = "'\"`}]";
    const std::size_t kind = kOpen.find(text.front());
    const std::size_t end = kind == std::string_view::npos ? kind : text.find(kClose[kind], 1);
    if (end != std::string_view::npos) out += '|';
    if (end == std::string_view::npos) out += text.front();
    text.remove_prefix(end == std::string_view::npos ? 1 : end + 1);
  }
  return out;
}

/// The most words in a row that could be prose: lower-case letters only, one blank between them. `land_max`, `a.toml`
/// and `x,` end a row.
inline int words_in_a_row(std::string_view text) {
  int most = 0;
  int row = 0;
  while (!text.empty()) {
    const std::string_view word = text.substr(0, text.find(' '));
    const bool is_prose = word.size() > 1 && std::ranges::all_of(word, [](char c) { return c >= 'a' && c <= 'z'; });
    row = is_prose ? row + 1 : 0;
    most = std::max(most, row);
    text.remove_prefix(std::min(text.size(), word.size() + 1));
  }
  return most;
}

/// The first text of a diagnostic whose Korean reads like English: three words in a row, or two where there is no
/// Korean letter at all; "" if there is none.
inline std::string english_left_in(const Diagnostic& d) {
  for (const std::string* text : {&d.message, &d.found, &d.expected, &d.help}) {
    const std::string korean = to_korean(*text);
    const bool has_hangul = korean.find_first_of("\xEA\xEB\xEC\xED") != std::string::npos;
    if (words_in_a_row(without_quoted(korean)) >= (has_hangul ? 3 : 2)) return *text;
  }
  return {};
}

/// Every diagnostic has a help, and Korean for each of its texts.
inline void expect_told_in_full(const Diagnostics& diagnostics) {
  for (const Diagnostic& d : diagnostics.all()) {
    EXPECT_NE(d.help, "") << d.message;
    EXPECT_EQ(english_left_in(d), "") << to_korean(d.message) << "\n" << to_korean(d.help);
  }
}

}  // namespace beltline
