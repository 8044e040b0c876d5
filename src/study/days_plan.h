// A plan of a long chronology found on a few of its days, with its error stated.
#pragma once

#include "plan/planner.h"
#include "study/days.h"

namespace beltline {

struct DaysOptions {
  PlanOptions plan;
  int days = 12;  // of each period
};

struct DaysPlan {
  Plan plan;  // of all hours, verified; its bound is proved on all hours
  Days days;
  double chosen = 0;        // the objective on the chosen days alone
  bool reinforced = false;  // the orders of the chosen days left some hour without a plan and were added to
  std::string bound_how;    // what proves the bound, or why nothing does
  PlanStatistics statistics;
};

/// Chooses days (study/days.h), plans on them with the stores' levels kept through all days, then runs all hours with
/// the orders so found: what that costs is a plan of the whole, and stated as such. The lower bound is the whole
/// averaged over the days that belong together (study/day_problem.h).
///
/// @errors a calendar without a long chronology; of the operating system
/// @cost three LPs, of which the one of all hours has its capacities held
Outcome<DaysPlan> plan_days(const Model& model, const DaysOptions& options, const OnPlanProgress& on_progress = {});

}  // namespace beltline
