// What a plan, and what was counted since, leave at the beginning of a month: the rows of the section opening.
#pragma once

#include <string>
#include <vector>

#include "run/actuals.h"
#include "run/run_plan.h"

namespace beltline {

/// One row of the section opening (parts/opening.h).
struct OpeningRow {
  std::string kind;
  std::string of;
  std::string place;  // "" where the kind has none
  double quantity = 0;
  std::string unit;   // "" for a plain number
  std::string month;  // "" where the kind has none
};

/// The state at the beginning of period `first`: what was decided before it, as far as nothing else was counted.
///
/// Counts take the place of the plan where there are any: what was ordered and what ran in a month, the yield of what
/// was started, the level of a stock and the capacity online in the last month counted. Of capacity of which less is
/// online than orders had to bring, the rest is an open order for the opening month; more than that is not there.
/// @param first  0 < first < period_count
/// @returns rows in the order of kinds and of the model; zeros are left out
std::vector<OpeningRow> opening_rows(const RunPlan& run, int first, const Actuals& actuals);

/// The rows as a CSV of the section opening.
std::string opening_csv(const std::vector<OpeningRow>& rows);

}  // namespace beltline
