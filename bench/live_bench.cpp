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

/// Seconds to make the problem from nothing and to solve it, once.
template <class Make>
double fresh_s(const Make& make) {
  const auto begin = std::chrono::steady_clock::now();
  const auto solution = lp::solve(make(), {});
  if (!solution || solution->termination != lp::Termination::optimal) return 0;
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

template <class Make>
void resolve(benchmark::State& state, const Make& make) {
  const double fresh = fresh_s(make);
  auto live = lp::LiveProblem::open(make());
  if (fresh == 0 || !live) return state.SkipWithError("the problem was not solved");
  if (const auto first = live->solve(); !first) return state.SkipWithError(first.error().message.c_str());
  // a demand: the first row that is an equality with a right-hand side
  const lp::Problem& p = live->problem();
  std::size_t row = 0;
  while (row + 1 < p.row_count() && !(p.row_lower[row] == p.row_upper[row] && p.row_lower[row] != 0)) ++row;
  const double side = p.row_lower[row];
  double seconds = 0, step = 0;
  for (auto _ : state) {
    step += 1e-3;
    live->set_row_bounds(row, side * (1 + step), side * (1 + step));
    const auto begin = std::chrono::steady_clock::now();
    const auto again = live->solve();
    seconds += std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    if (!again || again->termination != lp::Termination::optimal) return state.SkipWithError("not solved again");
  }
  state.counters["rows"] = static_cast<double>(p.row_count());
  state.counters["fresh_s"] = fresh;
  state.counters["again/fresh"] = seconds / static_cast<double>(state.iterations()) / fresh;
  state.counters["afresh"] = live->counts().fresh;
}

void resolve_expansion(benchmark::State& state) {
  resolve(state, [&] {
    return whole_problem(expansion_model(static_cast<int>(state.range(0)), static_cast<int>(state.range(1))));
  });
}
BENCHMARK(resolve_expansion)
    ->ArgNames({"nodes", "hours"})
    ->Args({3, 168})
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime()
    ->Iterations(20);

void resolve_korea(benchmark::State& state) {
  resolve(state, [] {
    const Compiled compiled = compile_scenario(BELTLINE_SOURCE_DIR "/scenarios/korea");
    return compiled.model ? whole_problem(*compiled.model) : lp::Problem{};
  });
}
BENCHMARK(resolve_korea)->Unit(benchmark::kMillisecond)->UseRealTime()->Iterations(10);

}  // namespace
}  // namespace beltline
