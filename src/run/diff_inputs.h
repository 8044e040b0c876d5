// The inputs' side of a difference: what changed in the scenario, and what each change alone is worth.
#pragma once

#include "run/diff.h"

namespace beltline {

/// Entries that differ, in order of name; impacts unknown yet.
std::vector<Cause> changed_entries(const Spec& a, const Spec& b);

/// Fills the impacts of several causes from coarse relaxations of A with one change each, and sorts them by worth.
/// @returns how it was done, in words
Outcome<std::string> weigh_causes(const Compiled& a, const Compiled& b, const DiffOptions& options,
                                  std::vector<Cause>& causes);

/// How far each entry lies from the causes, by references: an entry that names a cause is 1 away. "section.entry" →
/// distance, up to 4; what limits of a cause count (a budget its capacities) is 1 away too.
std::map<std::string, int> distances_from(const std::vector<Cause>& causes, const Spec& spec, const Model& model);

/// Fills share, usd and weight of an impact whose differences are known.
///
/// weight = |share| + tolerance · (|cost| + |missed|) / cost of A, or their sum over A's cost where cost is the goal
/// @param objective, cost_usd  of A, what is missed left out
void rate(const Model& model, double objective, double cost_usd, Impact& impact);

}  // namespace beltline
