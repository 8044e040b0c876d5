#include "parts/plant.h"

#include <gtest/gtest.h>

#include "parts/site_test_support.h"

namespace beltline {
namespace {

using site_test::compile_text;
using site_test::find;
using site_test::flow_of;

TEST(Sun, IsHighestAtNoonInSummerAndDownAtNight) {
  EXPECT_EQ(sun_height(35, 6, 0), 0);
  EXPECT_EQ(sun_height(35, 12, 18), 0);
  // noon: sin of 90° − latitude + declination, 23.1° on 11 June and −23.0° on 10 December
  EXPECT_NEAR(sun_height(35, 6, 12), 0.978, 0.003);
  EXPECT_NEAR(sun_height(35, 12, 12), 0.530, 0.003);
  EXPECT_DOUBLE_EQ(sun_height(35, 3, 9), sun_height(35, 3, 15));
}

constexpr const char* kSolar = R"(
[site.coast]
owner = "operator"
[plant.sun]
technology = "ppa"
site = "coast"
capacity_factor = 0.15
variable_cost = "100 USD/MWh"
take_all = true
total_max = "50 MW"
seller = "builder"
)";

TEST(Plant, SolarFollowsTheSunAndKeepsItsCapacityFactor) {
  const auto outcome = compile_text(kSolar);
  ASSERT_TRUE(outcome.model) << outcome.text();
  const Model& model = *outcome.model;
  const Capacity* plant = find(model.capacities, "plant_sun");
  ASSERT_NE(plant, nullptr);
  double mwh = 0;
  double hours = 0;
  for (int t = 0; t < 12; ++t) {
    for (int s = 0; s < 24; ++s) {
      EXPECT_LE(model.at(plant->availability, t, s), 1);
      mwh += model.at(plant->availability, t, s) * model.calendar.hours(t, s);
      hours += model.calendar.hours(t, s);
    }
    EXPECT_EQ(model.at(plant->availability, t, 0), 0);
  }
  // the months are of different length
  EXPECT_NEAR(mwh / hours, 0.15, 0.002);
}

TEST(Plant, AContractThatTakesAllIsPaidByAvailability) {
  const auto outcome = compile_text(kSolar);
  ASSERT_TRUE(outcome.model) << outcome.text();
  const Model& model = *outcome.model;
  const Capacity* plant = find(model.capacities, "plant_sun");
  double mwh = 0;
  for (int s = 0; s < 24; ++s) mwh += model.at(plant->availability, 5, s) * model.calendar.hours(5, s);
  EXPECT_NEAR(model.at(plant->fixed_cost, 5), 100 * mwh, 1e-6);
  const Process* process = find(model.processes, "plant_sun");
  EXPECT_EQ(model.at(process->cost, 5, 12), 0);
  ASSERT_EQ(process->payments.size(), 1U);
  EXPECT_EQ(model.at(process->payments[0].price, 0), 100);
}

TEST(Plant, BurnsFuelAndWaitsForItsTurbine) {
  const auto outcome = compile_text(R"(
[equipment.turbine]
supply = [{region = "korea", lead = "210 week"}]
[site.coast]
compute_region = "korea"
[plant.gas]
technology = "gas_turbine"
site = "coast"
lead = "18 month"
equipment = ["turbine"]
equipment_time = "6 month"
capex = "2300 USD/kW"
variable_cost = "4 USD/MWh"
fuel_cost = "30 USD/MWh"
emission_factor = "0.4 tCO2/MWh"
)");
  ASSERT_TRUE(outcome.model) << outcome.text();
  const Model& model = *outcome.model;
  const Capacity* plant = find(model.capacities, "plant_gas");
  EXPECT_EQ(plant->lead, 18);
  EXPECT_EQ(model.at(plant->capex, 0), 2.3e6);
  ASSERT_EQ(plant->build_flows.size(), 1U);
  EXPECT_EQ(plant->build_flows[0].offset, 12);
  EXPECT_EQ(model.at(plant->availability, 0), 1);
  const Process* process = find(model.processes, "plant_gas");
  EXPECT_EQ(model.at(process->cost, 0), 34);
  EXPECT_EQ(model.at(flow_of(model, process->flows, "emission")->rate, 0), 0.4);
}

TEST(Plant, FeedsASiteOrARegion) {
  const std::string region = "[grid_region.east]\nplace = \"grid_east\"\n[site.coast]\n";
  EXPECT_TRUE(compile_text(region + "[plant.p]\ntechnology = \"wind\"\n").has(Code::inconsistent));
  EXPECT_TRUE(compile_text(region + "[plant.p]\ntechnology = \"wind\"\nsite = \"coast\"\nregion = \"east\"\n")
                  .has(Code::inconsistent));
  const auto outcome =
      compile_text(region + "[plant.p]\ntechnology = \"wind\"\nregion = \"east\"\ncapacity_factor = 0.31\n");
  ASSERT_TRUE(outcome.model) << outcome.text();
  const Capacity* plant = find(outcome.model->capacities, "plant_p");
  EXPECT_EQ(outcome.model->places[plant->place.index()].name, "grid_east");
  EXPECT_EQ(outcome.model->at(plant->availability, 0, 3), 0.31);
}

TEST(Plant, RefusesWhatCannotBe) {
  EXPECT_TRUE(compile_text("[site.coast]\n[plant.p]\ntechnology = \"solar\"\nsite = \"coast\"\ncapacity_factor = 1.2\n")
                  .has(Code::out_of_range));
  EXPECT_TRUE(
      compile_text("[site.coast]\n[plant.p]\ntechnology = \"fusion\"\nsite = \"coast\"\n").has(Code::bad_choice));
  EXPECT_TRUE(compile_text("[site.coast]\n[plant.p]\ntechnology = \"wind\"\nsite = \"coast\"\nlead = \"-1 month\"\n")
                  .has(Code::negative_lead));
}

}  // namespace
}  // namespace beltline
