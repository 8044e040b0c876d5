#include "stock/order_quantity.h"

#include <array>
#include <cmath>
#include <functional>
#include <limits>

#include <gtest/gtest.h>

namespace beltline::stock {
namespace {

/// Least value over many quantities: shares nothing with the formulas but the definition of the cost.
double least(double low, double high, const std::function<double(double)>& cost) {
  double best = std::numeric_limits<double>::infinity();
  for (double q = low; q <= high; q += 0.05) best = std::min(best, cost(q));
  return best;
}

TEST(OrderQuantity, CandyBars) {
  // Snyder & Shen, Fundamentals of Supply Chain Theory (2019), example 3.1: Q* = 304.1, cost 68.41
  const OrderCosts costs{.demand = 1300, .order = 8, .holding = 0.225};
  const OrderQuantity out = economic_order_quantity(costs);
  EXPECT_NEAR(out.quantity, 304.1, 0.1);
  EXPECT_NEAR(out.cost, 68.41, 0.005);
  EXPECT_NEAR(out.cost, least(1, 1000, [](double q) { return 8 * 1300 / q + 0.225 * q / 2; }), 1e-4);
}

TEST(OrderQuantity, Backorders) {
  // the same shop at 5 USD a year for a bar that waits
  const OrderQuantity out = order_quantity_with_backorders({.demand = 1300, .order = 8, .holding = 0.225}, 5);
  EXPECT_NEAR(out.quantity, 310.81, 0.01);
  const auto cost = [](double q, double late) {
    const double stock = q - late;
    return 8 * 1300 / q + 0.225 * stock * stock / (2 * q) + 5 * late * late / (2 * q);
  };
  EXPECT_NEAR(out.cost, cost(out.quantity, out.backorders_max), 1e-10);
  for (const double dq : {-5.0, 0.0, 5.0})
    for (const double dl : {-1.0, 0.0, 1.0})
      EXPECT_GE(cost(out.quantity + dq, out.backorders_max + dl), out.cost - 1e-12);
}

TEST(OrderQuantity, FiniteRate) {
  // Nahmias, Production and Operations Analysis (2009), example 4.3: Q* = 745, cost 335.41
  const OrderQuantity out = economic_production_quantity({.demand = 2500, .order = 50, .holding = 0.6}, 10'000);
  EXPECT_NEAR(out.quantity, 745, 0.5);
  EXPECT_NEAR(out.cost, 335.41, 0.005);
}

TEST(OrderQuantity, AllUnitsDiscount) {
  // Nahmias, example 4.4 (trash bags): the best order is 500 bags at 198.10 a year
  const std::array bags{PriceBreak{0, 0.30}, PriceBreak{500, 0.29}, PriceBreak{1000, 0.28}};
  const OrderQuantity out = all_units_discount({.demand = 600, .order = 8, .carrying = 0.2}, bags);
  EXPECT_EQ(out.quantity, 500);
  EXPECT_NEAR(out.cost, 198.10, 0.005);
  EXPECT_NEAR(out.cost,
              least(1, 3000,
                    [&](double q) {
                      const double price = q < 500 ? 0.30 : q < 1000 ? 0.29 : 0.28;
                      return 600 * price + 8 * 600 / q + 0.2 * price * q / 2;
                    }),
              1e-3);
}

TEST(OrderQuantity, IncrementalDiscount) {
  // Nahmias, section 4.7: 400 bags at 204.00 a year; the next best curve has its minimum, 519 bags, at 204.58
  const std::array bags{PriceBreak{0, 0.30}, PriceBreak{500, 0.29}, PriceBreak{1000, 0.28}};
  const OrderQuantity out = incremental_discount({.demand = 600, .order = 8, .carrying = 0.2}, bags);
  EXPECT_NEAR(out.quantity, 400, 0.5);
  EXPECT_NEAR(out.cost, 204.00, 0.005);
  const auto cost = [](double demand, double order, double q) {
    double lot = 0.30 * std::min(q, 500.0);
    if (q > 500) lot += 0.29 * (std::min(q, 1000.0) - 500);
    if (q > 1000) lot += 0.28 * (q - 1000);
    return demand * lot / q + order * demand / q + 0.2 * (lot / q) * q / 2;
  };
  EXPECT_NEAR(out.cost, least(1, 3000, [&](double q) { return cost(600, 8, q); }), 1e-3);
  // ten times the demand: the second break pays
  const OrderQuantity large = incremental_discount({.demand = 60'000, .order = 8, .carrying = 0.2}, bags);
  EXPECT_GT(large.quantity, 1000);
  EXPECT_NEAR(large.cost, least(1, 20'000, [&](double q) { return cost(60'000, 8, q); }), 1e-3);
}

}  // namespace
}  // namespace beltline::stock
