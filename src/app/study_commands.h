// Commands that solve more than one plan: branches, alternatives, Pareto fronts, sweeps, windows.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/options.h"
#include "study/branch_run.h"

namespace beltline {

/// Plans a scenario with branches and writes its run folder, each case a run inside it.
int plan_branches_command(const Compiled& root, const CompiledTree& tree, const std::string& run_folder,
                          const StochasticOptions& options, bool as_json);

/// What `explain` and `diff` say where a run folder is of a scenario with branches; nothing where it is not.
std::optional<int> explain_study(const std::string& manifest_json, const std::string& run_folder,
                                 const ExplainOptions& options, bool as_json);
std::optional<int> diff_studies(const std::string& a, const std::string& b, bool all, bool as_json);

}  // namespace beltline
