// `beltline open RUN --month 2026-06 -o FOLDER`.
#include <map>
#include <memory>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "app/options.h"
#include "app/running_commands.h"
#include "import/folder.h"
#include "run/open_run.h"

namespace beltline {
namespace {

struct OpenArguments {
  std::string run_folder;
  std::string month;
  std::string folder;       // to write
  std::string register_at;  // "": nothing was counted
  bool replace = false;
};

void print(const OpenArguments& arguments, const OpenedScenario& opened, bool as_json) {
  std::map<std::string, int> counts;
  for (const OpeningRow& row : opened.rows) ++counts[row.kind];
  if (as_json) {
    nlohmann::ordered_json json{
        {"ok", true}, {"folder", arguments.folder}, {"opens", arguments.month}, {"opening", opened.opening_file}};
    json["rows"] = counts;
    json["files"] = nlohmann::ordered_json::array();
    for (const SourceFile& file : opened.files) json["files"].push_back(file.path);
    fmt::print("{}\n", json.dump(2));
    return;
  }
  const bool is_korean = output_language() == Language::korean;
  std::string told;
  for (const auto& [kind, count] : counts) told += fmt::format("{}{} {}", told.empty() ? "" : ", ", count, kind);
  if (is_korean) {
    fmt::print("{} 작성: {}부터 계획, 개시 상태 {} ({})\n다음: beltline plan {} -o RUN\n", arguments.folder,
               arguments.month, opened.opening_file, told, arguments.folder);
  } else {
    fmt::print("wrote {}: planned from {} on, with the state in {} ({})\nnext: beltline plan {} -o RUN\n",
               arguments.folder, arguments.month, opened.opening_file, told, arguments.folder);
  }
}

int command_open(const OpenArguments& arguments, bool as_json) {
  const auto run = read_run_plan(arguments.run_folder);
  if (!run) return fail(run.error(), as_json);
  const auto actuals = counted_at(arguments.register_at, run->compiled);
  if (!actuals) return fail(actuals.error(), as_json);
  const auto opened = open_run(*run, *parse_month(arguments.month), *actuals);
  if (!opened) {
    fail(opened.error(), as_json);
    return kExitUsage;
  }
  if (const auto written = write_folder(arguments.folder, opened->files, {.replace = arguments.replace}); !written)
    return fail(written.error(), as_json);
  print(arguments, *opened, as_json);
  return kExitDone;
}

}  // namespace

void add_open_command(const AddCommand& add, const bool& as_json, int& code) {
  auto arguments = std::make_shared<OpenArguments>();
  CLI::App* const open = add("open", "write what is left of a run's plan from a month on as a scenario of its own");
  open->add_option("run", arguments->run_folder, "run folder")->required();
  open->add_option("--month", arguments->month, "first month that is planned: 2026-06")->required()->check(check_month);
  open->add_option("-o,--output", arguments->folder, "scenario folder to write")->required();
  open->add_option("--register", arguments->register_at,
                   "folder with the register of actuals: what was counted takes the place of what was planned");
  open->add_flag("--force", arguments->replace, "replace a scenario that is there already");
  open->callback([arguments, &as_json, &code] { code = command_open(*arguments, as_json); });
}

}  // namespace beltline
