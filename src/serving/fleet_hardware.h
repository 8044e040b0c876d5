// What a model takes on a rack of the catalogue: its deployment, its times, and how long it loads.
#pragma once

#include <string>

#include "base/failure.h"
#include "perf/search.h"
#include "serving/fleet.h"

namespace beltline::serving {

struct HardwareOptions {
  perf::Workload workload;  // what the deployment is chosen for
  ServiceLevel level;
  double load_bytes_per_s = 25e9;  // weights from storage into one replica
  bool caches_prefixes = true;
};

/// The deployment of most output tokens a rack within the level, prompts and decodes on the same replicas; where none
/// meets the level, the one that is nearest to it in time a token, and `basis` says so.
///
/// @errors  a model or rack that is not known, or that does not fit: in words
/// @cost    about 2 ms
Outcome<ReplicaKind> find_replica_kind(const std::string& model, const perf::Rack& rack,
                                       const HardwareOptions& options);

/// What is on in a rack besides its accelerators, W.
double base_power_W(const perf::Rack& rack);

}  // namespace beltline::serving
