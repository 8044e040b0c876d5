#include "parts/fab_capacity.h"

#include <map>

#include <gtest/gtest.h>

#include "parts/memory_test_support.h"

namespace beltline {
namespace {

using memory_test::compile_chain;

TEST(RampShare, BeginsAtZeroEndsAtOneAndIsSymmetric) {
  for (const RampShape shape : {RampShape::s_curve, RampShape::linear}) {
    EXPECT_EQ(ramp_share(shape, -0.5), 0);
    EXPECT_EQ(ramp_share(shape, 0), 0);
    EXPECT_EQ(ramp_share(shape, 1), 1);
    EXPECT_EQ(ramp_share(shape, 3), 1);
    EXPECT_NEAR(ramp_share(shape, 0.5), 0.5, 1e-12);
    for (const double x : {0.1, 0.3, 0.45}) {
      EXPECT_NEAR(ramp_share(shape, x) + ramp_share(shape, 1 - x), 1, 1e-12);
      EXPECT_LT(ramp_share(shape, x), ramp_share(shape, x + 0.05));
    }
  }
  EXPECT_NEAR(ramp_share(RampShape::s_curve, 0.1), (0.017986 - 0.006693) / (1 - 2 * 0.006693), 1e-6);
}

// Tools from February on, four months of install, six of ramp: half in September, all in December.
TEST(FabCapacity, AddsRampsToItsSeries) {
  auto out = compile_chain(std::string(memory_test::kFrame) + std::string(memory_test::kChain) + R"(
[fab.new]
place = "icheon"
capacity = "1000 wafer/month"
hbm_max = "400 wafer/month"
programme_share_max = 0.5
products = ["hbm", "ddr5"]
ramps = [
  {at = "2026-02", size = "600 wafer/month", hbm_size = "200 wafer/month", install = "4 month", ramp = "6 month"},
  {at = "2026-11", size = "100 wafer/month", ramp = "0 month"},
]
)" + std::string(memory_test::kRack));
  ASSERT_FALSE(out.has_errors()) << out.text();
  const Series wafers = out.capacity("wspm@new").existing;
  const Series hbm = out.capacity("tsv@new").existing;
  EXPECT_DOUBLE_EQ(out.model().at(wafers, 5), 500);
  EXPECT_NEAR(out.model().at(wafers, 8), 650, 1e-9);
  EXPECT_DOUBLE_EQ(out.model().at(wafers, 10), 0.5 * (1000 + 600 * ramp_share(RampShape::s_curve, 5.0 / 6) + 100));
  EXPECT_DOUBLE_EQ(out.model().at(wafers, 11), 850);
  EXPECT_NEAR(out.model().at(hbm, 8), 250, 1e-9);
}

/// A fab with a line of each product, of which DDR5's may be converted.
std::string with_lines(std::string_view conversions, std::string_view lines) {
  return std::string(memory_test::kFrame) + std::string(memory_test::kChain) + std::string(memory_test::kRack) +
         "[fab.new]\nplace = \"icheon\"\ncapacity = \"1000 wafer/month\"\nprogramme_share_max = 0.5\n"
         "products = [\"hbm\", \"ddr5\"]\nlines = [" +
         std::string(lines) + "]\nconversions = [" + std::string(conversions) + "]\n";
}

constexpr const char* kHbmLine = "{product = \"hbm\", capacity = \"300 wafer/month\"}";
constexpr const char* kLines =
    "{product = \"hbm\", capacity = \"300 wafer/month\"}, {product = \"ddr5\", capacity = \"700 wafer/month\"}";
constexpr const char* kConversion =
    "{from = \"ddr5\", to = \"hbm\", max = \"200 wafer/month\", downtime = \"3 month\", lost = 0.4}";

TEST(FabLines, LoseAShareWhileTheyAreConverted) {
  auto out = compile_chain(with_lines(kConversion, kLines));
  ASSERT_FALSE(out.has_errors()) << out.text();
  EXPECT_EQ(out.capacity("convert_ddr5_hbm@new").lead, 3);
  EXPECT_DOUBLE_EQ(out.capacity("convert_ddr5_hbm@new").total_max, 200);
  EXPECT_EQ(out.capacity("leave_ddr5_hbm@new").lead, 0);
  // what each stands on, by good
  const auto stands = [&](std::string_view capacity) {
    std::map<std::string, double> found;
    for (const StandFlow& each : out.capacity(capacity).stand_flows) {
      found[out.model().commodities[each.commodity.index()].name] += out.model().at(each.rate, 0);
    }
    return found;
  };
  using Stands = std::map<std::string, double>;
  EXPECT_EQ(stands("leave_ddr5_hbm@new"), (Stands{{"fab_line_ddr5_new", -0.4}}));
  EXPECT_EQ(stands("convert_ddr5_hbm@new"), (Stands{{"fab_line_ddr5_new", -0.6}, {"fab_line_hbm_new", 1}}));
  EXPECT_EQ(stands("fab_line_ddr5@new"), (Stands{{"fab_line_ddr5_new", 1}}));
  EXPECT_DOUBLE_EQ(out.model().at(out.capacity("fab_line_ddr5@new").existing, 0), 350);
  EXPECT_DOUBLE_EQ(out.model().at(out.capacity("fab_line_hbm@new").existing, 0), 150);
}

TEST(FabLines, MustNotContradictThemselves) {
  const std::string twice = std::string(kConversion) + ", " + kConversion;
  const std::string two_lines = std::string(kHbmLine) + ", " + kHbmLine;
  const std::string to_itself = "{from = \"ddr5\", to = \"ddr5\", max = \"9 wafer/month\", downtime = \"3 month\"}";
  for (const auto& [conversions, lines] : {std::pair<std::string, std::string>{twice, kLines},
                                           {kConversion, kHbmLine},
                                           {to_itself, kLines},
                                           {"", two_lines}}) {
    const auto out = compile_chain(with_lines(conversions, lines));
    EXPECT_TRUE(out.has(Code::inconsistent)) << conversions << lines << out.text();
  }
}

}  // namespace
}  // namespace beltline
