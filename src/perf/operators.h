// What the operators of a layer take on one accelerator.
#pragma once

#include <cstdint>
#include <string_view>

#include "perf/coefficients.h"
#include "perf/hardware.h"
#include "perf/precision.h"

namespace beltline::perf {

/// Where a number is from, the worst of its parts: a measured point, between measured points, beyond them (scaled by
/// the equations), or the equations alone.
enum class Basis : uint8_t { measured, interpolated, extrapolated, analytic };

std::string_view name_of(Basis basis);
constexpr Basis worse(Basis a, Basis b) {
  return a < b ? b : a;
}

/// What one operator, or many together, take on one accelerator.
struct Work {
  double seconds = 0;
  double flop = 0;   // as if in bf16: those of a number half as large count half
  double bytes = 0;  // of memory
  Basis basis = Basis::measured;

  Work& operator+=(const Work& other);
  friend Work operator+(Work a, const Work& b) { return a += b; }
  /// As many times.
  friend Work operator*(double times, Work work);
};

/// A [rows, inner] × [inner, columns] product with weights of [inner, columns].
struct GemmShape {
  double rows = 0;
  double columns = 0;
  double inner = 0;
};

/// Attention of one layer as one accelerator sees it.
struct AttentionShape {
  double heads = 0;
  double kv_heads = 0;
  double head_size = 0;
  double value_head_size = 0;
  double kv_bytes = 0;  // of a token: keys and values, or the latent vector
  bool latent = false;  // keys are values: read once, for all heads
  Precision compute = Precision::bf16;
  Precision kv_cache = Precision::bf16;
  double window = 0;  // tokens looked back; 0: all
};

struct ExpertShape {
  double tokens = 0;  // that come to this accelerator's group of experts, before the choice of experts
  double hidden = 0;
  double inner = 0;      // of an expert, this accelerator's share
  double experts = 0;    // all of the layer
  double active = 0;     // of them, a token
  double groups = 1;     // accelerators over which experts are divided
  double matrices = 3;   // gated: 3
  double imbalance = 1;  // tokens of the busiest group over the mean
};

/// Numbers as they lie in memory, and what the GEMM computes in.
struct GemmNumbers {
  Precision stored = Precision::bf16;
  Precision computed = Precision::bf16;
};

class Profiles;

/// One accelerator with its coefficients, and measurements where there are any.
struct Kernels {
  Accelerator accelerator;
  KernelCoefficients coefficients;
  const Profiles* profiles = nullptr;
};

Work gemm(const Kernels& kernels, const GemmShape& shape, GemmNumbers numbers);

/// Prefill of one sequence from nothing to `length` tokens on an accelerator full of such work: what a chunk adds is
/// the difference of two of these. Without its latency, see prefill_latency.
Work prefill_attention(const Kernels& kernels, const AttentionShape& shape, double length);
double prefill_latency_s(const Kernels& kernels, const AttentionShape& shape);

/// One token for each of `sequences`, each of which looks back on `context` tokens.
Work decode_attention(const Kernels& kernels, const AttentionShape& shape, double sequences, double context);

/// Number of different experts, of one group, that `tokens` tokens hit, where some experts are chosen more often than
/// others: popularities spread as an exponential distribution does, which is what published kernel tables for skewed
/// loads show, and what they call a power law of 1.01.
///
/// E/g · λ/(1 + λ), λ = T · k/E; all the same popular: E/g · (1 − exp(−λ))
double experts_hit(const ExpertShape& shape);
Work experts(const Kernels& kernels, const ExpertShape& shape, GemmNumbers numbers);

/// A pass over memory: norms, activations, embeddings.
Work stream(const Kernels& kernels, double bytes);

}  // namespace beltline::perf
