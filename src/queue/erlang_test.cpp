#include "queue/erlang.h"

#include <cmath>

#include <gtest/gtest.h>

namespace beltline::queue {
namespace {

/// a^c / c! over Σ a^k / k!, summed as it stands.
double erlang_b_by_sum(int servers, double load) {
  double term = 1;
  double sum = 1;
  for (int k = 1; k <= servers; ++k) sum += term *= load / k;
  return term / sum;
}

/// 1 / (a ∫ e^(−at) (1 + t)^c dt) by Simpson's rule.
double erlang_b_by_integral(double servers, double load) {
  constexpr int kSteps = 200'000;
  const double end = (60 + 4 * servers) / load;
  const double step = end / kSteps;
  double sum = 0;
  for (int i = 0; i <= kSteps; ++i) {
    const double t = i * step;
    const double weight = i == 0 || i == kSteps ? 1 : (i % 2 == 1 ? 4 : 2);
    sum += weight * std::exp(-load * t + servers * std::log1p(t));
  }
  return 1 / (load * sum * step / 3);
}

TEST(ErlangB, IsTheShareOfTheLastStateOfItsChain) {
  for (const int servers : {0, 1, 2, 7, 30, 100}) {
    for (const double load : {0.1, 1.0, 6.5, 40.0, 300.0}) {
      EXPECT_NEAR(erlang_b(servers, load) / erlang_b_by_sum(servers, load), 1, 1e-12) << servers << " " << load;
    }
  }
  EXPECT_EQ(erlang_b(0, 0), 1);
  EXPECT_EQ(erlang_b(3, 0), 0);
  EXPECT_NEAR(erlang_b(1'000'000, 1'000'000), std::sqrt(2 / (M_PI * 1e6)), 1e-6);  // B(a, a) → √(2/πa)
}

TEST(ErlangB, BetweenWholeNumbersIsItsIntegral) {
  for (const double servers : {0.3, 0.999, 1.5, 12.25}) {
    for (const double load : {0.2, 2.4999, 2.5001, 9.0, 80.0}) {
      EXPECT_NEAR(erlang_b(servers, load) / erlang_b_by_integral(servers, load), 1, 1e-7) << servers << " " << load;
    }
  }
}

TEST(ErlangB, FallsWithServersAndRisesWithLoad) {
  for (double servers = 0; servers < 20; servers += 0.1) {
    EXPECT_GT(erlang_b(servers, 8), erlang_b(servers + 0.1, 8));
    EXPECT_LT(erlang_b(servers + 0.1, 8), erlang_b(servers + 0.1, 8.1));
  }
}

TEST(ErlangC, IsTheShareOfFullStatesOfItsChain) {
  for (const int servers : {1, 2, 14, 60}) {
    for (const double busy : {0.1, 0.7, 0.99}) {
      const double load = busy * servers;
      double term = 1;
      double below = 1;
      for (int k = 1; k < servers; ++k) below += term *= load / k;
      const double full = term * load / servers / (1 - busy);
      EXPECT_NEAR(erlang_c(servers, load) / (full / (below + full)), 1, 1e-12) << servers << " " << busy;
    }
  }
  EXPECT_NEAR(erlang_c(1, 0.4), 0.4, 1e-15);
  EXPECT_EQ(erlang_c(3, 3), 1);
}

TEST(ServersForBlocking, AreTheFewest) {
  for (const double load : {0.0, 0.3, 20.0, 500.0}) {
    for (const double blocking : {0.001, 0.05, 0.9}) {
      const int servers = servers_for_blocking(load, blocking);
      EXPECT_LE(erlang_b(servers, load), blocking);
      if (servers > 0) {
        EXPECT_GT(erlang_b(servers - 1, load), blocking);
      }
    }
  }
}

}  // namespace
}  // namespace beltline::queue
