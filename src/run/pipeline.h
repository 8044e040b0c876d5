// The program, from a scenario folder to a run folder. Whoever reads pipeline.cpp knows what Beltline does.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "plan/planner.h"
#include "scenario/load.h"
#include "table/table.h"

namespace beltline {

/// A scenario that was read, checked and compiled, with everything that was found on the way.
struct Compiled {
  SourceFiles files;
  Diagnostics diagnostics;
  std::vector<SourceFile> originals;  // the scenario's files byte for byte
  std::optional<Spec> spec;           // absent after an error in the text
  std::optional<Model> model;         // absent after any error
  std::string branch;                 // of a tree (run/branches.h); "": the scenario as it is written
  std::size_t branch_set_count = 0;   // of spec->overrides, the last ones: what the branch's path sets
  std::shared_ptr<const Model> past;  // of a branch: the parent, whose values hold before `past_end`
  int past_end = 0;                   // period
  double load_s = 0;
  double compile_s = 0;
};

/// Gives a model that was compiled from a branch's changed scenario the past that the branch has.
void keep_past(const Compiled& branch, Model& model);

/// scenario files → Spec → Model, with loops that make something from nothing refused.
///
/// @param overrides  what-ifs such as "site.ulsan.online=2029-06" (scenario/override.h)
Compiled compile_scenario(const std::filesystem::path& folder, const std::vector<std::string>& overrides = {});

/// The same from texts in memory, such as those that a run kept.
Compiled compile_texts(const std::vector<SourceFile>& files, const LoadOptions& options);

/// Everything a run gives, before it is written.
struct RunResult {
  Plan plan;
  PlanStatistics statistics;
  std::vector<Table> tables;
  std::string summary;        // for people, at most 40 lines
  std::string manifest_json;  // see write_run
};

/// Model → Plan → tables → summary. Touches no file.
Outcome<RunResult> run_plan(const Compiled& compiled, const PlanOptions& options,
                            const OnPlanProgress& on_progress = {});

/// The same of a plan that was made otherwise, such as one case of a stochastic plan.
Outcome<RunResult> run_result(const Compiled& compiled, Plan plan, PlanStatistics statistics,
                              const PlanOptions& options, const OnPlanProgress& on_progress = {});

/// The version of the program: "0.1.0".
std::string version();

}  // namespace beltline
