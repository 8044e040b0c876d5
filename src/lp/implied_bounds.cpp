#include "lp/implied_bounds.h"

#include <cmath>

#include "lp/rounding.h"
#include "lp/violation.h"

namespace beltline::lp {

ImpliedBounds::ImpliedBounds(const Problem& problem, double cost_max)
    : problem_(problem), lower_(problem.column_lower), upper_(problem.column_upper), cost_max_(cost_max) {
  for (double& bound : lower_) bound = is_below(bound) ? -kInf : bound;
  for (double& bound : upper_) bound = is_above(bound) ? kInf : bound;
}

bool ImpliedBounds::pass() {
  if (rows_.start.empty()) rows_ = by_row(problem_);
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

/// The column's end that makes sign · value · x least.
double ImpliedBounds::least_end(std::size_t j, double coefficient) const {
  return coefficient > 0 ? lower_[j] : upper_[j];
}

/// sign · Σ value x ≤ most: with the least that the others can be, each column has a bound.
void ImpliedBounds::look(std::span<const int32_t> column, std::span<const double> value, double sign, double most) {
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

void ImpliedBounds::tighten(int32_t column, double a, double most, const BoundedSum& least, std::size_t infinite) {
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
void ImpliedBounds::look_at_cost() {
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

}  // namespace beltline::lp
