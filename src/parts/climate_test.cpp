#include "parts/climate.h"

#include <gtest/gtest.h>

#include "parts/site_test_support.h"

namespace beltline {
namespace {

using site_test::compile_text;

constexpr const char* kClimate = R"(
[climate.coast]
wet_bulb = {values = [0, 0, 4, 9, 14, 18, 22, 23, 19, 13, 7, 1], unit = "degC", by = "month_of_year"}
sea = {values = [6, 5, 7, 11, 16, 20, 23, 25, 24, 20, 15, 10], unit = "degC", by = "month_of_year"}
diurnal_amplitude = "3 kelvin"
hours_lost = {values = [0, 0, 0, 0, 0, 0, 12, 24, 18, 0, 0, 0], unit = "h", by = "month_of_year"}
)";

TEST(Climate, SwingsAboutTheMonthlyMeanAndIsWarmestInTheAfternoon) {
  const auto outcome = compile_text(kClimate);
  ASSERT_TRUE(outcome.spec) << outcome.text();
  const Entry& climate = *outcome.spec->find("climate", "coast");
  const Calendar& calendar = outcome.spec->calendar;
  double mean = 0;
  double warmest = -100;
  int warmest_slice = -1;
  for (int s = 0; s < 24; ++s) {
    const double value = wet_bulb_c(calendar, climate, 7, s);
    mean += value / 24;
    if (value > warmest) {
      warmest = value;
      warmest_slice = s;
    }
  }
  EXPECT_NEAR(mean, 23, 1e-9);
  // 15:00 is the end of one hour and the start of the next: both are equally warm
  EXPECT_TRUE(warmest_slice == 14 || warmest_slice == 15) << warmest_slice;
  EXPECT_LE(warmest, 26);
  EXPECT_GT(warmest, 25.9);
}

TEST(Climate, GivesTheSeaByMonthAndTheHoursItLeaves) {
  const auto outcome = compile_text(kClimate);
  ASSERT_TRUE(outcome.spec) << outcome.text();
  const Entry& climate = *outcome.spec->find("climate", "coast");
  const Calendar& calendar = outcome.spec->calendar;
  EXPECT_DOUBLE_EQ(sea_c(calendar, climate, 1), 5);
  EXPECT_DOUBLE_EQ(sea_c(calendar, climate, 12 + 7), 25);
  EXPECT_DOUBLE_EQ(sea_availability(calendar, climate, 0), 1);
  EXPECT_DOUBLE_EQ(sea_availability(calendar, climate, 7), 1 - 24.0 / 744);
}

TEST(Climate, RefusesMoreHoursLostThanAMonthHas) {
  const auto outcome = compile_text("[climate.coast]\nhours_lost = \"900 h\"\n");
  EXPECT_TRUE(outcome.has(Code::out_of_range)) << outcome.text();
}

TEST(Climate, RefusesElevenMonths) {
  const auto outcome = compile_text(
      "[climate.coast]\nsea = {values = [6, 5, 7, 11, 16, 20, 23, 25, 24, 20, 15], unit = \"degC\", by = "
      "\"month_of_year\"}\n");
  EXPECT_TRUE(outcome.has(Code::series_length)) << outcome.text();
}

}  // namespace
}  // namespace beltline
