#include "training/step.h"

#include <gtest/gtest.h>

#include "perf/catalogue.h"
#include "training/search.h"

namespace beltline::training {
namespace {

TrainingJob megatron(const char* model, Recompute recompute, TrainingSplit split, int64_t batch) {
  TrainingJob job;
  job.architecture = *perf::find_architecture(model);
  job.accelerator = *perf::find_accelerator("a100-sxm-80gb");
  job.split = split;
  job.engine = "megatron-2022";
  job.sequence = 2048;
  job.batch = batch;
  job.recompute = recompute;
  return job;
}

TEST(LayerPasses, AreThoseOfTheirPublication) {
  // Korthikanti et al. 2022, table 4: milliseconds of a layer of 22 billion, forward and backward
  struct Case {
    Recompute recompute;
    bool sequence_parallel;
    double forward_ms;
    double backward_ms;  // with what is computed again
  };
  for (const Case& c : {Case{Recompute::none, false, 7.7, 11.9}, Case{Recompute::none, true, 7.2, 11.8},
                        Case{Recompute::full, false, 7.7, 19.5}, Case{Recompute::selective, false, 7.7, 13.2},
                        Case{Recompute::selective, true, 7.2, 13.1}}) {
    const TrainingJob job = megatron("megatron-22b", c.recompute,
                                     {.tensor = 8, .micro_batch = 4, .sequence_parallel = c.sequence_parallel}, 4);
    const auto coefficients = *find_coefficients(job.engine, job.accelerator.generation);
    const LayerPasses passes = layer_passes(coefficients, job, false);
    EXPECT_NEAR(1e3 * passes.forward.total() / c.forward_ms, 1, 0.06);
    EXPECT_NEAR(1e3 * (passes.backward.total() + passes.again.total()) / c.backward_ms, 1, 0.07);
  }
}

TEST(TrainingMemory, IsThatOfItsPublication) {
  // Korthikanti et al. 2022, figure 1, GiB as read off by Calculon (Isaev et al. 2023): parameters with optimiser, and
  // activations without recomputation and with sequence parallelism and selective recomputation
  struct Case {
    const char* model;
    TrainingSplit split;
    int64_t batch;
    double state_GiB;
    double all_GiB;
    double selective_GiB;
  };
  constexpr double kGiB = 1024.0 * 1024 * 1024;
  for (const Case& c :
       {Case{"megatron-22b", {.tensor = 8, .zero = 0, .micro_batch = 4}, 4, 45.6, 59.3, 9.6},
        Case{"megatron-175b", {.tensor = 8, .pipeline = 8, .interleave = 3, .zero = 0}, 64, 45.6, 66.8, 12.4},
        Case{"megatron-530b", {.tensor = 8, .pipeline = 35, .interleave = 3, .zero = 0}, 280, 31.6, 114.0, 23.1},
        Case{"megatron-1t", {.tensor = 8, .pipeline = 64, .zero = 0}, 512, 33.0, 131.3, 26.6}}) {
    TrainingJob job = megatron(c.model, Recompute::none, c.split, c.batch);
    const auto coefficients = *find_coefficients(job.engine, job.accelerator.generation);
    job.split.sequence_parallel = false;
    const TrainingMemory plain = training_memory(coefficients, job);
    // ours is the first stage, which has the embedding
    EXPECT_NEAR((plain.weights + plain.gradients + plain.optimiser) / kGiB / c.state_GiB, 1, 0.09) << c.model;
    EXPECT_NEAR(plain.activations / kGiB / c.all_GiB, 1, 0.06) << c.model;
    EXPECT_FALSE(plain.fits());
    job.split.sequence_parallel = true;
    job.recompute = Recompute::selective;
    const TrainingMemory lean = training_memory(coefficients, job);
    EXPECT_NEAR(lean.activations / kGiB / c.selective_GiB, 1, 0.06) << c.model;
    EXPECT_TRUE(lean.fits()) << c.model;
  }
}

TEST(TrainingStep, PartsAddUp) {
  TrainingJob job = megatron("megatron-175b", Recompute::selective,
                             {.tensor = 8, .pipeline = 8, .interleave = 3, .data = 4, .zero = 1}, 256);
  const auto step = training_step(job);
  ASSERT_TRUE(step) << step.error().message;
  const StepTime& t = step->time;
  EXPECT_NEAR(t.busy.total() + t.bubble_s + t.send_s + t.data_s + t.optimiser_s, t.step_s, 1e-9);
  EXPECT_NEAR(t.bubble_share, 7.0 / (3 * 64), 1e-12);
  EXPECT_GT(t.data_s, 0);
  EXPECT_NEAR(t.mfu, t.flop_model / t.step_s / 256 / 312e12, 1e-12);
  EXPECT_TRUE(step->is_fitted);
}

TEST(TrainingStep, MoreOfAnythingThatHelpsIsNeverSlower) {
  TrainingJob job = megatron("megatron-175b", Recompute::selective, {.tensor = 8, .pipeline = 8, .zero = 0}, 64);
  const double before = training_step(job)->time.step_s;
  TrainingJob better = job;
  better.split.interleave = 3;
  EXPECT_LT(training_step(better)->time.bubble_s, training_step(job)->time.bubble_s);
  better = job;
  better.accelerator.memory_bytes_per_s *= 2;
  EXPECT_LT(training_step(better)->time.step_s, before);
  better = job;
  better.accelerator.scale_up.bytes_per_s *= 2;
  EXPECT_LT(training_step(better)->time.step_s, before);
  better = job;
  better.recompute = Recompute::full;
  EXPECT_GT(training_step(better)->time.step_s, before);
}

TEST(TrainingStep, ModelsOfLlama3) {
  // Llama 3 Herd of Models, arXiv:2407.21783, table 4: 430 TFLOP/s an accelerator on 8,192, 400 on 16,384
  TrainingJob job;
  job.architecture = *perf::find_architecture("llama-3.1-405b");
  job.accelerator = *perf::find_accelerator("h100-sxm");
  job.sequence = 8192;
  job.batch = 2048;
  job.recompute = Recompute::none;
  for (const auto& [data, published] : {std::pair(64, 430.0), std::pair(128, 400.0)}) {
    job.split = {.tensor = 8, .pipeline = 16, .interleave = 8, .data = data, .zero = 2};
    ASSERT_TRUE(faults_of(job).empty());
    const auto coefficients = *find_coefficients(job.engine, job.accelerator.generation);
    const StepTime time = training_step_unchecked(coefficients, job).time;
    EXPECT_NEAR(time.mfu * 989.4 / published, 1, 0.03) << data;
  }
}

TEST(TrainingStep, NamesAllFaults) {
  TrainingJob job =
      megatron("megatron-22b", Recompute::none, {.tensor = 7, .interleave = 2, .data = 3, .expert = 2}, 4);
  job.precision = perf::Precision::fp8;
  job.sequence = 4096;
  const auto faults = faults_of(job);
  EXPECT_EQ(faults.size(), 7u);
  const auto step = training_step(job);
  ASSERT_FALSE(step);
  for (const std::string& fault : faults) EXPECT_NE(step.error().message.find(fault), std::string::npos) << fault;
  job.split.tensor = 0;
  EXPECT_EQ(faults_of(job), std::vector<std::string>{"tensor is 0, expected a whole number from 1"});
}

TEST(TrainingStep, SaysWhatDoesNotFit) {
  const auto step = training_step(megatron("megatron-175b", Recompute::full, {.tensor = 8, .zero = 0}, 1));
  ASSERT_FALSE(step);
  EXPECT_NE(step.error().message.find("megatron-175b does not fit into the memory of a100-sxm-80gb"), std::string::npos)
      << step.error().message;
  const auto found = best_split(megatron("megatron-175b", Recompute::full, {}, 8), 8);
  ASSERT_FALSE(found);
  EXPECT_NE(found.error().message.find("does not fit on 8 of a100-sxm-80gb, however it is split"), std::string::npos)
      << found.error().message;
}

TEST(BestSplit, IsTheFastestOfAll) {
  TrainingJob job = megatron("megatron-22b", Recompute::none, {}, 32);
  job.engine = "megatron";
  const auto found = best_split(job, 16);
  ASSERT_TRUE(found) << found.error().message;
  EXPECT_EQ(found->job.split.accelerators(), 16);
  EXPECT_TRUE(found->step.memory.fits());
  // every split of tensor and pipeline by hand
  for (const int32_t tensor : {1, 2, 4, 8}) {
    for (const int32_t pipeline : {1, 2, 4, 8}) {
      for (const int32_t zero : {1, 3}) {
        for (const Recompute recompute : {Recompute::none, Recompute::full}) {
          if (16 % (tensor * pipeline) != 0) continue;
          job.split = {.tensor = tensor, .pipeline = pipeline, .data = 16 / tensor / pipeline, .zero = zero};
          job.recompute = recompute;
          const auto step = training_step(job);
          if (step) {
            EXPECT_GE(step->time.step_s, found->step.time.step_s * (1 - 1e-9));
          }
        }
      }
    }
  }
}

TEST(BestSplit, OfAMixtureSharesItsExperts) {
  TrainingJob job;
  job.architecture = *perf::find_architecture("deepseek-v3");
  job.accelerator = *perf::find_accelerator("h100-sxm");
  job.sequence = 4096;
  job.batch = 15360;
  job.precision = perf::Precision::fp8;
  const auto found = best_split(job, 2048);
  ASSERT_TRUE(found) << found.error().message;
  EXPECT_GT(found->job.split.expert, 1);
  EXPECT_GT(found->step.time.busy.expert, 0);
  EXPECT_GT(found->step.time.mfu_bf16, 0.15);
  EXPECT_LT(found->step.time.mfu_bf16, 0.8);
}

}  // namespace
}  // namespace beltline::training
