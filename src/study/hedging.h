// Stochastic plans of many stages or with whole modules by progressive hedging.
#pragma once

#include "study/benders.h"
#include "study/engine.h"
#include "study/stochastic_problem.h"

namespace beltline {

struct HedgingResult {
  lp::Termination termination = lp::Termination::unverified;  // optimal: the cases agree
  double bound = -lp::kInf;                                   // of the whole, in LP money
  std::vector<double> mean;                                   // [variable] of the cases' decisions; 0 for others
  std::vector<std::vector<double>> points;                    // [case][column] what each case would do last
  int iteration_count = 0;
  double disagreement = lp::kInf;  // largest distance of a decision from the mean, relative
  std::string detail;
};

/// Progressive hedging (Rockafellar & Wets 1991, Math. Oper. Res. 16:119–147) on the common orders and moves: each case
/// plans for itself with prices w on its decisions and a pull towards what all cases of the node do on average; prices
/// move with the distance, w ← w + ρ (x − x̄), with ρ in proportion to costs (Watson & Woodruff 2011).
///
/// The bound is that of Gade et al. 2016 (Math. Program. 157:47–67): Σ π min (c + w)ᵀx, valid because Σ π w = 0 at
/// every node, at the prices of the last iterations.
///
/// @param problem  its goals set; without a risk measure
/// @errors of the operating system
Outcome<HedgingResult> hedge(const StochasticProblem& problem, SubproblemEngine& engine,
                             const DecompositionOptions& options = {});

}  // namespace beltline
