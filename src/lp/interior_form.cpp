#include "lp/interior_form.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace beltline::lp {
namespace {

double power_of_two(double factor) {
  return factor > 0 && std::isfinite(factor) ? std::exp2(std::clamp(std::round(std::log2(factor)), -60.0, 60.0)) : 1.0;
}

/// Takes in what stays. @returns [original row] its place, or -1
std::vector<int32_t> take_in(Reduction reduction, Form& f, std::size_t row_count) {
  f.reduction = std::move(reduction);
  f.columns = static_cast<int32_t>(f.reduction.column_of.size());
  f.rows = static_cast<int32_t>(f.reduction.row_of.size());
  std::vector<int32_t> new_row(row_count, -1);
  for (int32_t i = 0; i < f.rows; ++i) new_row[f.reduction.row_of[i]] = i;
  return new_row;
}

void copy_matrix(const Problem& p, const std::vector<int32_t>& new_row, Form& f) {
  std::size_t count = 0;
  for (std::size_t k = 0; k < p.value.size(); ++k) count += new_row[p.index[k]] >= 0 && p.value[k] != 0 ? 1 : 0;
  f.row.reserve(count);
  f.value.reserve(count);
  f.start.reserve(static_cast<std::size_t>(f.columns) + 1);
  f.start.assign(1, 0);
  for (const int32_t j : f.reduction.column_of) {
    for (int32_t k = p.start[j]; k < p.start[j + 1]; ++k) {
      if (new_row[p.index[k]] < 0 || p.value[k] == 0) continue;
      f.row.push_back(new_row[p.index[k]]);
      f.value.push_back(p.value[k]);
    }
    f.start.push_back(static_cast<int32_t>(f.row.size()));
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
  std::vector<int32_t> to(f.row_start.begin(), f.row_start.end() - 1);
  for (int32_t j = 0; j < f.columns; ++j) {
    for (int64_t k = f.start[j]; k < f.start[j + 1]; ++k) {
      const int32_t at = to[f.row[k]]++;
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
    const int32_t from = f.reduction.column_of[j];
    const double scale = f.bound_scale * f.column_scale[j];
    f.lower[j] = f.reduction.lower[from] / scale;
    f.upper[j] = f.reduction.upper[from] / scale;
    f.cost[j] = p.cost[from] * f.column_scale[j] / f.cost_scale;
    if (quadratic.empty()) continue;
    f.quadratic[j] = quadratic[from] * f.column_scale[j] * scale / f.cost_scale;
    f.has_quadratic = f.has_quadratic || f.quadratic[j] != 0;
  }
  for (std::size_t i = 0; i < static_cast<std::size_t>(f.rows); ++i) {
    const int32_t from = f.reduction.row_of[i];
    const double scale = f.row_scale[i] / f.bound_scale;
    f.lower[n + i] = (finite_bound(p.row_lower[from]) - f.reduction.shift[i]) * scale;
    f.upper[n + i] = (finite_bound(p.row_upper[from]) - f.reduction.shift[i]) * scale;
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

/// They are the form's own from here on, scaled.
void drop_bounds(Form& f) {
  f.reduction.lower = {};
  f.reduction.upper = {};
}

}  // namespace

Form make_form(const Problem& problem, std::span<const double> quadratic) {
  Form f;
  copy_matrix(problem, take_in(reduce(problem, quadratic), f, problem.row_count()), f);
  scale_matrix(f);
  transpose(f);
  scale_sizes(problem, quadratic, f);
  drop_bounds(f);
  return f;
}

bool refresh(const Problem& problem, std::span<const double> quadratic, Form& form) {
  Reduction again = reduce(problem, quadratic);
  if (again.column_of != form.reduction.column_of || again.row_of != form.reduction.row_of) return false;
  form.reduction = std::move(again);
  fill_bounds(problem, quadratic, form);
  drop_bounds(form);
  return true;
}

double largest_term(const Form& form, std::span<const double> x, std::size_t i) {
  double most = 0;
  for (int64_t k = form.row_start[i]; k < form.row_start[i + 1]; ++k) {
    most = std::max(most, std::abs(form.row_value[k] * x[form.column[k]]));
  }
  return most;
}

void multiply(const Form& form, std::span<const double> x, std::span<double> out) {
  for (std::size_t i = 0; i < static_cast<std::size_t>(form.rows); ++i) out[i] = row_product(form, x, i);
}

void multiply_transposed(const Form& form, std::span<const double> y, std::span<double> out) {
  for (std::size_t j = 0; j < static_cast<std::size_t>(form.columns); ++j) out[j] = column_product(form, y, j);
}

}  // namespace beltline::lp
