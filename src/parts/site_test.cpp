#include "parts/site.h"

#include <gtest/gtest.h>

#include "parts/site_pue.h"
#include "parts/site_test_support.h"

namespace beltline {
namespace {

using site_test::compile_text;
using site_test::find;
using site_test::find_measure;
using site_test::flow_of;

TEST(Pue, RisesAboveTheThresholdOnly) {
  const PueCurve curve{.base = 1.1, .slope_per_kelvin = 0.006, .threshold_c = 10};
  EXPECT_DOUBLE_EQ(pue(curve, -5), 1.1);
  EXPECT_DOUBLE_EQ(pue(curve, 10), 1.1);
  EXPECT_DOUBLE_EQ(pue(curve, 20), 1.16);
}

/// Mean PUE of a year by cooling, in the climate of Mokpo.
double mean_pue(const std::string& cooling) {
  const auto outcome = compile_text(R"(
[climate.mokpo]
wet_bulb = {values = [-0.6, 0.5, 4.0, 9.3, 14.3, 18.9, 23.0, 23.7, 19.4, 13.5, 7.4, 1.9], unit = "degC", by = "month_of_year"}
sea = {values = [6.2, 5.2, 7.0, 11.0, 15.8, 20.0, 22.8, 24.9, 23.8, 19.8, 15.0, 9.8], unit = "degC", by = "month_of_year"}
[site.coast]
climate = "mokpo"
cooling = ")" + cooling + "\"\n");
  if (!outcome.model) return 0;
  const Measure* measure = find_measure(*outcome.model, "sites", "pue");
  double sum = 0;
  for (int t = 0; t < 12; ++t) sum += outcome.model->at(measure->constant, t);
  return sum / 12;
}

TEST(Pue, MeetsThePublishedMeansOfEachCooling) {
  struct Case {
    const char* cooling;
    double published;
  };
  // industry norms and the Uptime Institute's survey of 2024; sea water between Natick's 1.07 and Nautilus's 1.15
  for (const Case& c :
       {Case{"chiller", 1.40}, Case{"evaporative", 1.20}, Case{"dlc_dry", 1.13}, Case{"seawater", 1.12}}) {
    EXPECT_NEAR(mean_pue(c.cooling), c.published, 0.015) << c.cooling;
  }
}

TEST(Site, FollowsTheWetBulbByMonthAndHour) {
  const auto outcome = compile_text(R"(
[climate.dry]
wet_bulb = {values = [0, 0, 4, 9, 14, 18, 22, 24, 19, 13, 7, 1], unit = "degC", by = "month_of_year"}
diurnal_amplitude = "2 kelvin"
[site.coast]
climate = "dry"
[hall.coast]
site = "coast"
)");
  ASSERT_TRUE(outcome.model) << outcome.text();
  const Measure* measure = find_measure(*outcome.model, "sites", "pue");
  ASSERT_NE(measure, nullptr);
  EXPECT_DOUBLE_EQ(outcome.model->at(measure->constant, 0), 1.10);
  // all hours of August are above the threshold, so that the day's course cancels in the mean
  EXPECT_NEAR(outcome.model->at(measure->constant, 7), 1.10 + 0.006 * 14, 1e-9);
}

TEST(Site, OutlineSitesBuyPowerAtTheirPrice) {
  const auto outcome = compile_text(R"(
[site.texas]
place = "desert"
compute_region = "korea"
owner = "operator"
pue = 1.2
energy_price = "70 USD/MWh"
emission_factor = "0.4 tCO2/MWh"
power_max = "800 MW"
)");
  ASSERT_TRUE(outcome.model) << outcome.text();
  const Model& model = *outcome.model;
  const Process* supply = find(model.processes, "supply@texas");
  ASSERT_NE(supply, nullptr);
  EXPECT_EQ(model.at(supply->cost, 0), 70);
  EXPECT_EQ(model.at(supply->upper, 0), 800);
  const Flow* emission = flow_of(model, supply->flows, "emission");
  ASSERT_NE(emission, nullptr);
  EXPECT_EQ(model.at(emission->rate, 0), 0.4);
  EXPECT_EQ(model.slice_count(*supply), 1);
}

TEST(Site, WarnsOfAnUnusualPue) {
  const auto outcome = compile_text("[site.coast]\npue = 1.56\n");
  EXPECT_TRUE(outcome.model) << outcome.text();
  EXPECT_TRUE(outcome.has(Code::out_of_range)) << outcome.text();
}

TEST(Site, RefusesWhatCannotBe) {
  struct Case {
    const char* text;
    Code code;
  };
  const Case cases[] = {
      {"[site.nowhere]\n", Code::missing_key},
      {"[site.coast]\npue = 0.9\n", Code::out_of_range},
      {"[site.coast]\navailability = 1.1\n", Code::out_of_range},
      {"[site.coast]\nonline = \"2031-01\"\n", Code::outside_horizon},
      {"[site.coast]\ncooling = \"ice\"\n", Code::bad_choice},
      {"[site.coast]\n[site.second]\nplace = \"coast\"\n", Code::inconsistent},
      {"[climate.dry]\nwet_bulb = \"5 degC\"\n[site.coast]\ncooling = \"seawater\"\nclimate = \"dry\"\n",
       Code::inconsistent},
      {"[site.coast]\nplace = \"cost\"\n", Code::dangling_reference},
  };
  for (const Case& c : cases) {
    const auto outcome = compile_text(c.text);
    EXPECT_TRUE(outcome.has(c.code)) << c.text << outcome.text();
    EXPECT_FALSE(outcome.model) << c.text;
  }
}

TEST(Site, IsOpenFromTheStartIfItOpenedBefore) {
  const auto outcome = compile_text("[site.coast]\nonline = \"2024-06\"\n[hall.coast]\nsite = \"coast\"\n");
  ASSERT_TRUE(outcome.model) << outcome.text();
  EXPECT_EQ(find(outcome.model->capacities, "hall@coast")->earliest_online, 0);
}

}  // namespace
}  // namespace beltline
