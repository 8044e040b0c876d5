// Service: what a compute region does with its compute, training and inference.
//
//   train@R:    1 PFLOP/s of compute → useful compute
//   infer_S@R:  1 PFLOP/s of compute → k Mtoken/s
//
// Work per token (Kaplan et al. 2020, arXiv 2001.08361, section 2.1; attention over the context is left out):
//
//   FLOP per token = 2 · N,                         N  parameters active for a token
//   k = 10¹⁵ · u / (2 · N) / 10⁶ Mtoken/s per PFLOP/s,   u  share of peak FLOP/s that decoding reaches
//
// Tokens are counted in output-equivalents, because reading a prompt costs far less than writing an answer. Of a token
// as users and price lists count them (input and output together) this share of an output token has to be worked for:
//
//   e = (1 − i) + i · (1 − h) · u / u_prefill
//
//   i  share of input tokens, h  share of them found in the prompt cache
//
// A service that names its `model` gets k from the performance model, for each generation of racks by itself
// (parts/rack_tokens.h): serve_g_S@R in place of infer_S@R. Its output tokens come with their prompts read, so that
// e = output / (input + output).
#pragma once

#include <optional>
#include <vector>

#include "parts/part.h"

namespace beltline {

/// What turns compute into tokens. Shares are fractions.
struct InferenceFacts {
  double active_parameters = 0;
  double utilisation_decode = 0;
  double utilisation_prefill = 0;
  double input_share = 0;
  double cache_hit = 0;
};

/// k above: output-equivalent Mtoken/s from 1 PFLOP/s.
double tokens_per_pflop(const InferenceFacts& facts);
/// e above: output-equivalent tokens per token counted; at most 1 if prefill is no less efficient than decoding.
double output_equivalent(const InferenceFacts& facts);

/// A service as the parts that draw on it (seats, public share) see it.
struct ServiceView {
  const Entry* entry = nullptr;
  PlaceId region;
  ProcessId train;               // invalid: no training
  std::vector<ProcessId> infer;  // on the region's own compute; empty: no inference
  double output_equivalent = 1;
};

/// The compiled service of that name; the services compile first. Empty if its compile met a fault.
std::optional<ServiceView> find_service(const Compile& c, std::string_view name);
/// The service of a region, if it has one.
std::optional<ServiceView> service_of_region(const Compile& c, PlaceId region);

extern const Section kServiceSection;
void compile_services(const Compile& c);

}  // namespace beltline
