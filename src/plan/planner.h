// Model → Plan: the goals in their order, the whole modules, the prices, and the verification.
#pragma once

#include <atomic>
#include <functional>
#include <string>

#include "base/failure.h"
#include "lp/solver.h"
#include "model/plan.h"

namespace beltline {

struct PlanOptions {
  double wall_time_max_s = 600;
  double mip_gap_max = 5e-3;
  int thread_count = 1;
  uint64_t seed = 0;
  const std::atomic<bool>* cancel = nullptr;
  int mip_column_max = 5000;  // larger models decide their modules on the coarse calendar first (see make_plan)
  bool with_reasons = true;   // what binds and what late deliveries wait for: about half of a plan's time
};

/// What is being solved, and how far it is; called at most ten times a second.
struct PlanProgress {
  std::string stage;  // "bound", "modules", "plan", …
  lp::Progress solver;
};
using OnPlanProgress = std::function<void(const PlanProgress&)>;

/// How large the LP was and where the time went; for the manifest and the benchmarks.
struct PlanStatistics {
  std::size_t row_count = 0;
  std::size_t column_count = 0;
  std::size_t nonzero_count = 0;
  std::size_t integer_count = 0;
  double formulate_s = 0;
  double solve_s = 0;
  double verify_s = 0;
  std::string stages;  // one line a stage
};

/// Solves for the model's objective and verifies the result.
///
/// The first goal (compute, shortfall or cost) is bounded by the LP relaxation, or by the MIP where that is small. The
/// second goal, cost, is weighted so that it can give up at most `objective.tolerance` of the first. Larger models
/// decide their whole modules on a calendar of one slice a period, then run all slices with the modules fixed: the gap
/// to the bound of the fine relaxation says what that cost. Where units start and stop, what runs in the slices is a
/// MIP, and if that gap is wider than asked for, all is one MIP that begins from what was found. Prices are duals of
/// the LP with all integers fixed.
///
/// @errors of the operating system only; infeasible, limits and Ctrl-C are Terminations of the Plan
Outcome<Plan> make_plan(const Model& model, const PlanOptions& options, PlanStatistics* statistics = nullptr,
                        const OnPlanProgress& on_progress = {});

}  // namespace beltline
