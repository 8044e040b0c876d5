#include "app/report_command.h"

#include <algorithm>
#include <filesystem>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "app/options.h"
#include "app/running_commands.h"
#include "report/joined_runs.h"
#include "report/report.h"
#include "run/commitments.h"
#include "run/inputs.h"
#include "run/page_tables.h"
#include "run/provenance_table.h"
#include "run/run_scenario.h"
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

Outcome<ReportRun> read_run(const std::string& folder) {
  auto manifest = verify_run(folder);
  if (!manifest) return std::unexpected(manifest.error());
  const auto names = table_names(folder);
  if (!names) return std::unexpected(names.error());
  ReportRun run{.name = folder, .manifest_json = std::move(*manifest), .tables = {}};
  for (const std::string& name : *names) {
    auto table = read_run_table(folder, name);
    if (!table) return std::unexpected(table.error());
    run.tables.push_back(std::move(*table));
  }
  return run;
}

/// A plan tells what its scenario's things are called and where its values came from; a study does not, and gets it
/// from the scenario that it kept. One that another version no longer reads leaves the page without titles.
void add_scenario_tables(const std::string& run_folder, std::vector<Table>& tables) {
  const auto has = [&](std::string_view name) { return std::ranges::find(tables, name, &Table::name) != tables.end(); };
  if (has("names")) return;
  const auto compiled = compile_run(run_folder);
  if (!compiled || !compiled->model) return;
  const auto add = [&](Table table) {
    if (!has(table.name)) tables.push_back(std::move(table));
  };
  add(names_table(*compiled->spec));
  add(inputs_table(*compiled->spec));
  add(provenance_table(*compiled->spec, *compiled->model));
}

/// Room of each further run in a page, beside that of the plan.
constexpr std::size_t kFurtherSizeMax = 1'000'000;

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
  std::vector<std::string> folders = {arguments.run_folder};
  folders.insert(folders.end(), arguments.further.begin(), arguments.further.end());
  std::vector<ReportRun> runs;
  for (const std::string& folder : folders) {
    auto run = read_run(folder);
    if (!run) return fail(run.error(), as_json);
    runs.push_back(std::move(*run));
  }
  auto joined = join_runs(std::move(runs));
  if (!joined) return fail(joined.error(), as_json);
  add_scenario_tables(arguments.run_folder, joined->tables);
  if (const auto added = add_promises(arguments, joined->tables); !added) return fail(added.error(), as_json);
  ReportOptions options{.language = arguments.language, .runs_json = joined->runs_json};
  options.size_max += kFurtherSizeMax * arguments.further.size();
  const auto page = report_html(joined->manifest_json, joined->tables, options);
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
