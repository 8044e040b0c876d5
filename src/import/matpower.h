// MATPOWER cases as scenarios: what a DC optimal power flow solves, in the language of the network.
#pragma once

#include "import/formats.h"

namespace beltline {

/// Options of `beltline import matpower`.
std::span<const ImportOption> matpower_options();

/// Reads a case file (*.m, version 1 or 2), or the folder of a KPG 193 release, whose network/m holds one.
///
/// @errors  what the text says wrong, each with line and column; what a DC optimal power flow cannot hold. All at once.
/// @cost    O(text); a case of 3,000 buses takes less than a second
Imported import_matpower(const std::filesystem::path& source, const ImportOptions& options);

}  // namespace beltline
