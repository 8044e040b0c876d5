#include "lp/check.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>
#include <span>

#include "base/assert.h"
#include "lp/solver.h"
#include "lp/violation.h"

namespace beltline::lp {
namespace {

/// Sum with Neumaier's compensation (Z. Angew. Math. Mech. 54, 1974): exact to about one rounding of the result.
struct Sum {
  double sum = 0;
  double compensation = 0;

  void add(double term) {
    const double total = sum + term;
    compensation += std::abs(sum) >= std::abs(term) ? (sum - total) + term : (term - total) + sum;
    sum = total;
  }
  // the compensation of an infinite sum is NaN
  [[nodiscard]] double value() const { return std::isfinite(sum) ? sum + compensation : sum; }
};

struct RowActivity {
  Sum sum;
  double largest = 0;
};

/// [row] A x, each row summed with compensation.
std::vector<RowActivity> row_activities(const Problem& problem, const std::vector<double>& x) {
  std::vector<RowActivity> activity(problem.row_count());
  for (std::size_t j = 0; j < problem.column_count(); ++j) {
    if (x[j] == 0) continue;
    for (auto k = static_cast<std::size_t>(problem.start[j]); k < static_cast<std::size_t>(problem.start[j + 1]); ++k) {
      RowActivity& row = activity[static_cast<std::size_t>(problem.index[k])];
      row.sum.add(problem.value[k] * x[j]);
      row.largest = std::max(row.largest, std::abs(problem.value[k] * x[j]));
    }
  }
  return activity;
}

struct Lagrangean {
  double bound = 0;      // -infinity where a column without bounds has a reduced cost
  double magnitude = 0;  // sum of the terms' sizes: what rounding is measured against
};

struct LagrangeanOptions {
  bool with_cost = true;                      // or with cost and offset 0, for Farkas' lemma
  double tolerance = 0;                       // reduced costs forgiven on columns without the needed bound …
  double size_floor = 0;                      // … times the size of the column's terms, at least this
  const std::vector<double>* near = nullptr;  // [column] where quadratic costs are linearised for what is forgiven
};

/// Multipliers of the sign that the row's bounds allow; others are rounding and would give -infinity.
std::vector<double> clipped(const Problem& problem, const std::vector<double>& row_dual) {
  std::vector<double> y(row_dual);
  for (std::size_t i = 0; i < y.size(); ++i) {
    const bool useless = (y[i] > 0 && is_below(problem.row_lower[i])) || (y[i] < 0 && is_above(problem.row_upper[i]));
    if (useless || !std::isfinite(y[i])) y[i] = 0;
  }
  return y;
}

/// min over [lower, upper] of ½ q x² + d x, q > 0. Where the minimum lies farther out than the column's rounded slope
/// at `near` explains, ½ q x² is replaced by its tangent there: the forgiven slope counts as 0.
double quadratic_minimum(double q, double d, double lower, double upper, const double* near, double forgiven) {
  const double x = std::clamp(-d / q, lower, upper);
  const double least = (0.5 * q * x + d) * x;
  if (near == nullptr || std::abs(d + q * *near) > forgiven) return least;
  return std::max(least, -0.5 * q * *near * *near);
}

/// L(y) = offset + Σ_i (y_i > 0 ? y_i row_lower_i : y_i row_upper_i) + Σ_j min over the column's bounds of
/// ½ q_j x_j² + d_j x_j, with d = cost − Aᵀy: never above the optimum, for every y.
Lagrangean lagrangean(const Problem& problem, const std::vector<double>& row_dual, const LagrangeanOptions& options) {
  const std::vector<double> y = clipped(problem, row_dual);
  Sum total;
  double magnitude = 0;
  auto add = [&](double term) {
    total.add(term);
    magnitude += std::abs(term);
  };
  if (options.with_cost) add(problem.offset);
  for (std::size_t i = 0; i < y.size(); ++i) {
    if (y[i] != 0) add(y[i] * (y[i] > 0 ? problem.row_lower[i] : problem.row_upper[i]));
  }
  for (std::size_t j = 0; j < problem.column_count(); ++j) {
    Sum reduced;
    double size = options.size_floor;
    auto add_reduced = [&](double term) {
      reduced.add(term);
      size = std::max(size, std::abs(term));
    };
    if (options.with_cost) add_reduced(problem.cost[j]);
    for (auto k = static_cast<std::size_t>(problem.start[j]); k < static_cast<std::size_t>(problem.start[j + 1]); ++k) {
      add_reduced(-problem.value[k] * y[static_cast<std::size_t>(problem.index[k])]);
    }
    const double d = reduced.value();
    if (d == 0 && (!options.with_cost || problem.quadratic_of(j) == 0)) continue;
    if (const double q = problem.quadratic_of(j); options.with_cost && q > 0) {
      const double* near = options.near == nullptr ? nullptr : &(*options.near)[j];
      add(quadratic_minimum(q, d, problem.column_lower[j], problem.column_upper[j], near, options.tolerance * size));
      continue;
    }
    const double bound = d > 0 ? problem.column_lower[j] : problem.column_upper[j];
    if (d > 0 ? !is_below(bound) : !is_above(bound)) {
      add(d * bound);
    } else if (std::abs(d) > options.tolerance * size) {
      return {-kInf, magnitude};
    }
  }
  return {total.value(), magnitude};
}

}  // namespace

Check check_point(const Problem& problem, const std::vector<double>& x) {
  ASSERT(x.size() == problem.column_count());
  Check check;
  Worst worst(check.worst);
  Sum objective;
  objective.add(problem.offset);
  for (std::size_t j = 0; j < x.size(); ++j) {
    objective.add(problem.cost[j] * x[j]);
    if (!problem.quadratic.empty()) objective.add(0.5 * problem.quadratic[j] * x[j] * x[j]);
    see_column(problem, j, x[j], check, worst);
  }
  const std::vector<RowActivity> activity = row_activities(problem, x);
  for (std::size_t i = 0; i < activity.size(); ++i) {
    see_row(problem, i, activity[i].sum.value(), activity[i].largest, check, worst);
  }
  check.objective = objective.value();
  return check;
}

double dual_bound(const Problem& problem, const std::vector<double>& row_dual, double tolerance,
                  const std::vector<double>& near) {
  ASSERT(row_dual.size() == problem.row_count());
  ASSERT(near.empty() || near.size() == problem.column_count());
  // A dual is only known to the rounding of the largest among them.
  double largest = 0;
  for (const double y : row_dual) largest = std::max(largest, std::isfinite(y) ? std::abs(y) : 0.0);
  constexpr double kDualRounding = 1e-13;
  const double floor = std::max(1.0, kDualRounding * largest / std::max(tolerance, 1e-300));
  return lagrangean(
             problem, row_dual,
             {.with_cost = true, .tolerance = tolerance, .size_floor = floor, .near = near.empty() ? nullptr : &near})
      .bound;
}

std::optional<std::string> find_bound_conflict(const Problem& problem) {
  auto conflict = [](const char* kind, std::size_t index, double lower, double upper) {
    return std::string(kind) + " " + std::to_string(index) + ": lower bound " + number_text(lower) + " > upper bound " +
           number_text(upper);
  };
  for (std::size_t j = 0; j < problem.column_count(); ++j) {
    const double lower = problem.column_lower[j];
    const double upper = problem.column_upper[j];
    if (lower > upper || lower == kInf || upper == -kInf) return conflict("column", j, lower, upper);
    const bool integer = !problem.integer.empty() && problem.integer[j] != 0;
    if (integer && std::ceil(lower - kViolationMax) > std::floor(upper + kViolationMax)) {
      return "integer " + conflict("column", j, std::ceil(lower), std::floor(upper));
    }
  }
  for (std::size_t i = 0; i < problem.row_count(); ++i) {
    const double lower = problem.row_lower[i];
    const double upper = problem.row_upper[i];
    if (lower > upper || lower == kInf || upper == -kInf) return conflict("row", i, lower, upper);
  }
  return std::nullopt;
}

bool proves_infeasible(const Problem& problem, const std::vector<double>& ray) {
  if (ray.size() != problem.row_count()) return false;
  // With cost 0 the Lagrangean bounds 0 from below, at every feasible point: a positive one leaves no such point.
  const Lagrangean found = lagrangean(problem, ray, {.with_cost = false, .tolerance = 1e-9});
  return found.bound > 1e-9 * found.magnitude;
}

bool proves_unbounded(const Problem& problem, const std::vector<double>& ray) {
  if (ray.size() != problem.column_count()) return false;
  double length = 0;
  for (double d : ray) length = std::isfinite(d) ? std::max(length, std::abs(d)) : kInf;
  if (!(length > 0) || !std::isfinite(length)) return false;

  // Entries that the bounds forbid may only be rounding, and are dropped before the rest is judged.
  std::vector<double> direction(ray.size());
  Sum slope;
  double slope_size = 0;
  for (std::size_t j = 0; j < ray.size(); ++j) {
    const double d = ray[j] / length;
    // a quadratic cost rises in the end whichever way
    const bool forbidden = problem.quadratic_of(j) > 0 || (d < 0 && !is_below(problem.column_lower[j])) ||
                           (d > 0 && !is_above(problem.column_upper[j]));
    if (forbidden && std::abs(d) > 1e-9) return false;
    direction[j] = forbidden ? 0 : d;
    slope.add(problem.cost[j] * direction[j]);
    slope_size += std::abs(problem.cost[j] * direction[j]);
  }
  if (!(slope.value() < -1e-7 * slope_size)) return false;

  std::vector<double> row_size(problem.row_count());
  for (std::size_t j = 0; j < ray.size(); ++j) {
    for (auto k = static_cast<std::size_t>(problem.start[j]); k < static_cast<std::size_t>(problem.start[j + 1]); ++k) {
      double& size = row_size[static_cast<std::size_t>(problem.index[k])];
      size = std::max(size, std::abs(problem.value[k] * direction[j]));
    }
  }
  const std::vector<RowActivity> activity = row_activities(problem, direction);
  for (std::size_t i = 0; i < activity.size(); ++i) {
    const double slack = 1e-8 * row_size[i];
    const double a = activity[i].sum.value();
    if ((a < -slack && !is_below(problem.row_lower[i])) || (a > slack && !is_above(problem.row_upper[i]))) return false;
  }
  return true;
}

bool correct_reduced_costs(const Problem& problem, const std::vector<double>& x, const std::vector<double>& row_dual,
                           std::vector<double>& column_dual) {
  std::vector<double> computed(problem.column_count());
  bool differ = column_dual.size() != computed.size();
  for (std::size_t j = 0; j < computed.size(); ++j) {
    Sum sum;
    double size = 1;
    const auto add = [&](double term) {
      sum.add(term);
      size = std::max(size, std::abs(term));
    };
    add(problem.cost[j]);
    add(problem.quadratic_of(j) * x[j]);
    for (auto k = static_cast<std::size_t>(problem.start[j]); k < static_cast<std::size_t>(problem.start[j + 1]); ++k) {
      add(-problem.value[k] * row_dual[static_cast<std::size_t>(problem.index[k])]);
    }
    computed[j] = sum.value();
    // solvers leave what their own tolerance is; written so that NaN counts
    differ = differ || !(std::abs(computed[j] - column_dual[j]) <= 1e-5 * size);
  }
  if (differ) column_dual = std::move(computed);
  return differ;
}

bool fits_point(const Problem& problem, const std::vector<double>& x, const std::vector<Basis>& column_basis,
                const std::vector<Basis>& row_basis) {
  if (column_basis.size() != problem.column_count() || row_basis.size() != problem.row_count()) return false;
  std::size_t basic_count = 0;
  const auto fits = [&](Basis status, double value, double lower, double upper, double size) {
    const double touch = 1e-6 * (1 + std::abs(value) + size);
    basic_count += status == Basis::basic ? 1 : 0;
    if (status == Basis::at_lower) return std::abs(value - lower) <= touch;
    if (status == Basis::at_upper) return std::abs(value - upper) <= touch;
    return status != Basis::free || (is_below(lower) && is_above(upper));
  };
  const std::vector<RowActivity> activity = row_activities(problem, x);
  bool all = true;
  for (std::size_t j = 0; j < x.size(); ++j) {
    all = all && fits(column_basis[j], x[j], problem.column_lower[j], problem.column_upper[j], 0);
  }
  for (std::size_t i = 0; i < activity.size(); ++i) {
    all = all &&
          fits(row_basis[i], activity[i].sum.value(), problem.row_lower[i], problem.row_upper[i], activity[i].largest);
  }
  return all && basic_count == problem.row_count();
}

Problem recession_problem(const Problem& problem) {
  Problem cone = relaxed(problem);
  cone.offset = 0;
  cone.quadratic.clear();
  for (std::size_t j = 0; j < cone.column_count(); ++j) {
    cone.column_lower[j] = is_below(problem.column_lower[j]) ? -1 : 0;
    cone.column_upper[j] = is_above(problem.column_upper[j]) ? 1 : 0;
    if (problem.quadratic_of(j) > 0) cone.column_lower[j] = cone.column_upper[j] = 0;
  }
  for (std::size_t i = 0; i < cone.row_count(); ++i) {
    cone.row_lower[i] = is_below(problem.row_lower[i]) ? -kInf : 0;
    cone.row_upper[i] = is_above(problem.row_upper[i]) ? kInf : 0;
  }
  return cone;
}

}  // namespace beltline::lp
