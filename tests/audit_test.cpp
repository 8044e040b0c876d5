// The audit as a user runs it: the Korean announcements, seeds and samples, run folders, wrong input.
#include <algorithm>
#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "table/run_folder.h"
#include "tests/support.h"

namespace beltline {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;
using ::testing::HasSubstr;

/// One row of table `audit`.
struct Row {
  double p5 = 0, p50 = 0, p95 = 0, stated = 0, ratio_p5 = 0, ratio_p50 = 0, ratio_p95 = 0, met = 0;
  std::string verdict;
};

class AuditProgram : public testing::Test {
 protected:
  std::string korea() const { return scenario_folder("korea").string(); }
  std::string harbour() const { return BELTLINE_SOURCE_DIR "/docs/examples/harbour"; }
  std::string path(const std::string& name) const { return (scratch_.path() / name).string(); }
  Finished run(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), "audit");
    return run_program(arguments, scratch_.path());
  }
  Finished run_well(std::vector<std::string> arguments) const {
    Finished finished = run(std::move(arguments));
    EXPECT_EQ(finished.code, 0) << finished.err;
    return finished;
  }

 private:
  ScratchFolder scratch_;
};

/// Rows of a claim, with racks of one generation, in one reading; "" for `compared`: what it implies on its own.
struct Asked {
  std::string claim, basis, reading, kind, compared;
};
Row row_of(const Table& table, const Asked& asked) {
  const auto text = [&](const char* column, std::size_t i) { return table.column(column).texts()[i]; };
  for (std::size_t i = 0; i < table.row_count(); ++i) {
    if (text("claim", i) != asked.claim || text("basis", i) != asked.basis || text("reading", i) != asked.reading ||
        text("kind", i) != asked.kind || text("compared", i) != asked.compared)
      continue;
    const auto number = [&](const char* column) { return table.column(column).numbers()[i]; };
    return {.p5 = number("p5"),
            .p50 = number("p50"),
            .p95 = number("p95"),
            .stated = number("stated"),
            .ratio_p5 = number("ratio_p5"),
            .ratio_p50 = number("ratio_p50"),
            .ratio_p95 = number("ratio_p95"),
            .met = number("share_met"),
            .verdict = text("verdict", i)};
  }
  ADD_FAILURE() << "no row " << asked.claim << " " << asked.basis << " " << asked.reading << " " << asked.kind << " "
                << asked.compared;
  return {};
}

/// P5 and P95 of a figure lie in what other reckonings of the same facts give, with a tenth of room.
void expect_within(const Row& row, double low, double high) {
  EXPECT_GT(row.p5, 0.9 * low);
  EXPECT_LT(row.p5, 1.1 * high);
  EXPECT_GT(row.p95, 0.9 * low);
  EXPECT_LT(row.p95, 1.1 * high);
}

TEST_F(AuditProgram, KoreaIsAuditedIntoAWholeRun) {
  run_well({korea(), "-o", path("run")});
  EXPECT_TRUE(verify_run(path("run")).has_value());
}

TEST_F(AuditProgram, KoreaShowsWhatTheAnnouncementsImply) {
  run_well({korea(), "-o", path("run")});
  const auto table = read_run_table(path("run"), "audit");
  ASSERT_TRUE(table.has_value());
  const std::string gb300 = "gb300_nvl72", rubin = "vr_nvl72", starts = "wafers";
  // 10 GW in four years with racks of the GB300 class: 39,000 to 57,000 wafers a month, 24,000 to 36,000 of them HBM
  expect_within(row_of(*table, {"power", gb300, "", starts, ""}), 39000, 57000);
  expect_within(row_of(*table, {"power", gb300, "", "hbm_wafers", ""}), 24000, 36500);
  expect_within(row_of(*table, {"power", gb300, "", "accelerators", ""}), 3.6e6, 4.6e6);
  // 900,000 are 16 to 28 times that
  for (const std::string& basis : {gb300, rubin}) {
    const Row wafers = row_of(*table, {"power", basis, "", starts, "wafers"});
    EXPECT_EQ(wafers.verdict, "differs");
    EXPECT_GT(wafers.ratio_p5, 14.5);
    EXPECT_LT(wafers.ratio_p95, 28);
  }
  // USD 500 billion, 10 GW and 4 to 5 million accelerators agree, within a factor of 1.5
  const Row money = row_of(*table, {"power", gb300, "", "money", "money"});
  EXPECT_NE(money.verdict, "differs");
  EXPECT_NEAR(money.ratio_p50, 1.2, 0.25);
  EXPECT_EQ(row_of(*table, {"power", gb300, "", "accelerators", "accelerators"}).verdict, "agrees");
  expect_within(row_of(*table, {"power", gb300, "", "money_per_power", ""}), 35e6, 60e6);
  expect_within(row_of(*table, {"power", gb300, "", "power_per_accelerator", ""}), 2.0, 2.5);
}

TEST_F(AuditProgram, KoreaShowsWhat900000WafersWouldNeed) {
  run_well({korea(), "-o", path("run")});
  const auto table = read_run_table(path("run"), "audit");
  ASSERT_TRUE(table.has_value());
  const std::string gb300 = "gb300_nvl72", all = "all of it HBM";
  // a build of 40 to 60 GW a year, with the HBM and host memory that the racks take; interposers 87,000 to 124,000
  expect_within(row_of(*table, {"wafers", gb300, "", "power", ""}), 4 * 41700, 4 * 60600);
  expect_within(row_of(*table, {"wafers", gb300, "", "interposers", ""}), 86600, 124400);
  expect_within(row_of(*table, {"wafers", gb300, all, "accelerators", ""}), 4 * 26.7e6, 4 * 37.7e6);
  expect_within(row_of(*table, {"wafers", gb300, "40 % of it HBM", "power", ""}), 4 * 23.0e3, 4 * 46.2e3);
  // of the world's wafers 36 to 46 %, of the four largest makers' 55 %; of the industry's HBM more than twice
  const Row world = row_of(*table, {"wafers", gb300, "", "wafers", "dram_world"});
  EXPECT_NEAR(world.ratio_p50, 0.40, 0.02);
  EXPECT_GT(world.ratio_p5, 0.35);
  EXPECT_LT(world.ratio_p95, 0.47);
  EXPECT_NEAR(row_of(*table, {"wafers", gb300, "", "wafers", "dram_four_makers"}).ratio_p50, 0.55, 0.01);
  EXPECT_GT(row_of(*table, {"wafers", gb300, all, "hbm_wafers", "hbm_industry"}).ratio_p5, 2);
  // bits: trillions of gigabits are a thousand times too many
  EXPECT_NEAR(row_of(*table, {"wafers", gb300, "", "memory", "bits_printed"}).ratio_p50, 1000, 300);
  EXPECT_EQ(row_of(*table, {"wafers", gb300, "", "memory", "bits_corrected"}).verdict, "agrees");
  EXPECT_NEAR(row_of(*table, {"korea_first", gb300, "", "power", "power"}).ratio_p50, 0.0023, 0.0005);
}

TEST_F(AuditProgram, EachImpliedFigureNamesItsLines) {
  run_well({harbour(), "-o", path("run")});
  const auto lines = read_run_table(path("run"), "audit_lines");
  const auto uses = read_run_table(path("run"), "audit_uses");
  const auto audit = read_run_table(path("run"), "audit");
  ASSERT_TRUE(lines && uses && audit);
  for (std::size_t i = 0; i < audit->row_count(); ++i) {
    bool is_told = false;
    for (std::size_t j = 0; j < uses->row_count() && !is_told; ++j) {
      is_told = uses->column("claim").texts()[j] == audit->column("claim").texts()[i] &&
                uses->column("kind").texts()[j] == audit->column("kind").texts()[i];
    }
    EXPECT_TRUE(is_told || !audit->column("compared").texts()[i].empty()) << i;
  }
  for (const std::string& place : lines->column("place").texts()) EXPECT_THAT(place, HasSubstr("scenario.toml:"));
}

TEST_F(AuditProgram, JsonHasAllTables) {
  const Finished finished = run_well({harbour(), "--json"});
  const Json json = Json::parse(finished.out, nullptr, false);
  ASSERT_FALSE(json.is_discarded());
  EXPECT_EQ(json["study"], "audit");
  EXPECT_EQ(json["samples"], 2000);
  for (const char* name : {"audit", "audit_claims", "audit_sentences", "audit_lines", "audit_uses", "audit_changes"})
    EXPECT_TRUE(json["tables"].contains(name)) << name;
}

TEST_F(AuditProgram, TheSameSeedGivesTheSameBytes) {
  const std::string one = run_well({harbour(), "--json"}).out;
  EXPECT_EQ(one, run_well({harbour(), "--json"}).out);
  EXPECT_NE(one, run_well({harbour(), "--json", "--seed", "7"}).out);
  EXPECT_NE(one, run_well({harbour(), "--json", "--samples", "500"}).out);
}

TEST_F(AuditProgram, SpeaksKorean) {
  const std::string korean = run_well({korea(), "--lang", "ko"}).out;
  EXPECT_THAT(korean,
              HasSubstr("“4년간 10 GW” 대 “월 최대 90만 장 D램 웨이퍼”(발표치 월 90만 장): 서로 맞지 않습니다."));
  EXPECT_THAT(korean, HasSubstr("서로 비교"));
}

TEST_F(AuditProgram, OneClaimAlone) {
  const std::string text = run_well({harbour(), "--claim", "campus"}).out;
  EXPECT_THAT(text, HasSubstr("What moves its DRAM wafers most"));
  EXPECT_THAT(text, testing::Not(HasSubstr("Doors open")));
}

TEST_F(AuditProgram, RefusesWhatItCannotDo) {
  const Finished unknown = run({harbour(), "--claim", "campsu"});
  EXPECT_EQ(unknown.code, 2);
  EXPECT_THAT(unknown.err, HasSubstr("did you mean 'campus'?"));
  const Finished capacity = run({harbour(), "--claim", "world"});
  EXPECT_EQ(capacity.code, 2);
  EXPECT_THAT(capacity.err, HasSubstr("implies nothing"));
  EXPECT_EQ(run({harbour(), "--seed", "lucky"}).code, 2);
  EXPECT_EQ(run({harbour(), "--samples", "0"}).code, 2);
  EXPECT_EQ(run({path("nowhere")}).code, 1);
  const Finished wrong = run({harbour(), "--set", "claim.chips.quantity=\"3 MW\""});
  EXPECT_EQ(wrong.code, 1);
  EXPECT_THAT(wrong.err, HasSubstr("BL0107"));
}

TEST_F(AuditProgram, ClaimsAreNothingThatATornadoMoves) {
  const Finished finished = run_program({"tornado", harbour(), "--only", "claim", "--json"});
  ASSERT_EQ(finished.code, 0) << finished.out << finished.err;
  EXPECT_EQ(Json::parse(finished.out)["tables"]["tornado"]["rows"].size(), 0U);
}

TEST_F(AuditProgram, AScenarioWithoutClaimsIsAuditedByItsCommitments) {
  ScenarioCopy copy(harbour());
  copy.rewrite([](const std::string& text) { return text.substr(0, text.find("# What was announced.")); });
  const Finished finished = run_well({copy.path().string()});
  EXPECT_THAT(finished.out, HasSubstr("A campus of one gigawatt"));
  const Finished none = run_well({scenario_folder("first").string()});
  EXPECT_THAT(none.out, HasSubstr("no claims"));
}

}  // namespace
}  // namespace beltline
