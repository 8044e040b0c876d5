// Ranges of a scenario as sources: what their ends do, by hand.
#include "risk/ranges.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <string>

#include <gtest/gtest.h>

#include "parts/chance_ranges.h"
#include "parts/part.h"

namespace beltline {
namespace {

constexpr std::string_view kFrame = R"toml(
[scenario]
name = "test"
[calendar]
start = "2026-01"
periods = 48
slices_per_day = 4
[money]
base_year = 2025
[place.korea]
kind = "region"
[place.coast]
kind = "land"
latitude = {low = 34, mode = 35, high = 36}
longitude = 129
[party.maker]
)toml";

Compiled compiled(std::string_view text) {
  Compiled out = compile_texts({{.path = "scenario.toml", .text = std::string(kFrame) + std::string(text)}}, {});
  EXPECT_TRUE(out.model) << render(out.diagnostics, out.files);
  return out;
}

/// What one source does to one entity; a Bug if there is no such influence, or another besides.
const Influence& one(const Compiled& scenario, const Chances& chances, std::string_view source,
                     std::string_view entity) {
  const Influence* found = nullptr;
  for (const Influence& each : chances.influences) {
    const auto id = static_cast<std::size_t>(each.id);
    const Model& m = *scenario.model;
    const std::string& name = each.target == ChanceTarget::process    ? m.processes[id].name
                              : each.target == ChanceTarget::capacity ? m.capacities[id].name
                                                                      : m.demands[id].name;
    if (name != entity || chances.sources[static_cast<std::size_t>(each.source)].name != source) continue;
    if (found != nullptr) throw Bug("two influences of " + std::string(source) + " on " + std::string(entity));
    found = &each;
  }
  if (found == nullptr) throw Bug("no influence of " + std::string(source) + " on " + std::string(entity));
  return *found;
}

bool has_source(const Chances& chances, std::string_view name) {
  return std::ranges::find(chances.sources, name, &Source::name) != chances.sources.end();
}

void expect_ends(const Influence& influence, double low, double mode, double high) {
  EXPECT_NEAR(influence.at_low, low, 1e-9);
  EXPECT_NEAR(influence.at_mode, mode, 1e-9);
  EXPECT_NEAR(influence.at_high, high, 1e-9);
}

constexpr std::string_view kHall = R"toml(
[equipment.switchgear]
supply = [{region = "korea", lead = {low = "40 week", mode = "55 week", high = "80 week"}}]
[site.coast]
compute_region = "korea"
land_max = "100 MW"
[hall.coast]
site = "coast"
permit = {low = "2 month", mode = "4 month", high = "10 month"}
site_work = "3 month"
shell = {low = "5 month", mode = "6.5 month", high = "7 month"}
fit_out = "6 month"
commission = {low = "1 month", mode = "2 month", high = "4 month"}
overlap = {low = "0 month", mode = "2 month", high = "3 month"}
land_cost = {low = "1 M USD/MW", mode = "2 M USD/MW", high = "4 M USD/MW"}
shell_cost = "1 M USD/MW"
electrical_cost = "5 M USD/MW"
mechanical_cost = "1 M USD/MW"
liquid_cooling_cost = "1 M USD/MW"
soft_cost = "0 USD/MW"
existing = {low = "20 MW", mode = "30 MW", high = "33 MW"}
build_max = {low = "10 MW/month", mode = "20 MW/month", high = "30 MW/month"}
staff = "0 person/MW"
fixed_cost = "1 USD/MW/month"
equipment = ["switchgear"]
)toml";

TEST(Ranges, EachPhaseOfAHallMovesWhatComesAfterIt) {
  const Compiled scenario = compiled(kHall);
  const Chances chances = chances_of(scenario, 1);
  const Capacity& hall = *std::ranges::find(scenario.model->capacities, "hall@coast", &Capacity::name);
  // 4 + 3 + 6.5 − 2 + 6 + 2 = 19.5 months; the fit-out begins after 11.5
  ASSERT_EQ(hall.lead, 20);
  ASSERT_EQ(hall.build_flows.at(0).offset, 11);

  const Influence& permit = one(scenario, chances, "hall.coast.permit", "hall@coast");
  EXPECT_EQ(permit.aspect, Aspect::delay);
  EXPECT_EQ(permit.stage, -1);
  expect_ends(permit, -2, 0, 6);
  // half a month was added by rounding up: the last step has it back
  const Influence& commission = one(scenario, chances, "hall.coast.commission", "hall@coast");
  EXPECT_EQ(commission.stage, 12);
  expect_ends(commission, -1 - 0.5, -0.5, 2 - 0.5);
  expect_ends(one(scenario, chances, "hall.coast.shell", "hall@coast"), -1.5, 0, 0.5);
  // more overlap is earlier
  const Influence& overlap = one(scenario, chances, "hall.coast.overlap", "hall@coast");
  EXPECT_EQ(overlap.stage, -1);
  expect_ends(overlap, 2, 0, -1);
}

TEST(Ranges, LimitsAndCostsOfACapacityAreTheirParts) {
  const Compiled scenario = compiled(kHall);
  const Chances chances = chances_of(scenario, 2);
  const Influence& existing = one(scenario, chances, "hall.coast.existing", "hall@coast");
  EXPECT_EQ(existing.aspect, Aspect::limit);
  EXPECT_EQ(existing.part, kOnlinePart);
  expect_ends(existing, 20.0 / 30, 1, 1.1);
  const Influence& ordered = one(scenario, chances, "hall.coast.build_max", "hall@coast");
  EXPECT_EQ(ordered.part, kOrdersPart);
  expect_ends(ordered, 0.5, 1, 1.5);
  const Influence& land = one(scenario, chances, "hall.coast.land_cost", "hall@coast");
  EXPECT_EQ(land.aspect, Aspect::cost);
  EXPECT_EQ(land.part, kCapexPart);
  expect_ends(land, 0.9, 1, 1.2);
}

TEST(Ranges, ALagOfWeeksHasItsFractionBack) {
  const Compiled scenario = compiled(kHall);
  const Chances chances = chances_of(scenario, 1);
  const Process& buy = *std::ranges::find(scenario.model->processes, "buy_switchgear@korea", &Process::name);
  const auto months = [](double weeks) { return weeks * 7 / 30.436875; };
  ASSERT_EQ(buy.flows.at(0).lag, 13);  // 12.65
  const Influence& lead = one(scenario, chances, "equipment.switchgear.supply[korea].lead", "buy_switchgear@korea");
  EXPECT_EQ(lead.aspect, Aspect::delay);
  expect_ends(lead, months(40) - 13, months(55) - 13, months(80) - 13);
}

TEST(Ranges, WhatMovesNothingIsLeftOut) {
  const Compiled scenario = compiled(kHall);
  const Chances all = chances_of(scenario, 1), without_costs = chances_of(scenario, 1, false);
  EXPECT_FALSE(has_source(all, "place.coast.latitude"));
  EXPECT_TRUE(has_source(all, "hall.coast.land_cost"));
  EXPECT_FALSE(has_source(without_costs, "hall.coast.land_cost"));
  EXPECT_TRUE(has_source(without_costs, "hall.coast.permit"));
  EXPECT_TRUE(std::ranges::none_of(without_costs.influences,
                                   [](const Influence& each) { return each.aspect == Aspect::cost; }));
  const Source& permit = *std::ranges::find(all.sources, "hall.coast.permit", &Source::name);
  EXPECT_EQ(permit.distribution, (Distribution{Spread::pert, 2, 4, 10}));
  EXPECT_EQ(permit.unit, "month");
  EXPECT_EQ(permit.provenance.entry, "hall.coast");
  EXPECT_EQ(permit.titles.title, "Permits of data halls at coast");
  EXPECT_EQ(permit.titles.title_ko, "coast 전산동 인허가 기간");
}

constexpr std::string_view kChain = R"toml(
[place.icheon]
[place.plant]
[party.owner]
[product.hbm]
family = "hbm"
die_area = "121 mm2"
yield = {low = 0.6, mode = 0.8, high = 0.9}
cycle_time = {low = "4.2 month", mode = "4.5 month", high = "4.8 month"}
[product.ddr5]
family = "host"
die_area = "46 mm2"
die_capacity = "16 Gbit"
yield = 0.88
cycle_time = "4 month"
delivers_to = "plant"
[fab.a]
place = "icheon"
owner = "maker"
capacity = "100000 wafer/month"
programme_share_max = 0.1
products = ["hbm", "ddr5"]
[fab.b]
place = "icheon"
owner = "maker"
capacity = {low = "8000 wafer/month", mode = "10000 wafer/month", high = "13000 wafer/month"}
programme_share_max = 0.1
products = ["hbm"]
[site.coast]
compute_region = "korea"
[rack.nvl]
accelerators = 72
place = "plant"
power = "132 kW"
performance = {low = "330 PFLOP/s", mode = "360 PFLOP/s", high = "396 PFLOP/s"}
host_memory = [{product = "ddr5", amount = {low = "9 TB", mode = "10 TB", high = "14 TB"}}]
assembly_time = "1 month"
install_time = {low = "0.25 month", mode = "0.5 month", high = "1.5 month"}
price = "3 M USD/rack"
supply_max = {low = "80 rack/month", mode = "100 rack/month", high = "110 rack/month"}
)toml";

TEST(Ranges, AYieldReachesAllFabsThatMakeTheProduct) {
  const Compiled scenario = compiled(kChain);
  const Chances chances = chances_of(scenario, 1);
  for (const char* const fab : {"fab_hbm@a", "fab_hbm@b"}) {
    for (const Influence& each : chances.influences) {
      const bool is_yield = chances.sources[static_cast<std::size_t>(each.source)].name == "product.hbm.yield";
      const bool is_here = each.target == ChanceTarget::process &&
                           scenario.model->processes[static_cast<std::size_t>(each.id)].name == fab;
      if (!is_yield || !is_here || each.aspect != Aspect::yield) continue;
      EXPECT_EQ(each.part, kWholePart);
      expect_ends(each, 0.75, 1, 1.125);
    }
  }
  const auto count = std::ranges::count_if(chances.influences, [&](const Influence& each) {
    return each.aspect == Aspect::yield && each.target == ChanceTarget::process &&
           chances.sources[static_cast<std::size_t>(each.source)].name == "product.hbm.yield";
  });
  EXPECT_EQ(count, 2);
}

TEST(Ranges, ADelayOfLessThanAPeriodIsSeenAcrossTheRounding) {
  const Compiled scenario = compiled(kChain);
  const Chances chances = chances_of(scenario, 1, false);
  // 4.5 months are 5 periods: 4.2 and 4.8 are no other number of periods, and yet earlier and later
  expect_ends(one(scenario, chances, "product.hbm.cycle_time", "fab_hbm@a"), -0.8, -0.5, -0.2);
  EXPECT_EQ(one(scenario, chances, "product.hbm.cycle_time", "fab_hbm@b").aspect, Aspect::delay);
  // the lead of racks is a period at least
  for (const Influence& each : chances.influences) {
    if (chances.sources[static_cast<std::size_t>(each.source)].name != "rack.nvl.install_time") continue;
    EXPECT_EQ(each.aspect, Aspect::delay);
    expect_ends(each, -0.75, -0.5, 0.5);
  }
  EXPECT_TRUE(has_source(chances, "rack.nvl.install_time"));
}

TEST(Ranges, OneGoodOfABillIsAPartOfIt) {
  const Compiled scenario = compiled(kChain);
  const Chances chances = chances_of(scenario, 1, false);
  const Process& assemble = *std::ranges::find(scenario.model->processes, "assemble_nvl", &Process::name);
  const Influence& memory = one(scenario, chances, "rack.nvl.host_memory[ddr5].amount", "assemble_nvl");
  EXPECT_EQ(memory.aspect, Aspect::intake);
  expect_ends(memory, 0.9, 1, 1.4);
  // it is the only thing that goes in here, and so all of it
  EXPECT_EQ(std::ranges::count_if(assemble.flows, [&](const Flow& f) { return scenario.model->at(f.rate, 0) < 0; }), 1);
  EXPECT_EQ(memory.part, kWholePart);
  const Influence& supply = one(scenario, chances, "rack.nvl.supply_max", "assemble_nvl");
  EXPECT_EQ(supply.aspect, Aspect::limit);
  EXPECT_EQ(supply.part, kOwnPart);
  expect_ends(supply, 0.8, 1, 1.1);
  const Influence& wafers = one(scenario, chances, "fab.b.capacity", "wspm@b");
  EXPECT_EQ(wafers.part, kOnlinePart);
  expect_ends(wafers, 0.8, 1, 1.3);
}

constexpr std::string_view kNetwork = R"toml(
[commodity.wafer]
unit = "wafer"
[commodity.gas]
unit = "kg"
[commodity.die]
unit = "die"
[capacity.line]
place = "coast"
unit = "wafer/month"
existing = "100 wafer/month"
[process.buy]
place = "coast"
unit = "wafer"
flows = [{commodity = "wafer", rate = "1 wafer/wafer"}, {commodity = "gas", rate = "2 kg/wafer"}]
[process.make]
place = "coast"
unit = "wafer"
uses = [{capacity = "line", use = {low = 0.8, mode = 1, high = 1.25}}]
flows = [{commodity = "wafer", rate = "-1 wafer/wafer"}, {commodity = "gas", rate = {low = "-2 kg/wafer", mode = "-1 kg/wafer", high = "-0.5 kg/wafer"}}, {commodity = "die", rate = "300 die/wafer"}]
[demand.dies]
commodity = "die"
place = "coast"
quantity = {low = "400 die/month", mode = "500 die/month", high = "750 die/month"}
unserved_cost = "1 USD/die"
)toml";

TEST(Ranges, APartAUseAndADemandAreTold) {
  const Compiled scenario = compiled(kNetwork);
  const Chances chances = chances_of(scenario, 1);
  const Influence& gas = one(scenario, chances, "process.make.flows[gas].rate", "make");
  EXPECT_EQ(gas.aspect, Aspect::intake);
  EXPECT_EQ(gas.part, 1);
  expect_ends(gas, 2, 1, 0.5);
  const Influence& use = one(scenario, chances, "process.make.uses[line].use", "make");
  EXPECT_EQ(use.aspect, Aspect::limit);
  EXPECT_EQ(use.part, kUsePart);
  expect_ends(use, 1.25, 1, 0.8);
  const Influence& demand = one(scenario, chances, "demand.dies.quantity", "dies");
  EXPECT_EQ(demand.aspect, Aspect::demand);
  expect_ends(demand, 0.8, 1, 1.5);
}

TEST(Ranges, ThatACorrelationNamedKeepTheirPlace) {
  const Compiled scenario = compiled(std::string(kHall) + R"toml(
[correlation.permits]
of = ["hall.coast.permit", "place.coast.latitude"]
coefficient = 0.5
[uncertainty.late]
of = "hall@coast"
what = "delay"
low = "0 month"
mode = "0 month"
high = "6 month"
)toml");
  const Chances own = scenario.model->chances;
  const Chances chances = chances_of(scenario, 1);
  ASSERT_EQ(own.sources.size(), 3U);
  for (std::size_t i = 0; i < own.sources.size(); ++i) EXPECT_EQ(chances.sources[i].name, own.sources[i].name);
  EXPECT_EQ(chances.correlations.at(0).sources, own.correlations.at(0).sources);
  EXPECT_EQ(std::ranges::count(chances.sources, "hall.coast.permit", &Source::name), 1);
  expect_ends(one(scenario, chances, "hall.coast.permit", "hall@coast"), -2, 0, 6);
  expect_ends(one(scenario, chances, "uncertainty.late", "hall@coast"), 0, 0, 6);
}

void expect_same(const Chances& a, const Chances& b) {
  ASSERT_EQ(a.sources.size(), b.sources.size());
  ASSERT_EQ(a.influences.size(), b.influences.size());
  for (std::size_t i = 0; i < a.sources.size(); ++i) EXPECT_EQ(a.sources[i].name, b.sources[i].name);
  for (std::size_t i = 0; i < a.influences.size(); ++i) {
    const Influence &x = a.influences[i], &y = b.influences[i];
    EXPECT_EQ(std::tuple(x.source, x.target, x.id, x.aspect, x.stage, x.part, x.at_low, x.at_mode, x.at_high),
              std::tuple(y.source, y.target, y.id, y.aspect, y.stage, y.part, y.at_low, y.at_mode, y.at_high));
  }
}

TEST(Ranges, AreTheSameOnAnyNumberOfThreads) {
  const Compiled scenario = compiled(kHall);
  const Chances one_thread = chances_of(scenario, 1);
  for (const int threads : {2, 5, 100}) expect_same(one_thread, chances_of(scenario, threads));
}

TEST(Ranges, TheKoreanScenarioHasMoreThanAHundred) {
  const Compiled scenario = compile_scenario(std::filesystem::path(BELTLINE_SOURCE_DIR) / "scenarios/korea");
  ASSERT_TRUE(scenario.model);
  const ScenarioRanges ranges = ranges_of(scenario, 2);
  const Chances& chances = ranges.chances;
  EXPECT_GT(chances.sources.size(), 100U);
  // each range is drawn, or its reason is told; all have a title in both languages
  for_each_value(*scenario.spec, [&](const ValuePlace& place) {
    if (!is_drawn_section(place.owner->section->name) || !range_of(*place.value)) return;
    const auto is_it = [&](const Source& each) { return each.name == place.full_path(); };
    const bool is_idle = std::ranges::any_of(ranges.idle, is_it, &IdleRange::source);
    EXPECT_TRUE(is_idle || std::ranges::any_of(chances.sources, is_it)) << place.full_path();
  });
  for (const Source& each : chances.sources) {
    EXPECT_FALSE(each.titles.title.empty() || each.titles.title_ko.empty()) << each.name;
    EXPECT_EQ(each.titles.title.find('['), std::string::npos) << each.titles.title;
  }
  EXPECT_GT(chances.influences.size(), 500U);
  for (const Influence& each : chances.influences) {
    EXPECT_TRUE(std::isfinite(each.at_low) && std::isfinite(each.at_mode) && std::isfinite(each.at_high));
    EXPECT_GE(each.source, 0);
    if (each.aspect == Aspect::delay) {
      EXPECT_GT(each.at_mode, -1) << chances.sources[static_cast<std::size_t>(each.source)].name;
      EXPECT_LE(each.at_mode, 0);
    } else {
      EXPECT_EQ(each.at_mode, 1) << chances.sources[static_cast<std::size_t>(each.source)].name;
      EXPECT_GE(std::min(each.at_low, each.at_high), 0);
    }
  }
}

}  // namespace
}  // namespace beltline
