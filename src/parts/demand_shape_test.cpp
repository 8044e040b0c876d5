#include "parts/demand_shape.h"

#include <algorithm>
#include <numeric>

#include <gtest/gtest.h>

namespace beltline {
namespace {

TEST(DayProfile, HasMeanOneAndThePeakAskedFor) {
  for (const double to_mean : {1.0, 1.2, 2.2, 3.0, 8.0, kPeakToMeanMax}) {
    const auto profile = day_profile({.to_mean = to_mean, .hour = 15});
    EXPECT_NEAR(std::accumulate(profile.begin(), profile.end(), 0.0) / 24, 1, 1e-12) << to_mean;
    EXPECT_NEAR(profile[15], to_mean, 1e-9);
    EXPECT_EQ(std::ranges::max(profile), profile[15]);
    EXPECT_GE(std::ranges::min(profile), 0);
  }
}

TEST(DayProfile, IsFlatAtOne) {
  for (const double value : day_profile({.to_mean = 1, .hour = 3})) EXPECT_EQ(value, 1);
}

TEST(DayProfile, IsTheSameAroundThePeakAndAcrossMidnight) {
  const auto profile = day_profile({.to_mean = 2, .hour = 23});
  EXPECT_NEAR(profile[22], profile[0], 1e-12);
  EXPECT_NEAR(profile[20], profile[2], 1e-12);
  EXPECT_EQ(std::ranges::min_element(profile) - profile.begin(), 11);
}

TEST(DayProfile, RefusesWhatTheSchemaRefuses) {
  EXPECT_THROW(day_profile({.to_mean = 0.9, .hour = 0}), Bug);
  EXPECT_THROW(day_profile({.to_mean = 2, .hour = 24}), Bug);
}

}  // namespace
}  // namespace beltline
