// The scenario tree: [branch.NAME] and [risk]. What is not known yet, with what probability, and from when it is known.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "parts/part.h"

namespace beltline {

/// One way on from its parent (or from the root, the scenario as it is written).
struct Branch {
  std::string name;
  std::string title;
  int parent = -1;                // index into BranchTree::branches; -1: the root
  int from = 0;                   // first period in which it differs; earlier decisions are common with its siblings
  double probability = 1;         // given that its parent comes true
  std::vector<std::string> sets;  // as --set takes them
  Origin origin;
};

/// All branches, parents before their children, otherwise by name. Empty for a scenario without branches.
struct BranchTree {
  std::vector<Branch> branches;

  [[nodiscard]] bool is_empty() const { return branches.empty(); }
  /// Branches without children, in order.
  [[nodiscard]] std::vector<int> leaves() const;
  /// From the root's child down to the branch itself.
  [[nodiscard]] std::vector<int> path(int branch) const;
  /// That the branch comes true, seen from the start.
  [[nodiscard]] double probability(int branch) const;
  /// All that its path sets, in order.
  [[nodiscard]] std::vector<std::string> sets(int branch) const;
  /// -1 if there is none of this name.
  [[nodiscard]] int find(const std::string& name) const;
};

/// (1 − weight) · E[cost] + weight · CVaR_level[cost]: the mean cost of the dearest 1 − level of all cases
/// (Rockafellar & Uryasev 2000, Journal of Risk 2:21–41).
struct Risk {
  double weight = 0;
  double level = 0.95;
};

/// @errors BL0200 a branch that parts outside the horizon, BL0206 parents in a circle, siblings that part at different
///         months or not after their parent, probabilities that do not add up to 1
BranchTree read_branches(const Spec& spec, Diagnostics& diagnostics);
Risk read_risk(const Spec& spec);

/// branch, risk: read by src/run/branches.h; compiling them only checks them.
std::span<const Part> branch_parts();

}  // namespace beltline
