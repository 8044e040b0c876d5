#include "run/page_tables.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "model/builder.h"
#include "parts/site_test_support.h"
#include "plan/planner.h"

namespace beltline {
namespace {

/// The row of a table whose text column has this value; −1 if there is none.
int row_of(const Table& table, std::string_view column, std::string_view value) {
  const auto& texts = table.column(column).texts();
  const auto found = std::ranges::find(texts, value);
  return found == texts.end() ? -1 : static_cast<int>(found - texts.begin());
}

TEST(NamesTable, HasTitlesInBothLanguagesAndPlaces) {
  const auto outcome = site_test::compile_text(R"(
[site.harbour]
title = "Harbour"
title_ko = "항만"
place = "bay"
kind = "mooring"
compute_region = "korea"
[belt.south]
sites = ["harbour", "inland"]
[site.inland]
place = "coast"
)");
  ASSERT_TRUE(outcome.spec) << outcome.text();
  const Table names = names_table(*outcome.spec);
  const int site = row_of(names, "title_ko", "항만");
  ASSERT_GE(site, 0);
  EXPECT_EQ(names.column("kind").texts()[site], "site");
  EXPECT_EQ(names.column("title").texts()[site], "Harbour");
  EXPECT_EQ(names.column("site_kind").texts()[site], "mooring");
  EXPECT_EQ(names.column("region").texts()[site], "korea");
  const int member = row_of(names, "kind", "belt_site");
  ASSERT_GE(member, 0);
  EXPECT_EQ(names.column("name").texts()[member], "harbour");
  EXPECT_EQ(names.column("region").texts()[member], "south");
}

TEST(NamesTable, PutsASiteWhereItsPlaceIs) {
  const auto outcome = site_test::compile_text("[site.inland]\ntitle = \"Inland\"\nplace = \"coast\"\n");
  ASSERT_TRUE(outcome.spec) << outcome.text();
  const Table names = names_table(*outcome.spec);
  const int site = row_of(names, "title", "Inland");
  ASSERT_GE(site, 0);
  EXPECT_EQ(names.column("latitude").numbers()[site], 35);
  EXPECT_EQ(names.column("longitude").numbers()[site], 129);
  EXPECT_EQ(names.column("site_kind").texts()[site], "land");
  const int scenario = row_of(names, "kind", "scenario");
  ASSERT_EQ(scenario, 0);
  EXPECT_EQ(names.column("name").texts()[0], "test");
}

/// Two months in two years: two fabs feed stacks, stacks feed racks, racks are ordered for a site.
///
///     fab a: 10 dies a wafer, fab b: 5 · stack: 4 dies · assembly: 2 stacks · order: 1 rack
struct Chain {
  Model model;
  Plan plan;

  Chain() : model(make()) {
    auto result = make_plan(model, {});
    if (!result) throw Bug(result.error().message);
    plan = std::move(*result);
  }

  static Model make() {
    ModelBuilder builder(Calendar::monthly({.year = 2026, .month = 12}, 2, 1));
    const auto amount = [&](const char* name) { return builder.add(Commodity{.name = name, .unit = name}); };
    const CommodityId die = amount("die"), stack = amount("stack"), rack = amount("rack");
    const PlaceId here = builder.add(Place{.name = "here"});
    const auto process = [&](const char* name, const char* kind, const char* unit, std::vector<Flow> flows,
                             double upper) {
      builder.add(Process{.name = name,
                          .place = here,
                          .grain = Grain::amount,
                          .unit = unit,
                          .kind = kind,
                          .flows = std::move(flows),
                          .upper = builder.constant(upper),
                          .cost = builder.constant(1)});
    };
    const auto flow = [&](CommodityId good, double rate) {
      return Flow{.commodity = good, .place = here, .rate = builder.constant(rate)};
    };
    process("fab_x@a", "fab", "wafer", {flow(die, 10)}, 2);
    process("fab_x@b", "fab", "wafer", {flow(die, 5)}, 1e9);
    process("stack_x", "stack", "stack", {flow(die, -4), flow(stack, 1)}, 1e9);
    process("assemble_x", "assemble", "rack", {flow(stack, -2), flow(rack, 1)}, 1e9);
    const CapacityId online = builder.add(Capacity{.name = "rack_x@here",
                                                   .place = here,
                                                   .unit = "rack",
                                                   .kind = "rack",
                                                   .capex = builder.constant(1),
                                                   .build_flows = {{.commodity = rack, .place = here, .amount = -1}}});
    builder.add(Limit{.name = "goal",
                      .scope = LimitScope::each_period,
                      .first = 0,
                      .last = 0,
                      .terms = {{.kind = TermKind::online, .id = online.value}},
                      .lower = builder.constant(5)});
    builder.model().objective.kind = ObjectiveKind::min_cost;
    Diagnostics diagnostics;
    auto made = std::move(builder).finish(diagnostics);
    ASSERT(made.has_value());
    return std::move(*made);
  }
};

TEST(FlowTable, FollowsWafersToRacks) {
  const Chain chain;
  ASSERT_EQ(chain.plan.termination, Termination::optimal);
  const Table flow = flow_table(chain.model, chain.plan);
  const auto quantity = [&](std::string_view from) {
    return flow.column("quantity").numbers()[row_of(flow, "from", from)];
  };
  const auto wafers = [&](std::string_view from) {
    return flow.column("wafers").numbers()[row_of(flow, "from", from)];
  };
  // five racks take ten stacks and forty dies; fab a's two wafers give twenty, fab b makes four for the others
  ASSERT_GE(row_of(flow, "from", "assemble_x"), 0);
  EXPECT_NEAR(quantity("assemble_x"), 5, 1e-6);
  EXPECT_NEAR(quantity("stack_x"), 10, 1e-6);
  EXPECT_NEAR(wafers("fab_x@a") + wafers("fab_x@b"), 6, 1e-6);
  EXPECT_NEAR(wafers("stack_x"), 6, 1e-6) << "every wafer that was started is in a stack";
  EXPECT_NEAR(wafers("assemble_x"), 6, 1e-6);
  EXPECT_EQ(flow.column("to").texts()[row_of(flow, "from", "assemble_x")], "rack_x@here");
  EXPECT_EQ(flow.column("year").texts()[0], "2026");
}

TEST(FlowTable, IsEmptyWithoutFabs) {
  const auto outcome = site_test::compile_text("[site.inland]\nplace = \"coast\"\n");
  ASSERT_TRUE(outcome.model) << outcome.text();
  EXPECT_EQ(flow_table(*outcome.model, Plan{}).row_count(), 0U);
}

TEST(SiteCostsTable, CountsCapitalRunningAndPower) {
  const auto outcome = site_test::compile_text(R"(
[objective]
kind = "min_cost"
discount_rate = 0
[site.plain]
place = "desert"
pue = 1.2
energy_price = "50 USD/MWh"
cooling = "evaporative"
[hall.plain]
site = "plain"
land_cost = "0 USD/MW"
shell_cost = "0 USD/MW"
electrical_cost = "10e6 USD/MW"
mechanical_cost = "0 USD/MW"
liquid_cooling_cost = "0 USD/MW"
soft_cost = "0 USD/MW"
fixed_cost = "1000 USD/MW/month"
life = "120 month"
)");
  ASSERT_TRUE(outcome.model) << outcome.text();
  const Table costs = site_costs_table(*outcome.model);
  ASSERT_EQ(costs.row_count(), 1U);
  const auto value = [&](const char* column) { return costs.column(column).numbers()[0]; };
  EXPECT_EQ(costs.column("capacity").texts()[0], "hall@plain");
  EXPECT_NEAR(value("capital"), 1e6, 1) << "ten years at no interest";
  EXPECT_NEAR(value("operation"), 12'000, 1e-6);
  EXPECT_NEAR(value("energy"), 1.2 * kHoursPerYear * 50, 1e-6);
  EXPECT_NEAR(value("cost"), 1e6 + 12'000 + 1.2 * kHoursPerYear * 50, 1);
  EXPECT_NEAR(value("water"), 1.8, 1e-12) << "by its cooling";
  EXPECT_EQ(value("hours_lost"), 0);
}

}  // namespace
}  // namespace beltline
