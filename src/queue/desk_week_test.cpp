#include "queue/desk_week.h"

#include <algorithm>
#include <numeric>

#include <gtest/gtest.h>

#include "base/random.h"

namespace beltline::queue {
namespace {

/// The fewest shifts by trying all numbers of starts in each slot.
int by_force(const std::vector<int>& required, int length, const std::vector<bool>& may_start, std::size_t slot,
             std::vector<int>& starts, int used, int best) {
  if (used >= best) return best;
  const auto slots = required.size();
  if (slot == slots) {
    for (std::size_t h = 0; h < slots; ++h) {
      int there = 0;
      for (int i = 0; i < length; ++i) there += starts[(h + slots - static_cast<std::size_t>(i)) % slots];
      if (there < required[h]) return best;
    }
    return used;
  }
  const int most = may_start[slot] ? *std::ranges::max_element(required) : 0;
  for (starts[slot] = 0; starts[slot] <= most; ++starts[slot]) {
    best = by_force(required, length, may_start, slot + 1, starts, used + starts[slot], best);
  }
  starts[slot] = 0;
  return best;
}

TEST(FewestShifts, AreThoseOfAllCovers) {
  for (uint32_t i = 0; i < 300; ++i) {
    const auto draw = [&](uint32_t source, uint32_t at) { return uniform01({3, i, source, at}); };
    const auto slots = static_cast<std::size_t>(3 + draw(0, 0) * 4);
    const int length = 1 + static_cast<int>(draw(0, 1) * 3);
    std::vector<int> required(slots);
    for (std::size_t h = 0; h < slots; ++h) required[h] = static_cast<int>(draw(1, static_cast<uint32_t>(h)) * 4);
    const std::vector<bool> may_start(slots, true);
    std::vector<int> starts(slots, 0);
    const int expected = by_force(required, length, may_start, 0, starts, 0, 1000);
    const ShiftCover cover = fewest_shifts(required, length, may_start);
    EXPECT_EQ(cover.shifts, expected);
    EXPECT_EQ(std::accumulate(cover.starts.begin(), cover.starts.end(), 0), cover.shifts);
    for (std::size_t h = 0; h < slots; ++h) {
      EXPECT_GE(cover.starts[h], 0);
      EXPECT_GE(cover.on_duty[h], required[h]);
    }
  }
}

TEST(FewestShifts, BeginWhereTheyMay) {
  // needed in slots 2 to 5, shifts of two from even slots only
  const std::vector<int> required{0, 0, 1, 3, 2, 1};
  const ShiftCover cover = fewest_shifts(required, 2, {true, false, true, false, true, false});
  EXPECT_EQ(cover.starts, (std::vector<int>{0, 0, 3, 0, 2, 0}));
}

DeskRules office_hours() {
  DeskRules rules;
  rules.target = {.service_level = 0.8, .time = 1.0 / 3, .occupancy_max = 0.85};
  for (std::size_t h = 0; h < kHoursOfWeek; ++h) rules.is_open[h] = h < 120 && h % 24 >= 9 && h % 24 < 18;
  rules.shift_hours = 8;
  return rules;
}

DeskLoad load_of(const DeskRules& rules, double an_hour) {
  DeskLoad load{.handle_minutes = 6.5, .passed_on = 0.15, .passed_on_minutes = 45};
  for (std::size_t h = 0; h < kHoursOfWeek; ++h) load.tickets[h] = rules.is_open[h] ? an_hour : 0;
  return load;
}

TEST(DeskWeek, OfOfficeHoursByHand) {
  const DeskRules rules = office_hours();
  const DeskWeek week = desk_week(load_of(rules, 120), rules);
  // 13 Erlang: 16 agents answer 80 % in 20 s at an occupancy of at most 0.85
  const int agents = agents_on_duty({.arrival_rate = 2, .handle_time_mean = 6.5}, rules.target);
  EXPECT_EQ(week.required[9], agents);
  EXPECT_EQ(week.required[8], 0);
  EXPECT_EQ(week.required[5 * 24 + 12], 0);
  // nine hours with shifts of eight: as many begin at nine as at ten, both sets needed each day
  EXPECT_EQ(week.shifts, 5 * 2 * agents);
  EXPECT_EQ(week.on_duty[12], 2 * agents);
  EXPECT_EQ(week.tier1_persons, 2 * agents);
  EXPECT_NEAR(week.tier2_persons, 120 * 45 * 0.15 * 0.75 / 0.85 / 40, 1e-12);
  EXPECT_NEAR(week.paid_persons, (week.tier1_persons + week.tier2_persons) / 0.7, 1e-12);
  EXPECT_GT(week.service_level, 0.8);
}

TEST(DeskWeek, WithShiftsAsLongAsItsHoursIsItsRequirement) {
  DeskRules rules = office_hours();
  rules.shift_hours = 9;
  rules.paid_hours_week = 45;
  const DeskWeek week = desk_week(load_of(rules, 120), rules);
  EXPECT_EQ(week.tier1_persons, week.required[9]);
  EXPECT_EQ(week.on_duty, week.required);
}

TEST(DeskWeek, OfLargeDesksIsTheWorkloadOverOccupancy) {
  DeskRules rules = office_hours();
  rules.shift_hours = 9;
  rules.paid_hours_week = 45;
  const DeskLoad load = load_of(rules, 12'000);
  const DeskWeek week = desk_week(load, rules);
  EXPECT_NEAR(week.tier1_persons / (12'000 * 6.5 / 60 / 0.85), 1, 0.002);
  EXPECT_NEAR(week.occupancy, 0.85, 0.002);
}

TEST(DeskWeek, OfAnySizeIsReckonedSoon) {
  const DeskRules rules = office_hours();
  const double large = desk_week(load_of(rules, 150'000), rules).paid_persons;
  const double larger = desk_week(load_of(rules, 300'000), rules).paid_persons;
  EXPECT_NEAR(larger / large, 2, 0.001);
  EXPECT_NEAR(desk_week(load_of(rules, 3e14), rules).paid_persons / larger, 1e9, 1e6);
}

TEST(DeskWeek, OfSmallDesksTakesMoreThanTheirWorkload) {
  const DeskRules rules = office_hours();
  const DeskWeek week = desk_week(load_of(rules, 0.5), rules);
  EXPECT_GE(week.required[10], 1);
  EXPECT_GT(week.tier1_persons, 20 * 0.5 * 6.5 / 60);
  EXPECT_EQ(desk_week(load_of(rules, 0), rules).paid_persons, 0);
}

TEST(DeskWeek, AroundTheClockHasThreeShiftsADay) {
  DeskRules rules = office_hours();
  rules.is_open.fill(true);
  const DeskWeek week = desk_week(load_of(rules, 60), rules);
  EXPECT_EQ(week.shifts, 21 * week.required[0]);
  // five days of seven
  EXPECT_NEAR(week.tier1_persons, 21.0 * week.required[0] * 8 / 40, 1e-9);
}

TEST(DeskWeek, OfImpatientCallersLosesSome) {
  DeskRules rules = office_hours();
  rules.patience_minutes = 2;
  const DeskWeek week = desk_week(load_of(rules, 120), rules);
  EXPECT_GT(week.abandoned, 0);
  EXPECT_LT(week.abandoned, 0.1);
  EXPECT_LE(week.required[9], desk_week(load_of(office_hours(), 120), office_hours()).required[9]);
}

}  // namespace
}  // namespace beltline::queue
