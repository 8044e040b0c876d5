#include "scenario/suggest.h"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "base/calendar.h"
#include "scenario/quantity_text.h"
#include "scenario/reading.h"

namespace beltline {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// The number of a month's English name, of which three letters are enough; 0 for another word.
int month_of_name(std::string_view word) {
  constexpr std::array<std::string_view, 12> kNames{"jan", "feb", "mar", "apr", "may", "jun",
                                                    "jul", "aug", "sep", "oct", "nov", "dec"};
  std::string start;
  for (const char c : word.substr(0, 3)) start += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  const auto found = std::ranges::find(kNames, start);
  return found == kNames.end() ? 0 : static_cast<int>(found - kNames.begin()) + 1;
}

/// A sign beyond ASCII that stands for one of ASCII, and the bytes it takes; 0 bytes if there is none.
struct AsciiFor {
  char letter;
  std::size_t bytes;
};
AsciiFor ascii_for(std::string_view text) {
  if (text.starts_with("\u2212") || text.starts_with("\u2013")) return {'-', 3};
  if (text.starts_with("\u3000")) return {' ', 3};
  if (text.starts_with("\u00A0")) return {' ', 2};
  if (text.size() < 3 || text[0] != '\xEF') return {' ', 0};
  // U+FF01 to U+FF5E are ! to ~ in full width
  const uint32_t point =
      0xF000u | (static_cast<uint8_t>(text[1]) & 0x3Fu) << 6 | (static_cast<uint8_t>(text[2]) & 0x3Fu);
  if (point < 0xFF01 || point > 0xFF5E) return {' ', 0};
  return {static_cast<char>(point - 0xFF01 + '!'), 3};
}

/// Commas of the number at the start: between groups of three digits they go, a single other one is a point.
std::string without_commas(const std::string& text) {
  std::size_t end = 0;
  while (end < text.size() && (is_digit(text[end]) || std::string_view(",.+-_").find(text[end]) != std::string::npos)) {
    ++end;
  }
  const std::string number = text.substr(0, end);
  bool groups = true;
  for (std::size_t at = number.find(','); at != std::string::npos; at = number.find(',', at + 1)) {
    const std::size_t next = std::min(number.find_first_not_of("0123456789", at + 1), number.size());
    groups = groups && at > 0 && next - at == 4;
  }
  std::string out;
  for (const char c : number) {
    if (c != ',') out += c;
    if (c == ',' && !groups) out += '.';
  }
  return out + text.substr(end);
}

}  // namespace

std::string to_ascii(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const AsciiFor ascii = ascii_for(text);
    out += ascii.bytes > 0 ? ascii.letter : text.front();
    text.remove_prefix(std::max<std::size_t>(ascii.bytes, 1));
  }
  return out;
}

std::string guess_month(std::string_view text) {
  const std::string plain = to_ascii(text);
  std::vector<std::string> numbers;
  int named = 0;
  for (std::size_t i = 0; i < plain.size();) {
    const bool digits = is_digit(plain[i]);
    const auto same = [&](char c) { return digits ? is_digit(c) : (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
    if (!digits && !same(plain[i])) {
      ++i;
      continue;
    }
    std::size_t end = i;
    while (end < plain.size() && same(plain[end])) ++end;
    if (digits) numbers.push_back(plain.substr(i, end - i));
    if (!digits && named == 0) named = month_of_name(std::string_view(plain).substr(i, end - i));
    i = end;
  }
  std::string year, month;
  for (const std::string& number : numbers) {
    if (number.size() == 6 || number.size() == 8) {
      year = number.substr(0, 4);
      month = number.substr(4, 2);
    } else if (number.size() == 4 && year.empty()) {
      year = number;
    } else if (number.size() <= 2 && month.empty()) {
      month = number;
    }
  }
  if (named > 0) month = fmt::format("{}", named);
  if (month.size() == 1) month = "0" + month;
  const std::string guess = year + "-" + month;
  return parse_month(guess) && guess != text ? guess : std::string();
}

std::string month_help(std::string_view text) {
  const std::string guess = guess_month(text);
  return guess.empty() ? "write year and month, 01 to 12: \"2026-06\"" : fmt::format("write \"{}\"", guess);
}

std::string mend_number(std::string_view text) {
  std::string mended = without_commas(to_ascii(text));
  // the O of a typewriter
  if (!mended.empty() && (mended[0] == 'O' || mended[0] == 'o') && mended.size() > 1 && mended[1] == '.')
    mended[0] = '0';
  return mended != text && split_quantity(mended) ? mended : std::string();
}

std::string mend_range(std::string_view text) {
  const std::string plain = to_ascii(text);
  const auto low = split_quantity(plain);
  if (!low || low->unit.empty() || std::string_view("~-").find(low->unit.front()) == std::string_view::npos) return {};
  const auto high = split_quantity(low->unit.substr(1));
  if (!high || high->number < low->number) return {};
  if (high->unit.empty()) return fmt::format("{{low = {}, high = {}}}", low->number, high->number);
  return fmt::format("{{low = \"{} {}\", high = \"{} {}\"}}", low->number, high->unit, high->number, high->unit);
}

std::string confidence_help() {
  return "write A for a datasheet or statistic, B for press or analysts, C for an estimate";
}

std::string example_quantity(const Attribute& attribute, std::string_view number) {
  const std::string_view unit = attribute.kind == Kind::duration ? "month" : attribute.unit;
  if (unit.empty() || unit == "1") return std::string(number);
  return fmt::format("\"{} {}\"", number, unit == "*" ? "MW" : unit);
}

std::string example_value(const Attribute& a) {
  const std::string first_word = a.target.empty() ? "NAME" : split_words(a.target).front();
  switch (a.kind) {
    case Kind::quantity:
    case Kind::series:
    case Kind::duration: {
      const double number = std::isfinite(a.max) && a.max <= 1 ? 0.5 : std::isfinite(a.min) && a.min > 12 ? a.min : 12;
      return example_quantity(a, a.is_yield ? "0.92" : fmt::format("{:g}", number));
    }
    case Kind::text: return "\"…\"";
    case Kind::flag: return "true";
    case Kind::integer: return fmt::format("{:.0f}", std::isfinite(a.min) ? std::max(a.min, 1.0) : 1.0);
    case Kind::month: return "\"2026-01\"";
    case Kind::reference: return fmt::format("\"{}_NAME\"", first_word);
    case Kind::references: return fmt::format("[\"{}_NAME\"]", first_word);
    case Kind::texts: return "[\"…\"]";
    case Kind::choice: return fmt::format("\"{}\"", first_word);
    case Kind::choices: return fmt::format("[\"{}\"]", first_word);
    case Kind::records: {
      std::string keys;
      for (const Attribute& field : a.fields) {
        if (field.required) keys += fmt::format("{}{} = {}", keys.empty() ? "" : ", ", field.key, example_value(field));
      }
      return fmt::format("[{{{}}}]", keys);
    }
  }
  return "\"…\"";
}

Fix fix_value(const SourceNode& node, std::string text) {
  if (text.empty()) return {};
  if (node.is_cell) return {std::move(text)};
  return {fmt::format("\"{}\"", text), true};
}

}  // namespace beltline
