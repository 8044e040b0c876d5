// A programme under way, as a user runs it: open, actuals, commitments, variance, and the page.
#include <sys/stat.h>

#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/support.h"

namespace beltline {
namespace {

namespace fs = std::filesystem;
using ::testing::ContainsRegex;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* kMarch =
    "kind,of,month,quantity,unit,note\n"
    "activity,etch,2026-01,300,wafer,\n"
    "activity,etch,2026-02,310,wafer,a furnace stood still\n"
    "yield,etch,2026-02,480,die/wafer,\n"
    "online,it_hall,2026-02,0,MW,\n";

/// The example of docs/commitments.md, planned once.
class Programme : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    scratch_ = new ScratchFolder;
    const Finished planned = run_program({"plan", example().string(), "-o", "run"}, scratch_->path());
    ASSERT_EQ(planned.code, 0) << planned.out << planned.err;
  }
  static void TearDownTestSuite() {
    delete scratch_;
    scratch_ = nullptr;
  }
  static fs::path example() { return fs::path(BELTLINE_SOURCE_DIR) / "docs/examples/chain"; }

  Programme() {
    // a scenario of this test's own, so that its register is
    scenario_ = own_.path() / "chain";
    fs::create_directory(scenario_);
    fs::copy_file(example() / "scenario.toml", scenario_ / "scenario.toml");
    write_text(own_.path() / "march.csv", kMarch);
    fs::create_directory_symlink(scratch_->path() / "run", own_.path() / "run");
  }

  Finished run(const std::vector<std::string>& arguments) const { return run_program(arguments, own_.path()); }
  nlohmann::json json(std::vector<std::string> arguments, int code = 0) const {
    arguments.emplace_back("--json");
    const Finished finished = run(arguments);
    EXPECT_EQ(finished.code, code) << finished.out << finished.err;
    const auto value = nlohmann::json::parse(finished.out, nullptr, false);
    EXPECT_FALSE(value.is_discarded()) << finished.out;
    return value;
  }

  static ScratchFolder* scratch_;
  ScratchFolder own_;
  fs::path scenario_;
};
ScratchFolder* Programme::scratch_ = nullptr;

TEST_F(Programme, ActualsAreAddedListedClosedAndVerified) {
  const auto added = json({"actuals", "add", "chain", "march.csv", "--by", "clerk"});
  EXPECT_EQ(added["added"], 4);
  EXPECT_EQ(added["register"], "chain/actuals/register.csv");
  const auto listed = json({"actuals", "list", "chain"});
  ASSERT_EQ(listed["rows"].size(), 4U);
  EXPECT_EQ(listed["rows"][1]["recorded_by"], "clerk");
  EXPECT_EQ(listed["rows"][1]["note"], "a furnace stood still");
  EXPECT_EQ(json({"actuals", "list", "chain", "--month", "2026-02"})["rows"].size(), 3U);
  EXPECT_EQ(json({"actuals", "close", "chain", "2026-01", "--by", "head"})["rows"], 5);
  const Finished late = run({"actuals", "add", "chain", "march.csv"});
  EXPECT_EQ(late.code, 1);
  EXPECT_THAT(late.err, HasSubstr("march.csv:2:15: error[BL0900]: 2026-01 is closed"));
  EXPECT_THAT(run({"actuals", "add", "chain", "march.csv", "--lang", "ko"}).err,
              HasSubstr("2026-01 실적은 마감되었습니다"));
  EXPECT_EQ(json({"actuals", "list", "chain"})["rows"].size(), 5U) << "nothing was added";
  EXPECT_EQ(run({"actuals", "close", "chain", "2026-01"}).code, 2);
  const auto verified = json({"actuals", "verify", "chain", "--head", std::string(added["head"])});
  EXPECT_EQ(verified["rows"], 5);
  EXPECT_EQ(verified["closed"][0], "2026-01");
  EXPECT_EQ(run({"actuals", "verify", "chain", "--head", std::string(64, '0')}).code, 6);
}

TEST_F(Programme, ARegisterThatWasChangedIsNotBelieved) {
  ASSERT_EQ(run({"actuals", "add", "chain", "march.csv"}).code, 0);
  const fs::path file = scenario_ / "actuals" / "register.csv";
  std::string text = text_of(file);
  text.replace(text.find("\"310\""), 5, "\"400\"");
  write_text(file, text);
  for (const auto& arguments : std::vector<std::vector<std::string>>{{"actuals", "verify", "chain"},
                                                                     {"actuals", "list", "chain"},
                                                                     {"actuals", "add", "chain", "march.csv"},
                                                                     {"commitments", "run", "--register", "chain"},
                                                                     {"variance", "run", "--register", "chain"}}) {
    const Finished finished = run(arguments);
    EXPECT_EQ(finished.code, 6) << arguments[0] << finished.err;
    EXPECT_THAT(finished.err, HasSubstr("is damaged at line 3: the row was changed after it was written"));
  }
}

TEST_F(Programme, AWrongFileIsRefusedWhole) {
  write_text(
      own_.path() / "bad.csv",
      "kind,of,month,quantity\nactivity,etch,2026-01,300\nactivity,etsch,2026-01,1\nstock,die_bank,2026-01,-5\n");
  const Finished refused = run({"actuals", "add", "chain", "bad.csv"});
  EXPECT_EQ(refused.code, 1);
  EXPECT_THAT(refused.err, HasSubstr("did you mean 'etch'?"));
  EXPECT_THAT(refused.err, HasSubstr("BL0104"));
  EXPECT_FALSE(fs::exists(scenario_ / "actuals" / "register.csv"));
  EXPECT_EQ(json({"actuals", "add", "chain", "bad.csv"}, 1)["diagnostics"].size(), 2U);
  EXPECT_EQ(run({"actuals", "add", "run", "march.csv"}).code, 2) << "a run is no place for a register";
  EXPECT_EQ(run({"actuals", "add", "elsewhere.csv", "march.csv"}).code, 2) << "nobody knows whose names these are";
  EXPECT_EQ(run({"actuals", "add", "elsewhere.csv", "march.csv", "--scenario", "chain"}).code, 0);
  EXPECT_EQ(run({"actuals"}).code, 2);
  EXPECT_EQ(run({"actuals", "close", "chain", "2026-1"}).code, 2);
  EXPECT_EQ(run({"actuals", "close", "chain", "2036-01"}).code, 2) << "outside the horizon";
  for (const char* command : {"list", "verify"}) {
    const Finished nowhere = run({"actuals", command, "nowhere"});
    EXPECT_EQ(nowhere.code, 6) << "a path that is mistaken is no empty register";
    EXPECT_THAT(nowhere.err, HasSubstr("'nowhere'"));
  }
}

TEST_F(Programme, PromisesAndVariance) {
  ASSERT_EQ(run({"actuals", "add", "chain", "march.csv"}).code, 0);
  const auto promises = json({"commitments", "run", "--register", "chain", "--party", "builder"});
  ASSERT_EQ(promises["commitments"].size(), 2U);
  EXPECT_EQ(promises["commitments"][1]["name"], "second_site");
  EXPECT_EQ(promises["commitments"][1]["has_quantity"], false);
  EXPECT_THAT(run({"commitments", "run", "--lang", "ko"}).out, HasSubstr("수량 없음"));
  EXPECT_THAT(run({"commitments", "run", "--csv"}).out, HasSubstr("commitment,title,title_ko,from,to,kind"));
  EXPECT_THAT(run({"commitments", "run", "wafers"}).out, HasSubstr("Contract of 20 November 2025"));
  EXPECT_EQ(run({"commitments", "run", "--party", "bilder"}).code, 2);
  EXPECT_EQ(run({"commitments", "nowhere"}).code, 6);
  const auto variance = json({"variance", "run", "--register", "chain"});
  const auto& etch = variance["items"][0];
  EXPECT_EQ(etch["of"], "etch");
  const auto& units = etch["units"];
  EXPECT_NEAR(double(units["volume"]) + double(units["yield"]) + double(units["timing"]), double(units["total"]), 1e-6);
  EXPECT_NEAR(double(units["actual"]), 300 * 500 + 310 * 480, 1e-6);
  EXPECT_EQ(run({"variance", "run"}).code, 2);
  EXPECT_EQ(run({"variance", "run", "--register", "nowhere"}).code, 6) << "nothing is recorded there";
}

TEST_F(Programme, OpensFromWhatWasCountedAndPlans) {
  ASSERT_EQ(run({"actuals", "add", "chain", "march.csv"}).code, 0);
  const auto opened = json({"open", "run", "--month", "2026-03", "--register", "chain", "-o", "later"});
  EXPECT_EQ(opened["opening"], "opening-2026-03.csv");
  EXPECT_THAT(text_of(own_.path() / "later" / "opening-2026-03.csv"),
              ContainsRegex("arriving,die,fab,148800 die,2026-04"));  // 310 wafers at 480 dies each
  EXPECT_EQ(run({"open", "run", "--month", "2026-03", "-o", "later"}).code, 6) << "it is there already";
  EXPECT_EQ(run({"open", "run", "--month", "2026-03", "-o", "later", "--force"}).code, 0);
  EXPECT_EQ(run({"open", "run", "--month", "2029-03", "-o", "never"}).code, 2);
  EXPECT_FALSE(fs::exists(own_.path() / "never"));
  EXPECT_EQ(run({"check", "later"}).code, 0);
  const Finished planned = run({"plan", "later", "-o", "rest"});
  EXPECT_EQ(planned.code, 0) << planned.err;
  EXPECT_THAT(planned.out, HasSubstr("22 periods from 2026-03"));
  EXPECT_EQ(run({"plan", "later", "--rolling", "6month", "-o", "windows"}).code, 0)
      << "promises are asked of windows too";
  // the two have other horizons, and states that only one of them has
  const Finished differs = run({"diff", "run", "rest"});
  EXPECT_EQ(differs.code, 0) << differs.err;
  EXPECT_THAT(differs.out, HasSubstr("their horizons differ"));
  const Finished page = run({"report", "rest", "--register", "chain", "-o", "rest.html"});
  EXPECT_EQ(page.code, 0) << page.err;
  EXPECT_THAT(text_of(own_.path() / "rest.html"), HasSubstr("\"promises\""));
}

}  // namespace
}  // namespace beltline
