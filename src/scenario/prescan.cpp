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

/// Whether the bracket at `at`, if it opens a header, is followed by a key or by what toml++ reports itself.
bool header_is_sound(std::string_view text, std::size_t at) {
  const std::size_t line = at == 0 ? 0 : text.rfind('\n', at - 1) + 1;
  if (text.substr(line, at - line).find_first_not_of(" \t") != std::string_view::npos) return true;
  if (++at < text.size() && text[at] == '[') ++at;
  at = std::min(text.find_first_not_of(" \t", at), text.size());
  if (at == text.size()) return true;
  const char c = text[at];
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("_-\"'[]").find(c) != std::string_view::npos;
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
    // TOML 1.0 has no such keys, and toml++ would stop at a place that says nothing
    if (static_cast<unsigned char>(c) >= 0x80) {
      return refuse(Code::file_syntax, i, "the text is not TOML: a letter beyond ASCII stands outside quotes",
                    "keys of a-z, 0-9, _ and -, or a key in quotes");
    }
    if (c == '[' && depth == 0 && !header_is_sound(text, i)) {
      return refuse(Code::file_syntax, i, "the text is not TOML: a header holds no key", "[section.name]");
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
