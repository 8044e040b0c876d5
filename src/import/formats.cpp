#include "import/formats.h"

#include <array>

#include "import/frepple.h"
#include "import/matpower.h"
#include "import/osemosys.h"
#include "import/pypsa.h"

namespace beltline {

std::span<const ImportFormat> import_formats() {
  static const auto kFormats = std::to_array<ImportFormat>({
      {.name = "frepple",
       .description = "frePPLe model: its XML",
       .read = import_frepple,
       .options = frepple_options()},
      {.name = "matpower",
       .description = "MATPOWER or PGLib case: a file *.m, or a KPG 193 folder",
       .read = import_matpower,
       .options = matpower_options()},
      {.name = "osemosys",
       .description = "OSeMOSYS model: its data in GNU MathProg, or as a folder of CSV files",
       .read = import_osemosys},
      {.name = "pypsa", .description = "PyPSA network: a CSV folder or a netCDF file", .read = import_pypsa},
  });
  return kFormats;
}

}  // namespace beltline
