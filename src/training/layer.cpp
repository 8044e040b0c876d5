#include "training/layer.h"

#include <algorithm>
#include <cmath>

#include "training/network.h"

namespace beltline::training {

namespace {

constexpr double kWidth = 2;  // bytes of an activation as it travels through memory and links
/// Numbers at the border of a product that cost as much as those inside; in fewer bits they take as long as before.
constexpr double kEdge = 192;
/// The same of a head's size in attention, whose kernels are made for it.
constexpr double kHeadEdge = 64;

/// What is asked of a layer again and again.
struct Shape {
  double tokens = 0;  // of a micro-batch on this rank
  double hidden = 0;
  double tensor = 1;
  double heads = 0;     // on this rank
  double kv_heads = 0;  // on this rank, whole or shared
  double spread = 1;    // ranks that share norms and dropout
  Group tensor_group;
};

Shape shape_of(const TrainingJob& job) {
  const perf::Architecture& a = job.architecture;
  const TrainingSplit& s = job.split;
  Shape shape;
  shape.tokens = static_cast<double>(job.sequence) * s.micro_batch / s.context;
  shape.hidden = a.hidden;
  shape.tensor = s.tensor;
  shape.heads = static_cast<double>(a.heads) / s.tensor;
  // fewer heads than ranks: each rank holds one of them anyway
  shape.kv_heads = std::max(1.0, static_cast<double>(a.kv_heads) / s.tensor);
  shape.spread = s.sequence_parallel ? s.tensor : 1;
  shape.tensor_group = {s.tensor, 1, true};
  return shape;
}

struct Products {
  double seconds = 0;
  double inputs = 0;   // numbers that go into them, to be cast where they are computed in fewer bits
  double weights = 0;  // numbers
  void add(const TrainingCoefficients& c, const TrainingJob& job, double m, double n, double k) {
    seconds += product_s(c, job, m, n, k);
    inputs += m * k + m * n;
    weights += k * n;
  }
};

void add_attention_products(const TrainingCoefficients& c, const TrainingJob& job, const Shape& s, Products& products) {
  const perf::Architecture& a = job.architecture;
  if (a.is_latent()) {
    if (a.q_latent > 0) products.add(c, job, s.tokens, a.q_latent, s.hidden);
    products.add(c, job, s.tokens, s.heads * a.head_size, a.q_latent > 0 ? a.q_latent : s.hidden);
    products.add(c, job, s.tokens, a.kv_latent + a.rotary_size, s.hidden);
    products.add(c, job, s.tokens, s.heads * (a.head_size - a.rotary_size + a.value_head_size), a.kv_latent);
  } else {
    products.add(c, job, s.tokens, s.heads * a.head_size + s.kv_heads * (a.head_size + a.value_head_size), s.hidden);
  }
  products.add(c, job, s.tokens, s.hidden, s.heads * a.value_head_size);
}

void add_ffn_products(const TrainingCoefficients& c, const TrainingJob& job, const Shape& s, double tokens,
                      double inner, Products& products) {
  const double pieces = job.architecture.gated ? 2 : 1;
  products.add(c, job, tokens, pieces * inner / s.tensor, s.hidden);
  products.add(c, job, tokens, s.hidden, inner / s.tensor);
}

/// Tokens a local expert sees: those of all ranks that share the experts.
double tokens_of_expert(const TrainingJob& job, const Shape& s) {
  const perf::Architecture& a = job.architecture;
  return s.tokens * a.active_experts * job.split.expert / a.experts;
}

double inner_numbers(const TrainingJob& job, const Shape& s, bool is_mixture) {
  const perf::Architecture& a = job.architecture;
  return is_mixture ? static_cast<double>(a.expert_ffn) * (a.active_experts + a.shared_experts) / s.tensor
                    : a.ffn / s.tensor;
}

Products products_of(const TrainingCoefficients& c, const TrainingJob& job, const Shape& s, bool is_mixture) {
  const perf::Architecture& a = job.architecture;
  Products products;
  add_attention_products(c, job, s, products);
  if (!is_mixture) {
    add_ffn_products(c, job, s, s.tokens, a.ffn, products);
    return products;
  }
  if (a.shared_experts > 0) {
    add_ffn_products(c, job, s, s.tokens, static_cast<double>(a.shared_experts) * a.expert_ffn, products);
  }
  Products one;
  add_ffn_products(c, job, s, tokens_of_expert(job, s), a.expert_ffn, one);
  const double local = static_cast<double>(a.experts) / job.split.expert;
  products.seconds += local * one.seconds;
  products.inputs += local * one.inputs;
  products.weights += local * one.weights;
  return products;
}

struct Attention {
  double fused_s = 0;   // forward; the backward pass takes 2.5 times as long
  double scores = 0;    // numbers of the square, on this rank
  double square_s = 0;  // forward over the whole square, where scores leave the chip
};

Attention attention_of(const TrainingCoefficients& c, const TrainingJob& job, const Shape& s) {
  const perf::Architecture& a = job.architecture;
  const double length = static_cast<double>(job.sequence);
  // a windowed layer looks back less far: the mean over layers
  const double windowed = a.window > 0 ? static_cast<double>(a.window_layers) / a.layers : 0;
  const double looked_at =
      (1 - windowed) * length / 2 + windowed * std::min<double>(length / 2, static_cast<double>(a.window));
  const double per_pair = 2 * s.heads * (a.head_size + a.value_head_size);
  // scores and values are computed in bf16; a head's size is one side of these products
  const double edges = static_cast<double>(a.head_size) / (a.head_size + kHeadEdge);
  const double speed = job.accelerator.flops(perf::Precision::bf16) * c.compute_bf16 * edges;
  Attention attention;
  attention.fused_s = s.tokens * looked_at * per_pair / speed;
  attention.square_s = s.tokens * length * per_pair / speed;
  attention.scores = s.tokens * length * s.heads;
  return attention;
}

double memory_s(const TrainingCoefficients& c, const TrainingJob& job, double bytes) {
  return bytes / (job.accelerator.memory_bytes_per_s * c.memory);
}

/// Collectives of one pass of a layer: two all-reduces, or two pairs of all-gather and reduce-scatter.
double tensor_s(const TrainingCoefficients& c, const TrainingJob& job, const Shape& s) {
  return 2 * reduce_s(c, job.accelerator, s.tensor_group, s.tokens * s.hidden * kWidth);
}

double expert_s(const TrainingCoefficients& c, const TrainingJob& job, const Shape& s) {
  const TrainingSplit& split = job.split;
  const Group group{split.expert, static_cast<int64_t>(split.tensor) * split.context};
  const double bytes = s.tokens * s.hidden * kWidth * job.architecture.active_experts / s.spread;
  return 2 * (1 - c.expert_overlap) * exchange_s(c, job.accelerator, group, bytes);
}

double context_s(const TrainingCoefficients& c, const TrainingJob& job, const Shape& s) {
  const perf::Architecture& a = job.architecture;
  const TrainingSplit& split = job.split;
  if (split.context == 1) return 0;
  const double keys =
      a.is_latent() ? s.heads * (a.head_size + a.value_head_size) : s.kv_heads * (a.head_size + a.value_head_size);
  return gather_s(c, job.accelerator, {split.context, split.tensor}, s.tokens * split.context * keys * kWidth);
}

Pass forward_of(const TrainingCoefficients& c, const TrainingJob& job, const Shape& s, bool is_mixture) {
  const Products products = products_of(c, job, s, is_mixture);
  const Attention attention = attention_of(c, job, s);
  Pass pass;
  pass.products = products.seconds;
  pass.attention = c.fused_attention ? attention.fused_s : attention.square_s;
  const double inner = inner_numbers(job, s, is_mixture);
  double bytes = s.tokens * (22 * s.hidden / s.spread + (job.architecture.gated ? 6 : 8) * inner);
  if (!c.fused_attention) bytes += 13 * attention.scores;
  // a number is read in two bytes, and written in one, as it lies and transposed
  if (job.precision != perf::Precision::bf16) bytes += 2 * products.inputs;
  pass.memory = memory_s(c, job, bytes);
  pass.tensor = (1 - c.tensor_overlap_forward) * tensor_s(c, job, s);
  if (is_mixture) pass.expert = expert_s(c, job, s);
  pass.context = std::max(0.0, context_s(c, job, s) - pass.attention);
  return pass;
}

Pass backward_of(const TrainingCoefficients& c, const TrainingJob& job, const Shape& s, bool is_mixture,
                 const Pass& forward) {
  Pass pass;
  pass.products = 2 * forward.products;
  // fused: scores are computed again on the chip, five products for two
  pass.attention = (c.fused_attention ? 2.5 : 2) * forward.attention;
  // gradients are added to those of the micro-batches before: read and written
  pass.memory =
      1.2 * forward.memory + memory_s(c, job, 2 * c.gradient_bytes * products_of(c, job, s, is_mixture).weights);
  pass.tensor = (1 - c.tensor_overlap_backward) * tensor_s(c, job, s);
  pass.expert = forward.expert;
  pass.context = std::max(0.0, 2 * context_s(c, job, s) - pass.attention);
  return pass;
}

Pass again_of(const TrainingCoefficients& c, const TrainingJob& job, const Shape& s, const Pass& forward) {
  if (job.recompute == Recompute::full) return forward;
  // selective: the scores, which a fused kernel computes again anyway
  if (job.recompute == Recompute::none || c.fused_attention) return {};
  Pass pass;
  pass.attention = forward.attention;
  pass.memory = memory_s(c, job, 13 * attention_of(c, job, s).scores);
  return pass;
}

}  // namespace

Pass& Pass::operator+=(const Pass& other) {
  products += other.products;
  attention += other.attention;
  memory += other.memory;
  tensor += other.tensor;
  expert += other.expert;
  context += other.context;
  return *this;
}

Pass Pass::operator+(const Pass& other) const {
  Pass sum = *this;
  return sum += other;
}

Pass Pass::operator*(double factor) const {
  return {products * factor, attention * factor, memory * factor, tensor * factor, expert * factor, context * factor};
}

double product_s(const TrainingCoefficients& c, const TrainingJob& job, double m, double n, double k) {
  const double edge = kEdge * job.accelerator.flops(job.precision) / job.accelerator.flops(perf::Precision::bf16);
  const double edges = m / (m + edge) * n / (n + edge) * k / (k + edge);
  const double compute = 2 * m * n * k / (product_flops(c, job.accelerator, job.precision) * edges);
  const double bytes = perf::bytes_of(job.precision) * (m * k + k * n) + kWidth * m * n;
  return std::max(compute, memory_s(c, job, bytes));
}

LayerPasses layer_passes(const TrainingCoefficients& c, const TrainingJob& job, bool is_mixture) {
  const Shape s = shape_of(job);
  LayerPasses passes;
  passes.forward = forward_of(c, job, s, is_mixture);
  passes.backward = backward_of(c, job, s, is_mixture, passes.forward);
  passes.again = again_of(c, job, s, passes.forward);
  return passes;
}

LayerPasses output_passes(const TrainingCoefficients& c, const TrainingJob& job) {
  const Shape s = shape_of(job);
  TrainingJob wide = job;
  // logits keep bf16: their error is the loss's
  wide.precision = perf::Precision::bf16;
  const double vocabulary = job.architecture.vocabulary / s.tensor;
  LayerPasses passes;
  passes.forward.products = product_s(c, wide, s.tokens, vocabulary, s.hidden);
  // read once for the largest, once for the sum, in fp32
  passes.forward.memory = memory_s(c, job, 10 * s.tokens * vocabulary);
  passes.forward.tensor = gather_s(c, job.accelerator, s.tensor_group, s.tokens * s.hidden * kWidth);
  passes.backward = passes.forward * 2;
  passes.backward.memory = passes.forward.memory;
  return passes;
}

}  // namespace beltline::training
