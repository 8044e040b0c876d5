// Cuts the data section of GNU MathProg into tokens, each with its place.
#pragma once

#include <string>
#include <string_view>

#include "base/diagnostic.h"

namespace beltline::osemosys {

enum class TokenKind : uint8_t { symbol, quoted, assign, colon, semicolon, comma, open, close, left, right, star, end };

struct Token {
  TokenKind kind = TokenKind::end;
  std::string text;  // of symbols, without quotes
  Origin origin;

  [[nodiscard]] bool is(TokenKind wanted) const { return kind == wanted; }
  [[nodiscard]] bool is_value() const { return kind == TokenKind::symbol || kind == TokenKind::quoted; }
  /// A word of the language: unquoted.
  [[nodiscard]] bool is_word(std::string_view word) const { return kind == TokenKind::symbol && text == word; }
};

/// One token after the other, with one of look-ahead. Blanks and comments (`# …`, `/* … */`) only separate.
/// @errors BL0007 a quote or comment without end, `=` without `:`
class Lexer {
 public:
  Lexer(std::string_view text, int32_t file, Diagnostics& diagnostics);

  [[nodiscard]] const Token& peek() const { return token_; }
  Token take();
  /// A state to come back to: where more than one token decides what follows.
  struct Mark {
    std::size_t at, line_start;
    uint32_t line;
    Token token;
  };
  [[nodiscard]] Mark mark() const { return {at_, line_start_, line_, token_}; }
  void back_to(const Mark& mark);

 private:
  void read();
  void skip_blanks();
  [[nodiscard]] Origin here(std::size_t length) const;
  bool read_quoted();

  std::string_view text_;
  int32_t file_;
  Diagnostics& diagnostics_;
  std::size_t at_ = 0;
  std::size_t line_start_ = 0;
  uint32_t line_ = 1;
  Token token_;
};

}  // namespace beltline::osemosys
