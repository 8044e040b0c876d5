// Sources that are not certain, and how they move together, as text; and what is refused.
#include "parts/chance_test_support.h"

namespace beltline {
namespace {

using namespace chance_test;

TEST(Uncertainty, IsASourceAndMovesAllThatItsNameFits) {
  const Outcome out = with(R"toml(
[uncertainty.yield]
of = "make_*"
what = "yield"
low = 0.7
mode = 0.9
high = 1
from = "2026-02"
until = "2026-04"
title = "yield of the new node"
title_ko = "새 공정의 수율"
source = "https://example.org"
)toml");
  ASSERT_TRUE(out.model) << out.text();
  const Chances& chances = out.model->chances;
  ASSERT_EQ(chances.sources.size(), 1U);
  const Source& source = chances.sources[0];
  EXPECT_EQ(source.name, "uncertainty.yield");
  EXPECT_EQ(source.unit, "1");
  EXPECT_EQ(source.distribution, (Distribution{Spread::pert, 0.7, 0.9, 1}));
  EXPECT_FALSE(source.each_period);
  EXPECT_EQ(source.titles.title, "yield of the new node");
  EXPECT_EQ(source.titles.title_ko, "새 공정의 수율");
  EXPECT_EQ(source.provenance.entry, "uncertainty.yield");
  EXPECT_EQ(source.provenance.source, "https://example.org");
  ASSERT_EQ(chances.influences.size(), 2U);
  for (const Influence& each : chances.influences) {
    EXPECT_EQ(each.source, 0);
    EXPECT_EQ(each.target, ChanceTarget::process);
    EXPECT_EQ(each.aspect, Aspect::yield);
    EXPECT_EQ(std::tuple(each.at_low, each.at_mode, each.at_high), std::tuple(0.7, 0.9, 1.0));
    EXPECT_EQ(std::pair(each.first, each.last), std::pair(1, 3));
  }
  EXPECT_EQ(chances.influences[0].id, id_of(out.model->processes, "make_ddr"));
  EXPECT_EQ(chances.influences[1].id, id_of(out.model->processes, "make_hbm"));
}

TEST(Uncertainty, ADelayIsInPeriodsAndMayBeEarlier) {
  const std::string text = R"toml(
[uncertainty.late]
of = "hall"
what = "delay"
low = "-1 month"
mode = "0 month"
high = "26 week"
each_period = true
)toml";
  const Outcome out = with(text);
  ASSERT_TRUE(out.model) << out.text();
  const Influence& each = out.model->chances.influences.at(0);
  EXPECT_EQ(each.target, ChanceTarget::capacity);
  EXPECT_EQ(each.aspect, Aspect::delay);
  EXPECT_EQ(each.stage, -1);
  EXPECT_DOUBLE_EQ(each.at_low, -1);
  EXPECT_DOUBLE_EQ(each.at_mode, 0);
  EXPECT_NEAR(each.at_high, 26 * 7 / 30.436875, 1e-9);
  EXPECT_EQ(out.model->chances.sources[0].unit, "month");
  EXPECT_TRUE(out.model->chances.sources[0].each_period);

  const Outcome quarters = with(text, R"toml(
[scenario]
name = "test"
[calendar]
start = "2026-01"
periods = 6
months_per_period = 3
[money]
base_year = 2025
)toml");
  ASSERT_TRUE(quarters.model) << quarters.text();
  EXPECT_NEAR(quarters.model->chances.influences.at(0).at_low, -1.0 / 3, 1e-12);
}

TEST(Uncertainty, EverySpreadHasTheNumbersItNeeds) {
  const auto distribution = [](std::string_view keys) {
    const Outcome out = with("[uncertainty.x]\nof = \"dies\"\nwhat = \"demand\"\n" + std::string(keys));
    EXPECT_TRUE(out.model) << out.text();
    return out.model ? out.model->chances.sources.at(0).distribution : Distribution{};
  };
  EXPECT_EQ(distribution("spread = \"uniform\"\nlow = 0.5\nhigh = 2\n"), (Distribution{Spread::uniform, 0.5, 1.25, 2}));
  EXPECT_EQ(distribution("spread = \"triangular\"\nlow = 0.5\nmode = 1\nhigh = 2\n"),
            (Distribution{Spread::triangular, 0.5, 1, 2}));
  EXPECT_EQ(distribution("spread = \"normal\"\nlow = 0.8\nhigh = 1.2\n"), (Distribution{Spread::normal, 0.8, 1, 1.2}));
  EXPECT_EQ(distribution("spread = \"lognormal\"\nlow = 0.5\nhigh = 2\n"),
            (Distribution{Spread::lognormal, 0.5, 1, 2}));
  EXPECT_EQ(distribution("spread = \"exponential\"\nmode = \"50 %\"\n"),
            (Distribution{Spread::exponential, 0, 0.5, 1}));
}

TEST(Uncertainty, BadNumbersAreReportedAllAtOnce) {
  const Outcome out = with(R"toml(
[uncertainty.no_high]
of = "dies"
what = "demand"
low = 0.5
mode = 1
[uncertainty.order]
of = "dies"
what = "demand"
low = 2
mode = 1
high = 3
[uncertainty.outside]
of = "hall"
what = "delay"
low = "1 month"
mode = "4 month"
high = "3 month"
[uncertainty.negative]
of = "dies"
what = "demand"
low = -0.5
mode = 1
high = 3
[uncertainty.dimension]
of = "hall"
what = "delay"
low = 0
mode = "1 month"
high = "2 MW"
[uncertainty.logarithm]
of = "dies"
what = "demand"
spread = "lognormal"
low = 0
high = 3
[uncertainty.unused]
of = "dies"
what = "demand"
spread = "exponential"
mode = 1
high = 3
[uncertainty.window]
of = "dies"
what = "demand"
low = 0.5
mode = 1
high = 3
from = "2026-05"
until = "2026-02"
)toml");
  EXPECT_FALSE(out.model);
  EXPECT_EQ(refused(out, Code::missing_key).message, "uncertainty 'no_high' has no high");
  EXPECT_EQ(out.count(Code::range_order), 2);
  EXPECT_EQ(refused(out, Code::range_order).help, "write low = 1, mode = 2, high = 3");
  EXPECT_NE(out.text().find("write low = \"1 month\", mode = \"3 month\", high = \"4 month\""), std::string::npos);
  EXPECT_EQ(out.count(Code::out_of_range), 2);
  EXPECT_NE(out.text().find("low of 'negative' is negative"), std::string::npos);
  EXPECT_NE(out.text().find("uncertainty 'logarithm' has a spread lognormal, which is positive"), std::string::npos);
  EXPECT_EQ(out.count(Code::wrong_dimension), 2);
  EXPECT_EQ(refused(out, Code::unused).severity, Severity::warning);
  EXPECT_EQ(refused(out, Code::empty_window).help, "write from = \"2026-02\", until = \"2026-05\", or a later until");
}

TEST(Uncertainty, NamesThatItCannotMoveAreRefused) {
  const Outcome out = with(R"toml(
[uncertainty.unknown]
of = "make_hmb"
what = "yield"
low = 0.5
mode = 0.9
high = 1
[uncertainty.other_kind]
of = "hall"
what = "yield"
low = 0.5
mode = 0.9
high = 1
[uncertainty.at_once]
of = "run"
what = "delay"
low = "0 month"
mode = "1 month"
high = "2 month"
[uncertainty.no_such]
of = "hall"
kind = "demand"
what = "limit"
low = 0.5
mode = 0.9
high = 1
)toml");
  EXPECT_FALSE(out.model);
  EXPECT_EQ(refused(out, Code::dangling_reference).help, "did you mean 'make_hbm'?");
  EXPECT_EQ(refused(out, Code::grain_mismatch).found, "run");
  EXPECT_EQ(out.count(Code::inconsistent), 2);
}

TEST(Uncertainty, AYieldAboveOneIsRefusedWhereItIsCertain) {
  const Outcome out = with(R"toml(
[uncertainty.rework]
of = "rework"
what = "yield"
low = 1
mode = 1.05
high = 1.2
[uncertainty.online]
of = "fab"
what = "availability"
low = 0.9
mode = 1
high = 1.2
)toml");
  EXPECT_FALSE(out.model);
  EXPECT_EQ(refused(out, Code::bad_yield).found, "1.08");
  EXPECT_EQ(refused(out, Code::bad_yield).help, "write a factor of at most 1.111");
  EXPECT_EQ(refused(out, Code::out_of_range).found, "1.08");
  // what the scenario says of a product: gross dies times 0.8 times 0.9, in one step among several
  const std::string fab = R"toml(
[product.hbm]
family = "hbm"
die_area = "121 mm2"
yield = 0.8
test_yield = 0.9
[fab.m16]
place = "a"
owner = "maker"
capacity = "100000 wafer/month"
products = ["hbm"]
[uncertainty.x]
of = "fab_hbm@m16"
what = "yield"
low = 0.5
mode = 1
high = )toml";
  EXPECT_EQ(with(fab + "1.38\n").count(Code::bad_yield), 0);
  EXPECT_EQ(refused(with(fab + "1.4\n"), Code::bad_yield).severity, Severity::warning);
  EXPECT_TRUE(with("[uncertainty.x]\nof = \"rework\"\nwhat = \"yield\"\nlow = 0.5\nmode = 1\nhigh = 1.1\n").model);
}

constexpr std::string_view kTwo = R"toml(
[uncertainty.hbm]
of = "make_hbm"
what = "yield"
low = 0.5
mode = 0.9
high = 1
[uncertainty.ddr]
of = "make_ddr"
what = "yield"
low = 0.5
mode = 0.9
high = 1
)toml";

Outcome correlated(std::string_view text) {
  return with(std::string(kTwo) + std::string(text));
}

TEST(Correlation, JoinsRangesAndUncertainties) {
  const Outcome out = correlated(R"toml(
[correlation.all]
of = ["uncertainty.*", "capacity.hall.lead", "capacity.*.capex"]
coefficient = 0.4
)toml");
  ASSERT_TRUE(out.model) << out.text();
  const Chances& chances = out.model->chances;
  ASSERT_EQ(chances.correlations.size(), 1U);
  EXPECT_EQ(chances.correlations[0].coefficient, 0.4);
  EXPECT_EQ(chances.correlations[0].sources, (std::vector<int>{0, 1, 2, 3}));
  EXPECT_EQ(chances.sources[2].name, "capacity.hall.lead");
  EXPECT_EQ(chances.sources[2].unit, "month");
  EXPECT_EQ(chances.sources[2].distribution, (Distribution{Spread::pert, 3, 4, 9}));
  EXPECT_EQ(chances.sources[2].provenance.entry, "capacity.hall");
  EXPECT_EQ(chances.sources[3].name, "capacity.hall.capex");
}

TEST(Correlation, MustBePossible) {
  const Outcome out = correlated(R"toml(
[correlation.three]
of = ["uncertainty.hbm", "uncertainty.ddr", "capacity.hall.lead"]
coefficient = -0.7
)toml");
  EXPECT_FALSE(out.model);
  const Diagnostic& d = refused(out, Code::inconsistent);
  EXPECT_EQ(d.message,
            "no 3 values can be correlated as 'three' says: the smallest eigenvalue of their matrix is -0.4");
  EXPECT_EQ(d.help, "write coefficient = -0.5");
  EXPECT_TRUE(
      correlated("[correlation.three]\nof = [\"uncertainty.*\", \"capacity.hall.lead\"]\ncoefficient = -0.5\n").model);
  EXPECT_TRUE(
      correlated("[correlation.three]\nof = [\"uncertainty.*\", \"capacity.hall.lead\"]\ncoefficient = 1\n").model);

  // a likes b, b likes c, a and c are opposites
  const Outcome several = correlated(R"toml(
[correlation.ab]
of = ["uncertainty.hbm", "uncertainty.ddr"]
coefficient = 0.9
[correlation.bc]
of = ["uncertainty.ddr", "capacity.hall.lead"]
coefficient = 0.9
[correlation.ca]
of = ["capacity.hall.lead", "uncertainty.hbm"]
coefficient = -0.9
)toml");
  EXPECT_EQ(several.count(Code::inconsistent), 3);
  EXPECT_NE(several.text().find("write coefficient = 0.5, and the others that join them 0.555 times as large"),
            std::string::npos)
      << several.text();
}

TEST(Correlation, WhatItNamesIsChecked) {
  const Outcome out = correlated(R"toml(
[uncertainty.monthly]
of = "dies"
what = "demand"
low = 0.5
mode = 1
high = 1.5
each_period = true
[correlation.typo]
of = ["uncertainty.hmb", "capacity.hall.lead"]
coefficient = 0.5
[correlation.plain]
of = ["demand.dies.quantity", "capacity.hall.lead"]
coefficient = 0.5
[correlation.one]
of = ["capacity.hall.lead"]
coefficient = 0.5
[correlation.mixed]
of = ["capacity.hall.lead", "uncertainty.monthly"]
coefficient = 0.5
[correlation.first]
of = ["uncertainty.hbm", "uncertainty.ddr"]
coefficient = 0.5
[correlation.second]
of = ["uncertainty.hbm", "uncertainty.ddr", "capacity.hall.lead"]
coefficient = 0.6
)toml");
  EXPECT_FALSE(out.model);
  EXPECT_EQ(refused(out, Code::dangling_reference).help, "did you mean 'uncertainty.hbm'?");
  const std::string text = out.text();
  for (const char* const said :
       {"value 'demand.dies.quantity' has no range to be drawn from", "correlation 'one' joins fewer than two values",
        "correlation 'mixed' joins what is drawn once and what is drawn each period",
        "correlations 'first' and 'second' say different things of 'uncertainty.ddr' and 'uncertainty.hbm'"}) {
    EXPECT_NE(text.find(said), std::string::npos) << said << "\n" << text;
  }
  EXPECT_EQ(out.diagnostics.error_count(), 5U) << text;
  EXPECT_EQ(
      refused(correlated("[correlation.x]\nof = [\"uncertainty.*\"]\ncoefficient = 1.5\n"), Code::out_of_range).found,
      "1.5");
}

}  // namespace
}  // namespace beltline
