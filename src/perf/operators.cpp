#include "perf/operators.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "perf/profiles.h"

namespace beltline::perf {

namespace {

constexpr double kMicro = 1e-6;
constexpr double kTile = 128;  // rows and columns of a GEMM's tile, queries of an attention's

double norm_of(double a, double b, double p) {
  if (p <= 1) return a + b;
  const double larger = std::max(a, b);
  if (larger <= 0) return 0;
  const double ratio = std::min(a, b) / larger;
  // below this the smaller part adds less than the fits tell apart
  return ratio < 1e-3 ? larger : larger * std::pow(1 + std::pow(ratio, p), 1 / p);
}

/// FLOPs in bf16 that draw as much as one of this precision.
double flop_weight(Precision precision) {
  return precision == Precision::fp32 ? 2 : precision == Precision::bf16 ? 1 : precision == Precision::fp4 ? 0.25 : 0.5;
}

/// Share of the processors that the waves of output tiles keep busy.
double filled(double rows, double columns, double processors) {
  const double tiles = std::ceil(rows / kTile) * std::ceil(columns / kTile);
  return std::max(tiles / (std::ceil(tiles / processors) * processors), 0.02);
}

}  // namespace

std::string_view name_of(Basis basis) {
  constexpr std::array<std::string_view, 4> kNames = {"measured", "interpolated", "extrapolated", "analytic"};
  return kNames[static_cast<std::size_t>(basis)];
}

Work& Work::operator+=(const Work& other) {
  seconds += other.seconds;
  flop += other.flop;
  bytes += other.bytes;
  basis = worse(basis, other.basis);
  return *this;
}

Work operator*(double times, Work work) {
  work.seconds *= times;
  work.flop *= times;
  work.bytes *= times;
  return work;
}

namespace {

/// The measured time in place of the equations', where there is one; FLOP and bytes stay. An extrapolation that strays
/// more than twofold from the equations has left what its table knows: the equations stand.
Work refined(Work work, const std::optional<Reading>& reading) {
  if (!reading) return work;
  const double ratio = reading->seconds / work.seconds;
  if (reading->basis == Basis::extrapolated && (ratio > 2 || ratio < 0.5)) return work;
  work.seconds = reading->seconds;
  work.basis = reading->basis;
  return work;
}

}  // namespace

Work gemm(const Kernels& kernels, const GemmShape& shape, GemmNumbers numbers) {
  const GemmCoefficients& c = kernels.coefficients.gemm[static_cast<std::size_t>(numbers.computed)];
  const double flop = 2 * shape.rows * shape.columns * shape.inner;
  const double bytes = shape.inner * shape.columns * bytes_of(numbers.stored) +
                       shape.rows * shape.inner * bytes_of(numbers.computed) +
                       shape.rows * shape.columns * bytes_of(Precision::bf16);
  const double fill = std::pow(filled(shape.rows, shape.columns, kernels.coefficients.processors), c.fill);
  const double compute_s = flop / (kernels.accelerator.flops(numbers.computed) * c.compute * fill);
  const double memory_s = bytes / (kernels.accelerator.memory_bytes_per_s * c.bandwidth);
  const Work work{.seconds = c.latency_us * kMicro + norm_of(compute_s, memory_s, c.norm),
                  .flop = flop * flop_weight(numbers.computed),
                  .bytes = bytes,
                  .basis = Basis::analytic};
  return kernels.profiles == nullptr ? work : refined(work, kernels.profiles->gemm(shape, numbers));
}

namespace {

const AttentionCoefficients& of_prefill(const KernelCoefficients& k, const AttentionShape& shape) {
  return shape.compute == Precision::fp8 && k.attention_fp8.compute > 0 ? k.attention_fp8 : k.attention;
}

const AttentionCoefficients& of_decode(const KernelCoefficients& k, const AttentionShape& shape) {
  return shape.kv_cache == Precision::fp8 && k.attention_fp8.decode_bandwidth > 0 ? k.attention_fp8 : k.attention;
}

}  // namespace

Work prefill_attention(const Kernels& kernels, const AttentionShape& shape, double length) {
  const AttentionCoefficients& c = of_prefill(kernels.coefficients, shape);
  const bool fp8 = shape.compute == Precision::fp8;
  // causal: half of the square; in a window each query sees at most as many keys
  const double w = shape.window > 0 ? std::min(shape.window, length) : length;
  const double pairs = w * length - w * w / 2;
  const double flop = 2 * shape.heads * (shape.head_size + shape.value_head_size) * pairs;
  const double bytes = length * (2 * shape.heads * shape.head_size * bytes_of(Precision::bf16) + 2 * shape.kv_bytes);
  const bool is_shared = &c == &kernels.coefficients.attention;
  const double peak = kernels.accelerator.flops(shape.compute) * (fp8 && is_shared ? c.compute_fp8 : c.compute);
  const double head_size = (shape.head_size + shape.value_head_size) / 2;
  const double exponentials = 1 - c.exp + c.exp * 128 / head_size;
  const Work work{.seconds = flop / peak * exponentials + bytes / (kernels.accelerator.memory_bytes_per_s * c.memory),
                  .flop = flop * flop_weight(shape.compute),
                  .bytes = bytes,
                  .basis = Basis::analytic};
  if (kernels.profiles == nullptr || length < 1) return work;
  // as many sequences as fill the accelerator: the latency and the empty processors of one are counted by the step
  constexpr double kFullTokens = 16384;
  const double batch = std::clamp(std::floor(kFullTokens / length), 1.0, 64.0);
  std::optional<Reading> reading = kernels.profiles->prefill_attention(shape, batch, length);
  if (reading) reading->seconds /= batch;
  return refined(work, reading);
}

double prefill_latency_s(const Kernels& kernels, const AttentionShape& shape) {
  return of_prefill(kernels.coefficients, shape).latency_us * kMicro;
}

Work decode_attention(const Kernels& kernels, const AttentionShape& shape, double sequences, double context) {
  const AttentionCoefficients& c = of_decode(kernels.coefficients, shape);
  const double seen = shape.window > 0 ? std::min(shape.window, context) : context;
  constexpr double kTokenHeadBytes = 30;
  const double kv_heads = shape.latent ? 1 : shape.kv_heads;
  const double bytes = sequences * seen * shape.kv_bytes;
  const double felt = bytes + sequences * seen * kv_heads * kTokenHeadBytes;
  const double flop = 2 * sequences * seen * shape.heads * (shape.head_size + shape.value_head_size);
  // a long sequence is split over processors, but not finer than 256 tokens
  const double pieces = sequences * kv_heads * std::ceil(std::max(seen, 1.0) / 256);
  const double fill = std::pow(std::clamp(pieces / kernels.coefficients.processors, 1e-3, 1.0), c.decode_fill);
  const double memory_s = felt / (kernels.accelerator.memory_bytes_per_s * c.decode_bandwidth * fill);
  // latent attention reads a vector once for all heads, and so computes
  const double compute_s = flop / (kernels.accelerator.flops(Precision::bf16) * kernels.coefficients.attention.compute);
  const double heads_s = c.decode_heads_ns * 1e-9 * sequences * shape.heads * 100 / kernels.coefficients.processors;
  const Work work{.seconds = c.decode_latency_us * kMicro + heads_s + std::max(memory_s, compute_s),
                  .flop = flop,
                  .bytes = bytes,
                  .basis = Basis::analytic};
  if (kernels.profiles == nullptr) return work;
  return refined(work, kernels.profiles->decode_attention(shape, sequences, std::max(context, 1.0)));
}

double experts_hit(const ExpertShape& shape) {
  const double asked = shape.tokens * shape.active / shape.experts;
  return shape.experts / shape.groups * asked / (1 + asked);
}

Work experts(const Kernels& kernels, const ExpertShape& shape, GemmNumbers numbers) {
  const ExpertCoefficients& c = kernels.coefficients.experts[static_cast<std::size_t>(numbers.stored)];
  const double hit = experts_hit(shape);
  const double copies = shape.tokens * shape.active / shape.groups * shape.imbalance;
  const double numbers_of_expert = shape.matrices * shape.hidden * shape.inner;
  const double flop = 2 * copies * numbers_of_expert;
  const double bytes = hit * numbers_of_expert * bytes_of(numbers.stored) +
                       copies * (2 * shape.hidden + 3 * shape.inner) * bytes_of(Precision::bf16);
  const double padded = 2 * std::max(copies, hit * c.rows_min) * numbers_of_expert;
  const double compute_s = padded / (kernels.accelerator.flops(numbers.computed) * c.compute);
  const double memory_s = bytes / (kernels.accelerator.memory_bytes_per_s * c.bandwidth);
  const Work work{.seconds = c.latency_us * kMicro + copies * shape.hidden * c.permute_ps * 1e-12 +
                             norm_of(compute_s, memory_s, c.norm),
                  .flop = flop * flop_weight(numbers.computed),
                  .bytes = bytes,
                  .basis = Basis::analytic};
  return kernels.profiles == nullptr ? work : refined(work, kernels.profiles->experts(shape, numbers));
}

Work stream(const Kernels& kernels, double bytes) {
  const GemmCoefficients& c = kernels.coefficients.gemm[static_cast<std::size_t>(Precision::bf16)];
  return {.seconds = bytes / (kernels.accelerator.memory_bytes_per_s * c.bandwidth),
          .bytes = bytes,
          .basis = Basis::analytic};
}

}  // namespace beltline::perf
