// Two-stage stochastic plans by Benders decomposition: one master, one subproblem a case.
#pragma once

#include <functional>

#include "study/engine.h"
#include "study/stochastic_problem.h"

namespace beltline {

struct DecompositionOptions {
  double gap_max = 1e-7;  // relative, between the best plan and the bound
  int iteration_max = 500;
  double wall_time_max_s = 600;
  const std::atomic<bool>* cancel = nullptr;
  std::function<void(const lp::Progress&)> on_progress = {};
};

/// What a decomposition comes to: values of the common variables, with a proved bound.
struct Decomposed {
  lp::Termination termination = lp::Termination::unverified;
  bool has_point = false;
  double objective = lp::kInf;  // LP money, risk included
  double bound = -lp::kInf;
  std::vector<double> common;  // [variable]; 0 for those of one case alone
  int iteration_count = 0;
  std::string detail;
};

/// Benders decomposition with a cut for every case (Birge & Louveaux 1988) and a trust region around the best point
/// (Linderoth & Wright 2003, Comput. Optim. Appl. 24:207–250), which the bound is proved without.
///
///     min risk(c_ℓᵀx + θ_ℓ)   s.t.  the rows of x alone,   θ_ℓ ≥ Q_ℓ(x̂) + gᵀ(x − x̂),   0 ≥ v_ℓ(x̂) + gᵀ(x − x̂)
///
/// with Q_ℓ the recourse cost of case ℓ, v_ℓ by how much its rows are missed where it has none, and g the reduced
/// costs of the held columns.
///
/// @param problem  of two stages, without integers; its goals set
/// @errors of the operating system; a problem that is too open (no lower bound on a recourse) is `unverified`
/// @cost  each iteration a master LP and, at once on the engine, one LP a case
Outcome<Decomposed> solve_benders(const StochasticProblem& problem, const RiskMeasure& risk, SubproblemEngine& engine,
                                  const DecompositionOptions& options = {});

}  // namespace beltline
