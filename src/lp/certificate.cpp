#include "lp/certificate.h"

#include <algorithm>
#include <cmath>
#include <span>

#include <fmt/format.h>

#include "base/assert.h"
#include "lp/check.h"
#include "lp/exact.h"
#include "lp/violation.h"

namespace beltline::lp {
namespace {

double down(double value) {
  return std::nextafter(value, -kInf);
}
double up(double value) {
  return std::nextafter(value, kInf);
}

struct Interval {
  double lower = 0;
  double upper = 0;
};

/// The matrix by rows.
struct ByRow {
  std::vector<std::size_t> start;  // [row + 1]
  std::vector<int32_t> column;     // [nonzero]
  std::vector<double> value;       // [nonzero]
};

ByRow transposed(const Problem& problem) {
  ByRow rows{.start = std::vector<std::size_t>(problem.row_count() + 1), .column = {}, .value = {}};
  for (const int32_t i : problem.index) ++rows.start[static_cast<std::size_t>(i) + 1];
  for (std::size_t i = 0; i < problem.row_count(); ++i) rows.start[i + 1] += rows.start[i];
  rows.column.resize(problem.index.size());
  rows.value.resize(problem.index.size());
  std::vector<std::size_t> next(rows.start.begin(), rows.start.end() - 1);
  for (std::size_t j = 0; j < problem.column_count(); ++j) {
    for (auto k = static_cast<std::size_t>(problem.start[j]); k < static_cast<std::size_t>(problem.start[j + 1]); ++k) {
      const std::size_t to = next[static_cast<std::size_t>(problem.index[k])]++;
      rows.column[to] = static_cast<int32_t>(j);
      rows.value[to] = problem.value[k];
    }
  }
  return rows;
}

/// Bounds that rows imply for columns that have none, each rounded outwards.
class Implied {
 public:
  Implied(const Problem& problem, double cost_max)
      : problem_(problem), lower_(problem.column_lower), upper_(problem.column_upper), cost_max_(cost_max) {
    for (double& bound : lower_) bound = is_below(bound) ? -kInf : bound;
    for (double& bound : upper_) bound = is_above(bound) ? kInf : bound;
  }

  [[nodiscard]] double lower(std::size_t j) const { return lower_[j]; }
  [[nodiscard]] double upper(std::size_t j) const { return upper_[j]; }

  /// One pass over the rows and the cost; false where it found nothing.
  bool pass() {
    if (rows_.start.empty()) rows_ = transposed(problem_);
    changed_ = false;
    for (std::size_t i = 0; i < problem_.row_count(); ++i) {
      const std::size_t begin = rows_.start[i];
      const std::size_t count = rows_.start[i + 1] - begin;
      const std::span column(rows_.column.data() + begin, count);
      const std::span value(rows_.value.data() + begin, count);
      if (!is_above(problem_.row_upper[i])) look(column, value, 1, problem_.row_upper[i]);
      if (!is_below(problem_.row_lower[i])) look(column, value, -1, -problem_.row_lower[i]);
    }
    look_at_cost();
    return changed_;
  }

 private:
  /// The column's end that makes sign · value · x least.
  [[nodiscard]] double least_end(std::size_t j, double coefficient) const {
    return coefficient > 0 ? lower_[j] : upper_[j];
  }

  /// sign · Σ value x ≤ most: with the least that the others can be, each column has a bound.
  void look(std::span<const int32_t> column, std::span<const double> value, double sign, double most) {
    BoundedSum least;
    std::size_t infinite = 0;
    for (std::size_t k = 0; k < column.size(); ++k) {
      const double a = sign * value[k];
      if (a == 0) continue;
      const double end = least_end(static_cast<std::size_t>(column[k]), a);
      if (!std::isfinite(end)) {
        if (++infinite > 1) return;
      } else {
        least.add_product(a, end);
      }
    }
    for (std::size_t k = 0; k < column.size(); ++k) tighten(column[k], sign * value[k], most, least, infinite);
  }

  void tighten(int32_t column, double a, double most, const BoundedSum& least, std::size_t infinite) {
    const auto j = static_cast<std::size_t>(column);
    if (a == 0) return;
    double& bound = a > 0 ? upper_[j] : lower_[j];
    if (std::isfinite(bound)) return;
    const double end = least_end(j, a);
    if (infinite > (std::isfinite(end) ? 0U : 1U)) return;
    BoundedSum rest = least;
    if (std::isfinite(end)) rest.add_product(-a, end);
    const double room = up(most - rest.lower());
    const double found = a > 0 ? up(room / a) : down(room / a);
    if (!std::isfinite(found) || std::abs(found) >= kInfiniteBound) return;
    bound = found;
    changed_ = true;
  }

  /// offset + Σ cost x + ½ Σ q x² ≤ cost_max; a quadratic cost counts as the least that it can be.
  void look_at_cost() {
    if (!std::isfinite(cost_max_)) return;
    BoundedSum least;
    least.add(problem_.offset);
    std::size_t infinite = 0;
    for (std::size_t j = 0; j < problem_.column_count(); ++j) {
      const double c = problem_.cost[j];
      if (const double q = problem_.quadratic_of(j); q > 0) {
        least.add(down(down(-c * c) / q));  // ½ q x² + c x ≥ −c²/(2q) ≥ −c²/q
      } else if (c != 0) {
        const double end = least_end(j, c);
        if (!std::isfinite(end)) {
          if (++infinite > 1) return;
        } else {
          least.add_product(c, end);
        }
      }
    }
    for (std::size_t j = 0; j < problem_.column_count(); ++j) {
      if (problem_.quadratic_of(j) == 0) tighten(static_cast<int32_t>(j), problem_.cost[j], cost_max_, least, infinite);
    }
  }

  const Problem& problem_;
  std::vector<double> lower_, upper_;  // [column]
  double cost_max_;
  ByRow rows_;
  bool changed_ = false;
};

/// Reduced costs c − Aᵀy, enclosed; y only with the signs that the rows allow.
std::vector<Interval> reduced_costs(const Problem& problem, const std::vector<double>& y) {
  std::vector<Interval> d(problem.column_count());
  for (std::size_t j = 0; j < d.size(); ++j) {
    BoundedSum sum;
    sum.add(problem.cost[j]);
    bool moved = false;
    for (auto k = static_cast<std::size_t>(problem.start[j]); k < static_cast<std::size_t>(problem.start[j + 1]); ++k) {
      const double dual = y[static_cast<std::size_t>(problem.index[k])];
      if (dual == 0) continue;
      sum.add_product(-problem.value[k], dual);
      moved = true;
    }
    d[j] = moved ? Interval{sum.lower(), sum.upper()} : Interval{problem.cost[j], problem.cost[j]};
  }
  return d;
}

/// Below the minimum over [lower, upper] of ½ q x² + d x for every d of the interval: that minimum is concave in d, so
/// one of the ends has the least.
double least_quadratic(double q, const Interval& slope, double lower, double upper) {
  const auto least = [&](double d) {
    // held at a bound where the slope there surely points outwards, else the minimum over all x
    const auto at = [&](double bound) {
      BoundedSum sum;
      sum.add_product(down(0.5 * q) * bound, bound);
      sum.add_product(d, bound);
      return down(sum.lower() - std::abs(0.5 * q * bound * bound) * 0x1p-50);
    };
    BoundedSum lower_slope, upper_slope;
    lower_slope.add(d);
    if (!is_below(lower)) lower_slope.add_product(q, lower);
    if (!is_below(lower) && lower_slope.lower() >= 0) return at(lower);
    upper_slope.add(d);
    if (!is_above(upper)) upper_slope.add_product(q, upper);
    if (!is_above(upper) && upper_slope.upper() <= 0) return at(upper);
    return down(-up(up(up(d * d) / q) * 0.5));
  };
  return std::min(least(slope.lower), least(slope.upper));
}

/// Whether the column's reduced cost may have the sign for which `bound` is missing.
bool needs_bound(const Interval& d, double lower, double upper) {
  return (d.upper > 0 && lower == -kInf) || (d.lower < 0 && upper == kInf);
}

}  // namespace

SafeBound safe_dual_bound(const Problem& problem, const std::vector<double>& row_dual, double cost_max) {
  ASSERT(row_dual.size() == problem.row_count());
  std::vector<double> y = row_dual;
  BoundedSum total;
  total.add(problem.offset);
  for (std::size_t i = 0; i < y.size(); ++i) {
    const bool useless = (y[i] > 0 && is_below(problem.row_lower[i])) || (y[i] < 0 && is_above(problem.row_upper[i]));
    if (useless || !std::isfinite(y[i])) y[i] = 0;
    if (y[i] != 0) total.add_product(y[i], y[i] > 0 ? problem.row_lower[i] : problem.row_upper[i]);
  }
  const std::vector<Interval> d = reduced_costs(problem, y);
  Implied bounds(problem, cost_max);
  const auto missing = [&] {
    for (std::size_t j = 0; j < d.size(); ++j) {
      if (problem.quadratic_of(j) == 0 && needs_bound(d[j], bounds.lower(j), bounds.upper(j))) return j;
    }
    return d.size();
  };
  constexpr int kPassMax = 20;
  bool implied = false;
  std::size_t first_missing = missing();
  for (int pass = 0; pass < kPassMax && first_missing < d.size(); ++pass) {
    implied = true;
    if (!bounds.pass()) break;
    first_missing = missing();
  }
  if (first_missing < d.size()) {
    const bool low = d[first_missing].upper > 0 && bounds.lower(first_missing) == -kInf;
    return {-kInf, fmt::format("column {} has a reduced cost of {:.3g} and no {} bound", first_missing,
                               low ? d[first_missing].upper : d[first_missing].lower, low ? "lower" : "upper")};
  }
  for (std::size_t j = 0; j < d.size(); ++j) {
    const double lower = bounds.lower(j), upper = bounds.upper(j);
    if (const double q = problem.quadratic_of(j); q > 0) {
      total.add(least_quadratic(q, d[j], problem.column_lower[j], problem.column_upper[j]));
      continue;
    }
    if (d[j].lower == 0 && d[j].upper == 0) continue;
    // the least of slope · x over both intervals lies at one of their corners; a corner at infinity has the harmless
    // sign, as needs_bound has seen to it
    double slope = 0, end = 0, least = kInf;
    for (const double s : {d[j].lower, d[j].upper}) {
      for (const double x : {lower, upper}) {
        if (!std::isfinite(x) || !(s * x < least)) continue;
        least = s * x;
        slope = s;
        end = x;
      }
    }
    if (least < kInf) total.add_product(slope, end);
    total.add(-std::abs(least < kInf ? least : 0.0) * 0x1p-50);  // two corners equal but for rounding
  }
  const double bound = std::isfinite(total.middle()) ? total.lower() : -kInf;
  return {implied ? std::min(bound, cost_max) : bound, bound == -kInf ? "the sum of the bound is not finite" : ""};
}

Problem with_margin(const Problem& problem, const std::vector<double>& row_dual, double share) {
  ASSERT(row_dual.size() == problem.row_count());
  Problem out = problem;
  for (std::size_t j = 0; j < out.column_count(); ++j) {
    const bool no_upper = is_above(problem.column_upper[j]), no_lower = is_below(problem.column_lower[j]);
    if (no_upper == no_lower || problem.quadratic_of(j) > 0) continue;
    double size = std::abs(problem.cost[j]);
    for (auto k = static_cast<std::size_t>(problem.start[j]); k < static_cast<std::size_t>(problem.start[j + 1]); ++k) {
      const double dual = row_dual[static_cast<std::size_t>(problem.index[k])];
      if (std::isfinite(dual)) size = std::max(size, std::abs(problem.value[k] * dual));
    }
    out.cost[j] += (no_upper ? -share : share) * size;
  }
  return out;
}

Check check_point_exactly(const Problem& problem, const std::vector<double>& x) {
  ASSERT(x.size() == problem.column_count());
  Check check;
  Worst worst(check.worst);
  ExactSum objective;
  objective.add(problem.offset);
  for (std::size_t j = 0; j < x.size(); ++j) {
    if (!std::isfinite(x[j])) return check_point(problem, x);  // says which
    objective.add_product(problem.cost[j], x[j]);
    if (const double q = problem.quadratic_of(j); q > 0) {
      // ½ q x²: the square is two doubles, each times ½ q exactly
      const Split square = two_product(x[j], x[j]);
      objective.add_product(0.5 * q, square.value);
      objective.add_product(0.5 * q, square.error);
    }
    see_column(problem, j, x[j], check, worst);
  }
  const ByRow rows = transposed(problem);
  ExactSum activity;
  for (std::size_t i = 0; i < problem.row_count(); ++i) {
    activity.clear();
    double largest = 0;
    for (std::size_t k = rows.start[i]; k < rows.start[i + 1]; ++k) {
      const double value = x[static_cast<std::size_t>(rows.column[k])];
      activity.add_product(rows.value[k], value);
      largest = std::max(largest, std::abs(rows.value[k] * value));
    }
    see_row(problem, i, activity.value(), largest, check, worst);
  }
  check.objective = objective.value();
  return check;
}

}  // namespace beltline::lp
