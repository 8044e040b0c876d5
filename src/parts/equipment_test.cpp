#include "parts/equipment.h"

#include <gtest/gtest.h>

#include "parts/site_test_support.h"

namespace beltline {
namespace {

using site_test::compile_text;
using site_test::find;

TEST(Equipment, ArrivesItsLeadTimeAfterTheOrder) {
  const auto outcome = compile_text(R"(
[equipment.transformer]
per_mw = 1.25
supply = [{region = "korea", lead = "75 week", supply_max = "60 MW/month", price = "100000 USD/MW", stock = "150 MW"}]
[site.coast]
compute_region = "korea"
[hall.coast]
site = "coast"
equipment = ["transformer"]
)");
  ASSERT_TRUE(outcome.model) << outcome.text();
  const Model& model = *outcome.model;
  const Process* buy = find(model.processes, "buy_transformer@korea");
  ASSERT_NE(buy, nullptr);
  EXPECT_EQ(buy->grain, Grain::amount);
  // 75 weeks are 17.25 months
  EXPECT_EQ(buy->flows[0].lag, 18);
  EXPECT_EQ(model.at(buy->upper, 0), 60);
  EXPECT_EQ(model.at(buy->cost, 0), 100000);
  const Store* stock = find(model.stores, "stock_equipment_transformer@korea");
  ASSERT_NE(stock, nullptr);
  EXPECT_EQ(stock->initial, 150);
  EXPECT_NEAR(model.at(stock->holding_cost, 0), 100000 * 0.1 / 12, 1e-9);
  const Capacity* hall = find(model.capacities, "hall@coast");
  ASSERT_EQ(hall->build_flows.size(), 1U);
  EXPECT_EQ(hall->build_flows[0].amount, -1.25);
}

TEST(Equipment, CostsToKeepWhereItsPriceIsTheHalls) {
  const auto outcome = compile_text(R"(
[equipment.chiller]
supply = [{region = "korea", lead = "32 week", value = "1200000 USD/MW"}]
)");
  ASSERT_TRUE(outcome.model) << outcome.text();
  const Model& model = *outcome.model;
  EXPECT_EQ(model.at(find(model.processes, "buy_chiller@korea")->cost, 0), 0);
  const Store* stock = find(model.stores, "stock_equipment_chiller@korea");
  ASSERT_NE(stock, nullptr);
  EXPECT_NEAR(model.at(stock->holding_cost, 0), 10000, 1e-9);
  // what is ordered is kept or built in, never thrown away
  EXPECT_FALSE(model.commodities[stock->commodity.index()].disposable);
}

TEST(Equipment, MustBeSuppliedWhereItIsNeeded) {
  const auto outcome = compile_text(R"(
[equipment.chiller]
supply = [{region = "coast", lead = "32 week"}]
[site.coast]
compute_region = "korea"
[hall.coast]
site = "coast"
equipment = ["chiller"]
)");
  EXPECT_TRUE(outcome.has(Code::inconsistent)) << outcome.text();
}

TEST(Equipment, HasSeveralSellersAndAFasterWay) {
  const auto outcome = compile_text(R"(
[party.alpha]
[party.beta]
[equipment.transformer]
supply = [
  {region = "korea", seller = "alpha", lead = "75 week", supply_max = "60 MW/month", stock = "150 MW", expedited_lead = "40 week", expedited_price = "90000 USD/MW"},
  {region = "korea", seller = "beta", lead = "100 week", stock = "50 MW"},
]
)");
  ASSERT_TRUE(outcome.model) << outcome.text();
  const Model& model = *outcome.model;
  EXPECT_NE(find(model.processes, "buy_transformer@korea"), nullptr);
  EXPECT_NE(find(model.processes, "buy_transformer_beta@korea"), nullptr);
  const Process* faster = find(model.processes, "expedite_transformer@korea");
  ASSERT_NE(faster, nullptr);
  EXPECT_EQ(faster->flows[0].lag, 10);
  EXPECT_EQ(model.at(faster->cost, 0), 90000);
  const Limit* both = find(model.limits, "supply_transformer@korea");
  ASSERT_NE(both, nullptr);
  EXPECT_EQ(both->terms.size(), 2U);
  EXPECT_EQ(model.at(both->upper, 0), 60);
  EXPECT_EQ(find(model.stores, "stock_equipment_transformer@korea")->initial, 200);
}

TEST(Equipment, RefusesWhatCannotBe) {
  struct Case {
    const char* text;
    Code code;
  };
  const Case cases[] = {
      {"supply = [{region = \"korea\", lead = \"-1 week\"}]\n", Code::negative_lead},
      {"supply = [{region = \"korea\"}]\n", Code::missing_key},
      {"supply = [{region = \"korea\", lead = \"1 week\"}, {region = \"korea\", lead = \"2 week\"}]\n",
       Code::inconsistent},
      {"supply = [{region = \"korea\", lead = \"9 week\", expedited_lead = \"5 week\"}]\n", Code::missing_key},
      {"supply = [{region = \"korea\", lead = \"9 week\", expedited_lead = \"9 week\", expedited_price = \"1 "
       "USD/MW\"}]\n",
       Code::inconsistent},
  };
  for (const Case& c : cases) {
    const auto outcome = compile_text(std::string("[equipment.x]\n") + c.text);
    EXPECT_TRUE(outcome.has(c.code)) << c.text << outcome.text();
  }
}

}  // namespace
}  // namespace beltline
