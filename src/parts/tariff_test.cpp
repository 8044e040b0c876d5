#include "parts/tariff.h"

#include <gtest/gtest.h>

#include "parts/site_test_support.h"

namespace beltline {
namespace {

using site_test::compile_text;

TEST(ParseHours, ReadsWindowsAndRefusesTheRest) {
  struct Case {
    const char* text;
    int count;  // hours marked; −1: refused
  };
  const Case cases[] = {{"", 0},      {"11-12", 1},   {"11-12, 13-18", 6}, {"22-8", 10}, {"0-24", 24},
                        {"18-24", 6}, {"8 - 9", 1},   {"24-3", -1},        {"11", -1},   {"11-25", -1},
                        {"a-b", -1},  {"11-12,", -1}, {"-1-5", -1},        {"9-9", -1}};
  for (const Case& c : cases) {
    const auto hours = parse_hours(c.text);
    EXPECT_EQ(hours ? std::ranges::count(*hours, true) : -1, c.count) << "'" << c.text << "'";
  }
  const auto night = parse_hours("22-8");
  EXPECT_TRUE((*night)[22] && (*night)[23] && (*night)[0] && (*night)[7]);
  EXPECT_FALSE((*night)[8] || (*night)[21]);
}

// won are thousandths of a dollar: 100 KRW/kWh is 100 USD/MWh
constexpr const char* kTariff = R"(
[tariff.power]
climate_charge = "9 KRW/kWh"
fuel_adjustment = "-4 KRW/kWh"
fund = 0.1
demand_charge = "8 KRW/W/month"
saturday_share = 0.14
holiday_share = 0.18
[[tariff.power.rates]]
off_peak = "100 KRW/kWh"
mid = "150 KRW/kWh"
peak = "200 KRW/kWh"
mid_hours = "8-11, 12-13, 18-22"
peak_hours = "11-12, 13-18"
[[tariff.power.rates]]
from = "2026-05"
months = "3-5, 9-10"
off_peak = "110 KRW/kWh"
mid = "150 KRW/kWh"
peak = "180 KRW/kWh"
mid_hours = "8-15, 21-22"
peak_hours = "15-21"
weekend_discount = 0.5
discount_hours = "11-14"
)";

TEST(Tariff, PricesHoursByKindOfDaySeasonAndReform) {
  const auto outcome = compile_text(kTariff);
  ASSERT_TRUE(outcome.model) << outcome.text();
  const Entry& tariff = *outcome.spec->find("tariff", "power");
  const Calendar& calendar = outcome.spec->calendar;
  const auto price = [&](double rate) { return (rate + 9 - 4) * 1.1; };
  // January: night; evening (mid on Saturdays too); noon hour 11 (peak, mid on Saturdays)
  EXPECT_NEAR(energy_price(calendar, tariff, 0, 3), price(100), 1e-9);
  EXPECT_NEAR(energy_price(calendar, tariff, 0, 20), price(0.82 * 150 + 0.18 * 100), 1e-9);
  EXPECT_NEAR(energy_price(calendar, tariff, 0, 11), price(0.68 * 200 + 0.14 * 150 + 0.18 * 100), 1e-9);
  // April is before the reform, May after: hour 19 was mid and is peak now, hour 11 has its weekend discount
  EXPECT_NEAR(energy_price(calendar, tariff, 3, 19), price(0.82 * 150 + 0.18 * 100), 1e-9);
  EXPECT_NEAR(energy_price(calendar, tariff, 4, 19), price(0.68 * 180 + 0.14 * 150 + 0.18 * 110), 1e-9);
  EXPECT_NEAR(energy_price(calendar, tariff, 4, 11), price(0.68 * 150 + 0.5 * (0.14 * 150 + 0.18 * 110)), 1e-9);
  // June keeps the first row
  EXPECT_NEAR(energy_price(calendar, tariff, 5, 3), price(100), 1e-9);
}

TEST(Tariff, ChargesTheHighestLoadOfTheMonth) {
  const auto outcome = compile_text(kTariff);
  ASSERT_TRUE(outcome.model) << outcome.text();
  // 8 won per watt and month are 8,000 USD per MW
  EXPECT_NEAR(demand_charge(outcome.spec->calendar, *outcome.spec->find("tariff", "power"), 0), 8000 * 1.1, 1e-6);
}

TEST(Tariff, MeanCountsEnergyByTheHourAndTheDemandChargeByTheLoadFactor) {
  const auto outcome = compile_text(R"(
[tariff.flat]
demand_charge = "7300 USD/MW/month"
rates = [{off_peak = "100 USD/MWh"}]
)");
  ASSERT_TRUE(outcome.model) << outcome.text();
  const double mean = mean_price(outcome.spec->calendar, *outcome.spec->find("tariff", "flat"), 0, 0.5);
  EXPECT_NEAR(mean, 100 + 12 * 7300 / 0.5 / 8760, 1e-9);
}

TEST(Tariff, WarnsWhereThePublishedMeanIsAnother) {
  const auto far =
      compile_text("[tariff.flat]\nrates = [{off_peak = \"100 USD/MWh\"}]\npublished_mean = \"120 USD/MWh\"\n");
  EXPECT_TRUE(far.model) << far.text();
  EXPECT_TRUE(far.has(Code::inconsistent)) << far.text();
  const auto near =
      compile_text("[tariff.flat]\nrates = [{off_peak = \"100 USD/MWh\"}]\npublished_mean = \"105 USD/MWh\"\n");
  EXPECT_FALSE(near.has(Code::inconsistent)) << near.text();
}

TEST(Tariff, RefusesWhatCannotBeBilled) {
  struct Case {
    const char* text;
    Code code;
  };
  const Case cases[] = {
      {"[tariff.a]\nrates = [{off_peak = \"1 USD/MWh\", peak_hours = \"noon\"}]\n", Code::out_of_range},
      {"[tariff.a]\nrates = [{off_peak = \"1 USD/MWh\", months = \"0-3\"}]\n", Code::out_of_range},
      {"[tariff.a]\nrates = [{off_peak = \"1 USD/MWh\", months = \"1-11\"}]\n", Code::inconsistent},
      {"[tariff.a]\nrates = [{off_peak = \"1 USD/MWh\", from = \"2026-02\"}]\n", Code::inconsistent},
      {"[tariff.a]\nsaturday_share = 0.6\nholiday_share = 0.6\nrates = [{off_peak = \"1 USD/MWh\"}]\n",
       Code::inconsistent},
      {"[tariff.a]\nrates = [{off_peak = \"-1 USD/MWh\"}]\n", Code::out_of_range},
      {"[tariff.a]\nrates = [{off_peak = \"1 MW\"}]\n", Code::wrong_dimension},
      {"[tariff.a]\n", Code::missing_key},
  };
  for (const Case& c : cases) {
    const auto outcome = compile_text(c.text);
    EXPECT_TRUE(outcome.has(c.code)) << c.text << outcome.text();
    EXPECT_FALSE(outcome.model) << c.text;
  }
}

}  // namespace
}  // namespace beltline
