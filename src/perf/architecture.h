// What a language model is made of, as far as its time and memory depend on it.
#pragma once

#include <cstdint>
#include <string>

namespace beltline::perf {

/// A decoder-only transformer. Zero in a field of a mechanism that it does not have.
struct Architecture {
  std::string name;    // "llama-3.1-70b"
  std::string title;   // "Llama 3.1 70B"
  std::string source;  // where the figures are from

  int32_t layers = 0;
  int32_t hidden = 0;
  int32_t heads = 0;
  int32_t kv_heads = 0;
  int32_t head_size = 0;        // of queries and keys
  int32_t value_head_size = 0;  // of values; head_size unless latent attention sets it apart
  int32_t ffn = 0;              // inner size of a dense layer's feed-forward
  bool gated = true;            // three matrices (SwiGLU), else two
  int32_t vocabulary = 0;
  bool tied_embedding = false;  // input and output embedding are one matrix
  int64_t context_max = 0;      // tokens

  // mixture of experts
  int32_t experts = 0;         // routed, a layer
  int32_t active_experts = 0;  // of them, a token
  int32_t shared_experts = 0;
  int32_t expert_ffn = 0;
  int32_t dense_layers = 0;  // the first so many layers have no experts

  // latent attention (DeepSeek-V3): keys and values of a token are one vector
  int32_t kv_latent = 0;  // its size, without the rotary part
  int32_t q_latent = 0;
  int32_t rotary_size = 0;

  // sliding windows
  int64_t window = 0;         // tokens that a windowed layer looks back
  int32_t window_layers = 0;  // layers that have it

  [[nodiscard]] bool is_mixture() const { return experts > 0; }
  [[nodiscard]] bool is_latent() const { return kv_latent > 0; }
  [[nodiscard]] int32_t mixture_layers() const { return is_mixture() ? layers - dense_layers : 0; }
};

/// All weights, numbers.
double parameters(const Architecture& architecture);
/// Weights that one token passes through, numbers: those of its active experts only.
double active_parameters(const Architecture& architecture);
/// Numbers that one token's keys and values take, over all layers, before any is dropped out of a window.
double kv_numbers_per_token(const Architecture& architecture);

}  // namespace beltline::perf
