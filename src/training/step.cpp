#include "training/step.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "training/network.h"

namespace beltline::training {

namespace {

constexpr double kWidth = 2;
/// Adam on a number in mixed precision, in fp32: gradients checked and scaled (8), read for their norm and clipped
/// (12), gradient, weight and two moments read and the latter three written (28), the weight copied to bf16 (6),
/// gradients set to zero (4).
constexpr double kOptimiserBytes = 58;

/// A stage's layers for one micro-batch.
struct Stage {
  LayerPasses passes;
  LayerPasses output;  // what the last stage has beside
};

double stage_layers(const TrainingJob& job) {
  const double pieces = static_cast<double>(job.split.pipeline) * job.split.interleave;
  return std::ceil(job.architecture.layers / pieces) * job.split.interleave;
}

Stage stage_of(const TrainingCoefficients& c, const TrainingJob& job) {
  const perf::Architecture& a = job.architecture;
  const double layers = stage_layers(job);
  const double mixture = a.is_mixture() ? layers * a.mixture_layers() / a.layers : 0;
  Stage stage;
  const auto add = [&](const LayerPasses& layer, double count) {
    stage.passes.forward += layer.forward * count;
    stage.passes.backward += layer.backward * count;
    stage.passes.again += layer.again * count;
  };
  if (layers > mixture) add(layer_passes(c, job, false), layers - mixture);
  if (mixture > 0) add(layer_passes(c, job, true), mixture);
  stage.output = output_passes(c, job);
  return stage;
}

Group data_group(const TrainingJob& job) {
  return {job.split.data, static_cast<int64_t>(job.split.tensor) * job.split.context};
}

/// Gradients of all micro-batches and weights for the next step, as far as computation does not hide them.
double data_s(const TrainingCoefficients& c, const TrainingJob& job, double forward_s, double backward_s) {
  const TrainingSplit& s = job.split;
  const Group group = data_group(job);
  if (s.data * s.context <= 1) return 0;
  const Group all{static_cast<int64_t>(s.data) * s.context, s.tensor};
  const double numbers = stage_parameters(job);
  const double m = static_cast<double>(job.micro_batches());
  if (s.zero >= 3) {
    // weights are fetched for both passes of each micro-batch, gradients summed up in each
    const double fetch = gather_s(c, job.accelerator, group, kWidth * numbers);
    const double sum = gather_s(c, job.accelerator, group, c.gradient_bytes * numbers);
    const double hidden = c.data_overlap * (forward_s + backward_s);
    return std::max(0.0, m * (2 * fetch + sum) - hidden);
  }
  // the last micro-batches of a piece are followed by those of the pieces before it, behind which its sum can hide
  const double pieces = s.interleave > 1 ? s.interleave : stage_layers(job);
  const double rounds = s.interleave > 1 ? std::min(1.0, s.pipeline / m) : 1 / m;
  const double window = c.data_overlap * rounds * (pieces - 1) / pieces;
  const double sum = gather_s(c, job.accelerator, all, c.gradient_bytes * numbers);
  // with a shared optimiser, weights are fetched before the first forward passes; without, sums come back at once
  const double fetch = s.zero >= 1 ? gather_s(c, job.accelerator, all, kWidth * numbers) : sum;
  if (s.zero == 0) return std::max(0.0, sum + fetch - window * backward_s);
  return std::max(0.0, sum - window * backward_s) + std::max(0.0, fetch - window * forward_s);
}

double send_per_micro_batch_s(const TrainingCoefficients& c, const TrainingJob& job) {
  const TrainingSplit& s = job.split;
  if (s.pipeline == 1 || c.pipeline_overlap) return 0;
  const double tokens = static_cast<double>(job.sequence) * s.micro_batch / s.context;
  const Group stages{s.pipeline, static_cast<int64_t>(s.tensor) * s.context * s.data};
  // forward and backward, of each piece; ranks of a tensor group send a share each
  return 2 * s.interleave *
         training::send_s(c, job.accelerator, stages, kWidth * tokens * job.architecture.hidden / s.tensor);
}

double optimiser_s(const TrainingCoefficients& c, const TrainingJob& job) {
  return kOptimiserBytes * optimised_parameters(job) / (job.accelerator.memory_bytes_per_s * c.memory);
}

void add_rates(const TrainingJob& job, StepTime& time) {
  const double tokens = static_cast<double>(job.batch) * static_cast<double>(job.sequence);
  time.flop_model = tokens * model_flop_per_token(job.architecture, job.sequence);
  const auto accelerators = static_cast<double>(job.split.accelerators());
  const double rate = time.flop_model / time.step_s / accelerators;
  time.mfu = rate / job.accelerator.flops(job.precision);
  const double bf16 = job.accelerator.flops(perf::Precision::bf16);
  time.mfu_bf16 = bf16 > 0 ? rate / bf16 : 0;
  time.tokens_per_s = tokens / time.step_s;
}

StepTime time_of(const TrainingCoefficients& c, const TrainingJob& job) {
  const TrainingSplit& s = job.split;
  const Stage stage = stage_of(c, job);
  const double m = static_cast<double>(job.micro_batches());
  StepTime time;
  time.busy += (stage.passes.forward + stage.output.forward) * m;
  time.busy += (stage.passes.backward + stage.output.backward) * m;
  time.busy += stage.passes.again * m;
  time.again_s = stage.passes.again.total() * m;
  time.forward_s = (stage.passes.forward.total() + stage.output.forward.total()) * m;
  time.bubble_share = (s.pipeline - 1) / (s.interleave * m);
  // the stages before the last have no output to compute while they wait
  const double plain = stage.passes.forward.total() + stage.passes.backward.total() + stage.passes.again.total();
  time.bubble_s = plain * (s.pipeline - 1) / s.interleave;
  time.send_s = send_per_micro_batch_s(c, job) * (m + (s.pipeline - 1.0) / s.interleave);
  time.data_s = data_s(c, job, time.forward_s, time.busy.total() - time.forward_s);
  time.optimiser_s = optimiser_s(c, job);
  time.step_s = time.busy.total() + time.bubble_s + time.send_s + time.data_s + time.optimiser_s;
  add_rates(job, time);
  return time;
}

std::string does_not_fit(const TrainingJob& job, const TrainingMemory& memory) {
  constexpr double kGB = 1e9;
  return fmt::format(
      "{} does not fit into the memory of {}: {:.1f} GB of {:.1f} GB (weights {:.1f}, gradients {:.1f}, optimiser "
      "{:.1f}, "
      "activations {:.1f}, buffers {:.1f}); split it over more accelerators, recompute more, or share more (zero)",
      job.architecture.name, job.accelerator.name, memory.total() / kGB, memory.capacity / kGB, memory.weights / kGB,
      memory.gradients / kGB, memory.optimiser / kGB, memory.activations / kGB, memory.buffers / kGB);
}

}  // namespace

TrainingStep training_step_unchecked(const TrainingCoefficients& c, const TrainingJob& job) {
  return {.time = time_of(c, job), .memory = training_memory(c, job), .is_fitted = c.is_fitted};
}

Outcome<TrainingStep> training_step(const TrainingJob& job) {
  auto faults = faults_of(job);
  const auto coefficients = find_coefficients(job.engine, job.accelerator.generation);
  if (!coefficients) {
    faults.push_back(fmt::format("no engine '{}' is known; known are {}", job.engine, engine_names()));
  } else if (!coefficients->pipelines && job.split.pipeline > 1) {
    faults.push_back(fmt::format("pipeline is {}, but {} has no stages", job.split.pipeline, job.engine));
  } else if (!coefficients->interleaves && job.split.interleave > 1) {
    faults.push_back(fmt::format("interleave is {}, but {} has whole stages only", job.split.interleave, job.engine));
  } else if (!coefficients->accumulates && faults.empty() && job.micro_batches() > 1) {
    faults.push_back(fmt::format("a step has {} micro-batches, but {} takes one", job.micro_batches(), job.engine));
  }
  if (!faults.empty()) return failure(fmt::format("{}", fmt::join(faults, "\n")));
  TrainingStep step = training_step_unchecked(*coefficients, job);
  if (!step.memory.fits()) return failure(does_not_fit(job, step.memory));
  return step;
}

double evaluation_s(const TrainingCoefficients& c, const TrainingJob& job, int64_t sequences) {
  const TrainingSplit& s = job.split;
  const Stage stage = stage_of(c, job);
  const double m = std::ceil(static_cast<double>(sequences) / (static_cast<double>(s.data) * s.micro_batch));
  const double forward = stage.passes.forward.total();
  const double busy = m * (forward + stage.output.forward.total());
  const double fetch =
      s.zero >= 3 ? m * gather_s(c, job.accelerator, data_group(job), kWidth * stage_parameters(job)) : 0;
  return busy + forward * (s.pipeline - 1) / s.interleave +
         send_per_micro_batch_s(c, job) / 2 * (m + (s.pipeline - 1.0) / s.interleave) +
         std::max(0.0, fetch - c.data_overlap * busy);
}

}  // namespace beltline::training
