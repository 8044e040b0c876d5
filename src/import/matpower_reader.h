// What the script's parser stands on: a place in the text, blanks and comments, faults.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.h"

namespace beltline::matpower {

/// Most numbers that one value may hold, and most that all operations of a script may make together: a text of a few
/// bytes can ask for any size.
inline constexpr std::size_t kNumbersMax = 10'000'000;
inline constexpr std::size_t kWorkMax = 200'000'000;
/// Brackets and operators inside each other.
inline constexpr int kDepthMax = 64;

/// The text of a case file and where the parser stands in it.
///
/// Inside a matrix a blank parts two numbers and a line's end two rows; elsewhere blanks mean nothing. `...` joins a
/// line to the next, `%` and `#` begin comments, and `%{` alone on a line begins one that ends at `%}`.
class Reader {
 public:
  /// @param text  of at most 4 GiB; must outlive the reader
  Reader(std::string_view text, int32_t file, Diagnostics& diagnostics);

  [[nodiscard]] std::string_view text() const { return text_; }
  [[nodiscard]] std::size_t at() const { return at_; }
  void move_to(std::size_t at) { at_ = at; }
  [[nodiscard]] bool at_end() const { return at_ >= text_.size(); }
  /// The byte `ahead` of here; NUL past the end.
  [[nodiscard]] char peek(std::size_t ahead = 0) const {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
  }
  [[nodiscard]] uint32_t place() const { return static_cast<uint32_t>(at_); }
  void step(std::size_t bytes = 1) { at_ += bytes; }

  /// Skips blanks and continued lines, and a comment up to its line's end. Whether anything was skipped.
  bool skip_blanks();
  /// Skips blanks, comments and line ends.
  void skip_lines();
  /// Whether a statement ends here: `;`, `,`, a line's end, the text's end.
  [[nodiscard]] bool at_statement_end() const;
  /// Goes to the end of the statement here, over brackets, quoted texts and comments.
  void skip_statement();
  /// The word here, which is moved over; empty if none is here.
  std::string_view word();
  /// The same without moving.
  [[nodiscard]] std::string_view peek_word() const;
  /// A number without sign; nothing if none is here.
  std::optional<double> number();
  /// A quoted text, opened here by ' or "; nothing, after a fault, if it has no end on its line.
  std::optional<std::string> quoted();

  /// Adds a fault whose place is that of `offset` in the text.
  void fault(std::size_t offset, Diagnostic diagnostic);
  /// Line, column and length of what stands at `offset`.
  [[nodiscard]] Origin origin(std::size_t offset) const;
  /// What stands at `offset`, cut to a word or a number, as it may be shown.
  [[nodiscard]] std::string shown(std::size_t offset) const;
  /// The faults so far.
  [[nodiscard]] Diagnostics& diagnostics() { return diagnostics_; }

 private:
  void skip_comment();
  [[nodiscard]] std::size_t word_length(std::size_t offset) const;

  std::string_view text_;
  int32_t file_;
  Diagnostics& diagnostics_;
  std::size_t at_ = 0;
  std::vector<std::size_t> line_starts_;
};

}  // namespace beltline::matpower
