#include "parts/common.h"

#include <gtest/gtest.h>

#include "parts/network_test_support.h"
#include "parts/site.h"

namespace beltline {
namespace {

using network_test::compile_text;
using network_test::Outcome;

/// A Compile on an empty scenario, for what needs no entries.
struct Bench {
  Outcome outcome = compile_text("");
  ModelBuilder builder{outcome.spec->calendar};
  Diagnostics diagnostics;
  std::vector<SiteView> sites;
  Compile c{*outcome.spec, builder, diagnostics, sites};
};

TEST(Common, MakesEachCommodityOnceWithTheUnitOfTheTable) {
  Bench bench;
  const CommodityId die = ensure_commodity(bench.c, "die", "hbm4");
  EXPECT_EQ(ensure_commodity(bench.c, "die", "hbm4"), die);
  EXPECT_NE(ensure_commodity(bench.c, "die", "hbm3e"), die);
  const CommodityId power = ensure_commodity(bench.c, "electricity");
  const Model& model = bench.builder.model();
  EXPECT_EQ(model.commodities[die.index()].name, "die_hbm4");
  EXPECT_EQ(model.commodities[die.index()].grain, Grain::amount);
  EXPECT_FALSE(model.commodities[die.index()].disposable);
  EXPECT_EQ(model.commodities[power.index()].unit, "MW");
  EXPECT_EQ(model.commodities[power.index()].grain, Grain::rate);
}

TEST(Common, EveryUnitOfTheTableIsKnown) {
  Bench bench;
  for (const char* name : {"electricity", "compute", "token", "it_space", "die_x", "dram_x", "stack_x", "accelerator_x",
                           "rack_x", "dock_slot", "equipment_x", "technician", "seat", "emission"}) {
    const auto commodity = domain_commodity(name);
    ASSERT_TRUE(commodity) << name;
    EXPECT_TRUE(bench.outcome.spec->units.known(commodity->unit)) << name << " in " << commodity->unit;
  }
}

TEST(Common, UnknownFamiliesAreBugs) {
  Bench bench;
  EXPECT_THROW(ensure_commodity(bench.c, "dies", "hbm4"), Bug);
  EXPECT_THROW(ensure_commodity(bench.c, "die"), Bug);               // wants an entry
  EXPECT_THROW(ensure_commodity(bench.c, "electricity", "x"), Bug);  // takes none
}

TEST(Common, RoundsDurationsUpToWholePeriods) {
  Bench bench;
  EXPECT_EQ(periods_up(bench.c, 0), 0);
  EXPECT_EQ(periods_up(bench.c, 0.1), 1);
  EXPECT_EQ(periods_up(bench.c, 3), 3);
  EXPECT_EQ(periods_up(bench.c, 3.0000000000001), 3);
  EXPECT_EQ(periods_up(bench.c, 3.01), 4);
}

TEST(Common, SeriesOfRatesHoldWhatAPeriodHolds) {
  Bench bench;
  Quantity per_month{.mode = 100, .basis = Basis::month};
  Quantity per_hour{.mode = 2, .basis = Basis::second};
  const Model& model = bench.builder.model();
  EXPECT_EQ(model.at(per_period_series(bench.c, per_month), 1), 100);
  EXPECT_EQ(model.at(per_period_series(bench.c, per_hour), 1), 2 * 28 * 24);  // February 2026
  EXPECT_EQ(model.at(level_series(bench.c, per_month), 1), 100);
}

TEST(Common, AnInventoryIsMadeOnce) {
  Bench bench;
  const PlaceId place = bench.builder.add(Place{.name = "world"});
  const CommodityId rack = ensure_commodity(bench.c, "rack", "vr");
  const StoreId stock = add_inventory(bench.c, rack, place, 10, Entry{});
  EXPECT_EQ(add_inventory(bench.c, rack, place, 10, Entry{}), stock);
  EXPECT_EQ(bench.builder.model().stores[stock.index()].name, "stock_rack_vr@world");
  EXPECT_EQ(bench.builder.model().at(bench.builder.model().stores[stock.index()].holding_cost, 0), 10);
}

TEST(Common, AnEntryCitesItsOwnSourceOrThoseOfItsValues) {
  const Outcome outcome = compile_text(R"toml(
[place.korea]
[capacity.a]
place = "korea"
unit = "MW"
existing = {mode = "1 MW", source = "KPX 2026"}
[capacity.b]
place = "korea"
unit = "MW"
source = "Newsroom"
existing = {mode = "1 MW", source = "KPX 2026"}
)toml");
  ASSERT_TRUE(outcome.model) << outcome.text();
  const auto& model = *outcome.model;
  EXPECT_EQ(network_test::named(model.capacities, "a").provenance.source, "KPX 2026");
  EXPECT_EQ(network_test::named(model.capacities, "b").provenance.source, "Newsroom");
  EXPECT_EQ(network_test::named(model.capacities, "b").provenance.entry, "capacity.b");
}

TEST(Common, EveryPartHasASectionOfItsOwn) {
  std::vector<std::string_view> names;
  for (const Section* section : all_sections()) names.push_back(section->name);
  std::ranges::sort(names);
  EXPECT_EQ(std::ranges::adjacent_find(names), names.end());
  EXPECT_GE(names.size(), 16U);
}

}  // namespace
}  // namespace beltline
