// For tests: whether a diagnostic's Korean still holds English.
#pragma once

#include <regex>
#include <string>

#include "base/diagnostic.h"
#include "base/korean.h"

namespace beltline {

/// The first stretch of a diagnostic's Korean texts that reads like an English sentence: three words in a row outside of
/// quotes, brackets and code, or a text of words that has no Korean letter at all; "" if there is none.
inline std::string english_left_in(const Diagnostic& d) {
  static const std::regex quoted("'[^']*'|\"[^\"]*\"|\\{[^}]*\\}|\\[[^\\]]*\\]|`[^`]*`|[^ ]*[_./=<][^ ]*");
  static const std::regex sentence("[A-Za-z]{2,} [a-z]{2,} [a-z]{2,}");
  static const std::regex words("\\b[a-z]{2,} [a-z]{2,}\\b");
  for (const std::string* text : {&d.message, &d.found, &d.expected, &d.help}) {
    const std::string korean = to_korean(*text);
    const std::string plain = std::regex_replace(korean, quoted, "|");
    std::smatch found;
    const bool has_korean = korean.find_first_of("\xEA\xEB\xEC\xED") != std::string::npos;
    if (std::regex_search(plain, found, has_korean ? sentence : words)) return *text;
  }
  return {};
}

}  // namespace beltline
