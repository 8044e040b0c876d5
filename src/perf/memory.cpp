#include "perf/memory.h"

#include <algorithm>
#include <cmath>

namespace beltline::perf {

namespace {

constexpr double kStepTokens = 8192;      // tokens of the largest step that work space is kept for
constexpr double kRuntimeBytes = 1.5e9;   // CUDA context, libraries, communicators
constexpr double kGraphBytes = 1.0e9;     // captured graphs
constexpr double kWindowSequence = 4096;  // tokens of a sequence whose windows are kept

double weights_bytes(const Deployment& d) {
  const Architecture& a = d.architecture;
  const Parallelism& p = d.parallelism;
  const double embedding = (a.tied_embedding ? 1.0 : 2.0) * a.vocabulary * static_cast<double>(a.hidden);
  // routed experts by themselves; all else is split over tensor alone
  const double matrices = a.gated ? 3.0 : 2.0;
  const double experts = static_cast<double>(a.mixture_layers()) * a.experts * matrices * a.hidden * a.expert_ffn;
  const double other = parameters(a) - experts - embedding;
  const double stages = p.pipeline;
  return experts / (static_cast<double>(p.expert_tensor) * p.expert_parallel * stages) *
             bytes_of(d.quantisation.experts) +
         other / (p.tensor * stages) * bytes_of(d.quantisation.weights) +
         embedding / p.tensor * bytes_of(Precision::bf16) / std::min(stages, 2.0);
}

double kept_layers(const Architecture& a) {
  const double windowed = a.window > 0 ? a.window_layers : 0;
  return a.layers - windowed + windowed * std::min(1.0, static_cast<double>(a.window) / kWindowSequence);
}

}  // namespace

double kv_bytes_per_token(const Architecture& architecture, Precision precision) {
  return kv_numbers_per_token(architecture) * bytes_of(precision);
}

MemoryUse memory_use(const Deployment& d) {
  const Architecture& a = d.architecture;
  const Parallelism& p = d.parallelism;
  MemoryUse use;
  use.weights = weights_bytes(d);
  // hidden states, the widest feed-forward, and logits, in bf16
  const double widest =
      std::max<double>(a.ffn, static_cast<double>(a.expert_ffn) * std::max(a.active_experts, 1)) / p.tensor;
  use.workspace =
      kRuntimeBytes + kGraphBytes + kStepTokens * (4.0 * a.hidden + 2.0 * widest) * bytes_of(Precision::bf16);
  const double layers = std::ceil(kept_layers(a) / p.pipeline);
  const double numbers =
      a.is_latent() ? a.kv_latent + a.rotary_size
                    : std::max(static_cast<double>(a.kv_heads) / p.tensor, 1.0) * (a.head_size + a.value_head_size);
  use.kv_per_token = layers * numbers * bytes_of(d.quantisation.kv_cache);
  // TensorRT-LLM takes its share of what weights leave, the others of all
  const double taken = use.weights + use.workspace;
  use.available = (d.engine == "trtllm" || d.engine == "tensorrt") && taken < d.accelerator.memory_bytes
                      ? taken + (d.accelerator.memory_bytes - taken) * d.memory_share
                      : d.accelerator.memory_bytes * d.memory_share;
  const double left = use.available - taken;
  use.kv_tokens_per_copy = left > 0 ? static_cast<int64_t>(left / use.kv_per_token) : 0;
  use.kv_tokens = use.kv_tokens_per_copy * p.attention_data;
  return use;
}

}  // namespace beltline::perf
