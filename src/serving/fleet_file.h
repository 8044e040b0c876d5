// A fleet as a TOML file.
#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "serving/fleet.h"
#include "serving/fleet_hardware.h"
#include "serving/section_file.h"

namespace beltline::serving {

/// The sections of a fleet's file, for the reader and for docs/serving.md.
std::span<const Section* const> fleet_sections();

/// What reading gives; `spec` is there if no fault was found. Its kinds are those that the file itself measures;
/// `equip_fleet` adds the others.
struct ReadFleet {
  SectionFile file;
  std::optional<FleetSpec> spec;
};

/// @errors those of sections, and BL0109 an unknown model or rack, BL0205 no sites, no models, BL0206 what contradicts
///         itself: zero racks everywhere, shares above 1, a replica larger than its rack
ReadFleet read_fleet(const std::filesystem::path& path);
ReadFleet read_fleet_text(const std::string& name, std::string_view text);

/// Gives each model its replicas on each kind of rack that stands at a site, from the catalogue, where the fleet has
/// none measured.
///
/// @param workload  [model] the requests that its deployment is chosen for
/// @returns notes for people: what runs how, and what does not run where
/// @errors  a model that fits none of the racks
Outcome<std::vector<std::string>> equip_fleet(FleetSpec& fleet, const std::vector<perf::Workload>& workload,
                                              HardwareOptions options = {});

}  // namespace beltline::serving
