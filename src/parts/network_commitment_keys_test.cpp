#include <gtest/gtest.h>

#include "parts/network_test_support.h"

namespace beltline {
namespace {

using network_test::compile_text;
using network_test::named;
using network_test::Outcome;

constexpr std::string_view kHead = R"toml(
[place.a]
[place.far]
outline = true
[capacity.plant]
place = "a"
unit = "MW"
existing = "600 MW"
buildable = false
[capacity.new]
place = "a"
unit = "MW"
)toml";

std::string process(std::string_view keys, std::string_view uses = "uses = [{capacity = \"plant\"}]") {
  return std::string(kHead) + "[process.run]\nplace = \"a\"\ngrain = \"rate\"\nunit = \"MW\"\n" + std::string(uses) +
         "\nflows = [{commodity = \"electricity\", rate = 1}]\n" + std::string(keys) + "\n";
}

TEST(UnitKeys, SayHowUnitsStartStopAndRamp) {
  const Outcome outcome = compile_text(process(R"toml(
unit_size = "0.2 GW"
min_load = "40 %"
start_cost = "12 kUSD"
stop_cost = "1400000 KRW"
no_load_cost = "50 USD/hour"
min_up = "6 hour"
min_down = "0.25 day"
ramp_up = "1 %/minute"
ramp_down = "30 %/hour"
ramp_start = 0.5
ramp_stop = "45 %"
on_before = "-3 hour"
)toml"));
  ASSERT_TRUE(outcome.model) << outcome.text();
  const Model& m = *outcome.model;
  const auto& c = named(m.processes, "run").commitment;
  ASSERT_TRUE(c);
  EXPECT_TRUE(c->has_units);
  EXPECT_EQ(c->unit_size, 200);
  EXPECT_DOUBLE_EQ(m.at(c->min_load, 5, 23), 0.4);
  EXPECT_DOUBLE_EQ(m.at(c->start_cost, 0, 0), 12000);
  EXPECT_DOUBLE_EQ(m.at(c->stop_cost, 0, 0), 1000);
  EXPECT_DOUBLE_EQ(m.at(c->no_load_cost, 0, 0), 50);
  EXPECT_DOUBLE_EQ(c->min_up, 6);
  EXPECT_DOUBLE_EQ(c->min_down, 6);
  EXPECT_NEAR(m.at(c->ramp_up, 0, 0), 0.6, 1e-12);
  EXPECT_DOUBLE_EQ(m.at(c->ramp_down, 0, 0), 0.3);
  EXPECT_DOUBLE_EQ(c->ramp_start, 0.5);
  EXPECT_DOUBLE_EQ(c->ramp_stop, 0.45);
  EXPECT_EQ(c->on_before, -3);
  EXPECT_FALSE(c->is_cyclic);
  EXPECT_FALSE(c->counts_slices);
  EXPECT_FALSE(c->ramps_by_count);
}

TEST(UnitKeys, RampsAloneMakeNoUnits) {
  const Outcome outcome =
      compile_text(process("ramp_up = {values = [0.1, 0.2, 0.1, 0.2, 0.1, 0.2, 0.1, 0.2, 0.1, 0.2, "
                           "0.1, 0.2, 0.1, 0.2, 0.1, 0.2, 0.1, 0.2, 0.1, 0.2, 0.1, 0.2, 0.1, 0.2], "
                           "unit = \"1/hour\", by = \"hour_of_day\"}"));
  ASSERT_TRUE(outcome.model) << outcome.text();
  const auto& c = named(outcome.model->processes, "run").commitment;
  ASSERT_TRUE(c);
  EXPECT_FALSE(c->has_units);
  EXPECT_TRUE(c->is_cyclic);
  EXPECT_DOUBLE_EQ(outcome.model->at(c->ramp_up, 0, 1), 0.2);
}

TEST(UnitKeys, CountSlicesWherePlainNumbersAreWritten) {
  const Outcome outcome = compile_text(process("min_up = 3\non_before = 1\nramp_rows = \"count\""));
  ASSERT_TRUE(outcome.model) << outcome.text();
  const auto& c = named(outcome.model->processes, "run").commitment;
  EXPECT_TRUE(c->counts_slices && c->ramps_by_count);
  EXPECT_EQ(c->min_up, 3);
}

TEST(UnitKeys, AreAbsentWhereNoneIsWritten) {
  const Outcome outcome = compile_text(process(""));
  ASSERT_TRUE(outcome.model) << outcome.text();
  EXPECT_FALSE(named(outcome.model->processes, "run").commitment);
}

struct Fault {
  const char* name;
  std::string text;
  Code code;
  const char* told;  // in the rendered diagnostics
};

class UnitKeyFault : public testing::TestWithParam<Fault> {};

TEST_P(UnitKeyFault, IsTold) {
  const Outcome outcome = compile_text(GetParam().text);
  EXPECT_EQ(outcome.count(GetParam().code), 1) << outcome.text();
  EXPECT_NE(outcome.text().find(GetParam().told), std::string::npos) << outcome.text();
}

const std::string kNew = "uses = [{capacity = \"new\"}]";

const Fault kFaults[] = {
    {"OfAnAmount", std::string(kHead) + "[process.run]\nplace = \"a\"\nunit = \"wafer\"\nmin_up = \"2 hour\"",
     Code::grain_mismatch, "an amount"},
    {"InOutline",
     std::string(kHead) + "[process.run]\nplace = \"far\"\ngrain = \"rate\"\nunit = \"MW\"\nramp_up = \"1 1/hour\"",
     Code::grain_mismatch, "outline"},
    {"OfNoSize", process("start_cost = \"1 USD\"", ""), Code::missing_key, "unit_size"},
    {"OfAUseThatVaries",
     process("start_cost = \"1 USD\"",
             "uses = [{capacity = \"plant\", use = {dates = {\"2026-01\" = 1, \"2026-05\" = "
             "2}}}]"),
     Code::inconsistent, "availability"},
    {"OfMixedTimes", process("min_up = 3\nmin_down = \"2 hour\""), Code::inconsistent, "plain numbers"},
    {"WithAStateOfACycle", process("carry = \"cyclic\"\non_before = \"1 hour\""), Code::inconsistent, "open"},
    {"OffAndOn", process("on_before = \"-1 hour\"\nunits_before = 1"), Code::inconsistent, "units_before"},
    {"RunningWhileOff", process("on_before = \"-1 hour\"\nlevel_before = \"5 MW\""), Code::inconsistent,
     "all units off"},
    {"RunningWithUnknownUnits", process("min_up = \"1 hour\"\nlevel_before = \"5 MW\""), Code::inconsistent,
     "on_before"},
    {"OfAnySize", process("start_cost = \"1 USD\"", kNew), Code::inconsistent, "total_max"},
    {"OfTheWrongUnit", process("unit_size = \"3 hour\""), Code::wrong_dimension, "MW"},
    {"OfABrokenUnit", process("unit_size = \"250 MW\""), Code::inconsistent, "whole number"},
    {"OfOneCapacityTwice",
     process("min_up = \"2 hour\"") + "[process.run2]\nplace = \"a\"\ngrain = \"rate\"\nunit = \"MW\"\nmin_up = \"1 "
                                      "hour\"\nuses = [{capacity = \"plant\"}]\n",
     Code::inconsistent, "both start"},
};

INSTANTIATE_TEST_SUITE_P(All, UnitKeyFault, testing::ValuesIn(kFaults),
                         [](const auto& fault) { return fault.param.name; });

}  // namespace
}  // namespace beltline
