#include <algorithm>

#include <fmt/format.h>

#include "base/diagnostic_codes.h"
#include "base/text.h"
#include "scenario/limits.h"
#include "scenario/suggest.h"
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

/// Reports a letter beyond ASCII. Digits and signs in full width, and quotes as word processors write them, have an
/// ASCII text that was meant.
bool refuse_letter(std::string_view text, std::size_t at, int32_t file, Diagnostics& diagnostics) {
  const std::string_view line = text.substr(at, std::min(text.find('\n', at), text.size()) - at);
  std::size_t size = 1;
  std::string meant;
  for (const auto& [open, close] : {std::pair("\u201C", "\u201D"), std::pair("\u2018", "\u2019")}) {
    const std::size_t end = line.find(close);
    if (!line.starts_with(open) || end == std::string_view::npos) continue;
    size = end + std::string_view(close).size();
    meant = fmt::format("\"{}\"", line.substr(3, end - 3));
  }
  if (meant.empty()) {
    // the run of letters without blanks
    const std::size_t end = std::min(line.find_first_of(" \t\r=,#]}"), line.size());
    const std::string ascii = to_ascii(line.substr(0, end));
    if (std::ranges::all_of(ascii, [](char c) { return static_cast<unsigned char>(c) < 0x80; })) {
      size = end;
      meant = ascii;
    }
  }
  Origin place = place_at(text, at, file);
  place.length = static_cast<uint32_t>(size);
  diagnostics.add({.code = Code::file_syntax,
                   .origin = place,
                   .message = "the text is not TOML: a letter beyond ASCII stands outside quotes",
                   .expected = "keys of a-z, 0-9, _ and -, or a key in quotes",
                   .help = meant.empty() ? "put texts in quotes, and write digits, signs and quotes in ASCII"
                                         : fmt::format("write {}", printable(meant)),
                   .fix = {meant, true}});
  return false;
}

}  // namespace

bool prescan_toml(std::string_view text, int32_t file, Diagnostics& diagnostics) {
  const auto refuse = [&](Code code, std::size_t at, std::string message, std::string expected, std::string help) {
    diagnostics.add({.code = code,
                     .origin = place_at(text, at, file),
                     .message = std::move(message),
                     .expected = std::move(expected),
                     .help = std::move(help)});
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
    if (static_cast<unsigned char>(c) >= 0x80) return refuse_letter(text, i, file, diagnostics);
    if (c == '[' && depth == 0 && !header_is_sound(text, i)) {
      return refuse(Code::file_syntax, i, "the text is not TOML: a header holds no key", "[section.name]",
                    "write [section.name]");
    }
    if (c == '[' || c == '{') ++depth;
    if ((c == ']' || c == '}') && depth > 0) --depth;
    if (c == '.') ++segments;
    if (c == '=' || c == ',' || c == '\n' || c == '[' || c == ']' || c == '{' || c == '}') segments = 1;
    if (c == '=' || c == ',' || c == '[') ++values;
    if (depth > limits::kDepth) {
      return refuse(Code::file_too_deep, i, "values are nested too deep",
                    fmt::format("at most {} levels", limits::kDepth), "close brackets that are still open");
    }
    if (segments > limits::kDepth) {
      return refuse(Code::file_too_deep, i, "a dotted key has too many segments",
                    fmt::format("at most {}", limits::kDepth), "write [section.name] and key = value");
    }
    if (values > limits::kTomlValues) {
      return refuse(Code::too_many, i, "the file has too many values",
                    fmt::format("at most {}; large tables go into CSV", limits::kTomlValues),
                    "move the table into a CSV file and include it");
    }
    ++i;
  }
  return true;
}

}  // namespace beltline
