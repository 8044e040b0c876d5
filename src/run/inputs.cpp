#include "run/inputs.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>

#include <fmt/format.h>

#include "base/text.h"
#include "scenario/load.h"
#include "scenario/value_paths.h"

namespace beltline {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

std::string series_text(const SeriesValue& series) {
  using Grain = SeriesValue::Grain;
  const auto [least, most] = std::ranges::minmax_element(series.values);
  const std::string& unit = series.quantity.unit;
  const auto words = [&](std::string_view by) {
    if (*least == *most) return fmt::format("{} in every {}", told(*least, unit), by);
    return fmt::format("{} to {} by {}", fmt::format("{:.5g}", *least), told(*most, unit), by);
  };
  switch (series.grain) {
    case Grain::constant: return told(series.values.front(), unit);
    case Grain::period: return words("period");
    case Grain::year: return words("year");
    case Grain::month_of_year: return words("month of the year");
    case Grain::hour_of_day: return words("hour of the day");
    case Grain::month_hour: return words("month and hour");
    case Grain::slice: return words("slice");
    case Grain::dates: break;
  }
  std::string text;
  const std::size_t count = series.values.size();
  for (std::size_t i = 0; i < count; ++i) {
    if (count > 4 && i == 2) text += ", …";
    if (count > 4 && i >= 2 && i + 1 < count) continue;
    text += fmt::format("{}{} from {}", text.empty() ? "" : ", ", told(series.values[i], unit),
                        to_string(YearMonth::from_index(series.date_indices[i])));
  }
  return text;
}

std::string value_text(const Value& value) {
  switch (value.attribute->kind) {
    case Kind::quantity: return told(value.quantity.mode, value.quantity.unit);
    case Kind::duration: return fmt::format("{:.4g} month", value.quantity.mode);
    case Kind::series: return series_text(value.series);
    case Kind::text:
    case Kind::reference:
    case Kind::choice: return printable(value.text, 120);
    case Kind::flag: return value.flag ? "true" : "false";
    case Kind::integer: return fmt::format("{}", value.integer);
    case Kind::month: return to_string(value.month);
    case Kind::references:
    case Kind::texts:
    case Kind::choices: return printable(fmt::format("{}", fmt::join(value.names, ", ")), 120);
    case Kind::records:
      return fmt::format("{} {}", value.records.size(), value.records.size() == 1 ? "record" : "records");
  }
  return {};
}

class Walker {
 public:
  explicit Walker(const Spec& spec) : spec_(spec) {}

  std::vector<Input> run() {
    for_each_value(spec_, [&](const ValuePlace& place) { add(place); });
    return std::move(out_);
  }

 private:
  static std::string text_or(const Entry& entry, std::string_view key) {
    return entry.has(key) ? entry.text(key) : std::string();
  }

  void add(const ValuePlace& place) {
    const Value& value = *place.value;
    Input input{.path = place.full_path(),
                .section = std::string(place.owner->section->name),
                .entry = place.owner->name,
                .key = place.key,
                .value = value_text(value),
                .low = kNone,
                .mode = kNone,
                .high = kNone,
                .unit = {},
                .source = {},
                .source_from = {},
                .origin = value.origin,
                .is_default = value.is_default,
                .spec_value = &value};
    const bool has_quantity = value.attribute->kind == Kind::quantity || value.attribute->kind == Kind::duration;
    const Quantity& q = has_quantity ? value.quantity : value.series.quantity;
    if (has_quantity) {
      input.low = q.low, input.mode = q.mode, input.high = q.high;
      input.unit = q.unit;
    } else if (value.attribute->kind == Kind::series) {
      const bool is_constant = value.series.grain == SeriesValue::Grain::constant;
      input.low = is_constant ? q.low : kNone;
      input.high = is_constant ? q.high : kNone;
      input.mode = is_constant ? q.mode : mean(value.series);
      input.unit = q.unit;
    } else if (value.attribute->kind == Kind::integer) {
      input.low = input.mode = input.high = static_cast<double>(value.integer);
    }
    cite(*place.entry, *place.owner, q, place.is_of_record(), input);
    out_.push_back(std::move(input));
  }

  /// A value's own source, else its record's, else its entry's. What stands in an override has none of these.
  void cite(const Entry& entry, const Entry& owner, const Quantity& q, bool is_record, Input& input) const {
    const std::string of_entry = text_or(entry, "source");
    const std::string of_owner = text_or(owner, "source");
    const auto grade = [](const std::string& text) { return text.empty() ? ' ' : text[0]; };
    if (!q.source.empty() && q.source != of_entry) {
      input.source = q.source;
      input.source_from = "value";
      input.confidence = q.confidence;
    } else if (is_override(input.origin)) {
      input.source_from = kOverrideFile;
    } else if (!input.is_default && (!of_entry.empty() || entry.has("confidence"))) {
      input.source = of_entry;
      input.source_from = is_record ? "record" : "entry";
      input.confidence = q.confidence != ' ' ? q.confidence : grade(text_or(entry, "confidence"));
    } else if (!input.is_default && (!of_owner.empty() || owner.has("confidence"))) {
      input.source = of_owner;
      input.source_from = "entry";
      input.confidence = q.confidence != ' ' ? q.confidence : grade(text_or(owner, "confidence"));
    } else {
      input.confidence = q.confidence;
    }
  }

  [[nodiscard]] bool is_override(const Origin& origin) const {
    return origin.file >= 0 && static_cast<std::size_t>(origin.file) < spec_.files.size() &&
           spec_.files[origin.file].path == kOverrideFile;
  }

  [[nodiscard]] double mean(const SeriesValue& series) const {
    double sum = 0, hours = 0;
    for (int t = 0; t < spec_.calendar.period_count; ++t) {
      sum += series.mean(spec_.calendar, t) * spec_.calendar.hours(t);
      hours += spec_.calendar.hours(t);
    }
    return hours > 0 ? sum / hours : kNone;
  }

  const Spec& spec_;
  std::vector<Input> out_;
};

bool same_number(double a, double b) {
  return a == b || (std::isnan(a) && std::isnan(b));
}

bool same_entry(const Entry& a, const Entry& b, bool (*same)(const Value&, const Value&)) {
  return std::ranges::equal(
      a.values, b.values, [&](const auto& x, const auto& y) { return x.first == y.first && same(x.second, y.second); });
}

bool same_records(const Value& a, const Value& b, bool (*same)(const Value&, const Value&)) {
  return std::ranges::equal(a.records, b.records,
                            [&](const Entry& x, const Entry& y) { return same_entry(x, y, same); });
}

}  // namespace

std::string told(double value, std::string_view unit) {
  if (!std::isfinite(value)) return std::isnan(value) ? "nothing" : value > 0 ? "no limit" : "-infinity";
  const double size = std::abs(value);
  if ((unit == "USD" || unit.starts_with("USD/")) && size >= 1e6) {
    const bool is_billion = size >= 1e9;
    return fmt::format("USD {} {}{}", told(value / (is_billion ? 1e9 : 1e6), ""), is_billion ? "billion" : "million",
                       unit.substr(3));
  }
  std::string number = size >= 999.5 && size < 1e15 ? fmt::format("{:.0f}", value) : fmt::format("{:.4g}", value);
  if (size >= 999.5 && number.find_first_of(".e") == std::string::npos) {
    for (int i = static_cast<int>(number.size()) - 3; i > (value < 0 ? 1 : 0); i -= 3)
      number.insert(static_cast<std::size_t>(i), ",");
  }
  if (unit == "USD") return "USD " + number;
  return unit.empty() || unit == "1" ? number : fmt::format("{} {}", number, unit);
}

bool plans_the_same(const Value& a, const Value& b) {
  if (a.attribute->kind != b.attribute->kind) return false;
  switch (a.attribute->kind) {
    case Kind::quantity:
    case Kind::duration:
      return same_number(a.quantity.mode, b.quantity.mode) && a.quantity.basis == b.quantity.basis &&
             a.quantity.unit == b.quantity.unit;
    case Kind::series:
      return a.series.grain == b.series.grain && a.series.step == b.series.step && a.series.values == b.series.values &&
             a.series.date_indices == b.series.date_indices && a.series.quantity.basis == b.series.quantity.basis &&
             a.series.quantity.unit == b.series.quantity.unit;
    case Kind::text: return a.text == b.text || is_for_readers(a.attribute->key);
    case Kind::reference:
    case Kind::choice: return a.text == b.text || is_for_readers(a.attribute->key);
    case Kind::flag: return a.flag == b.flag;
    case Kind::integer: return a.integer == b.integer;
    case Kind::month: return a.month == b.month;
    case Kind::references:
    case Kind::texts:
    case Kind::choices: return a.names == b.names;
    case Kind::records: return same_records(a, b, plans_the_same);
  }
  return false;
}

bool reads_the_same(const Value& a, const Value& b) {
  if (!plans_the_same(a, b) || a.text != b.text) return false;
  const auto same = [](const Quantity& x, const Quantity& y) {
    return same_number(x.low, y.low) && same_number(x.high, y.high) && x.source == y.source &&
           x.confidence == y.confidence;
  };
  return same(a.quantity, b.quantity) && same(a.series.quantity, b.series.quantity) &&
         same_records(a, b, reads_the_same);
}

bool is_for_readers(std::string_view key) {
  constexpr std::array kKeys{"title", "title_ko", "note", "source", "confidence", "description"};
  return std::ranges::find(kKeys, key) != kKeys.end();
}

std::vector<Input> inputs_of(const Spec& spec) {
  return Walker(spec).run();
}

Table inputs_table(const Spec& spec) {
  Table table{.name = "inputs", .title = "Every value of the scenario, with its source and place", .columns = {}};
  table.add_texts("path", "as --set takes it");
  table.add_texts("section");
  table.add_texts("entry");
  table.add_texts("key");
  table.add_texts("value", "short, for people");
  table.add_numbers("low", "", "in `unit`; of a series that varies: none");
  table.add_numbers("mode", "", "in `unit`: what is planned with; of a series that varies: its mean");
  table.add_numbers("high", "", "in `unit`");
  table.add_texts("unit");
  table.add_texts("source", "of the value, or of its record or entry");
  table.add_texts("source_from", "whose source it is: value, record, entry, --set");
  table.add_texts("confidence", "A datasheet or statistic, B press or analyst, C estimate");
  table.add_texts("file");
  table.add_integers("line", "");
  table.add_integers("column", "");
  table.add_integers("is_default", "", "1 where nothing is written and the schema's default holds");
  const auto texts = [&](std::size_t i) -> auto& {
    return std::get<std::vector<std::string>>(table.columns[i].values);
  };
  const auto numbers = [&](std::size_t i) -> auto& { return std::get<std::vector<double>>(table.columns[i].values); };
  const auto integers = [&](std::size_t i) -> auto& { return std::get<std::vector<int64_t>>(table.columns[i].values); };
  for (const Input& input : inputs_of(spec)) {
    const std::string* const first[] = {&input.path, &input.section, &input.entry, &input.key, &input.value};
    for (std::size_t i = 0; i < 5; ++i) texts(i).push_back(*first[i]);
    const double range[] = {input.low, input.mode, input.high};
    for (std::size_t i = 0; i < 3; ++i) numbers(5 + i).push_back(range[i]);
    texts(8).push_back(input.unit);
    texts(9).push_back(input.source);
    texts(10).push_back(input.source_from);
    texts(11).push_back(input.confidence == ' ' ? std::string() : std::string(1, input.confidence));
    const bool has_file = input.origin.file >= 0 && static_cast<std::size_t>(input.origin.file) < spec.files.size();
    texts(12).push_back(has_file ? spec.files[input.origin.file].path : std::string());
    integers(13).push_back(input.origin.line);
    integers(14).push_back(input.origin.column);
    integers(15).push_back(input.is_default ? 1 : 0);
  }
  return table;
}

}  // namespace beltline
