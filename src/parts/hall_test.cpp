#include "parts/hall.h"

#include <gtest/gtest.h>

#include "parts/site_test_support.h"

namespace beltline {
namespace {

using site_test::compile_text;
using site_test::find;
using site_test::flow_of;
using site_test::sum;

constexpr const char* kHall = R"(
[equipment.switchgear]
supply = [{region = "korea", lead = "55 week"}]
[site.coast]
compute_region = "korea"
owner = "operator"
developer = "builder"
land_max = "100 MW"
online = "2027-06"
[hall.coast]
site = "coast"
permit = "4 month"
site_work = "3 month"
shell = "6 month"
fit_out = "6 month"
commission = "2 month"
overlap = "2 month"
land_cost = "1 M USD/MW"
shell_cost = "2 M USD/MW"
electrical_cost = "4 M USD/MW"
mechanical_cost = "1 M USD/MW"
liquid_cooling_cost = "1 M USD/MW"
soft_cost = "1 M USD/MW"
module = "20 MW"
existing = "30 MW"
build_max = "20 MW/month"
equipment = ["switchgear"]
)";

TEST(Hall, IsOnlineAfterAllItsPhases) {
  const auto outcome = compile_text(kHall);
  ASSERT_TRUE(outcome.model) << outcome.text();
  const Model& model = *outcome.model;
  const Capacity* hall = find(model.capacities, "hall@coast");
  ASSERT_NE(hall, nullptr);
  EXPECT_EQ(hall->kind, "hall");
  EXPECT_EQ(hall->lead, 4 + 3 + 6 + 6 + 2 - 2);
  EXPECT_EQ(hall->earliest_online, 17);
  EXPECT_EQ(hall->module_size, 20);
  EXPECT_EQ(hall->total_max, 70);
  EXPECT_EQ(hall->life, 168);
  EXPECT_EQ(model.at(hall->capex, 0), 10e6);
  EXPECT_EQ(model.at(hall->build_max, 0), 20);
  EXPECT_EQ(model.at(flow_of(model, hall->stand_flows, "it_space")->rate, 0), 1);
}

TEST(Hall, PaysEachComponentInItsPhase) {
  const auto outcome = compile_text(kHall);
  ASSERT_TRUE(outcome.model) << outcome.text();
  const std::vector<double>& profile = find(outcome.model->capacities, "hall@coast")->spend_profile;
  ASSERT_EQ(profile.size(), 19U);
  EXPECT_NEAR(sum(profile), 1, 1e-12);
  const double soft = 0.1 / 19;
  EXPECT_NEAR(profile[0], 0.1 + soft, 1e-12);             // land
  EXPECT_NEAR(profile[5], soft + 0.2 / 9, 1e-12);         // site work
  EXPECT_NEAR(profile[12], soft + 0.2 / 9 + 0.1, 1e-12);  // shell, and fit-out of 6 M in 6 months
  EXPECT_NEAR(profile[16], soft + 0.1, 1e-12);
  EXPECT_NEAR(profile[18], soft, 1e-12);  // commissioning
}

TEST(Hall, TakesItsEquipmentWhenTheFitOutStarts) {
  const auto outcome = compile_text(kHall);
  ASSERT_TRUE(outcome.model) << outcome.text();
  const Capacity* hall = find(outcome.model->capacities, "hall@coast");
  ASSERT_EQ(hall->build_flows.size(), 1U);
  EXPECT_EQ(hall->build_flows[0].offset, 4 + 3 + 6 - 2);
  EXPECT_EQ(outcome.model->places[hall->build_flows[0].place.index()].name, "korea");
}

TEST(Hall, HoldsTechniciansOnlyWhereThereIsASchool) {
  const auto without = compile_text(kHall);
  ASSERT_TRUE(without.model) << without.text();
  EXPECT_EQ(flow_of(*without.model, find(without.model->capacities, "hall@coast")->stand_flows, "technician"), nullptr);
  const auto with = compile_text(std::string(kHall) + "[school.east]\nregion = \"korea\"\nexisting = \"100 person\"\n");
  ASSERT_TRUE(with.model) << with.text();
  const StandFlow* staff = flow_of(*with.model, find(with.model->capacities, "hall@coast")->stand_flows, "technician");
  ASSERT_NE(staff, nullptr);
  EXPECT_EQ(with.model->at(staff->rate, 0), -0.35);
}

TEST(Hall, TellsWhoDevelopsIt) {
  const auto outcome = compile_text(kHall);
  ASSERT_TRUE(outcome.model) << outcome.text();
  const Measure* centre = site_test::find_measure(*outcome.model, "centres", "it_capacity");
  ASSERT_NE(centre, nullptr);
  EXPECT_EQ(outcome.model->parties[centre->party.index()].name, "builder");
}

TEST(Hall, CostsByDefaultWhatTheComponentsOfCostModelsSumTo) {
  const auto outcome = compile_text("[site.coast]\n[hall.coast]\nsite = \"coast\"\n");
  ASSERT_TRUE(outcome.model) << outcome.text();
  const Capacity* hall = find(outcome.model->capacities, "hall@coast");
  // published total without IT: 11.3 million USD/MW, 9 to 15
  EXPECT_NEAR(outcome.model->at(hall->capex, 0), 11.3e6, 0.3e6);
  EXPECT_EQ(hall->lead, 37);
  EXPECT_EQ(hall->total_max, -1);
}

TEST(Hall, RefusesWhatCannotBe) {
  struct Case {
    const char* text;
    Code code;
  };
  const Case cases[] = {
      {"[site.coast]\n[hall.coast]\nsite = \"coast\"\nshell = \"-1 month\"\n", Code::negative_lead},
      {"[site.coast]\n[hall.coast]\nsite = \"coast\"\noverlap = \"9 month\"\n", Code::inconsistent},
      {"[site.coast]\n[hall.coast]\nsite = \"coast\"\nearliest_order = \"2035-01\"\n", Code::outside_horizon},
      {"[site.coast]\n[hall.coast]\nsite = \"coast\"\n[hall.two]\nsite = \"coast\"\n", Code::inconsistent},
      {"[site.coast]\nland_max = \"10 MW\"\n[hall.coast]\nsite = \"coast\"\nexisting = \"20 MW\"\n",
       Code::inconsistent},
      {"[site.bay]\nkind = \"mooring\"\n[hall.bay]\nsite = \"bay\"\n", Code::inconsistent},
      {"[site.coast]\n[hall.coast]\nsite = \"coast\"\nequipment = [\"lift\"]\n", Code::dangling_reference},
      {"[site.coast]\n[hall.coast]\nsite = \"coast\"\nshell_cost = \"2 M USD\"\n", Code::wrong_dimension},
  };
  for (const Case& c : cases) {
    const auto outcome = compile_text(c.text);
    EXPECT_TRUE(outcome.has(c.code)) << c.text << outcome.text();
    EXPECT_FALSE(outcome.model) << c.text;
  }
}

}  // namespace
}  // namespace beltline
