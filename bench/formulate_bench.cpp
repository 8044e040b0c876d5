// Formulating the expansion case: CPU seconds, rows a second, and peak memory against the matrix's own bytes.
#include <benchmark/benchmark.h>

#include "bench/expansion.h"
#include "bench/measure.h"
#include "plan/formulate.h"

namespace beltline {
namespace {

/// Rows, columns, coefficients and costs: all that a solver is given.
lp::Problem whole_problem(const Model& model) {
  Formulation f = formulate(model);
  GoalVector cost = goal_vector(model, f.layout, Goal::cost);
  for (double& c : cost.coefficient) c *= f.money_scale;
  f.problem.cost = std::move(cost.coefficient);
  f.problem.offset = f.money_scale * cost.constant;
  return std::move(f.problem);
}

/// Profiles and records of the Model, before there is any LP.
void model_expansion(benchmark::State& state) {
  for (auto _ : state) {
    const Model model = expansion_model(static_cast<int>(state.range(0)), static_cast<int>(state.range(1)));
    benchmark::DoNotOptimize(model.processes.data());
  }
}

void formulate_expansion(benchmark::State& state) {
  const Model model = expansion_model(static_cast<int>(state.range(0)), static_cast<int>(state.range(1)));
  const double peak = peak_bytes([&] {
    const lp::Problem problem = whole_problem(model);
    benchmark::DoNotOptimize(problem.value.data());
  });
  double rows = 0, bytes = 0;
  for (auto _ : state) {
    const lp::Problem problem = whole_problem(model);
    rows = static_cast<double>(problem.row_count());
    bytes = static_cast<double>(problem.byte_count());
    benchmark::DoNotOptimize(problem.value.data());
  }
  state.counters["rows"] = rows;
  state.counters["rows/s"] = benchmark::Counter(rows, benchmark::Counter::kIsIterationInvariantRate);
  state.counters["matrix_MiB"] = bytes / (1 << 20);
  state.counters["peak_MiB"] = peak / (1 << 20);
  state.counters["peak/matrix"] = peak / bytes;
}

// The same cases for both, and those of solve_bench.cpp among them: beside_pypsa.py joins them by name.
void cases(benchmark::internal::Benchmark* b) {
  b->ArgNames({"nodes", "hours"})->Args({3, 168})->Args({5, 672})->Args({5, 8760})->Args({20, 8760});
  b->Unit(benchmark::kMillisecond);
}
BENCHMARK(model_expansion)->Apply(cases);
BENCHMARK(formulate_expansion)->Apply(cases);

}  // namespace
}  // namespace beltline
