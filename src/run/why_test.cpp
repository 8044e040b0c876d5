// Walking back from figures of a small run; those of Korea are in tests/causes_test.cpp.
#include "run/why.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "run/lineage.h"
#include "run/run_scenario.h"
#include "table/example_table.h"
#include "table/run_folder.h"

namespace beltline {
namespace {

using ::testing::HasSubstr;

/// The first scenario over three years, planned once, with a what-if.
class WhyFigures : public ::testing::Test {
 protected:
  static const std::filesystem::path& run() {
    static const ScratchFolder scratch;
    static const std::filesystem::path folder = [] {
      const Compiled compiled =
          compile_scenario(std::filesystem::path(BELTLINE_SOURCE_DIR) / "scenarios/first/scenario.toml",
                           {"calendar.periods=36", "rack.gb300.price=5 M USD/rack", "rack.gb300.source=press",
                            "rack.gb300.confidence=C"});
      EXPECT_TRUE(compiled.model) << render(compiled.diagnostics, compiled.files);
      auto result = run_plan(compiled, {.mip_gap_max = 0.02});
      EXPECT_TRUE(result && result->plan.has_point);
      EXPECT_TRUE(write_run(scratch.path() / "run", {.manifest_json = result->manifest_json,
                                                     .tables = result->tables,
                                                     .texts = {},
                                                     .scenario = scenario_contents(compiled.originals)}));
      return scratch.path() / "run";
    }();
    return folder;
  }

  static Why good(const std::string& figure) {
    auto found = why(run(), figure);
    if (!found) throw Bug(found.error().message);
    if (!*found) throw Bug("no figure '" + figure + "', nearest '" + found->error().suggestion + "'");
    return std::move(**found);
  }
};

TEST_F(WhyFigures, OfTheSummaryHaveValueFormulaAndSources) {
  const Why power = good("it_power");
  const Table summary = read_run_table(run(), "summary").value();
  const auto& names = summary.column("name").texts();
  const auto row = static_cast<std::size_t>(std::ranges::find(names, "it_power") - names.begin());
  EXPECT_EQ(power.value, summary.column("value").numbers()[row]);
  EXPECT_EQ(power.unit, "MW");
  EXPECT_THAT(power.formula, HasSubstr("racks online"));
  ASSERT_EQ(power.entries.size(), 1U);
  EXPECT_EQ(power.entries[0].entry, "rack.gb300");
  EXPECT_DOUBLE_EQ(power.entries[0].share, 1);
  const WhyInput& first = power.entries[0].inputs.front();
  EXPECT_EQ(first.input.path, "rack.gb300.power") << "the value of the figure's own kind comes first";
  EXPECT_EQ(first.place, "scenario.toml:44");
  EXPECT_EQ(first.input.source, "press");
  EXPECT_EQ(first.input.source_from, "entry");
  EXPECT_TRUE(first.input.is_weak());
  const std::string text = why_text(power, false);
  EXPECT_THAT(text, HasSubstr("C weak"));
  EXPECT_THAT(text, HasSubstr("[scenario.toml:44]"));
  EXPECT_THAT(text, HasSubstr("--set calendar.periods=36"));
}

TEST_F(WhyFigures, OfEveryNameOfTheSummaryAreKnown) {
  const Table summary = read_run_table(run(), "summary").value();
  for (const std::string& name : summary.column("name").texts()) {
    const Why each = good(name);
    EXPECT_FALSE(each.formula.empty()) << name;
    EXPECT_FALSE(each.entries.empty()) << name;
    EXPECT_NE(each.title, name) << "in words";
  }
}

TEST_F(WhyFigures, OfMeasuresTellTimeAndPlace) {
  const Why load = good("programme.it_load_installed@ulsan");
  EXPECT_EQ(load.points.size(), 36U);
  EXPECT_EQ(load.value, load.points.back().value);
  const Why then = good("programme.it_load_installed@ulsan:2028-06");
  EXPECT_TRUE(then.points.empty());
  EXPECT_EQ(then.value, load.points[29].value);
  EXPECT_EQ(load.points[29].period, "2028-06");
  EXPECT_EQ(then.entries.front().entry, "rack.gb300");
}

TEST_F(WhyFigures, OfDecisionsTellOrdersAndWhatTheyHangOn) {
  const Why hall = good("builds.hall@ulsan");
  ASSERT_FALSE(hall.points.empty());
  EXPECT_THAT(hall.points.front().note, HasSubstr("online 20"));
  double ordered = 0;
  for (const WhyPoint& point : hall.points) ordered += point.value;
  EXPECT_DOUBLE_EQ(hall.value, ordered);
  const auto names = [&](std::string_view entry) {
    return std::ranges::find(hall.entries, entry, &WhyEntry::entry) != hall.entries.end();
  };
  EXPECT_TRUE(names("hall.ulsan"));
  EXPECT_TRUE(names("site.ulsan")) << "its site";
  EXPECT_THAT(hall.title, HasSubstr("data halls at"));
  EXPECT_EQ(good("capacity.hall@ulsan").value, good("capacity.hall@ulsan").points.back().value);
}

TEST_F(WhyFigures, OfInputsTellWhereTheyStandAndWhatReadsThem) {
  const Why power = good("rack.gb300.power");
  EXPECT_EQ(power.value_text, "132 kW");
  ASSERT_EQ(power.entries.size(), 1U);
  EXPECT_EQ(power.entries[0].inputs.size(), 1U);
  EXPECT_THAT(power.used_by, testing::Contains("it_power"));
  const Why price = good("rack.gb300.price");
  EXPECT_EQ(price.entries[0].inputs[0].place, "--set:2");
  EXPECT_EQ(price.entries[0].inputs[0].input.source_from, "--set");
  const Why unwritten = good("hall.ulsan.life");
  EXPECT_THAT(unwritten.formula, HasSubstr("default"));
  const Why entry = good("hall.ulsan");
  EXPECT_GT(entry.entries[0].inputs.size(), 5U);
}

TEST_F(WhyFigures, ThatDoNotExistAreToldWithTheNearest) {
  const std::pair<const char*, const char*> cases[] = {
      {"it_powr", "it_power"},
      {"programme.it_load_instaled@ulsan", "programme.it_load_installed@ulsan"},
      {"builds.hal@ulsan", "builds.hall@ulsan"},
      {"rack.gb300.powr", "rack.gb300.power"},
      {"rack.gb30", "rack.gb300"},
      {"programme.it_load_installed@ulsan:2028-60", "programme.it_load_installed@ulsan:2028-06"},
      {"xyzzyxyzzyxyzzy", ""},
      {"", ""},
      {".", ""},
      {"builds.", ""},
      {"../../etc/passwd", ""},
      {"summary.x", ""},
  };
  for (const auto& [asked, nearest] : cases) {
    const auto found = why(run(), asked);
    ASSERT_TRUE(found) << asked;
    ASSERT_FALSE(*found) << asked;
    if (*nearest != '\0') {
      EXPECT_EQ(found->error().suggestion, nearest) << asked;
    }
  }
  EXPECT_FALSE(why(run() / "nowhere", "it_power"));
}

TEST_F(WhyFigures, AreJson) {
  const auto json = nlohmann::json::parse(why_json(good("it_power")));
  EXPECT_EQ(json["entries"][0]["inputs"][0]["path"], "rack.gb300.power");
  EXPECT_EQ(json["entries"][0]["inputs"][0]["is_weak"], true);
  EXPECT_EQ(json["unit"], "MW");
}

TEST_F(WhyFigures, LineageNamesEntriesThatAreThere) {
  const Compiled compiled = compile_run(run()).value();
  const Table lineage = read_run_table(run(), "lineage").value();
  ASSERT_GT(lineage.row_count(), 0U);
  std::map<std::pair<std::string, std::string>, double> sums;
  for (std::size_t i = 0; i < lineage.row_count(); ++i) {
    const std::string& entry = lineage.column("entry").texts()[i];
    const std::size_t dot = entry.find('.');
    const bool is_there = dot == std::string::npos
                              ? compiled.spec->single(entry) != nullptr
                              : compiled.spec->find(entry.substr(0, dot), entry.substr(dot + 1)) != nullptr;
    EXPECT_TRUE(is_there) << entry;
    EXPECT_FALSE(lineage.column("formula").texts()[i].empty()) << entry;
    sums[{lineage.column("table").texts()[i], lineage.column("figure").texts()[i]}] +=
        lineage.column("part").numbers()[i];
  }
  // the parts of what is a sum are the whole of it
  const Table summary = read_run_table(run(), "summary").value();
  for (std::size_t i = 0; i < summary.row_count(); ++i) {
    const std::string& name = summary.column("name").texts()[i];
    if (name != "it_power" && name != "accelerators_online" && !name.starts_with("spent_of")) continue;
    const double value = summary.column("value").numbers()[i];
    EXPECT_NEAR((sums[{"summary", name}]), value, 1e-9 * std::abs(value)) << name;
  }
}

}  // namespace
}  // namespace beltline
