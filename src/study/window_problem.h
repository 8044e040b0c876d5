// The LP of one window, cut out of the whole model's. For rolling.cpp only.
#pragma once

#include <vector>

#include "lp/problem.h"
#include "plan/lp_map.h"

namespace beltline {

struct WindowProblem {
  lp::Problem problem;
  std::vector<int32_t> column;  // [column of the window] of the whole
  std::vector<int32_t> row;     // [row of the window] of the whole
};

/// Columns that belong to periods from `first` to `last`; those before are held at `decided`, those after are left out.
///
/// A row keeps each side that binds whatever the later columns do within their bounds: with Σ_later at its least the
/// upper side, at its most the lower side.
///
/// @param period   [column] period that its decision belongs to
/// @param cost     [column] of the window's goal
/// @param decided  [column] values of what lies before
WindowProblem cut_window(const lp::Problem& whole, const std::vector<int>& period, const std::vector<double>& cost,
                         const std::vector<double>& decided, int first, int last);

}  // namespace beltline
