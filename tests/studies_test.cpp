// Studies as a user runs them: branches, alternatives, fronts, sweeps, windows and chosen days, and what reads their
// run folders afterwards.
#include <fstream>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/support.h"

namespace beltline {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

/// Two plants that serve one load; `calendar` and `more` differ from test to test.
std::string two_plants(const std::string& calendar, const std::string& more) {
  return "[scenario]\ntitle = \"Two plants\"\n[calendar]\nstart = \"2030-01\"\n" + calendar + R"toml(
[money]
base_year = 2025
[objective]
discount_rate = 0.05
[commodity.power]
unit = "MW"
grain = "rate"
[place.here]
[capacity.wind]
place = "here"
unit = "MW"
kind = "plant"
lead = "2 month"
capex = {mode = "40000 USD/MW", low = "30000 USD/MW", high = "60000 USD/MW", source = "a guess", confidence = "C"}
life = "20 year"
[process.wind]
place = "here"
unit = "MW"
grain = "rate"
flows = [{commodity = "power", rate = 1}]
uses = [{capacity = "wind"}]
[process.bought]
place = "here"
unit = "MW"
grain = "rate"
flows = [{commodity = "power", rate = 1}]
cost = "20 USD/MWh"
[measure.bought]
table = "energy"
unit = "MWh"
terms = [{kind = "activity", of = "bought"}]
)toml" + more;
}

constexpr const char* kLoad = "[demand.load]\ncommodity = \"power\"\nplace = \"here\"\nquantity = \"10 MW\"\n";
constexpr const char* kMonths = "periods = 12\nslices_per_day = 2\n";
constexpr const char* kBranches = R"toml(
[branch.low]
title = "Little is asked for"
from = "2030-07"
probability = 0.25
set = ["demand.load.quantity*=0.5"]
[branch.high]
from = "2030-07"
set = ["demand.load.quantity*=2", "process.bought.cost*=3"]
)toml";

class Studies : public ::testing::Test {
 protected:
  std::string scenario(const std::string& calendar, const std::string& more) {
    fs::create_directories(scratch_.path() / "s");
    write_text(scratch_.path() / "s/scenario.toml", two_plants(calendar, more));
    return (scratch_.path() / "s").string();
  }
  std::string run(const std::string& name) const { return (scratch_.path() / name).string(); }
  Json json(std::vector<std::string> arguments, int code = 0) {
    arguments.emplace_back("--json");
    const Finished finished = run_program(arguments);
    EXPECT_EQ(finished.code, code) << finished.out << finished.err;
    return Json::parse(finished.out, nullptr, false);
  }
  std::string text(const std::vector<std::string>& arguments, int code = 0) {
    const Finished finished = run_program(arguments);
    EXPECT_EQ(finished.code, code) << finished.out << finished.err;
    return finished.out + finished.err;
  }

  ScratchFolder scratch_;
};

TEST_F(Studies, AScenarioWithBranchesIsPlannedForAllOfThem) {
  const std::string folder = scenario(kMonths, std::string(kLoad) + kBranches);
  EXPECT_EQ(json({"check", folder})["network"]["cases"], 2);
  const Json plan = json({"plan", folder, "-o", run("all")});
  EXPECT_EQ(plan["study"], "branches");
  EXPECT_EQ(plan["termination"], "optimal");
  EXPECT_TRUE(plan["verified"]);
  const double wait = plan["value"]["wait_and_see"], now = plan["value"]["here_and_now"],
               mean = plan["value"]["expected_value_plan"];
  EXPECT_LE(wait, now * (1 + 1e-9));
  EXPECT_LE(now, mean * (1 + 1e-9));
  const Json split = json({"plan", folder, "-o", run("split"), "--method", "benders"});
  EXPECT_EQ(split["method"], "benders");
  EXPECT_NEAR(split["objective"]["value"].get<double>(), plan["objective"]["value"].get<double>(), 1e-6 * now);

  EXPECT_NE(text({"verify", run("all")}).find("complete"), std::string::npos);
  EXPECT_NE(text({"table", run("all"), "branches"}).find("Little is asked for"), std::string::npos);
  EXPECT_NE(text({"table", run("all") + "/branches/low", "builds"}).find("wind"), std::string::npos);
  const std::string told = text({"explain", run("all")});
  EXPECT_NE(told.find("EVPI"), std::string::npos) << told;
  EXPECT_NE(told.find("── high ──"), std::string::npos) << told;
  EXPECT_NE(text({"explain", run("all"), "--lang", "ko"}).find("처음부터 경우를 알면"), std::string::npos);
  EXPECT_TRUE(json({"explain", run("all")}).contains("cases"));
  EXPECT_NE(text({"report", run("all")}).find("wrote"), std::string::npos);
  EXPECT_NE(text({"report", run("all") + "/branches/high"}).find("wrote"), std::string::npos);

  // the cases are runs like any other: compared with each other, and study with study
  const std::string between = text({"diff", run("all") + "/branches/low", run("all") + "/branches/high"});
  EXPECT_NE(between.find("demand.load"), std::string::npos) << between;
  EXPECT_EQ(json({"diff", run("all"), run("split")})["branches"].size(), 2U);
}

TEST_F(Studies, ABranchKeepsItsParentsPastWhenItsRunIsReadAgain) {
  const std::string folder = scenario(kMonths, std::string(kLoad) + kBranches);
  json({"plan", folder, "-o", run("all"), "--set", "demand.load.quantity*=1.1"});
  const Json manifest = Json::parse(text_of(run("all") + "/branches/high/manifest.json"));
  EXPECT_EQ(manifest["options"]["branch"], "high");
  EXPECT_EQ(manifest["options"]["set"], Json::array({"demand.load.quantity*=1.1"}));
  // the difference of a run with itself is nothing, in what is compiled again too
  const Json nothing = json({"diff", run("all") + "/branches/high", run("all") + "/branches/high"});
  EXPECT_TRUE(nothing["inputs"].empty());
}

TEST_F(Studies, FaultsOfBranchesEndWithTheirDiagnostics) {
  const std::string folder = scenario(kMonths, std::string(kLoad) + kBranches + "[branch.other]\nfrom = \"2030-09\"\n");
  EXPECT_NE(text({"check", folder}, 1).find("part from each other at different months"), std::string::npos);
  EXPECT_NE(text({"plan", folder, "-o", run("none"), "--lang", "ko"}, 1).find("서로 다른 달에 갈라집니다"),
            std::string::npos);
}

TEST_F(Studies, WhereACaseHasNoPlanItSaysWhatIsMissing) {
  const std::string folder = scenario(kMonths, std::string(kLoad) + kBranches);
  const Json plan = json({"plan", folder, "-o", run("none"), "--set", "process.bought.upper=12 MW", "--set",
                          "capacity.wind.buildable=false"},
                         3);
  EXPECT_EQ(plan["termination"], "infeasible");
  EXPECT_NE(text({"explain", run("none")}).find("── high ──"), std::string::npos);
}

TEST_F(Studies, ManyPlansOfOneScenario) {
  const std::string folder = scenario(kMonths, kLoad);
  const Json near = json({"alternatives", folder, "--slack", "5%", "--count", "2", "-o", run("near")});
  EXPECT_EQ(near["tables"]["alternative_plans"]["rows"].size(), 3U);
  EXPECT_NE(text({"explain", run("near")}).find("5 % above the best"), std::string::npos);
  EXPECT_NE(text({"explain", run("near"), "--lang", "ko"}).find("최적보다 5 %"), std::string::npos);
  EXPECT_NE(text({"table", run("near"), "alternatives"}).find("wind"), std::string::npos);
  const Json front = json({"pareto", folder, "--goals", "cost,max:bought", "--points", "4"});
  EXPECT_EQ(front["tables"]["pareto"]["rows"].size(), 4U);
  EXPECT_NE(text({"pareto", folder, "--goals", "cost,bougth"}, 2).find("energy.bought"), std::string::npos);
  const Json swept = json({"sweep", folder, "--vary", "demand.load.quantity=5 MW,10 MW,20 MW", "-o", run("swept")});
  EXPECT_EQ(swept["tables"]["sweep"]["rows"].size(), 3U);
  EXPECT_NE(text({"sweep", folder, "--vary", "demand.load.quantity"}, 2).find("KEY=a,b,c"), std::string::npos);
  const Json storm = json({"tornado", folder});
  EXPECT_EQ(storm["tables"]["tornado"]["rows"].size(), 1U);
  EXPECT_NE(text({"alternatives", folder, "--slack", "some"}, 2).find("no share"), std::string::npos);
}

TEST_F(Studies, WindowsMakeOnePlanOfTheWhole) {
  const std::string folder = scenario(kMonths, kLoad);
  const Json whole = json({"plan", folder, "-o", run("whole")});
  const Json rolled =
      json({"plan", folder, "-o", run("rolled"), "--rolling", "6month", "--step", "3 month", "--compare"});
  EXPECT_TRUE(rolled["verified"]);
  EXPECT_EQ(rolled["windows"]["mode"], "rolling");
  EXPECT_EQ(rolled["windows"]["count"], 3);
  EXPECT_GE(rolled["cost_usd"].get<double>(), whole["cost_usd"].get<double>() * (1 - 1e-9));
  EXPECT_NEAR(rolled["windows"]["perfect_foresight"]["cost_usd"].get<double>(), whole["cost_usd"].get<double>(),
              1e-6 * whole["cost_usd"].get<double>());
  EXPECT_NE(text({"table", run("rolled"), "windows"}).find("2030-06"), std::string::npos);
  text({"explain", run("rolled")});
  text({"diff", run("whole"), run("rolled")});
  const Json myopic = json({"plan", folder, "-o", run("myopic"), "--myopic", "1month", "--end-value", "none"});
  EXPECT_EQ(myopic["windows"]["mode"], "myopic");
  EXPECT_GE(myopic["cost_usd"].get<double>(), rolled["cost_usd"].get<double>() * (1 - 1e-9));
  EXPECT_NE(text({"plan", folder, "-o", run("x"), "--rolling", "soon"}, 2).find("no duration"), std::string::npos);
}

TEST_F(Studies, ChosenDaysStateTheirError) {
  std::string load = "load\n", wind = "share\n";
  for (int h = 0; h < 14 * 24; ++h) {
    load += std::to_string(8 + (h * 7 % 24) / 6.0 + (h / 24 % 7 < 5 ? 2 : 0)) + "\n";
    wind += std::to_string(0.2 + 0.6 * ((h / 24 * 5) % 14) / 14.0) + "\n";
  }
  const std::string folder = scenario("hours = 336\n",
                                      "[demand.load]\ncommodity = \"power\"\nplace = \"here\"\nquantity = {file = "
                                      "\"load.csv\", column = \"load\", unit = "
                                      "\"MW\", by = \"slice\"}\n");
  write_text(fs::path(folder) / "load.csv", load);
  write_text(fs::path(folder) / "wind.csv", wind);
  const std::vector<std::string> set = {
      "--set", "capacity.wind.lead=0 month", "--set",
      "capacity.wind.availability={file = \"wind.csv\", column = \"share\", by = \"slice\"}"};
  const auto plan = [&](const std::string& name, std::vector<std::string> more) {
    std::vector<std::string> arguments = {"plan", folder, "-o", run(name)};
    arguments.insert(arguments.end(), set.begin(), set.end());
    arguments.insert(arguments.end(), more.begin(), more.end());
    return json(arguments);
  };
  const double best = plan("whole", {})["cost_usd"];
  const Json few = plan("few", {"--days", "5"});
  EXPECT_EQ(few["days"]["chosen"], 5);
  EXPECT_EQ(few["days"]["of"], 14);
  EXPECT_GE(few["cost_usd"].get<double>(), best * (1 - 1e-9));
  EXPECT_LE(few["days"]["bound"].get<double>(), best * (1 + 1e-9));
  EXPECT_TRUE(few["verified"]);
  EXPECT_NE(text({"table", run("few"), "days"}).find("peak load"), std::string::npos);
  EXPECT_NE(text_of(run("few") + "/summary.txt").find("5 of 14"), std::string::npos);
  const std::string months = scenario(kMonths, kLoad);
  EXPECT_NE(text({"plan", months, "-o", run("x"), "--days", "3"}, 2).find("chronology"), std::string::npos);
}

TEST_F(Studies, OtherHorizonsAreComparedInTheirCommonMonths) {
  const std::string folder = scenario(kMonths, kLoad);
  json({"plan", folder, "-o", run("year")});
  json({"plan", folder, "-o", run("longer"), "--set", "calendar.start=2030-04", "--set", "calendar.periods=18"});
  json({"plan", folder, "-o", run("quarters"), "--set", "calendar.periods=4", "--set", "calendar.months_per_period=3"});
  const std::string longer = text({"diff", run("year"), run("longer")});
  EXPECT_NE(longer.find("2030-04 to 2030-12"), std::string::npos) << longer;
  EXPECT_NE(longer.find("spent in 2030-04 to 2030-12"), std::string::npos) << longer;
  const std::string quarters = text({"diff", run("year"), run("quarters")});
  EXPECT_NE(quarters.find("by periods of 3 months"), std::string::npos) << quarters;
}

}  // namespace
}  // namespace beltline
