#include "queue/mmc.h"

#include <cmath>
#include <vector>

#include <gtest/gtest.h>

namespace beltline::queue {
namespace {

TEST(Mmc, MeansAreThoseOfTheChain) {
  const Mmc queue{.arrival_rate = 7, .service_time_mean = 0.5, .servers = 4};
  // probabilities of 0, 1, … customers
  double all = 0;
  double waiting = 0;
  double customers = 0;
  double weight = 1;
  for (int n = 0; n < 2000; ++n) {
    if (n > 0) weight *= queue.load() / std::min(n, 4);
    all += weight;
    customers += n * weight;
    waiting += std::max(0, n - 4) * weight;
  }
  const WaitMeans means = wait_means(queue);
  EXPECT_NEAR(means.system_mean, customers / all, 1e-10);
  EXPECT_NEAR(means.queue_mean, waiting / all, 1e-10);
  EXPECT_NEAR(means.sojourn_mean, customers / all / 7, 1e-10);
}

TEST(Mmc, OneServerIsTextbook) {
  const Mmc queue{.arrival_rate = 3, .service_time_mean = 0.25, .servers = 1};
  EXPECT_NEAR(wait_means(queue).wait_mean, 0.75 * 0.25 / 0.25, 1e-12);
  for (const double t : {0.0, 0.3, 2.0}) {
    EXPECT_NEAR(wait_cumulative(queue, t), 1 - 0.75 * std::exp(-t), 1e-12);
    EXPECT_NEAR(sojourn_cumulative(queue, t), 1 - std::exp(-t), 1e-12);
  }
}

TEST(Mmc, SojournIsWaitAndService) {
  for (const Mmc queue : {Mmc{5, 1, 7}, Mmc{6, 1, 7}, Mmc{6.1, 1, 7}, Mmc{6 + 1e-10, 1, 7}}) {
    // ∫₀ᵗ P(W ≤ t − s) e^(−s) ds
    constexpr int kSteps = 20'000;
    const double step = 2.0 / kSteps;
    double sum = 0;
    for (int i = 0; i < kSteps; ++i) {
      const double s = (i + 0.5) * step;
      sum += wait_cumulative(queue, 2 - s) * std::exp(-s) * step;
    }
    EXPECT_NEAR(sojourn_cumulative(queue, 2), sum, 1e-8);
  }
}

TEST(Mmc, QuantileInverts) {
  const Mmc queue{.arrival_rate = 10, .service_time_mean = 1, .servers = 12.5};
  EXPECT_EQ(wait_quantile(queue, 0.1), 0);
  for (const double p : {0.9, 0.99, 0.9999}) EXPECT_NEAR(wait_cumulative(queue, wait_quantile(queue, p)), p, 1e-12);
}

TEST(Mmc, WithoutRoomItDoesNotSettle) {
  const Mmc queue{.arrival_rate = 4, .service_time_mean = 1, .servers = 4};
  EXPECT_TRUE(std::isinf(wait_means(queue).wait_mean));
  EXPECT_EQ(wait_cumulative(queue, 100), 0);
  EXPECT_TRUE(std::isinf(wait_quantile(queue, 0.5)));
}

}  // namespace
}  // namespace beltline::queue
