#include "stock/serial.h"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "stock/distribution.h"
#include "stock/newsvendor.h"

namespace beltline::stock {
namespace {

TEST(Serial, SnyderAndShen) {
  // Snyder & Shen 2019, example 6.1: three stages, demand N(5, 1), echelon holding costs 3, 2, 2 from the customer,
  // lead times 1, 1, 2, b = 37.12: S* = (6.49, 12.02, 22.71), cost 47.65
  const SerialSystem system{
      .holding = {3, 2, 2}, .lead_time = {1, 1, 2}, .backorder = 37.12, .demand = 5, .demand_deviation = 1};
  const EchelonPolicy out = serial_base_stock_normal(system, 0.02);
  ASSERT_EQ(out.level.size(), 3U);
  EXPECT_NEAR(out.level[0], 6.49, 0.04);
  EXPECT_NEAR(out.level[1], 12.02, 0.04);
  EXPECT_NEAR(out.level[2], 22.71, 0.04);
  EXPECT_NEAR(out.cost, 47.65, 0.05);
  const EchelonBounds bounds = shang_song_bounds_normal(system);
  for (std::size_t j = 0; j < 3; ++j) {
    EXPECT_LE(bounds.low[j], out.level[j] + 0.02);
    EXPECT_GE(bounds.high[j], out.level[j] - 0.02);
  }
}

/// Mean cost of local base-stock levels s, by sums over the lead times' demands: B_j = (B_{j+1} + D_j − s_j)⁺ from the
/// top.
///
/// Echelon stock of stage j less backorders of all: in all, stage j holds local_holding on stock here and on its way
/// down.
double cost_by_sum(const SerialSystem& system, const std::vector<int>& local) {
  const std::size_t count = local.size();
  std::vector<double> backlog{1};  // distribution of B of the stage above; the outside never waits
  double cost = 0;
  double local_holding = 0;
  for (std::size_t j = count; j-- > 0;) {
    local_holding += system.holding[j];
    const double mean_units = system.demand * system.lead_time[j];
    const int reach = static_cast<int>(backlog.size()) + static_cast<int>(mean_units + 12 * std::sqrt(mean_units) + 25);
    std::vector<double> waiting(static_cast<std::size_t>(reach), 0.0);
    double on_hand = 0;
    for (std::size_t above = 0; above < backlog.size(); ++above) {
      for (int d = 0; static_cast<int>(above) + d < reach; ++d) {
        const double p = backlog[above] * poisson_probability(d, mean_units);
        const int net = local[j] - static_cast<int>(above) - d;
        on_hand += p * std::max(0, net);
        waiting[static_cast<std::size_t>(std::max(0, -net))] += p;
      }
    }
    // stock here, and what is on its way to the next stage, cost this stage's local rate
    cost += local_holding * on_hand;
    if (j > 0) cost += local_holding * system.demand * system.lead_time[j - 1];
    backlog = waiting;
  }
  double late = 0;
  for (std::size_t k = 0; k < backlog.size(); ++k) late += static_cast<double>(k) * backlog[k];
  return cost + system.backorder * late;
}

TEST(Serial, PoissonAgainstEveryPolicy) {
  const SerialSystem system{.holding = {1.5, 0.75}, .lead_time = {0.5, 1}, .backorder = 10, .demand = 3};
  const EchelonPolicy out = serial_base_stock_poisson(system);
  double best = std::numeric_limits<double>::infinity();
  std::vector<int> at;
  for (int first = 0; first <= 9; ++first)
    for (int second = 0; second <= 10; ++second) {
      const double cost = cost_by_sum(system, {first, second});
      if (cost < best) {
        best = cost;
        at = {first, second};
      }
    }
  EXPECT_NEAR(out.cost, best, 1e-9);
  EXPECT_EQ(out.level, (std::vector<double>{static_cast<double>(at[0]), static_cast<double>(at[0] + at[1])}));
  EXPECT_NEAR(serial_cost_poisson(system, out.level), out.cost, 1e-12);
}

TEST(Serial, GivenLevelsCostWhatTheirSumsCost) {
  const SerialSystem system{.holding = {1, 2, 0.5}, .lead_time = {1, 0.25, 2}, .backorder = 12, .demand = 2};
  const std::vector<std::vector<int>> cases{{4, 0, 3}, {2, 2, 6}, {0, 0, 9}, {7, 3, 1}};
  for (const auto& local : cases) {
    const std::vector<double> echelon{static_cast<double>(local[0]), static_cast<double>(local[0] + local[1]),
                                      static_cast<double>(local[0] + local[1] + local[2])};
    EXPECT_NEAR(serial_cost_poisson(system, echelon), cost_by_sum(system, local), 1e-9);
    EXPECT_GE(serial_cost_poisson(system, echelon), serial_base_stock_poisson(system).cost - 1e-12);
  }
}

TEST(Serial, BoundsHoldTheBestLevels) {
  for (const double backorder : {4.0, 20.0, 100.0})
    for (const double demand : {0.5, 6.0, 30.0}) {
      const SerialSystem system{
          .holding = {1, 0.5, 2, 0.25}, .lead_time = {1, 2, 0, 0.5}, .backorder = backorder, .demand = demand};
      const EchelonPolicy out = serial_base_stock_poisson(system);
      const EchelonBounds bounds = shang_song_bounds_poisson(system);
      std::vector<double> middle;
      for (std::size_t j = 0; j < 4; ++j) {
        EXPECT_LE(bounds.low[j], out.level[j]);
        EXPECT_GE(bounds.high[j], out.level[j]);
        middle.push_back(std::floor((bounds.low[j] + bounds.high[j]) / 2));
      }
      // their mean is near the best, as Shang and Song report: 5 % here, where single units weigh much
      EXPECT_LE(serial_cost_poisson(system, middle), out.cost * 1.05);
    }
}

TEST(Serial, OneStageIsANewsvendor) {
  const SerialSystem system{.holding = {1}, .lead_time = {2}, .backorder = 9, .demand = 5};
  const EchelonPolicy out = serial_base_stock_poisson(system);
  const NewsvendorOrder one = newsvendor({.overage = 1, .underage = 9}, Poisson{10});
  EXPECT_EQ(out.level[0], one.quantity);
  EXPECT_NEAR(out.cost, one.cost, 1e-9);
}

}  // namespace
}  // namespace beltline::stock
