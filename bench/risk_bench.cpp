// A plan of Korea's size played 10,000 times: seconds, replications and operation-months a second, and peak memory,
// which must not grow with replications.
#include <optional>
#include <thread>

#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include "bench/measure.h"
#include "risk/play_test_support.h"
#include "risk/ranges.h"
#include "run/pipeline.h"

namespace beltline {
namespace {

constexpr int kPeriods = 63;
constexpr int kLines = 18;

std::vector<std::pair<int, double>> monthly(int first, int last, double amount) {
  std::vector<std::pair<int, double>> out;
  for (int t = first; t <= last; ++t) out.emplace_back(t, amount);
  return out;
}

/// Eighteen lines from wafer to rack that share each good, and as many sites with halls, transformers and clusters:
/// 163 operations with as many draws as there are yields, lags and leads.
class LongChain {
 public:
  LongChain() : chain_(kPeriods) {
    const auto die = chain_.good("die"), stack = chain_.good("stack"), package = chain_.good("package");
    const auto rack = chain_.good("rack"), transformer = chain_.good("transformer");
    add_line("fab", {}, die, 3, 6);
    add_line("stacker", {{die}}, stack, 1, 10);
    add_line("packer", {{stack}}, package, 2, 12);
    add_line("assembler", {{package}}, rack, 1, 15);
    chain_.process("transformers", {}, transformer, 4, monthly(4, kPeriods - 10, kLines));
    for (int i = 0; i < kLines; ++i) add_site(i, transformer, rack);
    chain_.finish();
  }
  [[nodiscard]] Play play() const { return chain_.play(); }

 private:
  void add_line(const std::string& name, const std::vector<Chain::Part>& in, CommodityId out, int lag, int first) {
    for (int i = 0; i < kLines; ++i) {
      const int id = chain_.process(fmt::format("{}_{}", name, i), in, out, lag, monthly(first, kPeriods - 6, 1), 1.5);
      vary(ChanceTarget::process, id, Aspect::delay, {.spread = Spread::pert, .low = -0.9, .mode = -0.3, .high = 2});
      vary(ChanceTarget::process, id, Aspect::yield, {.spread = Spread::pert, .low = 0.85, .mode = 1, .high = 1.1});
    }
  }
  void add_site(int i, CommodityId transformer, CommodityId rack) {
    const auto space = chain_.moment(fmt::format("space_{}", i));
    const int hall = chain_.capacity(fmt::format("hall_{}", i), 12, monthly(2, kPeriods - 14, 1), {{6, {transformer}}},
                                     {{space, 1}});
    const int cluster = chain_.capacity(fmt::format("cluster_{}", i), 1, monthly(17, kPeriods - 3, 1), {{0, {rack}}},
                                        {{space, -1}});
    vary(ChanceTarget::capacity, hall, Aspect::delay, {.spread = Spread::pert, .low = -0.9, .mode = -0.2, .high = 6});
    vary(ChanceTarget::capacity, cluster, Aspect::delay, {.spread = Spread::pert, .low = -0.9, .mode = 0, .high = 2});
    chain_.milestone(fmt::format("site_{}", i), TermKind::online, cluster, 30, kPeriods - 1);
  }
  void vary(ChanceTarget target, int id, Aspect aspect, const Distribution& distribution) {
    chain_.influence(chain_.source(fmt::format("draw_{}", draw_count_++), distribution), target, id, aspect);
  }

  Chain chain_;
  int draw_count_ = 0;
};

RiskOptions options_of(int64_t replications, int64_t threads) {
  RiskOptions options;
  options.replications = static_cast<uint32_t>(replications);
  options.thread_count = static_cast<int>(threads);
  return options;
}

void time_play(benchmark::State& state, const Play& play) {
  const Observation observation = make_observation(play);
  const RiskOptions options = options_of(state.range(0), state.range(1));
  const double before = cpu_s();
  for (auto _ : state) {
    const Odds odds = play_many(play, observation, options);
    benchmark::DoNotOptimize(odds.replications);
  }
  const auto count = static_cast<double>(state.range(0));
  state.counters["CPU_s"] = benchmark::Counter(cpu_s() - before, benchmark::Counter::kAvgIterations);
  state.counters["replications/s"] = benchmark::Counter(count, benchmark::Counter::kIsIterationInvariantRate);
  state.counters["operation_months/s"] =
      benchmark::Counter(count * play.period_count * static_cast<double>(play.operations.size()),
                         benchmark::Counter::kIsIterationInvariantRate);
  state.counters["operations"] = static_cast<double>(play.operations.size());
  state.counters["draws"] = static_cast<double>(play.chances.sources.size());
}

void play_chain(benchmark::State& state) {
  const LongChain chain;
  time_play(state, chain.play());
}
void cases(benchmark::internal::Benchmark* b) {
  b->ArgNames({"replications", "threads"})->Unit(benchmark::kMillisecond)->UseRealTime();
}
BENCHMARK(play_chain)->Apply(cases)->Args({10'000, 1})->Args({10'000, 2});

/// Peak growth of memory of the play alone, on two threads.
void play_memory(benchmark::State& state) {
  const LongChain chain;
  const Play play = chain.play();
  const Observation observation = make_observation(play);
  double peak = 0;
  for (auto _ : state) {
    peak = peak_bytes([&] { play_many(play, observation, options_of(state.range(0), 2)); });
  }
  state.counters["peak_MiB"] = peak / (1 << 20);
}
BENCHMARK(play_memory)
    ->ArgName("replications")
    ->Unit(benchmark::kSecond)
    ->UseRealTime()
    ->Iterations(1)
    ->Repetitions(1)
    ->Arg(1'000)
    ->Arg(10'000)
    ->Arg(100'000);

/// scenarios/korea with its plan, made once for all cases.
struct Korea {
  Compiled compiled = compile_scenario(BELTLINE_SOURCE_DIR "/scenarios/korea");
  std::optional<Play> play;

  Korea() {
    if (!compiled.model) return;
    const int threads = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
    const auto run = run_plan(compiled, PlanOptions{.thread_count = threads});
    if (run && run->plan.has_point) {
      play = make_play(*compiled.model, figures_of(*compiled.model, run->plan), chances_of(compiled, threads));
    }
  }
};

void play_korea(benchmark::State& state) {
  static const Korea korea;
  if (!korea.play) return state.SkipWithError("scenarios/korea has no plan: beltline plan scenarios/korea");
  time_play(state, *korea.play);
}
BENCHMARK(play_korea)->Apply(cases)->Args({10'000, 1})->Args({10'000, 2});

}  // namespace
}  // namespace beltline
