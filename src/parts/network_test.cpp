#include <gtest/gtest.h>

#include "parts/network_names.h"
#include "parts/network_test_support.h"

namespace beltline {
namespace {

using network_test::compile_text;
using network_test::named;
using network_test::Outcome;

// ---- what compiles to what ----

TEST(Network, TwoBusesOnOneDayWithALine) {
  const Outcome outcome = compile_text(R"toml(
[place.north]
kind = "grid"
latitude = 37.5
[place.south]
kind = "grid"
[process.coal]
place = "north"
grain = "rate"
unit = "MW"
upper = "0.5 GW"
cost = "50 USD/MWh"
flows = [{commodity = "electricity", rate = 1}, {commodity = "emission", rate = "820 kgCO2/MWh"}]
[process.sun]
place = "south"
grain = "rate"
unit = "MW"
upper = {values = [0,0,0,0,0,0,10,20,30,40,50,60,60,50,40,30,20,10,0,0,0,0,0,0], unit = "MW", by = "hour_of_day"}
flows = [{commodity = "electricity", rate = 1}]
[demand.city]
commodity = "electricity"
place = "south"
quantity = "100 MW"
unserved_cost = "10 kUSD/MWh"
[line.ns]
from = "north"
to = "south"
capacity = "200 MW"
reactance = 0.1
[store.battery]
commodity = "electricity"
place = "south"
power_max = "50 MW"
level_max = "0.2 GWh"
efficiency_in = 0.95
loss = "0.1 %/hour"
)toml");
  ASSERT_TRUE(outcome.model) << outcome.text();
  const Model& m = *outcome.model;
  const Process& coal = named(m.processes, "coal");
  EXPECT_EQ(coal.grain, Grain::rate);
  EXPECT_EQ(m.at(coal.upper, 0), 500);
  EXPECT_EQ(m.at(coal.cost, 0), 50);
  EXPECT_EQ(m.at(coal.flows[1].rate, 0), 0.82);  // t per MWh
  EXPECT_EQ(m.at(named(m.processes, "sun").upper, 3, 6), 10);
  EXPECT_EQ(m.at(named(m.processes, "sun").upper, 3, 0), 0);
  const Demand& city = named(m.demands, "city");
  EXPECT_EQ(m.at(city.quantity, 5, 23), 100);
  EXPECT_EQ(m.at(city.unserved_cost, 0), 10000);
  const Process& line = named(m.processes, "line_ns");
  EXPECT_EQ(line.reactance, 0.1);
  EXPECT_EQ(m.at(line.lower, 0, 5), -200);
  EXPECT_EQ(m.at(line.upper, 0, 5), 200);
  EXPECT_EQ(m.at(line.flows[0].rate, 0), -1);
  EXPECT_EQ(m.place_name(line.flows[0].node), "north");
  EXPECT_EQ(m.place_name(line.flows[1].node), "south");
  const Store& battery = named(m.stores, "battery");
  EXPECT_EQ(m.at(battery.level_max, 0), 200);
  EXPECT_EQ(m.at(battery.power_max, 0), 50);
  EXPECT_DOUBLE_EQ(battery.loss, 0.001);
  EXPECT_EQ(m.slice_count(coal), 24);
}

TEST(Network, ASupplyChainWithLagsAndModules) {
  const Outcome outcome = compile_text(R"toml(
[party.maker]
title = "The maker"
country = "KR"
[party.buyer]
[commodity.chip]
unit = "die"
[commodity.box]
unit = "rack"
disposable = true
[place.fab]
kind = "fab"
[place.site]
[capacity.line]
place = "fab"
owner = "maker"
unit = "wafer/month"
kind = "fab"
existing = {dates = {"2026-01" = "1000 wafer/month", "2026-05" = "5000 wafer/month"}}
lead = "60 day"
module_size = "100 wafer/month"
build_max = "10 wafer/month/month"
total_max = "500 wafer/month"
earliest_online = "2026-04"
life = "10 year"
capex = "140 M KRW/(wafer/month)"
spend_profile = "linear"
fixed_cost = "120 USD/(wafer/month)/year"
build_flows = [{commodity = "chip", place = "fab", amount = "-2 die/(wafer/month)", after = "1 month"}]
[process.starts]
place = "fab"
owner = "maker"
unit = "wafer"
kind = "fab"
upper = "100 wafer/day"
cost = "1 kUSD/wafer"
uses = [{capacity = "line"}]
flows = [
  {commodity = "chip", rate = "600 die/wafer", lag = "10 week"},
  {commodity = "electricity", rate = "-1.5 MWh/wafer"},
]
payments = [{payer = "buyer", payee = "maker", price = "2 kUSD/wafer", item = "wafers"}]
[process.import]
place = "fab"
grain = "rate"
unit = "MW"
peak_cost = "7220 KRW/kW/month"
flows = [{commodity = "electricity", rate = 1}]
[process.ship]
place = "fab"
unit = "die"
flows = [{commodity = "chip", rate = -1}, {commodity = "chip", place = "site", rate = 1, lag = "1 month"}]
[process.assemble]
place = "site"
unit = "rack"
flows = [{commodity = "chip", rate = "-500 die/rack"}, {commodity = "box", rate = 1}]
[store.stock]
commodity = "chip"
place = "fab"
initial = "700 die"
holding_cost = "12 USD/die/year"
[demand.boxes]
commodity = "box"
place = "site"
party = "buyer"
quantity = "3 rack/month"
unserved_cost = "1 M USD/rack"
)toml");
  ASSERT_TRUE(outcome.model) << outcome.text();
  const Model& m = *outcome.model;
  const Capacity& line = named(m.capacities, "line");
  EXPECT_EQ(line.lead, 2);  // 60 days are 1.97 months
  EXPECT_EQ(line.module_size, 100);
  EXPECT_EQ(line.total_max, 500);
  EXPECT_EQ(line.earliest_online, 3);
  EXPECT_EQ(line.life, 120);
  EXPECT_EQ(line.salvage_life, 120);
  EXPECT_EQ(m.at(line.existing, 2), 3000);
  EXPECT_EQ(m.at(line.build_max, 0), 10);
  EXPECT_NEAR(m.at(line.capex, 0), 100000, 1e-6);
  EXPECT_EQ(m.at(line.fixed_cost, 0), 10);
  EXPECT_EQ(line.spend_profile, (std::vector<double>{0.5, 0.5}));
  ASSERT_EQ(line.build_flows.size(), 1U);
  EXPECT_EQ(line.build_flows[0].amount, -2);
  EXPECT_EQ(line.build_flows[0].offset, 1);
  EXPECT_EQ(m.parties[line.owner.index()].title, "The maker");

  const Process& starts = named(m.processes, "starts");
  EXPECT_DOUBLE_EQ(m.at(starts.upper, 1), 2800);  // 28 days of February
  EXPECT_EQ(m.at(starts.uses[0].use, 1), 1);
  EXPECT_EQ(starts.flows[0].lag, 3);  // ten weeks are 2.3 months
  EXPECT_EQ(m.at(starts.flows[0].rate, 0), 600);
  EXPECT_EQ(m.at(starts.flows[1].rate, 0), -1.5);
  EXPECT_EQ(m.at(starts.payments[0].price, 0), 2000);
  EXPECT_NEAR(m.at(named(m.processes, "import").peak_cost, 0), 7220.0 / 1400 * 1000, 1e-6);
  const Store& stock = named(m.stores, "stock");
  EXPECT_EQ(stock.initial, 700);
  EXPECT_EQ(m.at(stock.holding_cost, 0), 1);
  const Demand& boxes = named(m.demands, "boxes");
  EXPECT_EQ(m.at(boxes.quantity, 0), 3);
  EXPECT_EQ(m.at(boxes.unserved_cost, 0), 1e6);
  EXPECT_TRUE(named(m.commodities, "box").disposable);
}

TEST(Network, SpendProfilesSumToOne) {
  const Outcome outcome = compile_text(R"toml(
[place.a]
[capacity.order]
place = "a"
unit = "MW"
lead = "4 month"
[capacity.online]
place = "a"
unit = "MW"
lead = "2 month"
spend_profile = "at_online"
[capacity.own]
place = "a"
unit = "MW"
lead = "4 month"
salvage = false
life = "10 year"
spend_shares = [{after = "0 month", share = 0.3}, {after = "3 month", share = "70 %"}]
)toml");
  ASSERT_TRUE(outcome.model) << outcome.text();
  EXPECT_TRUE(named(outcome.model->capacities, "order").spend_profile.empty());
  EXPECT_EQ(named(outcome.model->capacities, "online").spend_profile, (std::vector<double>{0, 0, 1}));
  EXPECT_EQ(named(outcome.model->capacities, "own").spend_profile, (std::vector<double>{0.3, 0, 0, 0.7}));
  EXPECT_EQ(named(outcome.model->capacities, "own").salvage_life, 0);
}

TEST(Network, ALineWithLossOrCapexHasTwoDirections) {
  const Outcome outcome = compile_text(R"toml(
[place.a]
[place.b]
[line.lossy]
from = "a"
to = "b"
capacity = "10 MW"
loss = "5 %"
[line.new]
from = "a"
to = "b"
capacity = "0 MW"
capex = "1 M USD/MW"
lead = "3 month"
total_max = "2 GW"
)toml");
  ASSERT_TRUE(outcome.model) << outcome.text();
  const Model& m = *outcome.model;
  EXPECT_DOUBLE_EQ(m.at(named(m.processes, "line_lossy").flows[1].rate, 0), 0.95);
  EXPECT_EQ(m.place_name(named(m.processes, "line_lossy_back").flows[0].node), "b");
  EXPECT_FALSE(named(m.processes, "line_lossy").lower.present());
  const Capacity& more = named(m.capacities, "line_new");
  EXPECT_EQ(m.at(more.capex, 0), 1e6);
  EXPECT_EQ(more.lead, 3);
  EXPECT_EQ(more.total_max, 2000);
  EXPECT_EQ(named(m.processes, "line_new").uses.size(), 1U);
  EXPECT_EQ(named(m.processes, "line_new_back").uses.size(), 1U);
}

TEST(Network, MovesConnectCapacitiesOfOneUnit) {
  const Outcome outcome = compile_text(R"toml(
[place.a]
[place.b]
[capacity.here]
place = "a"
unit = "MW"
[capacity.there]
place = "b"
unit = "MW"
[move.tow]
from = "here"
to = "there"
lag = "40 day"
cost = "14 M KRW/MW"
)toml");
  ASSERT_TRUE(outcome.model) << outcome.text();
  const Move& tow = named(outcome.model->moves, "tow");
  EXPECT_EQ(tow.lag, 2);
  EXPECT_NEAR(outcome.model->at(tow.cost, 0), 10000, 1e-9);
}

TEST(Network, TheObjectiveIsRead) {
  const Outcome outcome = compile_text(R"toml(
[objective]
kind = "max_compute"
discount_rate = "4.5 %"
tolerance = 0.002
)toml");
  ASSERT_TRUE(outcome.model) << outcome.text();
  EXPECT_EQ(outcome.model->objective.kind, ObjectiveKind::max_compute);
  EXPECT_DOUBLE_EQ(outcome.model->objective.discount_rate, 0.045);
  EXPECT_EQ(outcome.model->objective.tolerance, 0.002);
}

// ---- faults ----

struct FaultCase {
  const char* name;
  const char* text;
  Code code;
  const char* expected;  // part of the diagnostic's `expected` or help
};

class NetworkFault : public testing::TestWithParam<FaultCase> {};

TEST_P(NetworkFault, HasItsCode) {
  constexpr std::string_view frame = R"toml(
[place.a]
[place.b]
[capacity.hall]
place = "a"
unit = "MW"
[capacity.fab]
place = "a"
unit = "wafer/month"
)toml";
  const Outcome outcome = compile_text(std::string(frame) + GetParam().text);
  EXPECT_FALSE(outcome.model);
  const Diagnostic* found = outcome.find(GetParam().code);
  ASSERT_NE(found, nullptr) << outcome.text();
  EXPECT_NE((found->expected + found->help).find(GetParam().expected), std::string::npos) << outcome.text();
  EXPECT_GT(found->origin.line, 0U);
}

constexpr FaultCase kFaults[] = {
    {"FlowOfWrongDimension",
     "[process.p]\nplace = \"a\"\nunit = \"wafer\"\nflows = [{commodity = \"electricity\", rate = \"1 MW/wafer\"}]",
     Code::wrong_dimension, "MW hour/wafer"},
    {"PlainNumberForAUnit",
     "[process.p]\nplace = \"a\"\nunit = \"wafer\"\nflows = [{commodity = \"electricity\", rate = 1}]",
     Code::wrong_dimension, "MW hour/wafer"},
    {"CostOfARatePerUnit", "[process.p]\nplace = \"a\"\ngrain = \"rate\"\nunit = \"MW\"\ncost = \"1 USD/MW\"",
     Code::wrong_dimension, "USD/(MW hour)"},
    {"CapexPerWrongUnit", "[capacity.x]\nplace = \"a\"\nunit = \"rack\"\ncapex = \"1 USD/MW\"", Code::wrong_dimension,
     "USD/rack"},
    {"NegativeLead", "[capacity.x]\nplace = \"a\"\nunit = \"rack\"\nlead = \"-1 month\"", Code::negative_lead, ""},
    {"NegativeLag",
     "[process.p]\nplace = \"a\"\nunit = \"1\"\nflows = [{commodity = \"emission\", rate = \"1 t\", lag = \"-1 "
     "month\"}]",
     Code::negative_lead, ""},
    {"UnknownUnit", "[commodity.x]\nunit = \"waffer\"", Code::unknown_unit, "wafer"},
    {"UnknownPlace", "[capacity.x]\nplace = \"c\"\nunit = \"MW\"", Code::dangling_reference, "place"},
    {"UnknownCapacity", "[process.p]\nplace = \"a\"\nunit = \"1\"\nuses = [{capacity = \"hal\"}]",
     Code::dangling_reference, "hall"},
    {"UnknownCommodity",
     "[process.p]\nplace = \"a\"\nunit = \"1\"\nflows = [{commodity = \"electricty\", rate = 1}]\n[demand.d]\n"
     "commodity = \"electricity\"\nplace = \"a\"\nquantity = \"0 MW\"",
     Code::dangling_reference, "commodity"},
    {"OwnCommodityInAnotherUnit", "[commodity.electricity]\nunit = \"GW\"\ngrain = \"rate\"", Code::inconsistent,
     "a rate in MW"},
    {"BuildFlowOfARate",
     "[capacity.x]\nplace = \"a\"\nunit = \"MW\"\nbuild_flows = [{commodity = \"electricity\", amount = 1}]",
     Code::grain_mismatch, "an amount"},
    {"LineOfAnAmount", "[line.l]\nfrom = \"a\"\nto = \"b\"\ncapacity = \"1 MW\"\ncommodity = \"seat\"",
     Code::grain_mismatch, "a rate"},
    {"LineToItself", "[line.l]\nfrom = \"a\"\nto = \"a\"\ncapacity = \"1 MW\"", Code::inconsistent, "another place"},
    {"LossOfADcLine", "[line.l]\nfrom = \"a\"\nto = \"b\"\ncapacity = \"1 MW\"\nreactance = 0.1\nloss = 0.01",
     Code::inconsistent, "leave out"},
    {"MoveBetweenUnits", "[move.m]\nfrom = \"hall\"\nto = \"fab\"", Code::inconsistent, "in MW"},
    {"PeakCostOfAnAmount", "[process.p]\nplace = \"a\"\nunit = \"wafer\"\npeak_cost = \"1 USD/wafer/month\"",
     Code::grain_mismatch, "rate"},
    {"LowerAboveUpper",
     "[process.p]\nplace = \"a\"\ngrain = \"rate\"\nunit = \"MW\"\nlower = \"2 MW\"\nupper = \"1 MW\"",
     Code::inconsistent, "at most"},
    {"PowerOfAnAmountStore", "[store.s]\ncommodity = \"seat\"\nplace = \"a\"\npower_max = \"1 seat\"",
     Code::grain_mismatch, "rate"},
    {"InitialOfARateStore", "[store.s]\ncommodity = \"electricity\"\nplace = \"a\"\ninitial = \"1 MW hour\"",
     Code::inconsistent, "open"},
    {"CapexOfALineOnACapacity", "[line.l]\nfrom = \"a\"\nto = \"b\"\nruns_on = \"hall\"\ncapex = \"1 USD/MW\"",
     Code::inconsistent, "runs_on"},
    {"ShiftWithoutReactance", "[line.l]\nfrom = \"a\"\nto = \"b\"\ncapacity = \"1 MW\"\nshift = \"0.1 rad\"",
     Code::inconsistent, "reactance"},
    {"LeastShareOfNothing", "[process.p]\nplace = \"a\"\ngrain = \"rate\"\nunit = \"MW\"\nleast_share = 0.5",
     Code::inconsistent, "runs on"},
    {"DelayOfAnAmount",
     "[process.p]\nplace = \"a\"\nunit = \"seat\"\nflows = [{commodity = \"seat\", rate = 1, delay = \"2 h\"}]",
     Code::grain_mismatch, "rate"},
    {"DelayOfHalfASlice",
     "[process.p]\nplace = \"a\"\ngrain = \"rate\"\nunit = \"MW\"\n"
     "flows = [{commodity = \"electricity\", rate = 1, delay = \"1.5 h\"}]",
     Code::out_of_range, "multiple"},
    {"ShareOfNoLevel", "[store.s]\ncommodity = \"electricity\"\nplace = \"a\"\nlevel_share_min = 0.5",
     Code::inconsistent, "level_capacity"},
    {"SlicedShortfall",
     "[limit.l]\nunit = \"MW\"\nscope = \"each_slice\"\nterms = [{kind = \"online\", of = \"hall\"}]\n"
     "lower = \"1 MW\"\nshortfall_cost = \"1 USD/MW\"",
     Code::inconsistent, "each_period"},
    {"SinkingFundRateWithoutFund", "[capacity.x]\nplace = \"a\"\nunit = \"MW\"\nsinking_fund_rate = 0.05",
     Code::inconsistent, "sinking_fund"},
    {"StoreOnACapacityOfAnotherUnit",
     "[store.s]\ncommodity = \"electricity\"\nplace = \"a\"\nlevel_capacity = \"hall\"", Code::wrong_dimension,
     "MW hour"},
    {"SharesThatDoNotSumToOne",
     "[capacity.x]\nplace = \"a\"\nunit = \"MW\"\nspend_shares = [{after = \"0 month\", share = 0.5}]",
     Code::inconsistent, "1"},
    {"NameOfAPart",
     "[commodity.h]\nunit = \"1\"\n[line.hall]\nfrom = \"a\"\nto = \"b\"\ncapacity = \"1 MW\"\n"
     "[process.line_hall]\nplace = \"a\"\nunit = \"MW\"",
     Code::duplicate_name, "another name"},
};

INSTANTIATE_TEST_SUITE_P(All, NetworkFault, testing::ValuesIn(kFaults),
                         [](const auto& fault) { return fault.param.name; });

// ---- properties ----

TEST(Network, PermutedEntriesGiveTheSameModel) {
  const std::string places = "[place.a]\n[place.b]\n";
  const std::string first = "[capacity.hall]\nplace = \"a\"\nunit = \"MW\"\nexisting = \"5 MW\"\n";
  const std::string second = "[capacity.shed]\nplace = \"b\"\nunit = \"MW\"\nexisting = \"7 MW\"\n";
  const Outcome one = compile_text(places + first + second);
  const Outcome other = compile_text(second + first + places);
  ASSERT_TRUE(one.model && other.model) << one.text() << other.text();
  EXPECT_EQ(one.model->pool, other.model->pool);
  ASSERT_EQ(one.model->capacities.size(), other.model->capacities.size());
  for (std::size_t k = 0; k < one.model->capacities.size(); ++k) {
    EXPECT_EQ(one.model->capacities[k].name, other.model->capacities[k].name);
    EXPECT_EQ(one.model->capacities[k].place, other.model->capacities[k].place);
  }
}

TEST(Network, OtherUnitsGiveTheSameModel) {
  const std::string head = "[place.a]\n[capacity.hall]\nplace = \"a\"\nunit = \"MW\"\n";
  const Outcome one =
      compile_text(head + "existing = \"120 MW\"\ncapex = \"1400 KRW/W\"\nfixed_cost = \"12 USD/kW/year\"");
  const Outcome other =
      compile_text(head + "existing = \"0.12 GW\"\ncapex = \"1 M USD/MW\"\nfixed_cost = \"1 USD/kW/month\"");
  ASSERT_TRUE(one.model && other.model) << one.text() << other.text();
  EXPECT_EQ(one.model->pool, other.model->pool);
}

TEST(Network, PatternsTakeStarsAnywhere) {
  EXPECT_TRUE(matches("fab_hbm4@m16", "fab_hbm4@m16"));
  EXPECT_TRUE(matches("fab_*", "fab_hbm4@m16"));
  EXPECT_TRUE(matches("*@ulsan", "rack_vr@ulsan"));
  EXPECT_TRUE(matches("rack_*@ulsan", "rack_vr@ulsan"));
  EXPECT_TRUE(matches("*", ""));
  EXPECT_FALSE(matches("fab_*", "fa"));
  EXPECT_FALSE(matches("*@ulsan", "rack_vr@ulsan2"));
  EXPECT_FALSE(matches("", "x"));
}

TEST(Network, UnitsPerUnitKeepTheirParentheses) {
  EXPECT_EQ(per("USD", "MW"), "USD/MW");
  EXPECT_EQ(per("USD", "wafer/month"), "USD/(wafer/month)");
  EXPECT_EQ(per("MW", "1"), "MW");
  EXPECT_EQ(hours_of("1"), "hour");
  EXPECT_EQ(per(hours_of("MW"), "wafer"), "MW hour/wafer");
}

}  // namespace
}  // namespace beltline
