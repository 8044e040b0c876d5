#include "audit/pert.h"

#include <cmath>

#include <gtest/gtest.h>

namespace beltline {
namespace {

/// Mean by the midpoint rule over the probabilities.
double mean_of(const Pert& pert) {
  constexpr int kCount = 20000;
  double sum = 0;
  for (int i = 0; i < kCount; ++i) sum += pert.quantile((i + 0.5) / kCount);
  return sum / kCount;
}

TEST(Pert, MeanIsThatOfTheFormula) {
  for (const auto& [low, mode, high] :
       {std::tuple(0.0, 1.0, 4.0), std::tuple(0.6, 0.8, 0.9), std::tuple(5.0, 5.0, 9.0), std::tuple(1.0, 3.0, 3.0)}) {
    EXPECT_NEAR(mean_of({low, mode, high}), (low + 4 * mode + high) / 6, 1e-4 * (high - low)) << low;
  }
}

TEST(Pert, QuantilesOfASymmetricRangeAreThoseOfBeta33) {
  // Beta(3, 3) has F(x) = x³ (10 − 15 x + 6 x²); F(0.18929) = 0.05
  const Pert pert(0, 0.5, 1);
  EXPECT_NEAR(pert.quantile(0.5), 0.5, 1e-4);
  for (const double x : {0.1, 0.18926, 0.3, 0.7, 0.9}) {
    EXPECT_NEAR(pert.quantile(x * x * x * (10 - 15 * x + 6 * x * x)), x, 2e-4) << x;
  }
}

TEST(Pert, AModeAtTheEndHasAClosedForm) {
  // Beta(1, 5): F(x) = 1 − (1 − x)⁵
  const Pert pert(10, 10, 20);
  for (const double p : {0.05, 0.5, 0.95}) EXPECT_NEAR(pert.quantile(p), 10 + 10 * (1 - std::pow(1 - p, 0.2)), 2e-3);
}

TEST(Pert, AConstantIsAConstant) {
  EXPECT_EQ(Pert(3, 3, 3).quantile(0.01), 3);
  EXPECT_EQ(Pert(3, 3, 3).quantile(0.99), 3);
}

TEST(Pert, QuantilesStayWithinTheRangeAndRise) {
  const Pert pert(2, 2.1, 7);
  double before = 2;
  for (int i = 1; i < 1000; ++i) {
    const double value = pert.quantile(i / 1000.0);
    EXPECT_GE(value, before);
    EXPECT_LE(value, 7);
    before = value;
  }
}

}  // namespace
}  // namespace beltline
