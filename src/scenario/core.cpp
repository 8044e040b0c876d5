#include "scenario/core.h"

#include <array>
#include <cstdlib>
#include <map>

#include <fmt/format.h>

#include "base/diagnostic_codes.h"
#include "base/text.h"
#include "scenario/limits.h"
#include "scenario/load.h"

namespace beltline {
namespace {

constexpr std::array kScenarioAttributes{
    Attribute{.key = "name", .description = "Short name; without it, the name of the folder."},
    Attribute{.key = "title", .description = "Title for people, in English."},
    Attribute{.key = "description", .description = "What the scenario is about, in a paragraph."},
};
constexpr Section kScenario{.name = "scenario",
                            .title = "Scenario",
                            .description = "What the scenario is called.",
                            .attributes = kScenarioAttributes,
                            .single = true};

constexpr std::array kCalendarAttributes{
    Attribute{.key = "start", .kind = Kind::month, .required = true, .description = "First month of the horizon."},
    Attribute{.key = "periods",
              .kind = Kind::integer,
              .min = 1,
              .max = limits::kPeriods,
              .description = "Number of periods."},
    Attribute{.key = "opens",
              .kind = Kind::month,
              .description = "First month that is planned, of a programme that runs already: the periods before it are "
                             "past, and section `opening` says what they left. The first of the horizon without it."},
    Attribute{.key = "months_per_period",
              .kind = Kind::integer,
              .min = 1,
              .max = 1200,
              .description = "Months of a period: 1 without it, 12 for years."},
    Attribute{.key = "slices_per_day",
              .kind = Kind::integer,
              .min = 1,
              .max = 24,
              .description = "Slices of the representative day of each month; a divisor of 24. Without it, 24."},
    Attribute{.key = "hours",
              .kind = Kind::integer,
              .min = 1,
              .max = limits::kHours,
              .description = "Instead of `periods`: one period of so many hours in a row."},
    Attribute{.key = "slices",
              .kind = Kind::integer,
              .min = 1,
              .max = limits::kHours,
              .description = "Instead of `slices_per_day`: slices of each period, of any length."},
    Attribute{.key = "slice_hours",
              .kind = Kind::series,
              .unit = "h",
              .min = 0,
              .description = "With `slices`: hours of its period that each slice stands for, one value for all, one a "
                             "slice, or one a period and slice (`by = \"slice\"`); evenly spread without it."},
    Attribute{.key = "step_hours",
              .kind = Kind::series,
              .unit = "h",
              .min = 0,
              .min_exclusive = true,
              .description = "With `slices`: how long each slice lasts in a row with its neighbours, one value or one "
                             "a slice: what stores and ramps count. 1 hour without it."},
    Attribute{.key = "group_size",
              .kind = Kind::integer,
              .min = 1,
              .max = limits::kHours,
              .description = "With `slices`: slices that follow each other, such as 24 for days; all of them without "
                             "it."},
};
constexpr Section kCalendar{.name = "calendar",
                            .title = "Calendar",
                            .description =
                                "Months, each with one representative day whose slices stand for all days of the "
                                "month; or one stretch of hours; or periods of any length in slices of any length, "
                                "such as years in seasons, days and nights.",
                            .attributes = kCalendarAttributes,
                            .single = true};

constexpr std::array kRateFields{
    Attribute{.key = "currency", .required = true, .description = "Three letters, such as KRW."},
    Attribute{
        .key = "year", .kind = Kind::integer, .required = true, .min = 1900, .max = 2200, .description = "Price year."},
    Attribute{.key = "per_usd",
              .kind = Kind::quantity,
              .required = true,
              .min = 0,
              .min_exclusive = true,
              .description = "Units of the currency for one USD, mean of that year."},
};
constexpr std::array kDeflatorFields{
    Attribute{.key = "year", .kind = Kind::integer, .required = true, .min = 1900, .max = 2200, .description = "Year."},
    Attribute{.key = "index",
              .kind = Kind::quantity,
              .required = true,
              .min = 0,
              .min_exclusive = true,
              .description = "USD price level of the year, in any base."},
};
constexpr std::array kMoneyAttributes{
    Attribute{.key = "base_year",
              .kind = Kind::integer,
              .required = true,
              .min = 1900,
              .max = 2200,
              .description = "Year in whose USD all money is counted."},
    Attribute{.key = "rates",
              .kind = Kind::records,
              .fields = kRateFields,
              .description = "Rates of exchange by currency and year."},
    Attribute{
        .key = "deflator", .kind = Kind::records, .fields = kDeflatorFields, .description = "USD price level by year."},
};
constexpr Section kMoney{
    .name = "money",
    .title = "Money",
    .description =
        "Money is real USD of the base year. `KRW2024` is won at 2024 prices: 1 / rate(2024) · index(base) / "
        "index(2024) USD; `KRW` is won at prices of the base year; `USD2024` is dollars at 2024 prices.",
    .attributes = kMoneyAttributes,
    .single = true};

constexpr std::array<const Section*, 3> kCore{&kScenario, &kCalendar, &kMoney};

/// The divisor of 24 that is nearest, the smaller of two.
int nearest_divisor(int64_t slices) {
  int best = 1;
  for (const int divisor : {2, 3, 4, 6, 8, 12, 24}) {
    if (std::abs(divisor - slices) < std::abs(best - slices)) best = divisor;
  }
  return best;
}

/// Periods times months, which must not leave the years a calendar knows.
bool check_end(const Entry& entry, int periods, int months, Diagnostics& diagnostics) {
  const int last = entry.month("start").index() + periods * months - 1;
  if (last <= YearMonth{2500, 12}.index()) return true;
  diagnostics.add({.code = Code::out_of_range,
                   .origin = entry.where("periods"),
                   .message = fmt::format("[calendar] ends in the year {}", last / 12),
                   .found = fmt::format("{} periods of {} months", periods, months),
                   .expected = "an end before 2501",
                   .help = "write fewer periods, or fewer months_per_period"});
  return false;
}

/// Keys that only `slices` gives a meaning.
bool check_sliced_keys(const Entry& entry, Diagnostics& diagnostics) {
  bool good = true;
  for (const char* key : {"slice_hours", "step_hours", "group_size"}) {
    if (!entry.has(key)) continue;
    good = false;
    diagnostics.add({.code = Code::inconsistent,
                     .origin = entry.where(key),
                     .message = fmt::format("[calendar] has {} but no slices", key),
                     .expected = "slices, the number of them a period",
                     .help = "add slices = 4"});
  }
  return good;
}

/// The values of a series of the calendar: `count` of them, from one, one a slice, or all.
std::optional<std::vector<double>> values_of(const Entry& entry, const char* key, std::size_t slices, std::size_t count,
                                             Diagnostics& diagnostics) {
  const std::vector<double>& written = entry.series(key).values;
  std::vector<double> values(count);
  if (written.size() == 1 || written.size() == slices || written.size() == count) {
    for (std::size_t i = 0; i < count; ++i) values[i] = written[i % written.size()];
    return values;
  }
  diagnostics.add({.code = Code::series_length,
                   .origin = entry.where(key),
                   .message = fmt::format("{} of [calendar] has {} values", key, written.size()),
                   .expected = count == slices ? fmt::format("1 value, or {}, one a slice", slices)
                                               : fmt::format("1 value, {}, one a slice, or {}, one a period and slice",
                                                             slices, count),
                   .help = "write one value for each slice"});
  return std::nullopt;
}

std::optional<Calendar> make_sliced_calendar(const Entry& entry, Diagnostics& diagnostics) {
  const auto conflict = [&](const char* key, const char* help) {
    diagnostics.add({.code = Code::inconsistent,
                     .origin = entry.where(key),
                     .message = fmt::format("[calendar] has both slices and {}", key),
                     .expected = "one of them",
                     .help = help});
    return std::nullopt;
  };
  if (entry.has("slices_per_day")) return conflict("slices_per_day", "leave out one of them");
  if (entry.has("hours")) return conflict("hours", "write periods = 1 with slices");
  const auto periods = static_cast<int>(entry.integer("periods"));
  const auto slices = static_cast<int>(entry.integer("slices"));
  const int months = entry.has("months_per_period") ? static_cast<int>(entry.integer("months_per_period")) : 1;
  const int group = entry.has("group_size") ? static_cast<int>(entry.integer("group_size")) : slices;
  if (!check_end(entry, periods, months, diagnostics)) return std::nullopt;
  if (int64_t{periods} * slices > limits::kHours) {
    diagnostics.add({.code = Code::out_of_range,
                     .origin = entry.where("slices"),
                     .message = fmt::format("[calendar] has {} slices in all", int64_t{periods} * slices),
                     .expected = fmt::format("at most {}", int64_t{limits::kHours}),
                     .help = "write fewer periods or slices"});
    return std::nullopt;
  }
  if (slices % group != 0) {
    diagnostics.add({.code = Code::out_of_range,
                     .origin = entry.where("group_size"),
                     .message = fmt::format("group_size of [calendar] is {}", group),
                     .found = fmt::format("{}", group),
                     .expected = fmt::format("a divisor of {} slices", slices),
                     .help = "let groups be alike: slices is a multiple of group_size"});
    return std::nullopt;
  }
  Calendar c = Calendar::sliced(entry.month("start"), periods, months, slices, group);
  const auto count = static_cast<std::size_t>(slices);
  const auto all = count * static_cast<std::size_t>(periods);
  if (entry.has("slice_hours")) {
    const auto hours = values_of(entry, "slice_hours", count, all, diagnostics);
    if (!hours) return std::nullopt;
    c.set_slice_hours(*hours);
    for (int t = 0; t < periods; ++t) {
      if (c.hours(t) > 0) continue;
      diagnostics.add({.code = Code::out_of_range,
                       .origin = entry.where("slice_hours"),
                       .message = fmt::format("slice_hours of [calendar] add up to 0 in {}", c.label(t)),
                       .expected = "more than 0",
                       .help = "write the hours that each slice stands for"});
      return std::nullopt;
    }
  }
  if (entry.has("step_hours")) {
    const auto steps = values_of(entry, "step_hours", count, count, diagnostics);
    if (!steps) return std::nullopt;
    c.set_steps(*steps);
  }
  return c;
}

}  // namespace

std::span<const Section* const> core_sections() {
  return kCore;
}

std::optional<Calendar> make_calendar(const Entry& entry, Diagnostics& diagnostics) {
  if (!entry.has("start")) return std::nullopt;  // reported already
  if (entry.has("periods") == entry.has("hours")) {
    diagnostics.add(
        {.code = Code::inconsistent,
         .origin = entry.has("hours") ? entry.where("hours") : entry.origin,
         .message = entry.has("hours") ? "[calendar] has both periods and hours" : "[calendar] has no length",
         .expected = "either periods (months) or hours",
         .help = entry.has("hours") ? "leave out one of them" : "add periods = 60"});
    return std::nullopt;
  }
  if (entry.has("slices")) return make_sliced_calendar(entry, diagnostics);
  if (!check_sliced_keys(entry, diagnostics)) return std::nullopt;
  if (entry.has("hours")) return Calendar::hourly(static_cast<int>(entry.integer("hours")), entry.month("start"));

  const int64_t slices = entry.has("slices_per_day") ? entry.integer("slices_per_day") : 24;
  if (24 % slices != 0) {
    diagnostics.add({.code = Code::out_of_range,
                     .origin = entry.where("slices_per_day"),
                     .message = fmt::format("slices_per_day of [calendar] is {}", slices),
                     .found = fmt::format("{}", slices),
                     .expected = "a divisor of 24: 1, 2, 3, 4, 6, 8, 12 or 24",
                     .help = fmt::format("write {}", nearest_divisor(slices)),
                     .fix = {fmt::format("{}", nearest_divisor(slices)), true}});
    return std::nullopt;
  }
  const int months = entry.has("months_per_period") ? static_cast<int>(entry.integer("months_per_period")) : 1;
  const auto periods = static_cast<int>(entry.integer("periods"));
  if (!check_end(entry, periods, months, diagnostics)) return std::nullopt;
  return Calendar::monthly(entry.month("start"), periods, static_cast<int>(slices), months);
}

void add_currencies(const Entry& money, Units& units, Diagnostics& diagnostics) {
  if (!money.has("base_year")) return;
  const int64_t base = money.integer("base_year");
  const auto complete = [](const Entry& record, std::initializer_list<const char*> keys) {
    for (const char* key : keys) {
      if (!record.has(key)) return false;
    }
    return true;
  };

  std::map<int64_t, double> index;
  if (money.has("deflator")) {
    for (const Entry& record : money.records("deflator")) {
      if (!complete(record, {"year", "index"})) continue;
      if (index.emplace(record.integer("year"), record.number("index")).second) continue;
      diagnostics.add({.code = Code::duplicate_name,
                       .origin = record.where("year"),
                       .message = fmt::format("deflator of [money] has the year {} twice", record.integer("year")),
                       .help = "leave out one of the two"});
    }
  }
  // price level of the base year over that of another; the base year itself needs no table
  const auto inflation = [&](int64_t year) -> std::optional<double> {
    if (year == base) return 1.0;
    const auto from = index.find(year);
    const auto to = index.find(base);
    if (from == index.end() || to == index.end()) return std::nullopt;
    return to->second / from->second;
  };
  const auto add = [&](const std::string& name, double usd, const Origin& place) {
    const auto added = units.add_currency(name, usd);
    if (!added) {
      diagnostics.add({.code = Code::unknown_currency,
                       .origin = place,
                       .message = added.error(),
                       .help = "write three capital letters: KRW, JPY or EUR"});
    }
    return added.has_value();
  };

  for (const auto& [year, level] : index) {
    if (const auto factor = inflation(year)) add(fmt::format("USD{}", year), *factor, money.where("deflator"));
  }
  if (!index.contains(base)) add(fmt::format("USD{}", base), 1.0, money.where("base_year"));
  if (!money.has("rates")) return;
  std::map<std::pair<std::string, int64_t>, Origin> seen;
  for (const Entry& record : money.records("rates")) {
    if (!complete(record, {"currency", "year", "per_usd"})) continue;
    const std::string& currency = record.text("currency");
    const int64_t year = record.integer("year");
    if (!seen.emplace(std::pair(currency, year), record.origin).second) {
      diagnostics.add({.code = Code::duplicate_name,
                       .origin = record.where("currency"),
                       .message = fmt::format("rates of [money] have {} of {} twice", printable(currency), year),
                       .help = "leave out one of the two"});
      continue;
    }
    const auto factor = inflation(year);
    if (!factor) {
      diagnostics.add(
          {.code = Code::inconsistent,
           .origin = record.where("year"),
           .message = fmt::format("[money] has a rate of {} for {} but no price level", printable(currency), year),
           .expected = fmt::format("deflator with the years {} and {}", year, base),
           .help = fmt::format("add {{year = {}, index = …}} and {{year = {}, index = …}} to deflator", year, base)});
      continue;
    }
    const double usd = *factor / record.number("per_usd");
    const bool good = add(fmt::format("{}{}", currency, year), usd, record.where("currency"));
    if (good && year == base) add(currency, usd, record.where("currency"));
  }
}

}  // namespace beltline
