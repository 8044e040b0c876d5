// A support desk over a week: calls by the hour, agents for a service level, shifts that cover them, persons paid.
#pragma once

#include <array>
#include <optional>

#include "queue/shifts.h"
#include "queue/staffing.h"

namespace beltline::queue {

inline constexpr std::size_t kHoursOfWeek = 168;

/// What comes to a desk in a week. Hour 0 is the first of Monday.
struct DeskLoad {
  std::array<double, kHoursOfWeek> tickets = {};  // tier 1, answered at once
  double handle_minutes = 0;                      // of a ticket in tier 1
  double passed_on = 0;                           // share of tickets for tier 2, which can wait
  double passed_on_minutes = 0;                   // of work on such a ticket
};

struct DeskRules {
  ServiceTarget target;  // of tier 1; its time in minutes, as all times here
  std::optional<double> patience_minutes = {};
  std::array<bool, kHoursOfWeek> is_open = {};
  int shift_hours = 8;
  double paid_hours_week = 40;  // of a person
  double shrinkage = 0.3;       // of paid time
  double passed_on_occupancy = 0.85;
};

struct DeskWeek {
  std::array<double, kHoursOfWeek> tickets = {};
  std::array<int, kHoursOfWeek> required = {};  // agents that the target takes, tier 1
  std::array<int, kHoursOfWeek> on_duty = {};   // agents that the shifts bring
  std::array<AgentService, kHoursOfWeek> service = {};
  int shifts = 0;            // a week, tier 1
  double tier1_persons = 0;  // there, on a roster: as many as the fullest day has shifts, at least
  double tier2_persons = 0;  // there
  double paid_persons = 0;   // both tiers, with shrinkage
  double service_level = 0;  // of all tickets of the week
  double abandoned = 0;      // share of them
  double occupancy = 0;      // of tier 1 on duty
};

/// Hours are staffed one by one, each as if its rate had always been so (stationary independent period by period);
/// where shifts do not fit the open hours they begin when the desk opens. Tickets in closed hours are a Bug.
/// @cost    some 0.1 ms for a day desk, 1 ms around the clock
/// @source  Green, Kolesar & Soares 2001 (SIPP); days off: Burns & Carter 1985
DeskWeek desk_week(const DeskLoad& load, const DeskRules& rules);

}  // namespace beltline::queue
