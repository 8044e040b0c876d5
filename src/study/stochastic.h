// A plan for all cases of a scenario tree at once, what it is worth to plan so, and each case's own plan.
#pragma once

#include <string>
#include <vector>

#include "plan/planner.h"
#include "study/engine.h"
#include "study/stochastic_problem.h"

namespace beltline {

enum class StochasticMethod : uint8_t { automatic, extensive, benders, hedging };
const char* to_string(StochasticMethod method);

struct StochasticOptions {
  PlanOptions plan;
  StochasticMethod method = StochasticMethod::automatic;
  std::size_t extensive_nonzero_max = 2'000'000;  // larger LPs of two stages are taken apart
  bool with_value = true;                         // wait-and-see, expected value: two more studies of the same cases
  double decomposition_gap_max = 1e-7;
};

/// A figure that may not exist: a mean-value plan that some case cannot live with costs more than any number.
struct StochasticValue {
  double wait_and_see = 0;         // if every case were known from the start
  double here_and_now = 0;         // of the plan: the risk measure of its cases
  double expected_value_plan = 0;  // with the orders of the common periods that the mean of all cases asks for;
                                   // infinite where some case has no plan then
  bool is_known = false;           // whether the three were found

  /// Expected value of perfect information, and of the stochastic solution; of costs, so that both are ≥ 0.
  [[nodiscard]] double evpi() const { return here_and_now - wait_and_see; }
  [[nodiscard]] double vss() const { return expected_value_plan - here_and_now; }
};

struct StochasticPlan {
  Termination termination = Termination::unverified;
  std::string method;  // extensive, benders, hedging
  std::string detail;
  std::string objective_unit;
  double objective = 0;  // risk measure of the cases' costs; expectation of compute or shortfall
  double bound = 0;
  double gap = 0;
  double expected_cost_usd = 0;
  double cvar_usd = 0;        // of the cases' costs, at the level of the risk measure
  bool verified = false;      // every case's plan, by plan/verify
  StochasticValue value;      // in the objective's unit, of what is minimised (compute negated)
  std::vector<Plan> plans;    // [case] with prices; empty without a plan
  std::vector<double> alone;  // [case] objective if the case were known; NaN where it was not looked for
  PlanStatistics statistics;  // of the deterministic equivalent
  double seconds = 0;
};

/// Plans all cases at once.
///
/// automatic: the deterministic equivalent where it is small; else Benders decomposition for two stages of an LP; else
/// progressive hedging for whole modules, whose decisions are then priced by one LP. Models with whole modules above
/// `plan.mip_column_max` decide these on the coarse calendar, as make_plan does.
///
/// @param risk  for the objective min_cost
/// @errors of the operating system; columns that cases cannot share
Outcome<StochasticPlan> plan_stochastic(std::vector<Case> cases, const RiskMeasure& risk,
                                        const StochasticOptions& options, const OnPlanProgress& on_progress = {});

}  // namespace beltline
