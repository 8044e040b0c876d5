// Formulating the expansion case: CPU seconds, rows a second, and peak memory against the matrix's own bytes.
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>

#include <benchmark/benchmark.h>

#include "bench/expansion.h"
#include "plan/formulate.h"

namespace beltline {
namespace {

/// "VmHWM" or "VmRSS" of this process, bytes.
double status_bytes(const std::string& key) {
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;) {
    double kib = 0;
    if (word == key + ":" && status >> kib) return kib * 1024;
  }
  return 0;
}

/// Peak growth of resident memory while formulating, measured in a child that does nothing else.
double peak_bytes(const Model& model) {
  int ends[2];
  if (pipe(ends) != 0) return 0;
  const pid_t child = fork();
  if (child == 0) {
    std::ofstream("/proc/self/clear_refs") << 5;  // resets the high-water mark
    const double before = status_bytes("VmRSS");
    const Formulation f = formulate(model);
    benchmark::DoNotOptimize(f.problem.value.data());
    const double grown = status_bytes("VmHWM") - before;
    _exit(write(ends[1], &grown, sizeof grown) == sizeof grown ? 0 : 1);
  }
  double grown = 0;
  if (read(ends[0], &grown, sizeof grown) != sizeof grown) grown = 0;
  waitpid(child, nullptr, 0);
  close(ends[0]);
  close(ends[1]);
  return grown;
}

void formulate_expansion(benchmark::State& state) {
  const Model model = expansion_model(static_cast<int>(state.range(0)), static_cast<int>(state.range(1)));
  double rows = 0, columns = 0, nonzeros = 0, bytes = 0;
  for (auto _ : state) {
    const Formulation f = formulate(model);
    rows = static_cast<double>(f.problem.row_count());
    columns = static_cast<double>(f.problem.column_count());
    nonzeros = static_cast<double>(f.problem.nonzero_count());
    bytes = static_cast<double>(f.problem.byte_count());
    benchmark::DoNotOptimize(f.problem.value.data());
  }
  state.counters["rows"] = rows;
  state.counters["columns"] = columns;
  state.counters["nonzeros"] = nonzeros;
  state.counters["rows/s"] = benchmark::Counter(rows, benchmark::Counter::kIsIterationInvariantRate);
  state.counters["matrix_MB"] = bytes / 1e6;
  state.counters["peak_over_matrix"] = peak_bytes(model) / bytes;
}
BENCHMARK(formulate_expansion)->Args({5, 8760})->Args({20, 8760})->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace beltline
