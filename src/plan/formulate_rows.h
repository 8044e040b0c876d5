// The rows' bounds: everything of the equations that no decision moves. For src/plan/formulate*.cpp only.
#pragma once

#include <string>

#include "lp/problem.h"
#include "plan/layout.h"

namespace beltline {

inline bool is_money(const std::string& unit) {
  return unit == "USD";
}

inline double availability_of(const Model& model, const Capacity& capacity, int slices, int t, int s) {
  return capacity.availability.present() ? model.at_resolution(capacity.availability, slices, t, s) : 1.0;
}

inline double existing_of(const Model& model, CapacityId k, int t) {
  return model.at_or(model.capacities[k.index()].existing, 0, t);
}

/// Fills row_lower and row_upper; rows over USD are scaled by `money`.
void write_rows(const Model& model, const Layout& layout, double money, lp::Problem& problem);

}  // namespace beltline
