#include "queue/sharing.h"

#include <cmath>
#include <deque>

#include <gtest/gtest.h>

#include "base/random.h"

namespace beltline::queue {
namespace {

TEST(Sharing, OfConstantRateIsAnMm1Queue) {
  const std::vector<double> rates(5, 2.0);
  const SharingMeans means = sharing_means(1.5, rates);
  const SharingMeans limited = limited_sharing_means(1.5, ServiceTime::exponential(0.5), 5);
  EXPECT_NEAR(means.wait_mean + means.service_mean, wait_means(Mmc{1.5, 0.5, 1}).sojourn_mean, 1e-12);
  EXPECT_NEAR(means.wait_mean, limited.wait_mean, 1e-12);
  EXPECT_NEAR(means.service_mean, limited.service_mean, 1e-12);
  EXPECT_NEAR(means.p_wait, limited.p_wait, 1e-12);
}

TEST(Sharing, OfRatesThatGrowWithCustomersIsAnMmcQueue) {
  std::vector<double> rates;
  for (int n = 1; n <= 12; ++n) rates.push_back(n / 0.5);
  const SharingMeans means = sharing_means(20, rates);
  const WaitMeans expected = wait_means(Mmc{20, 0.5, 12});
  EXPECT_NEAR(means.p_wait, expected.p_wait, 1e-12);
  EXPECT_NEAR(means.wait_mean, expected.wait_mean, 1e-12);
  EXPECT_NEAR(means.service_mean, 0.5, 1e-12);
  double sum = 0;
  for (const double p : sharing_probabilities(20, rates, 300)) sum += p;
  EXPECT_NEAR(sum, 1, 1e-9);
}

TEST(Sharing, BeyondItsLastRateDoesNotSettle) {
  const std::vector<double> rates{1, 1.5};
  EXPECT_TRUE(std::isinf(sharing_means(1.5, rates).wait_mean));
  EXPECT_NEAR(sharing_means(0, rates).service_mean, 1, 1e-15);
  EXPECT_TRUE(std::isinf(sharing_sojourn(1, 3)));
  EXPECT_TRUE(std::isinf(limited_sharing_means(1, ServiceTime::constant(1), 3).wait_mean));
}

TEST(LimitedSharing, WithOnePlaceIsFirstComeFirstServed) {
  const SharingMeans means = limited_sharing_means(0.7, ServiceTime::constant(1), 1);
  EXPECT_NEAR(means.wait_mean, wait_means_mg1(0.7, ServiceTime::constant(1)).wait_mean, 1e-12);
  EXPECT_NEAR(means.service_mean, 1, 1e-12);
  // and with many it is processor sharing, whatever the sizes
  EXPECT_NEAR(limited_sharing_means(0.7, ServiceTime::constant(1), 400).service_mean, sharing_sojourn(0.7, 1), 1e-12);
}

/// Mean time in the system of `count` customers of given sizes, played event by event.
double played(double arrival_rate, int cap, uint32_t count, bool constant) {
  const auto draw = [](uint32_t stream, uint32_t i) { return -std::log(uniform01({11, i, stream, 0})); };
  struct Customer {
    double came = 0;
    double left = 0;
  };
  std::vector<Customer> inside;
  std::deque<Customer> outside;
  double clock = 0;
  double next = draw(0, 0) / arrival_rate;
  double sum = 0;
  for (uint32_t came = 0, gone = 0; gone < count;) {
    double least = 1e300;
    for (const Customer& c : inside) least = std::min(least, c.left);
    const double share = inside.empty() ? 0 : 1.0 / static_cast<double>(inside.size());
    const double ends = inside.empty() ? 1e300 : clock + least / share;
    const double then = std::min(next, ends);
    for (Customer& c : inside) c.left -= (then - clock) * share;
    clock = then;
    if (next <= ends) {
      outside.push_back({clock, constant ? 1 : draw(1, came)});
      next += draw(0, ++came) / arrival_rate;
    } else {
      const auto done = std::ranges::min_element(inside, {}, &Customer::left);
      sum += clock - done->came;
      inside.erase(done);
      ++gone;
    }
    while (static_cast<int>(inside.size()) < cap && !outside.empty()) {
      inside.push_back(outside.front());
      outside.pop_front();
    }
  }
  return sum / count;
}

TEST(LimitedSharing, AgreesWithAPlay) {
  const SharingMeans exponential = limited_sharing_means(0.7, ServiceTime::exponential(1), 3);
  EXPECT_NEAR(played(0.7, 3, 300'000, false) / (exponential.wait_mean + exponential.service_mean), 1, 0.03);
  // constant sizes: an approximation, but not a bad one
  const SharingMeans constant = limited_sharing_means(0.8, ServiceTime::constant(1), 3);
  EXPECT_NEAR(played(0.8, 3, 300'000, true) / (constant.wait_mean + constant.service_mean), 1, 0.08);
}

}  // namespace
}  // namespace beltline::queue
