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
  std::string traffic;                   // "korea-day", "trace.csv (azure)"
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

/// Load of the whole fleet in its busiest hour: requests that arrived over what its replicas could have served.
double busiest_load(const FleetResult& result);

/// The first figures: shares, times, tokens, energy. Intervals: of the mean over replications where there are several;
/// with one, of the means of the bins of the busiest hour (batch means), for means of times and shares.
std::vector<ServingFigure> serving_figures(const ServingStudy& study);

/// serving_summary, serving_sites, serving_places, serving_fleet, serving_events, serving_percentiles, serving_balance,
/// serving_replicas, serving_jobs: see docs/serving.md. Series are of the first replication.
std::vector<Table> serving_tables(const ServingStudy& study);

/// Three lines on how the day went, warnings, and a table by site; at most 40 lines.
std::string serving_text(const ServingStudy& study, Language language);

/// "14:05", "1d 00:05": the clock at a time after the start.
std::string clock_text(const FleetRunOptions& options, Picoseconds at);

}  // namespace beltline::serving
