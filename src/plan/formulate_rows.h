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

/// What the level of a store may be at most, and must be at least, per unit of its level capacity.
inline double level_share(const Model& model, const Store& store, Series share, double otherwise, int slices, int t,
                          int s) {
  return store.level_per_unit * (share.present() ? model.at_resolution(share, slices, t, s) : otherwise);
}

/// Hours that slice s of a store adds to its level, and the slice that follows it in its group.
struct StoreStep {
  double hours = 1;
  int next = 0;
  bool is_first = false;  // of its group
  bool is_last = false;
};
inline StoreStep store_step(const Model& model, int slices, int s) {
  if (slices == 1) return {.hours = model.calendar.group_hours(), .next = 0, .is_first = true, .is_last = true};
  const int group = model.calendar.group_size;
  const int into = s % group;
  return {.hours = model.calendar.step(s),
          .next = s - into + (into + 1) % group,
          .is_first = into == 0,
          .is_last = into == group - 1};
}

inline double existing_of(const Model& model, CapacityId k, int t) {
  return model.at_or(model.capacities[k.index()].existing, 0, t);
}

/// Fills row_lower and row_upper; rows over USD are scaled by `money`.
void write_rows(const Model& model, const Layout& layout, double money, lp::Problem& problem);

}  // namespace beltline
