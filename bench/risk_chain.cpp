// beltline_risk_chain: plays the plan of a run as `beltline risk` does, and says how long that took and what came out.
//
//   beltline_risk_chain RUN REPLICATIONS THREADS SEED REPEAT
//
// Prints one line of JSON. For beside_simpy.py, which reads the same plan and plays it in Python.
#include <chrono>
#include <cstdlib>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "bench/measure.h"
#include "risk/ranges.h"
#include "risk/risk.h"
#include "run/run_scenario.h"

namespace beltline {
namespace {

using Json = nlohmann::ordered_json;
using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point begin) {
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

/// {milestone: [probability, half width]}, {measure: {month: [mean, half width]}}, at 99 %.
void put_odds(const Play& play, const Observation& observation, const Odds& odds, Json& out) {
  constexpr double kLevel = 0.99;
  for (std::size_t i = 0; i < odds.milestones.size(); ++i) {
    const Interval within = odds.milestones[i].met.interval(kLevel);
    out["milestones"][observation.milestones[i].milestone.name] = {odds.milestones[i].met.value(),
                                                                   (within.high - within.low) / 2};
  }
  std::size_t at = 0;
  for (const PlaySeries& series : observation.series) {
    if (!series.is_shown) continue;
    for (int t = 0; t < play.period_count; ++t, ++at) {
      const Moments& mean = odds.fans[at].mean;
      out["means"][series.name][play.model->calendar.label(t)] = {mean.mean(), mean.half_width(kLevel)};
    }
  }
}

Outcome<Json> play_chain(char** argument) {
  const auto begin = Clock::now();
  const auto compiled = compile_run(argument[0]);
  if (!compiled) return std::unexpected(compiled.error());
  if (!compiled->model) return failure(not_compiled(argument[0], *compiled));
  auto figures = read_figures(*compiled->model, argument[0]);
  if (!figures) return std::unexpected(figures.error());
  const Play play = make_play(*compiled->model, std::move(*figures), chances_of(*compiled, 1));
  const Observation observation = make_observation(play);
  Json out;
  out["wall_start"] = seconds_since(begin);
  RiskOptions options;
  options.replications = static_cast<uint32_t>(std::strtoul(argument[1], nullptr, 10));
  options.thread_count = std::atoi(argument[2]);
  options.seed = std::strtoull(argument[3], nullptr, 10);
  Odds odds;
  for (int i = 0; i < std::atoi(argument[4]); ++i) {
    const double cpu = cpu_s();
    const auto begin_play = Clock::now();
    odds = play_many(play, observation, options);
    out["wall_play"].push_back(seconds_since(begin_play));
    out["cpu_play"].push_back(cpu_s() - cpu);
  }
  out["operations"] = play.operations.size();
  out["periods"] = play.period_count;
  out["peak_bytes"] = status_bytes("VmHWM");
  put_odds(play, observation, odds, out);
  return out;
}

}  // namespace
}  // namespace beltline

int main(int argc, char** argv) {
  beltline::Outcome<beltline::Json> out =
      beltline::failure("usage: beltline_risk_chain RUN REPLICATIONS THREADS SEED REPEAT");
  if (argc == 6) out = beltline::play_chain(argv + 1);
  if (!out) {
    fmt::print(stderr, "beltline_risk_chain: {}\n", out.error().message);
    return 1;
  }
  fmt::print("JSON {}\n", out->dump());
  return 0;
}
