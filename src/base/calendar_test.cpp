#include "base/calendar.h"

#include <gtest/gtest.h>

#include "base/assert.h"
#include "base/random.h"

namespace beltline {
namespace {

TEST(YearMonth, knows_its_days) {
  EXPECT_EQ((YearMonth{2028, 2}).day_count(), 29);
  EXPECT_EQ((YearMonth{2027, 2}).day_count(), 28);
  EXPECT_EQ((YearMonth{2100, 2}).day_count(), 28);
  EXPECT_EQ((YearMonth{2000, 2}).day_count(), 29);
  EXPECT_EQ((YearMonth{2025, 12}).hour_count(), 744);
  EXPECT_EQ((YearMonth{2025, 10}).plus(3), (YearMonth{2026, 1}));
  EXPECT_EQ((YearMonth{2025, 10}).plus(-10), (YearMonth{2024, 12}));
}

TEST(YearMonth, is_read_strictly) {
  EXPECT_EQ(parse_month("2025-10"), (YearMonth{2025, 10}));
  for (const char* bad : {"", "2025", "2025-1", "2025-13", "2025-00", "1899-12", "2201-01", "2025/10", "2025-10 ",
                          " 2025-10", "20-2510", "2025-1a", "-025-10"}) {
    EXPECT_FALSE(parse_month(bad)) << bad;
  }
  EXPECT_EQ(to_string(YearMonth{2030, 3}), "2030-03");
}

TEST(Calendar, monthly_slices_stand_for_the_days_of_the_month) {
  const Calendar c = Calendar::monthly({2027, 12}, 3, 24);
  EXPECT_EQ(c.slice_count, 24);
  EXPECT_EQ(c.hours(0, 5), 31);
  EXPECT_EQ(c.hours(2, 23), 29);  // February 2028
  EXPECT_EQ(c.hours(2), 29 * 24);
  EXPECT_EQ(c.label(1), "2028-01");
  EXPECT_EQ(c.period_of({2028, 2}), 2);
  EXPECT_EQ(c.period_of({2027, 11}), -1);
  EXPECT_EQ(c.period_of({2028, 3}), 3);
  EXPECT_EQ(c.hour_of_day(23), 23);

  const Calendar coarse = Calendar::monthly({2027, 12}, 1, 4);
  EXPECT_EQ(coarse.step_hours, 6);
  EXPECT_EQ(coarse.hour_of_day(3), 18);
  EXPECT_EQ(coarse.hours(0, 0), 186);
  EXPECT_THROW(Calendar::monthly({2027, 12}, 1, 5), Bug);
}

TEST(Calendar, yearly_periods_floor) {
  Calendar c = Calendar::monthly({2025, 1}, 2, 1);
  c.months_per_period = 12;
  EXPECT_EQ(c.period_of({2024, 12}), -1);
  EXPECT_EQ(c.period_of({2024, 1}), -1);
  EXPECT_EQ(c.period_of({2023, 12}), -2);
  EXPECT_EQ(c.period_of({2025, 12}), 0);
  EXPECT_EQ(c.label(1), "2026");
}

TEST(Calendar, hourly_is_one_chronological_group) {
  const Calendar c = Calendar::hourly(8760);
  EXPECT_EQ(c.period_count, 1);
  EXPECT_EQ(c.months_per_period, 12);
  EXPECT_EQ(c.group_size, 8760);
  EXPECT_EQ(c.hours(0), 8760);
  EXPECT_EQ(c.hour_of_day(25), 1);
  EXPECT_EQ(Calendar::hourly(24).months_per_period, 1);
}

TEST(Random, is_philox) {
  // known answer of Random123 for counter 0 and key 0: 6627e8d5 e169c58d bc57ac4c 9b00dbd8
  const double expected = (static_cast<double>(0xe169c58d6627e8d5ULL >> 12) + 0.5) * 0x1p-52;
  EXPECT_EQ(uniform01({}), expected);
}

TEST(Random, is_uniform_and_depends_on_every_coordinate) {
  double sum = 0;
  double squares = 0;
  constexpr int kCount = 100'000;
  for (uint32_t i = 0; i < kCount; ++i) {
    const double u = uniform01({.seed = 7, .replication = i % 100, .source = i / 100, .period = 3});
    EXPECT_GT(u, 0);
    EXPECT_LT(u, 1);
    sum += u;
    squares += u * u;
  }
  EXPECT_NEAR(sum / kCount, 0.5, 0.005);
  EXPECT_NEAR(squares / kCount, 1.0 / 3, 0.005);
  EXPECT_NE(uniform01({.seed = 1}), uniform01({.seed = uint64_t{1} << 32}));
  EXPECT_NE(uniform01({.replication = 1}), uniform01({.source = 1}));
  EXPECT_NE(uniform01({.source = 1}), uniform01({.period = 1}));
}

}  // namespace
}  // namespace beltline
