// The sites of scenarios/korea: what they say is what was announced.
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include "parts/site_test_support.h"

namespace beltline {
namespace {

using site_test::find;

std::string read(const std::string& name) {
  std::ifstream file(std::string(BELTLINE_SOURCE_DIR) + "/scenarios/korea/" + name);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

const site_test::Outcome& korea() {
  static const site_test::Outcome outcome = [] {
    std::vector<SourceFile> files{{.path = "scenario.toml", .text = R"(
include = ["sites.toml"]
[scenario]
name = "sites of korea"
[calendar]
start = "2025-10"
periods = 63
[money]
base_year = 2025
rates = [{currency = "KRW", year = 2025, per_usd = 1400}]
[place.korea]
[place.usa]
[party.openai]
[party.oracle]
[party.softbank]
[party.samsung_sds]
[party.samsung_ct]
[party.samsung_heavy]
[party.sk_telecom]
[party.kepco]
[party.government_korea]
)"}};
    for (const char* name :
         {"sites.toml", "climate-mokpo.csv", "climate-ulsan.csv", "climate-pohang.csv", "climate-geoje.csv"}) {
      files.push_back({.path = name, .text = read(name)});
    }
    return site_test::compile_files(files);
  }();
  return outcome;
}

/// First month in which an order can be online.
std::string first_online(const std::string& name) {
  const Model& model = *korea().model;
  const Capacity* capacity = find(model.capacities, name);
  if (capacity == nullptr) return "no " + name;
  return model.calendar.label(std::max(capacity->earliest_online, capacity->earliest_order + capacity->lead));
}

TEST(KoreaSites, LoadWithoutAWarning) {
  ASSERT_TRUE(korea().model) << korea().text();
  EXPECT_TRUE(korea().diagnostics.all().empty()) << korea().text();
}

TEST(KoreaSites, OpenNoEarlierThanAnnounced) {
  ASSERT_TRUE(korea().model) << korea().text();
  EXPECT_EQ(first_online("hall@ulsan"), "2027-11");
  EXPECT_EQ(first_online("hall@gumi"), "2029-03");
  EXPECT_EQ(first_online("hall@port_washington"), "2028-01");
  EXPECT_GE(first_online("hall@southwest"), "2027-06");
  EXPECT_GE(first_online("hall@haenam_national"), "2027-12");
  // approved in April 2026, 24 months in the yard
  EXPECT_EQ(first_online("hull@geoje"), "2028-04");
}

TEST(KoreaSites, UlsanHas41MegawattsBeforeFebruary2029And103FromThenOn) {
  ASSERT_TRUE(korea().model) << korea().text();
  const Model& model = *korea().model;
  const Capacity* hall = find(model.capacities, "hall@ulsan");
  double by_end_of_2028 = 0;
  double by_february_2029 = 0;
  for (int t = 0; t + hall->lead <= 40; ++t) {
    (t + hall->lead < 40 ? by_end_of_2028 : by_february_2029) += model.at(hall->build_max, t);
  }
  EXPECT_NEAR(by_end_of_2028, 41, 1e-9);
  EXPECT_NEAR(by_end_of_2028 + by_february_2029, 103, 1);
}

TEST(KoreaSites, PueStaysBetween105And140InEveryMonth) {
  ASSERT_TRUE(korea().model) << korea().text();
  const Model& model = *korea().model;
  int sites = 0;
  for (const Measure& measure : model.measures) {
    if (measure.name != "pue") continue;
    ++sites;
    for (int t = 0; t < model.period_count(); ++t) {
      EXPECT_GE(model.at(measure.constant, t), 1.05);
      EXPECT_LE(model.at(measure.constant, t), 1.40);
    }
  }
  EXPECT_EQ(sites, 16);
}

TEST(KoreaSites, AmericanSitesTogetherHoldWhatWasAnnounced) {
  ASSERT_TRUE(korea().model) << korea().text();
  double mw = 0;
  for (const Capacity& capacity : korea().model->capacities) {
    if (capacity.kind != "hall" || !korea().model->places[capacity.place.index()].outline) continue;
    mw += capacity.total_max + korea().model->at(capacity.existing, 62);
    EXPECT_EQ(capacity.module_size, 0);
  }
  EXPECT_NEAR(mw, 8450, 1);
}

}  // namespace
}  // namespace beltline
