#include "perf/replica_work.h"

#include <algorithm>
#include <cmath>

#include "perf/efficiency.h"

namespace beltline::perf {

namespace {

GemmNumbers numbers_of(Precision stored, bool weights_only) {
  return {.stored = stored, .computed = weights_only ? Precision::bf16 : stored};
}

/// Tokens of the busiest of `groups` over the mean: chance, and that some experts are asked more than others.
///
/// 1 + √(2 ln g · (1/μ + v² g/E)), μ tokens a group on average, v the spread of the experts' popularity
double imbalance(double copies, double groups, double experts) {
  constexpr double kPopularitySpread = 1;  // of exponential popularities, see experts_hit
  if (groups <= 1) return 1;
  const double mean = std::max(copies / groups, 1e-9);
  const double variance = 1 / mean + kPopularitySpread * kPopularitySpread * groups / experts;
  return std::min(1 + std::sqrt(2 * std::log(groups) * variance), groups);
}

}  // namespace

ReplicaWork::ReplicaWork(const Deployment& deployment, const Profiles* profiles)
    : d_(deployment),
      kernels_{.accelerator = deployment.accelerator,
               .coefficients = *find_kernels(deployment.accelerator.generation, deployment.engine),
               .profiles = profiles},
      weights_(numbers_of(deployment.quantisation.weights, deployment.quantisation.weights_only)),
      experts_(numbers_of(deployment.quantisation.experts, deployment.quantisation.weights_only)),
      windowed_layers_(deployment.architecture.window > 0 ? deployment.architecture.window_layers : 0) {}

Work ReplicaWork::projections(double copy_tokens) const {
  const Architecture& a = d_.architecture;
  const double tensor = d_.parallelism.tensor;
  const double hidden = a.hidden;
  const double matrices_in = a.gated ? 2 : 1;
  const auto product = [&](double columns, double inner) {
    return gemm(kernels_, {.rows = copy_tokens, .columns = columns, .inner = inner}, weights_);
  };
  Work layer;
  if (a.is_latent()) {
    const double q_width = static_cast<double>(a.heads) * a.head_size / tensor;
    const double plain = a.head_size - a.rotary_size;
    layer += product(a.q_latent + a.kv_latent + a.rotary_size, hidden);
    layer += product(q_width, a.q_latent > 0 ? a.q_latent : hidden);
    // into the latent space and out of it: the same weights whether absorbed into queries or applied to keys
    layer += product(a.kv_latent, plain * a.heads / tensor);
    layer += product(static_cast<double>(a.value_head_size) * a.heads / tensor, a.kv_latent);
  } else {
    const double kv_heads = std::max(static_cast<double>(a.kv_heads) / tensor, 1.0);
    layer += product(static_cast<double>(a.heads) * a.head_size / tensor + kv_heads * (a.head_size + a.value_head_size),
                     hidden);
  }
  layer += product(hidden, static_cast<double>(a.heads) * a.value_head_size / tensor);
  // norms, residuals and activations: hidden states are read and written about eight times
  layer += stream(kernels_, copy_tokens * hidden * 8 * bytes_of(Precision::bf16));
  Work all = static_cast<double>(a.layers) * layer;

  const double dense_layers = a.layers - a.mixture_layers();
  if (dense_layers > 0) {
    const Work ffn = product(matrices_in * a.ffn / tensor, hidden) + product(hidden, a.ffn / tensor) +
                     stream(kernels_, copy_tokens * a.ffn / tensor * 3 * bytes_of(Precision::bf16));
    all += dense_layers * ffn;
  }
  if (a.is_mixture()) {
    Work mixture = gemm(kernels_, {.rows = copy_tokens, .columns = static_cast<double>(a.experts), .inner = hidden},
                        {.stored = Precision::bf16, .computed = Precision::bf16});
    if (a.shared_experts > 0) {
      const double inner = static_cast<double>(a.shared_experts) * a.expert_ffn / tensor;
      mixture += product(matrices_in * inner, hidden) + product(hidden, inner);
    }
    all += static_cast<double>(a.mixture_layers()) * mixture;
  }
  return all;
}

Work ReplicaWork::reductions(double copy_tokens) const {
  const Architecture& a = d_.architecture;
  const double bytes = copy_tokens * a.hidden * bytes_of(Precision::bf16);
  const Group tensor = group_of(d_.accelerator, d_.parallelism.tensor);
  const double times = a.layers + (a.layers - a.mixture_layers());
  Work all = times * all_reduce(kernels_, tensor, bytes);
  const double stages = d_.parallelism.pipeline;
  if (stages > 1) {
    const double stage = static_cast<double>(d_.parallelism.accelerators()) / stages;
    all += (stages - 1) * send(kernels_, stage, bytes);
  }
  return all;
}

Work ReplicaWork::routed(double tokens) const {
  const Architecture& a = d_.architecture;
  if (!a.is_mixture()) return {};
  const double groups = d_.parallelism.expert_parallel;
  const Work layer = experts(kernels_,
                             {.tokens = tokens,
                              .hidden = static_cast<double>(a.hidden),
                              .inner = static_cast<double>(a.expert_ffn) / d_.parallelism.expert_tensor,
                              .experts = static_cast<double>(a.experts),
                              .active = static_cast<double>(a.active_experts),
                              .groups = groups,
                              .matrices = a.gated ? 3.0 : 2.0,
                              .imbalance = imbalance(tokens * a.active_experts, groups, a.experts)},
                             experts_);
  return static_cast<double>(a.mixture_layers()) * layer;
}

Work ReplicaWork::exchange(double tokens) const {
  const Architecture& a = d_.architecture;
  if (!a.is_mixture()) return {};
  const Parallelism& p = d_.parallelism;
  const Group all = group_of(d_.accelerator, static_cast<double>(p.tensor) * p.attention_data);
  const double hidden_bytes = a.hidden * bytes_of(Precision::bf16);
  if (p.attention_data == 1) {
    // every accelerator has every token, and adds what its experts made of it
    return static_cast<double>(a.mixture_layers()) * all_reduce(kernels_, all, tokens * hidden_bytes);
  }
  // each sends its tokens to the groups of the experts that they chose, and gets the results back in bf16
  const double own = tokens / all.size;
  const double targets = std::min<double>(a.active_experts, p.expert_parallel);
  const double there = own * targets * a.hidden * std::min(bytes_of(d_.quantisation.experts), 2.0);
  const double back = own * targets * hidden_bytes;
  return static_cast<double>(a.mixture_layers()) * (all_to_all(kernels_, all, there) + all_to_all(kernels_, all, back));
}

Work ReplicaWork::head(double sequences) const {
  const Architecture& a = d_.architecture;
  const double tensor = d_.parallelism.tensor;
  Work all =
      gemm(kernels_, {.rows = sequences, .columns = a.vocabulary / tensor, .inner = static_cast<double>(a.hidden)},
           {.stored = Precision::bf16, .computed = Precision::bf16});
  all += all_gather(kernels_, group_of(d_.accelerator, tensor), sequences * a.vocabulary * bytes_of(Precision::bf16));
  // sampling reads logits in fp32 about four times: penalties, temperature, softmax, choice
  all += stream(kernels_, sequences * a.vocabulary * 4 * bytes_of(Precision::fp32));
  return all;
}

AttentionShape ReplicaWork::attention(bool latent_decode, bool windowed) const {
  const Architecture& a = d_.architecture;
  const double tensor = d_.parallelism.tensor;
  AttentionShape shape{.heads = a.heads / tensor,
                       .kv_heads = std::max(a.kv_heads / tensor, 1.0),
                       .head_size = static_cast<double>(a.head_size),
                       .value_head_size = static_cast<double>(a.value_head_size),
                       .compute = d_.quantisation.attention,
                       .kv_cache = d_.quantisation.kv_cache,
                       .window = windowed ? static_cast<double>(a.window) : 0};
  const double kv = bytes_of(d_.quantisation.kv_cache);
  if (!a.is_latent()) {
    shape.kv_bytes = shape.kv_heads * (a.head_size + a.value_head_size) * kv;
    return shape;
  }
  shape.kv_heads = shape.heads;
  shape.kv_bytes = (a.kv_latent + a.rotary_size) * kv;
  if (latent_decode) {
    shape.latent = true;
    shape.head_size = a.kv_latent + a.rotary_size;
    shape.value_head_size = a.kv_latent;
  }
  return shape;
}

Work ReplicaWork::decode(double sequences, double context) const {
  const bool latent = d_.architecture.is_latent();
  const double plain = d_.architecture.layers - windowed_layers_;
  Work all = plain * decode_attention(kernels_, attention(latent, false), sequences, context);
  if (windowed_layers_ > 0) {
    all += windowed_layers_ * decode_attention(kernels_, attention(latent, true), sequences, context);
  }
  return all;
}

Work ReplicaWork::prefill(double length) const {
  const double plain = d_.architecture.layers - windowed_layers_;
  Work all = plain * prefill_attention(kernels_, attention(false, false), length);
  if (windowed_layers_ > 0) all += windowed_layers_ * prefill_attention(kernels_, attention(false, true), length);
  return all;
}

double ReplicaWork::prefill_latency_s() const {
  return d_.architecture.layers * beltline::perf::prefill_latency_s(kernels_, attention(false, false));
}

double ReplicaWork::prefill_filled(double query_blocks) const {
  const double blocks = query_blocks * d_.architecture.heads / d_.parallelism.tensor;
  return std::clamp(blocks / kernels_.coefficients.processors, 0.02, 1.0);
}

}  // namespace beltline::perf
