#include "stock/newsvendor.h"

#include <limits>

#include <gtest/gtest.h>

namespace beltline::stock {
namespace {

TEST(Newsvendor, Newspapers) {
  // Snyder & Shen 2019, example 4.3: h = 0.18, p = 0.70, demand N(50, 8²): S* = 56.6, cost 1.9976
  const NewsvendorOrder out = newsvendor({.overage = 0.18, .underage = 0.70}, Normal{50, 8});
  EXPECT_NEAR(out.quantity, 56.6, 0.05);
  EXPECT_NEAR(out.cost, 1.9976, 5e-4);
  EXPECT_NEAR(out.critical_ratio, 0.7955, 5e-5);
}

TEST(Newsvendor, MacsNewsstand) {
  // Nahmias 2009, example 5.1: overage 0.15, underage 0.50, N(11.73, 4.74²): 15 copies
  const NewsvendorOrder out = newsvendor({.overage = 0.15, .underage = 0.50}, Normal{11.73, 4.74});
  EXPECT_NEAR(out.quantity, 15.24, 0.05);
}

/// Expected cost of each outcome by itself.
double cost_by_sum(double overage, double underage, const Outcomes& demand, double quantity) {
  double sum = 0;
  for (std::size_t i = 0; i < demand.values.size(); ++i) {
    const double over = quantity - demand.values[i];
    sum += demand.probabilities[i] * (over > 0 ? overage * over : -underage * over);
  }
  return sum;
}

TEST(Newsvendor, DiscreteAgainstEveryOrder) {
  const Outcomes demand{{10, 20, 30, 40, 50}, {0.1, 0.25, 0.3, 0.2, 0.15}};
  for (const double underage : {0.5, 1.0, 2.0, 9.0}) {
    const NewsvendorOrder out = newsvendor({.overage = 1, .underage = underage}, demand);
    double best = std::numeric_limits<double>::infinity();
    for (double q = 0; q <= 60; ++q) best = std::min(best, cost_by_sum(1, underage, demand, q));
    EXPECT_NEAR(out.cost, best, 1e-12) << underage;
    EXPECT_NEAR(out.cost, cost_by_sum(1, underage, demand, out.quantity), 1e-12);
  }
}

TEST(Newsvendor, PoissonAgainstEveryOrder) {
  const NewsvendorOrder out = newsvendor({.overage = 1, .underage = 4}, Poisson{6});
  EXPECT_EQ(out.quantity, 8);  // P(D ≤ 7) = 0.744, P(D ≤ 8) = 0.847
  Outcomes demand;
  for (int k = 0; k < 60; ++k) {
    demand.values.push_back(k);
    demand.probabilities.push_back(poisson_probability(k, 6));
  }
  for (double q = 0; q < 30; ++q) EXPECT_GE(cost_by_sum(1, 4, demand, q), out.cost - 1e-12);
  EXPECT_NEAR(cost_by_sum(1, 4, demand, 8), out.cost, 1e-12);
}

TEST(Newsvendor, UniformAndLognormal) {
  const NewsvendorOrder out = newsvendor({.overage = 1, .underage = 3}, Uniform{100, 200});
  EXPECT_DOUBLE_EQ(out.quantity, 175);
  EXPECT_NEAR(out.cost, 37.5, 1e-12);  // (1 · 75² / 2 + 3 · 25² / 2) / 100
  const Distribution skewed = Lognormal{100, 50};
  const NewsvendorOrder best = newsvendor({.overage = 1, .underage = 3}, skewed);
  for (const double q : {best.quantity - 1, best.quantity + 1})
    EXPECT_GT(newsvendor_at({.overage = 1, .underage = 3}, skewed, q).cost, best.cost);
}

TEST(Newsvendor, ProfitOfATrade) {
  // 10 sold for 5, bought for 2, left for 1; two outcomes by hand
  const Trade trade{.price = 5, .cost = 2, .salvage = 1, .goodwill = 0.5};
  const Outcomes demand{{8, 14}, {0.5, 0.5}};
  const double by_hand = 0.5 * (8 * 5 + 2 * 1 - 10 * 2) + 0.5 * (10 * 5 - 4 * 0.5 - 10 * 2);
  EXPECT_NEAR(newsvendor_profit(trade, demand, 10), by_hand, 1e-12);
}

}  // namespace
}  // namespace beltline::stock
