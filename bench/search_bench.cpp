// What one question about a rack takes: the best way to serve a model at a service level.
#include <benchmark/benchmark.h>

#include "perf/search.h"

namespace beltline::perf {
namespace {

constexpr const char* kModels[] = {"llama-3.1-70b", "deepseek-v3", "gpt-oss-120b"};
constexpr const char* kRacks[] = {"gb300-nvl72", "hgx-h200"};

/// All deployments of a model on a rack, made.
void make_search(benchmark::State& state) {
  const CatalogueModel model = *find_model(kModels[state.range(0)]);
  const Rack rack = *find_rack(kRacks[state.range(1)]);
  for (auto _ : state) benchmark::DoNotOptimize(RackSearch::make(model, rack));
  state.SetLabel(model.architecture.name + " on " + rack.name);
}

/// One query, lengths changed each time so that nothing could be remembered.
void query_search(benchmark::State& state) {
  const auto search = RackSearch::make(*find_model(kModels[state.range(0)]), *find_rack(kRacks[state.range(1)]));
  int64_t input = 1000;
  for (auto _ : state) {
    input = input % 8000 + 7;
    benchmark::DoNotOptimize(
        search->best({.input_tokens = input, .output_tokens = 1000}, {.ttft_s = 2, .tpot_s = 0.05}));
  }
  state.SetLabel(search->model().architecture.name + " on " + search->rack().name);
}

BENCHMARK(make_search)->ArgsProduct({{0, 1, 2}, {0, 1}})->Unit(benchmark::kMicrosecond);
BENCHMARK(query_search)->ArgsProduct({{0, 1, 2}, {0, 1}})->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace beltline::perf
