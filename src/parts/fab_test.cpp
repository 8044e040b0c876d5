#include "parts/fab.h"

#include <gtest/gtest.h>

#include "parts/memory_test_support.h"
#include "parts/product.h"

namespace beltline {
namespace {

using memory_test::compile_chain;
using memory_test::kChain;
using memory_test::kFrame;
using memory_test::kRack;

std::string fab(std::string_view more) {
  return std::string(kFrame) + R"(
[rack.r]
place = "plant"
power = "1 kW"
performance = "1 PFLOP/s"
price = "1 USD/rack"
[fab.m16]
place = "icheon"
owner = "maker"
products = ["hbm", "ddr5"]
)" + std::string(more);
}

TEST(Fab, GivesDiesAfterTheCycleTime) {
  auto out = compile_chain(std::string(kFrame) + std::string(kChain) + std::string(kRack));
  ASSERT_FALSE(out.has_errors()) << out.text();
  const Process& starts = out.process("fab_hbm@m16");
  EXPECT_EQ(starts.grain, Grain::amount);
  EXPECT_EQ(starts.unit, "wafer");
  const Flow dies = out.flow("fab_hbm@m16", "die_hbm");
  EXPECT_NEAR(out.model().at(dies.rate, 0), 492 * 0.8, 0.5);
  EXPECT_EQ(dies.lag, 5);  // 20 weeks are 4.6 months
  EXPECT_EQ(dies.place, out.builder->find_place("icheon"));
  // host memory goes to where racks are assembled
  const Flow memory = out.flow("fab_ddr5@m16", "dram_ddr5");
  EXPECT_EQ(memory.place, out.builder->find_place("plant"));
  EXPECT_EQ(memory.lag, 5);  // 19 weeks are 4.4 months
}

TEST(Fab, CapacityIsTheProgrammesPartOfTheRamp) {
  auto out = compile_chain(fab(R"(
capacity = {dates = {"2026-01" = 100000, "2026-11" = 200000}, unit = "wafer/month"}
programme_share_max = 0.1
hbm_max = "50000 wafer/month"
hbm_share_max = 0.2
)"));
  ASSERT_FALSE(out.has_errors()) << out.text();
  const Capacity& wafers = out.capacity("wspm@m16");
  EXPECT_NEAR(out.model().at(wafers.existing, 0), 10000, 1e-9);
  EXPECT_NEAR(out.model().at(wafers.existing, 5), 15000, 1e-9);
  EXPECT_FALSE(wafers.buildable);
  EXPECT_NEAR(out.model().at(out.capacity("tsv@m16").existing, 3), 10000, 1e-9);
  EXPECT_EQ(out.process("fab_hbm@m16").uses.size(), 2U);
  EXPECT_EQ(out.process("fab_ddr5@m16").uses.size(), 1U);
}

TEST(Fab, ExpansionsAreTheProgrammesOwn) {
  auto out = compile_chain(fab(R"toml(
capacity = "100000 wafer/month"
programme_share_max = 0.1
expansion_max = "20000 wafer/month"
expansion_lead = "24 month"
expansion_capex = "400000 USD/(wafer/month)"
)toml"));
  ASSERT_FALSE(out.has_errors()) << out.text();
  const Capacity& wafers = out.capacity("wspm@m16");
  EXPECT_TRUE(wafers.buildable);
  EXPECT_EQ(wafers.lead, 24);
  EXPECT_DOUBLE_EQ(wafers.total_max, 20000);
  EXPECT_DOUBLE_EQ(out.model().at(wafers.capex, 0), 400000);
  EXPECT_FALSE(wafers.availability.present());
}

TEST(Fab, BacklogComesOutDuringTheFirstCycleTime) {
  auto out = compile_chain(fab(R"(
capacity = "100000 wafer/month"
backlog = [{product = "hbm", starts = "3000 wafer/month"}]
)"));
  ASSERT_FALSE(out.has_errors()) << out.text();
  const Process& backlog = out.process("backlog_hbm@m16");
  EXPECT_EQ(backlog.kind, "backlog");
  EXPECT_DOUBLE_EQ(out.model().at(backlog.upper, 0), 3000);
  EXPECT_DOUBLE_EQ(out.model().at(backlog.upper, 4), 3000);
  EXPECT_DOUBLE_EQ(out.model().at(backlog.upper, 5), 0);
  ASSERT_EQ(backlog.flows.size(), 1U);
  EXPECT_EQ(backlog.flows.front().lag, 0);
}

TEST(Fab, MixAndFirstMonthLimitAProduct) {
  auto out = compile_chain(fab(R"(
capacity = "100000 wafer/month"
programme_share_max = 0.1
mix = [{product = "hbm", starts_max = {dates = {"2026-01" = 0, "2026-11" = 10000}, unit = "wafer/month"}}]
)"));
  ASSERT_FALSE(out.has_errors()) << out.text();
  EXPECT_NEAR(out.model().at(out.process("fab_hbm@m16").upper, 5), 500, 1e-9);
  EXPECT_FALSE(out.process("fab_ddr5@m16").upper.present());
  std::string text = fab("capacity = \"100000 wafer/month\"\n");
  text.replace(text.find("[product.ddr5]"), 14, "earliest = \"2026-04\"\n[product.ddr5]");
  auto late = compile_chain(text);
  ASSERT_FALSE(late.has_errors()) << late.text();
  EXPECT_DOUBLE_EQ(late.model().at(late.process("fab_hbm@m16").upper, 2), 0);
  EXPECT_DOUBLE_EQ(late.model().at(late.process("fab_hbm@m16").upper, 3), 100000);
}

TEST(Fab, AProductBeyondTheHorizonIsAWarning) {
  std::string text = fab("capacity = \"100000 wafer/month\"\n");
  text.replace(text.find("[product.ddr5]"), 14, "earliest = \"2031-04\"\n[product.ddr5]");
  auto out = compile_chain(text);
  EXPECT_FALSE(out.has_errors()) << out.text();
  EXPECT_TRUE(out.has(Code::outside_horizon)) << out.text();
  EXPECT_DOUBLE_EQ(out.model().at(out.process("fab_hbm@m16").upper, 11), 0);
}

TEST(Fab, BuyersPayPerTerabyte) {
  std::string text = fab("capacity = \"100000 wafer/month\"\n");
  text.replace(text.find("[product.ddr5]"), 14, "[product.ddr5]\nprice = \"3000 USD/TB\"\nbuyer = \"vendor\"");
  auto out = compile_chain(text);
  ASSERT_FALSE(out.has_errors()) << out.text();
  const Process& starts = out.process("fab_ddr5@m16");
  ASSERT_EQ(starts.payments.size(), 1U);
  EXPECT_EQ(starts.payments.front().payer, out.builder->find_party("vendor"));
  EXPECT_NEAR(out.model().at(starts.payments.front().price, 0), 3000 * 2.355, 3);
  EXPECT_FALSE(starts.cost.present());
}

TEST(Fab, MeasuresStartsByFamilyMakerAndFab) {
  auto out = compile_chain(fab("capacity = \"100000 wafer/month\"\n"));
  ASSERT_FALSE(out.has_errors()) << out.text();
  for (const char* name : {"wafer_starts", "wafer_starts_hbm", "wafer_starts_host", "wafer_starts_hbm@m16"}) {
    ASSERT_NE(out.measure(name), nullptr) << name;
    EXPECT_EQ(out.measure(name)->table, "memory");
    EXPECT_EQ(out.measure(name)->unit, "wafer/month");
  }
  EXPECT_EQ(out.measure("wafer_starts")->terms.size(), 2U);
}

TEST(Fab, RefusesRecordsOfProductsItDoesNotMake) {
  for (const char* record : {"mix = [{product = \"other\", starts_max = \"1 wafer/month\"}]",
                             "backlog = [{product = \"other\", starts = \"1 wafer/month\"}]",
                             "backlog = [{product = \"hbm\", starts = \"1 wafer/month\"}, "
                             "{product = \"hbm\", starts = \"1 wafer/month\"}]"}) {
    const auto out = compile_chain(fab(std::string("capacity = \"9 wafer/month\"\n") + record + R"(
[product.other]
family = "hbm"
die_area = "100 mm2"
yield = 0.9
)"));
    EXPECT_TRUE(out.has(Code::inconsistent)) << record << out.text();
  }
}

TEST(Fab, RefusesHbmCapacityWithoutHbm) {
  auto text = fab("capacity = \"9 wafer/month\"\nhbm_max = \"9 wafer/month\"\n");
  text.replace(text.find("[\"hbm\", \"ddr5\"]"), 15, "[\"ddr5\"]");
  const auto out = compile_chain(text);
  EXPECT_TRUE(out.has(Code::inconsistent)) << out.text();
}

TEST(Fab, WarnsOfAShareOfNothing) {
  const auto out = compile_chain(fab("capacity = \"9 wafer/month\"\nhbm_share_max = 0.1\n"));
  EXPECT_FALSE(out.has_errors()) << out.text();
  EXPECT_TRUE(out.has(Code::unused)) << out.text();
}

TEST(Fab, SaysWhenNobodyTellsWhereMemoryGoes) {
  const auto out = compile_chain(std::string(kFrame) + R"(
[fab.m16]
place = "icheon"
capacity = "9 wafer/month"
products = ["ddr5"]
)");
  EXPECT_TRUE(out.has(Code::missing_key)) << out.text();
}

}  // namespace
}  // namespace beltline
