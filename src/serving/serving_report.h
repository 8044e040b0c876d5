// What a day of a fleet came to: tables, and the text that an operator reads first.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "base/language.h"
#include "serving/fleet_run.h"
#include "serving/quantiles.h"
#include "serving/traffic_trace.h"
#include "table/table.h"

namespace beltline::serving {

/// What there is to tell of a simulation.
struct ServingStudy {
  const FleetSpec& fleet;
  std::span<const FleetResult> runs;     // [replication], at least one
  const FleetResult* coarser = nullptr;  // the first again with half as many slots: the error of scaling down
  std::string month;                     // of a run: "2029-12"
  std::string traffic;                   // "Korea, a working day", "trace.csv (azure)"
  std::string traffic_name;              // "korea-day", "trace.csv"
  double traffic_scale = 1;              // times its own rates
  TraceCounts trace = {};                // of a trace: rows
  uint64_t sessions_cut = 0;             // of a generator
  std::vector<std::string> notes = {};   // how models run on racks, and the like
};

/// One figure of the summary.
struct ServingFigure {
  std::string name;
  std::string unit;
  double value = 0;
  double low = 0, high = 0;  // interval of confidence at 95 %, NaN where none
  std::string note;
};

/// What a site's day came to in the first replication, in truth.
struct SiteDay {
  TimeQuantiles ttft, tpot;
  double racks = 0;
  double arrivals = 0, finished = 0;  // requests
  double tokens_in_per_s = 0, tokens_out_per_s = 0;
  double serving_slots = 0, training_slots = 0, serving_racks = 0, training_racks = 0;  // mean
  double load = 0;                    // arrivals over what the replicas that served could have served
  double peak_load = 0, peak_MW = 0;  // highest bin
};
SiteDay site_day(const ServingStudy& study, std::size_t site);

/// Load of the whole fleet in its busiest hour: requests that arrived over what its replicas could have served.
double busiest_load(const FleetResult& result);

/// The first figures: shares, times, tokens, energy. Intervals: of the mean over replications where there are several;
/// with one, of the means of the bins of the busiest hour (batch means), for means of times and shares.
std::vector<ServingFigure> serving_figures(const ServingStudy& study);

/// serving_summary, serving_sites, serving_places, serving_fleet, serving_events, serving_percentiles, serving_balance,
/// serving_replicas, serving_jobs: see docs/serving.md. Series are of the first replication.
std::vector<Table> serving_tables(const ServingStudy& study);

/// Whether something stood for more than itself, and how many requests in truth for one that was simulated, mean.
double scale_down_of(const FleetResult& result);

/// What was played, three lines on how the day went, warnings, and a table by site; at most 40 lines.
std::string serving_text(const ServingStudy& study, Language language);

/// "14:05", "1d 00:05": the clock at a time after the start.
std::string clock_text(const FleetRunOptions& options, Picoseconds at);

}  // namespace beltline::serving
