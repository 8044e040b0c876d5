#include "scenario/quantity_text.h"

#include <charconv>
#include <cmath>
#include <string>

#include "scenario/limits.h"

namespace beltline {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_blank(char c) {
  return c == ' ' || c == '\t';
}

/// Whether the text starts with nan, inf or infinity, in any case, perhaps after a sign.
bool names_no_number(std::string_view text) {
  if (text.starts_with('+') || text.starts_with('-')) text.remove_prefix(1);
  std::string word;
  for (const char c : text.substr(0, 9)) {
    const char lower = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    if (lower < 'a' || lower > 'z') break;
    word += lower;
  }
  return word == "nan" || word == "inf" || word == "infinity";
}

}  // namespace

std::expected<NumberAndUnit, NumeralFault> split_quantity(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  if (text.size() > limits::kQuantityBytes) return std::unexpected(NumeralFault::too_long);
  if (names_no_number(text)) return std::unexpected(NumeralFault::not_finite);

  std::string digits;
  std::size_t at = 0;
  const auto take_digits = [&] {
    bool any = false;
    while (at < text.size() &&
           (is_digit(text[at]) || (any && text[at] == '_' && at + 1 < text.size() && is_digit(text[at + 1])))) {
      if (text[at] != '_') digits += text[at];
      any = true;
      ++at;
    }
    return any;
  };
  if (text.starts_with('-')) digits += '-';
  if (text.starts_with('-') || text.starts_with('+')) ++at;
  bool any = take_digits();
  if (at < text.size() && text[at] == '.') {
    digits += '.';
    ++at;
    any = take_digits() || any;
  }
  if (!any) return std::unexpected(NumeralFault::not_a_number);
  // an e is an exponent only if digits follow: "5 eV" and "5e" leave it to the unit
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    std::size_t next = at + 1;
    if (next < text.size() && (text[next] == '+' || text[next] == '-')) ++next;
    if (next < text.size() && is_digit(text[next])) {
      digits += text.substr(at, next - at);
      if (text[at + 1] == '+') digits.pop_back();  // from_chars wants no plus
      at = next;
      take_digits();
    }
  }
  if (at < text.size() && text[at] == ',') return std::unexpected(NumeralFault::comma);

  NumberAndUnit out;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), out.number);
  if (error == std::errc::result_out_of_range) return std::unexpected(NumeralFault::not_finite);
  if (error != std::errc() || end != digits.data() + digits.size()) return std::unexpected(NumeralFault::not_a_number);
  if (!std::isfinite(out.number)) return std::unexpected(NumeralFault::not_finite);
  out.unit = text.substr(at);
  while (!out.unit.empty() && is_blank(out.unit.front())) out.unit.remove_prefix(1);
  return out;
}

}  // namespace beltline
