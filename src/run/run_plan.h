// The plan of a run, read back from its tables.
#pragma once

#include <filesystem>

#include "run/pipeline.h"

namespace beltline {

/// A run as values: its scenario compiled again, and what was decided.
struct RunPlan {
  Compiled compiled;  // spec and model are there
  Plan plan;          // orders, moves, what is built, activities, unserved demand, levels of amounts; no prices
  Values surplus;     // [node, period, slice] amounts thrown away

  [[nodiscard]] const Model& model() const { return *compiled.model; }
};

/// Reads the decisions of a run from its tables; rows of zeros, which tables leave out, are zeros again.
///
/// See plan_of_run.h for what is read and how levels follow.
/// @errors the disk's; a run that is damaged, holds no plan, or whose scenario this version does not compile
Outcome<RunPlan> read_run_plan(const std::filesystem::path& run_folder);

/// What stands by the orders and moves of a plan alone (docs/formulation.md, section 2), for the whole horizon.
Values built_by(const Model& model, const Plan& plan);

/// Period of a table's label, "2026-03" or "2026"; −1 if the calendar has none.
int period_of_label(const Calendar& calendar, const std::string& label);

}  // namespace beltline
