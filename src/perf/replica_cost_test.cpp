#include "perf/replica_cost.h"

#include <gtest/gtest.h>

#include "base/diagnostic_codes.h"
#include "perf/catalogue.h"
#include "perf/estimate.h"

namespace beltline::perf {

namespace {

Deployment deployment(std::string_view model, std::string_view accelerator, Parallelism parallelism) {
  const CatalogueModel found = find_model(model).value();
  return {.architecture = found.architecture,
          .accelerator = find_accelerator(accelerator).value(),
          .quantisation = found.published,
          .parallelism = parallelism};
}

std::shared_ptr<const ReplicaCost> cost_of(const Deployment& d) {
  const auto cost = ReplicaCost::make(d);
  EXPECT_TRUE(cost.has_value());
  return cost.value();
}

TEST(ReplicaCost, KeysAndValuesOfKnownModels) {
  EXPECT_EQ(327680, kv_bytes_per_token(find_architecture("llama-3.1-70b").value(), Precision::bf16));
  EXPECT_EQ(70272, kv_bytes_per_token(find_architecture("deepseek-v3").value(), Precision::bf16));
  // four heads of keys on eight accelerators are copied: each has one
  const MemoryUse use = memory_use(deployment("qwen3-235b-a22b", "h200", {.tensor = 8, .expert_parallel = 8}));
  EXPECT_EQ(94 * 2 * 128 * 2, use.kv_per_token);
}

TEST(ReplicaCost, GemmMeetsTheRoofline) {
  const Kernels kernels{.accelerator = find_accelerator("h100-sxm").value(), .coefficients = *find_kernels("hopper")};
  const GemmCoefficients& c = kernels.coefficients.gemm[static_cast<std::size_t>(Precision::bf16)];
  const double n = 16384;
  const Work large = gemm(kernels, {.rows = n, .columns = n, .inner = n}, {});
  EXPECT_NEAR(2 * n * n * n / (kernels.accelerator.flops(Precision::bf16) * c.compute), large.seconds,
              0.02 * large.seconds);
  const Work small = gemm(kernels, {.rows = 1, .columns = n, .inner = n}, {});
  EXPECT_NEAR(c.latency_us * 1e-6 + 2 * n * n / (kernels.accelerator.memory_bytes_per_s * c.bandwidth), small.seconds,
              0.02 * small.seconds);
  EXPECT_EQ(2 * n * n * n, large.flop);
}

TEST(ReplicaCost, MessagesByVolumeAndTopology) {
  EXPECT_EQ(1.75e6, all_reduce_wire_bytes(8, 1e6));
  const Kernels kernels{.accelerator = find_accelerator("h100-sxm").value(), .coefficients = *find_kernels("hopper")};
  const double inside = all_reduce(kernels, group_of(kernels.accelerator, 8), 64e6).seconds;
  const double across = all_reduce(kernels, group_of(kernels.accelerator, 16), 64e6).seconds;
  // between two domains, each accelerator's share of an eighth goes over its own link
  const double share = all_reduce_wire_bytes(2, 64e6 / 8) / (0.8 * kernels.accelerator.scale_out.bytes_per_s);
  EXPECT_NEAR(inside + share + 2 * kernels.accelerator.scale_out.latency_s, across, 1e-6);
  EXPECT_EQ(0, all_reduce(kernels, group_of(kernels.accelerator, 1), 64e6).seconds);
}

TEST(ReplicaCost, ExpertsHitGrowsToAll) {
  ExpertShape shape{.tokens = 1, .experts = 128, .active = 8};
  EXPECT_NEAR(8, experts_hit(shape), 0.6);
  shape.tokens = 1e6;
  EXPECT_NEAR(128, experts_hit(shape), 0.01);
}

TEST(ReplicaCost, DecodeLineIsTheStepToThePicosecond) {
  for (const Deployment& d : {deployment("llama-3.1-70b", "h100", {.tensor = 4}),
                              deployment("gpt-oss-120b", "b200", {.tensor = 2, .expert_parallel = 2}),
                              deployment("deepseek-v3", "h200", {.attention_data = 8, .expert_parallel = 8})}) {
    const auto cost = cost_of(d);
    for (const int32_t n : {1, 3, 64, 1000}) {
      for (int64_t context = n; context < int64_t{n} * 100000; context = context * 7 / 3 + 1) {
        const DecodeLine line = cost->decode_line(n, context);
        ASSERT_LE(context, line.context_max);
        for (const int64_t at : {context, std::min(line.context_max, context * 2)}) {
          const Step step{.chunks = {}, .decodes = n, .decode_context = at};
          ASSERT_EQ(line.base + line.slope * at, cost->step(step)) << n << " " << at;
        }
      }
    }
  }
}

TEST(ReplicaCost, MoreWorkNeverTakesLess) {
  const auto cost = cost_of(deployment("qwen3-235b-a22b", "h200", {.tensor = 8, .expert_parallel = 8}));
  Picoseconds before = 0;
  for (int64_t context = 1000; context < 10'000'000; context = context * 5 / 4) {
    const Picoseconds now = cost->step({.chunks = {}, .decodes = 100, .decode_context = context});
    EXPECT_GE(now, before);
    before = now;
  }
  before = 0;
  for (int32_t tokens = 1; tokens < 100'000; tokens = tokens * 3 / 2 + 1) {
    const Chunk chunk{.tokens = tokens, .context = 0, .is_last = true};
    const Picoseconds now = cost->step({.chunks = {&chunk, 1}, .decodes = 10, .decode_context = 10'000});
    EXPECT_GE(now, before) << tokens;
    before = now;
  }
}

TEST(ReplicaCost, EnergyLiesBetweenIdleAndLimit) {
  const auto cost = cost_of(deployment("llama-3.1-8b", "h100", {}));
  const Chunk chunk{.tokens = 8192, .context = 0, .is_last = true};
  const double prefill_W = cost->step_power_W({.chunks = {&chunk, 1}, .decodes = 0, .decode_context = 0});
  const double decode_W = cost->step_power_W({.chunks = {}, .decodes = 1, .decode_context = 1000});
  EXPECT_GT(decode_W, cost->idle_W());
  EXPECT_GT(prefill_W, decode_W);
  EXPECT_LE(prefill_W, 700);
}

TEST(ReplicaCost, AllFaultsAtOnce) {
  Deployment d = deployment("llama-3.1-70b", "a100", {.tensor = 3, .pipeline = 100, .expert_parallel = 2});
  d.quantisation.weights = Precision::fp8;
  d.engine = "orca";
  const auto cost = ReplicaCost::make(d);
  ASSERT_FALSE(cost.has_value());
  // engine, number format, attention heads, key-value heads, stages, experts of a dense model
  EXPECT_EQ(6U, cost.error().error_count());
  d.accelerator.generation = "kepler";
  EXPECT_EQ(Code::bad_choice, ReplicaCost::make(d).error().all().front().code);
}

TEST(ReplicaCost, WhatDoesNotFitIsAnError) {
  const auto cost = ReplicaCost::make(deployment("llama-3.1-405b", "h100", {}));
  ASSERT_FALSE(cost.has_value());
  EXPECT_EQ("model 'llama-3.1-405b' does not fit into the memory of 'h100-sxm'", cost.error().all().front().message);
}

TEST(ClosedLoop, KeepsItsRequestsAndRepeats) {
  const auto cost = cost_of(deployment("llama-3.1-8b", "h100", {}));
  const ClosedLoop loop{.prompt_tokens = 1000, .output_tokens = 200, .concurrency = 16, .length_spread = 0.2};
  const LoopResult result = run(*cost, loop);
  EXPECT_EQ(result.ttft_s, run(*cost, loop).ttft_s);
  // Little's law: requests under way = rate · time in the system, but for the end of the run
  const double rate = result.output_tokens_per_s / 180;
  EXPECT_NEAR(16, rate * (result.ttft_s + 179 * result.tpot_s), 1.5);
  // a prompt that never fits is no endless loop
  EXPECT_EQ(0, run(*cost, {.prompt_tokens = 10'000'000, .output_tokens = 1}).seconds);
}

TEST(ClosedLoop, AllAtOnceQueueForTheirPrompts) {
  const auto cost = cost_of(deployment("llama-3.1-8b", "h100", {}));
  ClosedLoop loop{.prompt_tokens = 4000,
                  .output_tokens = 2,
                  .concurrency = 8,
                  .rounds = 1,
                  .policy = {.tokens_max = 4100, .chunks = false}};
  const Chunk chunk{.tokens = 4000, .context = 0, .is_last = true};
  const double one =
      static_cast<double>(cost->step({.chunks = {&chunk, 1}, .decodes = 0, .decode_context = 0})) * 1e-12;
  EXPECT_NEAR(4.5 * one, run(*cost, loop).ttft_s, 0.1 * one);
}

TEST(Estimate, AgreesWithTheLoopInTheSteadyState) {
  const auto cost = cost_of(deployment("llama-3.1-70b", "h200", {.tensor = 4}));
  for (const int32_t c : {4, 32, 128}) {
    const Estimate e = estimate(*cost, {.prompt_tokens = 2000, .output_tokens = 500}, c, policy_of("vllm"));
    const LoopResult loop = run(
        *cost, {.prompt_tokens = 2000, .output_tokens = 500, .concurrency = c, .length_spread = 0.01, .rounds = 30});
    EXPECT_NEAR(loop.tpot_s, e.tpot_s, 0.15 * loop.tpot_s) << c;
    EXPECT_NEAR(loop.output_tokens_per_s, e.output_tokens_per_s, 0.15 * loop.output_tokens_per_s) << c;
    EXPECT_NEAR(e.power_W / e.output_tokens_per_s, e.energy_per_output_token_J, 1e-9);
  }
}

TEST(Estimate, SplitPoolsAreBoundByTheirPrompts) {
  const auto cost = cost_of(deployment("llama-3.1-70b", "h200", {.tensor = 4}));
  const SplitPools pools{.prefill = cost.get(), .decode = cost.get()};
  const Traffic traffic{.prompt_tokens = 8000, .output_tokens = 100};
  const Estimate few = estimate(pools, traffic, 4, policy_of("vllm"));
  const Estimate many = estimate(pools, traffic, 200, policy_of("vllm"));
  EXPECT_GT(many.ttft_s, 10 * few.ttft_s);
  EXPECT_NEAR(1, many.prefill_share, 0.05);
}

TEST(SplitLoop, ThoseWithoutAPlaceWaitForAnAnswer) {
  const auto cost = cost_of(deployment("llama-3.1-70b", "h200", {.tensor = 4}));
  const SplitPools pools{.prefill = cost.get(), .decode = cost.get(), .decode_workers = 3};
  ClosedLoop loop{.prompt_tokens = 1000, .output_tokens = 1000, .concurrency = 6, .policy = policy_of("trtllm")};
  const LoopResult open = run(pools, loop);
  loop.policy.sequences_max = 1;
  const LoopResult full = run(pools, loop);
  // of ten rounds of six clients for three places, all but the first three wait for one answer
  EXPECT_NEAR(full.ttft_s - open.ttft_s, 0.95 * 999 * full.tpot_s, 0.02 * 999 * full.tpot_s);
  EXPECT_NEAR(full.output_tokens_per_s, 3 / full.tpot_s, 0.02 * full.output_tokens_per_s);
  loop.request_latency_s = 0.5;
  EXPECT_NEAR(run(pools, loop).ttft_s, full.ttft_s + 0.05, 0.02) << "hidden behind the wait but in the first round";
}

}  // namespace

}  // namespace beltline::perf
