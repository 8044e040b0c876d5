// What lies in an accelerator's memory: weights, work space, and what is left for keys and values.
#pragma once

#include <cstdint>

#include "perf/deployment.h"

namespace beltline::perf {

/// Bytes on the fullest accelerator of a replica.
struct MemoryUse {
  double weights = 0;
  double workspace = 0;            // activations of a step, graphs, the runtime and its communicators
  double kv_per_token = 0;         // of a token of the sequences that lie on this accelerator
  double available = 0;            // what the engine may use
  int64_t kv_tokens_per_copy = 0;  // that fit, in one copy of attention
  int64_t kv_tokens = 0;           // in the replica; 0: the model does not fit
};

/// kv_per_token = layers / pipeline · 2 · max(KV heads / tensor, 1) · head size · bytes; of latent attention, each
/// accelerator keeps the whole vector. Layers with a window keep their window alone, counted at sequences of 4,096
/// tokens.
MemoryUse memory_use(const Deployment& deployment);

/// Bytes of a token's keys and values over the whole model, each kept once: what moves from a prefill pool to a decode
/// pool.
double kv_bytes_per_token(const Architecture& architecture, Precision precision);

}  // namespace beltline::perf
