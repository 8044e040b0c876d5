#include "parts/battery.h"

#include <gtest/gtest.h>

#include "parts/site_test_support.h"

namespace beltline {
namespace {

using site_test::compile_text;
using site_test::find;

TEST(Battery, HasEnergyAndPowerOfItsOwnPrice) {
  const auto outcome = compile_text(R"(
[site.coast]
online = "2027-01"
[battery.b]
site = "coast"
energy_capex = "200 USD/kWh"
power_capex = "100 USD/kW"
fixed_cost = "6 USD/kW/year"
efficiency = 0.81
energy_max = "400 MWh"
)");
  ASSERT_TRUE(outcome.model) << outcome.text();
  const Model& model = *outcome.model;
  const Store* store = find(model.stores, "battery_b");
  ASSERT_NE(store, nullptr);
  EXPECT_DOUBLE_EQ(store->efficiency_in, 0.9);
  EXPECT_DOUBLE_EQ(store->efficiency_out, 0.9);
  const Capacity& energy = model.capacities[store->level_capacity.index()];
  const Capacity& power = model.capacities[store->power_capacity.index()];
  EXPECT_EQ(energy.unit, "MWh");
  EXPECT_EQ(energy.total_max, 400);
  EXPECT_EQ(power.unit, "MW");
  EXPECT_DOUBLE_EQ(model.at(energy.capex, 0), 200e3);
  EXPECT_DOUBLE_EQ(model.at(power.capex, 0), 100e3);
  EXPECT_DOUBLE_EQ(model.at(power.fixed_cost, 0), 500);
  EXPECT_EQ(energy.earliest_online, 12);
}

TEST(Battery, RefusesWhatCannotBe) {
  EXPECT_TRUE(compile_text("[site.coast]\n[battery.b]\nsite = \"coast\"\nefficiency = 1.1\n").has(Code::bad_yield));
  EXPECT_TRUE(compile_text("[battery.b]\nsite = \"coast\"\n").has(Code::dangling_reference));
  EXPECT_TRUE(
      compile_text("[site.coast]\n[battery.b]\nsite = \"coast\"\nlead = \"-1 month\"\n").has(Code::negative_lead));
}

}  // namespace
}  // namespace beltline
