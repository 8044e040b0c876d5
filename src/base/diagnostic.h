// Diagnostics: every fault of an input, each with its place, what was found, what was expected, and help.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

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

struct Diagnostic {
  Code code{};
  Severity severity = Severity::error;
  Origin origin;
  std::string message;   // lower case, one sentence, no full stop: "yield of stack 'hbm4' is 1.4"
  std::string found;     // "1.4"; may be empty
  std::string expected;  // "a fraction in (0, 1]"; may be empty
  std::string help;      // "write 0.92 or \"92 %\""; may be empty
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

/// As a compiler prints it, with the line and a caret (see docs/architecture.md).
std::string render(const Diagnostic& diagnostic, const SourceFiles& files);
std::string render(const Diagnostics& diagnostics, const SourceFiles& files);
/// JSON array of {code, severity, file, line, column, message, found, expected, help}.
std::string render_json(const Diagnostics& diagnostics, const SourceFiles& files);
/// The page docs/diagnostics.md: every code with its line of meaning.
std::string diagnostics_markdown();

}  // namespace beltline
