#include "import/frepple_fields.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include <fmt/format.h>

#include "base/diagnostic_codes.h"
#include "base/text.h"

namespace beltline::frepple {
namespace {

/// Words for people, prices and what only frePPLe's screens and heuristics use: no date depends on them.
constexpr auto kOnlyWords = std::to_array<std::string_view>(
    {"description", "category", "subcategory", "source", "hidden", "cost", "comment", "comments", "remark", "volume",
     "weight", "uom", "action", "id", "search", "customer", "reference", "maxearly"});

/// What dates depend on and a scenario cannot hold.
constexpr std::string_view kBeyond[] = {"available",
                                        "skill",
                                        "skills",
                                        "setup",
                                        "setupmatrix",
                                        "efficiency",
                                        "efficiency_calendar",
                                        "batch",
                                        "shelflife",
                                        "owner",
                                        "members",
                                        "dependencies",
                                        "mininterval",
                                        "maxinterval",
                                        "minquantity",
                                        "maxquantity",
                                        "leadtime",
                                        "effective_start",
                                        "effective_end",
                                        "transferbatch",
                                        "name",
                                        "priority",
                                        "resource",
                                        "resource_qty",
                                        "policy",
                                        "pretime",
                                        "size_minimum_calendar",
                                        "size_maximum"};

std::optional<double> parse_number(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || !std::isfinite(value)) return std::nullopt;
  return value;
}

std::string_view plain_key(std::string_view key) {
  return key == "xsi:type" ? std::string_view("type") : key;
}

}  // namespace

bool FieldTaker::text(const Field& field, std::string_view key, std::string& out) const {
  if (field.key != key) return false;
  out = field.text;
  return true;
}

bool FieldTaker::number(const Field& field, std::string_view key, double& out) const {
  if (field.key != key) return false;
  if (const auto value = parse_number(field.text)) {
    out = *value;
  } else {
    bad_value(field, "a number");
  }
  return true;
}

bool FieldTaker::number(const Field& field, std::string_view key, std::optional<double>& out) const {
  double value = 0;
  if (!number(field, key, value)) return false;
  out = value;
  return true;
}

bool FieldTaker::amount(const Field& field, std::string_view key, double& out) const {
  double value = out;
  if (!number(field, key, value)) return false;
  if (value < 0) {
    diagnostics_.add({.code = Code::out_of_range,
                      .origin = field.origin,
                      .message = fmt::format("{} is {}", printable(key), value),
                      .found = fmt::format("{}", value),
                      .expected = "at least 0",
                      .help = "write a number that is not negative"});
    return true;
  }
  out = value;
  return true;
}

bool FieldTaker::amount(const Field& field, std::string_view key, std::optional<double>& out) const {
  double value = 0;
  if (!amount(field, key, value)) return false;
  out = value;
  return true;
}

bool FieldTaker::date(const Field& field, std::string_view key, std::optional<Seconds>& out) const {
  if (field.key != key) return false;
  out = parse_date(field.text);
  if (!out) bad_value(field, "a date such as 2009-01-03T00:00:00");
  return true;
}

bool FieldTaker::duration(const Field& field, std::string_view key, Seconds& out) const {
  if (field.key != key) return false;
  if (const auto value = parse_duration(field.text); value && *value >= 0) {
    out = *value;
  } else {
    bad_value(field, "a duration such as P7D or PT12H");
  }
  return true;
}

bool FieldTaker::sizes(const Field& field, Sizes& out) const {
  return amount(field, "size_minimum", out.minimum) || amount(field, "size_multiple", out.multiple) ||
         amount(field, "size_maximum", out.maximum);
}

bool FieldTaker::window(const Field& field, Window& out) const {
  return date(field, "effective_start", out.start) || date(field, "effective_end", out.end);
}

bool FieldTaker::kind(const Field& field, std::string& out) const {
  return text(field, "type", out);
}

void FieldTaker::each(const XmlElement& element, const std::function<bool(const Field&)>& take) const {
  const auto give = [&](const Field& field) {
    if (!take(field)) leave(element, field);
  };
  for (const XmlAttribute& attribute : element.attributes) {
    if (attribute.name.starts_with("xmlns")) continue;
    give({.key = plain_key(attribute.name), .text = attribute.value, .origin = element.origin});
  }
  for (const XmlElement& child : element.children)
    give({.key = plain_key(child.tag), .text = child.text, .element = &child, .origin = child.origin});
}

void FieldTaker::refuse(const Origin& origin, std::string what) const {
  diagnostics_.add({.code = Code::bad_model,
                    .origin = origin,
                    .message = fmt::format("{} cannot be carried over", what),
                    .expected = "a model without it",
                    .help = "take it out, or say the same with operations, flows and lots"});
}

void FieldTaker::bad_value(const Field& field, std::string_view expected) const {
  diagnostics_.add({.code = Code::csv_bad_value,
                    .origin = field.origin,
                    .message = fmt::format("{} is '{}'", printable(field.key), printable(field.text)),
                    .found = printable(field.text),
                    .expected = std::string(expected),
                    .help = "write the value as frePPLe does"});
}

void FieldTaker::leave(const XmlElement& element, const Field& field) const {
  // what is there, or is added, needs no word; what is taken out again does
  if (field.key == "action" && field.text == "R") {
    refuse(field.origin, fmt::format("the removal of a {}", printable(element.tag)));
    return;
  }
  if (std::ranges::find(kOnlyWords, field.key) != kOnlyWords.end()) return;
  if (std::ranges::find(kBeyond, field.key) != std::end(kBeyond)) {
    refuse(field.origin, fmt::format("{} of a {}", field.key, printable(element.tag)));
    return;
  }
  diagnostics_.add({.code = Code::unknown_key,
                    .origin = field.origin,
                    .message = fmt::format("'{}' is no field of a {}", printable(field.key), printable(element.tag)),
                    .expected = "a field of frePPLe",
                    .help = "delete it, or look for its name in frePPLe's manual"});
}

}  // namespace beltline::frepple
