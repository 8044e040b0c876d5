#include "lp/scaling.h"

#include <algorithm>
#include <cmath>

namespace beltline::lp {
namespace {

/// Smallest and largest of what was seen.
struct Extent {
  double least = kInf;
  double most = 0;

  void see(double size) {
    least = std::min(least, size);
    most = std::max(most, size);
  }
  [[nodiscard]] double factor() const { return most > 0 ? 1.0 / std::sqrt(least * most) : 1.0; }
};

double power_of_two(double factor) {
  // Within what multiplies back without overflow, whatever the coefficients were.
  return std::exp2(std::clamp(std::round(std::log2(factor)), -40.0, 40.0));
}

}  // namespace

Scaling make_scaling(const Problem& problem) {
  Scaling s{.column = std::vector<double>(problem.column_count(), 1.0),
            .row = std::vector<double>(problem.row_count(), 1.0)};
  std::vector<Extent> rows(problem.row_count());
  for (int pass = 0; pass < 4; ++pass) {
    std::ranges::fill(rows, Extent{});
    for (std::size_t j = 0; j < problem.column_count(); ++j) {
      for (auto k = static_cast<std::size_t>(problem.start[j]); k < static_cast<std::size_t>(problem.start[j + 1]);
           ++k) {
        const double size = std::abs(problem.value[k]);
        if (size > 0) rows[static_cast<std::size_t>(problem.index[k])].see(size * s.column[j]);
      }
    }
    for (std::size_t i = 0; i < rows.size(); ++i) s.row[i] = rows[i].factor();
    for (std::size_t j = 0; j < problem.column_count(); ++j) {
      if (!problem.integer.empty() && problem.integer[j] != 0) continue;
      Extent column;
      for (auto k = static_cast<std::size_t>(problem.start[j]); k < static_cast<std::size_t>(problem.start[j + 1]);
           ++k) {
        const double size = std::abs(problem.value[k]);
        if (size > 0) column.see(size * s.row[static_cast<std::size_t>(problem.index[k])]);
      }
      s.column[j] = column.factor();
    }
  }
  for (double& factor : s.row) factor = power_of_two(factor);
  for (double& factor : s.column) factor = power_of_two(factor);
  return s;
}

Problem scaled(const Problem& problem, const Scaling& scaling) {
  Problem out = problem;
  for (std::size_t j = 0; j < out.column_count(); ++j) {
    const double c = scaling.column[j];
    out.cost[j] *= c;
    if (!out.quadratic.empty()) out.quadratic[j] *= c * c;
    out.column_lower[j] /= c;
    out.column_upper[j] /= c;
    for (auto k = static_cast<std::size_t>(out.start[j]); k < static_cast<std::size_t>(out.start[j + 1]); ++k) {
      out.value[k] *= c * scaling.row[static_cast<std::size_t>(out.index[k])];
    }
  }
  for (std::size_t i = 0; i < out.row_count(); ++i) {
    out.row_lower[i] *= scaling.row[i];
    out.row_upper[i] *= scaling.row[i];
  }
  return out;
}

}  // namespace beltline::lp
