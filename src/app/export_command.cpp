#include "app/export_command.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "app/options.h"
#include "export/pypsa.h"
#include "import/folder.h"
#include "run/export.h"
#include "table/files.h"
#include "table/gzip.h"

namespace beltline {
namespace {

Outcome<std::vector<std::string>> write_mps(const Compiled& compiled, const std::string& target) {
  auto text = export_mps(compiled);
  if (text && target.ends_with(".gz")) text = to_gzip(*text);
  if (!text) return std::unexpected(text.error());
  if (const auto written = write_file_atomically(target, *text); !written) return std::unexpected(written.error());
  return std::vector{target};
}

/// Empty after diagnostics.
Outcome<std::vector<std::string>> write_pypsa(Compiled& compiled, const ExportArguments& arguments) {
  const std::vector<SourceFile> files =
      pypsa_files(*compiled.model, compiled.spec ? compiled.spec->name : std::string(), compiled.diagnostics);
  std::vector<std::string> names;
  if (compiled.diagnostics.has_errors()) return names;
  const FolderOptions options{.replace = arguments.replace, .main = "snapshots.csv"};
  if (const auto written = write_folder(arguments.target, files, options); !written)
    return std::unexpected(written.error());
  for (const SourceFile& file : files) names.push_back(file.path);
  return names;
}

}  // namespace

int command_export(const ExportArguments& arguments, bool as_json) {
  Compiled compiled = compile_scenario(arguments.source);
  if (compiled.diagnostics.has_errors() || !compiled.model) {
    report(compiled, as_json);
    return kExitScenario;
  }
  const bool is_pypsa = arguments.format == "pypsa";
  const auto files = is_pypsa ? write_pypsa(compiled, arguments) : write_mps(compiled, arguments.target);
  if (!files) return fail(files.error(), as_json);
  compiled.diagnostics.sort_and_limit(compiled.files);
  const bool failed = compiled.diagnostics.has_errors();
  // of a scenario that was written, the warnings stand beside the files in the one JSON value
  if (failed || !as_json) report(compiled, as_json);
  if (failed) return kExitScenario;
  if (as_json) {
    nlohmann::ordered_json json{{"ok", true}};
    if (is_pypsa) json["folder"] = arguments.target;
    json["files"] = *files;
    json["diagnostics"] = nlohmann::ordered_json::parse(render_json(compiled.diagnostics, compiled.files));
    fmt::print("{}\n", json.dump(2));
  } else {
    fmt::print("wrote {}\n", arguments.target);
  }
  return kExitDone;
}

}  // namespace beltline
