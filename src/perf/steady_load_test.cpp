#include "perf/steady_load.h"

#include <gtest/gtest.h>

#include "perf/splits.h"

namespace beltline::perf {
namespace {

std::shared_ptr<const ReplicaCost> replica(const char* model, const char* accelerator, Parallelism split) {
  const auto known = find_model(model);
  const auto chip = find_accelerator(accelerator);
  const auto numbers = quantisations_of(*known, *chip, Precision::fp8);
  auto made = ReplicaCost::make({.architecture = known->architecture,
                                 .accelerator = *chip,
                                 .quantisation = numbers.front(),
                                 .parallelism = split});
  EXPECT_TRUE(made) << render(made.error(), {});
  return *made;
}

// The closed form against the same engine played step by step, with lengths that differ so that requests do not march
// in step.
TEST(SteadyLoad, AgreesWithTheReplay) {
  struct Case {
    const char* model;
    Parallelism split;
    int64_t input, output;
    int32_t sequences;
  };
  const Case cases[] = {{"llama-3.1-8b", {}, 1000, 1000, 64},
                        {"llama-3.1-8b", {}, 4000, 200, 32},
                        {"llama-3.1-8b", {}, 200, 50, 200},
                        {"llama-3.1-70b", {.tensor = 4}, 2000, 500, 128},
                        {"qwen3-235b-a22b", {.tensor = 8, .expert_parallel = 8}, 1024, 1024, 64}};
  // in the replay a place stays empty for the step after an answer's last, which counts where answers are short
  constexpr double kTolerance = 0.08;
  for (const Case& c : cases) {
    const auto cost = replica(c.model, "h100", c.split);
    const BatchPolicy policy = policy_of("vllm");
    // lengths uniform in [0.5 n, n]: 0.75 n in the mean
    const LoopResult replayed = run(*cost, {.prompt_tokens = c.input,
                                            .output_tokens = c.output,
                                            .concurrency = c.sequences,
                                            .length_spread = 0.5,
                                            .rounds = 12,
                                            .request_latency_s = cost->request_latency_s(c.input * 3 / 4),
                                            .policy = policy});
    const Workload mean{.input_tokens = c.input * 3 / 4, .output_tokens = c.output * 3 / 4};
    const SteadyLoad steady = mixed_load(*cost, policy, mean, c.sequences);
    EXPECT_NEAR(steady.tpot_s / replayed.tpot_s, 1, kTolerance) << c.model << ' ' << c.input;
    EXPECT_NEAR(steady.requests_per_s * static_cast<double>(mean.output_tokens) / replayed.output_tokens_per_s, 1,
                kTolerance)
        << c.model << ' ' << c.input;
    EXPECT_NEAR(steady.power_W / (replayed.energy_J / replayed.seconds), 1, kTolerance) << c.model << ' ' << c.input;
  }
}

}  // namespace
}  // namespace beltline::perf
