#include <fmt/format.h>

#include "base/diagnostic_codes.h"
#include "scenario/limits.h"
#include "scenario/text_place.h"
#include "scenario/toml.h"

namespace beltline {
namespace {

/// End of the string that starts at `at` (a quote), just past its closing quotes; a one-line string also ends at a
/// line's end, where toml++ will stop with an error.
std::size_t string_end(std::string_view text, std::size_t at) {
  const char quote = text[at];
  const bool escapes = quote == '"';
  const std::string_view triple = escapes ? "\"\"\"" : "'''";
  const bool multi = text.substr(at).starts_with(triple);
  std::size_t i = at + (multi ? 3 : 1);
  while (i < text.size()) {
    if (escapes && text[i] == '\\') {
      i += 2;
    } else if (multi && text.substr(i).starts_with(triple)) {
      i += 3;
      // up to two more quotes belong to the string: """a"""""
      for (int more = 0; more < 2 && i < text.size() && text[i] == quote; ++more) ++i;
      return i;
    } else if (!multi && (text[i] == quote || text[i] == '\n')) {
      return i + 1;
    } else {
      ++i;
    }
  }
  return text.size();
}

}  // namespace

bool prescan_toml(std::string_view text, int32_t file, Diagnostics& diagnostics) {
  const auto refuse = [&](Code code, std::size_t at, std::string message, std::string expected) {
    diagnostics.add({.code = code,
                     .origin = place_at(text, at, file),
                     .message = std::move(message),
                     .expected = std::move(expected)});
    return false;
  };
  int depth = 0;
  int segments = 1;  // of the key being read; a number's point counts too, and does no harm
  std::size_t values = 0;
  for (std::size_t i = 0; i < text.size();) {
    const char c = text[i];
    if (c == '#') {
      i = std::min(text.find('\n', i), text.size());
      continue;
    }
    if (c == '"' || c == '\'') {
      i = string_end(text, i);
      continue;
    }
    if (c == '[' || c == '{') ++depth;
    if ((c == ']' || c == '}') && depth > 0) --depth;
    if (c == '.') ++segments;
    if (c == '=' || c == ',' || c == '\n' || c == '[' || c == ']' || c == '{' || c == '}') segments = 1;
    if (c == '=' || c == ',' || c == '[') ++values;
    if (depth > limits::kDepth) {
      return refuse(Code::file_too_deep, i, "values are nested too deep",
                    fmt::format("at most {} levels", limits::kDepth));
    }
    if (segments > limits::kDepth) {
      return refuse(Code::file_too_deep, i, "a dotted key has too many segments",
                    fmt::format("at most {}", limits::kDepth));
    }
    if (values > limits::kTomlValues) {
      return refuse(Code::too_many, i, "the file has too many values",
                    fmt::format("at most {}; large tables go into CSV", limits::kTomlValues));
    }
    ++i;
  }
  return true;
}

}  // namespace beltline
