// [engine.NAME] and [split.NAME] of a fleet's file.
#pragma once

#include <filesystem>
#include <string>

#include "scenario/schema.h"
#include "serving/fleet.h"
#include "serving/section_file.h"

namespace beltline::serving {

extern const Section kFleetEngineSection;
extern const Section kFleetSplitSection;

/// Index of one of the fleet's models; −1 after BL0109 where it has none of the name.
int32_t served_model_index(SectionFile& file, const FleetSpec& fleet, const std::string& name, const Origin& origin);

/// Reads both sections into a fleet whose models and sites are there. Replicas take them over by `apply_settings`.
/// @errors BL0109 a model that is not served, BL0104 two for the same, BL0206 what contradicts itself: more sequences
///         than a step decodes tokens, a static batch that is split
void read_engines(SectionFile& file, FleetSpec& fleet);

/// A file of these sections alone, for a fleet that is no file itself.
/// @errors those of read_sections and of read_engines
SectionFile read_engine_file(const std::filesystem::path& path, FleetSpec& fleet);

}  // namespace beltline::serving
