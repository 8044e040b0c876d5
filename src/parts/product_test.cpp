#include "parts/product.h"

#include <gtest/gtest.h>

#include "parts/memory_test_support.h"

namespace beltline {
namespace {

using memory_test::compile_chain;
using memory_test::kFrame;

struct DieCase {
  double area_mm2;
  double dies;
};

class GrossDies : public testing::TestWithParam<DieCase> {};

// Published table: 300 mm wafer, 294 mm usable, 0.1 mm scribe, square dies.
TEST_P(GrossDies, MatchesThePublishedTable) {
  EXPECT_NEAR(gross_dies(GetParam().area_mm2, {}), GetParam().dies, 0.5);
}

INSTANTIATE_TEST_SUITE_P(Areas, GrossDies,
                         testing::Values(DieCase{40, 1543}, DieCase{45, 1369}, DieCase{50, 1229}, DieCase{60, 1020},
                                         DieCase{70, 870}, DieCase{80, 758}, DieCase{90, 671}, DieCase{100, 601},
                                         DieCase{110, 544}, DieCase{121, 492}, DieCase{130, 456}, DieCase{140, 422},
                                         DieCase{150, 392}));

TEST(Product, WiderScribeAndEdgeGiveFewerDies) {
  EXPECT_LT(gross_dies(100, {.scribe_mm = 0.2}), gross_dies(100, {}));
  EXPECT_LT(gross_dies(100, {.edge_mm = 5}), gross_dies(100, {}));
}

TEST(Product, ADieLargerThanTheWaferGivesNone) {
  EXPECT_EQ(gross_dies(90000, {}), 0);
  EXPECT_EQ(gross_dies(100, {.diameter_mm = 5}), 0);
}

TEST(Product, WafersGiveDiesOrTerabytes) {
  auto out = compile_chain(std::string(kFrame));
  ASSERT_FALSE(out.has_errors()) << out.text();
  const Spec& spec = *out.loaded.spec;
  EXPECT_NEAR(output_per_wafer(spec.calendar, *spec.find("product", "hbm"), 0), 492 * 0.8, 0.5);
  // 1,338 dies of 2 GB, 88 % of them good
  EXPECT_NEAR(output_per_wafer(spec.calendar, *spec.find("product", "ddr5"), 0), 1338 * 0.88 * 0.002, 0.002);
}

TEST(Product, YieldFollowsItsSeries) {
  auto out = compile_chain(std::string(kFrame) + R"([product.ramp]
family = "hbm"
die_area = "121 mm2"
yield = {dates = {"2026-01" = 0.5, "2026-11" = 1.0}}
)");
  ASSERT_FALSE(out.has_errors()) << out.text();
  const Spec& spec = *out.loaded.spec;
  const Entry& product = *spec.find("product", "ramp");
  EXPECT_NEAR(output_per_wafer(spec.calendar, product, 5) / output_per_wafer(spec.calendar, product, 10), 0.75, 1e-12);
}

TEST(Product, RefusesAHostProductWithoutCapacity) {
  const auto out = compile_chain(std::string(kFrame) + R"([product.bad]
family = "host"
die_area = "46 mm2"
yield = 0.9
)");
  EXPECT_TRUE(out.has(Code::missing_key)) << out.text();
}

TEST(Product, RefusesADieThatDoesNotFit) {
  const auto out = compile_chain(std::string(kFrame) + R"([product.bad]
family = "hbm"
die_area = "90000 mm2"
yield = 0.9
)");
  EXPECT_TRUE(out.has(Code::out_of_range)) << out.text();
}

TEST(Product, RefusesYieldsOutsideZeroToOne) {
  for (const char* yield : {"0", "1.2", "-0.1", "\"140 %\"", "{dates = {\"2026-01\" = 0.5, \"2026-06\" = 1.5}}"}) {
    const auto out = compile_chain(std::string(kFrame) +
                                   "[product.bad]\nfamily = \"hbm\"\ndie_area = \"100 mm2\"\nyield = " + yield + "\n");
    EXPECT_TRUE(out.has(Code::bad_yield)) << yield << out.text();
  }
}

TEST(Product, RefusesANegativeCycleTime) {
  const auto out = compile_chain(std::string(kFrame) + R"([product.bad]
family = "hbm"
die_area = "100 mm2"
yield = 0.9
cycle_time = "-3 week"
)");
  EXPECT_TRUE(out.has(Code::negative_lead)) << out.text();
}

}  // namespace
}  // namespace beltline
