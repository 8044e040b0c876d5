// Requests through replicas, event by event.
#include <algorithm>
#include <cmath>
#include <map>
#include <memory>
#include <vector>

#include <benchmark/benchmark.h>

#include "base/random.h"
#include "bench/measure.h"
#include "perf/catalogue.h"
#include "perf/replica_cost.h"
#include "serving/engine.h"

namespace beltline {
namespace {

using serving::Cluster;
using serving::kSecond;
using serving::Request;

std::shared_ptr<const perf::ReplicaCost> llama_on_a100() {
  const perf::Deployment deployment = {.architecture = perf::find_architecture("llama-3-8b").value(),
                                       .accelerator = perf::find_accelerator("a100-sxm-80gb").value()};
  return perf::ReplicaCost::make(deployment).value();
}

double normal(uint32_t request, uint32_t source) {
  const auto draw = [&](uint32_t which) {
    return uniform01({.seed = 1, .replication = request, .source = source, .period = which});
  };
  return std::sqrt(-2 * std::log(draw(0))) * std::cos(2 * 3.14159265358979323846 * draw(1));
}

/// Lengths with the mean and median of Azure's conversations of 2023 (1,155 and 1,020; 211 and 129), Poisson arrivals.
std::vector<Request> conversation(int64_t count, double rate_per_s) {
  std::vector<Request> requests;
  requests.reserve(static_cast<std::size_t>(count));
  double time_s = 0;
  for (uint32_t at = 0; at < count; ++at) {
    time_s -= std::log(uniform01({.seed = 1, .replication = at, .source = 3})) / rate_per_s;
    const double prompt = 1020 * std::exp(0.498 * normal(at, 1)), output = 129 * std::exp(0.993 * normal(at, 2));
    requests.push_back({.id = at,
                        .arrival = static_cast<serving::Picoseconds>(time_s * kSecond),
                        .prompt_tokens = std::max(1, std::min(8000, static_cast<int32_t>(prompt))),
                        .output_tokens = std::max(1, std::min(4000, static_cast<int32_t>(output)))});
  }
  return requests;
}

serving::EngineRules rules() {
  serving::EngineRules rules;
  rules.step_tokens_max = 512;
  rules.sequences_max = 128;
  return rules;
}

/// What a run leaves for the counters.
struct Played {
  int64_t tokens = 0, steps = 0;
  double busy = 0;
};

Played play(const std::vector<Request>& requests, int replicas, const perf::StepCost& cost) {
  Cluster cluster({.routing = serving::Routing::least_requests});
  for (int replica = 0; replica < replicas; ++replica) cluster.add_replica({.cost = &cost, .rules = rules()});
  Played played;
  const auto drain = [&] {
    for (const serving::Completion& it : cluster.completions()) played.tokens += it.generated;
    cluster.clear_completions();
  };
  for (const Request& request : requests) {
    cluster.submit(request);
    if (cluster.completions().size() > 4096) drain();
  }
  cluster.finish();
  drain();
  cluster.check_conservation();
  for (int replica = 0; replica < replicas; ++replica) {
    played.steps += cluster.totals(replica).steps;
    played.busy += static_cast<double>(cluster.totals(replica).busy) / static_cast<double>(cluster.now()) / replicas;
  }
  return played;
}

// 10,000 requests on 16 replicas at 90 a second: about 210 requests a second in Vidur; BLIS is not done in 100 s.
void serving_16_replicas(benchmark::State& state) {
  const auto cost = llama_on_a100();
  const std::vector<Request> requests = conversation(10'000, 90);
  Played played;
  for (auto _ : state) played = play(requests, 16, *cost);
  state.counters["requests_per_s"] = benchmark::Counter(10'000, benchmark::Counter::kIsIterationInvariantRate);
  state.counters["tokens"] = static_cast<double>(played.tokens);
  state.counters["steps"] = static_cast<double>(played.steps);
  state.counters["busy"] = played.busy;
}
BENCHMARK(serving_16_replicas)->Unit(benchmark::kMillisecond);

// As many requests as the argument says, on a thousandth as many replicas, each at the load of the case above.
void serving_growth(benchmark::State& state) {
  const auto cost = llama_on_a100();
  const int64_t count = state.range(0);
  const int replicas = static_cast<int>(count / 1000);
  const double rate = 90.0 / 16 * replicas;
  double bytes = 0;
  static std::map<int64_t, double> seconds;
  for (auto _ : state) {
    const double before = cpu_s();
    const std::vector<Request> requests = conversation(count, rate);
    const double start = cpu_s();
    benchmark::DoNotOptimize(play(requests, replicas, *cost));
    const double taken = cpu_s() - start;
    seconds[count] = seconds.contains(count) ? std::min(seconds[count], taken) : taken;
    state.SetIterationTime(cpu_s() - before);
  }
  bytes = peak_bytes([&] { play(conversation(count, rate), replicas, *cost); });
  state.counters["requests_per_s"] =
      benchmark::Counter(static_cast<double>(count), benchmark::Counter::kIsIterationInvariantRate);
  state.counters["peak_MB"] = bytes / 1e6;
  // of the logarithm of time over that of the number of requests, from the smallest case on: 1 is linear
  const auto [least, least_s] = *seconds.begin();
  if (count > least) {
    state.counters["slope"] =
        std::log(seconds[count] / least_s) / std::log(static_cast<double>(count) / static_cast<double>(least));
  }
}
BENCHMARK(serving_growth)
    ->Arg(10'000)
    ->Arg(100'000)
    ->Arg(1'000'000)
    ->Iterations(1)
    ->UseManualTime()
    ->Unit(benchmark::kMillisecond);

// Until the first request can be served: the catalogue, the costs, a thousand replicas.
void serving_start(benchmark::State& state) {
  for (auto _ : state) {
    const auto cost = llama_on_a100();
    Cluster cluster({});
    for (int replica = 0; replica < 1000; ++replica) cluster.add_replica({.cost = cost.get(), .rules = rules()});
    benchmark::DoNotOptimize(cluster.replica_count());
  }
}
BENCHMARK(serving_start)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace beltline
