// OSeMOSYS's data as a folder of CSV files, one a set or parameter, as otoole writes them.
#pragma once

#include <filesystem>

#include "import/formats.h"
#include "import/osemosys_text.h"

namespace beltline::osemosys {

/// Reads REGION.csv (column VALUE), CapitalCost.csv (columns REGION, TECHNOLOGY, YEAR, VALUE in any order), ... A
/// parameter without a file, or a value without a row, has the default that otoole's own configuration gives it, or
/// the `default` of config.yaml in the folder.
///
/// @errors BL0001 no file of a set or parameter, BL0022 a column that is missing, BL0023 a cell that is no number
DataText read_folder(const std::filesystem::path& folder, Imported& out);

}  // namespace beltline::osemosys
