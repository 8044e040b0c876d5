// Reading, checking and compiling the Korean scenario: what `beltline check` takes.
#include <benchmark/benchmark.h>

#include "run/pipeline.h"

namespace beltline {
namespace {

void compile_korea(benchmark::State& state) {
  double load_s = 0, compile_s = 0;
  for (auto _ : state) {
    const Compiled compiled = compile_scenario(BELTLINE_SOURCE_DIR "/scenarios/korea");
    if (!compiled.model) return state.SkipWithError("scenarios/korea has errors: beltline check scenarios/korea");
    load_s += compiled.load_s;
    compile_s += compiled.compile_s;
  }
  state.counters["load_ms"] = benchmark::Counter(1e3 * load_s, benchmark::Counter::kAvgIterations);
  state.counters["compile_ms"] = benchmark::Counter(1e3 * compile_s, benchmark::Counter::kAvgIterations);
}
BENCHMARK(compile_korea)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace beltline
