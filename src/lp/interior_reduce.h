// What is left of a Problem once fixed columns, and rows that are no more than a bound, are gone; and the way back.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "lp/problem.h"

namespace beltline::lp {

/// A row in which one column was left: a bound of that column.
struct BoundRow {
  int32_t row;
  int32_t column;
  bool gives_lower = false, gives_upper = false;  // the column's bounds are this row's
};

/// Indices are the Problem's.
struct Reduction {
  std::vector<double> lower, upper;  // [column] with the bounds that rows give
  std::vector<BoundRow> bound_rows;  // in the order in which they went
  std::vector<int32_t> column_of;    // columns that stay
  std::vector<int32_t> row_of;       // rows that stay
  std::vector<double> shift;         // [row that stays] what columns that are gone add to its activity
  std::vector<double> fixed;         // [column] value of those that are gone; 0
  int32_t conflict_row = -1;         // a row without a column, whose bounds exclude 0; or -1
  bool conflict_is_below = false;    // what its columns give is less than its lower bound
};

/// Bounds of 1e20 and more count as none.
/// @param quadratic  [column] q of ½ q x², ≥ 0; or empty
/// @cost             O(nonzeros)
Reduction reduce(const Problem& problem, std::span<const double> quadratic);

/// Gives the rows that became bounds their duals: what the others leave of the reduced costs, where the bound is
/// theirs.
/// @param x         [column]
/// @param row_dual  [row] of those that stay; the others' are filled in
void restore_duals(const Problem& problem, std::span<const double> quadratic, const Reduction& reduction,
                   std::span<const double> x, std::span<double> row_dual);

bool is_fixed(double lower, double upper);
/// The bound, infinite from 1e20 on, as everywhere in this room.
double finite_bound(double value);

}  // namespace beltline::lp
