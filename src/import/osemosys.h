// OSeMOSYS models: the data section of GNU MathProg, or a folder with one CSV file a set and parameter.
#pragma once

#include <filesystem>

#include "import/formats.h"

namespace beltline {

/// Reads a model of OSeMOSYS (the long form of 2017 to 2023) into a scenario whose plan costs the model's total
/// discounted cost.
///
/// @errors of osemosys::parse_data and osemosys::check_data; BL0001, BL0003, BL0004 the file; BL0206 what the scenario
///         cannot hold
Imported import_osemosys(const std::filesystem::path& source, const ImportOptions& options);

}  // namespace beltline
