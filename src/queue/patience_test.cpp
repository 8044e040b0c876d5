#include "queue/patience.h"

#include <cmath>
#include <vector>

#include <gtest/gtest.h>

namespace beltline::queue {
namespace {

/// [n] P(n customers) of the chain, by its balance.
std::vector<double> chain(const Impatient& q, int count) {
  std::vector<double> p{1};
  double all = 1;
  for (int n = 1; n < count; ++n) {
    const double down = std::min<double>(n, q.queue.servers) / q.queue.service_time_mean +
                        std::max(0.0, n - q.queue.servers) / q.patience_mean;
    p.push_back(p.back() * q.queue.arrival_rate / down);
    all += p.back();
  }
  for (double& value : p) value /= all;
  return p;
}

/// P(a customer who finds `ahead` waiting is served within t, himself patient at 1/θ): the chain of those before him
/// and himself, made discrete at the rate of its fastest step.
double served_within_behind(const Impatient& q, int ahead, double time) {
  const double service = q.queue.servers / q.queue.service_time_mean;
  const double theta = 1 / q.patience_mean;
  const double rate = service + (ahead + 1) * theta;
  std::vector<double> state(static_cast<std::size_t>(ahead) + 1, 0.0);  // [still before him]
  state.back() = 1;
  double served = 0;
  double result = 0;
  double weight = std::exp(-rate * time);
  for (int step = 0; step < 2000; ++step) {
    result += weight * served;
    weight *= rate * time / (step + 1);
    std::vector<double> next(state.size(), 0.0);
    for (std::size_t k = 0; k < state.size(); ++k) {
      const double move = service + static_cast<double>(k) * theta;
      (k == 0 ? served : next[k - 1]) += state[k] * move / rate;
      next[k] += state[k] * (1 - (move + theta) / rate);  // he leaves at θ and is not served
    }
    state = std::move(next);
  }
  return result;
}

constexpr Impatient kCases[] = {
    {{.arrival_rate = 10, .service_time_mean = 1, .servers = 12}, 2},
    {{.arrival_rate = 10, .service_time_mean = 1, .servers = 8}, 0.5},
    {{.arrival_rate = 3, .service_time_mean = 2, .servers = 5}, 4},
};

TEST(ErlangA, MeansAreThoseOfTheChain) {
  for (const Impatient& q : kCases) {
    const auto p = chain(q, 400);
    double waits = 0;
    double queue = 0;
    for (std::size_t n = 0; n < p.size(); ++n) {
      const double over = static_cast<double>(n) - q.queue.servers;
      if (over >= 0) waits += p[n];
      if (over > 0) queue += over * p[n];
    }
    const PatienceMeans means = patience_means(q);
    EXPECT_NEAR(means.p_wait, waits, 1e-11);
    EXPECT_NEAR(means.queue_mean, queue, 1e-10);
    EXPECT_NEAR(means.p_abandon, queue / q.patience_mean / q.queue.arrival_rate, 1e-11);
  }
}

TEST(ErlangA, ServiceLevelIsThatOfEachState) {
  for (const Impatient& q : kCases) {
    const auto p = chain(q, 60);
    const auto servers = static_cast<int>(q.queue.servers);
    for (const double t : {0.0, 0.1, 0.7}) {
      double served = 0;
      for (int n = 0; n < servers; ++n) served += p[static_cast<std::size_t>(n)];
      for (int n = servers; n < 60; ++n) {
        served += p[static_cast<std::size_t>(n)] * served_within_behind(q, n - servers, t);
      }
      EXPECT_NEAR(served_within(q, t), served, 1e-7) << q.queue.servers << " " << t;
    }
    EXPECT_NEAR(served_within(q, 1e4), 1 - patience_means(q).p_abandon, 1e-12);
  }
}

TEST(ErlangA, WithEndlessPatienceIsErlangC) {
  const Mmc queue{.arrival_rate = 10, .service_time_mean = 1, .servers = 14};
  const Impatient patient{queue, 1e6};
  EXPECT_NEAR(patience_means(patient).p_wait, wait_means(queue).p_wait, 1e-5);
  EXPECT_NEAR(patience_means(patient).wait_mean, wait_means(queue).wait_mean, 1e-5);
  EXPECT_NEAR(served_within(patient, 0.2), wait_cumulative(queue, 0.2), 1e-5);
}

TEST(ErlangA, IsSmoothWhereItsSumGivesWayToTheWholeGammaFunction) {
  // y − x passes 10 √y + 10 between these two
  const auto left_out = [](double servers) {
    return patience_means({{.arrival_rate = 400, .service_time_mean = 1, .servers = servers}, 1}).p_abandon;
  };
  EXPECT_NEAR(left_out(189.9), 1 - 189.9 / 400, 1e-12);
  EXPECT_NEAR(left_out(190.1), 1 - 190.1 / 400, 1e-12);
  EXPECT_NEAR(patience_means({{.arrival_rate = 1e6, .service_time_mean = 1, .servers = 10}, 1e6}).p_abandon, 1 - 1e-5,
              1e-9);
}

TEST(ErlangA, HoldsAtManyServersAndGreatOverload) {
  // far beyond its servers a queue serves c μ, and the rest leaves
  const Impatient q{{.arrival_rate = 2e5, .service_time_mean = 1, .servers = 1e5}, 3};
  const PatienceMeans means = patience_means(q);
  EXPECT_NEAR(means.p_abandon, 0.5, 1e-6);
  EXPECT_NEAR(means.occupancy, 1, 1e-6);
  EXPECT_NEAR(means.p_wait, 1, 1e-6);
  EXPECT_NEAR(served_within(q, 1), 0, 1e-6);
  EXPECT_NEAR(served_within(q, 3), 0.5, 1e-3);  // the wait is 3 ln 2 = 2.08
  EXPECT_EQ(patience_means({{.arrival_rate = 0, .service_time_mean = 1, .servers = 2}, 1}).p_abandon, 0);
}

}  // namespace
}  // namespace beltline::queue
