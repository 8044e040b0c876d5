#include <fmt/format.h>

#include "base/text.h"
#include "scenario/reading.h"
#include "scenario/suggest.h"

namespace beltline {
namespace {

bool is_plain(std::string_view unit) {
  return unit.empty() || unit == "1";
}

/// The text of a value with another unit, quoted as it must be; "" where the unit does not stand in the value.
Fix fix_unit(const SourceNode& node, std::string_view old, std::string_view unit) {
  const std::size_t at = old.empty() ? std::string::npos : node.text.rfind(old);
  if (node.type != NodeType::text || at == std::string::npos || unit.empty()) return {};
  std::string text = node.text;
  return fix_value(node, text.replace(at, old.size(), unit));
}

/// The unit with its unknown currency replaced.
std::string with_currency(const Units& units, std::string_view unit, std::string_view suggestion) {
  const auto is_word = [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
  };
  for (std::size_t i = 0; i < unit.size();) {
    std::size_t end = i;
    while (end < unit.size() && is_word(unit[end])) ++end;
    const std::string_view word = unit.substr(i, end - i);
    if (word.size() >= 3 && word[0] >= 'A' && word[0] <= 'Z' && !units.known(word)) {
      return fmt::format("{}{}{}", unit.substr(0, i), suggestion, unit.substr(end));
    }
    i = end + 1;
  }
  return {};
}

/// Why a unit of another dimension cannot stand for the attribute's, and what to write.
void explain_dimension(const Units& units, const Subject& subject, const SourceNode& node, const Number& number,
                       Fault& what) {
  const bool is_duration = subject.attribute.kind == Kind::duration;
  const std::string target(is_duration ? "month" : subject.attribute.unit);
  const std::string value = fmt::format("{:g}", number.value);
  const std::string unit = printable(number.unit);
  if (is_plain(target)) {
    what.help = fmt::format("leave out the unit: write {}", value);
    if (!node.is_cell && node.type == NodeType::text) what.fix = {value, true};
    if (node.is_cell) what.fix = {value};
    return;
  }
  if (units.convertible(number.unit, target + " hour")) {
    what.help = fmt::format("'{}' is an amount over time: divide by the hours and write it in '{}'", unit, target);
    what.fix = fix_unit(node, number.unit, target);
    return;
  }
  if (units.convertible(number.unit + " hour", target)) {
    what.help = fmt::format("'{}' is a rate: multiply by the hours and write it in '{}'", unit, target);
    what.fix = fix_unit(node, number.unit, target);
    return;
  }
  const std::size_t slash = target.find('/');
  if (slash != std::string::npos && units.convertible(number.unit, target.substr(0, slash))) {
    const std::string whole = number.unit + target.substr(slash);
    what.help = fmt::format("say per what: write {} {}", value, whole);
    what.fix = fix_unit(node, number.unit, whole);
    return;
  }
  what.help = fmt::format("write {}", example_quantity(subject.attribute, value));
  what.fix = fix_unit(node, number.unit, target);
}

}  // namespace

void report_unit(Reading& reading, const Subject& subject, const SourceNode& node, const Number& number,
                 const UnitFault& fault) {
  const std::string unit = printable(number.unit);
  const std::string_view target = subject.attribute.kind == Kind::duration ? "month" : subject.attribute.unit;
  Fault what{
      .code = Code::wrong_dimension, .origin = node.origin, .verb = fmt::format("is in '{}'", unit), .found = unit};
  what.expected = is_plain(target) ? "a plain number"
                  : target == "*"  ? "a unit such as MW, wafer or PFLOP/s"
                                   : fmt::format("a unit that converts to '{}'", target);
  const std::string meant = did_you_mean_text(fault.suggestion);
  switch (fault.kind) {
    case UnitFault::Kind::unknown:
      what.code = Code::unknown_unit;
      what.verb = fmt::format("has the unknown unit '{}'", unit);
      if (const std::string range = mend_range(node.text); node.type == NodeType::text && !range.empty()) {
        what.help = fmt::format("write {}", range);
        if (!node.is_cell) what.fix = {range, true};
        break;
      }
      what.help = !meant.empty()     ? meant
                  : is_plain(target) ? "leave out the unit"
                  : target == "*"    ? "write a unit that docs/scenario.md lists"
                                     : fmt::format("write the unit '{}', or one that converts to it", target);
      what.fix = fix_unit(node, number.unit, fault.suggestion);
      break;
    case UnitFault::Kind::unknown_currency:
      what.code = Code::unknown_currency;
      what.verb = fmt::format("is in '{}', a currency or price year that [money] does not have", unit);
      what.help = meant.empty() ? "add it to the rates of [money]" : meant;
      if (!meant.empty()) {
        what.fix = fix_unit(node, number.unit, with_currency(reading.units, number.unit, fault.suggestion));
      }
      break;
    case UnitFault::Kind::wrong_dimension:
      if (number.unit.empty()) {
        what.verb = fmt::format("is {}, without a unit", shown(node));
        what.found = shown(node);
        what.help = fmt::format("write {}", example_quantity(subject.attribute, fmt::format("{:g}", number.value)));
        if (!node.is_cell) {
          const bool is_text = node.type == NodeType::text;
          what.fix = {example_quantity(subject.attribute, is_text ? node.text : fmt::format("{:g}", number.value)),
                      true};
        }
      } else if (!fault.suggestion.empty()) {
        what.help = fmt::format("write a difference of temperatures in '{}'", fault.suggestion);
        what.fix = fix_unit(node, number.unit, fault.suggestion);
      } else {
        explain_dimension(reading.units, subject, node, number, what);
      }
      break;
  }
  report(reading, subject, std::move(what));
}

}  // namespace beltline
