#include "stock/lot_sizing.h"

#include <limits>

#include <gtest/gtest.h>

#include "base/random.h"

namespace beltline::stock {
namespace {

LotSizing steady(std::vector<double> demand, double order, double holding) {
  const std::size_t count = demand.size();
  return {.demand = std::move(demand),
          .order = std::vector<double>(count, order),
          .unit = std::vector<double>(count, 0.0),
          .holding = std::vector<double>(count, holding)};
}

/// The best of all ways to say in which periods an order is placed, each period served by the cheapest order before it.
double by_every_subset(const LotSizing& problem) {
  const std::size_t count = problem.demand.size();
  double best = std::numeric_limits<double>::infinity();
  for (unsigned set = 0; set < (1U << count); ++set) {
    double cost = 0;
    for (std::size_t t = 0; t < count; ++t) {
      if ((set >> t & 1U) != 0) cost += problem.order[t];
      if (problem.demand[t] == 0) continue;
      double least = std::numeric_limits<double>::infinity();
      for (std::size_t i = 0; i <= t; ++i) {
        if ((set >> i & 1U) == 0) continue;
        double unit = problem.unit[i];
        for (std::size_t k = i; k < t; ++k) unit += problem.holding[k];
        least = std::min(least, unit);
      }
      cost += least * problem.demand[t];
    }
    best = std::min(best, cost);
  }
  return best;
}

TEST(LotSizing, WagnerAndWhitin1958) {
  // Wagner & Whitin, "Dynamic version of the economic lot size model" (1958), table 1: 864
  LotSizing problem = steady({69, 29, 36, 61, 61, 26, 34, 67, 45, 67, 79, 56}, 0, 1);
  problem.order = {85, 102, 102, 101, 98, 114, 105, 86, 119, 110, 98, 114};
  const LotPlan out = wagner_whitin(problem);
  EXPECT_DOUBLE_EQ(out.cost, 864);
  EXPECT_DOUBLE_EQ(lot_cost(problem, out.quantity), 864);
  EXPECT_DOUBLE_EQ(by_every_subset(problem), 864);
}

TEST(LotSizing, SnyderAndShen) {
  // Snyder & Shen 2019, example 3.9: K = 500, h = 2: 1380, with orders of 90 and 120 together, and 80 and 70
  const LotPlan out = wagner_whitin(steady({90, 120, 80, 70}, 500, 2));
  EXPECT_DOUBLE_EQ(out.cost, 1380);
  EXPECT_EQ(out.quantity, (std::vector<double>{210, 0, 150, 0}));
}

TEST(LotSizing, SilverAndMeal) {
  // Silver, Pyke & Peterson 1998, section 6.3 to 6.5: A = 54, h = 0.40 a month: the optimum is 501.20
  const LotSizing problem = steady({10, 62, 12, 130, 154, 129, 88, 52, 124, 160, 238, 41}, 54, 0.4);
  EXPECT_NEAR(wagner_whitin(problem).cost, 501.20, 1e-9);
  const LotPlan rule = silver_meal(problem);
  EXPECT_EQ(rule.quantity[0], 84);  // covers three months
  EXPECT_GE(rule.cost, 501.20 - 1e-9);
  EXPECT_LE(rule.cost, 501.20 * 1.03);
}

TEST(LotSizing, RandomAgainstEverySubset) {
  uint32_t draws = 0;
  const auto draw = [&] { return uniform01({.seed = 5, .period = draws++}); };
  for (int instance = 0; instance < 60; ++instance) {
    LotSizing problem;
    for (int t = 0; t < 9; ++t) {
      problem.demand.push_back(draw() < 0.25 ? 0 : std::floor(100 * draw()));
      problem.order.push_back(std::floor(300 * draw()));
      problem.unit.push_back(std::floor(10 * draw()));  // also such that early buying pays
      problem.holding.push_back(std::floor(4 * draw()));
    }
    const LotPlan out = wagner_whitin(problem);
    EXPECT_NEAR(out.cost, by_every_subset(problem), 1e-9) << instance;
    EXPECT_NEAR(out.cost, lot_cost(problem, out.quantity), 1e-9) << instance;
    EXPECT_GE(silver_meal(problem).cost, out.cost - 1e-9) << instance;
  }
}

TEST(LotSizing, NoDemandNoOrder) {
  const LotPlan out = wagner_whitin(steady({0, 0, 5, 0}, 10, 1));
  EXPECT_DOUBLE_EQ(out.cost, 10);
  EXPECT_EQ(out.quantity, (std::vector<double>{0, 0, 5, 0}));
  EXPECT_EQ(wagner_whitin(steady({}, 10, 1)).cost, 0);
}

}  // namespace
}  // namespace beltline::stock
