#include "stock/distribution.h"

#include <gtest/gtest.h>

namespace beltline::stock {
namespace {

/// E[(D − x)⁺] as ∫ P(D > y) dy, by the trapezoidal rule: shares no formula with loss().
double loss_by_sum(const Distribution& demand, double x, double high) {
  constexpr int kSteps = 200'000;
  const double step = (high - x) / kSteps;
  double sum = 0;
  for (int i = 0; i <= kSteps; ++i) sum += (i == 0 || i == kSteps ? 0.5 : 1.0) * (1 - cumulative(demand, x + step * i));
  return sum * step;
}

TEST(Distribution, NormalTables) {
  // standard normal tables to their printed digits, e.g. Abramowitz & Stegun 1964, tables 26.1 and 26.5
  EXPECT_NEAR(normal_cumulative(1), 0.8413447460685429, 1e-15);
  EXPECT_NEAR(normal_quantile(0.95), 1.6448536269514722, 1e-14);
  EXPECT_NEAR(normal_quantile(0.975), 1.959963984540054, 1e-14);
  EXPECT_NEAR(normal_quantile(1e-10), -6.361340902404056, 1e-12);
  EXPECT_NEAR(normal_quantile(1 - 1e-10), 6.361340902404056, 1e-6);  // 1 - 1e-10 itself is rounded
  EXPECT_DOUBLE_EQ(normal_quantile(0.5), 0);
  // unit normal loss, Silver, Pyke & Peterson 1998, appendix B: G(1) = 0.08332, G(0) = 0.3989
  EXPECT_NEAR(normal_loss(1), 0.08332, 5e-6);
  EXPECT_NEAR(normal_loss(0), 0.3989, 5e-5);
  EXPECT_NEAR(normal_second_loss(0), 0.25, 1e-15);
}

TEST(Distribution, QuantileInvertsAndLossIsTheIntegralOfTheTail) {
  const std::vector<std::pair<Distribution, double>> cases{
      {Normal{50, 8}, 200}, {Lognormal{50, 30}, 3000}, {Uniform{10, 40}, 41}, {Lognormal{3, 0.1}, 5}};
  for (const auto& [demand, high] : cases) {
    for (const double p : {0.01, 0.3, 0.5, 0.9, 0.999}) {
      const double x = quantile(demand, p);
      EXPECT_NEAR(cumulative(demand, x), p, 1e-12);
      EXPECT_NEAR(loss(demand, x), loss_by_sum(demand, x, high), 1e-4);
    }
  }
}

TEST(Distribution, PoissonAgainstItsSums) {
  for (const double mean_units : {0.1, 3.0, 40.0, 2500.0}) {
    const Poisson demand{mean_units};
    double below = 0;
    double total = 0;
    for (int64_t k = 0; k < static_cast<int64_t>(mean_units + 20 * std::sqrt(mean_units) + 20); ++k) {
      const auto x = static_cast<double>(k);
      below += poisson_probability(k, mean_units);
      total += x * poisson_probability(k, mean_units);
      EXPECT_NEAR(cumulative(demand, x), below, 1e-11);
      // E[(D − k)⁺] = E[D; D > k] − k P(D > k)
      EXPECT_NEAR(loss(demand, x), (mean_units - total) - x * (1 - below), 1e-8 * mean_units);
    }
    for (const double p : {0.001, 0.3, 0.95, 1 - 1e-9}) {
      const double x = quantile(demand, p);
      EXPECT_GE(cumulative(demand, x), p);
      EXPECT_LT(cumulative(demand, x - 1), p);
    }
  }
  EXPECT_NEAR(loss(Poisson{4}, 2.5), (loss(Poisson{4}, 2) + loss(Poisson{4}, 3)) / 2, 1e-15);
  EXPECT_EQ(cumulative(Poisson{0}, 0), 1);
}

TEST(Distribution, OutcomesAndCertainDemand) {
  const Outcomes demand{{2, 5, 9}, {0.2, 0.5, 0.3}};
  EXPECT_DOUBLE_EQ(mean(demand), 5.6);
  EXPECT_NEAR(deviation(demand), std::sqrt(0.2 * 12.96 + 0.5 * 0.36 + 0.3 * 11.56), 1e-12);
  EXPECT_EQ(quantile(demand, 0.7), 5);
  EXPECT_EQ(quantile(demand, 0.71), 9);
  EXPECT_DOUBLE_EQ(loss(demand, 4), 0.5 * 1 + 0.3 * 5);
  EXPECT_EQ(loss(Normal{7, 0}, 3), 4);
  EXPECT_EQ(cumulative(Normal{7, 0}, 7), 1);
}

}  // namespace
}  // namespace beltline::stock
