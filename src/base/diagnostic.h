// Diagnostics: every fault of an input, each with its place, what was found, what was expected, and help.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/language.h"

namespace beltline {

/// A place in an input file. `file` indexes SourceFiles; -1 means "no place".
struct Origin {
  int32_t file = -1;
  uint32_t line = 0;    // from 1
  uint32_t column = 0;  // from 1, in bytes
  uint32_t length = 1;  // bytes to underline

  bool operator==(const Origin&) const = default;
};

/// One input file as it was read: its path as the user would write it (relative to the scenario folder) and its text.
struct SourceFile {
  std::string path;
  std::string text;
};

/// The files of one scenario, kept so that diagnostics can show the line.
class SourceFiles {
 public:
  int32_t add(std::string path, std::string text);
  [[nodiscard]] const SourceFile& operator[](int32_t file) const { return files_[static_cast<std::size_t>(file)]; }
  [[nodiscard]] std::size_t size() const { return files_.size(); }
  /// The line's text without its end, "" if there is no such line.
  [[nodiscard]] std::string_view line(const Origin& origin) const;
  /// "sites.toml:12:9", or "" for no place.
  [[nodiscard]] std::string describe(const Origin& origin) const;

 private:
  std::vector<SourceFile> files_;
  std::vector<std::vector<std::size_t>> line_starts_;  // [file][line] byte offset
};

/// Stable codes; `docs/diagnostics.md` is generated from kDiagnosticCodes (base/diagnostic_codes.h).
enum class Code : uint16_t;

enum class Severity { warning, error };

/// Text that stands right in the place of what is underlined.
struct Fix {
  std::string text;   // "" if no single text is known to be right
  bool bare = false;  // written as it is; otherwise inside the quotes that the underlined text has, if any
};

struct Diagnostic {
  Code code{};
  Severity severity = Severity::error;
  Origin origin;
  // English; each text has its Korean in base/korean_texts.cpp or base/korean_part_texts.cpp
  std::string message;   // lower case, one sentence, no full stop: "yield of stack 'hbm4' is 1.4"
  std::string found;     // "1.4"; may be empty
  std::string expected;  // "a fraction in (0, 1]"; may be empty
  std::string help;      // "write 0.92 or \"92 %\""
  Fix fix = {};          // what an editor can write instead; beside the help, which says it in words
};

/// A growing list of diagnostics. Functions take it by reference and go on after a fault.
class Diagnostics {
 public:
  void add(Diagnostic diagnostic);
  [[nodiscard]] bool has_errors() const;
  [[nodiscard]] const std::vector<Diagnostic>& all() const { return list_; }
  [[nodiscard]] std::size_t error_count() const;
  /// Sorted by file, line, column, code, and without duplicates; more than `count_max` are counted, not kept.
  void sort_and_limit(const SourceFiles& files, std::size_t count_max = 200);
  [[nodiscard]] std::size_t suppressed_count() const { return suppressed_; }

 private:
  std::vector<Diagnostic> list_;
  std::size_t errors_ = 0;  // also those not kept
  std::size_t suppressed_ = 0;
};

/// "BL0104"
std::string code_name(Code code);

/// What to write in place of the underlined bytes, with the quotes they have; "" for no such text.
std::string replacement(const Diagnostic& diagnostic, const SourceFiles& files);

/// As a compiler prints it, with the line and a caret (see docs/architecture.md). Control characters and marks that
/// turn the direction of text are shown escaped, wherever they come from.
std::string render(const Diagnostic& diagnostic, const SourceFiles& files, Language language = Language::english);
std::string render(const Diagnostics& diagnostics, const SourceFiles& files, Language language = Language::english);
/// JSON array of {code, severity, file, line, column, length, message, found, expected, help, fix} with message_ko,
/// found_ko, expected_ko and help_ko; `fix` is to be written over `length` bytes from `column`, or null.
std::string render_json(const Diagnostics& diagnostics, const SourceFiles& files);
/// The page docs/diagnostics.md: every code with its line of meaning in both languages.
std::string diagnostics_markdown();

}  // namespace beltline
