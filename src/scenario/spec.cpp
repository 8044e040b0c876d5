#include "scenario/spec.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "base/assert.h"

namespace beltline {
namespace {

/// Value at a month of a `dates` series: linear or, with `step`, that of the last breakpoint; constant outside.
double at_date(const SeriesValue& s, int month_index) {
  const auto after = std::ranges::upper_bound(s.date_indices, month_index);
  const auto next = static_cast<std::size_t>(after - s.date_indices.begin());
  if (next == 0) return s.values.front();
  if (next == s.values.size() || s.step) return s.values[next - 1];
  const double span = s.date_indices[next] - s.date_indices[next - 1];
  const double share = (month_index - s.date_indices[next - 1]) / span;
  return s.values[next - 1] + share * (s.values[next] - s.values[next - 1]);
}

/// Mean over the months of a period.
template <class F>
double mean_over_months(const Calendar& c, int t, F of_month) {
  double sum = 0;
  for (int m = 0; m < c.months_per_period; ++m) sum += of_month(c.month(t).plus(m));
  return sum / c.months_per_period;
}

/// Mean over the hours of the day that slice s covers.
template <class F>
double mean_over_hours(const Calendar& c, int s, F of_hour) {
  const int count = std::max(1, static_cast<int>(std::lround(c.step(s))));
  double sum = 0;
  for (int h = 0; h < count; ++h) sum += of_hour(static_cast<std::size_t>((c.hour_of_day(s) + h) % 24));
  return sum / count;
}

/// The month in which slice s lies: the period's own, or, where a group runs longer than a day, by its hours.
YearMonth month_of_slice(const Calendar& c, int t, int s) {
  YearMonth month = c.month(t);
  double hours = 0;
  for (int u = s - s % c.group_size; u < s; ++u) hours += c.step(u);
  while (hours >= month.hour_count()) {
    hours -= month.hour_count();
    month = month.plus(1);
  }
  return month;
}

}  // namespace

double SeriesValue::at(const Calendar& c, int t, int s) const {
  ASSERT(!values.empty());
  const auto pick = [&](std::size_t i) {
    ASSERT(i < values.size());
    return values[i];
  };
  switch (grain) {
    case Grain::constant: return values.front();
    case Grain::period: return pick(static_cast<std::size_t>(t));
    case Grain::slice:
      // one value a slice holds in every period
      return pick(
          (static_cast<std::size_t>(t) * static_cast<std::size_t>(c.slice_count) + static_cast<std::size_t>(s)) %
          values.size());
    case Grain::hour_of_day: return mean_over_hours(c, s, pick);
    case Grain::year:
      return mean_over_months(c, t, [&](YearMonth m) { return pick(static_cast<std::size_t>(m.year - c.start.year)); });
    case Grain::month_of_year:
      return mean_over_months(c, t, [&](YearMonth m) { return pick(static_cast<std::size_t>(m.month - 1)); });
    case Grain::dates: return mean_over_months(c, t, [&](YearMonth m) { return at_date(*this, m.index()); });
    case Grain::month_hour: {
      const auto of_month = [&](YearMonth m) {
        const auto first = static_cast<std::size_t>(m.month - 1) * 24;
        return mean_over_hours(c, s, [&](std::size_t hour) { return pick(first + hour); });
      };
      // one representative day stands for all months of its period
      const bool long_group = c.group_hours() > 24;
      return long_group ? of_month(month_of_slice(c, t, s)) : mean_over_months(c, t, of_month);
    }
  }
  return values.front();
}

double SeriesValue::per_period(const Calendar& calendar, int t) const {
  Quantity whole = quantity;
  whole.mode = at(calendar, t, 0);
  return whole.per_period(calendar, t);
}

double SeriesValue::mean(const Calendar& calendar, int t) const {
  if (!varies_by_slice()) return at(calendar, t, 0);
  double sum = 0;
  for (int s = 0; s < calendar.slice_count; ++s) sum += at(calendar, t, s) * calendar.hours(t, s);
  return sum / calendar.hours(t);
}

bool Entry::has(std::string_view key) const {
  return values.find(key) != values.end();
}

const Value& Entry::value(std::string_view key) const {
  const auto found = values.find(key);
  if (found == values.end()) {
    throw Bug(fmt::format("{} '{}' has no value '{}'", section == nullptr ? "record" : section->name, name, key));
  }
  return found->second;
}

Origin Entry::where(std::string_view key) const {
  const auto found = values.find(key);
  return found == values.end() || found->second.is_default ? origin : found->second.origin;
}

const std::vector<Entry>& Spec::entries(std::string_view section) const {
  static const std::vector<Entry> none;
  const auto found = sections.find(section);
  return found == sections.end() ? none : found->second;
}

const Entry* Spec::find(std::string_view section, std::string_view entry_name) const {
  const std::vector<Entry>& list = entries(section);
  const auto found =
      std::ranges::lower_bound(list, entry_name, {}, [](const Entry& e) { return std::string_view(e.name); });
  return found != list.end() && found->name == entry_name ? &*found : nullptr;
}

const Entry* Spec::single(std::string_view section) const {
  const std::vector<Entry>& list = entries(section);
  return list.empty() ? nullptr : &list.front();
}

}  // namespace beltline
