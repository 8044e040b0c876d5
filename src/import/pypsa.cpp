#include "import/pypsa.h"

namespace beltline {

Imported import_pypsa(const std::filesystem::path&, const ImportOptions&) {
  return {};
}

}  // namespace beltline
