#include "parts/rack.h"

#include <filesystem>

#include <gtest/gtest.h>

#include "parts/memory_test_support.h"

namespace beltline {
namespace {

using memory_test::compile_chain;
using memory_test::kChain;
using memory_test::kFrame;
using memory_test::kRack;

std::string chain() {
  return std::string(kFrame) + std::string(kChain) + std::string(kRack);
}

std::string replaced(std::string text, std::string_view old_text, std::string_view new_text) {
  text.replace(text.find(old_text), old_text.size(), new_text);
  return text;
}

TEST(Rack, AssemblyTakesAcceleratorsAndHostMemory) {
  auto out = compile_chain(chain());
  ASSERT_FALSE(out.has_errors()) << out.text();
  EXPECT_DOUBLE_EQ(out.model().at(out.flow("assemble_gb300", "accelerator_b300").rate, 0), -72);
  EXPECT_DOUBLE_EQ(out.model().at(out.flow("assemble_gb300", "dram_ddr5").rate, 0), -28);
  const Flow racks = out.flow("assemble_gb300", "rack_gb300");
  EXPECT_DOUBLE_EQ(out.model().at(racks.rate, 0), 1);
  EXPECT_EQ(racks.lag, 1);
  EXPECT_EQ(racks.place, out.builder->find_place("plant"));
}

TEST(Rack, StandsAtEverySiteAndTakesItSpace) {
  auto out = compile_chain(chain());
  ASSERT_FALSE(out.has_errors()) << out.text();
  const Capacity& capacity = out.capacity("rack_gb300@jeonnam");
  EXPECT_EQ(capacity.kind, "rack");
  EXPECT_EQ(capacity.lead, 2);
  EXPECT_EQ(capacity.life, 60);
  EXPECT_DOUBLE_EQ(out.model().at(capacity.capex, 0), 5e6);
  EXPECT_DOUBLE_EQ(out.model().at(capacity.fixed_cost, 0), 5e6 * 0.03 / 12);
  ASSERT_EQ(capacity.build_flows.size(), 1U);
  EXPECT_DOUBLE_EQ(capacity.build_flows.front().amount, -1);
  EXPECT_EQ(capacity.build_flows.front().place, out.builder->find_place("plant"));
  ASSERT_EQ(capacity.stand_flows.size(), 1U);
  EXPECT_NEAR(out.model().at(capacity.stand_flows.front().rate, 0), -0.1485, 1e-12);
  EXPECT_EQ(out.capacity("rack_gb300@texas").earliest_online, 3);
}

TEST(Rack, RunsOnElectricityWithThePueAndGivesCompute) {
  auto out = compile_chain(chain());
  ASSERT_FALSE(out.has_errors()) << out.text();
  const Flow power = out.flow("run_gb300@jeonnam", "electricity");
  EXPECT_NEAR(out.model().at(power.rate, 0, 0), -0.1485 * 0.8 * 1.3, 1e-12);
  EXPECT_NEAR(out.model().at(power.rate, 0, 1), -0.1485 * 0.8 * 1.1, 1e-12);
  const Flow compute = out.flow("run_gb300@jeonnam", "compute");
  EXPECT_NEAR(out.model().at(compute.rate, 0), 324, 1e-9);
  EXPECT_EQ(compute.place, out.builder->find_place("korea"));
  EXPECT_TRUE(out.process("run_gb300@jeonnam").useful.present());
  // told in outline: the model reads the mean of the period
  EXPECT_NEAR(out.model().mean(out.flow("run_gb300@texas", "electricity").rate, 0), -0.1485 * 0.8 * 1.2, 1e-12);
}

TEST(Rack, WithoutAChainItIsBought) {
  auto out = compile_chain(std::string(kFrame) + R"(
[rack.simple]
power = "100 kW"
performance = "100 PFLOP/s"
price = {dates = {"2026-01" = 4e6, "2026-11" = 3e6}, unit = "USD/rack"}
supply_max = "20 rack/month"
)");
  ASSERT_FALSE(out.has_errors()) << out.text();
  EXPECT_EQ(out.process("assemble_simple").flows.size(), 1U);
  EXPECT_DOUBLE_EQ(out.model().at(out.process("assemble_simple").upper, 0), 20);
  EXPECT_NEAR(out.model().at(out.capacity("rack_simple@jeonnam").capex, 5), 3.5e6, 1e-6);
  EXPECT_EQ(out.capacity("rack_simple@jeonnam").lead, 1);
}

TEST(Rack, GenerationsBeginAndEnd) {
  auto out = compile_chain(chain() + "earliest = \"2026-03\"\nuntil = \"2026-08\"\n");
  ASSERT_FALSE(out.has_errors()) << out.text();
  const Capacity& capacity = out.capacity("rack_gb300@jeonnam");
  EXPECT_EQ(capacity.earliest_order, 2);
  EXPECT_GT(out.model().at(capacity.build_max, 7), 0);
  EXPECT_DOUBLE_EQ(out.model().at(capacity.build_max, 8), 0);
}

TEST(Rack, BeyondTheHorizonIsAWarningAndNothingElse) {
  auto out = compile_chain(chain() + "earliest = \"2031-03\"\n");
  EXPECT_FALSE(out.has_errors()) << out.text();
  EXPECT_TRUE(out.has(Code::outside_horizon));
  EXPECT_FALSE(out.builder->find_process("assemble_gb300").valid());
}

TEST(Rack, MeasuresTheProgramme) {
  auto out = compile_chain(chain());
  ASSERT_FALSE(out.has_errors()) << out.text();
  const Measure* load = out.measure("it_load_installed");
  ASSERT_NE(load, nullptr);
  EXPECT_EQ(load->table, "programme");
  EXPECT_FALSE(load->place.valid());
  EXPECT_EQ(load->terms.size(), 2U);
  EXPECT_NEAR(out.model().at(load->terms.front().coefficient, 0), 0.1485, 1e-12);
  EXPECT_DOUBLE_EQ(out.model().at(out.measure("accelerators_online")->terms.front().coefficient, 0), 72);
  EXPECT_NE(out.measure("racks_online_gb300"), nullptr);
}

TEST(Rack, RefusesWhatDoesNotFit) {
  const std::string text = chain();
  for (const std::string& bad :
       {replaced(text, "host_memory = [{product = \"ddr5\"", "host_memory = [{product = \"hbm\""),
        replaced(text, "packaging_time = \"3 month\"", "packaging_time = \"3 month\"\ndelivers_to = \"texas\""),
        replaced(text, "die_capacity = \"16 Gbit\"", "die_capacity = \"16 Gbit\"\ndelivers_to = \"texas\""),
        text + "earliest = \"2026-05\"\nuntil = \"2026-02\"\n"}) {
    const auto out = compile_chain(bad);
    EXPECT_TRUE(out.has(Code::inconsistent)) << out.text();
  }
  EXPECT_TRUE(compile_chain(replaced(text, "install_time = \"2 month\"", "install_time = \"-1 month\""))
                  .has(Code::negative_lead));
}

TEST(RackBill, CountsEveryStage) {
  auto out = compile_chain(chain());
  ASSERT_FALSE(out.has_errors()) << out.text();
  const Spec& spec = *out.loaded.spec;
  const RackBill bill = rack_bill(spec, *spec.find("rack", "gb300"), 0);
  EXPECT_DOUBLE_EQ(bill.accelerators, 72);
  EXPECT_DOUBLE_EQ(bill.stacks, 576);
  EXPECT_DOUBLE_EQ(bill.host_tb, 28);
  EXPECT_NEAR(bill.hbm_wafers, 576 * 12 / 0.7534 / (492 * 0.8), 0.05);
  EXPECT_NEAR(bill.host_wafers, 28 / 2.355, 0.05);
}

TEST(RackBill, HalvingTheYieldDoublesTheWafers) {
  auto out = compile_chain(chain());
  auto half = compile_chain(replaced(chain(), "yield = 0.8\n", "yield = 0.4\n"));
  ASSERT_FALSE(half.has_errors()) << half.text();
  const RackBill one = rack_bill(*out.loaded.spec, *out.loaded.spec->find("rack", "gb300"));
  const RackBill two = rack_bill(*half.loaded.spec, *half.loaded.spec->find("rack", "gb300"));
  EXPECT_NEAR(two.hbm_wafers / one.hbm_wafers, 2, 1e-9);
  EXPECT_DOUBLE_EQ(two.host_wafers, one.host_wafers);
}

}  // namespace
}  // namespace beltline
