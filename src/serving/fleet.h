// A fleet: sites with racks, the models that they serve, who asks, what may go wrong, and what is promised.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "serving/engine.h"
#include "serving/fleet_engine.h"

namespace beltline::serving {

struct GeoPoint {
  double latitude = 0;   // degrees north
  double longitude = 0;  // degrees east
};

struct ServedModel {
  std::string name;         // "llama-3.1-70b"
  int64_t context_max = 0;  // tokens; 0: no limit
};

struct RackKind {
  std::string name;  // "gb300-nvl72"
  int32_t accelerators = 1;
  double base_W = 0;  // what is on in the rack besides its accelerators
};

/// A model on the accelerators of one kind of rack.
struct ReplicaKind {
  int32_t model = 0;
  int32_t rack = 0;
  int32_t accelerators = 1;
  EngineRules rules;
  std::shared_ptr<const perf::StepCost> cost;
  Picoseconds load_time = 0;      // from cold to serving: weights from storage
  double kv_bytes_per_token = 0;  // over the whole model; 0: not known
  std::string basis;              // where its times come from, for people
};

struct SiteRacks {
  int32_t rack = 0;
  double count = 0;  // a plan may have parts of racks
};

struct FleetSite {
  std::string name;
  std::string title, title_ko;
  std::string group;  // "east": sites that are told together
  GeoPoint at;
  std::vector<SiteRacks> racks;
  double pue = 1;
  double auxiliary_share = 0;  // network, storage and CPU racks, over the power of the racks
  std::vector<double> cap_MW;  // [24] of the facility by hour of the clock; empty: none
  std::vector<double> shares;  // [model] of its slots at the start; the rest of 1 stays idle
};

/// Where people ask from.
struct FleetPlace {
  std::string name;
  GeoPoint at;
  double weight = 1;  // of the requests that name no place
};

/// rtt = 2 · distance · detour / speed + fixed, distance along the great circle (haversine, R = 6371.0088 km).
struct NetworkRules {
  double detour = 1.5;              // length of the way over the great circle
  double speed_km_per_s = 204'190;  // light in glass of index 1.4682
  double fixed_s = 0.004;           // access and equipment, both ways together
};

enum class CapPolicy : uint8_t {
  slow,  // every replica runs slower, idle ones go off only where that is not enough
  shed,  // as many replicas as may run at full power
};

struct OutageRules {
  int32_t site = 0;
  Picoseconds begin = 0;  // after the start of the run
  Picoseconds end = 0;
  bool is_planned = false;  // its requests go elsewhere beforehand: the site finishes what it has
};

/// Times to failure are exponential.
struct FailureRules {
  double accelerator_mtbf_h = 0;  // 0: never; takes its replica with it
  double rack_mtbf_h = 0;         // 0: never
  Picoseconds repair = 3600 * kSecond;
};

struct AdmissionRules {
  double in_flight_max = 4;       // requests that a site takes for each place that it has; beyond it refuses
  int32_t retries = 3;            // of a client whose request was refused or lost
  Picoseconds backoff = kSecond;  // before the first retry; doubles each time, times a draw of [0.5, 1.5]
  Picoseconds patience = kNever;  // for the first token
  Picoseconds timeout = kNever;   // for the last one, from when a site has the request
};

struct ScalingRules {
  bool is_on = false;
  double target = 0.6;  // requests in flight over places that it aims at
  Picoseconds interval = 30 * kSecond;
  Picoseconds down_hold = 600 * kSecond;  // need must be lower for this long before slots are given up
};

/// A training or tuning job: all of its slots at once or none.
struct JobRules {
  std::string name;
  int32_t site = 0;
  int32_t rack = 0;
  double racks = 1;
  double work_h = 1;  // hours with all of its racks
  Picoseconds submitted = 0;
  Picoseconds checkpoint = 1800 * kSecond;
  Picoseconds restart = 300 * kSecond;  // before it works, each time
  bool saves_when_preempted = true;
};

struct ServiceLevel {
  double ttft_s = 2;
  double tpot_s = 0.05;
};

struct RoutingRules {
  double spill_at = 0;                  // load up to which the way alone decides
  double load_s = 0.1;                  // what a load of 1 above that counts, in seconds of the way
  double affinity_s = 0.05;             // what the site of the session's last turn is ahead
  Picoseconds interval = kSecond;       // between reports of loads
  Picoseconds detection = 5 * kSecond;  // until a lost site is told from a slow one
};

struct FleetSpec {
  std::string name, title, title_ko;
  double utc_offset_h = 0;  // of the clock of caps and outages
  std::vector<ServedModel> models;
  std::vector<RackKind> racks;
  std::vector<ReplicaKind> kinds;
  std::vector<FleetSite> sites;
  std::vector<FleetPlace> places;
  std::vector<OutageRules> outages;
  std::vector<JobRules> jobs;
  NetworkRules network;
  CapPolicy cap_policy = CapPolicy::slow;
  FailureRules failures;
  AdmissionRules admission;
  ScalingRules scaling;
  ServiceLevel level;
  RoutingRules routing;
  std::vector<EngineSettings> engines;
  std::vector<SplitRules> splits;

  /// Index into kinds, or −1: the model does not run on the rack.
  [[nodiscard]] int32_t kind_of(int32_t model, int32_t rack) const;
  [[nodiscard]] int32_t model_index(std::string_view name) const;  // −1: none
};

/// Slots of some racks: what one replica of the largest model takes of a rack is a slot.
struct SlotCount {
  int32_t accelerators = 0;  // of a slot; 0: no model runs on these racks
  int32_t per_rack = 0;
  double truth = 0;
  int32_t simulated = 0;  // one in `down`, at least one, and enough for a split
};
/// @param site  whose racks they are: one that splits a model needs some slots of it; null: not looked at
SlotCount count_slots(const FleetSpec& fleet, const SiteRacks& racks, double down, const FleetSite* site = nullptr);

/// Great-circle distance (haversine), km.
double distance_km(const GeoPoint& a, const GeoPoint& b);
/// There and back.
double round_trip_s(const NetworkRules& network, const GeoPoint& a, const GeoPoint& b);

/// Means of the requests for a model.
struct MeanRequest {
  double input = 1000;  // tokens
  double output = 200;
  double cached = 0;  // share of the input that is expected in a cache
};

/// What a replica gives at a steady load, asked of its cost once. With n sequences under way, n · c / output tokens of
/// prompts are computed a step, c = input · (1 − cached), all in a share f of the steps (perf/steady_load.h):
///
///     time a token = f · step(n c / output / f, n) + (1 − f) · step(0, n),    f = min(1, ⌈c / room⌉ · n / output)
///
/// With speculation a step decodes n · (1 + k) positions and yields n · `tokens_a_step` tokens. A replica that decodes
/// alone has f = 0; one that prefills alone computes steps full of prompts, and its places are the prompts of one.
struct KindFigures {
  double idle_W = 0;          // of its accelerators
  double full_W = 0;          // of the hungriest step tried
  double places = 0;          // n: most sequences whose step is within the service level and whose tokens fit
  double requests_per_s = 0;  // with all places taken
};
KindFigures figures_of(const ReplicaKind& kind, const ServiceLevel& level, const MeanRequest& mean,
                       ReplicaRole role = ReplicaRole::whole);

}  // namespace beltline::serving
