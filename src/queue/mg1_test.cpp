#include "queue/mg1.h"

#include <cmath>

#include <gtest/gtest.h>

#include "base/random.h"

namespace beltline::queue {
namespace {

TEST(Mg1, ConstantServiceWaitsHalfAsLongAsExponential) {
  EXPECT_NEAR(wait_means_mg1(0.8, ServiceTime::exponential(1)).wait_mean, wait_means(Mmc{0.8, 1, 1}).wait_mean, 1e-12);
  EXPECT_NEAR(wait_means_mg1(0.8, ServiceTime::constant(1)).wait_mean, 2, 1e-12);
  EXPECT_TRUE(std::isinf(wait_means_mg1(1, ServiceTime::constant(1)).wait_mean));
}

/// Erlang's own sum, whose terms alternate: fit for short times only.
double erlang_md1(double rate, double service, double t) {
  double sum = 0;
  double factorial = 1;
  for (int k = 0; k * service <= t; ++k) {
    if (k > 0) factorial *= k;
    sum += std::pow(-rate * (t - k * service), k) / factorial * std::exp(rate * (t - k * service));
  }
  return (1 - rate * service) * sum;
}

TEST(Md1, IsErlangsSum) {
  for (const double load : {0.1, 0.5, 0.9}) {
    EXPECT_NEAR(wait_cumulative_md1(load / 2, 2, 0), 1 - load, 1e-14);
    for (const double t : {0.5, 2.0, 3.1, 9.9}) {
      EXPECT_NEAR(wait_cumulative_md1(load / 2, 2, t), erlang_md1(load / 2, 2, t), 1e-10) << load << " " << t;
    }
  }
  EXPECT_EQ(wait_cumulative_md1(0, 1, 0), 1);
  EXPECT_EQ(wait_cumulative_md1(1, 1, 5), 0);
}

TEST(Md1, TailIntegratesToTheMeanWait) {
  double sum = 0;
  constexpr double kStep = 0.02;
  for (int i = 0; i < 6000; ++i) sum += (1 - wait_cumulative_md1(0.85, 1, (i + 0.5) * kStep)) * kStep;
  EXPECT_NEAR(sum, wait_means_mg1(0.85, ServiceTime::constant(1)).wait_mean, 1e-4);
}

TEST(Priority, ConservesTheMeanWork) {
  // Kleinrock's conservation law: Σ ρ_k W_k does not depend on the order
  const PriorityClass classes[] = {
      {0.2, ServiceTime::constant(1)}, {0.1, ServiceTime::exponential(3)}, {0.3, {0.5, 1}}};
  const auto waits = wait_by_priority(classes);
  double residual = 0;
  double load = 0;
  double weighted = 0;
  for (std::size_t k = 0; k < waits.size(); ++k) {
    residual += classes[k].arrival_rate * classes[k].service.second_moment / 2;
    load += classes[k].arrival_rate * classes[k].service.mean;
    weighted += classes[k].arrival_rate * classes[k].service.mean * waits[k];
    if (k > 0) {
      EXPECT_GT(waits[k], waits[k - 1]);
    }
  }
  EXPECT_NEAR(weighted, load * residual / (1 - load), 1e-12);
}

TEST(Priority, OneClassIsItsQueue) {
  const PriorityClass one[] = {{0.4, ServiceTime::exponential(2)}};
  const WaitMeans means = wait_means_mg1(0.4, one[0].service);
  EXPECT_NEAR(wait_by_priority(one)[0], means.wait_mean, 1e-12);
  EXPECT_NEAR(sojourn_by_preemptive_priority(one)[0], means.sojourn_mean, 1e-12);
  const double rates[] = {7.0};
  EXPECT_NEAR(wait_by_priority(rates, 0.5, 4)[0], wait_means(Mmc{7, 0.5, 4}).wait_mean, 1e-12);
}

TEST(Priority, TheFirstNeverSeesAnOverloadBehindIt) {
  const double rates[] = {1.0, 2.0, 5.0};
  const auto waits = wait_by_priority(rates, 1, 4);
  EXPECT_NEAR(waits[0], 0.25 / (1 - 0.25), 1e-12);
  EXPECT_TRUE(std::isfinite(waits[1]));
  EXPECT_TRUE(std::isinf(waits[2]));
  const PriorityClass classes[] = {{0.5, ServiceTime::constant(1)}, {0.9, ServiceTime::constant(1)}};
  EXPECT_TRUE(std::isfinite(sojourn_by_preemptive_priority(classes)[0]));
  EXPECT_TRUE(std::isinf(sojourn_by_preemptive_priority(classes)[1]));
}

TEST(Priority, AgreesWithAPlay) {
  // two classes of constant and exponential service, served one by one
  const PriorityClass classes[] = {{0.3, ServiceTime::constant(1)}, {0.2, ServiceTime::exponential(2)}};
  constexpr uint32_t kCount = 400'000;
  std::vector<double> arrivals[2];
  const auto draw = [](uint32_t stream, uint32_t i) { return -std::log(uniform01({7, i, stream, 0})); };
  for (uint32_t k = 0; k < 2; ++k) {
    double t = 0;
    for (uint32_t i = 0; i < kCount; ++i) arrivals[k].push_back(t += draw(k, i) / classes[k].arrival_rate);
  }
  double clock = 0;
  double waited[2] = {};
  std::size_t next[2] = {};
  while (next[0] < kCount && next[1] < kCount) {
    const double first = arrivals[0][next[0]];
    const double second = arrivals[1][next[1]];
    clock = std::max(clock, std::min(first, second));
    const std::size_t k = first <= clock ? 0 : 1;
    waited[k] += clock - arrivals[k][next[k]];
    clock += k == 0 ? 1.0 : 2.0 * draw(2, static_cast<uint32_t>(next[1]));
    ++next[k];
  }
  const auto waits = wait_by_priority(classes);
  for (const std::size_t k : {0U, 1U}) EXPECT_NEAR(waited[k] / static_cast<double>(next[k]) / waits[k], 1, 0.03) << k;
}

}  // namespace
}  // namespace beltline::queue
