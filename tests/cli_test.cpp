// The program as a user runs it: commands, exit codes, JSON, interruption, limits and kills.
#include <signal.h>

#include <algorithm>
#include <chrono>
#include <thread>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "base/random.h"
#include "table/run_folder.h"
#include "tests/support.h"

namespace beltline {
namespace {

namespace fs = std::filesystem;
using ::testing::AnyOf;
using ::testing::Contains;
using ::testing::Eq;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

void sleep_s(double seconds) {
  std::this_thread::sleep_for(std::chrono::duration<double>(seconds));
}

/// A folder to work in, and a small scenario beside it.
class Cli : public testing::Test {
 protected:
  Cli() : scenario_(scenario_folder("first")) {
    // fewer months and slices, so that a run takes a tenth of a second
    scenario_.set("calendar", "periods", "20");
    scenario_.set("calendar", "slices_per_day", "1");
  }

  Finished run(const std::vector<std::string>& arguments) const { return run_program(arguments, folder()); }
  /// What is written to standard output must be one JSON value and nothing else.
  nlohmann::json json(std::vector<std::string> arguments, int code) const {
    arguments.emplace_back("--json");
    const Finished finished = run(arguments);
    EXPECT_EQ(finished.code, code) << finished.out << finished.err;
    const auto value = nlohmann::json::parse(finished.out, nullptr, false);
    EXPECT_FALSE(value.is_discarded()) << finished.out;
    return value;
  }
  [[nodiscard]] const fs::path& folder() const { return scratch_.path(); }
  [[nodiscard]] std::string tiny() const { return scenario_.path().string(); }
  [[nodiscard]] fs::path write_scenario(const std::string& name, std::string_view text) const {
    fs::create_directories(folder() / name);
    write_text(folder() / name / "scenario.toml", text);
    return folder() / name;
  }

 private:
  ScratchFolder scratch_;
  ScenarioCopy scenario_;
};

constexpr std::string_view kTwoFaults = R"([calendar]
start = "2026-01"
periods = 12

[place.here]
kind = "land"

[hall.first]
sitee = "here"
module = "5 MWh"
)";

// Served in full or not at all: 200 MW are asked for where at most 100 can be had.
constexpr std::string_view kInfeasible = R"([calendar]
start = "2026-01"
periods = 3
slices_per_day = 1

[objective]
kind = "min_cost"

[place.here]
kind = "land"

[process.plant]
place = "here"
grain = "rate"
unit = "MW"
upper = "100 MW"
cost = "50 USD/MWh"
flows = [{commodity = "electricity", rate = 1}]

[demand.city]
commodity = "electricity"
place = "here"
quantity = "200 MW"
)";

TEST_F(Cli, GoesFromNothingToTables) {
  EXPECT_EQ(run({"init", "mine"}).code, 0);
  EXPECT_TRUE(fs::exists(folder() / "mine" / "scenario.toml"));
  EXPECT_EQ(run({"init", "mine"}).code, 6) << "what is there is not overwritten";
  const Finished check = run({"check", "mine"});
  EXPECT_EQ(check.code, 0) << check.err;
  EXPECT_THAT(check.out, HasSubstr("no errors"));
  const Finished plan = run({"plan", tiny(), "-o", "runs/tiny"});
  EXPECT_EQ(plan.code, 0) << plan.err;
  EXPECT_THAT(plan.out, HasSubstr("optimal, verified"));
  EXPECT_EQ(plan.err, "") << "progress belongs on a terminal only";
  EXPECT_EQ(run({"verify", "runs/tiny"}).code, 0);
  EXPECT_THAT(text_of(folder() / "runs/tiny/summary.txt"), HasSubstr("optimal, verified"));

  const std::vector<std::string> names = lines_of(run({"table", "runs/tiny"}).out);
  EXPECT_THAT(names, Contains("builds"));
  EXPECT_TRUE(std::ranges::is_sorted(names));
  for (const std::string& name : names) {
    SCOPED_TRACE(name);
    EXPECT_EQ(run({"table", "runs/tiny", name}).code, 0);
    const Finished csv = run({"table", "runs/tiny", name, "--format", "csv"});
    const auto from_csv = table_from_csv(csv.out, name);
    ASSERT_TRUE(from_csv) << from_csv.error().message;
    const auto from_json = nlohmann::json::parse(run({"table", "runs/tiny", name, "--format", "json"}).out);
    EXPECT_EQ(from_json["rows"].size(), from_csv->row_count());
    EXPECT_EQ(from_json["columns"].size(), from_csv->columns.size());
    const auto from_parquet = table_from_parquet(run({"table", "runs/tiny", name, "--format", "parquet"}).out, name);
    ASSERT_TRUE(from_parquet) << from_parquet.error().message;
    EXPECT_EQ(to_csv(*from_parquet), csv.out);
    EXPECT_EQ(run({"table", "runs/tiny", name, "--format", "csv", "-o", "copy.csv"}).code, 0);
    EXPECT_EQ(text_of(folder() / "copy.csv"), csv.out);
  }
}

TEST_F(Cli, TakesFoldersAsPeopleWriteThem) {
  fs::create_directory_symlink(tiny(), folder() / "link");
  EXPECT_EQ(run({"check", "link"}).code, 0);
  EXPECT_EQ(run({"check", tiny() + "/"}).code, 0);
  EXPECT_EQ(run({"check", tiny() + "/scenario.toml"}).code, 0);
  // A run folder in the working folder, with and without a slash, new and replaced.
  for (const char* target : {"run", "run/", "./run", "other/../run", "run"}) {
    const Finished plan = run({"plan", "link", "-o", target});
    EXPECT_EQ(plan.code, 0) << target << ": " << plan.err;
    EXPECT_EQ(run({"verify", "run"}).code, 0) << target;
  }
}

TEST_F(Cli, AnswersInJsonWhateverIsAsked) {
  const std::string bad = write_scenario("bad", kTwoFaults);
  EXPECT_EQ(json({"init", "mine"}, 0)["ok"], true);
  EXPECT_EQ(json({"init", "mine"}, 6)["ok"], false);
  EXPECT_EQ(json({"check", tiny()}, 0)["ok"], true);
  const auto checked = json({"check", bad}, 1);
  EXPECT_EQ(checked["ok"], false);
  EXPECT_GE(checked["diagnostics"].size(), 2U);
  EXPECT_EQ(json({"check", "nowhere"}, 1)["ok"], false);
  const auto planned = json({"plan", tiny(), "-o", "runs/tiny"}, 0);
  EXPECT_EQ(planned["termination"], "optimal");
  EXPECT_EQ(planned["verified"], true);
  EXPECT_EQ(json({"plan", bad, "-o", "runs/bad"}, 1)["ok"], false);
  EXPECT_FALSE(fs::exists(folder() / "runs/bad"));
  EXPECT_EQ(json({"verify", "runs/tiny"}, 0)["ok"], true);
  EXPECT_EQ(json({"verify", "runs/none"}, 6)["ok"], false);
  EXPECT_GE(json({"table", "runs/tiny"}, 0).size(), 10U);
  EXPECT_TRUE(json({"table", "runs/tiny", "builds"}, 0).contains("rows"));
  EXPECT_EQ(json({"table", "runs/tiny", "nothing"}, 6)["ok"], false);
  EXPECT_EQ(json({"table", "runs/none", "builds"}, 6)["ok"], false);
  EXPECT_TRUE(json({"schema"}, 0).contains("properties"));
  EXPECT_EQ(json({"docs", "pages"}, 0)["ok"], true);
  for (const char* shell : {"bash", "zsh", "fish"}) EXPECT_EQ(json({"completion", shell}, 0)["shell"], shell);
}

TEST_F(Cli, SaysEveryFaultAtItsPlace) {
  const std::string bad = write_scenario("bad", kTwoFaults);
  for (const char* command : {"check", "plan"}) {
    std::vector<std::string> arguments = {command, bad};
    if (arguments[0] == "plan") arguments.insert(arguments.end(), {"-o", "runs/it"});
    const Finished finished = run(arguments);
    EXPECT_EQ(finished.code, 1);
    EXPECT_EQ(finished.out, "");
    EXPECT_THAT(finished.err, HasSubstr("scenario.toml:9:1: error[BL0101]"));
    EXPECT_THAT(finished.err, HasSubstr("did you mean 'site'"));
    EXPECT_THAT(finished.err, HasSubstr("scenario.toml:10:10: error[BL0107]"));
  }
  EXPECT_FALSE(fs::exists(folder() / "runs/it"));
  const auto checked = json({"check", bad}, 1);
  for (const auto& diagnostic : checked["diagnostics"]) {
    EXPECT_THAT(diagnostic["code"].get<std::string>(), StartsWith("BL")) << diagnostic;
  }
}

TEST_F(Cli, HasAnExitCodeForEachKindOfEnd) {
  EXPECT_EQ(run({"--version"}).code, 0);
  EXPECT_EQ(run({"--help"}).code, 0);
  EXPECT_EQ(run({}).code, 2);
  EXPECT_EQ(run({"plant", tiny()}).code, 2);
  EXPECT_EQ(run({"plan", tiny()}).code, 2) << "no run folder";
  EXPECT_EQ(run({"plan", tiny(), "-o", "run", "--threads", "many"}).code, 2);
  EXPECT_EQ(run({"plan", tiny(), "-o", "run", "--time-limit", "-1"}).code, 2);
  EXPECT_EQ(run({"table", "run", "builds", "--format", "xml"}).code, 2);
  EXPECT_EQ(run({"check", "nowhere"}).code, 1);
  EXPECT_EQ(run({"verify", "nowhere"}).code, 6);

  const Finished infeasible = run({"plan", write_scenario("infeasible", kInfeasible), "-o", "runs/infeasible"});
  EXPECT_EQ(infeasible.code, 3) << infeasible.err;
  EXPECT_THAT(infeasible.out, HasSubstr("infeasible"));
  EXPECT_EQ(run({"verify", "runs/infeasible"}).code, 0);
  EXPECT_EQ(nlohmann::json::parse(text_of(folder() / "runs/infeasible/manifest.json"))["termination"], "infeasible");

  // What is not ours is left alone.
  fs::create_directories(folder() / "letters");
  write_text(folder() / "letters" / "mine.txt", "keep");
  const Finished occupied = run({"plan", tiny(), "-o", "letters"});
  EXPECT_EQ(occupied.code, 6);
  EXPECT_THAT(occupied.err, HasSubstr("letters"));
  EXPECT_EQ(text_of(folder() / "letters" / "mine.txt"), "keep");
}

TEST_F(Cli, AsksWhatIfWhatDiffersAndWhy) {
  ASSERT_EQ(run({"plan", tiny(), "-o", "runs/a"}).code, 0);
  // one flag a value: what follows is not swallowed
  ASSERT_EQ(run({"plan", "--set", "rack.gb300.price*=1.5", "--set=connection.ulsan.price=0.13 USD/kWh", tiny(), "-o",
                 "runs/b"})
                .code,
            0);
  const auto manifest = nlohmann::json::parse(text_of(folder() / "runs/b/manifest.json"));
  EXPECT_EQ(manifest["options"]["set"],
            nlohmann::json::parse(R"(["rack.gb300.price*=1.5", "connection.ulsan.price=0.13 USD/kWh"])"));
  const Finished wrong = run({"check", tiny(), "--set", "rack.gb300.prise=3 M USD/rack"});
  EXPECT_EQ(wrong.code, 1);
  EXPECT_THAT(wrong.err, HasSubstr("--set:1:12: error[BL0101]"));
  EXPECT_THAT(wrong.err, HasSubstr("did you mean 'price'?"));
  EXPECT_EQ(run({"plan", tiny(), "--set", "-o", "runs/c"}).code, 2) << "no value";

  const Finished differ = run({"diff", "runs/a", "runs/b"});
  EXPECT_EQ(differ.code, 0) << "differences are no error: " << differ.err;
  EXPECT_THAT(differ.out, HasSubstr("1. rack.gb300"));
  EXPECT_EQ(differ.err, "");
  EXPECT_EQ(run({"diff", "runs/a", "runs/b", "--all"}).code, 0);
  EXPECT_EQ(json({"diff", "runs/a", "runs/b"}, 0)["inputs"].size(), 2U);
  EXPECT_EQ(json({"diff", "runs/a", "runs/none"}, 6)["ok"], false);
  EXPECT_EQ(run({"diff", "runs/a"}).code, 2);

  const Finished why = run({"why", "runs/b", "rack.gb300.price"});
  EXPECT_EQ(why.code, 0);
  EXPECT_THAT(why.out, HasSubstr("[--set:1]"));
  EXPECT_EQ(json({"why", "runs/b", "it_power"}, 0)["unit"], "MW");
  const Finished unknown = run({"why", "runs/b", "it_powr"});
  EXPECT_EQ(unknown.code, 2);
  EXPECT_EQ(unknown.out, "");
  EXPECT_THAT(unknown.err, HasSubstr("did you mean 'it_power'?"));
  EXPECT_EQ(json({"why", "runs/b", "it_powr"}, 2)["ok"], false);
  EXPECT_EQ(run({"why", "runs/none", "it_power"}).code, 6);
}

TEST_F(Cli, FindsADamagedRun) {
  ASSERT_EQ(run({"plan", tiny(), "-o", "runs/tiny"}).code, 0);
  const fs::path file = folder() / "runs/tiny/tables/builds.parquet";
  std::string bytes = text_of(file);
  bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
  write_text(file, bytes);
  const Finished verify = run({"verify", "runs/tiny"});
  EXPECT_EQ(verify.code, 6);
  EXPECT_THAT(verify.err, HasSubstr("builds.parquet"));
  EXPECT_EQ(run({"table", "runs/tiny", "builds"}).code, 6);
}

/// The state of what a stopped plan left behind: complete, and saying what it is.
void expect_whole_and_stopped(const fs::path& run, const Finished& finished, const char* termination) {
  EXPECT_THAT(finished.code, AnyOf(Eq(4), Eq(0))) << finished.err << finished.out;
  const auto manifest = verify_run(run);
  ASSERT_TRUE(manifest) << manifest.error().message;
  const auto json = nlohmann::json::parse(*manifest);
  EXPECT_EQ(json["termination"], finished.code == 0 ? "optimal" : termination);
  // Its tables are there if a plan was found; none are better than false ones.
  const auto names = table_names(run);
  ASSERT_TRUE(names);
  if (!names->empty()) {
    EXPECT_EQ(json["verified"], true);
  } else {
    EXPECT_NE(json["termination"], "optimal") << "no plan is no optimum";
  }
}

TEST_F(Cli, CtrlCGivesTheBestPlanSoFar) {
  Program program({"plan", scenario_folder("korea").string(), "-o", "runs/it"}, folder());
  EXPECT_TRUE(wait_until([&] { return program.process_count() >= 2; })) << "the solver has a process of its own";
  sleep_s(1);  // whatever stage it is in by then
  program.send(SIGINT);
  expect_whole_and_stopped(folder() / "runs/it", program.wait(), "interrupted");
}

TEST_F(Cli, ATimeLimitIsKept) {
  // far less than a plan of it takes, in whatever stage it ends; a solver that does not listen is stopped from outside
  for (const char* seconds : {"1", "2", "3"}) {
    const Finished finished =
        run({"plan", scenario_folder("korea").string(), "-o", "runs/it", "--time-limit", seconds});
    EXPECT_EQ(finished.code, 4) << seconds;
    expect_whole_and_stopped(folder() / "runs/it", finished, "limit");
  }
}

TEST_F(Cli, AKilledPlanLeavesNoSolverBehind) {
  Program program({"plan", scenario_folder("korea").string(), "-o", "runs/it"}, folder());
  const pid_t group = program.pid();
  // However busy the machine is: the kill waits for the process whose end it is to bring about.
  EXPECT_TRUE(wait_until([&] { return program.process_count() >= 2; })) << "the solver has a process of its own";
  program.send(SIGKILL);
  EXPECT_EQ(program.wait().signal, SIGKILL);
  EXPECT_TRUE(wait_until([&] { return living_in_group(group) == 0; }));
  EXPECT_FALSE(fs::exists(folder() / "runs/it"));
}

TEST_F(Cli, KilledAtAnyMomentLeavesAWholeRunOrNone) {
  const uint32_t kill_count = is_soak() ? 1000 : 60;
  std::vector<double> seconds;
  for (int i = 0; i < 3; ++i) seconds.push_back(run({"plan", tiny(), "-o", "runs/it"}).seconds);
  const double duration = *std::ranges::min_element(seconds);
  uint32_t absent = 0, whole = 0, killed = 0;
  // A run may end before its kill: it counts for nothing, and another is started.
  for (uint32_t i = 0; killed < kill_count && i < 5 * kill_count; ++i) {
    // Every other kill finds no older run; the rest are killed while they replace one.
    if (i % 2 == 0) fs::remove_all(folder() / "runs/it");
    Program program({"plan", tiny(), "-o", "runs/it"}, folder());
    sleep_s(duration * uniform01({.seed = 43, .replication = i}));
    program.send(SIGKILL);
    killed += program.wait().signal == SIGKILL ? 1 : 0;
    if (!fs::exists(folder() / "runs/it")) {
      ++absent;
      EXPECT_EQ(i % 2, 0U) << "the older run is gone after kill " << i;
    } else {
      const auto manifest = verify_run(folder() / "runs/it");
      ASSERT_TRUE(manifest) << "after kill " << i << ": " << manifest.error().message;
      ++whole;
    }
    if (i % 2 == 0 && !fs::exists(folder() / "runs/it")) {
      ASSERT_EQ(run({"plan", tiny(), "-o", "runs/it"}).code, 0);
    }
    if (i % 20 == 0) {
      EXPECT_EQ(run({"verify", "runs/it"}).code, 0);
    }
  }
  EXPECT_EQ(killed, kill_count);
  EXPECT_GT(absent, 0U);
  EXPECT_GT(whole, 0U);
  // The next run clears away what the killed ones left.
  ASSERT_EQ(run({"plan", tiny(), "-o", "runs/it"}).code, 0);
  for (const std::string& name : names_in(folder() / "runs")) EXPECT_THAT(name, Not(HasSubstr("partial")));
}

}  // namespace
}  // namespace beltline
