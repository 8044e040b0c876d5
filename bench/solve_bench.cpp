// From a Model in memory to a verified plan. The solver runs in a child, so CPU time is counted with children.
#include <thread>

#include <benchmark/benchmark.h>

#include "bench/expansion.h"
#include "bench/measure.h"
#include "run/pipeline.h"

namespace beltline {
namespace {

void report(benchmark::State& state, const Plan& plan, const PlanStatistics& statistics, double cpu) {
  state.SetLabel(to_string(plan.termination));
  if (!plan.has_point || !plan.verified) state.SkipWithError(("no verified plan: " + plan.detail).c_str());
  state.counters["CPU_s"] = benchmark::Counter(cpu, benchmark::Counter::kAvgIterations);
  state.counters["solve_s"] = statistics.solve_s;  // wall, of the last iteration
  state.counters["rows"] = static_cast<double>(statistics.row_count);
  state.counters["objective"] = plan.objective;
  state.counters["gap"] = plan.gap;
}

void solve_expansion(benchmark::State& state) {
  const Model model = expansion_model(static_cast<int>(state.range(0)), static_cast<int>(state.range(1)));
  Plan plan;
  PlanStatistics statistics;
  const double before = cpu_s();
  for (auto _ : state) {
    statistics = {};
    auto made = make_plan(model, {}, &statistics);
    if (!made) return state.SkipWithError(made.error().message.c_str());
    plan = std::move(*made);
  }
  report(state, plan, statistics, cpu_s() - before);
}
void cases(benchmark::internal::Benchmark* b) {
  b->ArgNames({"nodes", "hours"})->Unit(benchmark::kSecond)->UseRealTime();
}
BENCHMARK(solve_expansion)->Apply(cases)->Args({3, 168});
// These two take half a minute each: once, however often the others are repeated.
BENCHMARK(solve_expansion)->Apply(cases)->Args({5, 672})->Iterations(1)->Repetitions(1);

void plan_korea(benchmark::State& state) {
  const PlanOptions options{.thread_count = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()))};
  const double before = cpu_s();
  for (auto _ : state) {
    const Compiled compiled = compile_scenario(BELTLINE_SOURCE_DIR "/scenarios/korea");
    if (!compiled.model) return state.SkipWithError("scenarios/korea has errors: beltline check scenarios/korea");
    auto run = run_plan(compiled, options);
    if (!run) return state.SkipWithError(run.error().message.c_str());
    report(state, run->plan, run->statistics, cpu_s() - before);
  }
}
BENCHMARK(plan_korea)->Unit(benchmark::kSecond)->UseRealTime()->Iterations(1)->Repetitions(1);

}  // namespace
}  // namespace beltline
