#include "lp/interior_reduce.h"

#include <algorithm>
#include <cmath>

namespace beltline::lp {
namespace {

constexpr double kUnbounded = 1e20;
constexpr double kCross = 1e-9;  // bounds that cross by less, relative, are one

/// Of the column in that row.
double value_of(const Problem& p, const BoundRow& at) {
  double value = 0;
  for (int32_t k = p.start[at.column]; k < p.start[at.column + 1]; ++k) {
    if (p.index[k] == at.row) value += p.value[k];
  }
  return value;
}

class Reducing {
 public:
  Reducing(const Problem& problem, std::span<const double> quadratic) : p_(problem), quadratic_(quadratic) {
    r_.lower.resize(p_.column_count());
    r_.upper.resize(p_.column_count());
    for (std::size_t j = 0; j < p_.column_count(); ++j) {
      r_.lower[j] = finite_bound(p_.column_lower[j]);
      r_.upper[j] = finite_bound(p_.column_upper[j]);
    }
    lower_row_.assign(p_.column_count(), -1);
    upper_row_.assign(p_.column_count(), -1);
    r_.fixed.assign(p_.column_count(), 0);
    r_.shift.assign(p_.row_count(), 0);
    gone_.assign(p_.column_count(), 0);
    is_bound_.assign(p_.row_count(), 0);
    count_.assign(p_.row_count(), 0);
    sum_.assign(p_.row_count(), 0);
  }

  Reduction run() {
    r_.column_of.reserve(p_.column_count());
    r_.row_of.reserve(p_.row_count());
    count_entries();
    for (std::size_t j = 0; j < p_.column_count(); ++j) {
      if (is_fixed(r_.lower[j], r_.upper[j])) remove(static_cast<int32_t>(j), r_.lower[j]);
    }
    for (std::size_t i = 0; i < p_.row_count(); ++i) {
      if (count_[i] == 1) single_.push_back(static_cast<int32_t>(i));
    }
    while (!single_.empty()) {
      const int32_t i = single_.back();
      single_.pop_back();
      if (count_[i] == 1 && is_bound_[i] == 0) take(i);
    }
    keep_columns();
    keep_rows();
    r_.bound_rows.shrink_to_fit();
    for (BoundRow& b : r_.bound_rows) {
      b.gives_lower = lower_row_[b.column] == b.row;
      b.gives_upper = upper_row_[b.column] == b.row;
    }
    for (std::size_t i = 0; i < r_.row_of.size(); ++i) r_.shift[i] = r_.shift[r_.row_of[i]];
    r_.shift.resize(r_.row_of.size());
    r_.shift.shrink_to_fit();
    return std::move(r_);
  }

 private:
  [[nodiscard]] bool is_free(std::size_t i) const {
    return finite_bound(p_.row_lower[i]) == -kInf && finite_bound(p_.row_upper[i]) == kInf;
  }
  void count_entries();
  void remove(int32_t column, double at);
  void take(int32_t row);
  bool rests(std::size_t j, double& at) const;
  void keep_columns();
  void keep_rows();

  const Problem& p_;
  std::span<const double> quadratic_;
  Reduction r_;
  std::vector<int32_t> lower_row_, upper_row_;  // [column] the row that gives it; −1: the column's own
  std::vector<uint8_t> gone_;                   // [column]
  std::vector<uint8_t> is_bound_;               // [row]
  std::vector<int32_t> count_;                  // [row] columns that it still has
  std::vector<int64_t> sum_;                    // [row] of their indices: of one column, which it is
  std::vector<int32_t> single_;                 // rows to look at
};

void Reducing::count_entries() {
  for (std::size_t j = 0; j < p_.column_count(); ++j) {
    for (int32_t k = p_.start[j]; k < p_.start[j + 1]; ++k) {
      if (p_.value[k] == 0) continue;
      ++count_[p_.index[k]];
      sum_[p_.index[k]] += static_cast<int64_t>(j);
    }
  }
}

void Reducing::remove(int32_t column, double at) {
  gone_[column] = 1;
  r_.fixed[column] = at;
  for (int32_t k = p_.start[column]; k < p_.start[column + 1]; ++k) {
    if (p_.value[k] == 0) continue;
    const int32_t i = p_.index[k];
    r_.shift[i] += p_.value[k] * at;
    sum_[i] -= column;
    if (--count_[i] == 1) single_.push_back(i);
  }
}

/// Makes the row a bound of its column; one that would cross the column's other bound stays a row.
void Reducing::take(int32_t row) {
  if (is_free(static_cast<std::size_t>(row))) return;
  const auto j = static_cast<int32_t>(sum_[row]);
  const double a = value_of(p_, {.row = row, .column = j});
  if (a == 0) return;
  double low = (finite_bound(p_.row_lower[row]) - r_.shift[row]) / a,
         high = (finite_bound(p_.row_upper[row]) - r_.shift[row]) / a;
  if (a < 0) std::swap(low, high);
  const double cross = kCross * std::max(1.0, std::min(std::abs(low), std::abs(high)));
  if (low > r_.upper[j] + cross || high < r_.lower[j] - cross || low > high) return;
  is_bound_[row] = 1;
  r_.bound_rows.push_back({.row = row, .column = j});
  if (low > r_.lower[j]) {
    r_.lower[j] = std::min(low, r_.upper[j]);
    lower_row_[j] = row;
  }
  if (high < r_.upper[j]) {
    r_.upper[j] = std::max(high, r_.lower[j]);
    upper_row_[j] = row;
  }
  if (is_fixed(r_.lower[j], r_.upper[j])) remove(j, r_.lower[j]);
}

/// A column that no row knows rests where it costs least; one that would fall for ever stays in.
bool Reducing::rests(std::size_t j, double& at) const {
  const double lower = r_.lower[j], upper = r_.upper[j], q = quadratic_.empty() ? 0 : quadratic_[j];
  if (q > 0) {
    at = std::clamp(-p_.cost[j] / q, lower, upper);
    return true;
  }
  at = p_.cost[j] > 0 ? lower : p_.cost[j] < 0 ? upper : std::clamp(0.0, lower, upper);
  return std::isfinite(at);
}

void Reducing::keep_columns() {
  for (std::size_t j = 0; j < p_.column_count(); ++j) {
    if (gone_[j] != 0) continue;
    bool any = false;
    for (int32_t k = p_.start[j]; k < p_.start[j + 1] && !any; ++k) {
      any = p_.value[k] != 0 && is_bound_[p_.index[k]] == 0;
    }
    double at = 0;
    if (!any && rests(j, at)) {
      remove(static_cast<int32_t>(j), at);
    } else {
      r_.column_of.push_back(static_cast<int32_t>(j));
    }
  }
}

void Reducing::keep_rows() {
  for (std::size_t i = 0; i < p_.row_count(); ++i) {
    if (is_bound_[i] != 0 || is_free(i)) continue;
    if (count_[i] > 0) {
      r_.row_of.push_back(static_cast<int32_t>(i));
      continue;
    }
    const double slack = kCross * std::max(1.0, std::abs(r_.shift[i]));
    if (finite_bound(p_.row_lower[i]) > r_.shift[i] + slack || finite_bound(p_.row_upper[i]) < r_.shift[i] - slack) {
      r_.conflict_row = static_cast<int32_t>(i);
      r_.conflict_is_below = finite_bound(p_.row_lower[i]) > r_.shift[i];
    }
  }
}

}  // namespace

double finite_bound(double value) {
  return std::abs(value) >= kUnbounded ? std::copysign(kInf, value) : value;
}

bool is_fixed(double lower, double upper) {
  return std::isfinite(lower) && upper - lower <= 1e-12 * std::max(1.0, std::abs(lower));
}

Reduction reduce(const Problem& problem, std::span<const double> quadratic) {
  return Reducing(problem, quadratic).run();
}

void restore_duals(const Problem& problem, std::span<const double> quadratic, const Reduction& reduction,
                   std::span<const double> x, std::span<double> row_dual) {
  // later rows first: a column of theirs that went before has its reduced cost by them
  for (std::size_t k = reduction.bound_rows.size(); k-- > 0;) {
    const BoundRow& b = reduction.bound_rows[k];
    if (!b.gives_lower && !b.gives_upper) continue;
    double z = problem.cost[b.column] + (quadratic.empty() ? 0 : quadratic[b.column] * x[b.column]);
    for (int32_t e = problem.start[b.column]; e < problem.start[b.column + 1]; ++e) {
      z -= problem.value[e] * row_dual[problem.index[e]];
    }
    if ((z > 0 && b.gives_lower) || (z < 0 && b.gives_upper)) {
      row_dual[b.row] = z / value_of(problem, b);
    }
  }
}

}  // namespace beltline::lp
