// What the equations of operators.h, collective.h and replica_cost.h are scaled with: one set of kernels for each
// generation of accelerators, one set of overheads for each engine on a generation. docs/serving-model.md says how each
// was fitted, and on what.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include "perf/precision.h"

namespace beltline::perf {

/// seconds = latency + (compute_s^norm + memory_s^norm)^(1/norm), compute_s = FLOP / (peak · compute · filled^fill),
/// memory_s = bytes / (bandwidth · share of it), where `filled` is the share of processors that the last wave of
/// 128 × 128 tiles keeps busy. compute 0: not fitted, the generation does not compute in this precision.
struct GemmCoefficients {
  double compute = 0;    // share of the datasheet's peak
  double bandwidth = 0;  // share of the datasheet's bandwidth
  double latency_us = 0;
  double norm = 1;
  double fill = 0;
};

/// Prefill: latency + FLOP / (peak · compute · filled) · (1 − exp + exp · 128 / head size) + bytes / (bandwidth ·
/// memory), where exponentials take the share `exp` of the time at a head size of 128. Decode: latency + heads_ns for
/// each 100 heads and processor + bytes / (bandwidth · decode_bandwidth · filled^decode_fill), where each token costs
/// each key-value head as much as 30 bytes more than it has.
struct AttentionCoefficients {
  double compute = 0;      // of the peak in bf16
  double compute_fp8 = 0;  // of the peak in fp8; 0: does not compute in it
  double exp = 0;
  double memory = 0;  // of queries, keys, values and results in prefill
  double latency_us = 0;
  double decode_bandwidth = 0;
  double decode_latency_us = 0;
  double decode_heads_ns = 0;
  double decode_fill = 0;
};

/// Grouped GEMM of experts: as GemmCoefficients, where each expert that is hit has at least `rows_min` rows of work,
/// plus the permuting of `permute_ps` for each number of each token copy.
struct ExpertCoefficients {
  double compute = 0;
  double bandwidth = 0;
  double latency_us = 0;
  double norm = 1;
  double rows_min = 1;
  double permute_ps = 0;
};

/// seconds = latency + rank · (n − 1) + root · √bytes + wire bytes / (link · bandwidth)
struct CollectiveCoefficients {
  double latency_us = 0;
  double rank_us = 0;
  double root_ns = 0;
  double bandwidth = 0;  // share of the link's
};

/// Above idle: energy of a FLOP in bf16 (halves with each halving of the number's size) and of a byte of memory.
struct EnergyCoefficients {
  double flop_pJ = 0;
  double byte_pJ = 0;
};

struct KernelCoefficients {
  std::string_view generation;
  bool is_assumed = false;  // fitted on nothing: no table of this generation's kernels is published
  double processors = 0;    // streaming multiprocessors, compute units
  std::array<GemmCoefficients, kPrecisionCount> gemm;
  AttentionCoefficients attention;
  /// Of prefill in fp8, where `compute` is fitted, and of decodes from a cache in fp8, where `decode_bandwidth` is.
  AttentionCoefficients attention_fp8;
  std::array<ExpertCoefficients, kPrecisionCount> experts;
  CollectiveCoefficients collective;
  EnergyCoefficients energy;
};

/// What an engine adds to its kernels.
struct EngineCoefficients {
  std::string_view engine;
  std::string_view generation;
  double step_us = 0;      // a step: scheduling, inputs, launches, sampling
  double sequence_us = 0;  // a sequence in it
  double stream_us = 0;    // a sequence in it whose tokens are sent one by one, besides
  double layer_us = 0;     // a layer: norms, rotation, activations, gaps between kernels
  double eager_us = 0;     // a dense layer of a step with prompts, which no captured graph launches: none is faster
  double request_us = 0;   // a request, before its prompt can join a step: HTTP, templates, hand-over, first output
  double token_ns = 0;     // a token of its prompt, likewise: tokenising, hashing of blocks
};

std::span<const KernelCoefficients> kernel_coefficients();
std::span<const EngineCoefficients> engine_coefficients();

/// nullptr where there is none: an unknown generation has no numbers that could stand for it.
const KernelCoefficients* find_kernels(std::string_view generation);
/// The set of the engine on this generation.
const EngineCoefficients* find_engine(std::string_view engine, std::string_view generation);

}  // namespace beltline::perf
