// `beltline desk` on a run of a small region.
#include <fstream>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/support.h"

namespace beltline {
namespace {

using Json = nlohmann::json;

constexpr const char* kRegion = R"(
[scenario]
name = "region"
[calendar]
start = "2026-01"
periods = 4
slices_per_day = 1
[place.korea]
kind = "region"
[party.reseller]
[capacity.centre]
place = "korea"
unit = "PFLOP/s"
existing = "1000 PFLOP/s"
[process.run]
place = "korea"
unit = "PFLOP/s"
grain = "rate"
flows = [{commodity = "compute", rate = 1}]
uses = [{capacity = "centre"}]
[service.chat]
region = "korea"
active_parameters = 1e11
[seats.work]
service = "chat"
reseller = "reseller"
active_share = 0.5
tokens_chat = "10000 token"
[[seats.work.segment]]
name = "all"
existing = "40000 seat"
signups = "2000 seat/month"
price = "50 USD/seat/month"
[desk.help]
seats = "work"
tickets = "0.1 ticket/seat/month"
handle_time = "6 min"
existing = "100 person"
wage = "36000 USD/person/year"
)";

TEST(DeskCommand, ShowsTheWeekThatThePlanStaffs) {
  ScratchFolder scratch;
  std::filesystem::create_directories(scratch.path() / "region");
  std::ofstream(scratch.path() / "region" / "scenario.toml") << kRegion;
  const std::string run = scratch.path() / "run";
  const Finished planned = run_program({"plan", (scratch.path() / "region").string(), "-o", run});
  ASSERT_EQ(planned.code, 0) << planned.out << planned.err;

  const Finished done = run_program({"desk", run, "--json"});
  ASSERT_EQ(done.code, 0) << done.err;
  const Json desk = Json::parse(done.out).at("desks").at(0);
  EXPECT_EQ(desk.at("period"), "2026-04");
  EXPECT_NEAR(desk.at("seats").get<double>(), 48000, 1e-3);
  EXPECT_GE(desk.at("agents_planned").get<double>(), desk.at("paid_persons").get<double>() - 1e-3);
  EXPECT_GE(desk.at("service_level").get<double>(), 0.8);
  EXPECT_NEAR(desk.at("cost_USD_month").get<double>(), 3000 * desk.at("paid_persons").get<double>(), 1e-6);
  EXPECT_EQ(desk.at("hours").size(), 45u);
  double tickets = 0;
  for (const Json& hour : desk.at("hours")) {
    tickets += hour.at("tickets").get<double>();
    EXPECT_GE(hour.at("agents_on_duty").get<int>(), hour.at("agents_needed").get<int>());
  }
  EXPECT_NEAR(tickets, 4800 / (365.25 / 12 / 7), 1e-6);

  const Finished korean = run_program({"desk", run, "--month", "2026-02", "--lang", "ko"});
  EXPECT_EQ(korean.code, 0) << korean.err;
  EXPECT_NE(korean.out.find("2026-02: 좌석 44000개"), std::string::npos) << korean.out;
  EXPECT_EQ(run_program({"desk", run, "--month", "2031-01"}).code, 6);
  EXPECT_EQ(run_program({"desk", run, "--month", "soon"}).code, 2);
}

}  // namespace
}  // namespace beltline
