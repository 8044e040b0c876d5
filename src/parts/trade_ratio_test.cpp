#include "parts/trade_ratio.h"

#include <filesystem>

#include <gtest/gtest.h>

#include "parts/memory_test_support.h"
#include "scenario/load.h"

namespace beltline {
namespace {

using memory_test::compile_chain;
using memory_test::kChain;
using memory_test::kFrame;
using memory_test::kRack;

std::string with_bits(std::string_view text) {
  std::string out(text);
  const std::string_view at = "die_area = \"121 mm2\"\n";
  return out.insert(out.find(at) + at.size(), "die_capacity = \"24 Gbit\"\n");
}

TEST(TradeRatio, IsWafersOverWafersForTheSameBits) {
  auto out = compile_chain(with_bits(kFrame) + std::string(kChain) + std::string(kRack));
  ASSERT_FALSE(out.has_errors()) << out.text();
  const Measure* ratio = out.measure("trade_ratio_hbm_12h");
  ASSERT_NE(ratio, nullptr);
  // 492 dies of 24 Gbit, 80 % and then 0.99^12 · 85 % of them good, over 1,338 of 16 Gbit, 88 % good
  EXPECT_NEAR(out.model().at(ratio->constant, 0), 1338 * 16 * 0.88 / (492 * 24 * 0.8 * 0.886385 * 0.85), 0.005);
}

TEST(BillMeasures, SayWhyARackNeedsItsWafers) {
  auto out = compile_chain(with_bits(kFrame) + std::string(kChain) + std::string(kRack));
  ASSERT_FALSE(out.has_errors()) << out.text();
  const auto value = [&](std::string_view name) {
    const Measure* measure = out.measure(name);
    return measure == nullptr ? -1 : out.model().at(measure->constant, 0);
  };
  EXPECT_DOUBLE_EQ(value("die_yield_hbm"), 0.8);
  EXPECT_NEAR(value("stack_yield_hbm_12h"), 0.886385 * 0.85, 1e-6);
  // 576 stacks of 12 dies over 394 good dies a wafer; 28 TB over 2.355 TB a wafer
  EXPECT_NEAR(value("hbm_wafers_per_rack_gb300"), 576 * 12 / (0.886385 * 0.85) / (492 * 0.8), 0.05);
  EXPECT_NEAR(value("host_wafers_per_rack_gb300"), 28 / 2.355, 0.02);
}

TEST(TradeRatio, IsNotToldWhereBitsAreNot) {
  auto out = compile_chain(std::string(kFrame) + std::string(kChain) + std::string(kRack));
  ASSERT_FALSE(out.has_errors()) << out.text();
  EXPECT_EQ(out.measure("trade_ratio_hbm_12h"), nullptr);
}

TEST(TradeRatio, NamesTheHostProductWhereThereAreSeveral) {
  auto out = compile_chain(with_bits(kFrame) + std::string(kChain) + std::string(kRack) + R"([product.gddr7]
family = "gddr7"
die_area = "60 mm2"
die_capacity = "16 Gbit"
yield = 0.88
)");
  ASSERT_FALSE(out.has_errors()) << out.text();
  EXPECT_EQ(out.measure("trade_ratio_hbm_12h"), nullptr);
  EXPECT_NE(out.measure("trade_ratio_hbm_12h_ddr5"), nullptr);
  EXPECT_NE(out.measure("trade_ratio_hbm_12h_gddr7"), nullptr);
}

struct Published {
  const char* stack;
  YearMonth first;
  YearMonth last;
  double low;
  double high;
};

class KoreanTradeRatio : public testing::TestWithParam<Published> {};

// Micron, call of FY26-Q1 (December 2025): about 3 wafers a GB of HBM3E for one of DDR5, 2.5 to 3 before; HBM4 above 3,
// 3.0 to 4.0 with other press. Computed from die sizes and yields of the scenario, none of which was chosen for it.
TEST_P(KoreanTradeRatio, LiesInThePublishedRange) {
  const Published& want = GetParam();
  const auto loaded = load_scenario(std::filesystem::path(BELTLINE_SOURCE_DIR) / "scenarios" / "korea", all_sections());
  ASSERT_TRUE(loaded.spec);
  const Spec& spec = *loaded.spec;
  for (int t = spec.calendar.period_of(want.first); t <= spec.calendar.period_of(want.last); ++t) {
    const auto ratio = trade_ratio(spec, *spec.find("stack", want.stack), *spec.find("product", "ddr5"), t);
    ASSERT_TRUE(ratio);
    EXPECT_GE(*ratio, want.low) << spec.calendar.label(t);
    EXPECT_LE(*ratio, want.high) << spec.calendar.label(t);
  }
}

INSTANTIATE_TEST_SUITE_P(Stacks, KoreanTradeRatio,
                         testing::Values(Published{"hbm3e_12h", {2025, 10}, {2030, 12}, 2.5, 3.2},
                                         Published{"hbm4_12h", {2025, 10}, {2026, 12}, 3.0, 4.0}),
                         [](const auto& param) { return std::string(param.param.stack); });

}  // namespace
}  // namespace beltline
