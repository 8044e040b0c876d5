// One case of a study as a Plan: decisions, prices, verification, what binds and what is late.
#pragma once

#include <atomic>

#include "lp/solver.h"
#include "plan/formulate.h"
#include "plan/verify.h"
#include "plan/weights.h"

namespace beltline {

struct CasePlanOptions {
  Weights weights;
  int common_periods = 0;  // periods whose decisions other cases share: what binds there is not this case's alone
  const std::atomic<bool>* cancel = nullptr;
};

struct CasePlan {
  Plan plan;
  Verification verification;
};

/// A solved case as a Plan.
///
/// What binds after the common periods is priced from both sides by this case's LP with its common decisions held; the
/// causes of what is late are walked on the prices of `solution`.
///
/// @param formulation  of the model, with the goal and the money scale that `solution` was found with
/// @param row_scale    money scale of the formulation's rows over money, where it is another
/// @errors of the operating system
Outcome<CasePlan> plan_case(const Model& model, const Formulation& formulation, const lp::Solution& solution,
                            double row_scale, const CasePlanOptions& options);

}  // namespace beltline
