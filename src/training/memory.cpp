#include "training/memory.h"

#include <algorithm>
#include <cmath>

namespace beltline::training {

namespace {

constexpr double kWidth = 2;
/// Contexts, NCCL's buffers and fragments of PyTorch's allocator: what is left for tensors of an 80 GB card is near 75.
constexpr double kUsable = 0.94;
constexpr double kAdamBytes = 12;

double layers_of_stage(const TrainingJob& job) {
  const double pieces = static_cast<double>(job.split.pipeline) * job.split.interleave;
  return std::ceil(job.architecture.layers / pieces) * job.split.interleave;
}

double attention_numbers(const perf::Architecture& a) {
  perf::Architecture alone = a;
  alone.layers = 1;
  alone.ffn = 0;
  alone.experts = 0;
  alone.vocabulary = 0;
  return perf::parameters(alone);
}

double ffn_numbers(const perf::Architecture& a, double inner) {
  return (a.gated ? 3.0 : 2.0) * a.hidden * inner;
}

}  // namespace

double stage_expert_parameters(const TrainingJob& job) {
  const perf::Architecture& a = job.architecture;
  if (!a.is_mixture()) return 0;
  const double mixture = layers_of_stage(job) * a.mixture_layers() / a.layers;
  return mixture * ffn_numbers(a, a.expert_ffn) * a.experts / job.split.expert / job.split.tensor;
}

double stage_parameters(const TrainingJob& job) {
  const perf::Architecture& a = job.architecture;
  const TrainingSplit& s = job.split;
  const double layers = layers_of_stage(job);
  const double mixture = a.is_mixture() ? layers * a.mixture_layers() / a.layers : 0;
  double numbers = layers * attention_numbers(a) + (layers - mixture) * ffn_numbers(a, a.ffn);
  numbers += mixture * (ffn_numbers(a, a.expert_ffn) * a.shared_experts + static_cast<double>(a.hidden) * a.experts);
  // the first and the last stage hold an embedding each
  const double embedding = static_cast<double>(a.vocabulary) * a.hidden;
  numbers += s.pipeline == 1 && !a.tied_embedding ? 2 * embedding : embedding;
  return numbers / s.tensor + stage_expert_parameters(job);
}

double optimised_parameters(const TrainingJob& job) {
  const TrainingSplit& s = job.split;
  const double experts = stage_expert_parameters(job);
  const double others = stage_parameters(job) - experts;
  return s.zero >= 1 ? others / s.data + experts * s.expert / s.data : others + experts;
}

double layer_activation_bytes(const TrainingCoefficients& c, const TrainingJob& job, bool is_mixture) {
  const perf::Architecture& a = job.architecture;
  const TrainingSplit& s = job.split;
  const double tokens = static_cast<double>(job.sequence) * s.micro_batch / s.context;
  const double spread = s.sequence_parallel ? s.tensor : 1;
  if (job.recompute == Recompute::full) return kWidth * tokens * a.hidden / spread;
  const double mask = a.gated ? 0 : 1;  // of dropout, one byte
  // what a product of few bits takes in is kept in few bits
  const double input = job.precision == perf::Precision::bf16 ? kWidth : 1;
  const double kv = a.is_latent() ? a.heads * (a.head_size + a.value_head_size)
                                  : std::max<double>(a.kv_heads, s.tensor) * (a.head_size + a.value_head_size);
  const double inner = is_mixture ? static_cast<double>(a.expert_ffn) * (a.active_experts + a.shared_experts) : a.ffn;
  // norms 2 · 2 h, inputs of the products 2 · h, masks 2 · h
  double bytes = tokens * a.hidden * (2 * kWidth + 2 * input + 2 * mask) / spread;
  bytes += tokens * (kWidth * (static_cast<double>(a.heads) * a.head_size + kv) + input * a.heads * a.value_head_size) /
           s.tensor;
  bytes += tokens * inner * ((a.gated ? 2 : 1) * kWidth + input) / s.tensor;
  if (!c.fused_attention && job.recompute == Recompute::none) {
    bytes += 5.0 * tokens * static_cast<double>(job.sequence) * a.heads / s.tensor;
  }
  return bytes;
}

TrainingMemory training_memory(const TrainingCoefficients& c, const TrainingJob& job) {
  const perf::Architecture& a = job.architecture;
  const TrainingSplit& s = job.split;
  const double numbers = stage_parameters(job);
  TrainingMemory memory;
  memory.weights = kWidth * (s.zero >= 3 ? optimised_parameters(job) : numbers);
  memory.gradients = c.gradient_bytes * (s.zero >= 2 ? optimised_parameters(job) : numbers);
  memory.optimiser = kAdamBytes * optimised_parameters(job);

  const double layers = layers_of_stage(job);
  const double mixture = a.is_mixture() ? layers * a.mixture_layers() / a.layers : 0;
  const double per_batch = (layers - mixture) * layer_activation_bytes(c, job, false) +
                           (mixture > 0 ? mixture * layer_activation_bytes(c, job, true) : 0);
  const double p = s.pipeline;
  const double under_way = std::min<double>(static_cast<double>(job.micro_batches()),
                                            s.interleave > 1 ? p * (1 + (p - 1) / (p * s.interleave)) : p);
  memory.activations = per_batch * under_way;

  const double tokens = static_cast<double>(job.sequence) * s.micro_batch / s.context;
  memory.buffers = 6 * tokens * a.vocabulary / s.tensor;
  if (job.recompute == Recompute::full) {
    TrainingJob kept = job;
    kept.recompute = Recompute::none;
    memory.buffers += layer_activation_bytes(c, kept, a.is_mixture());
  }
  // two layers' weights in full while one is computed and the next is fetched
  if (s.zero >= 3) memory.buffers += 2 * kWidth * numbers / layers;
  memory.capacity = kUsable * job.accelerator.memory_bytes;
  return memory;
}

}  // namespace beltline::training
