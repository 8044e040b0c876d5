#include "stock/safety_stock.h"

#include <cmath>

#include <gtest/gtest.h>

#include "base/random.h"

namespace beltline::stock {
namespace {

double draw(uint32_t replication, uint32_t source, uint32_t period) {
  return normal_quantile(uniform01({.seed = 11, .replication = replication, .source = source, .period = period}));
}

TEST(SafetyStock, DemandAndLeadTime) {
  // Hopp & Spearman 2008, section 2.4.3: 14 a year, lead time 45 ± 30 days, demand variance that of Poisson:
  // σ² = ℓ σ_D² + d² σ_L²
  const double rate = 14.0 / 365;
  const LeadTimeDeviation out = lead_time_deviation(
      {.demand = rate, .demand_deviation = std::sqrt(rate), .lead_time = 45, .lead_time_deviation = 30});
  EXPECT_NEAR(out.all, std::sqrt(1.726 + std::pow(rate * 30, 2)), 0.001);
}

TEST(SafetyStock, Played) {
  // net demand of a lead time: demand less what comes out, against what was meant to come out
  const Variability v{.demand = 100, .demand_deviation = 12, .lead_time = 9, .yield = 0.8, .yield_deviation = 0.05};
  for (const bool common : {false, true}) {
    Variability with = v;
    with.yield_is_common = common;
    double sum = 0;
    double squares = 0;
    constexpr uint32_t kCount = 40'000;
    for (uint32_t i = 0; i < kCount; ++i) {
      double net = 0;
      for (uint32_t t = 0; t < 9; ++t) {
        const double yield = 0.8 + 0.05 * draw(i, 1, common ? 0 : t);
        net += 100 + 12 * draw(i, 0, t) - 100 / 0.8 * yield;
      }
      sum += net;
      squares += net * net;
    }
    const double deviation = std::sqrt(squares / kCount - std::pow(sum / kCount, 2));
    EXPECT_NEAR(deviation, lead_time_deviation(with).all, 0.02 * deviation) << common;
  }
}

TEST(SafetyStock, Service) {
  EXPECT_NEAR(safety_stock_for_cycle_service(10, 0.95), 16.45, 0.005);
  EXPECT_EQ(safety_stock_for_cycle_service(0, 0.95), 0);
  const double stock = safety_stock_for_fill(25, 0.98, 100);
  EXPECT_NEAR(25 * normal_loss(stock / 25), 2, 1e-9);
  // Nahmias 2009, example 5.5 (Harvey again): 98 % of demand with Q = 100: R = 126, thus 26 above the mean
  EXPECT_NEAR(stock, 26, 0.5);
  EXPECT_LT(safety_stock_for_fill(1, 0.5, 100), 0);
}

}  // namespace
}  // namespace beltline::stock
