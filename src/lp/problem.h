// A linear or mixed-integer problem, always to be minimised.
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace beltline::lp {

inline constexpr double kInf = std::numeric_limits<double>::infinity();

/// minimise  offset + costᵀx + ½ Σ quadratic_j x_j²   subject to  row_lower ≤ A x ≤ row_upper,  column_lower ≤ x ≤
/// column_upper, x_j integer where `integer[j]`. A by columns (CSC), row indices ascending within a column, no
/// duplicates.
struct Problem {
  double offset = 0;
  std::vector<double> cost;          // [column]
  std::vector<double> column_lower;  // [column]
  std::vector<double> column_upper;  // [column]
  std::vector<double> quadratic;     // [column] ½ q x², q ≥ 0, on top of the cost; or empty where all is linear
  std::vector<uint8_t> integer;      // [column], or empty for an LP
  std::vector<double> row_lower;     // [row]
  std::vector<double> row_upper;     // [row]
  std::vector<int32_t> start;        // [column + 1]
  std::vector<int32_t> index;        // [nonzero] row
  std::vector<double> value;         // [nonzero]

  [[nodiscard]] std::size_t column_count() const { return cost.size(); }
  [[nodiscard]] std::size_t row_count() const { return row_lower.size(); }
  [[nodiscard]] std::size_t nonzero_count() const { return value.size(); }
  [[nodiscard]] bool has_integers() const;
  /// Whether any column has a quadratic cost above 0.
  [[nodiscard]] bool is_quadratic() const;
  [[nodiscard]] double quadratic_of(std::size_t column) const { return quadratic.empty() ? 0.0 : quadratic[column]; }
  /// Bytes of all arrays: what "the matrix's own bytes" means in the benchmarks.
  [[nodiscard]] std::size_t byte_count() const;
};

/// A copy without integrality.
Problem relaxed(Problem problem);

}  // namespace beltline::lp
