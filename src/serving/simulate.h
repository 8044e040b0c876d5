// From a fleet and a traffic to tables and text: what `beltline serving` does.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/calendar.h"
#include "base/diagnostic.h"
#include "base/failure.h"
#include "serving/serving_report.h"
#include "table/table.h"

namespace beltline::serving {

struct ServingRequest {
  std::string fleet;    // a run folder, or a TOML file
  std::string traffic;  // a word, a TOML file, or a trace
  std::string format;   // of a trace; "": by its first line
  FaultPolicy on_fault = FaultPolicy::stop;
  std::optional<YearMonth> month;    // of a run; its last without it
  std::string region;                // of a run
  std::vector<std::string> models;   // of a run
  std::string engines;               // of a run: a TOML file of [engine.NAME] and [split.NAME]; "": none
  std::vector<std::string> outages;  // "ulsan@12:00+3h"
  double ttft_s = 0, tpot_s = 0;     // 0: as the fleet has them
  double begin_h = 0;                // clock at which the traffic begins
  std::string from, duration;        // "90min", "1d"; "": all of a trace, a day of a model
  double scale = 0;                  // times the traffic's own rate; 0: 1, or of a run what the plan serves
  double rate = 0;                   // instead: requests a second, mean
  double load = 0;                   // instead: of the busiest hour, in flight over places
  double scale_down = 0;             // 0: so that about `requests_max` are simulated
  double requests_max = 2'000'000;
  double warm_up_s = -1;  // −1: ten minutes, or a tenth of a shorter traffic
  double bin_s = 300;
  bool checks_scale = true;  // again with half as many slots, where there are fewer than in truth
  uint64_t seed = 1;
  int replications = 1;
  int thread_count = 1;
  std::function<bool(double)> on_progress = {};  // share done; false stops. From one thread at a time
};

struct ServingAnswer {
  // of the fleet's file, the traffic's file or the trace, whichever has faults; `found` is there if none is an error
  SourceFiles files;
  Diagnostics diagnostics;
  struct Found {
    std::vector<Table> tables;
    std::string text, text_ko;
    std::string manifest_json;
    std::vector<ServingFigure> figures;
    std::vector<std::pair<std::string, std::string>> inputs;  // files that it was made from
    bool cancelled = false;
  };
  std::optional<Found> found;
};

/// @errors the disk's; a model that fits no rack; options that contradict each other or the fleet
Outcome<ServingAnswer> simulate_serving(const ServingRequest& request);

/// "ulsan@12:00+3h" as site, begin and duration after midnight; nothing where it is none.
struct OutageText {
  std::string site;
  Picoseconds begin = 0, duration = 0;
};
std::optional<OutageText> parse_outage(std::string_view text);
/// "90s", "30min", "3h", "1d"; nothing where it is none.
std::optional<Picoseconds> parse_span(std::string_view text);

}  // namespace beltline::serving
