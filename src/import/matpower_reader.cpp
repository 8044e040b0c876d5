#include "import/matpower_reader.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <limits>

#include "base/diagnostic_codes.h"
#include "base/text.h"

namespace beltline::matpower {
namespace {

bool is_word_start(char c) {
  return std::isalpha(static_cast<unsigned char>(c)) != 0 || c == '_';
}

bool is_word_part(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// Whether the line from `start` holds nothing but `mark`, blanks left out.
bool line_is(std::string_view text, std::size_t start, std::string_view mark) {
  const std::string_view line = text.substr(start, std::min(text.find('\n', start), text.size()) - start);
  const std::size_t first = line.find_first_not_of(" \t\r");
  if (first == std::string_view::npos) return false;
  return line.substr(first, line.find_last_not_of(" \t\r") - first + 1) == mark;
}

}  // namespace

Reader::Reader(std::string_view text, int32_t file, Diagnostics& diagnostics)
    : text_(text), file_(file), diagnostics_(diagnostics), line_starts_{0} {
  for (std::size_t at = text.find('\n'); at != std::string_view::npos; at = text.find('\n', at + 1)) {
    line_starts_.push_back(at + 1);
  }
}

void Reader::skip_comment() {
  const auto line = std::ranges::upper_bound(line_starts_, at_) - line_starts_.begin() - 1;
  const std::size_t start = line_starts_[static_cast<std::size_t>(line)];
  const bool is_block = line_is(text_, start, "%{") || line_is(text_, start, "#{");
  if (!is_block) {
    at_ = std::min(text_.find('\n', at_), text_.size());
    return;
  }
  int depth = 0;
  for (auto i = static_cast<std::size_t>(line); i < line_starts_.size(); ++i) {
    if (line_is(text_, line_starts_[i], "%{") || line_is(text_, line_starts_[i], "#{")) ++depth;
    if (line_is(text_, line_starts_[i], "%}") || line_is(text_, line_starts_[i], "#}")) --depth;
    if (depth > 0) continue;
    at_ = std::min(text_.find('\n', line_starts_[i]), text_.size());
    return;
  }
  at_ = text_.size();
}

bool Reader::skip_blanks() {
  const std::size_t before = at_;
  while (!at_end()) {
    const char c = text_[at_];
    if (c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\v') {
      ++at_;
    } else if (c == '.' && text_.substr(at_, 3) == "...") {
      at_ = std::min(text_.find('\n', at_), text_.size() - 1) + 1;
    } else if (c == '%' || c == '#') {
      skip_comment();
    } else {
      break;
    }
  }
  return at_ != before;
}

void Reader::skip_lines() {
  while (skip_blanks() || peek() == '\n') {
    if (peek() == '\n') ++at_;
  }
}

bool Reader::at_statement_end() const {
  return at_end() || peek() == ';' || peek() == ',' || peek() == '\n';
}

void Reader::skip_statement() {
  int depth = 0;
  bool after_operand = false;  // where a quote transposes
  while (!at_end()) {
    const bool blank = skip_blanks();
    if (at_end() || (depth == 0 && at_statement_end())) return;
    const char c = peek();
    if ((c == '\'' && (!after_operand || (blank && depth > 0))) || c == '"') {
      const std::size_t end = text_.find_first_of(c == '"' ? "\"\n" : "'\n", at_ + 1);
      at_ = end == std::string_view::npos ? text_.size() : end + (text_[end] == '\n' ? 0 : 1);
      after_operand = true;
      continue;
    }
    if (c == '(' || c == '[' || c == '{') ++depth;
    if ((c == ')' || c == ']' || c == '}') && depth > 0) --depth;
    after_operand = is_word_part(c) || c == ')' || c == ']' || c == '}' || c == '.' || c == '\'';
    ++at_;
  }
}

std::string_view Reader::peek_word() const {
  if (!is_word_start(peek())) return {};
  std::size_t end = at_;
  while (end < text_.size() && is_word_part(text_[end])) ++end;
  return text_.substr(at_, end - at_);
}

std::string_view Reader::word() {
  const std::string_view found = peek_word();
  at_ += found.size();
  return found;
}

std::optional<double> Reader::number() {
  std::size_t end = at_;
  while (end < text_.size() && is_digit(text_[end])) ++end;
  const auto next = [&](std::size_t ahead) { return end + ahead < text_.size() ? text_[end + ahead] : '\0'; };
  const bool has_digits = end > at_;
  // in 1./x and 1.' the point belongs to the operator
  if (next(0) == '.' &&
      (is_digit(next(1)) || (has_digits && std::string_view("*/\\^'.").find(next(1)) == std::string_view::npos))) {
    ++end;
    while (end < text_.size() && is_digit(text_[end])) ++end;
  }
  if (end == at_) return std::nullopt;
  std::string digits(text_.substr(at_, end - at_));
  if (std::string_view("eEdD").find(next(0)) != std::string_view::npos && next(0) != '\0') {
    const std::size_t sign = next(1) == '+' || next(1) == '-' ? 1 : 0;
    if (is_digit(next(1 + sign))) {
      digits += 'e';
      if (next(1) == '-') digits += '-';
      end += 1 + sign;
      while (end < text_.size() && is_digit(text_[end])) digits += text_[end++];
    }
  }
  double value = 0;
  const auto [stop, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error == std::errc::result_out_of_range) {
    // as MATLAB reads it: too large is infinite, too small is nothing
    value = digits.find("e-") != std::string::npos ? 0.0 : std::numeric_limits<double>::infinity();
  } else if (error != std::errc()) {
    return std::nullopt;
  }
  at_ = end;
  return value;
}

std::optional<std::string> Reader::quoted() {
  const char mark = peek();
  const std::size_t begin = at_;
  std::string out;
  for (++at_; !at_end() && peek() != '\n'; ++at_) {
    if (peek() != mark) {
      out += peek();
      continue;
    }
    if (peek(1) != mark) {
      ++at_;
      return out;
    }
    out += mark;  // two of them stand for one
    ++at_;
  }
  fault(begin, {.code = Code::file_syntax,
                .message = "a quoted text has no end",
                .expected = "a closing quote on the same line",
                .help = "close the quotes; inside them, write two quotes for one"});
  return std::nullopt;
}

std::size_t Reader::word_length(std::size_t offset) const {
  std::size_t end = offset;
  const auto goes_on = [&](char c) {
    const char before = end > offset ? text_[end - 1] : '\0';
    const bool is_sign = (c == '-' || c == '+') && (end == offset || before == 'e' || before == 'E');
    return is_word_part(c) || c == '.' || is_sign || static_cast<unsigned char>(c) >= 0x80;
  };
  while (end < text_.size() && end - offset < 64 && goes_on(text_[end])) ++end;
  return std::max<std::size_t>(1, end - offset);
}

Origin Reader::origin(std::size_t offset) const {
  offset = std::min(offset, text_.size());
  const auto after = std::ranges::upper_bound(line_starts_, offset);
  const auto line = static_cast<std::size_t>(after - line_starts_.begin());
  return {.file = file_,
          .line = static_cast<uint32_t>(line),
          .column = static_cast<uint32_t>(offset - line_starts_[line - 1] + 1),
          .length = static_cast<uint32_t>(word_length(offset))};
}

std::string Reader::shown(std::size_t offset) const {
  if (offset >= text_.size()) return "the end of the file";
  if (text_[offset] == '\n' || text_[offset] == '\r') return "the end of the line";
  return "'" + printable(text_.substr(offset, word_length(offset))) + "'";
}

void Reader::fault(std::size_t offset, Diagnostic diagnostic) {
  diagnostic.origin = origin(offset);
  diagnostics_.add(std::move(diagnostic));
}

}  // namespace beltline::matpower
