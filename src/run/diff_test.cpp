// Differences of small plans, whose causes are known; the Korean ones are in tests/causes_test.cpp.
#include "run/diff.h"

#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "run/run_scenario.h"
#include "table/example_table.h"
#include "table/run_folder.h"

namespace beltline {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

class Differences : public ::testing::Test {
 protected:
  /// Three years: quick.
  fs::path run(const std::string& name, std::vector<std::string> overrides, const PlanOptions& options = {}) {
    overrides.insert(overrides.begin(), "calendar.periods=36");
    const Compiled compiled =
        compile_scenario(fs::path(BELTLINE_SOURCE_DIR) / "scenarios/first/scenario.toml", overrides);
    EXPECT_TRUE(compiled.model) << render(compiled.diagnostics, compiled.files);
    auto result = run_plan(compiled, options);
    EXPECT_TRUE(result);
    EXPECT_TRUE(write_run(scratch_.path() / name, {.manifest_json = result->manifest_json,
                                                   .tables = result->tables,
                                                   .texts = {},
                                                   .scenario = scenario_contents(compiled.originals)}));
    return scratch_.path() / name;
  }

  static Difference compare(const fs::path& a, const fs::path& b, const DiffOptions& options = {}) {
    auto found = compare_runs(a, b, options);
    if (!found) throw Bug(found.error().message);
    return std::move(*found);
  }

  ScratchFolder scratch_;
};

TEST_F(Differences, OfARunToItselfAreNone) {
  const fs::path a = run("a", {});
  const Difference d = compare(a, a);
  EXPECT_TRUE(d.causes.empty());
  EXPECT_TRUE(d.decisions.empty());
  EXPECT_TRUE(d.results.empty());
  EXPECT_TRUE(d.missed.empty());
  EXPECT_EQ(d.total.objective, 0);
  EXPECT_THAT(difference_text(d, false), HasSubstr("no input differs"));
}

TEST_F(Differences, OfOneInputAreTheWholeDifference) {
  const Difference d = compare(run("a", {}), run("b", {"rack.gb300.price*=1.5"}));
  ASSERT_EQ(d.causes.size(), 1U);
  const Cause& cause = d.causes.front();
  EXPECT_EQ(cause.entry, "rack.gb300");
  EXPECT_DOUBLE_EQ(cause.changes.front().ratio, 1.5);
  EXPECT_EQ(cause.changes.front().before, "USD 4 million/rack");
  EXPECT_EQ(cause.changes.front().place_after, "--set:2");
  EXPECT_GT(d.total.objective, 0) << "dearer racks cost more";
  EXPECT_EQ(cause.impact.objective, d.b.objective - d.a.objective);
  EXPECT_EQ(cause.impact.usd, d.total.objective);
  EXPECT_THAT(difference_text(d, false), HasSubstr("1. rack.gb300: cost +"));
}

TEST_F(Differences, OfSeveralInputsComeByTheirWorthAlone) {
  const Difference d = compare(run("a", {}), run("b", {"connection.ulsan.price*=1.01", "rack.gb300.price*=1.5",
                                                       "hall.ulsan.title=The hall", "site.ulsan.pue*=1.02"}));
  ASSERT_EQ(d.causes.size(), 4U);
  EXPECT_EQ(d.causes[0].entry, "rack.gb300") << difference_text(d, true);
  EXPECT_GE(d.causes[0].impact.weight, d.causes[1].impact.weight);
  EXPECT_GE(d.causes[1].impact.weight, d.causes[2].impact.weight);
  EXPECT_TRUE(d.causes[3].is_remark) << "a title is nothing to a plan";
  EXPECT_EQ(d.causes[3].entry, "hall.ulsan");
  EXPECT_GT(d.causes[1].impact.objective, 0);
  EXPECT_THAT(d.method, HasSubstr("alone"));
  // of more than can be told one by one, the rest together
  const Difference fewer = compare(scratch_.path() / "a", scratch_.path() / "b", {.cause_count_max = 1});
  EXPECT_TRUE(fewer.causes[0].impact.unknown.empty());
  EXPECT_THAT(fewer.causes[1].impact.unknown, HasSubstr("one of 2 more"));
  EXPECT_THAT(fewer.method, HasSubstr("the last 2 together"));
}

TEST_F(Differences, TellEntriesThatOnlyOneOfThemHas) {
  const Difference d = compare(run("a", {}), run("b", {"party.new.title=Newcomer", "rack.gb300.price*=1.5"}));
  ASSERT_EQ(d.causes.size(), 2U);
  EXPECT_EQ(d.causes[0].entry, "rack.gb300");
  EXPECT_EQ(d.causes[1].entry, "party.new");
  EXPECT_EQ(d.causes[1].title, "Newcomer");
  EXPECT_EQ(d.causes[1].impact.objective, 0);
  const Difference back = compare(scratch_.path() / "b", scratch_.path() / "a");
  EXPECT_EQ(back.causes[1].entry, "party.new");
  EXPECT_EQ(back.causes[1].changes.front().after, "");
}

TEST_F(Differences, TellWhatMakesAScenarioInfeasible) {
  const std::vector<std::string> wish = {"limit.large.terms=[{kind = \"online\", of = \"hall@ulsan\"}]",
                                         "limit.large.unit=MW", "limit.large.lower=100 MW",
                                         "limit.large.first=2028-01"};
  const fs::path a = run("a", {});
  const Difference d = compare(a, run("b", wish));
  EXPECT_EQ(d.b.termination, "infeasible");
  EXPECT_THAT(d.total.unknown, HasSubstr("B has no plan: infeasible"));
  ASSERT_EQ(d.causes.size(), 1U);
  EXPECT_EQ(d.causes.front().entry, "limit.large");
  std::vector<std::string> both = wish;
  both.emplace_back("connection.ulsan.price*=1.01");
  const Difference two = compare(a, run("c", both));
  ASSERT_EQ(two.causes.size(), 2U);
  EXPECT_EQ(two.causes.front().entry, "limit.large");
  EXPECT_THAT(two.causes.front().impact.unknown, HasSubstr("alone it makes the scenario infeasible"));
  EXPECT_THAT(difference_text(two, false), HasSubstr("infeasible"));
}

TEST_F(Differences, SayWhatCannotBeToldAlone) {
  const Difference d =
      compare(run("a", {}),
              run("b", {"calendar.start=2026-02", "rack.gb300.price*=1.5", "service.assistant.tokens=1 Mtoken/s"}));
  const auto calendar = std::ranges::find(d.causes, "calendar", &Cause::entry);
  ASSERT_NE(calendar, d.causes.end());
  EXPECT_FALSE(calendar->impact.unknown.empty());
  EXPECT_FALSE(d.notes.empty());
  EXPECT_THAT(d.notes.front(), HasSubstr("horizons"));
}

TEST_F(Differences, NoteOtherOptions) {
  const Difference d = compare(run("a", {}), run("b", {}, {.mip_gap_max = 0.02}));
  EXPECT_TRUE(d.causes.empty());
  ASSERT_FALSE(d.notes.empty());
  EXPECT_THAT(d.notes.front(), HasSubstr("other options"));
}

TEST_F(Differences, AreJsonWithoutNaN) {
  const Difference d = compare(run("a", {}), run("b", {"site.ulsan.cooling=seawater", "rack.gb300.price*=1.5"}));
  const auto json = nlohmann::json::parse(difference_json(d));
  EXPECT_EQ(json["inputs"].size(), d.causes.size());
  for (const auto& cause : json["inputs"]) {
    if (cause["entry"] == "site.ulsan") {
      EXPECT_TRUE(cause["changes"][0]["ratio"].is_null());
    }
  }
}

TEST_F(Differences, NeedTwoRunsThatAreWhole) {
  const fs::path a = run("a", {});
  EXPECT_FALSE(compare_runs(a, scratch_.path() / "nowhere"));
  const fs::path b = run("b", {});
  std::ofstream(b / "tables/builds.parquet", std::ios::app) << "x";
  EXPECT_FALSE(compare_runs(a, b));
}

}  // namespace
}  // namespace beltline
