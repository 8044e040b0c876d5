// How much of a fleet is simulated: slots in truth for each simulated one, site by site, and what a request stands for.
//
// A site with N slots of which n are simulated gives in the simulation n / N of what it serves in truth, so that a
// request that is simulated there stands for N / n in truth (for slots of several kinds: of what they serve). The
// traffic is thinned to the finest of these weights w, routed in truth, and then simulated at site s with the
// probability w / w_s: shares by site are those of the routing, whatever slots were rounded to.
#pragma once

#include <vector>

#include "serving/fleet.h"

namespace beltline::serving {

struct FleetScale {
  std::vector<double> slots_down;      // [site] slots in truth for one simulated, before rounding; empty: 1
  std::vector<double> request_weight;  // [site] requests in truth for one simulated there; empty: 1
  double stream_weight = 1;            // requests in truth for one of the traffic: the least of them

  [[nodiscard]] double down(std::size_t site) const { return slots_down.empty() ? 1 : slots_down[site]; }
  [[nodiscard]] double weight(std::size_t site) const { return request_weight.empty() ? 1 : request_weight[site]; }
  /// Some slots stand for several.
  [[nodiscard]] bool is_down() const;
};

/// What the fleet serves with all places of its slots taken, requests/s.
double capacity_per_s(const FleetSpec& fleet, const std::vector<MeanRequest>& means);

/// One slot in `down` at every site, where it has so many.
FleetScale even_scale(const FleetSpec& fleet, const std::vector<MeanRequest>& means, double down);

/// So that about `budget` of the `expected` requests are simulated. Sites of which few slots serve are simulated finer
/// than others: each has at least eight that serve, or all, as far as half of the budget goes.
FleetScale allotted_scale(const FleetSpec& fleet, const std::vector<MeanRequest>& means, double expected,
                          double budget);

/// Half as many slots at every site.
FleetScale halved(const FleetSpec& fleet, const std::vector<MeanRequest>& means, const FleetScale& scale);

}  // namespace beltline::serving
