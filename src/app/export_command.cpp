#include "app/export_command.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "app/options.h"
#include "run/export.h"
#include "table/files.h"
#include "table/gzip.h"

namespace beltline {

int command_export(const ExportArguments& arguments, bool as_json) {
  const Compiled compiled = compile_scenario(arguments.source);
  if (report(compiled, as_json)) return kExitScenario;
  auto text = export_mps(compiled);
  if (text && arguments.target.ends_with(".gz")) text = to_gzip(*text);
  if (!text) return fail(text.error(), as_json);
  if (const auto written = write_file_atomically(arguments.target, *text); !written)
    return fail(written.error(), as_json);
  if (as_json) {
    fmt::print("{}\n", nlohmann::ordered_json{{"ok", true}, {"files", {arguments.target}}}.dump(2));
  } else {
    fmt::print("wrote {}\n", arguments.target);
  }
  return kExitDone;
}

}  // namespace beltline
