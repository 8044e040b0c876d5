#include "import/formats.h"

#include <array>

#include "import/pypsa.h"

namespace beltline {

std::span<const ImportFormat> import_formats() {
  static constexpr auto kFormats = std::to_array<ImportFormat>({
      {.name = "pypsa", .description = "PyPSA network: a CSV folder or a netCDF file", .read = import_pypsa},
  });
  return kFormats;
}

}  // namespace beltline
