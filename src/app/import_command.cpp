#include "app/import_command.h"

#include <algorithm>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "app/options.h"
#include "import/folder.h"

namespace beltline {

void add_import_options(CLI::App& command, ImportArguments& arguments) {
  std::vector<std::string> names;
  std::map<std::string, std::string, std::less<>> options;  // what formats say of an option of one name
  std::string described;
  for (const ImportFormat& format : import_formats()) {
    names.emplace_back(format.name);
    described += fmt::format("\n  {:10}  {}", format.name, format.description);
    for (const ImportOption& option : format.options) {
      std::string& text = options[std::string(option.name)];
      text += fmt::format("{}{}: {}", text.empty() ? "" : "; ", format.name, option.description);
    }
  }
  command.add_option("format", arguments.format, "what the source is:" + described)
      ->required()
      ->check(CLI::IsMember(names));
  command.add_option("source", arguments.source, "file or folder to read")->required();
  command.add_option("-o,--output", arguments.folder, "scenario folder to write")->required();
  command.add_flag("--force", arguments.replace, "replace a scenario that is there already");
  for (const auto& [name, text] : options) {
    command.add_option_function<std::string>(
        "--" + name, [&arguments, name](const std::string& value) { arguments.options[name] = value; }, text);
  }
}

int command_import(const ImportArguments& arguments, bool as_json) {
  const auto format = std::ranges::find(import_formats(), arguments.format, &ImportFormat::name);
  for (const auto& [name, value] : arguments.options) {
    if (std::ranges::find(format->options, name, &ImportOption::name) != format->options.end()) continue;
    fail({fmt::format("--{} is no option of format '{}'", name, arguments.format)}, as_json);
    return kExitUsage;
  }
  Imported imported = format->read(arguments.source, arguments.options);
  imported.diagnostics.sort_and_limit(imported.files);
  const Compiled told{.files = std::move(imported.files), .diagnostics = std::move(imported.diagnostics)};
  const bool failed = told.diagnostics.has_errors() || !imported.draft;
  // of a source that was read, the warnings stand beside the files in the one JSON value
  if (failed || !as_json) report(told, as_json);
  if (failed) return kExitScenario;
  const std::vector<SourceFile> files = imported.draft->files();
  if (const auto written = write_folder(arguments.folder, files, {.replace = arguments.replace}); !written)
    return fail(written.error(), as_json);
  if (as_json) {
    nlohmann::ordered_json json{{"ok", true}, {"folder", arguments.folder}, {"files", nlohmann::json::array()}};
    for (const SourceFile& file : files) json["files"].push_back(file.path);
    json["diagnostics"] = nlohmann::ordered_json::parse(render_json(told.diagnostics, told.files));
    fmt::print("{}\n", json.dump(2));
  } else {
    fmt::print("wrote {}: {} {}\nnext: beltline check {}\n", arguments.folder, files.size(),
               files.size() == 1 ? "file" : "files", arguments.folder);
  }
  return kExitDone;
}

}  // namespace beltline
