#include "run/run_scenario.h"

#include <fstream>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "base/diagnostic_codes.h"
#include "table/example_table.h"
#include "table/files.h"
#include "table/run_folder.h"

namespace beltline {
namespace {

namespace fs = std::filesystem;

TEST(KeptFiles, KeepSafePathsAndRenameTheOthers) {
  const std::vector<SourceFile> files = {{"FILE-1.csv", ""},      {"data/prices.csv", ""}, {"data/가격.csv", ""},
                                         {"data/PRICES.csv", ""}, {"scenario.toml", ""},   {"-x", ""},
                                         {"file-2.csv", ""}};
  std::vector<std::string> names;
  for (const KeptFile& each : kept_files(files)) names.push_back(each.name);
  EXPECT_EQ(names, (std::vector<std::string>{"FILE-1.csv", "data/prices.csv", "file-2.csv", "file-3.csv",
                                             "scenario.toml", "file-1", "file-4.csv"}));
}

/// The first scenario with a file that has an unusual name, planned with an override.
class KeptRun : public ::testing::Test {
 protected:
  KeptRun() {
    fs::create_directory(folder_);
    fs::copy_file(fs::path(BELTLINE_SOURCE_DIR) / "scenarios/first/scenario.toml", folder_ / "first.toml");
    std::ofstream(folder_ / "my plan.toml") << "include = [\"first.toml\", \"가격.toml\"]\n";
    std::ofstream(folder_ / "가격.toml") << "[party.someone]\ntitle = \"Someone\"\n";
    compiled_ = compile_scenario(folder_ / "my plan.toml", {"party.someone.title=Another"});
  }

  void write() {
    ASSERT_TRUE(compiled_.model) << render(compiled_.diagnostics, compiled_.files);
    auto result = run_plan(compiled_, {});
    ASSERT_TRUE(result) << result.error().message;
    ASSERT_TRUE(write_run(run_, {.manifest_json = result->manifest_json,
                                 .tables = result->tables,
                                 .texts = {},
                                 .scenario = scenario_contents(compiled_.originals)}));
  }

  ScratchFolder scratch_;
  fs::path folder_ = scratch_.path() / "scenario";
  fs::path run_ = scratch_.path() / "run";
  Compiled compiled_;
};

TEST_F(KeptRun, CompilesToTheSameModelWithoutItsFolder) {
  write();
  fs::remove_all(folder_);
  const auto again = compile_run(run_);
  ASSERT_TRUE(again) << again.error().message;
  ASSERT_TRUE(again->model) << render(again->diagnostics, again->files);
  EXPECT_EQ(dump(*again->spec), dump(*compiled_.spec));
  EXPECT_EQ(again->spec->hash, compiled_.spec->hash);
  EXPECT_EQ(again->spec->name, compiled_.spec->name);
  EXPECT_EQ(again->model->pool, compiled_.model->pool);
  EXPECT_EQ(again->spec->find("party", "someone")->text("title"), "Another");

  const auto changed = compile_run(run_, {"party.someone.title=A third"});
  ASSERT_TRUE(changed && changed->spec);
  EXPECT_EQ(changed->spec->find("party", "someone")->text("title"), "A third");
  const auto wrong = compile_run(run_, {"party.someone.titel=A third"});
  ASSERT_TRUE(wrong);
  EXPECT_FALSE(wrong->model);
  EXPECT_EQ(wrong->diagnostics.all().front().code, Code::unknown_key);
  EXPECT_EQ(wrong->files.describe(wrong->diagnostics.all().front().origin), "--set:2:15");
}

TEST_F(KeptRun, SaysWhatItWasPlannedWith) {
  write();
  const auto manifest = nlohmann::json::parse(verify_run(run_).value());
  EXPECT_EQ(manifest["options"]["set"], nlohmann::json::parse(R"(["party.someone.title=Another"])"));
  EXPECT_EQ(manifest["scenario"]["main"], "my plan.toml");
  EXPECT_EQ(manifest["scenario"]["files"].size(), 3U);
  EXPECT_EQ(read_run_file(run_, "scenario/first.toml").value(), read_file(folder_ / "first.toml").value());
}

TEST_F(KeptRun, DamagedOrOlderRunsAreFailures) {
  EXPECT_FALSE(compile_run(run_)) << "there is none";
  write();
  std::ofstream(run_ / "scenario/first.toml", std::ios::app) << "\n";
  EXPECT_FALSE(compile_run(run_)) << "damaged";
  ASSERT_TRUE(write_run(scratch_.path() / "older",
                        {.manifest_json = "{\"scenario\": {\"name\": \"x\"}}", .tables = {}, .texts = {}}));
  const auto older = compile_run(scratch_.path() / "older");
  ASSERT_FALSE(older);
  EXPECT_NE(older.error().message.find("does not hold its scenario"), std::string::npos);
  for (const char* hostile :
       {R"({"scenario": 3})", R"({"options": []})", R"({"scenario": {"main": "a", "files": [3]}})",
        R"({"scenario": {"main": "a", "files": [{"path": "a", "file": "../b"}]}})",
        R"({"options": {"set": [3]}, "scenario": {"main": "a", "files": []}})",
        R"({"options": {"set": 3}, "scenario": {"main": "a", "files": []}})"}) {
    ASSERT_TRUE(write_run(scratch_.path() / "odd", {.manifest_json = hostile, .tables = {}, .texts = {}}));
    const auto odd = compile_run(scratch_.path() / "odd");
    EXPECT_TRUE(!odd || !odd->model) << hostile;
  }
}

TEST_F(KeptRun, IsKeptWhenThereIsNoPlan) {
  // more than the land of the site holds
  std::ofstream(folder_ / "가격.toml") << "[limit.large]\nterms = [{kind = \"online\", of = \"hall@ulsan\"}]\n"
                                          "unit = \"MW\"\nlower = \"100 MW\"\nfirst = \"2030-01\"\n";
  compiled_ = compile_scenario(folder_ / "my plan.toml");
  write();
  EXPECT_EQ(nlohmann::json::parse(verify_run(run_).value())["termination"], "infeasible");
  EXPECT_TRUE(compile_run(run_)->model);
}

}  // namespace
}  // namespace beltline
