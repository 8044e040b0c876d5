#include "parts/fab_capacity.h"

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

}  // namespace
}  // namespace beltline
