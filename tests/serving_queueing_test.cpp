// Queueing theory through the serving engine itself: replicas whose steps are made so that they are the servers of the
// textbook. Closed forms are those of src/queue, which has tests of its own against published tables. A soak plays
// forty times as many requests, and holds each mean to 1 %.
#include <cmath>
#include <cstdlib>
#include <functional>
#include <vector>

#include <gtest/gtest.h>

#include "base/random.h"
#include "queue/erlang.h"
#include "queue/mg1.h"
#include "queue/mmc.h"
#include "queue/patience.h"
#include "queue/sharing.h"
#include "serving/engine.h"
#include "serving/quantiles.h"

namespace beltline {
namespace {

using serving::Completion;
using serving::Ending;
using serving::kSecond;
using serving::Picoseconds;

constexpr Picoseconds kStep = 1'000'000;  // 1 µs
constexpr double kService_s = 0.02;       // 20,000 steps: what a step's grain changes is far below what is tested
constexpr int kBatches = 40;

bool is_long() {
  return std::getenv("BELTLINE_SOAK") != nullptr;
}

/// A step takes `base` and `each` for every sequence in it.
struct BatchCost : perf::StepCost {
  BatchCost(Picoseconds base_time, Picoseconds each_time) : base(base_time), each(each_time) {}
  Picoseconds base, each;

  [[nodiscard]] Picoseconds step(const perf::Step& step) const override {
    return base + each * (step.decodes + static_cast<int64_t>(step.chunks.size()));
  }
  [[nodiscard]] perf::DecodeLine decode_line(int32_t decodes, int64_t /*context*/) const override {
    return {base + each * decodes, 0, int64_t{1} << 60};
  }
  [[nodiscard]] double step_energy_J(const perf::Step& /*step*/) const override { return 0; }
  [[nodiscard]] double idle_W() const override { return 0; }
  [[nodiscard]] int64_t kv_tokens_max() const override { return int64_t{1} << 40; }
};

double uniform(uint64_t request, uint32_t source) {
  return uniform01({.seed = 7, .replication = static_cast<uint32_t>(request), .source = source});
}

double exponential(uint64_t request, uint32_t source, double mean) {
  return -mean * std::log(uniform(request, source));
}

struct Queue {
  double arrival_rate = 0;  // a second
  serving::EngineRules rules;
  BatchCost cost{kStep, 0};
  std::function<double(uint64_t)> service_s = [](uint64_t request) { return exponential(request, 1, kService_s); };
  std::function<int32_t(uint64_t)> priority = [](uint64_t) { return 0; };
  double patience_s = 0;  // mean of an exponential time; 0: endless
};

/// Means of batches of arrivals, the first tenth left out: of what `value` says of a request; NaN leaves it out.
serving::MeanInterval measure(const Queue& queue, int64_t count,
                              const std::function<double(const Completion&)>& value) {
  if (is_long()) count *= 40;
  serving::Cluster cluster({});
  cluster.add_replica({.cost = &queue.cost, .rules = queue.rules});
  const uint64_t warm = static_cast<uint64_t>(count) / 10, size = (static_cast<uint64_t>(count) - warm) / kBatches;
  std::vector<double> sums(kBatches), counts(kBatches);
  const auto collect = [&] {
    for (const Completion& it : cluster.completions()) {
      const uint64_t batch = it.id < warm ? kBatches : (it.id - warm) / size;
      const double seen = batch < kBatches ? value(it) : NAN;
      if (std::isnan(seen)) continue;
      sums[batch] += seen;
      counts[batch] += 1;
    }
    cluster.clear_completions();
  };
  double time_s = 0;
  const double step_s = static_cast<double>(kStep) / kSecond;
  for (uint64_t id = 0; id < static_cast<uint64_t>(count); ++id) {
    time_s += exponential(id, 2, 1 / queue.arrival_rate);
    serving::Request request = {.id = id,
                                .arrival = static_cast<Picoseconds>(time_s * kSecond),
                                .output_tokens = 1 + static_cast<int32_t>(queue.service_s(id) / step_s),
                                .priority = queue.priority(id)};
    if (queue.patience_s > 0) {
      request.patience = static_cast<Picoseconds>(exponential(id, 3, queue.patience_s) * kSecond);
    }
    cluster.submit(request);
    if (cluster.completions().size() > 4096) collect();
  }
  cluster.finish();
  collect();
  cluster.check_conservation();
  std::vector<double> means;
  for (int batch = 0; batch < kBatches; ++batch) means.push_back(sums[batch] / counts[batch]);
  return serving::mean_interval(means, 0.999);
}

/// Within the interval, and the interval small enough to say something; in a soak within 1 %.
void expect_mean(const serving::MeanInterval& measured, double expected) {
  EXPECT_NEAR(measured.mean, expected, measured.half);
  EXPECT_LT(measured.half, expected * (is_long() ? 0.03 : 0.15));
  if (is_long()) {
    EXPECT_NEAR(measured.mean, expected, 0.01 * expected);
  }
}

double seconds(Picoseconds time) {
  return static_cast<double>(time) / kSecond;
}

double wait_s(const Completion& it) {
  return seconds((it.scheduled < 0 ? it.finish : it.scheduled) - it.arrival);
}

// Who finds a free place waits for the step that runs, no longer.
double has_waited(const Completion& it) {
  return wait_s(it) > 1.5 * seconds(kStep) ? 1 : 0;
}

Queue servers(int count, double load) {
  Queue queue;
  queue.rules.sequences_max = count;
  queue.arrival_rate = load / kService_s;
  return queue;
}

TEST(ServingQueues, WaitAsInMMc) {
  const queue::WaitMeans expected = queue::wait_means({2.8 / kService_s, kService_s, 4});
  expect_mean(measure(servers(4, 2.8), 150'000, wait_s), expected.wait_mean);
}

TEST(ServingQueues, WaitAsErlangCSays) {
  expect_mean(measure(servers(12, 9.6), 150'000, has_waited), queue::erlang_c(12, 9.6));
}

TEST(ServingQueues, RefuseAsErlangBSays) {
  Queue queue = servers(10, 8);
  queue.rules.requests_max = 10;
  const auto refused = [](const Completion& it) { return it.ending == Ending::refused ? 1.0 : 0.0; };
  expect_mean(measure(queue, 150'000, refused), queue::erlang_b(10, 8));
  // the same for any service time
  queue.service_s = [](uint64_t) { return kService_s; };
  expect_mean(measure(queue, 150'000, refused), queue::erlang_b(10, 8));
}

TEST(ServingQueues, LosePatienceAsErlangASays) {
  Queue queue = servers(10, 11);
  queue.patience_s = 0.03;
  const queue::PatienceMeans expected = queue::patience_means({{queue.arrival_rate, kService_s, 10}, queue.patience_s});
  const auto gave_up = [](const Completion& it) { return it.ending == Ending::gave_up ? 1.0 : 0.0; };
  expect_mean(measure(queue, 150'000, gave_up), expected.p_abandon);
  expect_mean(measure(queue, 150'000, wait_s), expected.wait_mean);
}

TEST(ServingQueues, WaitAsInMD1) {
  Queue queue = servers(1, 0.7);
  queue.service_s = [](uint64_t) { return kService_s; };
  const auto expected = queue::wait_means_mg1(queue.arrival_rate, queue::ServiceTime::constant(kService_s));
  expect_mean(measure(queue, 150'000, wait_s), expected.wait_mean);
}

TEST(ServingQueues, ServeByPriority) {
  Queue queue = servers(1, 0.75);
  queue.rules.by_priority = true;
  queue.priority = [](uint64_t request) { return static_cast<int32_t>(3 * uniform(request, 4)); };
  const auto service = queue::ServiceTime::exponential(kService_s);
  const double rate = queue.arrival_rate / 3;
  const auto expected = queue::wait_by_priority(std::vector<queue::PriorityClass>(3, {rate, service}));
  for (int32_t which = 0; which < 3; ++which) {
    const auto wait_of_class = [&](const Completion& it) { return queue.priority(it.id) == which ? wait_s(it) : NAN; };
    expect_mean(measure(queue, 150'000, wait_of_class), expected[which]);
  }
}

// Each of n sequences has a token a step, a step takes a + b·n, and beyond three they wait: a batch as engines have it.
TEST(ServingQueues, ShareABatchWithACap) {
  Queue queue = servers(3, 0.75);
  queue.cost = {kStep / 2, kStep / 2};
  const double step_s = seconds(kStep);
  std::vector<double> rates;
  for (int n = 1; n <= 3; ++n) rates.push_back(n / (kService_s / step_s * (step_s / 2 + step_s / 2 * n)));
  const queue::SharingMeans expected = queue::sharing_means(queue.arrival_rate, rates);
  const auto sojourn_s = [](const Completion& it) { return seconds(it.finish - it.arrival); };
  expect_mean(measure(queue, 150'000, wait_s), expected.wait_mean);
  expect_mean(measure(queue, 150'000, sojourn_s), expected.wait_mean + expected.service_mean);
}

// Little: the mean number present is the arrival rate times the mean time present; two counts that share no code.
TEST(ServingQueues, KeepLittlesLaw) {
  serving::Cluster cluster({.routing = serving::Routing::two_choices});
  const BatchCost cost{kStep, kStep / 10};
  serving::EngineRules rules;
  rules.sequences_max = 3;
  for (int replica = 0; replica < 5; ++replica) cluster.add_replica({.cost = &cost, .rules = rules});
  double time_s = 0, present_s = 0, waiting_s = 0;
  for (uint64_t id = 0; id < 5000; ++id) {
    time_s += exponential(id, 2, kService_s / 11);
    cluster.submit({.id = id,
                    .arrival = static_cast<Picoseconds>(time_s * kSecond),
                    .output_tokens = 1 + static_cast<int32_t>(exponential(id, 1, kService_s) / seconds(kStep))});
  }
  cluster.finish();
  for (const Completion& it : cluster.completions()) present_s += seconds(it.finish - it.arrival);
  for (const Completion& it : cluster.completions()) waiting_s += wait_s(it);
  double present = 0, waiting = 0;
  for (int replica = 0; replica < 5; ++replica) present += cluster.totals(replica).present_s;
  for (int replica = 0; replica < 5; ++replica) waiting += cluster.totals(replica).waiting_s;
  EXPECT_NEAR(present, present_s, 1e-9 * present_s);
  EXPECT_NEAR(waiting, waiting_s, 1e-9 * waiting_s);
}

}  // namespace
}  // namespace beltline
