// A fleet out of the tables of a plan at a month: racks online by site, power connected, PUE, what is asked for.
#pragma once

#include <filesystem>
#include <string>

#include "base/calendar.h"
#include "base/failure.h"
#include "serving/fleet.h"

namespace beltline::serving {

struct RunFleetOptions {
  YearMonth month;
  std::string region;               // "": the first that the plan serves tokens in
  std::vector<std::string> models;  // that its racks serve; the plan names none
};

/// What the plan says of the service, mean over the month.
struct PlannedService {
  std::string region;
  double tokens_per_s = 0;           // served
  double tokens_from_elsewhere = 0;  // of them, from other regions
  double peak_to_mean = 1;
  /// Share of the region's useful compute that the plan gives to serving.
  double serving_share = 1;
};

struct RunFleet {
  FleetSpec fleet;  // without kinds: see equip_fleet
  PlannedService service;
};

/// Sites of the region with racks online in the month. A site's cap is the power of its connection and plants, by
/// month; racks that the plan uses for training do so as jobs, eight for each kind of rack and site, which serving may
/// preempt.
///
/// @errors the disk's; a run without these tables, a month outside its horizon, a region without sites, and a month in
///         which no rack is online
Outcome<RunFleet> fleet_of_run(const std::filesystem::path& run_folder, const RunFleetOptions& options);

}  // namespace beltline::serving
