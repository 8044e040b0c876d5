// From an LP's columns and rows back to the entities they are of.
#pragma once

#include <cstdint>
#include <vector>

#include "lp/problem.h"
#include "plan/layout.h"

namespace beltline {

enum class LpKind : uint8_t {
  none,
  // columns
  order,
  built,
  moved,
  activity,
  peak,
  level,
  charge,
  discharge,
  unserved,
  shortfall,
  unpaid,
  units,  // on, started, stopped
  // rows
  balance,
  build_recursion,
  capacity,
  floor,
  peak_row,
  level_recursion,
  store_cap,
  limit,
  ceiling,
  take_or_pay,
  cycle,
  unit_row,  // of units and ramps
};

/// The entity of a column or row, and its period and slice. A window's only row has its first period.
struct LpPlace {
  LpKind kind = LpKind::none;
  int32_t id = -1;
  int32_t t = 0;
  int32_t s = 0;
};

struct LpMap {
  explicit LpMap(const Layout& layout);

  std::vector<LpPlace> columns;  // [column]
  std::vector<LpPlace> rows;     // [row]
};

/// The matrix by rows.
struct Rows {
  std::vector<int32_t> start;   // [row + 1]
  std::vector<int32_t> column;  // [nonzero]
  std::vector<double> value;    // [nonzero]
};
Rows rows_of(const lp::Problem& problem);

}  // namespace beltline
