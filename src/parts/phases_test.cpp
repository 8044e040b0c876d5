#include "parts/phases.h"

#include <gtest/gtest.h>

#include "parts/site_test_support.h"

namespace beltline {
namespace {

using site_test::sum;

/// Calls `check` with a compile on a calendar of `months` a period.
template <class Check>
void with_periods_of(int months, const Check& check) {
  Spec spec;
  Calendar calendar = Calendar::monthly({2026, 1}, 24, 1);
  calendar.months_per_period = months;
  ModelBuilder builder(calendar);
  Diagnostics diagnostics;
  std::vector<SiteView> views;
  check(Compile{spec, builder, diagnostics, views});
}

TEST(Spread, DividesASpanByPeriods) {
  with_periods_of(1, [](const Compile& c) {
    EXPECT_EQ(spread(c, {.from = 0, .to = 2}), (std::vector<double>{0.5, 0.5}));
    EXPECT_EQ(spread(c, {.from = 1.5, .to = 3.5}), (std::vector<double>{0, 0.25, 0.5, 0.25}));
    EXPECT_EQ(spread(c, {.from = 2, .to = 2}), (std::vector<double>{0, 0, 1}));
    EXPECT_EQ(spread(c, {.from = 0, .to = 0}), (std::vector<double>{1}));
    EXPECT_NEAR(sum(spread(c, {.from = 0.3, .to = 17.9})), 1, 1e-12);
  });
  with_periods_of(12, [](const Compile& c) {
    EXPECT_EQ(spread(c, {.from = 6, .to = 18}), (std::vector<double>{0.5, 0.5}));
    EXPECT_EQ(spread(c, {.from = 13, .to = 16}), (std::vector<double>{0, 1}));
  });
}

TEST(SpendProfile, WeighsExpensesAndLeavesOutWhatIsFree) {
  with_periods_of(1, [](const Compile& c) {
    const auto profile = spend_profile(c, {{.usd = 3, .span = {.from = 0, .to = 1}},
                                           {.usd = 1, .span = {.from = 1, .to = 3}},
                                           {.usd = 0, .span = {.from = 0, .to = 99}}});
    EXPECT_EQ(profile, (std::vector<double>{0.75, 0.125, 0.125}));
    EXPECT_TRUE(spend_profile(c, {{.usd = 0, .span = {}}}).empty());
  });
}

}  // namespace
}  // namespace beltline
