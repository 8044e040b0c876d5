// A Problem as the interior-point method sees it: what stays of it, rows and columns scaled.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "lp/interior_reduce.h"
#include "lp/problem.h"

namespace beltline::lp {

/// min costᵀx + ½ xᵀ diag(quadratic) x   subject to   A x = s,   lower ≤ (x, s) ≤ upper
///
/// The activities s of the rows are variables like the columns, behind them: "variables" are both. In the original's
/// terms x = bound_scale · column_scale · x', a row's activity is bound_scale / row_scale · s', its dual
/// cost_scale · row_scale · y'. All factors are powers of two.
struct Form {
  int32_t columns = 0;
  int32_t rows = 0;
  Reduction reduction;             // without its bounds: which of the original's they are
  std::vector<int32_t> start;      // [column + 1]
  std::vector<int32_t> row;        // [nonzero]
  std::vector<double> value;       // [nonzero]
  std::vector<int32_t> row_start;  // [row + 1] the same by rows
  std::vector<int32_t> column;     // [nonzero]
  std::vector<double> row_value;   // [nonzero]

  std::vector<double> lower, upper;     // [variable]
  std::vector<double> cost, quadratic;  // [column]
  std::vector<double> column_scale;     // [column]
  std::vector<double> row_scale;        // [row]
  double cost_scale = 1, bound_scale = 1;
  bool has_quadratic = false;

  [[nodiscard]] std::size_t variables() const {
    return static_cast<std::size_t>(columns) + static_cast<std::size_t>(rows);
  }
};

/// @param quadratic  [column] q of ½ q x², ≥ 0; or empty
/// @cost             O(nonzeros), a few passes
Form make_form(const Problem& problem, std::span<const double> quadratic);
/// Bounds and costs anew, for the same columns, rows and factors; false where a column that was fixed is so no longer,
/// or one of another kind comes (an empty row that matters): then only make_form will do.
bool refresh(const Problem& problem, std::span<const double> quadratic, Form& form);

/// The largest term of row i at x, which rounding is measured by.
double largest_term(const Form& form, std::span<const double> x, std::size_t i);

/// (Aᵀ y)_j and (A x)_i
inline double column_product(const Form& form, std::span<const double> y, std::size_t j) {
  double sum = 0;
  for (int64_t k = form.start[j]; k < form.start[j + 1]; ++k) sum += form.value[k] * y[form.row[k]];
  return sum;
}
inline double row_product(const Form& form, std::span<const double> x, std::size_t i) {
  double sum = 0;
  for (int64_t k = form.row_start[i]; k < form.row_start[i + 1]; ++k) sum += form.row_value[k] * x[form.column[k]];
  return sum;
}

/// out := A x
void multiply(const Form& form, std::span<const double> x, std::span<double> out);
/// out := Aᵀ y
void multiply_transposed(const Form& form, std::span<const double> y, std::span<double> out);

}  // namespace beltline::lp
