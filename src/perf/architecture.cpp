#include "perf/architecture.h"

namespace beltline::perf {

namespace {

double attention_parameters(const Architecture& a) {
  const double h = a.hidden;
  if (!a.is_latent()) {
    return h * a.heads * a.head_size + h * a.kv_heads * (a.head_size + a.value_head_size) +
           static_cast<double>(a.heads) * a.value_head_size * h;
  }
  const double q_width = static_cast<double>(a.heads) * a.head_size;
  const double q = a.q_latent > 0 ? h * a.q_latent + a.q_latent * q_width : h * q_width;
  const double kv = h * (a.kv_latent + a.rotary_size) +
                    static_cast<double>(a.kv_latent) * a.heads * (a.head_size - a.rotary_size + a.value_head_size);
  return q + kv + static_cast<double>(a.heads) * a.value_head_size * h;
}

double ffn_parameters(const Architecture& a, double inner) {
  return (a.gated ? 3.0 : 2.0) * a.hidden * inner;
}

double embedding_parameters(const Architecture& a) {
  return (a.tied_embedding ? 1.0 : 2.0) * a.vocabulary * static_cast<double>(a.hidden);
}

double layers_with(const Architecture& a, double experts) {
  const double mixture = a.mixture_layers();
  const double expert_layer =
      ffn_parameters(a, a.expert_ffn) * (experts + a.shared_experts) + static_cast<double>(a.hidden) * a.experts;
  return a.layers * attention_parameters(a) + (a.layers - mixture) * ffn_parameters(a, a.ffn) + mixture * expert_layer;
}

}  // namespace

double parameters(const Architecture& architecture) {
  return layers_with(architecture, architecture.experts) + embedding_parameters(architecture);
}

double active_parameters(const Architecture& architecture) {
  return layers_with(architecture, architecture.active_experts) + embedding_parameters(architecture);
}

double kv_numbers_per_token(const Architecture& a) {
  if (a.is_latent()) return static_cast<double>(a.layers) * (a.kv_latent + a.rotary_size);
  return static_cast<double>(a.layers) * a.kv_heads * (a.head_size + a.value_head_size);
}

}  // namespace beltline::perf
