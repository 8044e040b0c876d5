// One right-hand side changed and solved again, against loading, formulating and solving afresh.
#include <chrono>

#include <benchmark/benchmark.h>

#include "bench/expansion.h"
#include "lp/live.h"
#include "plan/formulate.h"
#include "plan/weights.h"
#include "run/pipeline.h"

namespace beltline {
namespace {

lp::Problem whole_problem(const Model& model) {
  Formulation f = formulate(model);
  set_goal(model, f, first_goal(model));
  return lp::relaxed(std::move(f.problem));
}

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point begin) {
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

template <class Make>
void resolve(benchmark::State& state, const Make& make) {
  const auto begin_afresh = Clock::now();
  auto live = lp::LiveProblem::open(make());
  if (!live) return state.SkipWithError(live.error().message.c_str());
  const auto first = live->solve();
  if (!first) return state.SkipWithError(first.error().message.c_str());
  if (first->termination != lp::Termination::optimal) return state.SkipWithError("the problem was not solved");
  const double fresh = seconds_since(begin_afresh);
  // a demand: the first row that is an equality with a right-hand side
  const lp::Problem& p = live->problem();
  std::size_t row = 0;
  while (row + 1 < p.row_count() && !(p.row_lower[row] == p.row_upper[row] && p.row_lower[row] != 0)) ++row;
  const double side = p.row_lower[row];
  double seconds = 0, step = 0, iteration_count = 0;
  for (auto _ : state) {
    step += 1e-3;
    live->set_row_bounds(row, side * (1 + step), side * (1 + step));
    const auto begin = Clock::now();
    const auto again = live->solve();
    seconds += seconds_since(begin);
    if (!again || again->termination != lp::Termination::optimal) return state.SkipWithError("not solved again");
    iteration_count = static_cast<double>(again->iteration_count);
  }
  state.counters["rows"] = static_cast<double>(p.row_count());
  state.counters["fresh_s"] = fresh;
  state.counters["again/fresh"] = seconds / static_cast<double>(state.iterations()) / fresh;
  state.counters["afresh"] = live->counts().fresh;
  state.counters["iterations"] = iteration_count;
}

void resolve_expansion(benchmark::State& state) {
  resolve(state, [&] {
    return whole_problem(expansion_model(static_cast<int>(state.range(0)), static_cast<int>(state.range(1))));
  });
}
void cases(benchmark::internal::Benchmark* b) {
  b->ArgNames({"nodes", "hours"})->Unit(benchmark::kMillisecond)->UseRealTime();
}
BENCHMARK(resolve_expansion)->Apply(cases)->Args({3, 168})->Iterations(20);
// A year by the hour, by the interior point, takes its time: once, however often the others are repeated.
BENCHMARK(resolve_expansion)->Apply(cases)->Args({5, 8760})->Iterations(3)->Repetitions(1);

void resolve_korea(benchmark::State& state) {
  resolve(state, [] {
    const Compiled compiled = compile_scenario(BELTLINE_SOURCE_DIR "/scenarios/korea");
    return compiled.model ? whole_problem(*compiled.model) : lp::Problem{};
  });
}
BENCHMARK(resolve_korea)->Unit(benchmark::kMillisecond)->UseRealTime()->Iterations(10);

}  // namespace
}  // namespace beltline
