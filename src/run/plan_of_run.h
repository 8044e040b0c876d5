// A run's decisions, read back from its tables.
#pragma once

#include <filesystem>

#include "base/failure.h"
#include "model/plan.h"

namespace beltline {

/// What was decided: orders, what is built, moves, activities in every slice, demand unserved, and levels of stores of
/// amounts, which follow from the balance of their nodes. Of prices those of capacities are read, the sum of a period
/// in its first slice; costs and units on are not.
///
/// @param model  of the run (compile_run)
/// @errors the disk's; a run without these tables, or that names what the model does not have
Outcome<Plan> plan_of_run(const Model& model, const std::filesystem::path& run_folder);

/// The same with what was thrown away, and what levels follow from.
struct RunDecisions {
  Plan plan;
  Values surplus;  // [node, period, slice] amounts thrown away
};
Outcome<RunDecisions> decisions_of_run(const Model& model, const std::filesystem::path& run_folder);

/// Adds the levels of amounts up from what came and went, less what was thrown away:
/// level[t] = (1 − loss) · level[t − 1] + net inflow[t] − surplus[t]. Where several stores share a node, the first is
/// filled before the next.
void fill_levels(const Model& model, const Values& surplus, Plan& plan);

}  // namespace beltline
