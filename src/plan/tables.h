// Plan → tables, in the words of the network.
#pragma once

#include <vector>

#include "model/plan.h"
#include "table/table.h"

namespace beltline {

/// builds, moves, capacity, activity, dispatch, balance, spending, accounts, limits, commitments, binding,
/// unit_commitment where units are committed, and one table for each name that measures carry. Rows are in the order of
/// the Model's entities, then periods; zeros are left out where a table says so in its title.
std::vector<Table> plan_tables(const Model& model, const Plan& plan);

/// Σ coefficient · term + constant of a measure in period t, in its unit.
double measure_value(const Model& model, const Plan& plan, const Measure& measure, int t);

}  // namespace beltline
