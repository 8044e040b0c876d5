// How near to its datasheet an accelerator comes in training, by generation and framework.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "perf/hardware.h"
#include "perf/precision.h"
#include "training/job.h"

namespace beltline::training {

/// One set a generation and engine; docs/training-model.md lists them and says what each was fitted on. Shares are of
/// the datasheet's figure.
struct TrainingCoefficients {
  std::string_view engine;
  std::string_view generation;        // "" for any that has no row of its own
  double compute_bf16 = 0;            // share of the peak that a large matrix product reaches
  double compute_low = 0;             // the same of fp8 and int8
  double memory = 0.8;                // of the memory's bandwidth
  double link = 0.75;                 // of the scale-up links, in a collective of tensor parallelism
  double link_data = 0.75;            // the same of the data group, stages and experts: in a torus they have other axes
  double network = 0.85;              // of the scale-out links
  double tensor_overlap_forward = 0;  // share of a collective of tensor parallelism behind the products beside it
  double tensor_overlap_backward = 0;           // the same in the backward pass
  double data_overlap = 0;                      // share of the time that gradients may hide in of which they make use
  double expert_overlap = 0;                    // share of the exchange of tokens among experts behind computation
  bool pipeline_overlap = false;                // activations travel while the next are computed
  bool fused_attention = true;                  // scores never leave the chip
  bool pipelines = true;                        // the framework splits layers into stages
  bool interleaves = true;                      // and a stage into pieces
  bool accumulates = true;                      // a step may have more than one micro-batch
  Recompute recompute_least = Recompute::none;  // the framework keeps no more than this leaves
  double gradient_bytes = 4;                    // of a number, as gradients are kept and summed up over the data group
  bool is_fitted = false;                       // on measured runs of this generation
};

/// The set of an engine and a generation, else the engine's own for any generation.
/// @returns nothing for an unknown engine
std::optional<TrainingCoefficients> find_coefficients(std::string_view engine, std::string_view generation);

/// "megatron, nemo, …"
std::string engine_names();

/// FLOP/s that a large product reaches. fp8 weights are held in bf16 where the chip has no such rate.
double product_flops(const TrainingCoefficients& c, const perf::Accelerator& accelerator, perf::Precision precision);

}  // namespace beltline::training
