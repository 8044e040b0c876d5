#include "parts/regional.h"

#include <gtest/gtest.h>

#include "parts/service_test_support.h"

namespace beltline {
namespace {

using service_test::compile_text;
using service_test::find;

constexpr const char* kSchools = R"toml(
[school.korea]
region = "korea"
intake = "10 person/month"
student_cost = "1e6 USD/person"
[school.usa]
region = "usa"
intake = "10 person/month"
student_cost = "1e6 USD/person"
)toml";

TEST(Regional, CountsMoneySpentInTheRegion) {
  const auto outcome = compile_text(std::string(kSchools) + R"toml(
[regional.korea]
region = "korea"
party = "state"
[[regional.korea.effect]]
name = "schools"
of = "school@*"
local_share = 0.5
jobs = "10 person/(1e6 USD)"
value_added = 0.8
output = 2.0
)toml");
  ASSERT_TRUE(outcome.model) << outcome.text();
  const Model& model = *outcome.model;
  struct Case {
    const char* name;
    double per_usd;
  };
  for (const Case& c :
       {Case{"jobs_schools", 5e-6}, Case{"jobs", 5e-6}, Case{"value_added", 0.4}, Case{"output", 1.0}}) {
    const Measure* measure = find(model.measures, c.name);
    ASSERT_NE(measure, nullptr) << c.name;
    EXPECT_EQ(measure->table, "government");
    ASSERT_EQ(measure->terms.size(), 1u) << "the school in the usa is not the region's";
    EXPECT_EQ(measure->terms[0].kind, TermKind::spend);
    EXPECT_EQ(model.capacities[static_cast<std::size_t>(measure->terms[0].id)].name, "school@korea");
    EXPECT_NEAR(model.at(measure->terms[0].coefficient, 0), c.per_usd, 1e-15);
  }
  EXPECT_EQ(find(model.measures, "exports"), nullptr);
}

TEST(Regional, ReadsJobsInOtherMoney) {
  const auto outcome = compile_text(std::string(kSchools) + R"toml(
[money]
base_year = 2025
rates = [{currency = "KRW", year = 2025, per_usd = 1250}]
[regional.korea]
region = "korea"
[[regional.korea.effect]]
name = "schools"
of = "school@*"
jobs = "8 person/(1e9 KRW)"
)toml");
  ASSERT_TRUE(outcome.model) << outcome.text();
  const Measure* jobs = find(outcome.model->measures, "jobs");
  ASSERT_NE(jobs, nullptr);
  // 8 persons for 800,000 USD
  EXPECT_NEAR(outcome.model->at(jobs->terms[0].coefficient, 0), 1e-5, 1e-15);
}

TEST(Regional, CountsWhatIsMadeThereAsExports) {
  const auto outcome = compile_text(R"toml(
[regional.korea]
region = "korea"
[[regional.korea.export]]
commodity = "seat_*"
price = "100 USD/seat"
jobs = "2 person/(1e6 USD)"
value_added = 0.7
output = 1.3
[service.chat]
region = "korea"
active_parameters = 1e11
[seats.work]
service = "chat"
demand = "10 seat"
price = "5 USD/seat/month"
active_share = 0.1
tokens_chat = "100 token"
)toml");
  ASSERT_TRUE(outcome.model) << outcome.text();
  const Model& model = *outcome.model;
  struct Case {
    const char* name;
    double per_seat;
  };
  for (const Case& c : {Case{"exports", 100}, Case{"jobs", 2e-4}, Case{"value_added", 70}, Case{"output", 130}}) {
    const Measure* measure = find(model.measures, c.name);
    ASSERT_NE(measure, nullptr) << c.name;
    ASSERT_EQ(measure->terms.size(), 1u);
    EXPECT_EQ(measure->terms[0].kind, TermKind::activity);
    EXPECT_EQ(model.processes[static_cast<std::size_t>(measure->terms[0].id)].name, "seats_work@korea");
    EXPECT_NEAR(model.at(measure->terms[0].coefficient, 0), c.per_seat, 1e-12);
  }
}

TEST(Regional, WarnsOfEffectsOfNothing) {
  const auto outcome = compile_text(std::string(kSchools) + R"toml(
[regional.korea]
region = "korea"
effect = [{name = "a", of = "shcool@*", jobs = "1 person/(1e6 USD)"}]
export = [{commodity = "stack_*", price = "500 USD/stack"}]
)toml");
  EXPECT_TRUE(outcome.model) << outcome.text();
  EXPECT_TRUE(outcome.has(Code::unused)) << outcome.text();
}

TEST(Regional, ReportsFaults) {
  const char* const cases[] = {
      "effect = [{name = \"a\", of = \"school@*\", local_share = 1.5}]",
      "effect = [{name = \"a\", of = \"school@*\", jobs = \"-1 person/(1e6 USD)\"}]",
  };
  for (const char* text : cases) {
    const auto outcome = compile_text(std::string(kSchools) + "[regional.korea]\nregion = \"korea\"\n" + text + "\n");
    EXPECT_TRUE(outcome.has(Code::out_of_range)) << text << outcome.text();
  }
  EXPECT_TRUE(compile_text("[regional.a]\nregion = \"mars\"\n").has(Code::dangling_reference));
  EXPECT_TRUE(
      compile_text(std::string(kSchools) +
                   "[regional.a]\nregion = \"korea\"\neffect = [{name = \"a\", of = \"x\", money = \"loose\"}]\n")
          .has(Code::bad_choice));
}

}  // namespace
}  // namespace beltline
