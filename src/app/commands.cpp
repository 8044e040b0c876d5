// One function a command: arguments in, exit code out. What happens is in run/.
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <optional>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "app/options.h"
#include "app/study_commands.h"
#include "base/count.h"
#include "run/pages.h"
#include "run/run_scenario.h"
#include "study/horizon_run.h"
#include "table/files.h"
#include "table/run_folder.h"

namespace beltline {
namespace {

using Json = nlohmann::ordered_json;
namespace fs = std::filesystem;

Json plan_json(const Compiled& compiled, const RunResult& result, const std::string& run_folder) {
  Json json = Json::parse(result.manifest_json);
  json["run"] = run_folder;
  json["seconds"] = {{"load", compiled.load_s},
                     {"compile", compiled.compile_s},
                     {"formulate", result.statistics.formulate_s},
                     {"solve", result.statistics.solve_s},
                     {"verify", result.statistics.verify_s}};
  json["stages"] = result.statistics.stages;
  for (const Table& table : result.tables) {
    if (table.name != "summary") continue;
    Json figures = Json::array();
    for (std::size_t i = 0; i < table.row_count(); ++i) {
      const double value = table.column("value").numbers()[i];
      figures.push_back({{"system", table.column("system").texts()[i]},
                         {"name", table.column("name").texts()[i]},
                         {"value", std::isfinite(value) ? Json(value) : Json()},
                         {"unit", table.column("unit").texts()[i]}});
    }
    json["figures"] = std::move(figures);
  }
  return json;
}

/// Options that ask for what this scenario, or another of the options, does not allow.
std::optional<std::string> find_wrong_manner(const PlanManner& manner, bool has_branches, const Model& model) {
  const bool has_windows = !manner.rolling.empty() || !manner.myopic.empty();
  if (has_branches && (has_windows || manner.days > 0))
    return "a scenario with branches is planned over its whole horizon: leave out --days, --rolling and --myopic";
  if (!has_branches && manner.method != StochasticMethod::automatic)
    return "--method is for scenarios with branches, and this one has none";
  if (!has_windows && manner.compare) return "--compare goes with --rolling or --myopic";
  if (!has_windows && manner.end_value != EndValue::annuity) return "--end-value goes with --rolling or --myopic";
  if (manner.days > 0) {
    if (const auto days = choose_days(model, 1); !days) return days.error().message;
  }
  return std::nullopt;
}

}  // namespace

int command_plan(const std::string& folder, const std::vector<std::string>& overrides, const std::string& run_folder,
                 PlanOptions options, const PlanManner& manner, bool as_json) {
  Compiled compiled = compile_scenario(folder, overrides);
  const CompiledTree tree = compile_branches(compiled);
  if (report(compiled, as_json)) return kExitScenario;
  if (const auto wrong = find_wrong_manner(manner, !tree.tree.is_empty(), *compiled.model)) {
    fail({*wrong}, as_json);
    return kExitUsage;
  }
  catch_signals();
  options.cancel = &cancel_flag();
  if (!tree.tree.is_empty())
    return plan_branches_command(compiled, tree, run_folder, {.plan = options, .method = manner.method}, as_json);
  const bool has_windows = !manner.rolling.empty() || !manner.myopic.empty();
  RollingOptions rolling{.plan = options, .end_value = manner.end_value};
  if (has_windows) {
    const Calendar& calendar = compiled.model->calendar;
    const std::string& window = manner.rolling.empty() ? manner.myopic : manner.rolling;
    rolling.window = periods_of_duration(window, calendar).value_or(1);
    rolling.step = manner.step.empty() ? (manner.rolling.empty() ? rolling.window : std::max(1, rolling.window / 2))
                                       : periods_of_duration(manner.step, calendar).value_or(1);
    rolling.step = std::min(rolling.step, rolling.window);
  }
  Outcome<RunResult> result = failure("");
  {
    ProgressLine line;
    const OnPlanProgress show = [&](const PlanProgress& progress) { line.show(progress); };
    result = has_windows       ? run_rolling(compiled, rolling, manner.compare, show)
             : manner.days > 0 ? run_days(compiled, {.plan = options, .days = manner.days}, show)
                               : run_plan(compiled, options, show);
  }
  if (!result) return fail(result.error(), as_json);
  const auto written = write_run(run_folder, {.manifest_json = result->manifest_json,
                                              .tables = result->tables,
                                              .texts = {{"summary.txt", result->summary}},
                                              .scenario = scenario_contents(compiled.originals)});
  if (!written) return fail(written.error(), as_json);
  if (as_json) {
    fmt::print("{}\n", plan_json(compiled, *result, run_folder).dump(2));
  } else {
    fmt::print("{}", result->summary);
    const double seconds = compiled.load_s + compiled.compile_s + result->plan.seconds;
    fmt::print("run           {}: {}, planned in {:.1f} s\n", run_folder, counted(result->tables.size(), "table"),
               seconds);
  }
  // a plan of windows or chosen days that ended as it was asked to: its bound is stated, not reached
  const bool as_asked = (has_windows || manner.days > 0) && result->plan.has_point && result->plan.verified &&
                        result->plan.termination == Termination::limit;
  return as_asked ? kExitDone : exit_code(result->plan.termination);
}

int command_check(const std::string& folder, const std::vector<std::string>& overrides, bool as_json) {
  Compiled compiled = compile_scenario(folder, overrides);
  const CompiledTree tree = compile_branches(compiled);
  if (as_json) {
    Json json;
    json["ok"] = !compiled.diagnostics.has_errors() && compiled.model.has_value();
    json["diagnostics"] = Json::parse(render_json(compiled.diagnostics, compiled.files));
    if (compiled.model) {
      const Model& m = *compiled.model;
      json["network"] = {{"periods", m.period_count()},
                         {"slices", m.calendar.slice_count},
                         {"commodities", m.commodities.size()},
                         {"places", m.places.size()},
                         {"nodes", m.nodes.size()},
                         {"processes", m.processes.size()},
                         {"capacities", m.capacities.size()},
                         {"stores", m.stores.size()},
                         {"demands", m.demands.size()},
                         {"limits", m.limits.size()},
                         {"commitments", m.commitments.size()},
                         {"cases", tree.tree.leaves().size()}};
    }
    json["seconds"] = {{"load", compiled.load_s}, {"compile", compiled.compile_s}};
    fmt::print("{}\n", json.dump(2));
    return json["ok"].get<bool>() ? kExitDone : kExitScenario;
  }
  if (report(compiled, false)) return kExitScenario;
  const Model& m = *compiled.model;
  fmt::print("{}: no errors. {} of {}, {}, {}, {}, {}; read in {:.0f} ms\n", folder,
             counted(m.period_count(), "period"), counted(m.calendar.slice_count, "slice"),
             counted(m.places.size(), "place"), counted(m.processes.size(), "process", "processes"),
             counted(m.capacities.size(), "capacity", "capacities"), counted(m.commitments.size(), "commitment"),
             1e3 * (compiled.load_s + compiled.compile_s));
  return kExitDone;
}

int command_init(const std::string& name, bool as_json) {
  const fs::path folder(name);
  std::error_code error;
  if (fs::exists(folder, error) && !(fs::is_directory(folder, error) && fs::is_empty(folder, error))) {
    return fail({fmt::format("'{}' exists already; nothing was written", name)}, as_json);
  }
  fs::create_directories(folder, error);
  if (error) return fail({fmt::format("cannot make folder '{}': {}", name, error.message())}, as_json);
  const fs::path file = folder / "scenario.toml";
  if (const auto written = write_file_atomically(file, first_scenario()); !written)
    return fail(written.error(), as_json);
  if (as_json) {
    fmt::print("{}\n", Json{{"ok", true}, {"files", {file.string()}}}.dump(2));
  } else {
    fmt::print("wrote {}\nnext: beltline check {}; beltline plan {} -o runs/first\n", file.string(), name, name);
  }
  return kExitDone;
}

int command_schema(bool) {
  // The schema is JSON whether asked for as JSON or not.
  fmt::print("{}\n", schema_text());
  return kExitDone;
}

int command_table(const std::string& run_folder, const std::string& name, const std::string& format,
                  const std::string& output, bool as_json) {
  if (name.empty()) {
    const auto names = table_names(run_folder);
    if (!names) return fail(names.error(), as_json);
    if (as_json) {
      fmt::print("{}\n", Json(*names).dump(2));
    } else {
      for (const std::string& each : *names) fmt::print("{}\n", each);
    }
    return kExitDone;
  }
  const auto table = read_run_table(run_folder, name);
  if (!table) return fail(table.error(), as_json);
  std::string bytes;
  if (as_json || format == "json") {
    bytes = to_json(*table) + "\n";
  } else if (format == "csv") {
    bytes = to_csv(*table);
  } else if (format == "parquet" || format == "xlsx") {
    auto packed = format == "xlsx" ? to_xlsx(*table) : to_parquet(*table);
    if (!packed) return fail(packed.error(), as_json);
    bytes = std::move(*packed);
  } else {
    bytes = to_text(*table);
  }
  if (!output.empty()) {
    if (const auto written = write_file_atomically(output, bytes); !written) return fail(written.error(), as_json);
    return kExitDone;
  }
  // what could not be written is seen when the program ends its output
  std::fwrite(bytes.data(), 1, bytes.size(), stdout);
  return kExitDone;
}

int command_verify(const std::string& run_folder, bool as_json) {
  const auto manifest = verify_run(run_folder);
  if (!manifest) return fail(manifest.error(), as_json);
  const Json json = Json::parse(*manifest);
  if (as_json) {
    fmt::print("{}\n", Json{{"ok", true}, {"manifest", json}}.dump(2));
  } else {
    fmt::print("{}: complete, {}, every SHA-256 fits; plan {}\n", run_folder, counted(json["files"].size(), "file"),
               json.value("termination", "?"));
  }
  return kExitDone;
}

int command_docs(const std::string& folder, bool as_json) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) return fail({fmt::format("cannot make folder '{}': {}", folder, error.message())}, as_json);
  Json files = Json::array();
  for (const auto& [name, text] : reference_pages()) {
    const fs::path path = fs::path(folder) / name;
    if (const auto written = write_file_atomically(path, text); !written) return fail(written.error(), as_json);
    files.push_back(path.string());
  }
  if (as_json) {
    fmt::print("{}\n", Json{{"ok", true}, {"files", files}}.dump(2));
  } else {
    for (const auto& file : files) fmt::print("wrote {}\n", file.get<std::string>());
  }
  return kExitDone;
}

}  // namespace beltline
