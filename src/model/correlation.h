// The matrices that correlations make together: whether they are possible, and their factors.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "model/chances.h"

namespace beltline {

/// Sources that correlations join, directly or through others. Each source is in one group at most.
struct CorrelationGroup {
  std::vector<int> sources;       // ascending
  std::vector<int> correlations;  // those that join them, ascending
  std::vector<double> matrix;     // [row, column] coefficients, 1 on the diagonal, 0 where none is given
};

/// Groups in the order of their first source. A pair that several correlations name has the last one's coefficient.
/// @cost O(source_count + Σ pairs)
std::vector<CorrelationGroup> correlation_groups(int source_count, const std::vector<Correlation>& correlations);

/// L with L Lᵀ = matrix, or nothing if the matrix is not positive semi-definite.
/// @param matrix  [row, column] symmetric, 1 on the diagonal
/// @returns       [row, column] lower triangle; a column of zeros for each direction without any variance
/// @cost O(size³)
std::optional<std::vector<double>> cholesky(std::span<const double> matrix, int size);

/// @param matrix  [row, column] symmetric
/// @cost O(size³) a sweep of Jacobi's rotations, about eight sweeps
double smallest_eigenvalue(std::vector<double> matrix, int size);

}  // namespace beltline
