// Scenarios with branches on the command line.
#include <algorithm>
#include <optional>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "app/study_commands.h"
#include "base/count.h"
#include "run/diff.h"
#include "run/run_scenario.h"
#include "table/run_folder.h"

namespace beltline {
namespace {

using Json = nlohmann::ordered_json;

Outcome<std::vector<Table>> read_tables(const std::string& run_folder, std::initializer_list<const char*> wanted) {
  const auto names = table_names(run_folder);
  if (!names) return std::unexpected(names.error());
  std::vector<Table> tables;
  for (const char* name : wanted) {
    if (std::ranges::find(*names, name) == names->end()) continue;
    auto table = read_run_table(run_folder, name);
    if (!table) return std::unexpected(table.error());
    tables.push_back(std::move(*table));
  }
  return tables;
}

/// What the two runs compare: cases of one name, or every case of one with the other run as a whole.
struct Pair {
  std::string branch, a, b;
};

std::vector<Pair> pairs_of(const std::string& a, const std::string& manifest_a, const std::string& b,
                           const std::string& manifest_b) {
  const auto in_a = branch_paths(manifest_a), in_b = branch_paths(manifest_b);
  std::vector<Pair> pairs;
  for (const auto& [branch, path] : in_a) {
    if (in_b.empty()) pairs.push_back({branch, a + "/" + path, b});
    for (const auto& [other, other_path] : in_b) {
      if (other == branch) pairs.push_back({branch, a + "/" + path, b + "/" + other_path});
    }
  }
  for (const auto& [branch, path] : in_b) {
    if (in_a.empty()) pairs.push_back({branch, a, b + "/" + path});
  }
  return pairs;
}

/// What a study of many solves said of itself.
int explain_text_of(const std::string& run_folder, Language language, bool as_json) {
  const auto text = read_run_file(run_folder, language == Language::korean ? "summary_ko.txt" : "summary.txt");
  if (!text) return fail(text.error(), as_json);
  if (as_json) {
    fmt::print("{}\n", Json{{"text", *text}}.dump(2));
  } else {
    fmt::print("{}", *text);
  }
  return kExitDone;
}

}  // namespace

int plan_branches_command(const Compiled& root, const CompiledTree& tree, const std::string& run_folder,
                          const StochasticOptions& options, bool as_json) {
  Outcome<BranchStudy> study = failure("");
  {
    ProgressLine line;
    study = plan_branches(root, tree, options, [&](const PlanProgress& progress) { line.show(progress); });
  }
  if (!study) return fail(study.error(), as_json);
  RunContents contents{.manifest_json = study->manifest_json,
                       .tables = study->tables,
                       .texts = {{"summary.txt", study->summary}},
                       .scenario = scenario_contents(root.originals)};
  for (const BranchRun& run : study->runs) {
    contents.runs.emplace_back(run.path, RunContents{.manifest_json = run.result.manifest_json,
                                                     .tables = run.result.tables,
                                                     .texts = {{"summary.txt", run.result.summary}},
                                                     .scenario = scenario_contents(run.compiled->originals)});
  }
  const auto written = write_run(run_folder, contents);
  if (!written) return fail(written.error(), as_json);
  if (as_json) {
    Json json = Json::parse(study->manifest_json);
    json["run"] = run_folder;
    json["seconds"] = study->plan.seconds;
    json["stages"] = study->plan.statistics.stages;
    fmt::print("{}\n", json.dump(2));
  } else {
    fmt::print("{}", study->summary);
    fmt::print("run           {}: {}, and {} below branches/, planned in {:.1f} s\n", run_folder,
               counted(study->tables.size(), "table"), counted(study->runs.size(), "case"), study->plan.seconds);
  }
  return exit_code(study->plan.termination);
}

std::optional<int> explain_study(const std::string& manifest_json, const std::string& run_folder,
                                 const ExplainOptions& options, bool as_json) {
  const Json manifest_of_whole = Json::parse(manifest_json);
  const std::string study = manifest_of_whole.value("study", "");
  if (study.empty()) return std::nullopt;
  if (study != "branches") return explain_text_of(run_folder, options.language, as_json);
  const auto tables = read_tables(run_folder, {"branches", "value", "common_orders"});
  if (!tables) return fail(tables.error(), as_json);
  Json json = as_json ? Json::parse(branches_json(manifest_json, *tables)) : Json();
  if (!as_json) fmt::print("{}", branches_text(manifest_json, *tables, options.language));
  for (const auto& [branch, path] : branch_paths(manifest_json)) {
    const std::string folder = run_folder + "/" + path;
    const auto manifest = verify_run(folder);
    if (!manifest) return fail(manifest.error(), as_json);
    const auto own = read_tables(folder, {"late", "late_chain", "worth", "names", "shortages", "changes"});
    if (!own) return fail(own.error(), as_json);
    if (as_json) {
      json["cases"][branch] = Json::parse(explain_json(*manifest, *own, options));
    } else {
      fmt::print("\n── {} ──\n{}", branch, explain_text(*manifest, *own, options));
    }
  }
  if (as_json) fmt::print("{}\n", json.dump(2));
  return kExitDone;
}

std::optional<int> diff_studies(const std::string& a, const std::string& b, bool all, bool as_json) {
  const auto manifest_a = verify_run(a), manifest_b = verify_run(b);
  if (!manifest_a || !manifest_b) return std::nullopt;  // told by the comparison itself
  if (branch_paths(*manifest_a).empty() && branch_paths(*manifest_b).empty()) return std::nullopt;
  const std::vector<Pair> pairs = pairs_of(a, *manifest_a, b, *manifest_b);
  if (pairs.empty()) return fail({"the two runs have no branch in common"}, as_json);
  Json json;
  for (const Pair& pair : pairs) {
    const auto difference = compare_runs(pair.a, pair.b, {.cancel = &cancel_flag()});
    if (!difference) return fail(difference.error(), as_json);
    if (as_json) {
      json["branches"][pair.branch] = Json::parse(difference_json(*difference));
    } else {
      fmt::print("── {} ──\n{}\n", pair.branch, difference_text(*difference, all));
    }
  }
  if (as_json) fmt::print("{}\n", json.dump(2));
  return kExitDone;
}

}  // namespace beltline
