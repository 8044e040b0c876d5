// The support desks of a run, by hour of the week: agents, shifts, service level, cost.
#pragma once

#include <string>
#include <vector>

#include "base/failure.h"
#include "base/language.h"
#include "model/plan.h"
#include "queue/desk_week.h"
#include "run/pipeline.h"

namespace beltline {

/// One desk in one period.
struct DeskLine {
  std::string desk;   // name of its entry
  std::string title;  // in words, and in Korean
  std::string title_ko;
  std::string period;         // "2028-06"
  double seats = 0;           // wanted, and served by the plan
  double agents = 0;          // online in the plan
  queue::DeskWeek week;       // at these seats
  double wage_USD_month = 0;  // of a person
};

/// All desks of a run's scenario in the period of a month; in the last period without one.
/// @errors a month that is none, or outside the horizon
Outcome<std::vector<DeskLine>> desk_report(const Compiled& compiled, const Plan& plan, const std::string& month);

std::string desk_text(const std::vector<DeskLine>& lines, Language language);
std::string desk_json(const std::vector<DeskLine>& lines);

}  // namespace beltline
