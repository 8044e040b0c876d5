#include "parts/school.h"

#include <numeric>

#include <gtest/gtest.h>

#include "parts/service_test_support.h"

namespace beltline {
namespace {

using service_test::compile_text;
using service_test::find;

constexpr const char* kSchool = R"(
[school.korea]
region = "korea"
payer = "state"
existing = "40 person"
intake = "120 person/year"
study_time = "10 month"
completion = 0.8
student_cost = "8000 USD/person"
career = "20 year"
)";

TEST(School, HoldsTechniciansAndTrainsMore) {
  const auto outcome = compile_text(kSchool);
  ASSERT_TRUE(outcome.model) << outcome.text();
  const Model& model = *outcome.model;
  const Capacity* school = find(model.capacities, "school@korea");
  ASSERT_NE(school, nullptr);
  EXPECT_EQ(model.at(school->existing, 0), 40);
  EXPECT_TRUE(school->buildable);
  EXPECT_EQ(school->lead, 10);
  EXPECT_EQ(school->life, 240);
  EXPECT_NEAR(model.at(school->build_max, 0), 8, 1e-12);  // 10 students a month, 8 graduate
  EXPECT_NEAR(model.at(school->capex, 0), 10000, 1e-9);   // a graduate costs 1.25 students
  EXPECT_EQ(school->spend_profile.size(), 10u);
  EXPECT_NEAR(std::accumulate(school->spend_profile.begin(), school->spend_profile.end(), 0.0), 1, 1e-12);
  EXPECT_EQ(model.parties[school->owner.index()].name, "state");
  ASSERT_EQ(school->stand_flows.size(), 1u);
  EXPECT_EQ(model.commodities[school->stand_flows[0].commodity.index()].name, "technician");
  EXPECT_EQ(model.at(school->stand_flows[0].rate, 0), 1);
}

TEST(School, OnlyHasItsPoolWithoutAnIntake) {
  const auto outcome = compile_text("[school.usa]\nregion = \"usa\"\nexisting = \"60000 person\"\n");
  ASSERT_TRUE(outcome.model) << outcome.text();
  const Capacity* school = find(outcome.model->capacities, "school@usa");
  ASSERT_NE(school, nullptr);
  EXPECT_FALSE(school->buildable);
  EXPECT_EQ(outcome.model->at(school->existing, 7), 60000);
}

TEST(School, IsMeasured) {
  const auto outcome = compile_text(kSchool);
  ASSERT_TRUE(outcome.model) << outcome.text();
  for (const char* name : {"technicians", "technicians_trained", "technicians_starting", "training_spend"}) {
    const Measure* measure = find(outcome.model->measures, name);
    ASSERT_NE(measure, nullptr) << name;
    EXPECT_EQ(measure->table, "government");
  }
}

TEST(School, ReportsFaults) {
  struct Case {
    const char* from;
    const char* to;
    Code code;
  };
  const Case cases[] = {
      {"region = \"korea\"", "region = \"mars\"", Code::dangling_reference},
      {"study_time = \"10 month\"", "study_time = \"-10 month\"", Code::negative_lead},
      {"completion = 0.8", "completion = 0", Code::bad_yield},
      {"existing = \"40 person\"", "existing = \"-1 person\"", Code::out_of_range},
      {"intake = \"120 person/year\"", "intake = \"120 person\"", Code::wrong_dimension},
      {"career", "carer", Code::unknown_key},
  };
  for (const Case& c : cases) {
    std::string text = kSchool;
    text.replace(text.find(c.from), std::string(c.from).size(), c.to);
    const auto outcome = compile_text(text);
    EXPECT_TRUE(outcome.has(c.code)) << c.to << outcome.text();
    EXPECT_FALSE(outcome.model);
  }
  std::string second = kSchool;
  second.replace(second.find("school.korea"), 12, "school.other");
  EXPECT_TRUE(compile_text(kSchool + second).has(Code::inconsistent));
}

}  // namespace
}  // namespace beltline
