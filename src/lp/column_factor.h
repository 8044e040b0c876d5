// Some of a problem's columns as a product of triangles, with a bound on what the product misses.
#pragma once

#include <cstdint>
#include <vector>

#include "lp/problem.h"

namespace beltline::lp {

/// Picks rows R and columns C, as many as are independent, and factors A_RC = L U + E, pivots by Markowitz (1957,
/// Management Science 3:255–269) with a threshold. Everything about pivots is counted in their order.
class ColumnFactor {
 public:
  /// @param columns  those that are wanted, ascending
  /// @param usable   [row] whether a pivot may lie there
  /// @cost that of sparse elimination; stops where it would take more than `work_max` multiplications
  ColumnFactor(const Problem& problem, const std::vector<std::size_t>& columns, const std::vector<uint8_t>& usable,
               std::size_t work_max);

  /// False where the work was too much.
  [[nodiscard]] bool is_complete() const { return complete_; }
  [[nodiscard]] std::size_t rank() const { return pivots_.size(); }
  [[nodiscard]] std::size_t row(std::size_t pivot) const { return pivots_[pivot].row; }
  [[nodiscard]] std::size_t column(std::size_t pivot) const { return pivots_[pivot].column; }

  /// z with A_RCᵀ z = right, but for rounding and E. Both [pivot].
  [[nodiscard]] std::vector<double> solve_transposed(std::vector<double> right) const;

  /// Above |(L U)⁻ᵀ| · right, for right ≥ 0: by the comparison matrices of both triangles.
  [[nodiscard]] std::vector<double> bound_transposed(std::vector<double> right) const;

  /// Above |E|ᵀ v, for v ≥ 0.
  [[nodiscard]] std::vector<double> error_transposed(const std::vector<double>& v) const;

  /// A column that depends on the pivots' as a combination of them, but for rounding: [pivot] weights.
  struct Dependent {
    std::size_t column = 0;
    std::vector<double> weight;
  };
  [[nodiscard]] std::vector<Dependent> dependents() const;

 private:
  struct Entry {
    std::size_t at = 0;  // row of an L column; pivot of a U column
    double value = 0;
  };
  struct Pivot {
    std::size_t row = 0, column = 0;
    double value = 0;
    std::vector<Entry> below;  // of L, at pivots that come later
    std::vector<Entry> above;  // of U, at pivots that come earlier; its diagonal is 1
  };
  struct Open {
    std::size_t column = 0;
    double size = 0;  // of the largest entry at first
    std::vector<Entry> entries;
    std::vector<Entry> above;
    bool done = false;
  };
  class Elimination;

  std::vector<Pivot> pivots_;
  std::vector<Open> dependent_;
  bool complete_ = true;
};

}  // namespace beltline::lp
