// The calendar: periods (months) × slices (hours of representative days, each with a weight).
#pragma once

#include <compare>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace beltline {

/// A month of the Gregorian calendar. `index` counts months from year 0.
struct YearMonth {
  int year = 2025;
  int month = 1;  // 1..12

  [[nodiscard]] int index() const { return year * 12 + month - 1; }
  [[nodiscard]] static YearMonth from_index(int index) { return {index / 12, index % 12 + 1}; }
  [[nodiscard]] YearMonth plus(int months) const { return from_index(index() + months); }
  [[nodiscard]] int day_count() const;
  [[nodiscard]] int hour_count() const { return day_count() * 24; }
  auto operator<=>(const YearMonth&) const = default;
};

/// "2025-10"; nullopt for anything else, or a year outside 1900..2200.
std::optional<YearMonth> parse_month(std::string_view text);
std::string to_string(YearMonth month);

/// Mean days of a Gregorian month; turns durations in weeks or days into months.
inline constexpr double kDaysPerMonth = 30.436875;
inline constexpr double kHoursPerYear = 8765.82;

/// Periods × slices. Slices are the same number in every period; they lie in chronological groups (days).
///
/// A period of the Korean scenario is a month with one representative day of 24 slices; slice s of period t then stands
/// for day_count(t) hours. A study of one year by the hour is one period of 8,760 slices in one group.
struct Calendar {
  YearMonth start;
  int period_count = 0;
  int months_per_period = 1;  // 1, or 12 for yearly periods
  int slice_count = 1;
  int group_size = 1;                // slices per chronological group; slice_count is a multiple
  std::vector<double> slice_hours;   // [period, slice] hours the slice stands for, in its period
  std::vector<double> period_hours;  // [period] hours; sum over slices of slice_hours
  double step_hours = 1.0;           // chronological length of a slice inside its group, hours
  std::vector<double> steps;         // [slice] where they differ in length; else empty

  [[nodiscard]] double hours(int t, int s) const {
    const auto row = static_cast<std::size_t>(t) * static_cast<std::size_t>(slice_count);
    return slice_hours[row + static_cast<std::size_t>(s)];
  }
  /// Chronological length of slice s, hours: what a store's level grows by.
  [[nodiscard]] double step(int s) const { return steps.empty() ? step_hours : steps[static_cast<std::size_t>(s)]; }
  /// Chronological length of a group, hours. (With steps of their own, groups are alike or there is one.)
  [[nodiscard]] double group_hours() const;
  [[nodiscard]] double hours(int t) const { return period_hours[static_cast<std::size_t>(t)]; }
  [[nodiscard]] YearMonth month(int t) const { return start.plus(t * months_per_period); }
  /// Period that holds the month; may lie outside [0, period_count).
  [[nodiscard]] int period_of(YearMonth m) const;
  /// Hour of the day, 0..23, that slice s starts at.
  [[nodiscard]] int hour_of_day(int s) const;
  /// "2026-03", or "2026" for yearly periods.
  [[nodiscard]] std::string label(int t) const;

  /// Months (or as many of them a period) from `start`, each with one representative day of `slices_per_day` slices (a
  /// divisor of 24).
  static Calendar monthly(YearMonth start, int period_count, int slices_per_day = 24, int months_per_period = 1);
  /// Periods of `slice_count` slices that share their hours evenly, each an hour long beside its neighbours.
  static Calendar sliced(YearMonth start, int period_count, int months_per_period, int slice_count, int group_size);
  /// @param hours  [period, slice] what each slice stands for; a period has their sum
  void set_slice_hours(std::vector<double> hours);
  /// @param lengths  [slice] hours that a slice lasts in its group
  void set_steps(std::vector<double> lengths);
  /// One period of `hour_count` chronological hours in one group.
  static Calendar hourly(int hour_count, YearMonth start = {2025, 1});
};

}  // namespace beltline
