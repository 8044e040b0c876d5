// What a play is asked for: series by period, and milestones.
#pragma once

#include <string>
#include <vector>

#include "risk/play.h"

namespace beltline {

/// One term of a series, told by what is played.
struct PlayTerm {
  enum class Source : uint8_t { constant, operation, flow, online, spend, stock };
  Source source = Source::constant;
  int index = -1;                   // operation, flow, capacity or stock
  std::vector<double> coefficient;  // [period] per unit; of `spend`, USD counted so much
  std::vector<double> base;         // [period] of flows: the plan's activity; online: what exists; constant: the value
  int slot = -1;                    // of its cost
  int existing_slot = -1;           // online: of what exists

  bool operator==(const PlayTerm&) const = default;
};

/// A number by period.
struct PlaySeries {
  std::string table, name, unit, place;
  Titles titles;
  std::string entry;  // of the scenario
  bool is_shown = true;
  std::vector<PlayTerm> terms;
};

/// A milestone's series reaches its quantity in its period.
struct PlayMilestone {
  Milestone milestone;
  int series = -1;
  double planned = 0;       // what the plan has in that period
  int planned_period = -1;  // the first period in which the plan has it; −1: never
  bool is_of_plan = false;  // nine tenths of what the plan itself has at the end of a year

  /// To rounding: what adds up a thousand racks reaches its sum.
  [[nodiscard]] double reached_at() const { return milestone.quantity * (1 - 1e-6); }
  [[nodiscard]] bool is_planned() const { return planned >= reached_at(); }
};

struct Observation {
  std::vector<PlaySeries> series;
  std::vector<PlayMilestone> milestones;
};

/// Series of the plan's measures: those of the whole programme, the belt, memory and services, `spend` (all money) and
/// those whose name is in `extra`; milestones of the Model, of its commitments, and of the plan's own IT power at the
/// end of each year.
Observation make_observation(const Play& play, const std::vector<std::string>& extra = {});

}  // namespace beltline
