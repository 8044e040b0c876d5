// Models of frePPLe, its XML.
#pragma once

#include <filesystem>
#include <span>

#include "import/formats.h"

namespace beltline {

/// Options that the format has: --period, how long a period is.
std::span<const ImportOption> frepple_options();

/// Reads a model of frePPLe (8 and later; older tags where they mean the same) into a scenario whose plan delivers each
/// order as early after its due date as the model's lead times, materials and resources permit, orders of higher
/// priority first.
///
/// @errors of frepple::parse_xml, read_model, make_network and make_grid; BL0001..BL0005 the file; BL0206 a bad option
Imported import_frepple(const std::filesystem::path& source, const ImportOptions& options);

}  // namespace beltline
