// What a model could come to at best: its relaxation on the coarse calendar, for comparing scenarios in about a second.
#pragma once

#include <atomic>

#include "base/failure.h"
#include "lp/solver.h"
#include "model/plan.h"

namespace beltline {

/// Where the LPs of an outlook ended: one much like it, of a changed number, is solved from there.
struct OutlookStart {
  std::vector<lp::Basis> first_column, first_row;    // of the first goal
  std::vector<lp::Basis> second_column, second_row;  // of both, where cost is the second
};

/// The coarse relaxation's goals. A plan comes to less: its modules are whole and its days have hours.
struct Outlook {
  Termination termination = Termination::unverified;
  double objective = 0;   // of the first goal, in its unit (see Plan::objective_unit)
  double cost_usd = 0;    // discounted, less salvage, at the best cost that the first goal leaves; less `missed_usd`
  double missed_usd = 0;  // what the cost counts for unserved demand and missed goals
  OutlookStart start = {};
};

struct OutlookOptions {
  double wall_time_max_s = 60;
  const std::atomic<bool>* cancel = nullptr;
  OutlookStart start = {};  // of a scenario with the same network, or empty
};

/// The model with one slice a period and modules in any amount, solved for its goals one after the other as make_plan
/// does. Two models that differ in one input differ in their outlooks by what that input is worth, as far as hours and
/// whole modules do not decide.
///
/// @errors of the operating system only; infeasible, limits and Ctrl-C are Terminations
/// @cost two LPs of the coarse calendar: about a second for five years by month
Outcome<Outlook> outlook(const Model& model, const OutlookOptions& options = {});

}  // namespace beltline
