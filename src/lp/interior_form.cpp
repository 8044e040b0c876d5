#include "lp/interior_form.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace beltline::lp {
namespace {

constexpr double kUnbounded = 1e20;  // as everywhere in this room

double bound(double value) { return std::abs(value) >= kUnbounded ? std::copysign(kInf, value) : value; }

double power_of_two(double factor) {
  return factor > 0 && std::isfinite(factor) ? std::exp2(std::clamp(std::round(std::log2(factor)), -60.0, 60.0)) : 1.0;
}

bool is_fixed(double lower, double upper) {
  return std::isfinite(lower) && upper - lower <= 1e-12 * std::max(1.0, std::abs(lower));
}

/// A column that no row knows rests where it costs least; one that would fall for ever stays in.
bool rests(const Problem& p, std::size_t j, double quadratic, double& at) {
  const double lower = bound(p.column_lower[j]), upper = bound(p.column_upper[j]);
  if (quadratic > 0) {
    at = std::clamp(-p.cost[j] / quadratic, lower, upper);
    return true;
  }
  at = p.cost[j] > 0 ? lower : p.cost[j] < 0 ? upper : std::clamp(0.0, lower, upper);
  return std::isfinite(at);
}

/// Which columns and rows stay.
void select(const Problem& p, std::span<const double> quadratic, Form& f, std::vector<int32_t>& new_row) {
  std::vector<int32_t> count(p.row_count(), 0);
  f.shift.assign(p.row_count(), 0);
  f.fixed.assign(p.column_count(), 0);
  for (std::size_t j = 0; j < p.column_count(); ++j) {
    const double lower = bound(p.column_lower[j]), upper = bound(p.column_upper[j]);
    double at = lower;
    bool any = false;
    for (int32_t k = p.start[j]; k < p.start[j + 1]; ++k) any = any || p.value[k] != 0;
    if (is_fixed(lower, upper) || (!any && rests(p, j, quadratic.empty() ? 0 : quadratic[j], at))) {
      f.fixed[j] = at;
      for (int32_t k = p.start[j]; k < p.start[j + 1]; ++k) f.shift[p.index[k]] += p.value[k] * at;
      continue;
    }
    f.column_of.push_back(static_cast<int32_t>(j));
    for (int32_t k = p.start[j]; k < p.start[j + 1]; ++k) count[p.index[k]] += p.value[k] != 0 ? 1 : 0;
  }
  new_row.assign(p.row_count(), -1);
  for (std::size_t i = 0; i < p.row_count(); ++i) {
    const double lower = bound(p.row_lower[i]), upper = bound(p.row_upper[i]);
    if (count[i] == 0) {
      const double slack = 1e-9 * std::max(1.0, std::abs(f.shift[i]));
      if (lower > f.shift[i] + slack || upper < f.shift[i] - slack) f.conflict_row = static_cast<int32_t>(i);
      continue;
    }
    if (lower == -kInf && upper == kInf) continue;
    new_row[i] = static_cast<int32_t>(f.row_of.size());
    f.row_of.push_back(static_cast<int32_t>(i));
  }
  f.columns = static_cast<int32_t>(f.column_of.size());
  f.rows = static_cast<int32_t>(f.row_of.size());
}

void copy_matrix(const Problem& p, const std::vector<int32_t>& new_row, Form& f) {
  f.start.assign(1, 0);
  for (const int32_t j : f.column_of) {
    for (int32_t k = p.start[j]; k < p.start[j + 1]; ++k) {
      if (new_row[p.index[k]] < 0 || p.value[k] == 0) continue;
      f.row.push_back(new_row[p.index[k]]);
      f.value.push_back(p.value[k]);
    }
    f.start.push_back(static_cast<int64_t>(f.row.size()));
  }
}

/// Geometric means first (Fulkerson and Wolfe 1962), then the largest of each row and column towards one (Ruiz 2001).
void scale_matrix(Form& f) {
  f.column_scale.assign(static_cast<std::size_t>(f.columns), 1);
  f.row_scale.assign(static_cast<std::size_t>(f.rows), 1);
  std::vector<double> least(static_cast<std::size_t>(f.rows)), most(static_cast<std::size_t>(f.rows));
  for (int pass = 0; pass < 6; ++pass) {
    const bool geometric = pass < 3;
    const auto factor = [&](double low, double high) {
      return high > 0 ? 1 / std::sqrt(geometric ? low * high : high) : 1.0;
    };
    std::ranges::fill(least, kInf);
    std::ranges::fill(most, 0.0);
    for (int32_t j = 0; j < f.columns; ++j) {
      double low = kInf, high = 0;
      for (int64_t k = f.start[j]; k < f.start[j + 1]; ++k) {
        const double size = std::abs(f.value[k]) * f.column_scale[j] * f.row_scale[f.row[k]];
        low = std::min(low, size);
        high = std::max(high, size);
        least[f.row[k]] = std::min(least[f.row[k]], size);
        most[f.row[k]] = std::max(most[f.row[k]], size);
      }
      if (high > 0) f.column_scale[j] *= factor(low, high);
    }
    for (int32_t i = 0; i < f.rows; ++i) f.row_scale[i] *= factor(least[i], most[i]);
  }
  for (double& s : f.column_scale) s = power_of_two(s);
  for (double& s : f.row_scale) s = power_of_two(s);
  for (int32_t j = 0; j < f.columns; ++j) {
    for (int64_t k = f.start[j]; k < f.start[j + 1]; ++k) f.value[k] *= f.column_scale[j] * f.row_scale[f.row[k]];
  }
}

void transpose(Form& f) {
  f.row_start.assign(static_cast<std::size_t>(f.rows) + 1, 0);
  for (const int32_t i : f.row) ++f.row_start[i + 1];
  std::partial_sum(f.row_start.begin(), f.row_start.end(), f.row_start.begin());
  f.column.resize(f.row.size());
  f.row_value.resize(f.row.size());
  std::vector<int64_t> to(f.row_start.begin(), f.row_start.end() - 1);
  for (int32_t j = 0; j < f.columns; ++j) {
    for (int64_t k = f.start[j]; k < f.start[j + 1]; ++k) {
      const int64_t at = to[f.row[k]]++;
      f.column[at] = j;
      f.row_value[at] = f.value[k];
    }
  }
}

/// Bounds and costs by the factors that are there.
void fill_bounds(const Problem& p, std::span<const double> quadratic, Form& f) {
  const auto n = static_cast<std::size_t>(f.columns);
  f.lower.resize(f.variables());
  f.upper.resize(f.variables());
  f.cost.resize(n);
  f.quadratic.assign(n, 0);
  f.has_quadratic = false;
  for (std::size_t j = 0; j < n; ++j) {
    const int32_t from = f.column_of[j];
    const double scale = f.bound_scale * f.column_scale[j];
    f.lower[j] = bound(p.column_lower[from]) / scale;
    f.upper[j] = bound(p.column_upper[from]) / scale;
    f.cost[j] = p.cost[from] * f.column_scale[j] / f.cost_scale;
    if (quadratic.empty()) continue;
    f.quadratic[j] = quadratic[from] * f.column_scale[j] * scale / f.cost_scale;
    f.has_quadratic = f.has_quadratic || f.quadratic[j] != 0;
  }
  for (std::size_t i = 0; i < static_cast<std::size_t>(f.rows); ++i) {
    const int32_t from = f.row_of[i];
    const double scale = f.row_scale[i] / f.bound_scale;
    f.lower[n + i] = (bound(p.row_lower[from]) - f.shift[from]) * scale;
    f.upper[n + i] = (bound(p.row_upper[from]) - f.shift[from]) * scale;
    if (is_fixed(f.lower[n + i], f.upper[n + i])) f.upper[n + i] = f.lower[n + i];
  }
}

/// The geometric mean of what is neither zero nor infinite.
class Mean {
 public:
  void see(double value) {
    if (value == 0 || !std::isfinite(value)) return;
    sum_ += std::log2(std::abs(value));
    ++count_;
  }
  [[nodiscard]] double power() const { return count_ > 0 ? power_of_two(std::exp2(sum_ / count_)) : 1; }

 private:
  double sum_ = 0, count_ = 0;
};

/// One factor for all bounds and one for all costs, so that typical ones are near one: the largest bound is often a
/// mere "no limit" of 1e9, beside which all else would vanish.
void scale_sizes(const Problem& p, std::span<const double> quadratic, Form& f) {
  fill_bounds(p, quadratic, f);
  Mean bounds, costs;
  for (std::size_t v = 0; v < f.variables(); ++v) {
    bounds.see(f.lower[v]);
    if (f.upper[v] != f.lower[v]) bounds.see(f.upper[v]);
  }
  for (const double c : f.cost) costs.see(c);
  f.bound_scale = bounds.power();
  f.cost_scale = costs.power();
  fill_bounds(p, quadratic, f);
}

}  // namespace

Form make_form(const Problem& problem, std::span<const double> quadratic) {
  Form f;
  std::vector<int32_t> new_row;
  select(problem, quadratic, f, new_row);
  copy_matrix(problem, new_row, f);
  scale_matrix(f);
  transpose(f);
  scale_sizes(problem, quadratic, f);
  return f;
}

bool refresh(const Problem& problem, std::span<const double> quadratic, Form& form) {
  Form again;
  std::vector<int32_t> new_row;
  select(problem, quadratic, again, new_row);
  if (again.column_of != form.column_of || again.row_of != form.row_of) return false;
  form.shift = std::move(again.shift);
  form.fixed = std::move(again.fixed);
  form.conflict_row = again.conflict_row;
  fill_bounds(problem, quadratic, form);
  return true;
}

void multiply(const Form& form, std::span<const double> x, std::span<double> out) {
  for (int32_t i = 0; i < form.rows; ++i) {
    double sum = 0;
    for (int64_t k = form.row_start[i]; k < form.row_start[i + 1]; ++k) sum += form.row_value[k] * x[form.column[k]];
    out[i] = sum;
  }
}

void multiply_transposed(const Form& form, std::span<const double> y, std::span<double> out) {
  for (int32_t j = 0; j < form.columns; ++j) {
    double sum = 0;
    for (int64_t k = form.start[j]; k < form.start[j + 1]; ++k) sum += form.value[k] * y[form.row[k]];
    out[j] = sum;
  }
}

}  // namespace beltline::lp
