// A two-stage problem taken apart: what all cases decide together, and each case's recourse. For benders.cpp and its
// like.
#pragma once

#include "study/engine.h"
#include "study/stochastic_problem.h"

namespace beltline {

/// One row of common variables alone, the same in every case.
struct CommonRow {
  std::vector<std::pair<int32_t, double>> terms;  // (common index, coefficient)
  double lower = 0, upper = 0;
};

struct TwoStage {
  std::vector<int32_t> common;            // [common index] variable
  std::vector<double> lower, upper;       // [common index] of all cases together
  std::vector<std::vector<double>> cost;  // [case][common index] LP money
  std::vector<CommonRow> rows;
  std::vector<std::vector<int32_t>> row_of_case;  // [case][row of the case] index into `rows`, or −1 − row of its
                                                  // subproblem
  std::vector<std::vector<int32_t>> column;       // [case][column of the subproblem] column of the case
  std::vector<Subproblem> subproblems;            // [case] common columns first, at no cost; then its own
};

TwoStage take_apart(const StochasticProblem& problem);

}  // namespace beltline
