// How a violation is measured: one measure for every check of a point.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <string>

#include "lp/problem.h"
#include "lp/solver.h"

namespace beltline::lp {

/// Bounds this large mean "none": the solver reads them so, and d · 1e20 would drown every sum.
inline constexpr double kInfiniteBound = 1e20;
inline bool is_below(double bound) {
  return bound <= -kInfiniteBound;
}
inline bool is_above(double bound) {
  return bound >= kInfiniteBound;
}

inline std::string number_text(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.9g", value);
  return text;
}

/// How far a value lies outside its bounds, relative to 1 + |bound|; infinite for a value that is no number.
struct Excess {
  double violation = 0;
  double bound = 0;
  const char* relation = "";
};

/// `rounding` is what a sum of this size cannot tell from zero; it is no violation.
inline Excess excess(double value, double lower, double upper, double rounding = 0) {
  if (!std::isfinite(value)) return {kInf, 0, "is not finite, near"};
  if (value < lower) return {std::max(0.0, lower - value - rounding) / (1 + std::abs(lower)), lower, "<"};
  if (value > upper) return {std::max(0.0, value - upper - rounding) / (1 + std::abs(upper)), upper, ">"};
  return {};
}

/// Share of a row's largest term below which a miss is the rounding of the point's own digits: solvers hold rows after
/// scaling, and a balance of a billion dies is not closed to a millionth of a die.
inline constexpr double kRowRounding = 1e-9;

/// Keeps the worst violation seen and its description.
class Worst {
 public:
  explicit Worst(std::string& text) : text_(text) {}
  void see(const char* kind, std::size_t index, double value, const Excess& found) {
    if (found.violation <= worst_) return;
    worst_ = found.violation;
    text_ = std::string(kind) + " " + std::to_string(index) + ": " + number_text(value) + " " + found.relation + " " +
            number_text(found.bound);
  }

 private:
  std::string& text_;
  double worst_ = 0;
};

/// A column's bounds and integrality.
inline void see_column(const Problem& problem, std::size_t j, double x, Check& check, Worst& worst) {
  const Excess outside = excess(x, problem.column_lower[j], problem.column_upper[j]);
  check.bound_violation = std::max(check.bound_violation, outside.violation);
  worst.see("column", j, x, outside);
  if (problem.integer.empty() || problem.integer[j] == 0 || !std::isfinite(x)) return;
  // not divided by 1 + |x|: a relative test would let every fraction of a large number pass
  const Excess fraction{std::abs(x - std::round(x)), std::round(x), "is not the integer"};
  check.integrality_violation = std::max(check.integrality_violation, fraction.violation);
  worst.see("column", j, x, fraction);
}

/// A row's activity; `largest` is the size of its largest term.
inline void see_row(const Problem& problem, std::size_t i, double activity, double largest, Check& check,
                    Worst& worst) {
  const Excess outside = excess(activity, problem.row_lower[i], problem.row_upper[i], kRowRounding * largest);
  check.row_violation = std::max(check.row_violation, outside.violation);
  worst.see("row", i, activity, outside);
}

}  // namespace beltline::lp
