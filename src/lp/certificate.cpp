#include "lp/certificate.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <unordered_map>
#include <utility>

#include <fmt/format.h>

#include "base/assert.h"
#include "lp/by_row.h"
#include "lp/check.h"
#include "lp/exact.h"
#include "lp/exact_duals.h"
#include "lp/implied_bounds.h"
#include "lp/rounding.h"
#include "lp/violation.h"

namespace beltline::lp {
namespace {

using Interval = ReducedCost;

/// c − Aᵀ(y + low) of one column without rounding, but for the last.
Interval exact_reduced_cost(const Problem& problem, const Duals& duals, std::size_t j) {
  ExactSum sum;
  sum.add(problem.cost[j]);
  for (auto k = static_cast<std::size_t>(problem.start[j]); k < static_cast<std::size_t>(problem.start[j + 1]); ++k) {
    const auto i = static_cast<std::size_t>(problem.index[k]);
    if (duals.y[i] != 0) sum.add_product(-problem.value[k], duals.y[i]);
    if (!duals.low.empty() && duals.low[i] != 0) sum.add_product(-problem.value[k], duals.low[i]);
  }
  if (sum.sign() == 0) return {};
  const double value = sum.value();
  return sum.sign() > 0 ? Interval{std::max(0.0, down(down(value))), up(up(value))}
                        : Interval{down(down(value)), std::min(0.0, up(up(value)))};
}

/// Reduced costs c − Aᵀy, enclosed.
std::vector<Interval> reduced_costs(const Problem& problem, const Duals& duals) {
  std::vector<Interval> d(problem.column_count());
  for (std::size_t j = 0; j < d.size(); ++j) {
    if (!duals.zero.empty() && duals.zero[j] != 0) continue;
    BoundedSum sum;
    sum.add(problem.cost[j]);
    double radius = 0;
    bool moved = false;
    for (auto k = static_cast<std::size_t>(problem.start[j]); k < static_cast<std::size_t>(problem.start[j + 1]); ++k) {
      const auto i = static_cast<std::size_t>(problem.index[k]);
      if (!duals.radius.empty()) radius = up(radius + up(std::abs(problem.value[k]) * duals.radius[i]));
      if (duals.y[i] == 0 && radius == 0) continue;
      sum.add_product(-problem.value[k], duals.y[i]);
      if (!duals.low.empty()) sum.add_product(-problem.value[k], duals.low[i]);
      moved = true;
    }
    d[j] = moved ? Interval{down(sum.lower() - radius), up(sum.upper() + radius)}
                 : Interval{problem.cost[j], problem.cost[j]};
    // where the sign is open without a bound to the sum's error, the sum itself
    if (moved && radius == 0 && d[j].lower <= 0 && d[j].upper >= 0) d[j] = exact_reduced_cost(problem, duals, j);
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

/// Σ_i y_i row_lower_i or row_upper_i, by the sign of y_i.
void add_rows(const Problem& problem, const Duals& duals, BoundedSum& total) {
  for (std::size_t i = 0; i < duals.y.size(); ++i) {
    const double y = duals.y[i], low = duals.low.empty() ? 0 : duals.low[i];
    const double radius = duals.radius.empty() ? 0 : duals.radius[i];
    if (y == 0 && low == 0 && radius == 0) continue;
    const double lower = problem.row_lower[i], upper = problem.row_upper[i];
    const double size = up(up(std::abs(y) + std::abs(low)) + radius);
    if (radius > 0 && !(down(std::abs(y) - up(std::abs(low) + radius)) > 0)) {
      // of either sign, which only rows with both bounds allow
      total.add(-up(size * std::max(std::abs(lower), std::abs(upper))));
      continue;
    }
    const double bound = y > 0 ? lower : upper;
    total.add_product(y, bound);
    total.add_product(low, bound);
    total.add(-up(radius * std::abs(bound)));
  }
}

/// Σ_j the least of the column's terms, all of which are bounded.
void add_columns(const Problem& problem, const std::vector<Interval>& d, const ImpliedBounds& bounds,
                 BoundedSum& total) {
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
}

/// Columns whose reduced cost may have the sign for which they have no bound.
std::vector<std::size_t> missing(const Problem& problem, const std::vector<Interval>& d, const ImpliedBounds& bounds) {
  std::vector<std::size_t> columns;
  for (std::size_t j = 0; j < d.size(); ++j) {
    if (problem.quadratic_of(j) == 0 && needs_bound(d[j], bounds.lower(j), bounds.upper(j))) columns.push_back(j);
  }
  return columns;
}

struct Bounded {
  SafeBound safe;
  bool is_own = true;  // no column lacked a bound
};

/// The Lagrangean bound; columns that lack a bound get one that is implied, if there is one.
Bounded bound_of(const Problem& problem, const Duals& duals, double cost_max) {
  const std::vector<Interval> d = reduced_costs(problem, duals);
  ImpliedBounds bounds(problem, cost_max);
  constexpr int kPassMax = 20;
  bool implied = false;
  std::vector<std::size_t> open = missing(problem, d, bounds);
  for (int pass = 0; pass < kPassMax && !open.empty(); ++pass) {
    implied = true;
    if (!bounds.pass()) break;
    open = missing(problem, d, bounds);
  }
  if (!open.empty()) {
    const std::size_t j = open.front();
    const bool low = d[j].upper > 0 && bounds.lower(j) == -kInf;
    return {.safe = {-kInf, fmt::format("column {} has a reduced cost of {:.3g} and no {} bound", j,
                                        low ? d[j].upper : d[j].lower, low ? "lower" : "upper")},
            .is_own = false};
  }
  BoundedSum total;
  total.add(problem.offset);
  add_rows(problem, duals, total);
  add_columns(problem, d, bounds, total);
  const double bound = std::isfinite(total.middle()) ? total.lower() : -kInf;
  return {
      .safe = {implied ? std::min(bound, cost_max) : bound, bound == -kInf ? "the sum of the bound is not finite" : ""},
      .is_own = !implied};
}

/// The same with duals that leave the columns without bounds a reduced cost of exactly 0.
SafeBound bound_of_exact(const Problem& problem, const std::vector<double>& y, double cost_max) {
  constexpr int kRoundMax = 6;
  const ImpliedBounds own(problem, kInf);
  Duals duals{.y = y, .low = {}, .radius = {}, .zero = {}};
  std::vector<std::size_t> columns = missing(problem, reduced_costs(problem, duals), own);
  if (columns.empty()) return {};
  for (int round = 0; round < kRoundMax; ++round) {
    auto exact = zero_reduced_costs(problem, y, columns);
    if (!exact) break;
    duals = std::move(*exact);
    // a reduced cost that was 0 of the harmless side may have moved over
    std::vector<std::size_t> more;
    for (const std::size_t j : missing(problem, reduced_costs(problem, duals), own)) {
      if (!std::ranges::binary_search(columns, j)) more.push_back(j);
    }
    if (more.empty()) break;
    columns.insert(columns.end(), more.begin(), more.end());
    std::ranges::sort(columns);
  }
  return duals.zero.empty() ? SafeBound{} : bound_of(problem, duals, cost_max).safe;
}

/// [column] whether another column of the same kind is its negative, cost and all.
std::vector<uint8_t> mirrors(const Problem& problem) {
  std::vector<uint8_t> out(problem.column_count());
  std::unordered_map<std::size_t, std::vector<std::size_t>> alike;  // by rows and sizes of values
  const auto column = [&](std::size_t j) {
    const auto begin = static_cast<std::size_t>(problem.start[j]), end = static_cast<std::size_t>(problem.start[j + 1]);
    return std::pair(begin, end - begin);
  };
  const auto is_mirror = [&](std::size_t a, std::size_t b) {
    const auto [from, count] = column(a);
    const auto [other, other_count] = column(b);
    if (count != other_count || problem.cost[a] != -problem.cost[b]) return false;
    for (std::size_t k = 0; k < count; ++k) {
      const bool same_row = problem.index[from + k] == problem.index[other + k];
      if (!same_row || problem.value[from + k] != -problem.value[other + k]) return false;
    }
    return true;
  };
  for (std::size_t j = 0; j < out.size(); ++j) {
    const bool up_only = is_above(problem.column_upper[j]) && !is_below(problem.column_lower[j]);
    if (!up_only || problem.quadratic_of(j) > 0) continue;
    const auto [begin, count] = column(j);
    std::size_t hash = count;
    for (std::size_t k = begin; k < begin + count; ++k) {
      hash = hash * 1'000'003 + static_cast<std::size_t>(problem.index[k]);
      hash = hash * 1'000'003 + std::hash<double>{}(std::abs(problem.value[k]));
    }
    std::vector<std::size_t>& others = alike[hash];
    for (const std::size_t other : others) {
      if (is_mirror(j, other)) out[j] = out[other] = 1;
    }
    others.push_back(j);
  }
  return out;
}

/// Multipliers of a sign that the row does not allow are rounding, and 0.
std::vector<double> of_allowed_sign(const Problem& problem, std::vector<double> y) {
  for (std::size_t i = 0; i < y.size(); ++i) {
    const bool useless = (y[i] > 0 && is_below(problem.row_lower[i])) || (y[i] < 0 && is_above(problem.row_upper[i]));
    if (useless || !std::isfinite(y[i])) y[i] = 0;
  }
  return y;
}

}  // namespace

SafeBound safe_dual_bound(const Problem& problem, const std::vector<double>& row_dual, double cost_max) {
  ASSERT(row_dual.size() == problem.row_count());
  const std::vector<double> y = of_allowed_sign(problem, row_dual);
  Bounded plain = bound_of(problem, {.y = y, .low = {}, .radius = {}, .zero = {}}, cost_max);
  // implied bounds are often far out, and what they cost then shows
  constexpr double kNear = 2e-6;
  const bool is_near =
      std::isfinite(cost_max) && plain.safe.bound >= cost_max - kNear * std::max(1.0, std::abs(cost_max));
  if (plain.is_own || is_near) return plain.safe;
  SafeBound exact = bound_of_exact(problem, y, cost_max);
  return exact.bound > plain.safe.bound ? exact : plain.safe;
}

std::vector<ReducedCost> safe_reduced_costs(const Problem& problem, const std::vector<double>& row_dual) {
  return reduced_costs(problem, {.y = of_allowed_sign(problem, row_dual), .low = {}, .radius = {}, .zero = {}});
}

Problem with_margin(const Problem& problem, const std::vector<double>& row_dual, const std::vector<double>& x,
                    double share) {
  ASSERT(row_dual.size() == problem.row_count());
  ASSERT(x.empty() || x.size() == problem.column_count());
  Problem out = problem;
  double cost_size = 0;
  for (std::size_t j = 0; j < x.size(); ++j) cost_size += std::abs(problem.cost[j] * x[j]);
  const double part = cost_size / static_cast<double>(problem.column_count());
  const std::vector<uint8_t> mirrored = mirrors(problem);
  for (std::size_t j = 0; j < out.column_count(); ++j) {
    const bool no_upper = is_above(problem.column_upper[j]), no_lower = is_below(problem.column_lower[j]);
    if (no_upper == no_lower || problem.quadratic_of(j) > 0 || mirrored[j] != 0) continue;
    double size = std::abs(problem.cost[j]);
    for (auto k = static_cast<std::size_t>(problem.start[j]); k < static_cast<std::size_t>(problem.start[j + 1]); ++k) {
      const double dual = row_dual[static_cast<std::size_t>(problem.index[k])];
      if (std::isfinite(dual)) size = std::max(size, std::abs(problem.value[k] * dual));
    }
    if (!x.empty()) size = std::max(size, part / (1 + std::abs(x[j])));
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
  const ByRow rows = by_row(problem);
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
