#include "parts/die_yield.h"

#include <cmath>
#include <numbers>

#include <gtest/gtest.h>

#include "parts/memory_test_support.h"
#include "parts/product.h"

namespace beltline {
namespace {

using memory_test::compile_chain;
using memory_test::Compiled;
using memory_test::kChain;
using memory_test::kFrame;
using memory_test::kRack;

struct Case {
  YieldModel model;
  double defects;
  double clustering;
  double yield;
};

class DefectYield : public testing::TestWithParam<Case> {};

TEST_P(DefectYield, IsThatOfTheFormula) {
  const Case& one = GetParam();
  EXPECT_NEAR(defect_yield(one.model, one.defects, one.clustering), one.yield, 1e-6);
}

// half a defect a die, and 1.21 cm2 at 0.2 per cm2
INSTANTIATE_TEST_SUITE_P(ByHand, DefectYield,
                         testing::Values(Case{YieldModel::poisson, 0.5, 1, 0.606531},
                                         Case{YieldModel::murphy, 0.5, 1, 0.619272},
                                         Case{YieldModel::seeds, 0.5, 1, 0.666667},
                                         Case{YieldModel::negative_binomial, 0.5, 2, 0.64},
                                         Case{YieldModel::poisson, 0.242, 1, 0.785056},
                                         Case{YieldModel::negative_binomial, 0.242, 1, 1 / 1.242}));

TEST(DefectYield, IsOneWithoutDefects) {
  for (const auto model : {YieldModel::poisson, YieldModel::murphy, YieldModel::seeds, YieldModel::negative_binomial}) {
    EXPECT_EQ(defect_yield(model, 0, 2), 1);
    EXPECT_NEAR(defect_yield(model, 1e-12, 2), 1, 1e-11);
  }
}

// The less defects cluster, the nearer the negative binomial comes to Poisson; at α = 1 it is that of Seeds.
TEST(DefectYield, OfTheNegativeBinomialLiesBetweenSeedsAndPoisson) {
  for (const double defects : {0.1, 1.0, 3.0}) {
    const double seeds = defect_yield(YieldModel::seeds, defects);
    const double poisson = defect_yield(YieldModel::poisson, defects);
    EXPECT_NEAR(defect_yield(YieldModel::negative_binomial, defects, 1), seeds, 1e-12);
    EXPECT_NEAR(defect_yield(YieldModel::negative_binomial, defects, 1e9), poisson, 1e-6);
    const double between = defect_yield(YieldModel::negative_binomial, defects, 3);
    EXPECT_GT(between, poisson);
    EXPECT_LT(between, seeds);
  }
}

TEST(DefectYield, IsAFractionEvenForADieFullOfDefects) {
  for (const auto model : {YieldModel::poisson, YieldModel::murphy, YieldModel::seeds, YieldModel::negative_binomial}) {
    const double yield = defect_yield(model, 1e6, 2);
    EXPECT_GE(yield, 0);
    EXPECT_LE(yield, 1);
  }
}

/// The frame with one product more, of 100 mm2.
std::string with_product(std::string_view keys) {
  return std::string(kFrame) + "[product.new]\nfamily = \"hbm4\"\ndie_area = \"100 mm2\"\n" + std::string(keys);
}

double yield_of(const Compiled& out, int t) {
  const Spec& spec = *out.loaded.spec;
  return die_yield(spec.calendar, *spec.find("product", "new"), t);
}

TEST(DieYield, ComesFromDefectsAndTests) {
  const auto out = compile_chain(with_product(R"(
defect_density = {dates = {"2026-01" = 1.0, "2026-11" = 0.5}, unit = "1/cm2"}
yield_model = "poisson"
critical_area = "50 mm2"
parametric_yield = 0.9
test_yield = 0.8
)"));
  ASSERT_FALSE(out.has_errors()) << out.text();
  EXPECT_NEAR(yield_of(out, 0), std::exp(-0.5) * 0.72, 1e-12);
  EXPECT_NEAR(yield_of(out, 10), std::exp(-0.25) * 0.72, 1e-12);
}

TEST(DieYield, LearnsFromItsStartToItsMatureValue) {
  const auto out = compile_chain(with_product(R"(
learning = [{from = "2026-03", start = "1 cm-2", mature = "0.2 cm-2", time_constant = "6 month"}]
yield_model = "seeds"
)"));
  ASSERT_FALSE(out.has_errors()) << out.text();
  EXPECT_NEAR(yield_of(out, 0), 0.5, 1e-12);
  EXPECT_NEAR(yield_of(out, 2), 0.5, 1e-12);
  EXPECT_NEAR(yield_of(out, 8), 1 / (1 + 0.2 + 0.8 / std::numbers::e), 1e-12);
}

// A shrink in July begins with more defects than the old process had left.
TEST(DieYield, FollowsTheCurveThatBeganLast) {
  const auto out = compile_chain(with_product(R"(
learning = [
  {from = "2026-07", start = "2 cm-2", mature = "0.1 cm-2", time_constant = "6 month"},
  {from = "2026-02", start = "1 cm-2", mature = "0.2 cm-2", time_constant = "3 month"},
]
yield_model = "seeds"
)"));
  ASSERT_FALSE(out.has_errors()) << out.text();
  EXPECT_NEAR(yield_of(out, 0), 0.5, 1e-12);
  EXPECT_NEAR(yield_of(out, 5), 1 / (1.2 + 0.8 * std::exp(-4.0 / 3)), 1e-12);
  EXPECT_NEAR(yield_of(out, 6), 1.0 / 3, 1e-12);
}

TEST(DieYield, OfALongPeriodIsThatOfItsMeanDefects) {
  std::string text = with_product(R"(
learning = [{from = "2026-01", start = "1 cm-2", mature = "0 cm-2", time_constant = "1 month"}]
yield_model = "seeds"
)");
  text.replace(text.find("periods = 12"), 12, "periods = 12\nmonths_per_period = 2");
  const auto out = compile_chain(text);
  ASSERT_FALSE(out.has_errors()) << out.text();
  EXPECT_NEAR(yield_of(out, 0), 1 / (1 + (1 + std::exp(-1.0)) / 2), 1e-12);
}

struct Wrong {
  const char* keys;
  Code code;
};

class WrongYield : public testing::TestWithParam<Wrong> {};

TEST_P(WrongYield, IsToldByItsCode) {
  const auto out = compile_chain(with_product(GetParam().keys));
  EXPECT_TRUE(out.has(GetParam().code)) << out.text();
}

INSTANTIATE_TEST_SUITE_P(
    Cases, WrongYield,
    testing::Values(Wrong{"", Code::missing_key},
                    Wrong{"yield = 0.8\ndefect_density = \"0.1 cm-2\"\n", Code::inconsistent},
                    Wrong{"yield = 0.8\nyield_model = \"murphy\"\n", Code::unused},
                    Wrong{"defect_density = \"0.1 cm-2\"\n", Code::missing_key},
                    Wrong{"defect_density = \"0.1 cm-2\"\nyield_model = \"negative_binomial\"\n", Code::missing_key},
                    Wrong{"defect_density = \"0.1 cm-2\"\nyield_model = \"poisson\"\nclustering = 2\n", Code::unused},
                    Wrong{"defect_density = \"0.1 cm-2\"\nyield_model = \"poisson\"\ncritical_area = \"120 mm2\"\n",
                          Code::inconsistent},
                    Wrong{"defect_density = \"-0.1 cm-2\"\nyield_model = \"poisson\"\n", Code::out_of_range},
                    Wrong{"defect_density = \"0.1 cm-2\"\nyield_model = \"bose\"\n", Code::bad_choice},
                    Wrong{"yield = 0.8\ntest_yield = 1.1\n", Code::bad_yield},
                    Wrong{"learning = []\nyield_model = \"seeds\"\n", Code::missing_key},
                    Wrong{"learning = [{from = \"2026-01\", start = \"0.1 cm-2\", mature = \"0.2 cm-2\", time_constant "
                          "= \"6 month\"}]\n"
                          "yield_model = \"seeds\"\n",
                          Code::inconsistent},
                    Wrong{"learning = [{from = \"2026-01\", start = \"0.2 cm-2\", mature = \"0.1 cm-2\", time_constant "
                          "= \"0 month\"}]\n"
                          "yield_model = \"seeds\"\n",
                          Code::out_of_range}));

TEST(Family, IsAnyWord) {
  for (const char* family : {"gddr7", "lpddr6", "host"}) {
    const auto out = compile_chain(std::string(kFrame) + "[product.new]\nfamily = \"" + family +
                                   "\"\ndie_area = \"60 mm2\"\ndie_capacity = \"24 Gbit\"\nyield = 0.9\n");
    ASSERT_FALSE(out.has_errors()) << out.text();
    const Spec& spec = *out.loaded.spec;
    EXPECT_NEAR(output_per_wafer(spec.calendar, *spec.find("product", "new"), 0), 1020 * 0.9 * 0.003, 0.01);
  }
  for (const char* family : {"", "HBM", "hbm 4"}) {
    const auto out = compile_chain(std::string(kFrame) + "[product.new]\nfamily = \"" + family +
                                   "\"\ndie_area = \"60 mm2\"\nyield = 0.9\n");
    EXPECT_TRUE(out.has(Code::bad_name)) << family << out.text();
  }
}

/// Arrivals of a process's output of one commodity by the period in which it was started.
std::vector<int> arrivals(Compiled& out, std::string_view process_name, std::string_view commodity) {
  std::vector<int> periods(12, -1);
  for (const Flow& flow : out.process(process_name).flows) {
    if (out.model().commodities[flow.commodity.index()].name != commodity) continue;
    for (int t = 0; t < 12; ++t) {
      if (out.model().at(flow.rate, t) <= 0) continue;
      EXPECT_EQ(periods[static_cast<std::size_t>(t)], -1) << "twice";
      periods[static_cast<std::size_t>(t)] = t + flow.lag;
    }
  }
  return periods;
}

std::string qualified(std::string_view month) {
  std::string text = std::string(kFrame) + std::string(kChain) + std::string(kRack);
  const std::string_view at = "cycle_time = \"20 week\"\n";
  return text.insert(text.find(at) + at.size(), "qualified = \"" + std::string(month) + "\"\n");
}

// Wafers of January to March would be dies in June to August; they wait until September.
TEST(Qualification, HoldsWhatWasStartedAtRisk) {
  auto out = compile_chain(qualified("2026-09"));
  ASSERT_FALSE(out.has_errors()) << out.text();
  const std::vector<int> want{8, 8, 8, 8, 9, 10, 11, 12, 13, 14, 15, 16};
  EXPECT_EQ(arrivals(out, "fab_hbm@m16", "die_hbm"), want);
}

TEST(Qualification, BeforeTheFirstDieChangesNothing) {
  auto with = compile_chain(qualified("2026-02"));
  auto without = compile_chain(std::string(kFrame) + std::string(kChain) + std::string(kRack));
  EXPECT_EQ(arrivals(with, "fab_hbm@m16", "die_hbm"), arrivals(without, "fab_hbm@m16", "die_hbm"));
  EXPECT_EQ(with.process("fab_hbm@m16").flows.size(), without.process("fab_hbm@m16").flows.size());
}

TEST(Qualification, AfterTheHorizonGivesNothingAndSaysSo) {
  auto out = compile_chain(qualified("2027-06"));
  EXPECT_TRUE(out.has(Code::outside_horizon)) << out.text();
  EXPECT_FALSE(out.has_errors()) << out.text();
  for (const int arrival : arrivals(out, "fab_hbm@m16", "die_hbm")) EXPECT_TRUE(arrival < 0 || arrival >= 12);
}

}  // namespace
}  // namespace beltline
