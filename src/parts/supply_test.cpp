// Items, bills, assemblies, suppliers and customers: what they compile to, and what is wrong with them.
#include <gtest/gtest.h>

#include "parts/memory_test_support.h"
#include "parts/supply_parts.h"

namespace beltline {
namespace {

/// All sections of places, parties, the chain and supply, compiled with two sites as memory_test does.
memory_test::Compiled compile_supply(const std::string& text) {
  memory_test::Compiled result;
  std::vector<const Section*> sections = memory_test::chain_sections();
  for (const Part& part : supply_parts()) sections.push_back(part.section);
  result.loaded = load_scenario(std::vector<SourceFile>{{"scenario.toml", text}}, sections);
  if (!result.loaded.spec) return result;
  result.builder.emplace(result.loaded.spec->calendar);
  const Compile c{*result.loaded.spec, *result.builder, result.diagnostics, result.sites};
  for (const Part& part : network_basic_parts()) {
    if (part.compile != nullptr) part.compile(c);
  }
  result.sites = memory_test::two_sites(*result.builder);
  for (const auto group : {memory_parts(), supply_parts()}) {
    for (const Part& part : group) part.compile(c);
  }
  expect_told_in_full(result.diagnostics);
  return result;
}

constexpr std::string_view kItems = R"(
[item.switch]
value = "30000 USD/unit"
[item.switch_b]
[item.tray]
[supplier.alpha]
item = "switch"
place = "plant"
price = "30000 USD/unit"
lead = "3 month"
capacity = "1000 unit/month"
)";

std::string with_chain(std::string_view more) {
  return std::string(memory_test::kFrame) + std::string(memory_test::kChain) + std::string(memory_test::kRack) +
         std::string(kItems) + std::string(more);
}

const Limit* limit(memory_test::Compiled& out, std::string_view name) {
  const auto& all = out.model().limits;
  const auto found = std::ranges::find(all, name, &Limit::name);
  return found == all.end() ? nullptr : &*found;
}

TEST(Supplier, DeliversAfterItsLead) {
  auto out = compile_supply(with_chain(""));
  ASSERT_FALSE(out.has_errors()) << out.text();
  const Process& order = out.process("order_alpha@plant");
  EXPECT_EQ(order.flows.front().lag, 3);
  EXPECT_DOUBLE_EQ(out.model().at(order.upper, 0), 1000);
  EXPECT_DOUBLE_EQ(out.model().at(order.cost, 0), 30000);
  EXPECT_TRUE(out.model().limits.empty()) << "plain orders need no rows";
  EXPECT_NE(out.measure("ordered_alpha"), nullptr);
}

TEST(Supplier, OfPiecesMayWritePlainNumbers) {
  std::string text = with_chain("");
  const std::string_view at = "capacity = \"1000 unit/month\"";
  text.replace(text.find(at), at.size(), "capacity = \"1000 month-1\"");
  auto out = compile_supply(text);
  ASSERT_FALSE(out.has_errors()) << out.text();
  EXPECT_DOUBLE_EQ(out.model().at(out.process("order_alpha@plant").upper, 0), 1000);
}

TEST(Supplier, SharesTheGoodOfAPlaceWithOthers) {
  auto out = compile_supply(with_chain(R"(
[supplier.beta]
item = "switch"
place = "plant"
price = "36000 USD/unit"
share_min = 0.2
share_max = 0.6
)"));
  ASSERT_FALSE(out.has_errors()) << out.text();
  const Limit* most = limit(out, "share_max_beta@plant");
  ASSERT_NE(most, nullptr);
  ASSERT_EQ(most->terms.size(), 2u);
  EXPECT_DOUBLE_EQ(out.model().at(most->terms[0].coefficient, 0), -0.6);
  EXPECT_DOUBLE_EQ(out.model().at(most->terms[1].coefficient, 0), 0.4);
  EXPECT_NE(limit(out, "share_min_beta@plant"), nullptr);
}

TEST(Supplier, SharesHoldWhereTheirSupplierTakesOrders) {
  auto out = compile_supply(with_chain(R"(
[supplier.beta]
item = "switch"
place = "plant"
share_min = 0.3
first = "2026-06"
)"));
  ASSERT_FALSE(out.has_errors()) << out.text();
  const Limit* least = limit(out, "share_min_beta@plant");
  ASSERT_NE(least, nullptr);
  ASSERT_EQ(least->terms.size(), 2u);
  EXPECT_EQ(out.model().at(least->terms[0].coefficient, 4), 0) << "before it is qualified the first source has all";
  EXPECT_DOUBLE_EQ(out.model().at(least->terms[0].coefficient, 5), -0.3);
  EXPECT_DOUBLE_EQ(out.model().at(least->terms[1].coefficient, 5), 0.7);
}

TEST(Supplier, MostSharesAreLeftOutWhileOthersTakeNoOrders) {
  std::string text = with_chain(R"(
[supplier.beta]
item = "switch"
place = "plant"
share_max = 0.6
first = "2026-06"
)");
  const std::string_view at = "capacity = \"1000 unit/month\"";
  text.insert(text.find(at), "share_max = 0.7\n");
  auto out = compile_supply(text);
  ASSERT_FALSE(out.has_errors()) << out.text();
  EXPECT_NE(out.text().find("left out of account"), std::string::npos) << out.text();
  const Limit* most = limit(out, "share_max_alpha@plant");
  ASSERT_NE(most, nullptr);
  EXPECT_EQ(out.model().at(most->terms[0].coefficient, 4), 0);
  EXPECT_NEAR(out.model().at(most->terms[0].coefficient, 5), 0.3, 1e-12);
}

TEST(Bill, AddsItsPartsToTheProcessesItNames) {
  auto out = compile_supply(with_chain(R"(
[bill.racks]
process = "assemble_*"
parts = [{item = "switch", amount = 9}, {item = "tray", amount = "18 unit", from = "2026-04"}]
)"));
  ASSERT_FALSE(out.has_errors()) << out.text();
  EXPECT_DOUBLE_EQ(out.model().at(out.flow("assemble_gb300", "item_switch").rate, 0), -9);
  const Flow tray = out.flow("assemble_gb300", "item_tray");
  EXPECT_DOUBLE_EQ(out.model().at(tray.rate, 2), 0);
  EXPECT_DOUBLE_EQ(out.model().at(tray.rate, 3), -18);
}

TEST(Bill, LetsAlternatesStandIn) {
  auto out = compile_supply(with_chain(R"(
[bill.racks]
process = "assemble_gb300"
parts = [
  {item = "switch", amount = 9, until = "2026-08"},
  {item = "switch_b", instead_of = "switch", ratio = 0.5, share = 0.3, share_min = 0.1, from = "2026-03", until = "2026-08"},
  {item = "tray", instead_of = "switch", from = "2026-09"},
]
)"));
  ASSERT_FALSE(out.has_errors()) << out.text();
  EXPECT_DOUBLE_EQ(out.model().at(out.flow("assemble_gb300", "part_racks_switch").rate, 0), -9);
  EXPECT_DOUBLE_EQ(out.model().at(out.flow("use_racks_switch_b@plant", "item_switch_b").rate, 0), -0.5);
  const Process& main = out.process("use_racks_switch@plant");
  EXPECT_GT(out.model().at(main.upper, 7), 1e12);
  EXPECT_EQ(out.model().at(main.upper, 8), 0);
  const Process& second = out.process("use_racks_switch_b@plant");
  EXPECT_EQ(out.model().at(second.upper, 1), 0);
  const Limit* share = limit(out, "share_racks_switch_b@plant");
  ASSERT_NE(share, nullptr);
  EXPECT_EQ(share->terms.size(), 3u);
  const Limit* least = limit(out, "share_min_racks_switch_b@plant");
  ASSERT_NE(least, nullptr);
  EXPECT_EQ(least->first, 2);
  EXPECT_EQ(least->last, 7);
}

TEST(Bill, LetsOneGoodStandInMoreThanOnce) {
  auto out = compile_supply(with_chain(R"(
[bill.racks]
process = "assemble_gb300"
parts = [
  {item = "switch", amount = 9, until = "2026-08"},
  {item = "tray", amount = 18},
  {item = "switch_b", instead_of = "switch", share = 0.3, until = "2026-06"},
  {item = "switch_b", instead_of = "switch", ratio = 0.5, from = "2026-09", until = "2026-10"},
  {item = "switch_b", instead_of = "tray", share = 0.2},
]
)"));
  ASSERT_FALSE(out.has_errors()) << out.text();
  EXPECT_DOUBLE_EQ(out.model().at(out.flow("use_racks_switch_b@plant", "item_switch_b").rate, 0), -1);
  EXPECT_DOUBLE_EQ(out.model().at(out.flow("use_racks_switch_b_for_switch@plant", "item_switch_b").rate, 0), -0.5);
  EXPECT_NE(limit(out, "share_racks_switch_b_for_tray@plant"), nullptr);
  const Flow need = out.flow("assemble_gb300", "part_racks_switch");
  EXPECT_EQ(out.model().at(need.rate, 9), -9);
  EXPECT_EQ(out.model().at(need.rate, 10), 0) << "neither the part nor an alternate is in force";
}

TEST(Bill, SaysWhereAlternatesCannotReplaceAPart) {
  auto out = compile_supply(with_chain(R"(
[bill.racks]
process = "assemble_gb300"
parts = [
  {item = "switch", amount = 9, until = "2026-08"},
  {item = "switch_b", instead_of = "switch", share = 0.3},
]
)"));
  ASSERT_FALSE(out.has_errors()) << out.text();
  EXPECT_NE(out.text().find("0.300000 in 2026-09"), std::string::npos) << out.text();
}

TEST(Bill, OfAnOrderWaivesAPartOutsideItsWindow) {
  auto out = compile_supply(with_chain(R"(
[bill.racks]
capacity = "rack_gb300@jeonnam"
place = "plant"
parts = [{item = "switch", amount = 9, from = "2026-06"}]
)"));
  ASSERT_FALSE(out.has_errors()) << out.text();
  const auto& flows = out.capacity("rack_gb300@jeonnam").build_flows;
  EXPECT_DOUBLE_EQ(flows.back().amount, -9);
  const Process& waive = out.process("waive_racks_switch@plant");
  EXPECT_GT(out.model().at(waive.upper, 4), 1e12);
  EXPECT_EQ(out.model().at(waive.upper, 5), 0);
}

TEST(Assembly, MakesAnItemOfParts) {
  auto out = compile_supply(with_chain(R"(
[assembly.trays]
makes = "tray"
place = "plant"
parts = [{item = "switch", amount = 2}]
yield = 0.9
lead = "1 month"
capacity = "500 unit/month"
)"));
  ASSERT_FALSE(out.has_errors()) << out.text();
  EXPECT_DOUBLE_EQ(out.model().at(out.flow("make_trays@plant", "item_switch").rate, 0), -2);
  EXPECT_DOUBLE_EQ(out.model().at(out.flow("make_trays@plant", "item_tray").rate, 0), 0.9);
  EXPECT_EQ(out.flow("make_trays@plant", "item_tray").lag, 1);
}

TEST(Assembly, NamesTheLoopOfABill) {
  const auto out = compile_supply(with_chain(R"(
[assembly.trays]
makes = "tray"
place = "plant"
parts = [{item = "switch", amount = 2}]
[assembly.switches]
makes = "switch"
place = "plant"
parts = [{item = "switch_b", amount = 1}]
[assembly.others]
makes = "switch_b"
place = "plant"
parts = [{item = "tray", amount = 0.1}]
)"));
  EXPECT_TRUE(out.has(Code::bill_loop)) << out.text();
  EXPECT_NE(out.text().find("switch > switch_b > tray > switch"), std::string::npos) << out.text();
}

TEST(Customer, SharesTheFabsWithTheProgramme) {
  auto out = compile_supply(with_chain(R"(
[customer.servers]
party = "vendor"
demand = [{product = "ddr5", quantity = "80000 wafer/month", value = "9000 USD/wafer"},
          {item = "switch", place = "plant", quantity = "300 unit/month", value = "50000 USD/unit"}]
)"));
  ASSERT_FALSE(out.has_errors()) << out.text();
  const Limit* shared = limit(out, "shared@m16");
  ASSERT_NE(shared, nullptr);
  EXPECT_EQ(shared->terms.size(), 3u);  // the programme's HBM and DDR5, the market's DDR5
  EXPECT_DOUBLE_EQ(out.model().at(shared->upper, 0), 100000);
  const auto& demands = out.model().demands;
  const auto named = [&](std::string_view name) { return std::ranges::find(demands, name, &Demand::name); };
  ASSERT_NE(named("customer_servers_ddr5"), demands.end());
  EXPECT_DOUBLE_EQ(out.model().at(named("customer_servers_ddr5")->quantity, 0), 80000);
  EXPECT_DOUBLE_EQ(out.model().at(named("customer_servers_switch@plant")->unserved_cost, 0), 50000);
}

TEST(Bank, LimitsWhatWaits) {
  auto out = compile_supply(with_chain(R"(
[bank.dies]
product = "hbm"
place = "icheon"
capacity = "50000 die"
holding_cost = "0.5 USD/die/month"
loss = 0.02
obsolete_after = "2026-09"
stock = "1000 die"
[bank.switches]
item = "switch"
place = "plant"
stock = 40
)"));
  ASSERT_FALSE(out.has_errors()) << out.text();
  const auto& stores = out.model().stores;
  const auto dies = std::ranges::find(stores, "stock_die_hbm@icheon", &Store::name);
  ASSERT_NE(dies, stores.end());
  EXPECT_DOUBLE_EQ(out.model().at(dies->level_max, 7), 50000);
  EXPECT_EQ(out.model().at(dies->level_max, 8), 0);
  EXPECT_DOUBLE_EQ(out.model().at(dies->holding_cost, 0), 0.5);
  EXPECT_NEAR(dies->loss, 0.02, 1e-12);
  EXPECT_EQ(dies->initial, 1000);
  EXPECT_DOUBLE_EQ(out.model().at(out.flow("scrap_die_hbm@icheon", "die_hbm").rate, 0), -1);
  const auto switches = std::ranges::find(stores, "stock_item_switch@plant", &Store::name);
  ASSERT_NE(switches, stores.end());
  EXPECT_EQ(switches->initial, 40);
  EXPECT_FALSE(switches->level_max.present());
}

struct Wrong {
  const char* name;
  const char* text;
  Code code;
};

class WrongSupply : public testing::TestWithParam<Wrong> {};

TEST_P(WrongSupply, IsToldByItsCode) {
  const auto out = compile_supply(with_chain(GetParam().text));
  EXPECT_TRUE(out.has(GetParam().code)) << out.text();
  EXPECT_TRUE(out.has_errors()) << out.text();
}

INSTANTIATE_TEST_SUITE_P(
    Cases, WrongSupply,
    testing::Values(
        Wrong{"Alternates",
              "[bill.x]\nprocess = \"assemble_gb300\"\nparts = [{item = \"switch\", amount = 1}, {item = \"tray\", "
              "instead_of = \"switch\", share = 0.7}, {item = \"switch_b\", instead_of = \"switch\", share = 0.4}]\n",
              Code::alternates_above_one},
        Wrong{"AlternateOfNothing",
              "[bill.x]\nprocess = \"assemble_gb300\"\nparts = [{item = \"tray\", instead_of = \"switch\"}]\n",
              Code::dangling_reference},
        Wrong{"AlternateWithAmount",
              "[bill.x]\nprocess = \"assemble_gb300\"\nparts = [{item = \"switch\", amount = 1}, {item = \"tray\", "
              "instead_of = \"switch\", amount = 2}]\n",
              Code::inconsistent},
        Wrong{"ShareOfAPart",
              "[bill.x]\nprocess = \"assemble_gb300\"\nparts = [{item = \"switch\", amount = 1, share = 0.5}]\n",
              Code::inconsistent},
        Wrong{"PartTwice",
              "[bill.x]\nprocess = \"assemble_gb300\"\nparts = [{item = \"switch\", amount = 1}, {item = \"switch\", "
              "amount = 2}]\n",
              Code::inconsistent},
        Wrong{"PartWithoutAmount", "[bill.x]\nprocess = \"assemble_gb300\"\nparts = [{item = \"switch\"}]\n",
              Code::missing_key},
        Wrong{"NegativeAmount", "[bill.x]\nprocess = \"assemble_gb300\"\nparts = [{item = \"switch\", amount = -1}]\n",
              Code::out_of_range},
        Wrong{"WindowOfAPart",
              "[bill.x]\nprocess = \"assemble_gb300\"\nparts = [{item = \"switch\", amount = 1, from = \"2026-05\", "
              "until = \"2026-02\"}]\n",
              Code::empty_window},
        Wrong{"RateInABill",
              "[bill.x]\nprocess = \"assemble_gb300\"\nparts = [{commodity = \"electricity\", amount = 1}]\n",
              Code::grain_mismatch},
        Wrong{"BillOfARate", "[bill.x]\nprocess = \"run_gb300@*\"\nparts = [{item = \"switch\", amount = 1}]\n",
              Code::grain_mismatch},
        Wrong{"BillOfNothing", "[bill.x]\nprocess = \"assemble_tpu\"\nparts = [{item = \"switch\", amount = 1}]\n",
              Code::dangling_reference},
        Wrong{"BillOfBoth",
              "[bill.x]\nprocess = \"assemble_*\"\ncapacity = \"rack_*\"\nparts = [{item = \"switch\", amount = 1}]\n",
              Code::inconsistent},
        Wrong{"AssemblyYield",
              "[assembly.x]\nmakes = \"tray\"\nplace = \"plant\"\nyield = 1.2\nparts = [{item = \"switch\", amount = "
              "1}]\n",
              Code::bad_yield},
        Wrong{"NoGood", "[supplier.x]\nplace = \"plant\"\n", Code::missing_key},
        Wrong{"TwoGoods", "[supplier.x]\nplace = \"plant\"\nitem = \"tray\"\ncommodity = \"dram_ddr5\"\n",
              Code::inconsistent},
        Wrong{"MinimumWithoutMost", "[supplier.x]\nplace = \"plant\"\nitem = \"tray\"\nminimum_order = 10\n",
              Code::missing_key},
        Wrong{"MinimumAboveMost",
              "[supplier.x]\nplace = \"plant\"\nitem = \"tray\"\nminimum_order = 10\ncapacity = \"5 unit/month\"\n",
              Code::inconsistent},
        Wrong{"PriorityWithoutMost", "[supplier.x]\nplace = \"plant\"\nitem = \"switch\"\npriority = 2\n",
              Code::missing_key},
        Wrong{"BreakTwice",
              "[supplier.x]\nplace = \"plant\"\nitem = \"tray\"\ncapacity = \"50 unit/month\"\nbreaks = [{from = 10, "
              "price = "
              "\"9 USD\"}, {from = 10, price = \"8 USD\"}]\n",
              Code::inconsistent},
        Wrong{"BreaksWithoutPrice",
              "[supplier.x]\nplace = \"plant\"\nitem = \"tray\"\ncapacity = \"50 unit/month\"\nbreaks = [{from = 10, "
              "price = \"9 USD\"}]\n",
              Code::missing_key},
        Wrong{"InsteadOfItself",
              "[bill.x]\nprocess = \"assemble_*\"\nparts = [{item = \"switch\", amount = 1}, {item = \"switch\", "
              "instead_of = \"switch\"}]\n",
              Code::inconsistent},
        Wrong{"SharesAboveOne",
              "[supplier.x]\nplace = \"plant\"\nitem = \"tray\"\nshare_min = 0.7\n[supplier.y]\nplace = "
              "\"plant\"\nitem = "
              "\"tray\"\nshare_min = 0.6\n",
              Code::inconsistent},
        Wrong{"SharesBelowOne", "[supplier.x]\nplace = \"plant\"\nitem = \"tray\"\nshare_max = 0.7\n",
              Code::inconsistent},
        Wrong{"SlowerWhenExpedited",
              "[supplier.x]\nplace = \"plant\"\nitem = \"tray\"\nlead = \"2 month\"\nexpedited_lead = \"3 "
              "month\"\nexpedited_price = \"9 USD\"\n",
              Code::inconsistent},
        Wrong{"TakeOrPayOfNothing", "[supplier.x]\nplace = \"plant\"\nitem = \"tray\"\ntake_or_pay = 0.5\n",
              Code::missing_key},
        Wrong{"PriceOfAnotherDimension", "[supplier.x]\nplace = \"plant\"\nitem = \"tray\"\nprice = \"9 MW\"\n",
              Code::wrong_dimension},
        Wrong{"NegativeStock", "[bank.x]\nproduct = \"hbm\"\nplace = \"icheon\"\nstock = \"-5 die\"\n",
              Code::out_of_range},
        Wrong{"StockWithoutRoom",
              "[bank.x]\nproduct = \"hbm\"\nplace = \"icheon\"\nstock = \"5 die\"\ncapacity = \"4 die\"\n",
              Code::inconsistent},
        Wrong{"BankOfTwo", "[bank.x]\nproduct = \"hbm\"\nitem = \"tray\"\nplace = \"icheon\"\n", Code::inconsistent},
        Wrong{"TwoBanks",
              "[bank.x]\nproduct = \"hbm\"\nplace = \"icheon\"\n[bank.y]\nproduct = \"hbm\"\nplace = \"icheon\"\n",
              Code::inconsistent},
        Wrong{"LossAboveOne", "[bank.x]\nproduct = \"hbm\"\nplace = \"icheon\"\nloss = 1.5\n", Code::out_of_range},
        Wrong{"UnknownUnit", "[item.x]\nunit = \"flurb\"\n", Code::unknown_unit},
        Wrong{"CustomerOfNoFab",
              "[customer.x]\ndemand = [{product = \"hbm\", fabs = [\"m16\"], quantity = \"9 wafer/month\", value = \"9 "
              "USD/wafer\", item = \"tray\"}]\n",
              Code::inconsistent},
        Wrong{"CustomerWithoutPlace",
              "[customer.x]\ndemand = [{item = \"tray\", quantity = \"9 unit/month\", value = \"9 USD/unit\"}]\n",
              Code::missing_key},
        Wrong{"CustomerTwice",
              "[customer.x]\ndemand = [{product = \"ddr5\", quantity = \"9 wafer/month\", value = \"9 USD/wafer\"}, "
              "{product = \"ddr5\", quantity = \"9 wafer/month\", value = \"9 USD/wafer\"}]\n",
              Code::inconsistent},
        Wrong{"RampOfHbm",
              "[fab.x]\nplace = \"icheon\"\ncapacity = \"9 wafer/month\"\nproducts = [\"ddr5\"]\nramps = [{at = "
              "\"2026-01\", "
              "size = \"9 wafer/month\", hbm_size = \"10 wafer/month\", ramp = \"6 month\"}]\n",
              Code::inconsistent}),
    [](const auto& param) { return std::string(param.param.name); });

}  // namespace
}  // namespace beltline
