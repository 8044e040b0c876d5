// Tokens of a rack: what a service that names its model gets from each generation of racks.
//
// A service by `model` is served by the racks of its own region and of those in `served_from`. What one rack of a
// generation yields at the service level comes from the performance model (perf/search.h), so that generations differ
// by more than their FLOP/s. Racks that may serve so put out, beside `compute`, as much of `compute_{rack}`: inference
// on generation g takes both, training and everything else `compute` alone.
//
//     run_g@site:     → performance · utilisation  of compute, and as much of compute_g
//     serve_g_S@R:    1 PFLOP/s of compute and of compute_g at R → k_g Mtoken/s at S's region
//     k_g = tokens of a rack · production_factor / performance / 10⁶
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "parts/part.h"

namespace beltline {

/// Whether it names the model that it serves, and so what racks yield.
bool is_by_model(const Entry& service);

/// Places whose racks serve it: its region first, then `served_from`.
std::vector<PlaceId> serving_places(const Compile& c, const Entry& service);

/// Whether racks in this region put out compute by generation, because a service by model draws on them.
bool counts_generations(const Compile& c, PlaceId region);

/// Generations of racks that may stand in a region.
std::vector<const Entry*> generations_at(const Compile& c, PlaceId region);

/// What a rack yields.
struct RackTokens {
  double output_tokens_per_s = 0;  // at the service level, before production_factor; with their prompts read
  double ttft_s = 0;
  double tpot_s = 0;
  double power_share = 0;  // of the catalogue's rack power
  std::string words;       // "perf model of deepseek-v3 on gb300-nvl72, 32 x DP8 EP8 …, analytic"
};

/// The same for a service and a generation; what is wrong with either is told once, and nothing returned.
std::optional<RackTokens> rack_tokens(const Compile& c, const Entry& service, const Entry& rack);

}  // namespace beltline
