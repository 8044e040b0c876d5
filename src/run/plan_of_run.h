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

}  // namespace beltline
