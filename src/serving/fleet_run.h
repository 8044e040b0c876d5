// A fleet through its traffic: routing between sites, retries, and what came of every request.
//
// Sites are played between two reports of their loads (RoutingRules::interval) each on its own; the router sends a
// request by what the last reports said and what it has sent since:
//
//     score(site) = rtt + load_s · max(0, load − spill_at) − affinity_s, if the session's last turn was there
//
// and the lowest score takes it, the first of equal ones. load is requests in flight over places.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "serving/fleet.h"
#include "serving/fleet_scale.h"
#include "serving/fleet_site.h"
#include "serving/quantiles.h"
#include "serving/traffic.h"

namespace beltline::serving {

struct FleetRunOptions {
  uint64_t seed = 1;
  uint32_t replication = 0;
  FleetScale scale = {};  // slots and requests that are simulated; the traffic is that thinned to its stream_weight
  Picoseconds duration = 86'400 * kSecond;
  Picoseconds start_of_day = 0;
  Picoseconds warm_up = 600 * kSecond;  // requests that arrive in it are served but not judged
  Picoseconds bin = 300 * kSecond;
  Picoseconds tail = 3600 * kSecond;    // after `duration`, for what is still under way
  std::vector<MeanRequest> means = {};  // [model]: what places are reckoned with; empty: the defaults
  bool ends_with_traffic = false;       // `duration` is but a limit: the traffic may end before it
  int thread_count = 1;                 // over sites; the result does not depend on it
  /// Called now and then with the share of `duration` that is done; false stops.
  std::function<bool(double)> on_progress = {};
};

/// Requests, in the numbers that were simulated.
struct RequestCounts {
  int64_t arrivals = 0;  // of clients, each once: those that a site simulates, or that all refuse
  int64_t finished = 0;
  int64_t rejected = 0;    // refused by every site, at the last attempt
  int64_t lost = 0;        // with a site, at the last attempt
  int64_t gave_up = 0;     // waited too long
  int64_t too_long = 0;    // fits into no replica
  int64_t unfinished = 0;  // under way at the very end
  int64_t attempts = 0;    // first ones and retries
  int64_t refusals = 0;    // of attempts
  int64_t losses = 0;      // of attempts
  int64_t retries = 0;
  int64_t good = 0;     // finished within the service level
  int64_t warm_up = 0;  // arrivals that are not judged
  int64_t judged = 0;   // finished and judged
  int64_t judged_good = 0;
  int64_t judged_arrivals = 0;
  int64_t rerouted = 0;        // attempts that a lost site would have had
  int64_t unknown_models = 0;  // asked a model that the fleet does not have; the first one served them
  int64_t thinned = 0;         // of the traffic, routed to a site that simulates fewer: they are no arrivals
  int64_t split = 0;           // retries beyond one for a request that stood for several of the traffic
  int64_t split_thinned = 0;   // retries, routed to a site that simulates fewer

  /// arrivals + split = finished + rejected + lost + gave_up + too_long + unfinished + split_thinned.
  [[nodiscard]] bool is_balanced() const {
    return arrivals + split == finished + rejected + lost + gave_up + too_long + unfinished + split_thinned;
  }
};

/// The same in truth: each request weighs what it stands for. `ended` and its parts agree with each other; arrivals
/// agree with them but for what splitting and thinning retries draws.
struct RequestAmounts {
  double arrivals = 0, finished = 0, rejected = 0, lost = 0, gave_up = 0, too_long = 0, unfinished = 0;
  double losses = 0, retries = 0, rerouted = 0, unknown_models = 0;
  double good = 0;
  double judged_ended = 0, judged_good = 0;  // of those that arrived after the warm-up
  double tokens_in = 0, tokens_out = 0;      // of finished requests

  [[nodiscard]] double ended() const { return finished + rejected + lost + gave_up + too_long + unfinished; }
  [[nodiscard]] double served_share() const { return ended() > 0 ? finished / ended() : 0; }
  [[nodiscard]] double good_share() const { return judged_ended > 0 ? judged_good / judged_ended : 0; }
};

/// Tokens, in the numbers that were simulated.
struct TokenCounts {
  int64_t asked_in = 0, asked_out = 0;        // of arrivals
  int64_t finished_in = 0, finished_out = 0;  // of finished requests
  int64_t generated = 0;                      // of all that ended, as their completions say
  double sampled = 0;                         // as the engines' books say
  double computed_in = 0, cached_in = 0;
};

/// Energy of a facility, MWh, or its power, MW, by what its slots do; each with its part of auxiliaries and of PUE.
struct EnergySplit {
  double serving = 0;   // slots that load, serve or drain a model, and their steps
  double training = 0;  // slots with a job
  double idle = 0;      // slots with neither, and failed ones

  [[nodiscard]] double total() const { return serving + training + idle; }
  bool operator==(const EnergySplit&) const = default;
};

/// A site in a bin of time, in truth: requests and tokens times what a request stands for at the site, power and
/// replicas times what a slot does.
struct SiteBin {
  double arrivals = 0;  // attempts sent here
  double finished = 0;
  double good = 0;
  double refused = 0;
  double lost = 0;
  double rerouted_out = 0, rerouted_in = 0;
  double tokens_in_per_s = 0, tokens_out_per_s = 0;
  TimeQuantiles ttft, tpot;
  double queue = 0;      // mean of requests that wait
  double in_flight = 0;  // mean
  double places = 0;     // mean
  double filled = 0;     // in flight over places
  double capacity = 0;   // requests that its replicas could have served
  double load = 0;       // arrivals over capacity
  double replicas = 0;   // that serve, mean
  double busy = 0;       // share of replica time with a step running
  double power_MW = 0;   // facility
  EnergySplit power;     // the same by what slots do, MW
  double cap_MW = 0;     // 0: none
  double slow_factor = 1;
  double serving_slots = 0, training_slots = 0;  // mean; those that serve, load or drain
  double serving_racks = 0, training_racks = 0;  // the same in racks
};

/// The whole fleet in a bin.
struct FleetBin {
  double arrivals = 0, finished = 0, rejected = 0, lost = 0, retries = 0;
  double unserved_lost = 0, unserved_refused = 0;  // by when they were given up: those once lost, and all others
  double good = 0;                                 // of judged, by time of arrival
  double judged = 0;
  double ttft_sum_s = 0, tpot_sum_s = 0, e2e_sum_s = 0;  // of judged, by time of arrival
};

struct FleetResult {
  FleetRunOptions options;
  RequestCounts requests;
  RequestAmounts amounts;
  TokenCounts tokens;
  TimeQuantiles ttft, tpot, e2e;                       // judged
  std::vector<std::array<TimeQuantiles, 3>> by_model;  // [model] ttft, tpot, e2e
  std::map<int32_t, std::array<TimeQuantiles, 3>> by_priority;
  std::vector<std::vector<SiteBin>> site_bins;  // [site, bin]
  std::vector<FleetBin> bins;                   // [bin]
  std::vector<double> weights;                  // [site] slots in truth for one simulated
  std::vector<int32_t> simulated_slots;         // [site]
  std::vector<FleetEvent> events;
  std::vector<double> outage_arrivals;  // [FleetSpec::outages] requests that arrived in it
  std::vector<JobOutcome> jobs;         // [FleetSpec::jobs]
  std::vector<int32_t> job_slots;       // [FleetSpec::jobs] simulated; 0: the job is too small for the scale
  std::vector<EnergySplit> energy_MWh;  // [site] facility
  bool cancelled = false;

  /// First bin of the hour with most arrivals, and how many bins an hour has.
  [[nodiscard]] std::size_t busiest_bin() const;
  [[nodiscard]] std::size_t bins_per_hour() const;
};

/// Plays the traffic until it ends, and what is under way until it is done or `tail` is over.
///
/// @errors none: a request that nobody serves is counted; books that do not agree are a Bug
/// @cost   about the engine's time; memory by what is in flight, by sites × bins, and by sessions of the last hour
FleetResult run_fleet(const FleetSpec& spec, TrafficSource& traffic, const FleetRunOptions& options);

}  // namespace beltline::serving
