#include "base/diagnostic.h"

#include <algorithm>
#include <cstring>
#include <tuple>

#include <fmt/format.h>

#include "base/diagnostic_codes.h"
#include "base/korean.h"
#include "base/text.h"

namespace beltline {
namespace {

/// Beyond this many, diagnostics are counted only: a table of a million bad cells must not fill the memory.
constexpr std::size_t kKeptMax = 20'000;
/// Bytes of a message on a terminal; messages quote the scenario, which may hold anything.
constexpr std::size_t kSentenceShownMax = 4'000;

/// The source line cut to what a terminal shows, and the caret line below it.
struct Excerpt {
  std::string line;
  std::string carets;
};

Excerpt excerpt(std::string_view text, const Origin& origin) {
  constexpr std::size_t kBefore = 80;
  constexpr std::size_t kAfter = 120;
  const std::size_t at = std::min<std::size_t>(origin.column == 0 ? 0 : origin.column - 1, text.size());
  std::size_t begin = at > kBefore ? at - kBefore : 0;
  while (begin > 0 && (static_cast<uint8_t>(text[begin]) & 0xC0) == 0x80) --begin;
  const std::size_t underline_end = at + std::max<uint32_t>(origin.length, 1);

  Excerpt out;
  if (begin > 0) {
    out.line = "…";
    out.carets = " ";
  }
  for (std::size_t i = begin; i < text.size();) {
    if (i >= at + kAfter) {
      out.line += "…";
      break;
    }
    const Glyph glyph = glyph_at(text.substr(i));
    const std::string_view plain = text.substr(i, glyph.bytes);
    const std::string visible = text[i] == '\t' ? " " : printable(plain, 8);
    out.line += visible;
    // an escaped character takes as many columns as its escape has letters
    const std::size_t width = visible == plain ? glyph.width : visible.size();
    if (i < underline_end) out.carets.append(width, i >= at ? '^' : ' ');
    i += glyph.bytes;
  }
  if (at >= text.size()) out.carets += '^';  // just after the end of the line
  return out;
}

const char* severity_word(Severity severity, Language language) {
  if (language == Language::korean) return severity == Severity::error ? "오류" : "경고";
  return severity == Severity::error ? "error" : "warning";
}

/// A text of ours in the language wanted, safe to show: names and values in it may hold anything.
std::string shown(const std::string& text, Language language) {
  constexpr std::size_t kShownMax = 4096;
  return printable(language == Language::korean ? to_korean(text) : text, kShownMax);
}

/// The sentence: message, then what was found (unless the message says it), then what was expected.
std::string sentence(const Diagnostic& d, Language language) {
  const bool is_korean = language == Language::korean;
  std::string out = shown(d.message, language);
  if (!d.found.empty() && d.message.find(d.found) == std::string::npos) {
    out += (is_korean ? ". 적힌 값: " : ": found ") + shown(d.found, language);
  }
  if (!d.expected.empty()) out += (is_korean ? ". 필요한 값: " : ", expected ") + shown(d.expected, language);
  return out;
}

std::string json_text(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte < 0x20) {
      out += fmt::format("\\u{:04x}", byte);
    } else {
      out += c;
    }
  }
  return out + "\"";
}

}  // namespace

int32_t SourceFiles::add(std::string path, std::string text) {
  std::vector<std::size_t> starts{0};
  const char* const begin = text.data();
  const char* const end = begin + text.size();
  for (const char* p = begin; p < end;) {
    p = static_cast<const char*>(std::memchr(p, '\n', static_cast<std::size_t>(end - p)));
    if (p == nullptr) break;
    ++p;
    starts.push_back(static_cast<std::size_t>(p - begin));
  }
  files_.push_back({std::move(path), std::move(text)});
  line_starts_.push_back(std::move(starts));
  return static_cast<int32_t>(files_.size() - 1);
}

std::string_view SourceFiles::line(const Origin& origin) const {
  if (origin.file < 0 || static_cast<std::size_t>(origin.file) >= files_.size() || origin.line == 0) return {};
  const auto file = static_cast<std::size_t>(origin.file);
  const std::vector<std::size_t>& starts = line_starts_[file];
  if (origin.line > starts.size()) return {};
  const std::string_view text = files_[file].text;
  const std::size_t begin = starts[origin.line - 1];
  const std::size_t end = origin.line < starts.size() ? starts[origin.line] - 1 : text.size();
  std::string_view line = text.substr(begin, end - begin);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

std::string SourceFiles::describe(const Origin& origin) const {
  if (origin.file < 0 || static_cast<std::size_t>(origin.file) >= files_.size()) return {};
  const std::string path = printable(files_[static_cast<std::size_t>(origin.file)].path, 4096);
  if (origin.line == 0) return path;
  return fmt::format("{}:{}:{}", path, origin.line, origin.column);
}

void Diagnostics::add(Diagnostic diagnostic) {
  if (diagnostic.severity == Severity::error) ++errors_;
  if (list_.size() >= kKeptMax) {
    ++suppressed_;
    return;
  }
  list_.push_back(std::move(diagnostic));
}

bool Diagnostics::has_errors() const {
  return errors_ > 0;
}

std::size_t Diagnostics::error_count() const {
  return errors_;
}

void Diagnostics::sort_and_limit(const SourceFiles& files, std::size_t count_max) {
  // by path, not by index: the order in which files were read changes nothing
  const auto key = [&](const Diagnostic& d) {
    const bool known = d.origin.file >= 0 && static_cast<std::size_t>(d.origin.file) < files.size();
    return std::tuple(std::string_view(known ? files[d.origin.file].path : std::string_view()), d.origin.line,
                      d.origin.column, d.code, d.severity, std::string_view(d.message), std::string_view(d.found));
  };
  std::ranges::sort(list_, [&](const Diagnostic& a, const Diagnostic& b) { return key(a) < key(b); });
  const auto repeated =
      std::ranges::unique(list_, [&](const Diagnostic& a, const Diagnostic& b) { return key(a) == key(b); });
  for (const Diagnostic& d : repeated) errors_ -= d.severity == Severity::error ? 1 : 0;
  list_.erase(repeated.begin(), repeated.end());
  if (list_.size() <= count_max) return;

  // errors before warnings where not all can be kept; the order of places stays
  std::ranges::stable_sort(list_, {}, [](const Diagnostic& d) { return d.severity == Severity::error ? 0 : 1; });
  suppressed_ += list_.size() - count_max;
  list_.resize(count_max);
  std::ranges::sort(list_, [&](const Diagnostic& a, const Diagnostic& b) { return key(a) < key(b); });
}

std::string code_name(Code code) {
  return fmt::format("BL{:04}", static_cast<unsigned>(code));
}

std::string replacement(const Diagnostic& d, const SourceFiles& files) {
  const std::string_view line = files.line(d.origin);
  if (d.fix.text.empty() || d.fix.bare || d.origin.column == 0 || d.origin.column > line.size()) return d.fix.text;
  const char first = line[d.origin.column - 1];
  if (first != '"' && first != '\'') return d.fix.text;
  return first + d.fix.text + first;
}

std::string render(const Diagnostic& d, const SourceFiles& files, Language language) {
  const std::string place = files.describe(d.origin);
  std::string out =
      fmt::format("{}{}{}[{}]: {}\n", place, place.empty() ? "" : ": ", severity_word(d.severity, language),
                  code_name(d.code), printable(sentence(d, language), kSentenceShownMax));
  if (d.origin.line > 0 && !files.line(d.origin).empty()) {
    const Excerpt lines = excerpt(files.line(d.origin), d.origin);
    out += fmt::format("{:>5} | {}\n", d.origin.line, lines.line);
    out += fmt::format("      | {}\n", lines.carets);
  }
  const char* const word = language == Language::korean ? "도움말" : "help";
  if (!d.help.empty()) out += fmt::format("   {}: {}\n", word, printable(shown(d.help, language), kSentenceShownMax));
  return out;
}

std::string render(const Diagnostics& diagnostics, const SourceFiles& files, Language language) {
  std::string out;
  for (const Diagnostic& d : diagnostics.all()) out += render(d, files, language);
  if (diagnostics.suppressed_count() > 0) {
    out += language == Language::korean ? fmt::format("… 이 밖에 {}건 더 있음\n", diagnostics.suppressed_count())
                                        : fmt::format("… and {} more\n", diagnostics.suppressed_count());
  }
  return out;
}

std::string render_json(const Diagnostics& diagnostics, const SourceFiles& files) {
  std::string out = "[";
  for (const Diagnostic& d : diagnostics.all()) {
    const bool known = d.origin.file >= 0 && static_cast<std::size_t>(d.origin.file) < files.size();
    const std::string fix = replacement(d, files);
    if (out.size() > 1) out += ",\n ";
    out += fmt::format(R"({{"code": {}, "severity": {}, "file": {}, "line": {}, "column": {}, "length": {})",
                       json_text(code_name(d.code)), json_text(severity_word(d.severity, Language::english)),
                       json_text(known ? printable(files[d.origin.file].path, 4096) : ""), d.origin.line,
                       d.origin.column, d.origin.length);
    for (const auto& [key, text] : {std::pair("message", &d.message), std::pair("found", &d.found),
                                    std::pair("expected", &d.expected), std::pair("help", &d.help)}) {
      out += fmt::format(R"(, "{}": {}, "{}_ko": {})", key, json_text(shown(*text, Language::english)), key,
                         json_text(shown(*text, Language::korean)));
    }
    out += fmt::format(R"(, "fix": {}}})", fix.empty() ? "null" : json_text(printable(fix, 4096)));
  }
  return out + "]\n";
}

std::string diagnostics_markdown() {
  std::string out =
      "# Diagnostics\n\n"
      "Every fault of an input has a stable code and is told in English or Korean: `--lang en` or `--lang ko`, else "
      "the\n"
      "environment's `BELTLINE_LANG`, else its locale. `--json` has both, and `fix`, where there is one: the text that "
      "an\n"
      "editor can write over `length` bytes from `column`. This page is generated from "
      "`src/base/diagnostic_codes.h`.\n\n"
      "| code | meaning | 뜻 |\n|---|---|---|\n";
  for (const CodeMeaning& c : kDiagnosticCodes) {
    out += fmt::format("| {} | {} | {} |\n", code_name(c.code), c.meaning, c.meaning_ko);
  }
  return out;
}

}  // namespace beltline
