#include "parts/tariff.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include <fmt/format.h>

#include "base/diagnostic_codes.h"
#include "parts/common.h"
#include "parts/network_names.h"

namespace beltline {
namespace {

// A published mean and ours may differ by as much: the mix of options and voltages of all customers is not known.
constexpr double kMeanTolerance = 0.1;
constexpr double kMeanLoadFactor = 0.8;

using Hours = std::array<bool, 24>;

constexpr std::array kRateFields{
    Attribute{.key = "from",
              .kind = Kind::month,
              .description = "First month of these rates; the first of all months by default."},
    Attribute{.key = "months",
              .kind = Kind::text,
              .fallback = "\"1-12\"",
              .description = "Months of the year, such as `\"6-8\"` or `\"11-12, 1-2\"`."},
    Attribute{.key = "off_peak",
              .kind = Kind::quantity,
              .unit = "USD/MWh",
              .required = true,
              .min = 0,
              .description = "Rate of all other hours."},
    Attribute{.key = "mid",
              .kind = Kind::quantity,
              .unit = "USD/MWh",
              .min = 0,
              .description = "Rate of `mid_hours`; the off-peak rate by default."},
    Attribute{.key = "peak",
              .kind = Kind::quantity,
              .unit = "USD/MWh",
              .min = 0,
              .description = "Rate of `peak_hours`; the mid rate by default."},
    Attribute{.key = "mid_hours",
              .kind = Kind::text,
              .fallback = "\"\"",
              .description = "Hours such as `\"8-11, 12-13, 18-22\"`."},
    Attribute{.key = "peak_hours",
              .kind = Kind::text,
              .fallback = "\"\"",
              .description = "Hours such as `\"11-12, 13-18\"`."},
    Attribute{.key = "weekend_discount",
              .kind = Kind::quantity,
              .fallback = "0",
              .min = 0,
              .max = 1,
              .description = "Share taken off the rate in `discount_hours` of Saturdays and holidays."},
    Attribute{
        .key = "discount_hours", .kind = Kind::text, .fallback = "\"\"", .description = "Hours such as `\"11-14\"`."},
};

constexpr std::array kAttributes{
    Attribute{.key = "rates",
              .kind = Kind::records,
              .required = true,
              .fields = kRateFields,
              .description = "Rates by season; of several that hold for a month, the one with the latest `from`."},
    Attribute{.key = "saturday_share",
              .kind = Kind::quantity,
              .fallback = "0",
              .min = 0,
              .max = 1,
              .description = "Share of days on which peak hours are billed at the mid rate."},
    Attribute{.key = "holiday_share",
              .kind = Kind::quantity,
              .fallback = "0",
              .min = 0,
              .max = 1,
              .description = "Share of days, Sundays and holidays, on which all hours are billed off-peak."},
    Attribute{.key = "climate_charge",
              .kind = Kind::series,
              .unit = "USD/MWh",
              .fallback = "\"0 USD/MWh\"",
              .min = 0,
              .description = "Climate and environment charge."},
    Attribute{.key = "fuel_adjustment",
              .kind = Kind::series,
              .unit = "USD/MWh",
              .fallback = "\"0 USD/MWh\"",
              .description = "Fuel cost adjustment; may be negative."},
    Attribute{.key = "fund",
              .kind = Kind::quantity,
              .fallback = "0",
              .min = 0,
              .max = 1,
              .description = "Levy on the whole bill, as a share. Value added tax is left out: firms deduct it."},
    Attribute{.key = "demand_charge",
              .kind = Kind::series,
              .unit = "USD/MW/month",
              .fallback = "\"0 USD/MW/month\"",
              .min = 0,
              .description = "Charge on the highest load of the month."},
    Attribute{.key = "published_mean",
              .kind = Kind::quantity,
              .unit = "USD/MWh",
              .min = 0,
              .description =
                  "Mean price of the tariff as published, demand charge included and levy left out; a warning if the "
                  "rates give another mean by more than 10 %."},
};

constexpr std::string_view kDescription = R"(What a site pays for power from the grid, by time of use.

$$\text{price}_{t,h} = \Big(\sum_d \text{share}_d\, \text{rate}_d(\text{season}, h) + \text{adders}\Big)(1 + \text{fund})$$

with three kinds of day $d$: working days; Saturdays, on which peak hours are billed at the mid rate; Sundays and
holidays, on which all hours are billed off-peak. The demand charge falls due on the highest load of each month.
Reforms are further rows of `rates` with a later `from`. Source: KEPCO, *Terms and Conditions for Electricity Service*.)";

bool parse_number(std::string_view text, int& value) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
  return fault == std::errc() && end == text.data() + text.size() && !text.empty();
}

/// Calls `each(first, last)` for every "first-last" or "first" of a list; false for text of another form.
template <class Each>
bool for_ranges(std::string_view text, const Each& each) {
  if (text.find_first_not_of(' ') == std::string_view::npos) return true;
  while (true) {
    const std::size_t comma = text.find(',');
    const std::string_view part = text.substr(0, comma);
    const std::size_t dash = part.find('-');
    int first = 0;
    int last = 0;
    if (!parse_number(part.substr(0, dash), first)) return false;
    if (!parse_number(dash == std::string_view::npos ? part : part.substr(dash + 1), last)) return false;
    if (!each(first, last)) return false;
    if (comma == std::string_view::npos) return true;
    text.remove_prefix(comma + 1);
  }
}

/// [month − 1] whether "11-12, 1-2" names the month; nothing for text of another form.
std::optional<std::array<bool, 12>> parse_months(std::string_view text) {
  std::array<bool, 12> months{};
  const bool good = for_ranges(text, [&](int first, int last) {
    if (first < 1 || last > 12 || first > last) return false;
    for (int m = first; m <= last; ++m) months[static_cast<std::size_t>(m - 1)] = true;
    return true;
  });
  if (!good) return std::nullopt;
  return months;
}

/// The rates of a month: those that name it and have the latest `from` not after it. Null if there are none.
const Entry* rates_of(const Entry& tariff, YearMonth month) {
  const Entry* found = nullptr;
  const auto from = [](const Entry& rates) { return rates.has("from") ? rates.month("from").index() : 0; };
  for (const Entry& rates : tariff.records("rates")) {
    const auto months = parse_months(rates.text("months"));
    if (!months || !(*months)[static_cast<std::size_t>(month.month - 1)] || from(rates) > month.index()) continue;
    if (found == nullptr || from(rates) >= from(*found)) found = &rates;
  }
  return found;
}

/// A row of rates, read.
struct Rates {
  double off = 0, mid = 0, peak = 0;
  double discount = 0;                 // of the weekend's marked hours
  double saturdays = 0, holidays = 0;  // shares of all days
  Hours is_mid{}, is_peak{}, is_discount{};
};

Rates read_rates(const Entry& tariff, const Entry& rates) {
  Rates out;
  out.off = rates.number("off_peak");
  out.mid = rates.has("mid") ? rates.number("mid") : out.off;
  out.peak = rates.has("peak") ? rates.number("peak") : out.mid;
  out.discount = rates.number("weekend_discount");
  out.saturdays = tariff.number("saturday_share");
  out.holidays = tariff.number("holiday_share");
  out.is_mid = parse_hours(rates.text("mid_hours")).value_or(Hours{});
  out.is_peak = parse_hours(rates.text("peak_hours")).value_or(Hours{});
  out.is_discount = parse_hours(rates.text("discount_hours")).value_or(Hours{});
  return out;
}

/// Mean rate of hour h over the days of the month, adders left out.
double rate_of_hour(const Rates& rates, std::size_t hour) {
  const double working = rates.is_peak[hour] ? rates.peak : rates.is_mid[hour] ? rates.mid : rates.off;
  const double saturday = rates.is_peak[hour] ? rates.mid : working;
  const double weekend = rates.is_discount[hour] ? 1 - rates.discount : 1.0;
  return (1 - rates.saturdays - rates.holidays) * working +
         weekend * (rates.saturdays * saturday + rates.holidays * rates.off);
}

/// Mean over the hours that slice s covers in its month, adders and fund included; 0 for months without rates.
double price_of_slice(const Calendar& calendar, const Entry& tariff, YearMonth month, int t, int s) {
  const Entry* rates = rates_of(tariff, month);
  if (rates == nullptr) return 0;
  const int hours = std::clamp(static_cast<int>(std::lround(calendar.step_hours)), 1, 24);
  const Rates read = read_rates(tariff, *rates);
  double sum = 0;
  for (int i = 0; i < hours; ++i) {
    sum += rate_of_hour(read, static_cast<std::size_t>((calendar.hour_of_day(s) + i) % 24));
  }
  const double adders =
      tariff.series("climate_charge").at(calendar, t, s) + tariff.series("fuel_adjustment").at(calendar, t, s);
  return (sum / hours + adders) * (1 + tariff.number("fund"));
}

bool check_texts(const Compile& c, const Entry& tariff) {
  bool good = true;
  const auto fail = [&](const Entry& rates, std::string_view key, std::string expected) {
    good = false;
    fault(c, Code::out_of_range, rates, key,
          {.message = std::string(key) + " of tariff '" + tariff.name + "' cannot be read",
           .found = rates.text(key),
           .expected = std::move(expected),
           .help = "separate ranges by commas, in quotes"});
  };
  for (const Entry& rates : tariff.records("rates")) {
    for (const auto key : {"mid_hours", "peak_hours", "discount_hours"}) {
      if (!parse_hours(rates.text(key))) fail(rates, key, "hours from 0 to 24 such as \"11-12, 13-18\"");
    }
    if (!parse_months(rates.text("months"))) fail(rates, "months", "months from 1 to 12 such as \"11-12, 1-2\"");
  }
  return good;
}

void check_months_covered(const Compile& c, const Entry& tariff) {
  const Calendar& calendar = c.builder.calendar();
  for (int m = 0; m < calendar.period_count * calendar.months_per_period; ++m) {
    if (rates_of(tariff, calendar.start.plus(m)) != nullptr) continue;
    fault(c, Code::inconsistent, tariff, "rates",
          {.message = "tariff '" + tariff.name + "' has no rates for " + to_string(calendar.start.plus(m)),
           .found = "no row",
           .expected = "a row of rates for every month",
           .help = "add the month to `months` of a row, or move `from` back"});
    return;
  }
}

void check_mean(const Compile& c, const Entry& tariff) {
  if (!tariff.has("published_mean")) return;
  const double published = tariff.number("published_mean");
  const double ours = mean_price(c.builder.calendar(), tariff, 0, kMeanLoadFactor) / (1 + tariff.number("fund"));
  if (std::abs(ours - published) <= kMeanTolerance * published) return;
  c.diagnostics.add({.code = Code::inconsistent,
                     .severity = Severity::warning,
                     .origin = tariff.where("published_mean"),
                     .message = "the rates of tariff '" + tariff.name + "' do not give its published mean",
                     .found = fmt::format("{:.1f} USD/MWh", ours),
                     .expected = fmt::format("{:.1f} USD/MWh within 10 %", published),
                     .help = "check the rates, their hours and months, and the currency's year"});
}

}  // namespace

const Section kTariffSection{
    .name = "tariff", .title = "Tariff", .description = kDescription, .attributes = kAttributes};

std::optional<std::array<bool, 24>> parse_hours(std::string_view text) {
  Hours hours{};
  const bool good = for_ranges(text, [&](int first, int last) {
    if (first < 0 || first > 23 || last < 0 || last > 24 || first == last) return false;
    for (int h = first; h % 24 != last % 24 || h == first; ++h) hours[static_cast<std::size_t>(h % 24)] = true;
    return true;
  });
  if (!good) return std::nullopt;
  return hours;
}

double energy_price(const Calendar& calendar, const Entry& tariff, int t, int s) {
  double sum = 0;
  for (int i = 0; i < calendar.months_per_period; ++i) {
    sum += price_of_slice(calendar, tariff, calendar.month(t).plus(i), t, s);
  }
  return sum / calendar.months_per_period;
}

double demand_charge(const Calendar& calendar, const Entry& tariff, int t) {
  return tariff.series("demand_charge").per_period(calendar, t) * (1 + tariff.number("fund"));
}

double mean_price(const Calendar& calendar, const Entry& tariff, int first, double load_factor) {
  const int last = std::min(calendar.period_count, first + std::max(1, 12 / calendar.months_per_period));
  double money = 0;
  double hours = 0;
  for (int t = first; t < last; ++t) {
    for (int s = 0; s < calendar.slice_count; ++s) money += energy_price(calendar, tariff, t, s) * calendar.hours(t, s);
    money += demand_charge(calendar, tariff, t) / load_factor;
    hours += calendar.hours(t);
  }
  return money / hours;
}

void compile_tariffs(const Compile& c) {
  for (const Entry& tariff : c.spec.entries("tariff")) {
    if (tariff.number("saturday_share") + tariff.number("holiday_share") > 1) {
      fault(c, Code::inconsistent, tariff, "holiday_share",
            {.message = "Saturdays and holidays of tariff '" + tariff.name + "' are more than all days",
             .found = fmt::format("{}", tariff.number("saturday_share") + tariff.number("holiday_share")),
             .expected = "a sum of at most 1",
             .help = "lower saturday_share or holiday_share"});
    }
    if (!check_texts(c, tariff)) continue;
    check_months_covered(c, tariff);
    check_mean(c, tariff);
  }
}

}  // namespace beltline
