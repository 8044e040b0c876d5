#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "base/text.h"
#include "scenario/reading.h"
#include "scenario/suggest.h"

namespace beltline {
namespace {

using Grain = SeriesValue::Grain;

/// What `by` may say, and how many values that takes.
struct GrainWord {
  std::string_view word;
  Grain grain;
};
constexpr std::array kGrains{GrainWord{"period", Grain::period},
                             GrainWord{"year", Grain::year},
                             GrainWord{"month_of_year", Grain::month_of_year},
                             GrainWord{"hour_of_day", Grain::hour_of_day},
                             GrainWord{"month_hour", Grain::month_hour},
                             GrainWord{"slice", Grain::slice}};

/// Number of values of a grain; nothing while the calendar is not known.
std::optional<std::size_t> length_of(Grain grain, const Calendar* calendar) {
  switch (grain) {
    case Grain::constant: return 1;
    case Grain::month_of_year: return 12;
    case Grain::hour_of_day: return 24;
    case Grain::month_hour: return 12 * 24;
    case Grain::dates: return std::nullopt;
    default: break;
  }
  if (calendar == nullptr) return std::nullopt;
  const auto periods = static_cast<std::size_t>(calendar->period_count);
  if (grain == Grain::period) return periods;
  if (grain == Grain::slice) return periods * static_cast<std::size_t>(calendar->slice_count);
  const YearMonth last = calendar->start.plus(calendar->period_count * calendar->months_per_period - 1);
  return static_cast<std::size_t>(last.year - calendar->start.year + 1);
}

/// Reads one series; the values go through the same checks as single quantities.
class Reader {
 public:
  Reader(Reading& reading, const Subject& subject, const SourceNode& node)
      : reading_(reading), subject_(subject), node_(node) {
    series_.quantity.source = subject.source;
    series_.quantity.confidence = subject.confidence;
    series_.quantity.origin = node.origin;
    series_.quantity.low = series_.quantity.mode = series_.quantity.high = std::numeric_limits<double>::quiet_NaN();
    if (subject.attribute.unit != "*") series_.quantity.unit = subject.attribute.unit;
  }

  std::optional<SeriesValue> read() {
    if (node_.type == NodeType::list) {
      series_.grain = Grain::period;
      list(node_, {});
    } else if (node_.type == NodeType::table && node_.find("values") != nullptr) {
      if (keys({"values", "unit", "by", "source", "confidence", "note"}) && grain())
        list(*node_.find("values"), unit());
    } else if (node_.type == NodeType::table && node_.find("file") != nullptr) {
      if (keys({"file", "column", "by", "dates", "step", "unit", "source", "confidence", "note"})) file();
    } else if (node_.type == NodeType::table && node_.find("dates") != nullptr) {
      if (keys({"dates", "unit", "step", "source", "confidence", "note"})) dates();
    } else {
      return constant();
    }
    if (!good_) return std::nullopt;
    return std::move(series_);
  }

 private:
  void fail(Fault fault) {
    report(reading_, subject_, std::move(fault));
    good_ = false;
  }

  std::optional<SeriesValue> constant() {
    std::optional<Quantity> quantity = read_quantity(reading_, subject_, node_);
    if (!quantity) return std::nullopt;
    series_.values = {quantity->mode};
    series_.quantity = std::move(*quantity);
    return std::move(series_);
  }

  bool keys(std::initializer_list<const char*> allowed) {
    const std::vector<std::string> names(allowed.begin(), allowed.end());
    for (const Member& member : node_.members) {
      if (std::ranges::find(names, member.key) != names.end()) continue;
      const std::string nearest = nearest_word(member.key, names);
      fail({.code = Code::unknown_key,
            .origin = member.key_origin,
            .verb = fmt::format("has no key '{}'", printable(member.key)),
            .expected = fmt::format("{}", fmt::join(names, ", ")),
            .help = nearest.empty() ? "write one of these keys, or leave it out" : did_you_mean_text(nearest),
            .fix = {nearest, true}});
    }
    if (const SourceNode* source = node_.find("source"); source != nullptr && source->type == NodeType::text) {
      series_.quantity.source = source->text;
    }
    if (const std::string word = text("confidence"); !word.empty()) {
      if (word == "A" || word == "B" || word == "C") {
        series_.quantity.confidence = word[0];
      } else {
        fail({.code = Code::bad_choice,
              .origin = node_.find("confidence")->origin,
              .verb = fmt::format("has the confidence '{}'", printable(word)),
              .expected = "\"A\", \"B\" or \"C\"",
              .help = confidence_help()});
      }
    }
    if (const SourceNode* step = node_.find("step"); step != nullptr) {
      if (step->type != NodeType::flag) {
        fail({.code = Code::wrong_type,
              .origin = step->origin,
              .verb = "has a step that is " + shown(*step),
              .expected = "true or false",
              .help = "write true or false, without quotes"});
      }
      series_.step = step->flag;
    }
    return good_;
  }

  /// Text of an optional key, "" if it is not there; anything but text is reported.
  std::string text(std::string_view key) {
    const SourceNode* const node = node_.find(key);
    if (node == nullptr) return {};
    if (node->type == NodeType::text && !node->text.empty()) return node->text;
    fail({.code = Code::wrong_type,
          .origin = node->origin,
          .verb = fmt::format("has a {} that is {}", key, shown(*node)),
          .expected = "text",
          .help = "put it in quotes"});
    return {};
  }
  std::string unit() { return text("unit"); }

  bool grain() {
    series_.grain = Grain::period;
    const std::string by = text("by");
    if (by.empty()) return good_;
    std::vector<std::string> words;
    for (const GrainWord& g : kGrains) {
      words.emplace_back(g.word);
      if (by == g.word) {
        series_.grain = g.grain;
        return good_;
      }
    }
    const std::string nearest = nearest_word(by, words);
    fail({.code = Code::bad_choice,
          .origin = node_.find("by")->origin,
          .verb = fmt::format("has by = '{}'", printable(by)),
          .found = by,
          .expected = fmt::format("{}", fmt::join(words, ", ")),
          .help = nearest.empty() ? "write one of these words" : did_you_mean_text(nearest),
          .fix = {nearest}});
    return false;
  }

  /// The word of another grain that this many values would fit.
  [[nodiscard]] std::string length_help(std::size_t count, std::size_t wanted) const {
    for (const GrainWord& g : kGrains) {
      if (g.grain != series_.grain && length_of(g.grain, reading_.calendar) == count) {
        return fmt::format("write {{values = [...], by = \"{}\"}}", g.word);
      }
    }
    return count < wanted ? fmt::format("add {}, or write {{dates = {{...}}}}", wanted - count)
                          : fmt::format("leave out {}", count - wanted);
  }

  void check_length(std::size_t count, const Origin& origin) {
    const std::optional<std::size_t> wanted = length_of(series_.grain, reading_.calendar);
    if (!wanted || count == *wanted) return;
    const bool is_slice = series_.grain == Grain::slice;
    if (is_slice && count == static_cast<std::size_t>(reading_.calendar->slice_count)) return;
    const auto word = std::ranges::find(kGrains, series_.grain, &GrainWord::grain);
    fail({.code = Code::series_length,
          .origin = origin,
          .verb = fmt::format("has {} {}", count, count == 1 ? "value" : "values"),
          .expected = fmt::format("{}, one a {}", *wanted, word->word == "month_hour" ? "month and hour" : word->word),
          .help = length_help(count, *wanted)});
  }

  /// Appends one value; all of a series must be per month, or all per hour.
  void append(const SourceNode& item, std::string_view unit) {
    std::optional<Number> number = read_number(reading_, subject_, item, unit);
    if (!number || !check_bounds(reading_, subject_, number->value, item)) {
      good_ = false;
      return;
    }
    Quantity& q = series_.quantity;
    if (series_.values.empty()) {
      q.basis = number->basis;
      if (subject_.attribute.unit == "*") q.unit = number->unit;
    } else if (subject_.attribute.unit == "*") {
      const auto same = reading_.units.convert(number->value, number->unit, q.unit);
      if (!same) {
        return fail({.code = Code::wrong_dimension,
                     .origin = item.origin,
                     .verb = fmt::format("mixes '{}' and '{}'", printable(q.unit), printable(number->unit)),
                     .help = fmt::format("write the whole series in '{}'", printable(q.unit))});
      }
      number->value = same->value;
    }
    if (number->basis != q.basis) {
      return fail({.code = Code::wrong_dimension,
                   .origin = item.origin,
                   .verb = "mixes rates per month and per hour or day",
                   .help = "months differ in length: write the whole series in one of them"});
    }
    series_.values.push_back(number->value);
  }

  void list(const SourceNode& items, std::string_view unit) {
    if (items.type != NodeType::list) {
      return fail({.code = Code::wrong_type,
                   .origin = items.origin,
                   .verb = "has values that are " + shown(items),
                   .expected = "a list",
                   .help = "write values = [1, 2, 3]"});
    }
    for (const SourceNode& item : items.items) append(item, unit);
    check_length(items.items.size(), items.origin);
  }

  bool month(const SourceNode& place, std::string_view text) {
    const std::optional<YearMonth> parsed = parse_month(text);
    if (parsed) {
      series_.date_indices.push_back(parsed->index());
      return true;
    }
    fail({.code = Code::bad_month,
          .origin = place.origin,
          .verb = fmt::format("has the date '{}'", printable(text)),
          .found = printable(text),
          .expected = "a month such as \"2026-06\"",
          .help = month_help(text),
          .fix = {guess_month(text)}});
    return false;
  }

  void dates() {
    series_.grain = Grain::dates;
    const SourceNode& table = *node_.find("dates");
    if (table.type != NodeType::table || table.members.empty()) {
      return fail({.code = Code::wrong_type,
                   .origin = table.origin,
                   .verb = "has dates that are " + shown(table),
                   .expected = "a table such as {\"2026-01\" = \"10 MW\", \"2027-01\" = \"20 MW\"}",
                   .help = "write each month in quotes with its value"});
    }
    const std::string common = unit();
    // members are sorted by key, so that months come in order
    for (const Member& member : table.members) {
      SourceNode place;
      place.origin = member.key_origin;
      if (month(place, member.key)) append(member.value, common);
    }
  }

  void file() {
    const std::string name = text("file");
    const std::string column = text("column");
    const std::string dates_column = text("dates");
    if (!good_ || !grain()) return;
    if (column.empty()) {
      return fail({.code = Code::missing_key,
                   .origin = node_.origin,
                   .verb = "names a file but no column",
                   .help = fmt::format("write {{file = \"{}\", column = \"...\"}}", printable(name))});
    }
    const Origin place = node_.find("file")->origin;
    const Origin column_place = node_.find("column")->origin;
    auto values = reading_.series_files.column(name, column, place, column_place, reading_.diagnostics);
    std::optional<SeriesColumn> months;
    if (!dates_column.empty()) {
      const Origin dates_place = node_.find("dates")->origin;
      months = reading_.series_files.column(name, dates_column, place, dates_place, reading_.diagnostics);
    }
    if (!values || (!dates_column.empty() && !months)) {
      good_ = false;
      return;
    }
    if (months) take_months(*months);
    take_column(*values, place);
  }

  void take_months(const SeriesColumn& months) {
    series_.grain = Grain::dates;
    for (std::size_t i = 0; i < months.origins.size(); ++i) {
      SourceNode place;
      place.origin = months.origins[i];
      if (!month(place, i < months.texts.size() ? std::string_view(months.texts[i]) : std::string_view())) return;
    }
    const auto unordered = std::ranges::adjacent_find(series_.date_indices, std::greater_equal());
    if (unordered == series_.date_indices.end()) return;
    const auto row = static_cast<std::size_t>(unordered - series_.date_indices.begin()) + 1;
    fail({.code = Code::bad_month,
          .origin = months.origins[row],
          .verb = "has dates out of order",
          .expected = "each month once, ascending",
          .help = "sort the rows by month, and leave out months that come twice"});
  }

  void take_column(const SeriesColumn& column, const Origin& place) {
    const std::string written = unit();
    if (column.has_unit && !written.empty() && !reading_.units.convertible(column.unit, written)) {
      return fail(
          {.code = Code::wrong_dimension,
           .origin = node_.find("unit")->origin,
           .verb = fmt::format("has unit '{}' where the file says '{}'", printable(written), printable(column.unit)),
           .help = "leave out unit: that of the file counts"});
    }
    const std::string& used = column.has_unit ? column.unit : written;
    const std::size_t count = column.origins.size();
    if (count == 0)
      return fail({.code = Code::series_length,
                   .origin = place,
                   .verb = "is a column without values",
                   .help = "add rows to the file"});
    check_length(count, place);
    for (std::size_t i = 0; i < count; ++i) {
      SourceNode cell;
      cell.origin = column.origins[i];
      cell.is_cell = true;
      if (i < column.texts.size()) {
        cell.text = column.texts[i];
      } else {
        cell.type = NodeType::number;
        cell.number = column.numbers[i];
        cell.text = fmt::format("{}", cell.number);
      }
      append(cell, used);
    }
  }

  Reading& reading_;
  const Subject& subject_;
  const SourceNode& node_;
  SeriesValue series_;
  bool good_ = true;
};

}  // namespace

std::optional<SeriesValue> read_series(Reading& reading, const Subject& subject, const SourceNode& node) {
  return Reader(reading, subject, node).read();
}

}  // namespace beltline
