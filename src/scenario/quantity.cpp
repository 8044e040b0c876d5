#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "base/text.h"
#include "scenario/quantity_text.h"
#include "scenario/reading.h"
#include "scenario/suggest.h"

namespace beltline {
namespace {

bool is_plain(std::string_view unit) {
  return unit.empty() || unit == "1";
}

/// Help and fix where the text is nearly a number.
void mend(const SourceNode& node, Fault& what) {
  if (node.type != NodeType::text) return;
  const std::string mended = mend_number(node.text);
  if (mended.empty()) return;
  what.help = fmt::format("write \"{}\"", printable(mended));
  what.fix = fix_value(node, mended);
}

void report_number(Reading& reading, const Subject& subject, const SourceNode& node, NumeralFault fault) {
  const std::string found = shown(node);
  Fault what{.code = node.is_cell ? Code::csv_bad_value : Code::wrong_type,
             .origin = node.origin,
             .verb = "is " + found,
             .found = found,
             .expected = is_plain(subject.attribute.unit) ? "a number" : "a number and a unit",
             .help = fmt::format("write {}", example_value(subject.attribute))};
  switch (fault) {
    case NumeralFault::not_a_number: mend(node, what); break;
    case NumeralFault::not_finite:
      what.code = Code::not_finite;
      what.expected = "a finite number";
      what.help = "write a number, or leave out the key for no limit";
      break;
    case NumeralFault::comma:
      what.help = "write numbers without commas: 1000000 or 1_000_000";
      mend(node, what);
      break;
    case NumeralFault::too_long:
      what.verb = "is too long for a quantity";
      what.found.clear();
      break;
  }
  report(reading, subject, std::move(what));
}

/// Converts to the attribute's unit; "*" keeps the one it was written in.
std::optional<Number> convert(Reading& reading, const Subject& subject, const SourceNode& node, Number number) {
  const Attribute& attribute = subject.attribute;
  if (attribute.kind == Kind::duration) {
    const auto months = reading.units.duration_months(number.value, number.unit);
    if (months) return Number{*months, Basis::none, number.unit};
    report_unit(reading, subject, node, number, months.error());
    return std::nullopt;
  }
  const std::string_view target = attribute.unit == "*" ? std::string_view(number.unit) : attribute.unit;
  const auto converted = reading.units.convert(number.value, number.unit, target);
  if (!converted) {
    report_unit(reading, subject, node, number, converted.error());
    return std::nullopt;
  }
  if (!std::isfinite(converted->value)) {
    report_number(reading, subject, node, NumeralFault::not_finite);
    return std::nullopt;
  }
  number.value = converted->value;
  number.basis = converted->basis;
  return number;
}

/// Confidence and citation of {…}: 'A', 'B' or 'C'.
void read_provenance(Reading& reading, const Subject& subject, const SourceNode& table, Quantity& quantity) {
  for (const char* key : {"source", "note", "confidence"}) {
    const SourceNode* const node = table.find(key);
    if (node == nullptr) continue;
    const bool is_letter = node->text == "A" || node->text == "B" || node->text == "C";
    if (node->type != NodeType::text || (std::string_view(key) == "confidence" && !is_letter)) {
      report(reading, subject,
             {.code = node->type == NodeType::text ? Code::bad_choice : Code::wrong_type,
              .origin = node->origin,
              .verb = fmt::format("has the {} {}", key, shown(*node)),
              .expected = std::string_view(key) == "confidence" ? "\"A\", \"B\" or \"C\"" : "text",
              .help = std::string_view(key) == "confidence" ? confidence_help() : "put it in quotes"});
    } else if (std::string_view(key) == "source") {
      quantity.source = node->text;
    } else if (is_letter) {
      quantity.confidence = node->text[0];
    }
  }
}

bool check_keys(Reading& reading, const Subject& subject, const SourceNode& table) {
  static const std::vector<std::string> keys{"low", "mode", "high", "unit", "source", "confidence", "note"};
  bool good = true;
  for (const Member& member : table.members) {
    if (std::ranges::find(keys, member.key) != keys.end()) continue;
    const std::string nearest = nearest_word(member.key, keys);
    report(reading, subject,
           {.code = Code::unknown_key,
            .origin = member.key_origin,
            .verb = fmt::format("has no key '{}'", printable(member.key)),
            .expected = "low, mode, high, unit, source, confidence or note",
            .help = nearest.empty() ? "write one of these keys, or leave it out" : did_you_mean_text(nearest),
            .fix = {nearest, true}});
    good = false;
  }
  return good;
}

/// low, mode and high of {…}, those that are written.
struct Range {
  std::optional<Number> low, mode, high;
};

/// "write low = "1 month", high = "4 month"": the parts as they are written, in the order of their values.
std::string order_help(const SourceNode& node, const Range& range) {
  std::vector<std::pair<double, std::string>> parts;
  std::vector<const char*> keys;
  for (const auto& [key, part] :
       {std::pair("low", &range.low), std::pair("mode", &range.mode), std::pair("high", &range.high)}) {
    if (!*part) continue;
    const SourceNode& written = *node.find(key);
    const bool quoted = written.type == NodeType::text && !written.is_cell;
    parts.emplace_back((*part)->value, fmt::format("{0}{1}{0}", quoted ? "\"" : "", printable(written.text)));
    keys.push_back(key);
  }
  std::ranges::sort(parts);
  std::string text = "write ";
  for (std::size_t i = 0; i < parts.size(); ++i) {
    text += fmt::format("{}{} = {}", i == 0 ? "" : ", ", keys[i], parts[i].second);
  }
  return text;
}

/// Fills what was left out: the mode is the middle of low and high, low and high are the mode.
bool complete(Reading& reading, const Subject& subject, const SourceNode& node, const Range& range,
              Quantity& quantity) {
  if (!range.mode && !(range.low && range.high)) {
    report(reading, subject,
           {.code = Code::missing_key,
            .origin = node.origin,
            .verb = "has no mode",
            .expected = "mode, or low and high",
            .help = fmt::format("add mode = {}", example_value(subject.attribute))});
    return false;
  }
  quantity.mode = range.mode ? range.mode->value : (range.low->value + range.high->value) / 2;
  quantity.low = range.low ? range.low->value : quantity.mode;
  quantity.high = range.high ? range.high->value : quantity.mode;
  quantity.basis = range.mode ? range.mode->basis : range.low->basis;
  for (const auto* part : {&range.low, &range.high}) {
    if (!*part || (*part)->basis == quantity.basis) continue;
    report(reading, subject,
           {.code = Code::wrong_dimension,
            .origin = node.origin,
            .verb = "mixes rates per month and per hour or day",
            .help = "months differ in length: write the whole range in one of them"});
    return false;
  }
  if (quantity.low <= quantity.mode && quantity.mode <= quantity.high) return true;
  report(reading, subject,
         {.code = Code::range_order,
          .origin = node.origin,
          .verb = fmt::format("has low {:g}, mode {:g}, high {:g}", quantity.low, quantity.mode, quantity.high),
          .expected = "low <= mode <= high",
          .help = order_help(node, range)});
  return false;
}

std::optional<Quantity> read_range(Reading& reading, const Subject& subject, const SourceNode& node) {
  if (!check_keys(reading, subject, node)) return std::nullopt;
  Quantity quantity{.source = std::string(subject.source), .confidence = subject.confidence, .origin = node.origin};
  read_provenance(reading, subject, node, quantity);
  const SourceNode* const unit_node = node.find("unit");
  if (unit_node != nullptr && unit_node->type != NodeType::text) {
    report(reading, subject,
           {.code = Code::wrong_type,
            .origin = unit_node->origin,
            .verb = "has a unit that is not text",
            .expected = "text",
            .help = "put it in quotes"});
    return std::nullopt;
  }
  std::string unit = unit_node != nullptr ? unit_node->text : node.unit;

  Range range;
  bool good = true;
  // the mode first: where any unit will do, its unit is that of low and high too
  for (const auto& [key, slot] :
       {std::pair("mode", &range.mode), std::pair("low", &range.low), std::pair("high", &range.high)}) {
    const SourceNode* const part = node.find(key);
    if (part == nullptr) continue;
    *slot = read_number(reading, subject, *part, part->unit.empty() ? unit : part->unit);
    if (!*slot || !check_bounds(reading, subject, (*slot)->value, *part)) {
      good = false;
      continue;
    }
    if (subject.attribute.unit != "*") continue;
    if (quantity.unit.empty()) quantity.unit = (*slot)->unit;
    const auto same = reading.units.convert((*slot)->value, (*slot)->unit, quantity.unit);
    if (same) {
      (*slot)->value = same->value;
    } else {
      report_unit(reading, subject, *part, **slot, same.error());
      good = false;
    }
  }
  if (!good || !complete(reading, subject, node, range, quantity)) return std::nullopt;
  if (subject.attribute.unit != "*")
    quantity.unit = subject.attribute.kind == Kind::duration ? "month" : subject.attribute.unit;
  return quantity;
}

/// " month", " MW", "": what follows the number of a bound.
std::string bound_unit(const Attribute& a) {
  if (a.kind == Kind::duration) return " month";
  return is_plain(a.unit) || a.unit == "*" ? std::string() : " " + std::string(a.unit);
}

/// "92 %" for a share written as 92, or "".
std::string as_percent(const Attribute& a, double value, const SourceNode& node) {
  const bool is_share = is_plain(a.unit) && (a.is_yield || a.max <= 1);
  const bool is_bare = node.type == NodeType::integer || node.type == NodeType::number ||
                       (node.type == NodeType::text && node.text.find('%') == std::string::npos);
  if (!is_share || !is_bare || !(value > 2 && value <= 100)) return {};
  return fmt::format("{:g} %", value);
}

/// The value as written, without its minus; nothing if it has none.
Fix fix_without_minus(const SourceNode& node) {
  if (!node.text.starts_with('-')) return {};
  if (node.type == NodeType::text) return fix_value(node, node.text.substr(1));
  return {node.text.substr(1), true};
}

}  // namespace

std::optional<Number> read_number(Reading& reading, const Subject& subject, const SourceNode& node,
                                  std::string_view unit) {
  Number number{.value = node.number, .basis = Basis::none, .unit = std::string(unit)};
  if (node.type == NodeType::text) {
    const auto split = split_quantity(node.text);
    if (!split) {
      report_number(reading, subject, node, split.error());
      return std::nullopt;
    }
    number.value = split->number;
    if (!split->unit.empty()) number.unit = split->unit;
  } else if (node.type != NodeType::integer && node.type != NodeType::number) {
    report_number(reading, subject, node, NumeralFault::not_a_number);
    return std::nullopt;
  } else if (!std::isfinite(node.number)) {
    report_number(reading, subject, node, NumeralFault::not_finite);
    return std::nullopt;
  }
  return convert(reading, subject, node, std::move(number));
}

std::string describe_bounds(const Attribute& a) {
  if (a.is_yield) return "a fraction in (0, 1]";
  const bool has_min = std::isfinite(a.min);
  const bool has_max = std::isfinite(a.max);
  if (!has_min && !has_max) return {};
  const std::string unit = bound_unit(a);
  const char* const least = a.min_exclusive ? "more than" : "at least";
  if (has_min && has_max) return fmt::format("{} {:g} and at most {:g}{}", least, a.min, a.max, unit);
  if (has_min) return fmt::format("{} {:g}{}", least, a.min, unit);
  return fmt::format("at most {:g}{}", a.max, unit);
}

bool check_bounds(Reading& reading, const Subject& subject, double value, const SourceNode& node) {
  const Attribute& a = subject.attribute;
  const std::string found = shown(node);
  const std::string percent = as_percent(a, value, node);
  const std::string positive = value < 0 ? fix_without_minus(node).text : std::string();
  if (a.is_yield && !(value > 0 && value <= 1)) {
    report(reading, subject,
           {.code = Code::bad_yield,
            .origin = node.origin,
            .verb = "is " + found,
            .found = found,
            .expected = describe_bounds(a),
            .help = percent.empty() ? "write 0.92 or \"92 %\"" : fmt::format("write \"{}\"", percent),
            .fix = fix_value(node, percent)});
    return false;
  }
  // no duration may be negative unless its attribute says so
  if (a.kind == Kind::duration && value < 0 && !(std::isfinite(a.min) && a.min < 0)) {
    report(reading, subject,
           {.code = Code::negative_lead,
            .origin = node.origin,
            .verb = "is " + found,
            .found = found,
            .expected = "a duration of at least 0",
            .help = positive.empty() ? "write a duration of at least 0, such as \"3 month\""
                                     : fmt::format("leave out the minus: write {}", positive),
            .fix = fix_without_minus(node)});
    return false;
  }
  const bool too_low = a.min_exclusive ? value <= a.min : value < a.min;
  if (!too_low && value <= a.max) return true;
  report(reading, subject,
         {.code = Code::out_of_range,
          .origin = node.origin,
          .verb = "is " + found,
          .found = found,
          .expected = describe_bounds(a),
          .help = !percent.empty()               ? fmt::format("write \"{}\"", percent)
                  : too_low && !positive.empty() ? fmt::format("leave out the minus: write {}", positive)
                  : too_low && a.min_exclusive   ? fmt::format("write more than {:g}{}", a.min, bound_unit(a))
                                                 : fmt::format("write {:g}{} or {}", too_low ? a.min : a.max,
                                                               bound_unit(a), too_low ? "more" : "less"),
          .fix = !percent.empty() ? fix_value(node, percent)
                 : too_low        ? fix_without_minus(node)
                                  : Fix{}});
  return false;
}

std::optional<Quantity> read_quantity(Reading& reading, const Subject& subject, const SourceNode& node) {
  if (node.type == NodeType::table) return read_range(reading, subject, node);
  const std::optional<Number> number = read_number(reading, subject, node, node.unit);
  if (!number || !check_bounds(reading, subject, number->value, node)) return std::nullopt;
  Quantity quantity;
  quantity.low = quantity.mode = quantity.high = number->value;
  quantity.basis = number->basis;
  quantity.unit = subject.attribute.unit == "*"              ? number->unit
                  : subject.attribute.kind == Kind::duration ? "month"
                                                             : std::string(subject.attribute.unit);
  quantity.source = subject.source;
  quantity.confidence = subject.confidence;
  quantity.origin = node.origin;
  return quantity;
}

}  // namespace beltline
