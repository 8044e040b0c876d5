#include "queue/desk_week.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "base/assert.h"

namespace beltline::queue {

namespace {

constexpr double kMinutesPerHour = 60;
constexpr std::size_t kHoursOfDay = 24;
/// Erlang of the busiest hour beyond which a desk is reckoned smaller and counted up: no more is to be gained by size.
constexpr double kLoadMax = 20'000;

int times(int count, double factor) {
  return static_cast<int>(std::min(count * factor, 2e9));
}

Calls calls_of(const DeskLoad& load, const DeskRules& rules, double tickets) {
  return {.arrival_rate = tickets / kMinutesPerHour,
          .handle_time_mean = load.handle_minutes,
          .patience_mean = rules.patience_minutes};
}

/// A shift begins in an open hour and ends by closing, or begins at opening where the desk is open for less than one.
std::vector<bool> starts_of(const DeskRules& rules) {
  std::vector<bool> may_start(kHoursOfWeek);
  for (std::size_t h = 0; h < kHoursOfWeek; ++h) {
    bool fits = rules.is_open[h];
    for (int i = 1; i < rules.shift_hours; ++i)
      fits = fits && rules.is_open[(h + static_cast<std::size_t>(i)) % kHoursOfWeek];
    const bool opens = rules.is_open[h] && !rules.is_open[(h + kHoursOfWeek - 1) % kHoursOfWeek];
    may_start[h] = fits || opens;
  }
  return may_start;
}

void require_agents(const DeskLoad& load, const DeskRules& rules, DeskWeek& week) {
  // most hours of a week are like another
  std::map<double, int> known;
  for (std::size_t h = 0; h < kHoursOfWeek; ++h) {
    ASSERT(load.tickets[h] >= 0 && (load.tickets[h] == 0 || rules.is_open[h]));
    const auto [found, is_new] = known.try_emplace(load.tickets[h], 0);
    if (is_new) found->second = agents_on_duty(calls_of(load, rules, load.tickets[h]), rules.target);
    week.required[h] = found->second;
  }
}

/// Persons who come to work so many shifts, five days of seven (or as their paid hours say), any two days off: as many
/// as the fullest day has, or as the hours take.
double roster_of(const ShiftCover& cover, const DeskRules& rules) {
  double most = 0;
  for (std::size_t day = 0; day < kHoursOfWeek / kHoursOfDay; ++day) {
    const auto first = cover.starts.begin() + static_cast<std::ptrdiff_t>(day * kHoursOfDay);
    double shifts = 0;
    for (auto at = first; at < first + kHoursOfDay; ++at) shifts += *at;
    most = std::max(most, shifts);
  }
  return std::max(most, cover.shifts * static_cast<double>(rules.shift_hours) / rules.paid_hours_week);
}

void serve(const DeskLoad& load, const DeskRules& rules, DeskWeek& week) {
  double all = 0;
  double duty = 0;
  for (std::size_t h = 0; h < kHoursOfWeek; ++h) {
    duty += week.on_duty[h];
    if (load.tickets[h] == 0 || week.on_duty[h] == 0) continue;
    week.service[h] = service_of(calls_of(load, rules, load.tickets[h]), week.on_duty[h], rules.target.time);
    all += load.tickets[h];
    week.service_level += load.tickets[h] * week.service[h].service_level;
    week.abandoned += load.tickets[h] * week.service[h].p_abandon;
    week.occupancy += week.service[h].occupancy * week.on_duty[h];
  }
  week.service_level = all > 0 ? week.service_level / all : 1;
  week.abandoned = all > 0 ? week.abandoned / all : 0;
  week.occupancy = duty > 0 ? week.occupancy / duty : 0;
}

/// A week of a part of the desk, counted up to all of it.
DeskWeek counted_up(DeskWeek week, double factor) {
  for (std::size_t h = 0; h < kHoursOfWeek; ++h) {
    week.tickets[h] *= factor;
    week.required[h] = times(week.required[h], factor);
    week.on_duty[h] = times(week.on_duty[h], factor);
  }
  week.shifts = times(week.shifts, factor);
  week.tier1_persons *= factor;
  week.tier2_persons *= factor;
  week.paid_persons *= factor;
  return week;
}

DeskWeek week_at(const DeskLoad& load, const DeskRules& rules) {
  ASSERT(rules.shift_hours >= 1 && rules.shift_hours <= static_cast<int>(kHoursOfDay) && rules.paid_hours_week > 0);
  ASSERT(rules.shrinkage >= 0 && rules.shrinkage < 1 && rules.passed_on_occupancy > 0);
  DeskWeek week;
  week.tickets = load.tickets;
  double tickets = 0;
  for (const double hour : load.tickets) tickets += hour;
  if (tickets > 0 && load.handle_minutes > 0) {
    require_agents(load, rules, week);
    const ShiftCover cover = fewest_shifts(week.required, rules.shift_hours, starts_of(rules));
    std::ranges::copy(cover.on_duty, week.on_duty.begin());
    week.shifts = cover.shifts;
    week.tier1_persons = roster_of(cover, rules);
  }
  const double passed_on_hours = tickets * load.passed_on * load.passed_on_minutes / kMinutesPerHour;
  week.tier2_persons = passed_on_hours / rules.passed_on_occupancy / rules.paid_hours_week;
  week.paid_persons = (week.tier1_persons + week.tier2_persons) / (1 - rules.shrinkage);
  serve(load, rules, week);
  return week;
}

}  // namespace

DeskWeek desk_week(const DeskLoad& load, const DeskRules& rules) {
  const double busiest = *std::ranges::max_element(load.tickets) * load.handle_minutes / kMinutesPerHour;
  ASSERT(std::isfinite(busiest));
  if (busiest <= kLoadMax) return week_at(load, rules);
  DeskLoad part = load;
  for (double& hour : part.tickets) hour *= kLoadMax / busiest;
  return counted_up(week_at(part, rules), busiest / kLoadMax);
}

}  // namespace beltline::queue
