// beltline serving as a user runs it: the text, tables, faults, outages, threads.
#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "table/files.h"
#include "table/gzip.h"
#include "table/run_folder.h"
#include "tests/support.h"

namespace beltline {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

// Two sites of 16 replicas each; a replica takes about 25 requests of the traffic below at a time.
constexpr std::string_view kFleet = R"([fleet]
models = ["measured"]

[rack.shelf]
accelerators = 8
base_power = "500 W"

[replica.one]
model = "measured"
rack = "shelf"
accelerators = 1
context = 8192
step = "20 ms"
prompt_token = "0.02 ms"
sequence = "0.4 ms"
kv_tokens = 100000
sequences_max = 48
idle_power = "200 W"
busy_power = "700 W"
load_time = "30 s"

[site.east]
title = "East"
title_ko = "동부"
belt = "east"
latitude = 35.5
longitude = 129.3
racks = [{rack = "shelf", count = 2}]

[site.west]
latitude = 34.7
longitude = 126.4
racks = [{rack = "shelf", count = 2}]
power_cap = {values = [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1], by = "hour_of_day", unit = "MW"}

[user.people]
latitude = 35.0
longitude = 127.5

[failures]
accelerator_mtbf = "100 h"
)";

class Serving : public testing::Test {
 protected:
  Serving() { write("fleet.toml", kFleet); }

  fs::path write(const std::string& name, std::string_view text) const {
    const fs::path path = scratch_.path() / name;
    EXPECT_TRUE(write_file_atomically(path, text));
    return path;
  }
  [[nodiscard]] Finished run(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), "serving");
    return run_program(arguments, scratch_.path());
  }
  /// Twenty minutes of conversations on the fleet.
  [[nodiscard]] Finished play(const std::vector<std::string>& more) const {
    std::vector<std::string> arguments = {"fleet.toml", "--traffic", "chat", "--duration", "20min"};
    if (std::ranges::find(more, "--load") == more.end()) arguments.insert(arguments.end(), {"--rate", "60"});
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run(arguments);
  }
  ScratchFolder scratch_;
};

TEST_F(Serving, TellsHowTheDayWentAndWritesIt) {
  const Finished text = play({"--outage", "west@00:06+5min", "-o", "out", "--csv", "day.csv"});
  ASSERT_EQ(text.code, 0) << text.err;
  EXPECT_THAT(text.out, AllOf(HasSubstr("requests were served"), HasSubstr("busiest hour from"),
                              HasSubstr("west was lost from 00:06 to 00:11"), HasSubstr("Wh a thousand")));
  ASSERT_TRUE(verify_run(scratch_.path() / "out"));
  const auto sites = read_run_table(scratch_.path() / "out", "serving_sites");
  ASSERT_TRUE(sites) << sites.error().message;
  double rerouted = 0, lost_power = 1;
  for (std::size_t i = 0; i < sites->row_count(); ++i) {
    rerouted += sites->column("rerouted_in").numbers()[i];
    if (sites->column("site").texts()[i] == "west" && sites->column("time").texts()[i] == "00:05")
      lost_power = sites->column("power").numbers()[i];
  }
  EXPECT_GT(rerouted, 5000);
  EXPECT_LT(lost_power, 0.01);
  const auto balance = read_run_table(scratch_.path() / "out", "serving_balance");
  ASSERT_TRUE(balance);
  double difference = 1;
  for (std::size_t i = 0; i < balance->row_count(); ++i) {
    if (balance->column("what").texts()[i] == "difference of requests")
      difference = balance->column("count").numbers()[i];
  }
  EXPECT_EQ(difference, 0);
  EXPECT_THAT(*read_file(scratch_.path() / "day.csv"), HasSubstr("site,minute,time,arrivals [request]"));
  EXPECT_THAT(play({"--lang", "ko", "--outage", "east@00:06+5min"}).out,
              AllOf(HasSubstr("처리했고"), HasSubstr("동부")));
}

TEST_F(Serving, IsTheSameOnAnyThreadsAndHasIntervalsOverReplications) {
  const Finished one = play({"--json", "--threads", "1", "--replications", "3"});
  const Finished two = play({"--json", "--threads", "2", "--replications", "3"});
  ASSERT_EQ(one.code, 0) << one.err;
  EXPECT_EQ(one.out, two.out);
  const auto answer = nlohmann::json::parse(one.out);
  const auto& ttft = answer["figures"]["ttft_mean"];
  EXPECT_LT(ttft["interval"][0], ttft["value"]);
  EXPECT_GT(ttft["interval"][1], ttft["value"]);
  EXPECT_NE(play({"--json", "--seed", "2"}).out, play({"--json", "--seed", "3"}).out);
}

TEST_F(Serving, WarnsNearSaturationAndSaysWhatItScaledDown) {
  EXPECT_THAT(play({"--load", "0.95"}).out, HasSubstr("waiting times grow without bound"));
  EXPECT_THAT(play({"--load", "0.5"}).out, Not(HasSubstr("waiting times grow")));
  const Finished down = play({"--scale-down", "4", "--outage", "east@00:06+5min"});
  EXPECT_THAT(down.out, AllOf(HasSubstr("with half as many"), HasSubstr("one slot in 4 was simulated, 8 in all"),
                              HasSubstr("what more slots would change")));
}

TEST_F(Serving, SaysWhatItPlayedAndWhereNothingWasServed) {
  EXPECT_THAT(play({}).out, AllOf(HasSubstr("2 sites, 4 racks of 1 kind, measured; traffic chat, "),
                                  HasSubstr("requests [thousand]"), Not(HasSubstr("nan"))));
  std::string one(kFleet);
  const std::size_t west = one.find("[site.west]");
  one.erase(west, one.find("[user.people]") - west);
  write("one.toml", one);
  const Finished dark =
      run({"one.toml", "--traffic", "chat", "--duration", "10min", "--rate", "20", "--outage", "east@00:00+10min"});
  ASSERT_EQ(dark.code, 0) << dark.err;
  EXPECT_THAT(dark.out, AllOf(HasSubstr("is the only site"), HasSubstr("100.00 % of all requests"), HasSubstr("–"),
                              Not(HasSubstr("nan"))));
  EXPECT_THAT(
      run({"one.toml", "--traffic", "chat", "--duration", "10min", "--rate", "20", "--outage", "east@00:02+2min",
           "--lang", "ko"})
          .out,
      AllOf(HasSubstr("하나뿐인 센터"), testing::AnyOf(HasSubstr("전체 요청의 19."), HasSubstr("전체 요청의 20.")),
            HasSubstr("센터 1곳, 랙 1종 2개")));
}

TEST_F(Serving, SplitsEnergyByWhatSlotsDo) {
  write("tuned.toml",
        std::string(kFleet) + "\n[job.tune]\nsite = \"east\"\nrack = \"shelf\"\nracks = 1\nwork = \"9 h\"\n");
  std::string text = *read_file(scratch_.path() / "tuned.toml");
  text.replace(text.find("racks = [{"), 10, "shares = [{model = \"measured\", share = 0.5}]\nracks = [{");
  write("tuned.toml", text);
  const Finished played =
      run({"tuned.toml", "--traffic", "chat", "--duration", "10min", "--rate", "20", "-o", "tuned"});
  ASSERT_EQ(played.code, 0) << played.err;
  const auto places = read_run_table(scratch_.path() / "tuned", "serving_places");
  ASSERT_TRUE(places);
  const auto of = [&](const char* column) { return places->column(column).numbers()[0]; };
  EXPECT_NEAR(of("energy_serving") + of("energy_training") + of("energy_idle"), of("energy"), 1e-12);
  // a rack of eight slots trains at full power: 500 W and 8 · 700 W, PUE 1.2, ten minutes but for the first decision
  EXPECT_NEAR(of("energy_training"), 1.2 * (500 + 8 * 700) / 6 / 1e6, 0.06 * of("energy_training"));
  EXPECT_NEAR(of("training_racks"), 1, 0.06);
  EXPECT_NEAR(of("serving_slots"), 8, 0.5);
}

TEST_F(Serving, StopsAtFaultsOfATraceOrCountsThem) {
  const std::string rows =
      "arrived_at,num_prefill_tokens,num_decode_tokens\n0,100,10\n1,200,20\n0.5,100,10\n2,-5,10\n3,100000,5\n4,100,"
      "8190\n";
  write("trace.csv", rows);
  const Finished stopped = run({"fleet.toml", "--traffic", "trace.csv"});
  EXPECT_EQ(stopped.code, 1);
  EXPECT_THAT(stopped.err, AllOf(HasSubstr("trace.csv:4:1"), HasSubstr("time goes backwards"), HasSubstr("is negative"),
                                 HasSubstr("longer than the context")));
  const Finished skipped = run({"fleet.toml", "--traffic", "trace.csv", "--on-fault", "skip"});
  EXPECT_EQ(skipped.code, 0) << skipped.err;
  EXPECT_THAT(skipped.out,
              AllOf(HasSubstr("3 of 6 rows of the trace were at fault"), HasSubstr("cut where the context ends")));
  EXPECT_THAT(skipped.err, HasSubstr("warning"));
  write("trace.csv.gz", *to_gzip(rows.substr(0, rows.find("0.5,"))));
  EXPECT_EQ(run({"fleet.toml", "--traffic", "trace.csv.gz"}).code, 0);
  const auto json = nlohmann::json::parse(run({"fleet.toml", "--traffic", "trace.csv", "--json"}).out);
  EXPECT_EQ(json["ok"], false);
  EXPECT_GE(json["diagnostics"].size(), 3U);
}

TEST_F(Serving, RefusesFleetsThatCannotBe) {
  struct Case {
    std::string_view from, to;
    const char* told;
  };
  for (const Case& one :
       {Case{"models = [\"measured\"]", "models = [\"lama-3.1-70b\"]", "no model is called 'lama-3.1-70b'"},
        Case{"count = 2", "count = 0", ""}, Case{"latitude = 35.5", "latitude = 135.5", "latitude of site 'east'"},
        Case{"accelerators = 1\n", "accelerators = 9\n", "larger than its rack"},
        Case{"step = \"20 ms\"", "step = \"-20 ms\"", "step of replica 'one'"},
        Case{"rack = \"shelf\", count", "rack = \"gb300nvl27\", count", "no rack is called"},
        Case{"[failures]", "[failurs]", "failures"}}) {
    std::string text(kFleet);
    for (std::size_t at = text.find(one.from); at != std::string::npos; at = text.find(one.from, at + one.to.size()))
      text.replace(at, one.from.size(), one.to);
    write("bad.toml", text);
    const Finished found = run({"bad.toml", "--traffic", "chat", "--duration", "1min"});
    EXPECT_EQ(found.code, 1) << one.to << found.out;
    EXPECT_THAT(found.err, HasSubstr(one.told));
    EXPECT_THAT(found.err, HasSubstr("error[BL"));
  }
  write("big.toml",
        "[fleet]\nmodels = [\"llama-3.1-405b\"]\n[site.a]\nlatitude = 0\nlongitude = 0\n"
        "racks = [{rack = \"rngd-8\", count = 1}]\n");
  const Finished big = run({"big.toml", "--traffic", "chat"});
  EXPECT_EQ(big.code, 1);
  EXPECT_THAT(big.err, HasSubstr("fits none of its racks"));
}

TEST_F(Serving, RefusesLinesThatCannotBe) {
  EXPECT_EQ(run({"fleet.toml"}).code, 2);
  EXPECT_EQ(play({"--outage", "west"}).code, 2);
  EXPECT_EQ(play({"--duration", "long"}).code, 2);
  EXPECT_EQ(play({"--month", "2028-13"}).code, 2);
  EXPECT_EQ(play({"--replications", "0"}).code, 2);
  EXPECT_EQ(play({"--load", "0.5", "--scale", "2"}).code, 1);
  const Finished nowhere = play({"--outage", "wst@00:01+1min"});
  EXPECT_EQ(nowhere.code, 1);
  EXPECT_THAT(nowhere.err, HasSubstr("did you mean 'west'?"));
  EXPECT_EQ(run({"nowhere", "--traffic", "chat"}).code, 1);
  EXPECT_EQ(run({"fleet.toml", "--traffic", "nowhere.csv"}).code, 1);
  EXPECT_THAT(run({"--print-traffic", "korea-day"}).out, HasSubstr("[client.office]"));
}

TEST_F(Serving, TakesItsFleetFromAPlan) {
  ScenarioCopy scenario(scenario_folder("first"));
  scenario.set("calendar", "periods", "24");
  scenario.set("calendar", "slices_per_day", "1");
  const Finished planned = run_program({"plan", scenario.path().string(), "-o", "plan"}, scratch_.path());
  ASSERT_EQ(planned.code, 0) << planned.err;
  const std::vector<std::string> arguments = {"plan", "--traffic", "chat", "--load", "0.3", "--duration", "10min"};
  std::vector<std::string> whole = arguments;
  whole.insert(whole.end(), {"--scale-down", "100", "--no-scale-check", "-o", "day"});
  const Finished day = run(whole);
  ASSERT_EQ(day.code, 0) << day.err;
  EXPECT_THAT(day.out, HasSubstr("ulsan"));
  // the day belongs to the scenario of the plan, which is how a report knows it
  const auto plan_manifest = nlohmann::json::parse(*verify_run(scratch_.path() / "plan"));
  const auto day_manifest = nlohmann::json::parse(*verify_run(scratch_.path() / "day"));
  EXPECT_EQ(day_manifest["scenario"]["sha256"], plan_manifest["scenario"]["sha256"]);
  EXPECT_EQ(day_manifest["study"], "serving");
  // a month before the first rack, one that is none of the plan's, and a model that nobody knows
  for (const std::vector<std::string>& more :
       {std::vector<std::string>{"--month", "2026-01"}, {"--month", "2050-01"}, {"--model", "lama-3"}}) {
    std::vector<std::string> wrong = arguments;
    wrong.insert(wrong.end(), more.begin(), more.end());
    const Finished refused = run(wrong);
    EXPECT_EQ(refused.code, 1) << more.back() << refused.out;
    EXPECT_THAT(refused.err, HasSubstr("the run has no such fleet"));
  }
}

TEST_F(Serving, ReadsAModelOfTraffic) {
  write("day.toml",
        "[client.a]\nrequests = \"20 s-1\"\ninput = [{median = 200}]\noutput = [{median = 50, mean = 60}]\n");
  EXPECT_EQ(run({"fleet.toml", "--traffic", "day.toml", "--duration", "5min"}).code, 0);
  write("bad.toml",
        "[client.a]\nrequests = \"20 s-1\"\ncv = 2\ninput = [{median = 200, mean = 100}]\noutput = [{mean = 60}]\n");
  const Finished bad = run({"fleet.toml", "--traffic", "bad.toml"});
  EXPECT_EQ(bad.code, 1);
  EXPECT_THAT(bad.err, AllOf(HasSubstr("mean below its median"), HasSubstr("has no median"), HasSubstr("poisson")));
}

}  // namespace
}  // namespace beltline
