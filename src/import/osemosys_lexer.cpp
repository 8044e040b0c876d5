#include "import/osemosys_lexer.h"

#include <algorithm>
#include <utility>

#include "base/diagnostic_codes.h"

namespace beltline::osemosys {
namespace {

constexpr std::string_view kBlanks = " \t\r\n\v\f";
// what ends an unquoted symbol, besides blanks and comments
constexpr std::string_view kSigns = ",:;[]()*='\"#";

TokenKind sign_kind(char c) {
  switch (c) {
    case ';': return TokenKind::semicolon;
    case ',': return TokenKind::comma;
    case '[': return TokenKind::open;
    case ']': return TokenKind::close;
    case '(': return TokenKind::left;
    case ')': return TokenKind::right;
    case '*': return TokenKind::star;
    default: return TokenKind::symbol;
  }
}

}  // namespace

Lexer::Lexer(std::string_view text, int32_t file, Diagnostics& diagnostics)
    : text_(text), file_(file), diagnostics_(diagnostics) {
  read();
}

Token Lexer::take() {
  Token taken = std::move(token_);
  read();
  return taken;
}

void Lexer::back_to(const Mark& mark) {
  at_ = mark.at;
  line_start_ = mark.line_start;
  line_ = mark.line;
  token_ = mark.token;
}

Origin Lexer::here(std::size_t length) const {
  return {file_, line_, static_cast<uint32_t>(at_ - line_start_ + 1), static_cast<uint32_t>(length)};
}

void Lexer::skip_blanks() {
  bool in_comment = false;
  Origin opened;
  for (; at_ < text_.size(); ++at_) {
    const char c = text_[at_];
    const char next = at_ + 1 < text_.size() ? text_[at_ + 1] : '\0';
    if (c == '\n') {
      ++line_;
      line_start_ = at_ + 1;
    } else if (in_comment) {
      if (c == '*' && next == '/') {
        in_comment = false;
        ++at_;
      }
    } else if (c == '/' && next == '*') {
      in_comment = true;
      opened = here(2);
      ++at_;
    } else if (c == '#') {
      const std::size_t end = text_.find('\n', at_);
      at_ = (end == std::string_view::npos ? text_.size() : end) - 1;
    } else if (kBlanks.find(c) == std::string_view::npos) {
      return;
    }
  }
  if (!in_comment) return;
  diagnostics_.add({.code = Code::file_syntax,
                    .origin = opened,
                    .message = "a comment that begins with /* has no end",
                    .expected = "*/",
                    .help = "add */ where the comment ends"});
}

bool Lexer::read_quoted() {
  const char quote = text_[at_];
  token_.kind = TokenKind::quoted;
  token_.origin = here(1);
  for (std::size_t i = at_ + 1; i < text_.size() && text_[i] != '\n'; ++i) {
    if (text_[i] != quote) {
      token_.text += text_[i];
    } else if (i + 1 < text_.size() && text_[i + 1] == quote) {
      token_.text += text_[i++];  // a doubled quote is one
    } else {
      token_.origin.length = static_cast<uint32_t>(i + 1 - at_);
      at_ = i + 1;
      return true;
    }
  }
  diagnostics_.add({.code = Code::file_syntax,
                    .origin = token_.origin,
                    .message = "a quoted name has no end on its line",
                    .expected = std::string(1, quote),
                    .help = "close the quote"});
  at_ = std::min(text_.find('\n', at_), text_.size());
  return false;
}

void Lexer::read() {
  while (true) {
    token_ = {};
    skip_blanks();
    token_.origin = here(1);
    if (at_ >= text_.size()) return;
    const char c = text_[at_];
    if (c == '\'' || c == '"') {
      if (read_quoted()) return;
      continue;
    }
    if (c == ':') {
      const bool assigns = at_ + 1 < text_.size() && text_[at_ + 1] == '=';
      token_.kind = assigns ? TokenKind::assign : TokenKind::colon;
      token_.origin.length = assigns ? 2 : 1;
      at_ += token_.origin.length;
      return;
    }
    if (c == '=') {
      diagnostics_.add({.code = Code::file_syntax,
                        .origin = token_.origin,
                        .message = "a '=' stands alone",
                        .found = "=",
                        .expected = ":=",
                        .help = "write :="});
      ++at_;
      continue;
    }
    token_.kind = sign_kind(c);
    if (token_.kind != TokenKind::symbol) {
      ++at_;
      return;
    }
    std::size_t end = at_;
    while (end < text_.size() && kBlanks.find(text_[end]) == std::string_view::npos &&
           kSigns.find(text_[end]) == std::string_view::npos && text_.substr(end, 2) != "/*") {
      ++end;
    }
    token_.text = text_.substr(at_, end - at_);
    token_.origin.length = static_cast<uint32_t>(end - at_);
    at_ = end;
    return;
  }
}

}  // namespace beltline::osemosys
