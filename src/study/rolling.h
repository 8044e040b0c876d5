// Plans made window by window, as one is made who sees only so far.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "plan/planner.h"

namespace beltline {

/// What an order is worth to a window that ends before its life does.
enum class EndValue : uint8_t {
  none,     // nothing: all its capex counts, whatever the window sees of its use
  salvage,  // what is not yet written off at the window's end, as the model writes off at the horizon
  annuity,  // its capex counts for the share of its life that the window sees, as a level payment a period
};
const char* to_string(EndValue value);

struct RollingOptions {
  PlanOptions plan;
  int window = 24;  // periods that a window sees
  int step = 6;     // periods that it decides; the next begins after them
  EndValue end_value = EndValue::annuity;
};

/// One window, as it was solved.
struct RollingWindow {
  int first = 0, last = 0;  // periods seen, inclusive
  int decided = 0;          // last period that it decides
  Termination termination = Termination::unverified;
  double objective = 0;  // of what it sees, end values included, in the plan's unit; cost in USD
  double seconds = 0;
};

struct RollingPlan {
  Plan plan;  // of the whole, verified on the whole model; termination is `limit` where no bound is known
  std::vector<RollingWindow> windows;
  PlanStatistics statistics;
};

/// Windows of `window` periods, of which each decides its first `step`; what they decide together is one plan of the
/// whole model.
///
/// A window's LP is the whole model's with all earlier decisions held and all later ones left out. Nothing of the past
/// is lost at a seam: orders arrive, are paid for by their spend profile, and retire as the whole model has it. A row
/// that reaches beyond the window (a budget over years, a good that an order needs later) is kept as far as it binds
/// whatever is decided later: what is spent and what falls due of orders so far counts against it in full. Whole
/// modules are decided by each window's MIP, or by rounding its relaxation where that is larger than
/// `plan.mip_column_max`.
///
/// Prices are those of the window that decided the period.
///
/// @errors of the operating system. A window without a plan ends the search with its termination: what was decided
///         before leaves it none
/// @cost a solve (with compute or lateness as goal, two) for each window
Outcome<RollingPlan> plan_rolling(const Model& model, const RollingOptions& options,
                                  const OnPlanProgress& on_progress = {});

/// "24month", "2 year" → periods, rounded up; nothing for what is no such duration or none at all.
std::optional<int> periods_of_duration(const std::string& text, const Calendar& calendar);

}  // namespace beltline
