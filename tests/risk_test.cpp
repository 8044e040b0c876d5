// `beltline risk` as a user runs it: whether buffers help beyond doubt, stories whose end follows by hand, the same
// bytes on any number of threads, and what it says of bad input.
#include <signal.h>

#include <stdexcept>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/support.h"

namespace beltline {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::Not;

const fs::path kQuay = fs::path(BELTLINE_SOURCE_DIR) / "docs" / "examples" / "quay";

/// What holds in every replication: nothing is drawn and nothing happens but what a test adds.
const std::vector<std::string> kCertain{"uncertainty.first_pass.low=1.0",
                                        "uncertainty.first_pass.mode=1.0",
                                        "uncertainty.first_pass.high=1.0",
                                        "uncertainty.outfitting.low=0 month",
                                        "uncertainty.outfitting.high=0 month",
                                        "process.buy.flows[1].lag=5 month",
                                        "shock.slip.rate=0 /year",
                                        "shock.stall.rate=0 /year",
                                        "shock.dock.rate=0 /year"};

/// The plan of docs/examples/quay, made once.
class Risk : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    shared_ = new ScratchFolder;
    const Finished planned = run_program({"plan", kQuay.string(), "-o", run().string()});
    ASSERT_EQ(planned.code, 0) << planned.out << planned.err;
  }
  static void TearDownTestSuite() { delete shared_; }

  static fs::path run() { return shared_->path() / "quay"; }
  [[nodiscard]] fs::path folder() const { return scratch_.path(); }

  Finished risk(const fs::path& of, std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), {"risk", of.string()});
    return run_program(arguments, folder());
  }
  /// Its JSON; arguments that repeat --set are joined by `sets`.
  nlohmann::json json(const fs::path& of, std::vector<std::string> arguments,
                      const std::vector<std::string>& sets = {}) const {
    arguments.emplace_back("--json");
    for (const std::string& each : sets) arguments.insert(arguments.end(), {"--set", each});
    const Finished finished = risk(of, arguments);
    EXPECT_EQ(finished.code, 0) << finished.out << finished.err;
    auto value = nlohmann::json::parse(finished.out, nullptr, false);
    EXPECT_FALSE(value.is_discarded()) << finished.out;
    return value;
  }

 private:
  ScratchFolder scratch_;
  static inline ScratchFolder* shared_ = nullptr;
};

/// The rows of a table, each as {column: cell}.
std::vector<nlohmann::json> rows_of(const nlohmann::json& result, const std::string& table) {
  const auto& whole = result.at("tables").at(table);
  std::vector<nlohmann::json> out;
  for (const auto& cells : whole.at("rows")) {
    nlohmann::json row;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      row[whole.at("columns")[i].at("name").get<std::string>()] = cells[i];
    }
    out.push_back(std::move(row));
  }
  return out;
}

/// The row of a milestone that is due in a month.
nlohmann::json milestone(const nlohmann::json& result, const std::string& name, const std::string& due) {
  for (auto& row : rows_of(result, "risk_milestones")) {
    if (row.at("milestone") == name && row.at("due") == due) return row;
  }
  throw std::runtime_error(fmt::format("no milestone {} due {}", name, due));
}

std::vector<std::string> certain_and(std::vector<std::string> more) {
  more.insert(more.begin(), kCertain.begin(), kCertain.end());
  return more;
}

/// A shock that begins in a month beyond doubt, and lasts.
std::vector<std::string> surely(const std::string& shock, const std::string& month, int months) {
  const std::string name = "shock." + shock;
  return certain_and({name + ".rate=100000 /year", name + ".from=" + month, name + ".until=" + month,
                      fmt::format("{}.duration={} month", name, months)});
}

TEST_F(Risk, APlanOfWhichNothingIsUncertainHolds) {
  const auto result = json(run(), {"--replications", "64", "--levers", "0"}, kCertain);
  for (const char* due : {"2027-12", "2028-12"}) EXPECT_EQ(milestone(result, "racks", due).at("probability"), 1);
  EXPECT_EQ(milestone(result, "first_half", "2027-11").at("p90_month"), "2027-10");
  EXPECT_TRUE(rows_of(result, "risk_causes").empty());
}

TEST_F(Risk, ASupplierThatSlipsThreeMonthsMakesRacksThreeMonthsLate) {
  const auto result = json(run(), {"--replications", "64", "--levers", "0"}, surely("slip", "2026-12", 6));
  const auto row = milestone(result, "first_half", "2027-11");
  EXPECT_EQ(row.at("probability"), 0);
  EXPECT_EQ(row.at("planned_month"), "2027-10");
  for (const char* p : {"p10_month", "p50_month", "p90_month"}) EXPECT_EQ(row.at(p), "2028-01");
  EXPECT_EQ(row.at("delay"), 3);
  EXPECT_EQ(row.at("main_cause"), "The supplier slips by three months");
  EXPECT_EQ(row.at("main_cause_ko"), "공급사 3개월 지연");
  // what was ordered after it comes in time
  EXPECT_EQ(milestone(result, "racks", "2028-12").at("probability"), 1);
}

TEST_F(Risk, AYieldThatStallsIsMadeGoodOnlyByOrderingAgain) {
  const auto sets = surely("stall", "2027-05", 6);
  const auto followed = json(run(), {"--replications", "64", "--levers", "0"}, sets);
  const auto row = milestone(followed, "racks", "2027-12");
  EXPECT_EQ(row.at("probability"), 0);
  EXPECT_EQ(row.at("main_cause"), "The yield stalls");
  // racks that failed are missing for good
  EXPECT_EQ(milestone(followed, "racks", "2028-12").at("probability"), 0);
  const auto again = json(run(), {"--replications", "64", "--levers", "0", "--replan", "3"}, sets);
  EXPECT_EQ(milestone(again, "racks", "2027-12").at("probability"), 0);
  EXPECT_EQ(milestone(again, "racks", "2028-12").at("probability"), 1);
}

TEST_F(Risk, AYardThatLosesADockBuildsTwoHullsInTheTimeOfFour) {
  // two hulls want a dock each in three months; with one dock they share it, and take six
  const auto result = json(run(), {"--replications", "64", "--levers", "0"}, surely("dock", "2027-01", 8));
  const auto row = milestone(result, "first_half", "2027-11");
  EXPECT_EQ(row.at("probability"), 0);
  EXPECT_EQ(row.at("p50_month"), "2028-01");
  EXPECT_EQ(row.at("main_cause"), "A dock is lost");
  EXPECT_EQ(milestone(result, "racks", "2028-12").at("probability"), 1);
}

TEST_F(Risk, APlanWithBuffersHoldsMoreOftenBeyondDoubt) {
  const fs::path first = folder() / "first";
  const Finished played = risk(run(), {"--replications", "4000", "--levers", "8", "-o", first.string()});
  ASSERT_EQ(played.code, 0) << played.err;
  EXPECT_THAT(played.out, HasSubstr("buffers.toml"));
  // the buffers of the run become part of the scenario, and the plan is made again
  const fs::path scenario = folder() / "buffered";
  fs::create_directories(scenario);
  write_text(scenario / "scenario.toml", "include = [\"buffers.toml\"]\n" + text_of(kQuay / "scenario.toml"));
  write_text(scenario / "buffers.toml", text_of(first / "buffers.toml"));
  const fs::path buffered = folder() / "buffered_run";
  const Finished planned = run_program({"plan", scenario.string(), "-o", buffered.string()});
  ASSERT_EQ(planned.code, 0) << planned.out << planned.err;

  const std::vector<std::string> arguments{"--replications", "4000", "--levers", "0", "--seed", "7"};
  const auto before = json(run(), arguments), after = json(buffered, arguments);
  for (const auto& [name, due] : {std::pair("first_half", "2027-11"), std::pair("racks", "2027-12")}) {
    const auto without = milestone(before, name, due), with = milestone(after, name, due);
    EXPECT_GT(with.at("low").get<double>(), without.at("high").get<double>()) << without << "\n" << with;
    EXPECT_LT(with.at("delay").get<double>(), without.at("delay").get<double>());
  }
}

TEST_F(Risk, GivesTheSameBytesOnAnyNumberOfThreads) {
  std::vector<std::string> first;
  for (const char* threads : {"1", "2", "8"}) {
    const fs::path out = folder() / threads;
    const Finished finished =
        risk(run(), {"--replications", "3000", "--levers", "2", "--threads", threads, "-o", out.string()});
    ASSERT_EQ(finished.code, 0) << finished.err;
    std::vector<std::string> bytes{text_of(out / "summary.txt"), text_of(out / "summary_ko.txt")};
    for (const char* table : {"series", "milestones", "dates", "causes", "levers", "inputs"}) {
      bytes.push_back(text_of(out / "tables" / fmt::format("risk_{}.parquet", table)));
    }
    if (first.empty()) first = bytes;
    EXPECT_EQ(bytes, first) << threads << " threads";
  }
}

TEST_F(Risk, GivesTheSameBytesForOneSeedAndOthersForAnother) {
  const std::vector<std::string> arguments{"--replications", "500", "--levers", "0", "--seed"};
  const auto with_seed = [&](const std::string& seed) {
    auto all = arguments;
    all.push_back(seed);
    return risk(run(), all).out;
  };
  EXPECT_EQ(with_seed("3"), with_seed("3"));
  EXPECT_NE(with_seed("3"), with_seed("4"));
}

TEST_F(Risk, StopsWhenItIsAsPreciseAsAsked) {
  const auto result = json(run(), {"--replications", "100000", "--levers", "0", "--precision", "0.02"});
  EXPECT_EQ(result.at("is_precise"), true);
  EXPECT_LT(result.at("replications"), 10'000);
  for (const auto& row : rows_of(result, "risk_milestones")) {
    EXPECT_LE(row.at("high").get<double>() - row.at("low").get<double>(), 0.04);
  }
}

TEST_F(Risk, RefusesWhatIsNoNumber) {
  const std::vector<std::vector<std::string>> bad{
      {"--seed", "x"},      {"--seed", "-1"},      {"--seed", "1.5"},  {"--replications", "3"}, {"--sampling", "lots"},
      {"--precision", "2"}, {"--confidence", "0"}, {"--replan", "-1"}, {"--levers", "some"},    {"--threads", "-2"}};
  for (const auto& arguments : bad) {
    const Finished finished = risk(run(), arguments);
    EXPECT_EQ(finished.code, 2) << arguments[0] << " " << arguments[1];
    EXPECT_THAT(finished.err, HasSubstr(arguments[0]));
    EXPECT_EQ(finished.out, "");
  }
}

TEST_F(Risk, TellsAllFaultsOfItsNumbersWithCodeAndPlace) {
  const Finished finished =
      risk(run(), {"--seed", "99999999999999999999999", "--replications", "1e3", "--precision", "nan"});
  EXPECT_EQ(finished.code, 2);
  EXPECT_THAT(finished.err, HasSubstr("--seed:1:1: error[BL0104]"));
  EXPECT_THAT(finished.err, HasSubstr("--replications:1:1: error[BL0103]"));
  EXPECT_THAT(finished.err, HasSubstr("--precision:1:1: error[BL0105]"));
  EXPECT_THAT(finished.err, HasSubstr("help: write --seed 1"));
  const Finished unknown = risk(run(), {"--series", "nonsense"});
  EXPECT_EQ(unknown.code, 2);
  EXPECT_THAT(unknown.err, HasSubstr("no measure 'nonsense'"));
}

TEST_F(Risk, RefusesARunThatIsDamaged) {
  const fs::path damaged = folder() / "damaged";
  fs::copy(run(), damaged, fs::copy_options::recursive);
  const fs::path table = damaged / "tables" / "builds.parquet";
  std::string bytes = text_of(table);
  bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 4);
  write_text(table, bytes);
  const Finished finished = risk(damaged, {});
  EXPECT_EQ(finished.code, 6) << finished.out;
  EXPECT_THAT(finished.err, HasSubstr("builds"));
}

TEST_F(Risk, RefusesARunWithoutAPlan) {
  const fs::path study = folder() / "study";
  ASSERT_EQ(risk(run(), {"--replications", "64", "--levers", "0", "-o", study.string()}).code, 0);
  const Finished finished = risk(study, {});
  EXPECT_EQ(finished.code, 6) << finished.out;
  EXPECT_THAT(finished.err, HasSubstr("holds no plan"));
  EXPECT_EQ(risk(folder() / "nothing", {}).code, 6);
}

TEST_F(Risk, RefusesAWhatIfThatTheScenarioCannotHave) {
  const Finished finished = risk(run(), {"--set", "uncertainty.outfitting.low=9 month"});
  EXPECT_EQ(finished.code, 1);
  EXPECT_THAT(finished.err, HasSubstr("is not in order"));
}

TEST_F(Risk, GivesWhatWasPlayedWhenItIsInterrupted) {
  const fs::path out = folder() / "cut";
  Program program({"risk", run().string(), "--replications", "100000000", "--threads", "2", "-o", out.string()},
                  folder());
  // reading the run takes a small part of it; the rest is play
  EXPECT_TRUE(wait_until([&] { return program.processor_s() > 1.5; }));
  program.send(SIGINT);
  const Finished finished = program.wait();
  EXPECT_EQ(finished.code, 4) << finished.err;
  EXPECT_THAT(finished.out, HasSubstr("stopped early"));
  EXPECT_THAT(finished.out, Not(HasSubstr("100,000,000 replications")));
  EXPECT_TRUE(fs::exists(out / "tables" / "risk_milestones.parquet"));
}

TEST_F(Risk, SpeaksKorean) {
  const Finished finished = run_program({"--lang", "ko", "risk", run().string(), "--replications", "500"}, folder());
  EXPECT_EQ(finished.code, 0) << finished.err;
  for (const char* text : {"지켜지나", "지연 원인", "임차인에게 약속한 랙", "95 % 신뢰구간"}) {
    EXPECT_THAT(finished.out, HasSubstr(text));
  }
}

}  // namespace
}  // namespace beltline
