#include "parts/connection.h"

#include <gtest/gtest.h>

#include "parts/site_test_support.h"

namespace beltline {
namespace {

using site_test::compile_text;
using site_test::find;
using site_test::flow_of;
using site_test::sum;

constexpr const char* kConnected = R"(
[tariff.power]
demand_charge = "8000 USD/MW/month"
rates = [{off_peak = "100 USD/MWh", peak = "200 USD/MWh", peak_hours = "13-18"}]
[grid_region.east]
place = "grid_east"
emission_factor = "0.4 tCO2/MWh"
utility = "utility"
tariff = "power"
[site.coast]
compute_region = "korea"
grid = "east"
owner = "operator"
[connection.coast]
site = "coast"
permit = "3 month"
assessment = "150 day"
queue = "2 month"
substation = "12 month"
module = "40 MW"
loss = 0.05
existing = {step = true, unit = "MW", dates = {"2026-01" = 0, "2027-01" = 60}}
)";

TEST(Connection, TakesAsLongAsItsStepsTogether) {
  const auto outcome = compile_text(kConnected);
  ASSERT_TRUE(outcome.model) << outcome.text();
  const Model& model = *outcome.model;
  const Capacity* connection = find(model.capacities, "connection@coast");
  ASSERT_NE(connection, nullptr);
  // 3 + 4.93 + 2 + 12 = 21.93 months
  EXPECT_EQ(connection->lead, 22);
  EXPECT_EQ(connection->module_size, 40);
  EXPECT_EQ(model.at(connection->existing, 11), 0);
  EXPECT_EQ(model.at(connection->existing, 12), 60);
  // the substation is paid while it is built, in the last twelve months
  EXPECT_NEAR(sum(connection->spend_profile), 1, 1e-12);
  EXPECT_EQ(connection->spend_profile.size(), 22U);
  EXPECT_EQ(connection->spend_profile[8], 0);
  EXPECT_NEAR(connection->spend_profile[15], 1.0 / 12, 1e-12);
}

TEST(Connection, ImportsAtTheTariffAndCountsLossAndEmission) {
  const auto outcome = compile_text(kConnected);
  ASSERT_TRUE(outcome.model) << outcome.text();
  const Model& model = *outcome.model;
  const Process* import = find(model.processes, "import@coast");
  ASSERT_NE(import, nullptr);
  ASSERT_EQ(import->flows.size(), 3U);
  EXPECT_EQ(model.places[import->flows[0].place.index()].name, "grid_east");
  EXPECT_DOUBLE_EQ(model.at(import->flows[0].rate, 0), -1.05);
  EXPECT_EQ(model.at(import->flows[1].rate, 0), 1);
  EXPECT_NEAR(model.at(flow_of(model, import->flows, "emission")->rate, 0), 0.42, 1e-12);
  EXPECT_DOUBLE_EQ(model.at(import->cost, 0, 3), 100);
  EXPECT_DOUBLE_EQ(model.at(import->cost, 0, 15), 200);
  EXPECT_DOUBLE_EQ(model.at(import->peak_cost, 0), 8000);
  ASSERT_EQ(import->payments.size(), 1U);
  EXPECT_EQ(model.parties[import->payments[0].payee.index()].name, "utility");
}

TEST(Connection, NeedsNoGridRegion) {
  const auto outcome = compile_text("[site.coast]\n[connection.coast]\nsite = \"coast\"\nprice = \"0.12 USD/kWh\"\n");
  ASSERT_TRUE(outcome.model) << outcome.text();
  const Process* import = find(outcome.model->processes, "import@coast");
  EXPECT_EQ(import->flows.size(), 1U);
  EXPECT_DOUBLE_EQ(outcome.model->at(import->cost, 0), 120);
  EXPECT_FALSE(import->peak_cost.present());
}

TEST(Connection, SitesOfOneTariffShareItsPrices) {
  const auto outcome = compile_text(std::string(kConnected) + R"(
[site.bay]
grid = "east"
[connection.bay]
site = "bay"
)");
  ASSERT_TRUE(outcome.model) << outcome.text();
  EXPECT_EQ(find(outcome.model->processes, "import@coast")->cost.offset,
            find(outcome.model->processes, "import@bay")->cost.offset);
}

TEST(Connection, RefusesWhatCannotBe) {
  struct Case {
    const char* text;
    Code code;
  };
  const Case cases[] = {
      {"[connection.coast]\nsite = \"coast\"\n[connection.second]\nsite = \"coast\"\n", Code::inconsistent},
      {"[connection.coast]\nsite = \"coast\"\nsubstation = \"-3 month\"\n", Code::negative_lead},
      {"[connection.coast]\nsite = \"coats\"\n", Code::dangling_reference},
      {"[connection.coast]\nsite = \"coast\"\nmodule = \"40 MWh\"\n", Code::wrong_dimension},
      {"[connection.coast]\n", Code::missing_key},
  };
  for (const Case& c : cases) {
    const auto outcome = compile_text(std::string("[site.coast]\n") + c.text);
    EXPECT_TRUE(outcome.has(c.code)) << c.text << outcome.text();
    EXPECT_FALSE(outcome.model) << c.text;
  }
}

}  // namespace
}  // namespace beltline
