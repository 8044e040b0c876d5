#include "base/calendar.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>

#include <fmt/format.h>

#include "base/assert.h"

namespace beltline {

int YearMonth::day_count() const {
  static constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return kDays[month - 1] + (month == 2 && leap ? 1 : 0);
}

std::optional<YearMonth> parse_month(std::string_view text) {
  if (text.size() != 7 || text[4] != '-') return std::nullopt;
  const auto digit = [&](std::size_t i) { return text[i] >= '0' && text[i] <= '9' ? text[i] - '0' : -1; };
  for (const std::size_t i : {0, 1, 2, 3, 5, 6}) {
    if (digit(i) < 0) return std::nullopt;
  }
  const YearMonth month{.year = digit(0) * 1000 + digit(1) * 100 + digit(2) * 10 + digit(3),
                        .month = digit(5) * 10 + digit(6)};
  if (month.month < 1 || month.month > 12 || month.year < 1900 || month.year > 2200) return std::nullopt;
  return month;
}

std::string to_string(YearMonth month) {
  return fmt::format("{:04}-{:02}", month.year, month.month);
}

int Calendar::period_of(YearMonth m) const {
  const int months = m.index() - start.index();
  // floor, not truncation: the month before the start lies in period -1
  return months >= 0 ? months / months_per_period : -((months_per_period - 1 - months) / months_per_period);
}

double Calendar::group_hours() const {
  if (steps.empty()) return step_hours * group_size;
  return std::accumulate(steps.begin(), steps.begin() + group_size, 0.0);
}

int Calendar::hour_of_day(int s) const {
  const double hours_into_group = steps.empty()
                                      ? (s % group_size) * step_hours
                                      : std::accumulate(steps.begin() + (s - s % group_size), steps.begin() + s, 0.0);
  return static_cast<int>(std::floor(hours_into_group)) % 24;
}

std::string Calendar::label(int t) const {
  const YearMonth first = month(t);
  if (months_per_period == 12 && first.month == 1) return fmt::format("{:04}", first.year);
  return to_string(first);
}

namespace {

int hours_of_months(YearMonth first, int months) {
  int hours = 0;
  for (int m = 0; m < months; ++m) hours += first.plus(m).hour_count();
  return hours;
}

}  // namespace

void Calendar::set_slice_hours(std::vector<double> hours) {
  ASSERT(hours.size() == static_cast<std::size_t>(period_count) * static_cast<std::size_t>(slice_count));
  slice_hours = std::move(hours);
  for (int t = 0; t < period_count; ++t) {
    const auto begin = slice_hours.begin() + static_cast<std::ptrdiff_t>(t) * slice_count;
    period_hours[static_cast<std::size_t>(t)] = std::accumulate(begin, begin + slice_count, 0.0);
  }
}

void Calendar::set_steps(std::vector<double> lengths) {
  ASSERT(lengths.size() == static_cast<std::size_t>(slice_count));
  step_hours = lengths.front();
  const bool alike = std::ranges::adjacent_find(lengths, std::not_equal_to<>()) == lengths.end();
  steps = alike ? std::vector<double>() : std::move(lengths);
}

Calendar Calendar::sliced(YearMonth start, int period_count, int months_per_period, int slice_count, int group_size) {
  ASSERT(period_count > 0 && slice_count > 0 && group_size > 0 && slice_count % group_size == 0);
  Calendar c;
  c.start = start;
  c.period_count = period_count;
  c.months_per_period = months_per_period;
  c.slice_count = slice_count;
  c.group_size = group_size;
  for (int t = 0; t < period_count; ++t) {
    const double hours = hours_of_months(c.month(t), months_per_period);
    c.period_hours.push_back(hours);
    c.slice_hours.insert(c.slice_hours.end(), static_cast<std::size_t>(slice_count), hours / slice_count);
  }
  return c;
}

Calendar Calendar::monthly(YearMonth start, int period_count, int slices_per_day, int months_per_period) {
  ASSERT(period_count > 0);
  ASSERT(slices_per_day > 0 && 24 % slices_per_day == 0);
  Calendar c;
  c.start = start;
  c.period_count = period_count;
  c.months_per_period = months_per_period;
  c.slice_count = c.group_size = slices_per_day;
  c.step_hours = 24.0 / slices_per_day;
  for (int t = 0; t < period_count; ++t) {
    const double hours = hours_of_months(c.month(t), months_per_period);
    c.period_hours.push_back(hours);
    c.slice_hours.insert(c.slice_hours.end(), static_cast<std::size_t>(slices_per_day), hours / slices_per_day);
  }
  return c;
}

Calendar Calendar::hourly(int hour_count, YearMonth start) {
  ASSERT(hour_count > 0);
  Calendar c;
  c.start = start;
  c.period_count = 1;
  // costs per month count as many months as the hours make, at least one
  c.months_per_period = std::max(1, static_cast<int>(std::lround(hour_count / (kHoursPerYear / 12))));
  c.slice_count = c.group_size = hour_count;
  c.slice_hours.assign(static_cast<std::size_t>(hour_count), 1.0);
  c.period_hours = {static_cast<double>(hour_count)};
  return c;
}

}  // namespace beltline
