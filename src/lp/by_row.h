// A problem's matrix by rows.
#pragma once

#include <vector>

#include "lp/problem.h"

namespace beltline::lp {

struct ByRow {
  std::vector<std::size_t> start;  // [row + 1]
  std::vector<int32_t> column;     // [nonzero] ascending within a row
  std::vector<double> value;       // [nonzero]
};

/// @cost O(nonzeros)
ByRow by_row(const Problem& problem);

}  // namespace beltline::lp
