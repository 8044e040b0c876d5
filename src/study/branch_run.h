// A scenario with branches, from its cases to what a run folder holds.
#pragma once

#include <string>
#include <vector>

#include "run/branches.h"
#include "run/pipeline.h"
#include "study/stochastic.h"

namespace beltline {

/// One case as a run of its own, below "branches/" of the whole.
struct BranchRun {
  std::string path;  // "branches/low"
  const Compiled* compiled = nullptr;
  RunResult result;
};

/// What planning a scenario with branches gives, before it is written.
struct BranchStudy {
  StochasticPlan plan;
  std::vector<Table> tables;  // branches, value, common_orders, and the cases' figures side by side
  std::string summary;
  std::string manifest_json;
  std::vector<BranchRun> runs;
};

/// The cases of a tree, as plan_stochastic takes them.
std::vector<Case> cases_of(const CompiledTree& tree);

/// Plans all cases at once (study/stochastic.h) and tells each as a run of its own.
/// @param root  the scenario as it is written; it and `tree` outlive the result
/// @errors of the operating system
Outcome<BranchStudy> plan_branches(const Compiled& root, const CompiledTree& tree, const StochasticOptions& options,
                                   const OnPlanProgress& on_progress = {});

/// What `explain` says of the whole: how it ends, what each case costs, what is decided for all, what knowing is worth.
std::string branches_text(const std::string& manifest_json, const std::vector<Table>& tables, Language language);
std::string branches_json(const std::string& manifest_json, const std::vector<Table>& tables);

/// Whether a manifest is that of a scenario with branches, and the paths of its cases' runs by branch.
std::vector<std::pair<std::string, std::string>> branch_paths(const std::string& manifest_json);

}  // namespace beltline
