// Along the central path, by Mehrotra's predictor and corrector.
#pragma once

#include <atomic>
#include <functional>

#include "lp/interior_newton.h"

namespace beltline::lp {

/// How far a point is from an optimum, each relative and in the original's units.
struct Miss {
  double primal = kInf;  // worst row or bound: violation / (1 + |bound|)
  double dual = kInf;    // worst reduced cost that is none, of the largest cost
  double gap = kInf;     // |primal − dual objective| / (1 + |primal objective|)
  double primal_objective = kInf;
  double dual_objective = -kInf;

  [[nodiscard]] double worst() const { return std::max({primal, dual, gap}); }
};

struct PathOptions {
  double gap_max = 1e-8;
  double residual_max = 1e-9;
  int iteration_max = 300;
  bool keep_early = true;
  double offset = 0;                                             // of the objective, for the relative gap
  std::function<bool(int iteration, const Miss& miss)> proceed;  // false: stop here
};

/// Where a later solve of a changed problem begins: near the end where little has changed, else before.
inline constexpr double kEarlyGap = 1e-4;
inline constexpr double kLateGap = 1e-6;

enum class PathEnd { converged, stalled, stopped };

struct Path {
  PathEnd end = PathEnd::stalled;
  std::vector<double> value;     // [variable] of the best point met
  std::vector<double> row_dual;  // [row]
  Iterate early;  // the last one whose gap was above kEarlyGap, if it is kept: near enough to help, far enough to turn
  Iterate late;   // the same with kLateGap
  Miss miss;
  int iterations = 0;
  double factor_s = 0;  // in factorisations
  double solve_s = 0;   // in solves with them
};

/// Where to begin without knowing better: least squares (Mehrotra 1992), each distance and dual moved inside.
Iterate starting_point(const Frame& frame, Newton& newton);
/// From the point given to an optimum, as far as it goes.
///
/// @cost  one factorisation and two to five solves an iteration
Path follow_path(const Frame& frame, Newton& newton, Iterate start, const PathOptions& options);

Miss measure(const Frame& frame, const Iterate& point, const Residual& residual, double offset);

}  // namespace beltline::lp
