// Decisions of two runs that are put together by hand.
#include "run/diff_outputs.h"

#include <gtest/gtest.h>

#include "model/builder.h"

namespace beltline {
namespace {

/// Two moorings with hulls of 50 MW, two sites with racks, a tow between the moorings; a lead of two months.
Model make_model() {
  ModelBuilder builder(Calendar::monthly({.year = 2026, .month = 1}, 24, 1));
  const CommodityId space = builder.add(Commodity{.name = "it_space", .unit = "MW"});
  std::vector<CapacityId> hulls;
  for (const char* name : {"north", "south"}) {
    const PlaceId place = builder.add(Place{.name = name});
    hulls.push_back(builder.add(Capacity{.name = std::string("hull@") + name,
                                         .place = place,
                                         .unit = "MW",
                                         .kind = "hull",
                                         .lead = 2,
                                         .provenance = {.entry = "hull.fifty"}}));
    builder.add(Capacity{.name = std::string("rack_new@") + name,
                         .place = place,
                         .unit = "rack",
                         .kind = "rack",
                         .lead = 2,
                         .stand_flows = {{.commodity = space, .place = place, .rate = builder.constant(-0.5)}},
                         .provenance = {.entry = "rack.new"}});
  }
  builder.add(Move{.name = "tow", .from = hulls[0], .to = hulls[1], .lag = 1, .provenance = {.entry = "hull.fifty"}});
  Diagnostics diagnostics;
  auto model = std::move(builder).finish(diagnostics);
  ASSERT(model.has_value());
  return std::move(*model);
}

struct Order {
  const char* capacity;
  const char* month;
  double quantity;
  double usd;
};

RunRead make_run(const std::vector<Order>& orders, const std::vector<Order>& moves = {}) {
  RunRead run;
  run.compiled.spec.emplace();
  run.compiled.model = make_model();
  Table builds{.name = "builds", .title = {}, .columns = {}};
  for (const char* column : {"capacity", "ordered"}) builds.add_texts(column);
  for (const char* column : {"quantity", "capex"}) builds.add_numbers(column, "");
  Table towed{.name = "moves", .title = {}, .columns = {}};
  for (const char* column : {"move", "leaves", "unit"}) towed.add_texts(column);
  for (const char* column : {"quantity", "cost"}) towed.add_numbers(column, "");
  const auto text = [](Table& table, std::size_t i, std::string value) {
    std::get<std::vector<std::string>>(table.columns[i].values).push_back(std::move(value));
  };
  const auto number = [](Table& table, std::size_t i, double value) {
    std::get<std::vector<double>>(table.columns[i].values).push_back(value);
  };
  for (const Order& each : orders) {
    text(builds, 0, each.capacity);
    text(builds, 1, each.month);
    number(builds, 2, each.quantity);
    number(builds, 3, each.usd);
  }
  for (const Order& each : moves) {
    text(towed, 0, each.capacity);
    text(towed, 1, each.month);
    text(towed, 2, "MW");
    number(towed, 3, each.quantity);
    number(towed, 4, each.usd);
  }
  run.tables.emplace("builds", std::move(builds));
  run.tables.emplace("moves", std::move(towed));
  return run;
}

const Decision* find(const std::vector<Decision>& decisions, std::string_view name) {
  const auto found = std::ranges::find(decisions, name, &Decision::name);
  return found == decisions.end() ? nullptr : &*found;
}

TEST(Decisions, TellRacksOverAllSitesAndTheRestOneByOne) {
  const RunRead a = make_run({{"hull@north", "2026-01", 50, 5e8},
                              {"rack_new@north", "2026-01", 10, 4e7},
                              {"rack_new@south", "2026-03", 10, 4e7}});
  const RunRead b = make_run({{"hull@south", "2026-01", 50, 5e8},
                              {"rack_new@north", "2026-03", 10, 4e7},
                              {"rack_new@south", "2026-01", 10, 4e7}});
  const auto decisions = changed_decisions(a, b, {});
  EXPECT_EQ(find(decisions, "rack_new"), nullptr) << "the same racks in the same months, on other sites";
  ASSERT_NE(find(decisions, "hull@north"), nullptr);
  EXPECT_EQ(find(decisions, "hull@north")->after, 0);
  EXPECT_EQ(find(decisions, "hull@south")->first_after, "2026-03") << "ordered in January, online in March";
}

TEST(Decisions, TellHowMuchLaterWhatBothHaveIs) {
  const RunRead a = make_run({{"rack_new@north", "2026-01", 10, 4e7}, {"rack_new@north", "2026-05", 10, 4e7}});
  const RunRead b = make_run({{"rack_new@north", "2026-07", 10, 4e7}});
  const auto decisions = changed_decisions(a, b, {});
  ASSERT_EQ(decisions.size(), 1U);
  const Decision& racks = decisions.front();
  EXPECT_EQ(racks.before, 20);
  EXPECT_EQ(racks.after, 10);
  EXPECT_EQ(racks.mw_before, 10);
  EXPECT_EQ(racks.mw_after, 5);
  EXPECT_EQ(racks.months_later, 6) << "the first ten";
  EXPECT_EQ(racks.usd_moved, 4e7 + 4e7 * 6 / 12);
}

TEST(Decisions, ComeNearTheCauseFirstThenByMoney) {
  const RunRead a = make_run({{"hull@north", "2026-01", 50, 5e8}, {"rack_new@north", "2026-01", 10, 4e9}});
  const RunRead b = make_run({});
  EXPECT_EQ(changed_decisions(a, b, {}).front().name, "rack_new@north");
  EXPECT_EQ(changed_decisions(a, b, {{"hull.fifty", 1}}).front().name, "hull@north");
}

TEST(Decisions, TellMoves) {
  const RunRead a = make_run({}, {{"tow", "2026-05", 50, 3e6}});
  const RunRead b = make_run({}, {{"tow", "2026-08", 50, 3e6}});
  const auto later = changed_decisions(a, b, {});
  ASSERT_EQ(later.size(), 1U);
  EXPECT_EQ(later.front().name, "tow");
  EXPECT_EQ(later.front().months_later, 3);
  EXPECT_EQ(later.front().first_before, "2026-06") << "a month under way";
  EXPECT_EQ(changed_decisions(a, make_run({}), {}).front().after, 0);
  EXPECT_TRUE(changed_decisions(a, a, {}).empty());
}

TEST(Decisions, AreNoneWhereThereIsNoPlan) {
  RunRead a = make_run({{"hull@north", "2026-01", 50, 5e8}});
  RunRead b = make_run({});
  b.tables.clear();
  EXPECT_EQ(changed_decisions(a, b, {}).size(), 1U);
  EXPECT_TRUE(changed_misses(a, b).empty());
  EXPECT_TRUE(changed_draws(a, b, 0).empty());
  EXPECT_TRUE(changed_results(a, b, 0).empty());
}

}  // namespace
}  // namespace beltline
