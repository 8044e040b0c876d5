// beltline report as a user runs it, on a small scenario and on names that mean harm.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/support.h"

namespace beltline {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::Not;

/// A run of a small scenario in a folder of its own.
class Report : public testing::Test {
 protected:
  Report() : scenario_(scenario_folder("first")) {
    scenario_.set("calendar", "periods", "20");
    scenario_.set("calendar", "slices_per_day", "1");
  }

  void plan(const std::string& name) const {
    const Finished finished = run({"plan", scenario_.path().string(), "-o", name});
    ASSERT_EQ(finished.code, 0) << finished.err;
  }
  [[nodiscard]] Finished run(const std::vector<std::string>& arguments) const {
    return run_program(arguments, scratch_.path());
  }
  [[nodiscard]] const fs::path& folder() const { return scratch_.path(); }

  ScenarioCopy scenario_;

 private:
  ScratchFolder scratch_;
};

/// The JSON of one data element of a page.
nlohmann::json data_of(const std::string& page, const std::string& id) {
  const std::string tag = "<script type=\"application/json\" id=\"" + id + "\">";
  const std::size_t begin = page.find(tag);
  if (begin == std::string::npos) return nullptr;
  const std::size_t from = begin + tag.size();
  return nlohmann::json::parse(page.substr(from, page.find("</script>", from) - from), nullptr, false);
}

TEST_F(Report, WritesOnePageBesideTheRun) {
  plan("mine");
  const Finished finished = run({"report", "mine/", "--lang", "ko", "--json"});
  ASSERT_EQ(finished.code, 0) << finished.err;
  const auto answer = nlohmann::json::parse(finished.out);
  EXPECT_EQ(answer["report"], "mine.html");

  const std::string page = text_of(folder() / "mine.html");
  EXPECT_EQ(answer["bytes"], page.size());
  EXPECT_LE(page.size(), 3'000'000U);
  EXPECT_THAT(page, HasSubstr("<html lang=\"ko\">"));
  EXPECT_EQ(data_of(page, "settings")["language"], "ko");
  EXPECT_EQ(data_of(page, "manifest")["termination"], "optimal");
  const auto tables = data_of(page, "tables");
  for (const char* name : {"summary", "sites", "names", "binding", "builds"})
    EXPECT_TRUE(tables.contains(name)) << name;
  EXPECT_FALSE(tables.contains("dispatch")) << "hours stay outside";

  const Finished again = run({"report", "mine", "-o", "other.html"});
  EXPECT_EQ(again.code, 0) << again.err;
  EXPECT_THAT(again.out, HasSubstr("wrote other.html"));
  EXPECT_EQ(data_of(text_of(folder() / "other.html"), "tables"), tables);
}

TEST_F(Report, ShowsEveryFigureOfTheSummaryAsItIs) {
  plan("mine");
  ASSERT_EQ(run({"report", "mine"}).code, 0);
  const auto columns = data_of(text_of(folder() / "mine.html"), "tables")["summary"]["columns"];
  const auto table = nlohmann::json::parse(run({"table", "mine", "summary", "--json"}).out);
  ASSERT_EQ(columns[2]["name"], "value");
  for (std::size_t row = 0; row < table["rows"].size(); ++row) {
    EXPECT_EQ(columns[2]["values"][row], table["rows"][row][2]) << table["rows"][row][1];
  }
}

TEST_F(Report, KeepsHostileNamesInsideItsData) {
  const std::string hostile = "</script><script>alert(1)</script><!--";
  scenario_.set("scenario", "title", "\"" + hostile + "\"");
  scenario_.rewrite([&](const std::string& text) {
    const std::string head = "[site.ulsan]";
    std::string out = text;
    return out.replace(out.find(head), head.size(), head + "\ntitle = \"" + hostile + "\"");
  });
  plan("evil");
  ASSERT_EQ(run({"report", "evil"}).code, 0);
  const std::string page = text_of(folder() / "evil.html");
  EXPECT_THAT(page, Not(HasSubstr("<script>alert")));
  EXPECT_EQ(data_of(page, "manifest")["scenario"]["title"], hostile);
  const auto names = data_of(page, "tables")["names"].dump();
  EXPECT_THAT(names, HasSubstr("alert(1)"));
}

TEST_F(Report, TakesFurtherRunsOfTheSameScenario) {
  plan("mine");
  ASSERT_EQ(run({"risk", "mine", "--replications", "256", "-o", "odds/"}).code, 0);
  const Finished finished = run({"report", "mine", "odds/", "--json"});
  ASSERT_EQ(finished.code, 0) << finished.err;
  EXPECT_EQ(nlohmann::json::parse(finished.out)["report"], "mine.html");
  const std::string page = text_of(folder() / "mine.html");
  EXPECT_EQ(data_of(page, "manifest")["verified"], true) << "it is the plan's page";
  const auto runs = data_of(page, "settings")["runs"];
  ASSERT_EQ(runs.size(), 2U);
  EXPECT_EQ(runs[1]["run"], "odds");
  EXPECT_EQ(runs[1]["facts"]["replications"], 256);
  const auto tables = data_of(page, "tables");
  for (const char* name : {"summary", "risk_milestones", "risk_series"}) EXPECT_TRUE(tables.contains(name)) << name;

  // a study alone: titles and sources come from the scenario that it kept
  ASSERT_EQ(run({"report", "odds"}).code, 0);
  const auto alone = data_of(text_of(folder() / "odds.html"), "tables");
  EXPECT_FALSE(alone.contains("summary"));
  for (const char* name : {"names", "inputs", "provenance"}) EXPECT_EQ(alone[name], tables[name]) << name;
}

TEST_F(Report, RefusesRunsThatDoNotBelongTogether) {
  plan("mine");
  ASSERT_EQ(run({"risk", "mine", "--replications", "256", "-o", "odds"}).code, 0);
  scenario_.set("calendar", "periods", "21");
  plan("later");
  const Finished other = run({"report", "later", "odds"});
  EXPECT_EQ(other.code, 6);
  EXPECT_THAT(other.err, HasSubstr("'odds' is of another scenario than 'later'"));
  const Finished plans = run({"report", "mine", "mine"});
  EXPECT_EQ(plans.code, 6);
  EXPECT_THAT(plans.err, HasSubstr("both plans"));
  const Finished twice = run({"report", "mine", "odds", "odds", "-o", "twice.html"});
  EXPECT_EQ(twice.code, 0) << "the same again adds nothing: " << twice.err;
  EXPECT_EQ(run({"report", "mine", "nowhere"}).code, 6);
}

TEST_F(Report, FailsWithAMessage) {
  const Finished absent = run({"report", "nowhere"});
  EXPECT_EQ(absent.code, 6);
  EXPECT_THAT(absent.err, HasSubstr("nowhere"));
  EXPECT_EQ(run({"report"}).code, 2);
  plan("mine");
  EXPECT_EQ(run({"report", "mine", "--lang", "fr"}).code, 2);
  const Finished unwritable = run({"report", "mine", "-o", "no/such/folder/page.html"});
  EXPECT_EQ(unwritable.code, 6);
  EXPECT_FALSE(fs::exists(folder() / "mine.html"));
  // a run with one byte changed is no run
  write_text(folder() / "mine" / "summary.txt", "changed");
  EXPECT_EQ(run({"report", "mine"}).code, 6);
}

}  // namespace
}  // namespace beltline
