#include "import/osemosys.h"

#include <fmt/format.h>

#include "base/diagnostic_codes.h"
#include "import/osemosys_data.h"
#include "import/osemosys_draft.h"
#include "import/osemosys_folder.h"
#include "import/osemosys_text.h"
#include "import/source.h"

namespace beltline {

Imported import_osemosys(const std::filesystem::path& source, const ImportOptions&) {
  Imported out;
  osemosys::DataText text;
  if (std::filesystem::is_directory(source)) {
    text = osemosys::read_folder(source, out);
  } else {
    const auto file = read_source(source, out);
    if (!file) return out;
    text = osemosys::parse_data(out.files[*file].text, *file, out.diagnostics);
  }
  if (out.diagnostics.has_errors()) return out;
  const auto data = osemosys::check_data(text, out.diagnostics);
  if (!data) return out;
  std::string name = source.filename().string();
  if (name.empty()) name = source.parent_path().filename().string();
  Draft draft = osemosys::DraftMaker(*data, name, out.diagnostics).make();
  if (!out.diagnostics.has_errors()) out.draft = std::move(draft);
  return out;
}

}  // namespace beltline
