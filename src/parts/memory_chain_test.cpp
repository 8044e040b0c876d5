#include "parts/memory_chain.h"

#include <filesystem>
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include "parts/fab.h"
#include "parts/memory_test_support.h"
#include "parts/product.h"
#include "parts/rack.h"
#include "parts/stack.h"

namespace beltline {
namespace {

using memory_test::compile_chain;
using memory_test::Compiled;

/// The chain of the Korean scenario alone, over its horizon, with two sites.
Compiled korean_chain() {
  const auto path = std::filesystem::path(BELTLINE_SOURCE_DIR) / "scenarios" / "korea" / "memory.toml";
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return compile_chain(R"(
[scenario]
name = "chain"
[calendar]
start = "2025-10"
periods = 63
slices_per_day = 2
[place.jeonnam]
[place.texas]
outline = true
[place.korea]
[party.owner]
[party.nvidia]
[party.openai]
[party.samsung_electronics]
[party.sk_hynix]
)" + text.str());
}

/// Wafer starts a month of a maker's fabs, all customers together.
double maker_wspm(const Spec& spec, std::string_view maker, YearMonth month) {
  double sum = 0;
  for (const Entry& fab : spec.entries("fab")) {
    if (fab.text("owner") == maker)
      sum += monthly(spec.calendar, fab.series("capacity"), spec.calendar.period_of(month));
  }
  return sum;
}

TEST(KoreanChain, Compiles) {
  auto out = korean_chain();
  EXPECT_FALSE(out.has_errors()) << out.text();
  ASSERT_TRUE(out.builder);
  Diagnostics diagnostics;
  const auto model = std::move(*out.builder).finish(diagnostics);
  EXPECT_TRUE(model.has_value());
}

// Omdia: Samsung 632,500 in 2025 and 660,800 in 2026, SK hynix 497,500 in 2025; press: SK hynix 700,000 in 2030.
TEST(KoreanChain, FabsAddUpToThePublishedTotals) {
  auto out = korean_chain();
  ASSERT_TRUE(out.loaded.spec) << out.text();
  const Spec& spec = *out.loaded.spec;
  EXPECT_NEAR(maker_wspm(spec, "samsung_electronics", {2025, 10}), 632500, 1);
  EXPECT_NEAR(maker_wspm(spec, "samsung_electronics", {2026, 12}), 660800, 1);
  EXPECT_NEAR(maker_wspm(spec, "sk_hynix", {2025, 10}), 497500, 1);
  EXPECT_NEAR(maker_wspm(spec, "sk_hynix", {2026, 12}), 547500, 1);
  EXPECT_NEAR(maker_wspm(spec, "sk_hynix", {2030, 12}), 700000, 1);
}

struct BuildOut {
  const char* rack;
  double accelerators_low, accelerators_high;  // M
  double hbm_low, hbm_high;                    // 1,000 wafers a month
  double host_low, host_high;
  double total_low, total_high;
};

class TenGigawatts : public testing::TestWithParam<BuildOut> {};

// 10 GW of facility power in 48 months: P10 to P90 of the published ranges drawn at random. PUE 1.2, a yearly mean.
// So 900,000 wafers a month is a ceiling, 16 to 28 times what 10 GW need.
// 900,000 wafers a month is a ceiling, 16 to 28 times what 10 GW need.
TEST_P(TenGigawatts, NeedsWafersInThePublishedRange) {
  auto out = korean_chain();
  ASSERT_TRUE(out.loaded.spec) << out.text();
  const Spec& spec = *out.loaded.spec;
  const Entry& rack = *spec.find("rack", GetParam().rack);
  const RackBill bill = rack_bill(spec, rack);
  const double racks = 10000 / (rack_it_mw(rack) * 1.2);
  const auto thousands_a_month = [&](double wafers) { return racks * wafers / 48 / 1000; };
  const BuildOut& want = GetParam();
  EXPECT_DOUBLE_EQ(bill.stacks, 576);
  const auto between = [](double value, double low, double high) { return value >= low && value <= high; };
  const double millions = racks * bill.accelerators / 1e6;
  EXPECT_TRUE(between(millions, want.accelerators_low, want.accelerators_high)) << millions;
  EXPECT_TRUE(between(thousands_a_month(bill.hbm_wafers), want.hbm_low, want.hbm_high))
      << thousands_a_month(bill.hbm_wafers);
  EXPECT_TRUE(between(thousands_a_month(bill.host_wafers), want.host_low, want.host_high))
      << thousands_a_month(bill.host_wafers);
  EXPECT_TRUE(between(thousands_a_month(bill.wafers()), want.total_low, want.total_high))
      << thousands_a_month(bill.wafers());
}

INSTANTIATE_TEST_SUITE_P(Racks, TenGigawatts,
                         testing::Values(BuildOut{"gb300_nvl72", 3.6, 4.3, 24.3, 36.2, 12.4, 24.3, 39.1, 57.2},
                                         BuildOut{"vr_nvl72", 2.3, 2.8, 15.3, 22.9, 15.4, 25.2, 32.2, 46.0}),
                         [](const auto& param) { return std::string(param.param.rack); });

// What packaging lets the programme have makes 10 GW possible in four years, but not 3 GW by the end of 2026.
TEST(KoreanChain, PackagingAllowsTenGigawattsInFourYears) {
  auto out = korean_chain();
  ASSERT_FALSE(out.has_errors()) << out.text();
  const Series interposers = out.capacity("interposer@cowos").existing;
  const double gb300_mw = 16 * 0.135 * 1.1 * 1.2 / 72;  // facility MW an interposer wafer
  double mw = 0, mw_first_15 = 0;
  for (int t = 0; t < 48; ++t) {
    mw += out.model().at(interposers, t) * gb300_mw;
    if (t < 15) mw_first_15 = mw;
  }
  EXPECT_GT(mw, 10000);
  EXPECT_LT(mw, 16000);
  EXPECT_LT(mw_first_15, 3000);
}

TEST(KoreanChain, EveryRackHasItsBill) {
  auto out = korean_chain();
  ASSERT_TRUE(out.loaded.spec) << out.text();
  for (const Entry& rack : out.loaded.spec->entries("rack")) {
    const RackBill bill = rack_bill(*out.loaded.spec, rack);
    RecordProperty(rack.name + "_wafers", std::to_string(bill.hbm_wafers) + " + " + std::to_string(bill.host_wafers));
    EXPECT_GT(bill.hbm_wafers, 0) << rack.name;
    EXPECT_GT(bill.host_wafers, 0) << rack.name;
    EXPECT_EQ(bill.stacks, rack.name == "kyber_nvl576" ? 144 * 16 : 72 * 8) << rack.name;
  }
}

}  // namespace
}  // namespace beltline
