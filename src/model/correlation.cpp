#include "model/correlation.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include "base/assert.h"

namespace beltline {
namespace {

/// What is left of a variance of 1 counts as nothing below this: coefficients are written with a few digits.
constexpr double kPivotMin = 1e-9;
constexpr int kSweepsMax = 50;

/// Union-find over sources.
class Joined {
 public:
  explicit Joined(int count) : parent_(static_cast<std::size_t>(count)) {
    std::iota(parent_.begin(), parent_.end(), 0);
  }
  int root(int source) {
    while (parent(source) != source) source = parent(source) = parent(parent(source));
    return source;
  }
  /// The lower source stays the root, so that groups come in order.
  void join(int a, int b) {
    const int x = root(a), y = root(b);
    parent(std::max(x, y)) = std::min(x, y);
  }

 private:
  int& parent(int source) { return parent_[static_cast<std::size_t>(source)]; }
  std::vector<int> parent_;
};

/// One of Jacobi's rotations: makes a[p, q] zero (Golub & Van Loan, Matrix Computations, 8.5.2).
void rotate(std::vector<double>& a, std::size_t n, std::size_t p, std::size_t q) {
  const double off = a[p * n + q];
  if (off == 0) return;
  const double theta = (a[q * n + q] - a[p * n + p]) / (2 * off);
  const double t = std::copysign(1.0, theta) / (std::abs(theta) + std::hypot(theta, 1.0));
  const double cosine = 1 / std::hypot(t, 1.0), sine = t * cosine;
  for (std::size_t k = 0; k < n; ++k) {
    const double x = a[k * n + p], y = a[k * n + q];
    a[k * n + p] = cosine * x - sine * y;
    a[k * n + q] = sine * x + cosine * y;
  }
  for (std::size_t k = 0; k < n; ++k) {
    const double x = a[p * n + k], y = a[q * n + k];
    a[p * n + k] = cosine * x - sine * y;
    a[q * n + k] = sine * x + cosine * y;
  }
}

}  // namespace

std::vector<CorrelationGroup> correlation_groups(int source_count, const std::vector<Correlation>& correlations) {
  Joined joined(source_count);
  for (const Correlation& each : correlations) {
    for (const int source : each.sources) {
      ASSERT(source >= 0 && source < source_count);
      joined.join(each.sources.front(), source);
    }
  }
  std::map<int, CorrelationGroup> by_root;
  for (std::size_t i = 0; i < correlations.size(); ++i) {
    const Correlation& each = correlations[i];
    if (each.sources.size() < 2) continue;
    CorrelationGroup& group = by_root[joined.root(each.sources.front())];
    group.correlations.push_back(static_cast<int>(i));
    group.sources.insert(group.sources.end(), each.sources.begin(), each.sources.end());
  }
  std::vector<CorrelationGroup> groups;
  for (auto& [root, group] : by_root) {
    std::ranges::sort(group.sources);
    group.sources.erase(std::ranges::unique(group.sources).begin(), group.sources.end());
    const std::size_t n = group.sources.size();
    group.matrix.assign(n * n, 0);
    for (std::size_t i = 0; i < n; ++i) group.matrix[i * n + i] = 1;
    const auto row = [&](int source) {
      return static_cast<std::size_t>(std::ranges::lower_bound(group.sources, source) - group.sources.begin());
    };
    for (const int c : group.correlations) {
      const Correlation& each = correlations[static_cast<std::size_t>(c)];
      for (const int a : each.sources) {
        for (const int b : each.sources) {
          if (a != b) group.matrix[row(a) * n + row(b)] = each.coefficient;
        }
      }
    }
    groups.push_back(std::move(group));
  }
  return groups;
}

std::optional<std::vector<double>> cholesky(std::span<const double> matrix, int size) {
  const auto n = static_cast<std::size_t>(size);
  ASSERT(matrix.size() == n * n);
  std::vector<double> factor(n * n, 0);
  for (std::size_t j = 0; j < n; ++j) {
    const auto rest = [&](std::size_t i) {
      double sum = matrix[i * n + j];
      for (std::size_t k = 0; k < j; ++k) sum -= factor[i * n + k] * factor[j * n + k];
      return sum;
    };
    const double pivot = rest(j);
    if (pivot < -kPivotMin) return std::nullopt;
    if (pivot <= kPivotMin) {
      // no variance is left in this direction: then none may be left to share with the others either
      for (std::size_t i = j + 1; i < n; ++i) {
        if (std::abs(rest(i)) > std::sqrt(2 * kPivotMin)) return std::nullopt;
      }
      continue;
    }
    factor[j * n + j] = std::sqrt(pivot);
    for (std::size_t i = j + 1; i < n; ++i) factor[i * n + j] = rest(i) / factor[j * n + j];
  }
  return factor;
}

double smallest_eigenvalue(std::vector<double> matrix, int size) {
  const auto n = static_cast<std::size_t>(size);
  ASSERT(n > 0 && matrix.size() == n * n);
  for (int sweep = 0; sweep < kSweepsMax; ++sweep) {
    double off = 0;
    for (std::size_t p = 0; p < n; ++p) {
      for (std::size_t q = p + 1; q < n; ++q) off += matrix[p * n + q] * matrix[p * n + q];
    }
    if (off < 1e-24) break;
    for (std::size_t p = 0; p < n; ++p) {
      for (std::size_t q = p + 1; q < n; ++q) rotate(matrix, n, p, q);
    }
  }
  double least = matrix[0];
  for (std::size_t i = 1; i < n; ++i) least = std::min(least, matrix[i * n + i]);
  return least;
}

}  // namespace beltline
