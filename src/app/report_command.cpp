#include "app/report_command.h"

#include <filesystem>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "app/options.h"
#include "app/running_commands.h"
#include "report/report.h"
#include "run/commitments.h"
#include "table/files.h"
#include "table/run_folder.h"

namespace beltline {
namespace {

namespace fs = std::filesystem;

/// runs/korea → runs/korea.html; a folder without a name of its own (".", "/") → report.html.
fs::path default_output(const std::string& run_folder) {
  fs::path folder = fs::path(run_folder).lexically_normal();
  if (!folder.has_filename()) folder = folder.parent_path();  // a slash at the end
  const std::string name = folder.filename().string();
  if (name.empty() || name == "." || name == "..") return "report.html";
  return folder.parent_path() / (name + ".html");
}

/// What was promised, planned and delivered, for the page: made from the run and the register, so that what is counted
/// later is on it too. Nothing where the run holds no plan or no promise.
Outcome<void> add_promises(const ReportArguments& arguments, std::vector<Table>& tables) {
  const auto run = read_run_plan(arguments.run_folder);
  if (!run) {
    // a run without a plan, or of an older version, has its page all the same
    if (arguments.register_at.empty()) return {};
    return std::unexpected(run.error());
  }
  const auto actuals = counted_at(arguments.register_at, run->compiled);
  if (!actuals) return std::unexpected(actuals.error());
  const auto promises = promises_of(*run, *actuals, {});
  if (!promises) return std::unexpected(promises.error());
  Table table = promises_table(*promises, run->model().calendar);
  if (table.row_count() > 0) tables.push_back(std::move(table));
  return {};
}

}  // namespace

int command_report(const ReportArguments& arguments, bool as_json) {
  const auto manifest = verify_run(arguments.run_folder);
  if (!manifest) return fail(manifest.error(), as_json);
  const auto names = table_names(arguments.run_folder);
  if (!names) return fail(names.error(), as_json);
  std::vector<Table> tables;
  for (const std::string& name : *names) {
    auto table = read_run_table(arguments.run_folder, name);
    if (!table) return fail(table.error(), as_json);
    tables.push_back(std::move(*table));
  }
  if (const auto added = add_promises(arguments, tables); !added) return fail(added.error(), as_json);
  const auto page = report_html(*manifest, tables, {.language = arguments.language});
  if (!page) return fail(page.error(), as_json);
  const fs::path output = arguments.output.empty() ? default_output(arguments.run_folder) : fs::path(arguments.output);
  if (const auto written = write_file_atomically(output, *page); !written) return fail(written.error(), as_json);
  if (as_json) {
    nlohmann::ordered_json json = {{"ok", true}, {"report", output.string()}, {"bytes", page->size()}};
    fmt::print("{}\n", json.dump(2));
  } else {
    fmt::print("wrote {} ({} kB): open it in any browser\n", output.string(), (page->size() + 999) / 1000);
  }
  return kExitDone;
}

}  // namespace beltline
