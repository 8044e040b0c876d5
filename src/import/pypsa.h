// PyPSA networks as scenarios: what `Network.optimize` solves, in the language of the network.
#pragma once

#include "import/formats.h"

namespace beltline {

/// Reads a CSV folder (Network.export_to_csv_folder) or a netCDF file (export_to_netcdf).
///
/// @errors what cannot be read, and what a plan cannot say, each with component, attribute and value; all at once.
///         Columns that PyPSA does not know are warnings.
Imported import_pypsa(const std::filesystem::path& source, const ImportOptions& options);

}  // namespace beltline
