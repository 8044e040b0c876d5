// Shocks, milestones and buffers as text, and what is refused.
#include "parts/chance_test_support.h"

namespace beltline {
namespace {

using namespace chance_test;

TEST(Shock, HasARateMonthsADurationAndEffects) {
  const Outcome out = with(R"toml(
[shock.storm]
rate = "0.6 /year"
months = "7-9, 12"
from = "2026-02"
duration = {low = "1 week", mode = "1 month", high = "3 month"}
spread = "triangular"
effects = [
  {of = "make_*", what = "limit", value = 0},
  {of = "hall", what = "delay", value = "2 month"},
]
independent = true
title = "a storm"
)toml");
  ASSERT_TRUE(out.model) << out.text();
  ASSERT_EQ(out.model->chances.shocks.size(), 1U);
  const Shock& shock = out.model->chances.shocks[0];
  EXPECT_EQ(shock.name, "storm");
  EXPECT_NEAR(shock.rate, 0.05, 1e-12);
  EXPECT_EQ(shock.months, 0b1001'1100'0000U);
  EXPECT_EQ(std::pair(shock.first, shock.last), std::pair(1, 5));
  EXPECT_EQ(shock.duration.spread, Spread::triangular);
  EXPECT_NEAR(shock.duration.low, 7 / 30.436875, 1e-9);
  EXPECT_EQ(shock.duration.high, 3);
  EXPECT_TRUE(shock.is_independent);
  ASSERT_EQ(shock.effects.size(), 3U);
  EXPECT_EQ(shock.effects[0].at_mode, 0);
  EXPECT_EQ(shock.effects[0].aspect, Aspect::limit);
  EXPECT_EQ(shock.effects[2].aspect, Aspect::delay);
  EXPECT_EQ(shock.effects[2].at_mode, 2);
  EXPECT_EQ(shock.titles.title, "a storm");
}

TEST(Shock, MonthsMayGoRoundTheYear) {
  const auto months = [](std::string_view text) {
    const Outcome out = with("[shock.x]\nrate = \"1 /year\"\nduration = \"1 month\"\nmonths = \"" + std::string(text) +
                             "\"\neffects = [{of = \"dies\", what = \"demand\", value = 2}]\n");
    return out.model ? out.model->chances.shocks.at(0).months : 0U;
  };
  EXPECT_EQ(months("11-2"), 0b1100'0000'0011U);
  EXPECT_EQ(months("1-12"), 0xFFFU);
  EXPECT_EQ(months("5"), 0b1'0000U);
  EXPECT_EQ(months(" 1 , 3-4 "), 0b1101U);
  for (const char* const bad : {"", " ", "13", "0", "7-", "-7", "7 8", "7,", "summer", "7--9"})
    EXPECT_EQ(months(bad), 0U);
}

TEST(Shock, BadInputIsReportedAllAtOnce) {
  const Outcome out = with(R"toml(
[shock.empty]
rate = "0.6 /year"
months = ""
duration = "1 month"
effects = [{of = "make_*", what = "limit", value = 0}]
[shock.words]
rate = "0.6 /year"
months = "summer"
duration = "1 month"
effects = []
[shock.backwards]
rate = "0.6 /year"
from = "2026-04"
until = "2026-03"
duration = "1 month"
effects = [{of = "mak_ddr", what = "limit", value = 0}, {of = "make_ddr", what = "limit", value = -1}]
[shock.outside]
rate = "0.6 /year"
from = "2036-04"
duration = "1 month"
effects = [{of = "rework", what = "yield", value = 2}]
)toml");
  EXPECT_FALSE(out.model);
  EXPECT_EQ(out.count(Code::empty_window), 2);
  EXPECT_EQ(refused(out, Code::bad_month).found, "'summer'");
  EXPECT_EQ(refused(out, Code::unused).severity, Severity::warning);
  EXPECT_EQ(refused(out, Code::dangling_reference).help, "did you mean 'make_ddr'?");
  EXPECT_EQ(refused(out, Code::out_of_range).message, "value is negative");
  EXPECT_EQ(refused(out, Code::outside_horizon).found, "2036-04");
  EXPECT_EQ(refused(out, Code::bad_yield).found, "1.8");

  const Outcome read = with(R"toml(
[shock.negative]
rate = "-0.6 /year"
duration = {low = "3 month", mode = "1 month", high = "2 month"}
effects = [{of = "make_*", what = "limit", value = 0}]
)toml");
  EXPECT_EQ(refused(read, Code::out_of_range).found, "'-0.6 /year'");
  EXPECT_EQ(read.count(Code::range_order), 1);
}

TEST(Milestone, CountsTermsInTheUnitOfItsQuantity) {
  const Outcome out = with(R"toml(
[milestone.first_gigawatt]
draws = [{kind = "online", of = "hall"}]
quantity = "1 GW"
by = "2026-05"
[milestone.wafers]
draws = [{kind = "activity", of = "make_*"}]
quantity = 5000
by = "2026-06"
total = true
title_ko = "웨이퍼 5천 장"
)toml");
  ASSERT_TRUE(out.model) << out.text();
  const std::vector<Milestone>& list = out.model->chances.milestones;
  ASSERT_EQ(list.size(), 2U);
  EXPECT_EQ(list[0].name, "first_gigawatt");
  EXPECT_EQ(list[0].unit, "GW");
  EXPECT_EQ(list[0].quantity, 1);
  EXPECT_EQ(list[0].period, 4);
  EXPECT_FALSE(list[0].is_total);
  EXPECT_EQ(list[0].commitment, -1);
  ASSERT_EQ(list[0].terms.size(), 1U);
  EXPECT_DOUBLE_EQ(out.model->at(list[0].terms[0].coefficient, 0), 1e-3);
  EXPECT_EQ(list[1].unit, "wafer");
  EXPECT_TRUE(list[1].is_total);
  EXPECT_EQ(list[1].terms.size(), 2U);
  EXPECT_EQ(list[1].titles.title_ko, "웨이퍼 5천 장");
}

TEST(Milestone, BadInputIsReported) {
  const Outcome out = with(R"toml(
[milestone.late]
draws = [{kind = "online", of = "hall"}]
quantity = "1 GW"
by = "2036-05"
[milestone.nothing]
draws = []
quantity = "1 GW"
by = "2026-05"
[milestone.wrong]
draws = [{kind = "online", of = "hull"}, {kind = "online", of = "fab"}]
quantity = "1 GW"
by = "2026-05"
)toml");
  EXPECT_FALSE(out.model);
  EXPECT_EQ(refused(out, Code::outside_horizon).found, "2036-05");
  EXPECT_EQ(refused(out, Code::inconsistent).message, "milestone 'nothing' counts nothing");
  EXPECT_EQ(out.count(Code::dangling_reference), 1);
  EXPECT_EQ(out.count(Code::wrong_dimension), 1);
}

TEST(Buffer, AddsToLeadsAndToLagsOfWhatComesOut) {
  const Outcome out = with(R"toml(
[buffer.hall]
of = "hall"
months = "6 week"
[buffer.dies]
of = "make_*"
months = "1 month"
)toml");
  ASSERT_TRUE(out.model) << out.text();
  const Model& model = *out.model;
  EXPECT_EQ(named(model.capacities, "hall").lead, 4 + 2);
  EXPECT_EQ(named(model.capacities, "hall").build_flows.at(0).offset, 1);
  for (const char* const name : {"make_hbm", "make_ddr"}) {
    const Process& process = named(model.processes, name);
    for (const Flow& flow : process.flows) EXPECT_EQ(flow.lag, model.at(flow.rate, 0) > 0 ? 3 : 0);
  }
  EXPECT_EQ(named(model.processes, "buy").flows.at(0).lag, 2);
  ASSERT_EQ(model.chances.buffers.size(), 3U);
  EXPECT_EQ(model.chances.buffers[0].periods, 1);
  EXPECT_EQ(model.chances.buffers[2].target, ChanceTarget::capacity);
  EXPECT_EQ(model.chances.buffers[2].periods, 2);
}

TEST(Buffer, IsRefusedWhereItCannotAct) {
  const Outcome out = with(R"toml(
[buffer.typo]
of = "hal"
months = "1 month"
[buffer.rate]
of = "run"
months = "1 month"
[buffer.given]
of = "fab"
months = "1 month"
)toml");
  EXPECT_FALSE(out.model);
  EXPECT_EQ(refused(out, Code::dangling_reference).help, "did you mean 'hall'?");
  EXPECT_EQ(refused(out, Code::grain_mismatch).found, "run");
  EXPECT_EQ(out.count(Code::inconsistent), 0);
  EXPECT_EQ(refused(with("[buffer.x]\nof = \"hall\"\nmonths = \"-1 month\"\n"), Code::negative_lead).severity,
            Severity::error);
}

}  // namespace
}  // namespace beltline
