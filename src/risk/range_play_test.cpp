// What ranges do to a play, by hand: first stocks, floor space, what is built of, tows, and lines that are converted.
#include <algorithm>

#include <gtest/gtest.h>

#include "parts/part.h"
#include "risk/idle.h"
#include "risk/range_phrases.h"
#include "risk/range_targets.h"
#include "risk/ranges.h"
#include "risk/reach.h"
#include "risk/risk.h"

namespace beltline {
namespace {

constexpr std::string_view kFrame = R"toml(
[scenario]
name = "test"
[calendar]
start = "2026-01"
periods = 8
slices_per_day = 1
[money]
base_year = 2025
[place.here]
kind = "land"
)toml";

/// A scenario, a plan of it written by hand, and the play with one range at one of its ends.
class Story {
 public:
  explicit Story(std::string_view text)
      : compiled_(compile_texts({{.path = "scenario.toml", .text = std::string(kFrame) + std::string(text)}}, {})) {
    if (!compiled_.model) throw Bug(render(compiled_.diagnostics, compiled_.files));
    const Model& m = *compiled_.model;
    const auto periods = static_cast<std::size_t>(m.period_count());
    figures_.order.resize(m.capacities.size() * periods);
    figures_.moved.resize(m.moves.size() * periods);
    for (auto* each : {&figures_.activity, &figures_.peak, &figures_.variable}) {
      each->resize(m.processes.size() * periods);
    }
    ranges_ = ranges_of(compiled_, 1);
  }

  const Model& model() const { return *compiled_.model; }
  const ScenarioRanges& ranges() const { return ranges_; }

  template <class Entity>
  static std::size_t index(const std::vector<Entity>& entities, std::string_view name) {
    const auto found = std::ranges::find(entities, name, &Entity::name);
    if (found == entities.end()) throw Bug("no " + std::string(name));
    return static_cast<std::size_t>(found - entities.begin());
  }
  void plan_order(std::string_view capacity, int t, double units) {
    at(figures_.order, index(model().capacities, capacity), t) = units;
  }
  void plan_activity(std::string_view process, int t, double units) {
    at(figures_.activity, index(model().processes, process), t) = units;
  }
  void plan_move(std::string_view move, int t, double units) {
    at(figures_.moved, index(model().moves, move), t) = units;
  }

  enum class At { low, mode, high };
  /// The play with this source at this end, and all others at their modes.
  Play play(std::string_view source = "", At where = At::mode) const {
    Chances chances = ranges_.chances;
    for (Influence& each : chances.influences) {
      if (chances.sources[static_cast<std::size_t>(each.source)].name != source) continue;
      each.at_mode = where == At::low ? each.at_low : where == At::high ? each.at_high : each.at_mode;
    }
    return make_play(model(), figures_, std::move(chances));
  }
  /// What a process starts, or a capacity has built, by period.
  std::vector<double> run(const Play& play, TermKind kind, std::string_view name) const {
    Observation observation;
    PlaySeries series;
    PlayTerm term;
    term.coefficient.assign(8, 1.0);
    term.base.assign(8, 0.0);
    if (kind == TermKind::activity) {
      term.source = PlayTerm::Source::operation;
      term.index = play.operation_of_process[index(model().processes, name)];
      if (term.index < 0) throw Bug(std::string(name) + " is no operation");
    } else {
      term.source = PlayTerm::Source::online;
      term.index = static_cast<int>(index(model().capacities, name));
    }
    series.terms.push_back(term);
    observation.series.push_back(series);
    return make_baseline(play, observation).values;
  }
  bool is_idle(std::string_view source, IdleReason reason) const {
    const Play whole = play();
    const auto idle = idle_of(ranges_.idle, whole, sources_in_reach(whole));
    return std::ranges::any_of(
        idle, [&](const IdleRange& each) { return each.source.name == source && each.reason == reason; });
  }

 private:
  static double& at(std::vector<double>& figures, std::size_t entity, int t) {
    return figures[entity * 8 + static_cast<std::size_t>(t)];
  }
  Compiled compiled_;
  PlanFigures figures_;
  ScenarioRanges ranges_;
};

using Row = std::vector<double>;

void expect_row(const Row& found, const Row& expected) {
  ASSERT_EQ(found.size(), expected.size());
  for (std::size_t t = 0; t < found.size(); ++t) EXPECT_NEAR(found[t], expected[t], 1e-9) << "period " << t;
}

// Chips lie in store, racks are made of them, stand in a hall, and one hull is towed.
constexpr std::string_view kGoods = R"toml(
[commodity.chip]
unit = "die"
[commodity.rack]
unit = "rack"
[commodity.room]
unit = "rack"
disposable = true
[commodity.waste]
unit = "unit"
[store.waste]
commodity = "waste"
place = "here"
[store.chips]
commodity = "chip"
place = "here"
initial = {low = "60 die", mode = "100 die", high = "120 die"}
level_max = {low = "150 die", mode = "200 die", high = "300 die"}
[store.racks]
commodity = "rack"
place = "here"
loss = {low = "0.1 1/month", mode = "0.2 1/month", high = "0.5 1/month"}
[process.make]
place = "here"
unit = "rack"
flows = [{commodity = "chip", rate = "-10 die/rack"}, {commodity = "rack", rate = "1 rack/rack"}]
[process.scrap]
place = "here"
unit = "rack"
flows = [{commodity = "rack", rate = "-1 rack/rack"}, {commodity = "waste", rate = "1 unit/rack"}]
[capacity.hall]
place = "here"
unit = "MW"
existing = {low = "1 MW", mode = "2 MW", high = "3 MW"}
buildable = false
stand_flows = [{commodity = "room", place = "here", rate = {low = "1 rack/MW", mode = "2 rack/MW", high = "3 rack/MW"}}]
[capacity.online]
place = "here"
unit = "rack"
lead = "1 month"
build_flows = [{commodity = "chip", place = "here", amount = {low = "-20 die/rack", mode = "-10 die/rack", high = "-5 die/rack"}}]
stand_flows = [{commodity = "room", place = "here", rate = {low = "-2 rack/rack", mode = "-1 rack/rack", high = "-0.5 rack/rack"}}]
)toml";

TEST(RangePlay, AFirstStockIsWhatLiesThere) {
  Story story(kGoods);
  for (int t = 0; t < 8; ++t) story.plan_activity("make", t, 2);
  const auto racks = [&](Story::At at) {
    return story.run(story.play("store.chips.initial", at), TermKind::activity, "make");
  };
  expect_row(racks(Story::At::mode), {2, 2, 2, 2, 2, 0, 0, 0});
  expect_row(racks(Story::At::low), {2, 2, 2, 0, 0, 0, 0, 0});
  expect_row(racks(Story::At::high), {2, 2, 2, 2, 2, 2, 0, 0});
}

TEST(RangePlay, WhatPerishesInStoreIsGone) {
  Story story(kGoods);
  story.plan_activity("make", 0, 8);
  story.plan_activity("scrap", 2, 8);
  const auto left = [&](Story::At at) {
    return story.run(story.play("store.racks.loss", at), TermKind::activity, "scrap");
  };
  // two months in store
  EXPECT_NEAR(left(Story::At::mode)[2], 8 * 0.8 * 0.8, 1e-9);
  EXPECT_NEAR(left(Story::At::low)[2], 8 * 0.9 * 0.9, 1e-9);
  EXPECT_NEAR(left(Story::At::high)[2], 8 * 0.5 * 0.5, 1e-9);
}

TEST(RangePlay, RacksWaitForRoomAndForChips) {
  Story story(kGoods);
  story.plan_order("online", 0, 4);
  const auto online = [&](std::string_view source, Story::At at) {
    return story.run(story.play(source, at), TermKind::online, "online");
  };
  // 2 MW of 2 racks each hold the four
  expect_row(online("", Story::At::mode), {0, 4, 4, 4, 4, 4, 4, 4});
  EXPECT_NEAR(online("capacity.hall.existing", Story::At::low).back(), 2, 1e-9);
  EXPECT_NEAR(online("capacity.hall.stand_flows[room].rate", Story::At::low).back(), 2, 1e-9);
  EXPECT_NEAR(online("capacity.online.stand_flows[room].rate", Story::At::low).back(), 2, 1e-9);
  EXPECT_NEAR(online("capacity.online.stand_flows[room].rate", Story::At::high).back(), 4, 1e-9);
  // ten racks want 100 chips, at 20 each five get theirs
  Story more(kGoods);
  more.plan_order("online", 0, 10);
  const auto ordered = [&](Story::At at) {
    const Play play = more.play("capacity.online.build_flows[chip].amount", at);
    double sum = 0;
    for (const Operation& each : play.operations) {
      if (each.kind == Operation::Kind::stage && each.offset == 0) {
        PlaySeries series;
        series.terms.push_back({.source = PlayTerm::Source::operation,
                                .index = static_cast<int>(&each - play.operations.data()),
                                .coefficient = Row(8, 1.0)});
        for (const double units : make_baseline(play, {.series = {series}, .milestones = {}}).values) sum += units;
      }
    }
    return sum;
  };
  EXPECT_NEAR(ordered(Story::At::mode), 10, 1e-9);
  EXPECT_NEAR(ordered(Story::At::low), 5, 1e-9);
  EXPECT_NEAR(ordered(Story::At::high), 10, 1e-9);
}

TEST(RangePlay, WhatHasNoInfluenceIsSaid) {
  Story story(kGoods);
  for (int t = 0; t < 8; ++t) story.plan_activity("make", t, 2);
  EXPECT_TRUE(story.is_idle("store.chips.level_max", IdleReason::kept_by_plan));
  // nothing is ordered, so nobody needs room
  EXPECT_TRUE(story.is_idle("capacity.hall.existing", IdleReason::not_planned));
  EXPECT_TRUE(story.is_idle("capacity.online.build_flows[chip].amount", IdleReason::not_planned));
  EXPECT_FALSE(story.is_idle("store.chips.initial", IdleReason::not_planned));
  // and every range is somewhere
  std::size_t count = 0;
  for (const Source& each : story.ranges().chances.sources) count += each.name.empty() ? 0 : 1;
  EXPECT_EQ(count + story.ranges().idle.size(), 7U);
}

constexpr std::string_view kTow = R"toml(
[place.there]
kind = "land"
[capacity.hull_here]
place = "here"
unit = "1"
lead = "1 month"
module_size = "1"
[capacity.hull_there]
place = "there"
unit = "1"
buildable = false
[move.tow]
from = "hull_here"
to = "hull_there"
lag = {low = "1 month", mode = "2 month", high = "4 month"}
)toml";

TEST(RangePlay, ATowTakesAsLongAsItTakes) {
  Story story(kTow);
  story.plan_order("hull_here", 0, 1);
  story.plan_move("tow", 2, 1);
  const auto there = [&](Story::At at) {
    return story.run(story.play("move.tow.lag", at), TermKind::online, "hull_there");
  };
  expect_row(there(Story::At::mode), {0, 0, 0, 0, 1, 1, 1, 1});
  expect_row(there(Story::At::low), {0, 0, 0, 1, 1, 1, 1, 1});
  expect_row(there(Story::At::high), {0, 0, 0, 0, 0, 0, 1, 1});
}

// 40 of 100 wafers are converted in January.
constexpr std::string_view kLines = R"toml(
[product.ddr5]
family = "ddr5"
die_area = "46 mm2"
die_capacity = "16 Gbit"
yield = 0.88
delivers_to = "here"
[product.gddr7]
family = "gddr7"
die_area = "60 mm2"
die_capacity = "16 Gbit"
yield = 0.88
delivers_to = "here"
[fab.m14]
place = "here"
capacity = "100 wafer/month"
products = ["ddr5", "gddr7"]
lines = [{product = "ddr5", capacity = {low = "90 wafer/month", mode = "100 wafer/month", high = "110 wafer/month"}}, {product = "gddr7", capacity = "0 wafer/month"}]
conversions = [{from = "ddr5", to = "gddr7", max = {low = "50 wafer/month", mode = "60 wafer/month", high = "70 wafer/month"}, downtime = {low = "1 month", mode = "1 month", high = "3 month"}, lost = {low = 0.25, mode = 0.5, high = 0.8}}]
)toml";

Story converted() {
  Story story(kLines);
  story.plan_order("leave_ddr5_gddr7@m14", 0, 40);
  story.plan_order("convert_ddr5_gddr7@m14", 0, 40);
  for (int t = 0; t < 8; ++t) {
    story.plan_activity("fab_ddr5@m14", t, t == 0 ? 80 : 60);
    story.plan_activity("fab_gddr7@m14", t, t == 0 ? 0 : 40);
  }
  return story;
}

TEST(RangePlay, AConversionLosesWhatItLoses) {
  const Story story = converted();
  const auto starts = [&](std::string_view source, Story::At at, std::string_view process) {
    return story.run(story.play(source, at), TermKind::activity, process);
  };
  expect_row(starts("", Story::At::mode, "fab_ddr5@m14"), {80, 60, 60, 60, 60, 60, 60, 60});
  expect_row(starts("", Story::At::mode, "fab_gddr7@m14"), {0, 40, 40, 40, 40, 40, 40, 40});
  // four fifths of the 40 stand still in January: 100 − 32; the twelve that were not started find no room later
  expect_row(starts("fab.m14.conversions[ddr5].lost", Story::At::high, "fab_ddr5@m14"),
             {68, 60, 60, 60, 60, 60, 60, 60});
  // a quarter: room for 90, of which 80 are planned
  expect_row(starts("fab.m14.conversions[ddr5].lost", Story::At::low, "fab_ddr5@m14"),
             {80, 60, 60, 60, 60, 60, 60, 60});
  // three months of downtime: half of the 40 go on with the old product until then, the new one begins in April
  expect_row(starts("fab.m14.conversions[ddr5].downtime", Story::At::high, "fab_gddr7@m14"),
             {0, 0, 0, 40, 40, 40, 40, 40});
  expect_row(starts("fab.m14.conversions[ddr5].downtime", Story::At::high, "fab_ddr5@m14"),
             {80, 60, 60, 60, 60, 60, 60, 60});
  // a shorter line: 90 − 20, then 90 − 40
  expect_row(starts("fab.m14.lines[ddr5].capacity", Story::At::low, "fab_ddr5@m14"), {70, 50, 50, 50, 50, 50, 50, 50});
  EXPECT_TRUE(story.is_idle("fab.m14.conversions[ddr5].max", IdleReason::kept_by_plan));
}

TEST(RangePlay, EveryKeyThatMayHaveARangeHasAPhrase) {
  constexpr std::string_view kOwn =
      "scenario calendar branch buffer claim correlation milestone risk shock uncertainty";
  for (const Section* section : all_sections()) {
    if (kOwn.find(section->name) != std::string_view::npos) continue;
    const auto check = [&](const auto& self, std::span<const Attribute> attributes, const std::string& prefix) -> void {
      for (const Attribute& each : attributes) {
        const std::string key = prefix + std::string(each.key);
        if (each.kind == Kind::records) self(self, each.fields, key + ".");
        if (each.kind != Kind::quantity && each.kind != Kind::duration && each.kind != Kind::series) continue;
        const RangePhrase* const phrase = find_phrase(section->name, key);
        ASSERT_NE(phrase, nullptr) << section->name << "." << key;
        EXPECT_FALSE(phrase->english.empty() || phrase->korean.empty()) << section->name << "." << key;
        EXPECT_EQ(phrase->english.find('_'), std::string_view::npos) << phrase->english;
      }
    };
    check(check, section->attributes, "");
  }
}

}  // namespace
}  // namespace beltline
