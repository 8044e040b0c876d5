// The cases of a scenario with branches: each compiled to a Model of its own.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "parts/branch.h"
#include "run/pipeline.h"

namespace beltline {

/// One branch of the tree, with all that its path changes.
struct CompiledBranch {
  int branch = -1;  // index into the tree
  Compiled compiled;
};

/// The tree of a scenario and a Model for each branch, in the tree's order.
struct CompiledTree {
  BranchTree tree;
  Risk risk;
  std::vector<CompiledBranch> branches;  // [branch]

  [[nodiscard]] const Model& model(int branch) const {
    return *branches[static_cast<std::size_t>(branch)].compiled.model;
  }
};

/// Compiles every branch: the scenario's files with what the branch's path sets, and with the values that its parent
/// has in the periods before `from`.
///
/// @param root         compiled without errors
/// @param diagnostics  in: of the root; out: also what the branches' changes raise. Their places are in root.files, to
///                     which a file "branch.NAME" is added for each branch that something is said of
/// @returns an empty tree for a scenario without branches, or after errors
CompiledTree compile_branches(Compiled& root);

/// One branch alone, by its name: what compile_run does with the run of a branch.
Compiled compile_branch(const std::vector<SourceFile>& files, const LoadOptions& options, const std::string& branch);

}  // namespace beltline
