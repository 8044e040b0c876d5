#include "report/joined_runs.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace beltline {
namespace {

using testing::HasSubstr;

Table table_of(std::string name, std::vector<std::string> texts) {
  Table table{.name = std::move(name), .title = "", .columns = {}};
  table.add_texts("text").values = std::move(texts);
  return table;
}

std::string manifest(const std::string& hash, const std::string& study = "") {
  nlohmann::json json = {{"scenario", {{"name", "s"}, {"sha256", hash}}}, {"termination", "optimal"}};
  if (!study.empty()) json.update({{"study", study}, {"facts", {{"seed", 7}}}, {"options", {{"set", {"a.b=1"}}}}});
  return json.dump();
}

ReportRun plan(const std::string& hash = "aa") {
  return {"runs/plan", manifest(hash), {table_of("sites", {"x"})}};
}
ReportRun study(const std::string& name, const std::string& hash = "aa") {
  return {"runs/" + name, manifest(hash, name), {table_of(name + "_series", {"y"}), table_of("names", {"n"})}};
}

TEST(JoinedRuns, AreOnePlanAndWhatWasFoundOfIt) {
  // the plan may stand anywhere: it is what the page is of
  for (const auto& runs : {std::vector{plan(), study("risk")}, std::vector{study("risk"), plan()}}) {
    const auto joined = join_runs(runs);
    ASSERT_TRUE(joined.has_value()) << joined.error().message;
    EXPECT_EQ(joined->manifest_json, manifest("aa"));
    EXPECT_EQ(joined->tables.size(), 3U);
  }
  const auto joined = join_runs({plan(), study("risk")});
  const auto listed = nlohmann::json::parse(joined->runs_json);
  ASSERT_EQ(listed.size(), 2U);
  EXPECT_EQ(listed[0]["study"], "");
  EXPECT_EQ(listed[1]["run"], "risk");
  EXPECT_EQ(listed[1]["study"], "risk");
  EXPECT_EQ(listed[1]["facts"]["seed"], 7);
  EXPECT_EQ(listed[1]["set"], nlohmann::json({"a.b=1"}));
  EXPECT_EQ(listed[1]["tables"], nlohmann::json({"risk_series", "names"}));
}

TEST(JoinedRuns, MayBeStudiesAlone) {
  const auto joined = join_runs({study("risk"), study("audit")});
  ASSERT_TRUE(joined.has_value()) << joined.error().message;
  EXPECT_EQ(joined->manifest_json, manifest("aa", "risk"));
  EXPECT_EQ(joined->tables.size(), 3U) << "what both have alike is there once";
}

TEST(JoinedRuns, AreOfOneScenario) {
  for (const auto& runs : {std::vector{plan(), study("risk", "bb")}, std::vector{study("risk", "bb"), plan()}}) {
    const auto joined = join_runs(runs);
    ASSERT_FALSE(joined.has_value());
    EXPECT_THAT(joined.error().message, HasSubstr("'runs/risk' is of another scenario than 'runs/plan'"));
    EXPECT_THAT(joined.error().message, HasSubstr("SHA-256 bb…, expected 's' with aa…"));
  }
}

TEST(JoinedRuns, AreRefusedWhereTheyContradict) {
  const auto plans = join_runs({plan(), plan()});
  ASSERT_FALSE(plans.has_value());
  EXPECT_THAT(plans.error().message, HasSubstr("both plans"));
  ReportRun other = study("risk");
  other.name = "runs/risk-2";
  other.tables[0] = table_of("risk_series", {"z"});
  const auto twice = join_runs({study("risk"), other});
  ASSERT_FALSE(twice.has_value());
  EXPECT_THAT(twice.error().message, HasSubstr("'runs/risk' and 'runs/risk-2' both have a table 'risk_series'"));
  ReportRun damaged = plan();
  damaged.manifest_json = "[]";
  const auto broken = join_runs({damaged});
  ASSERT_FALSE(broken.has_value());
  EXPECT_THAT(broken.error().message, HasSubstr("'runs/plan': the manifest is no JSON object"));
}

}  // namespace
}  // namespace beltline
