#include "stock/policy.h"

#include <cmath>
#include <deque>

#include <gtest/gtest.h>

#include "base/random.h"

namespace beltline::stock {
namespace {

TEST(Policy, MaintenanceManager) {
  // Hopp & Spearman, Factory Physics (2008), section 2.4.3: 14 a year, lead time 45 days, Q = 4, r = 2:
  // service 0.904, backorders 0.049, stock 2.823
  const Poisson demand{14 * 45.0 / 365};
  const Service out = order_point_service(demand, 4, 2);
  EXPECT_NEAR(out.fill, 0.904, 0.001);
  EXPECT_NEAR(out.backorders, 0.049, 0.001);
  EXPECT_NEAR(out.on_hand, 2.823, 0.001);
}

TEST(Policy, BaseStockOfPoisson) {
  // Hopp & Spearman, section 2.4.2, demand of a lead time 10: level 15 fills 0.917
  const Service out = base_stock_service(Poisson{10}, 15);
  EXPECT_NEAR(out.fill, 0.917, 0.0005);
  EXPECT_NEAR(out.on_hand - out.backorders, 5, 1e-12);
  // the best level is no dearer than its neighbours
  const double best = base_stock_level(Poisson{10}, 1, 9);
  const auto cost = [](double level) {
    const Service at = base_stock_service(Poisson{10}, level);
    return at.on_hand + 9 * at.backorders;
  };
  EXPECT_LE(cost(best), cost(best - 1));
  EXPECT_LE(cost(best), cost(best + 1));
}

/// Plays a (Q, r) policy with Poisson demand: shares nothing with the formulas.
Service play(double rate, double lead_time, double quantity, double reorder, int demands) {
  double now = 0;
  double net = reorder + quantity;
  double position = net;
  double on_hand = 0;
  double waiting = 0;
  int served = 0;
  std::deque<double> arrivals;
  const auto advance = [&](double to) {
    while (!arrivals.empty() && arrivals.front() <= to) {
      on_hand += std::max(0.0, net) * (arrivals.front() - now);
      waiting += std::max(0.0, -net) * (arrivals.front() - now);
      now = arrivals.front();
      net += quantity;
      arrivals.pop_front();
    }
    on_hand += std::max(0.0, net) * (to - now);
    waiting += std::max(0.0, -net) * (to - now);
    now = to;
  };
  for (int i = 0; i < demands; ++i) {
    const double gap = -std::log(uniform01({.seed = 7, .period = static_cast<uint32_t>(i)})) / rate;
    advance(now + gap);
    served += net > 0 ? 1 : 0;
    --net;
    if (--position > reorder) continue;
    position += quantity;
    arrivals.push_back(now + lead_time);
  }
  return {.fill = served / static_cast<double>(demands), .backorders = waiting / now, .on_hand = on_hand / now};
}

TEST(Policy, PlayedOrderPoint) {
  const Service played = play(5, 2, 6, 9, 400'000);
  const Service out = order_point_service(Poisson{10}, 6, 9);
  EXPECT_NEAR(played.fill, out.fill, 0.005);
  EXPECT_NEAR(played.backorders, out.backorders, 0.02);
  EXPECT_NEAR(played.on_hand, out.on_hand, 0.03);
}

TEST(Policy, BestOrderPointAgainstEveryOne) {
  const OrderPointCosts costs{.demand = 5, .order = 12, .holding = 1, .backorder = 6};
  const OrderPoint out = best_order_point(costs, Poisson{10});
  const auto cost = [&](double q, double r) {
    const Service at = order_point_service(Poisson{10}, q, r);
    return costs.order * costs.demand / q + costs.holding * at.on_hand + costs.backorder * at.backorders;
  };
  EXPECT_NEAR(out.cost, cost(out.quantity, out.reorder), 1e-10);
  for (double q = 1; q <= 40; ++q)
    for (double r = -5; r <= 25; ++r) EXPECT_GE(cost(q, r), out.cost - 1e-10) << q << " " << r;
}

TEST(Policy, BestNormalOrderPoint) {
  const OrderPointCosts costs{.demand = 1300, .order = 8, .holding = 0.225, .backorder = 7.5};
  const Normal demand{108.3, 43.3};
  const OrderPoint out = best_order_point(costs, demand);
  const auto cost = [&](double q, double r) {
    const Service at = order_point_service(demand, q, r);
    return costs.order * costs.demand / q + costs.holding * at.on_hand + costs.backorder * at.backorders;
  };
  for (const double dq : {-2.0, 0.0, 2.0})
    for (const double dr : {-2.0, 0.0, 2.0}) EXPECT_GE(cost(out.quantity + dq, out.reorder + dr), out.cost - 1e-9);
  // Zheng 1992: an order is larger than without chance, and costs at most an eighth more than the best
  const double plain = std::sqrt(2 * 8 * 1300 * (7.5 + 0.225) / (7.5 * 0.225));
  EXPECT_GT(out.quantity, plain);
  // mean backorders against the mean over base-stock levels
  double sum = 0;
  for (int i = 0; i < 1000; ++i)
    sum += base_stock_service(demand, out.reorder + out.quantity * (i + 0.5) / 1000).backorders / 1000;
  EXPECT_NEAR(order_point_service(demand, out.quantity, out.reorder).backorders, sum, 1e-4);
}

TEST(Policy, HarveysSpecialtyShop) {
  // Nahmias 2009, example 5.4: K = 50, h = 2, p = 25, 200 a year, lead time demand N(100, 25²): (Q, R) = (111, 143)
  const OrderPoint out = order_point_per_unit_short({.demand = 200, .order = 50, .holding = 2}, 25, {100, 25});
  EXPECT_NEAR(out.quantity, 111, 0.5);
  EXPECT_NEAR(out.reorder, 143, 0.5);
}

TEST(Policy, PeriodicReviewPlayed) {
  // demand of each unit of time N(20, 5²), lead time 3, reviewed every 2; played in whole units of time
  const double level = 108;
  const Normal lead{60, 5 * std::sqrt(3.0)};
  const Normal cover{100, 5 * std::sqrt(5.0)};
  const Service out = periodic_review_service(lead, cover, level);
  // the cycle's demand after the lead time falls in two units of time; unserved is what is newly short at the end
  double short_units = 0;
  double total = 0;
  int whole_cycles = 0;
  constexpr int kCycles = 40'000;
  for (int cycle = 0; cycle < kCycles; ++cycle) {
    double demand = 0;
    double at_lead = 0;
    for (uint32_t i = 0; i < 5; ++i) {
      const DrawKey key{.seed = 3, .replication = static_cast<uint32_t>(cycle), .period = i};
      demand += 20 + 5 * normal_quantile(uniform01(key));
      if (i == 2) at_lead = demand;
    }
    short_units += std::max(0.0, demand - level) - std::max(0.0, at_lead - level);
    total += demand - at_lead;
    whole_cycles += demand <= level ? 1 : 0;
  }
  EXPECT_NEAR(out.fill, 1 - short_units / total, 0.002);
  EXPECT_NEAR(out.cycle, whole_cycles / static_cast<double>(kCycles), 0.01);
}

}  // namespace
}  // namespace beltline::stock
