#include "base/units.h"

#include <cmath>
#include <ctime>

#include <gtest/gtest.h>

#include "base/calendar.h"
#include "base/quantity.h"

namespace beltline {
namespace {

Units korean_units() {
  Units units;
  EXPECT_TRUE(units.add_currency("KRW2024", 0.000733));
  EXPECT_TRUE(units.add_currency("KRW", 0.0007));
  EXPECT_TRUE(units.add_currency("USD2024", 1.02));
  return units;
}

struct Case {
  double value;
  const char* from;
  const char* to;
  double expected;
  Basis basis = Basis::none;
};

TEST(Units, converts) {
  const Units units = korean_units();
  const Case cases[] = {
      {120, "MW", "MW", 120},
      {0.12, "GW", "MW", 120},
      {92, "%", "", 0.92},
      {92.3, "percent", "1", 0.923},
      {500, "kWh", "MWh", 0.5},
      {1, "GB", "byte", 1e9},
      {1, "GiB", "byte", 1073741824},
      {8, "Gbit/s", "GB/s", 1},
      {3.35, "TB/s", "GB/s", 3350},
      {2.5, "PFLOP/s", "FLOP/s", 2.5e15},
      {2.5, "PFLOPS", "PFLOP/s", 2.5},
      {1, "EFLOP", "PFLOP", 1000},
      {3, "MTok", "token", 3e6},
      {3, "Gtoken", "Mtoken", 3000},
      {2, "FTE", "person", 2},
      {8, "GPU", "accelerators", 8},
      {7, "B USD", "MUSD", 7000},
      {7, "billion USD", "USD", 7e9},
      {7, "million USD", "MUSD", 7},
      {7, "k USD", "kUSD", 7},
      {40, "M USD/MW", "USD/kW", 40000},
      {1000, "KRW2024", "USD", 0.733},
      {182.7, "KRW2024/kWh", "USD/MWh", 182.7 * 0.733},
      {3, "MKRW", "USD", 2100},
      {3, "trillion KRW", "B USD", 2.1},
      {1, "USD2024", "USD", 1.02},
      {0.4, "tCO2/MWh", "kgCO2/MWh", 400},
      {0.4, "tCO2e/MWh", "tCO2/MWh", 0.4},
      {20, "degC", "degC", 20},
      {68, "degF", "degC", 20},
      {300, "K", "degC", 26.85},
      {0.01, "1/degC", "1/K", 0.01},
      {5, "m^2", "m2", 5},
      {5, "m³", "L", 5000},
      {6, "wafer/package", "wafers/package", 6},
      {12, "week", "day", 84},
      {2, "year", "month", 24},
      {10, "USD/(1e6 token)", "USD/Mtoken", 10},
      {12, "wafer/year", "wafer/month", 1, Basis::month},
      {900000, "wspm", "wafer/month", 900000, Basis::month},
      {1, "wafer/day", "wafer/month", 1.0 / 24, Basis::second},
      {24, "wafer/day", "wspm", 1, Basis::second},
      {120, "USD/kW/year", "USD/kW/month", 10, Basis::month},
      {10, "USD/kW/month", "USD/kW/year", 120, Basis::year},
      {24, "USD/kW/day", "USD/kW/year", 1, Basis::second},
      {2, "tCO2/h", "tCO2/month", 2, Basis::second},
      {2, "USD/month/wafer", "kUSD/wafer/month", 0.002, Basis::month},
      {0.05, "/year", "1/year", 0.05, Basis::year},
      {0.5, "/month", "1/year", 6, Basis::year},
  };
  for (const Case& c : cases) {
    const auto got = units.convert(c.value, c.from, c.to);
    ASSERT_TRUE(got) << c.from << " to " << c.to;
    EXPECT_NEAR(got->value, c.expected, 1e-15 * std::abs(c.expected)) << c.from << " to " << c.to;
    EXPECT_EQ(got->basis, c.basis) << c.from << " to " << c.to;
  }
}

TEST(Units, other_units_give_the_same_bits) {
  const Units units;
  for (int i = 1; i < 2000; ++i) {
    const double mw = i / 10.0;
    // as a parser reads "0.0123 GW"
    const double gw = std::strtod((std::to_string(i) + "e-4").c_str(), nullptr);
    EXPECT_EQ(units.convert(gw, "GW", "MW")->value, mw);
    EXPECT_EQ(units.convert(i, "%", "")->value, std::strtod((std::to_string(i) + "e-2").c_str(), nullptr));
  }
}

struct Failing {
  const char* from;
  const char* to;
  UnitFault::Kind kind;
  const char* suggestion = "";
};

TEST(Units, refuses) {
  const Units units = korean_units();
  using enum UnitFault::Kind;
  const Failing cases[] = {
      {"BUSD", "USD", unknown, "MUSD"},
      {"wafr/month", "wafer/month", unknown, "wafer/month"},
      {"Mw", "MW", unknown, "MW"},
      {"MWhh", "MWh", unknown, "MWh"},
      {"MW", "MWh", wrong_dimension},
      {"MWh/USD", "USD/MWh", wrong_dimension},  // UDUNITS alone would take the reciprocal
      {"wafer/month", "wafer/h", wrong_dimension},
      {"MWh", "MW month", wrong_dimension},
      {"week", "month", wrong_dimension},
      {"5 degC", "K", unknown},
      {"degC", "K", wrong_dimension, "K"},
      {"KRW2031", "USD", unknown_currency, "KRW2024"},
      {"EUR", "USD", unknown_currency},
      {"GEUR2020", "USD", unknown_currency},
      {"USD 2024", "USD", unknown},
      {"USD20245", "USD", unknown},
      {"100 MW", "MW", unknown},
      {"m^999999999", "m", unknown},
      {"m999", "m", unknown},
      {"((((((((((m))))))))))", "m", unknown},
      {"(m", "m", unknown},
      {"m)", "m", unknown},
      {"m;s", "m", unknown},
      {"seconds since 1970-01-01", "s", unknown},
      {"s from 1970", "s", unknown},
      {"lg(re 1 mW)", "1", unknown},
      {"dB", "1", unknown},
      {"USD/(1e400 token)", "USD/token", unknown},
      {"USD/(1e-400 token)", "USD/token", unknown},
      {"Y Y Y", "1", unknown},
      {"\xff", "1", unknown},
      {"한", "1", unknown},
      {"MW", "", wrong_dimension},
      {"", "MW", wrong_dimension},
  };
  for (const Failing& c : cases) {
    const auto got = units.convert(1, c.from, c.to);
    ASSERT_FALSE(got) << c.from << " to " << c.to << " gives " << got->value;
    EXPECT_EQ(got.error().kind, c.kind) << c.from << " to " << c.to;
    EXPECT_EQ(got.error().suggestion, c.suggestion) << c.from << " to " << c.to;
    EXPECT_EQ(got.error().expected, std::string_view(c.to).empty() ? "a plain number" : c.to);
  }
  EXPECT_FALSE(units.known(std::string(100'000, '(')));
  EXPECT_FALSE(units.known(std::string(100'000, 'm')));
}

TEST(Units, durations_are_months) {
  const Units units;
  EXPECT_EQ(units.duration_months(20, "month"), 20);
  EXPECT_EQ(units.duration_months(2.5, "years"), 30);
  EXPECT_DOUBLE_EQ(units.duration_months(28, "week").value(), 28 * 7 / 30.436875);
  EXPECT_DOUBLE_EQ(units.duration_months(48, "h").value(), 2 / 30.436875);
  ASSERT_FALSE(units.duration_months(1, "MW"));
  EXPECT_EQ(units.duration_months(1, "MW").error().expected, "month");
  EXPECT_FALSE(units.duration_months(1, "1/month"));
}

TEST(Units, a_month_is_a_calendar_month) {
  const Units units;
  const Calendar calendar = Calendar::monthly({2028, 1}, 3);
  const auto in_period = [&](double value, const char* from, int t) {
    const auto c = units.convert(value, from, "wafer/month");
    Quantity q;
    q.mode = c->value;
    q.basis = c->basis;
    return q.per_period(calendar, t);
  };
  // per month is the same in January and in leap February; per day is not
  EXPECT_DOUBLE_EQ(in_period(100, "wafer/month", 0), 100);
  EXPECT_DOUBLE_EQ(in_period(100, "wafer/month", 1), 100);
  EXPECT_NEAR(in_period(100, "wafer/day", 0), 3100, 1e-11);
  EXPECT_NEAR(in_period(100, "wafer/day", 1), 2900, 1e-11);
  EXPECT_DOUBLE_EQ(in_period(1, "wafer/h", 1), 29 * 24);
  EXPECT_DOUBLE_EQ(in_period(1200, "wafer/year", 1), 100);
}

TEST(Units, yearly_targets_know_their_period) {
  const Units units;
  const Calendar calendar = Calendar::monthly({2025, 10}, 3);
  const auto in_period = [&](const char* from) {
    const auto c = units.convert(120, from, "USD/kW/year");
    Quantity q;
    q.mode = c->value;
    q.basis = c->basis;
    return q.per_period(calendar, 0);
  };
  EXPECT_DOUBLE_EQ(in_period("USD/kW/year"), 10);
  EXPECT_DOUBLE_EQ(in_period("USD/kW/month"), 120);
  EXPECT_DOUBLE_EQ(in_period("USD/kW/day"), 120 * 31);
}

TEST(Units, currencies_are_checked) {
  Units units;
  EXPECT_FALSE(units.add_currency("krw", 1));
  EXPECT_FALSE(units.add_currency("USD", 2));
  EXPECT_FALSE(units.add_currency("KRW20", 2));
  EXPECT_FALSE(units.add_currency("KRW", 0));
  EXPECT_FALSE(units.add_currency("KRW", -1));
  EXPECT_FALSE(units.add_currency("KRW", std::nan("")));
  EXPECT_FALSE(units.convert(1, "KRW", "USD"));
  EXPECT_TRUE(units.add_currency("KRW", 0.001));
  EXPECT_TRUE(units.convert(1, "KRW", "USD"));
}

TEST(Units, knows_and_compares) {
  const Units units;
  EXPECT_TRUE(units.known("wafer/month"));
  EXPECT_FALSE(units.known("wafr"));
  EXPECT_TRUE(units.convertible("GW", "kW"));
  EXPECT_FALSE(units.convertible("wafer/month", "wafer/h"));
  EXPECT_FALSE(units.convertible("s", "Hz"));
}

TEST(Units, ten_thousand_conversions_take_no_time) {
  const Units units;
  (void)units.known("m");
  const std::clock_t begin = std::clock();
  double sum = 0;
  for (int i = 0; i < 10'000; ++i) sum += units.convert(i, "GW", "MW")->value;
  EXPECT_GT(sum, 0);
  // a few milliseconds of the processor's; the limit only catches a mistake of another order
  EXPECT_LT(std::clock() - begin, 2 * CLOCKS_PER_SEC);
}

}  // namespace
}  // namespace beltline
