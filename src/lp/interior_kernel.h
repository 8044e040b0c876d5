// Dense kernels of the LDLᵀ factorisation. Vectors run along independent results, never along a sum, and multiply and
// add stay apart: the same bytes with two, four or eight numbers an instruction.
#pragma once

#include <cstdint>

namespace beltline::lp {

/// A dense lower trapezoid by columns; what lies above its diagonal is scratch.
struct Panel {
  double* data = nullptr;
  int32_t rows = 0;
  int32_t columns = 0;
  int64_t stride = 0;  // from one column to the next
};

/// How pivots are kept away from zero and from the wrong sign.
struct PivotRule {
  double least = 0;  // a pivot below this, or of the wrong sign, becomes sign · replacement
  double replacement = 1;
};

/// Factors the panel in place: L with an implied unit diagonal, and D.
///
/// @param sign   [column] ±1, the sign each pivot must have
/// @param pivot  [column] filled with D
/// @returns      how many pivots were replaced
int32_t factor_panel(const Panel& panel, const int8_t* sign, double* pivot, const PivotRule& rule);

/// square −= L D Lᵀ, lower part, with the panel's rows below its triangle: rows − columns of them.
void subtract_product(double* square, int64_t stride, const Panel& panel, const double* pivot);

/// x[rows] := L⁻¹ x of a factored panel: the first `columns` are solved, from the rest their share is subtracted.
void solve_forward(const Panel& panel, double* x);

/// x[columns] := (Lᵀ)⁻¹ (x[columns] − Lᵀ below · x below).
void solve_backward(const Panel& panel, double* x);

/// The same for x and y in one pass over the panel: as much time as one of them takes, while it waits for memory.
void solve_forward(const Panel& panel, double* x, double* y);
void solve_backward(const Panel& panel, double* x, double* y);

}  // namespace beltline::lp
