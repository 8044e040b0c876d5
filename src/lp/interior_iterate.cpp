#include "lp/interior_iterate.h"

#include <algorithm>
#include <cmath>

namespace beltline::lp {
namespace {

std::vector<int8_t> signs_of(const Form& form) {
  std::vector<int8_t> sign(form.variables(), 1);
  std::fill_n(sign.begin(), form.columns, int8_t{-1});
  return sign;
}

}  // namespace

std::vector<uint8_t> bounds_of(const Form& form) {
  std::vector<uint8_t> bounds(form.variables());
  for (std::size_t v = 0; v < bounds.size(); ++v) {
    const bool row = v >= static_cast<std::size_t>(form.columns);
    bounds[v] = row && form.lower[v] == form.upper[v]
                    ? static_cast<uint8_t>(kFixed)
                    : static_cast<uint8_t>((form.lower[v] > -kInf ? kLower : kFree) |
                                           (form.upper[v] < kInf ? kUpper : kFree));
  }
  return bounds;
}

Newton::Newton(const Form& form, const Symbolic& symbolic, std::span<const uint8_t> bounds)
    : form_(form), bounds_(bounds), factor_(symbolic, signs_of(form)) {
  factor_.set_entries(form.value);
  for (auto* v : {&theta_, &diagonal_, &shifted_, &right_, &solution_, &correction_, &product_, &error_}) {
    v->resize(form.variables());
  }
}

void Newton::factor_diagonal(double regularisation) {
  const auto n = static_cast<std::size_t>(form_.columns);
  for (std::size_t v = 0; v < theta_.size(); ++v) {
    diagonal_[v] = v < n ? -theta_[v] : bounds_[v] == kFixed ? 0 : 1 / theta_[v];
    shifted_[v] = diagonal_[v] + (v < n ? -regularisation : regularisation);
  }
  const int32_t replaced =
      factor_.factor(shifted_, {.least = 1e-3 * regularisation, .replacement = std::max(1e-6, regularisation)});
  sound_ = replaced == 0;
}

bool Newton::factor(const Iterate& point, double regularisation) {
  const auto n = static_cast<std::size_t>(form_.columns);
  for (std::size_t v = 0; v < theta_.size(); ++v) {
    double theta = v < n ? form_.quadratic[v] : 0;
    if ((bounds_[v] & kLower) != 0) theta += point.lower_dual[v] / point.from_lower[v];
    if ((bounds_[v] & kUpper) != 0) theta += point.upper_dual[v] / point.from_upper[v];
    theta_[v] = v < n ? theta : std::max(theta, 1e-18);
  }
  factor_diagonal(regularisation);
  return sound_;
}

bool Newton::factor_unit() {
  std::ranges::fill(theta_, 1.0);
  factor_diagonal(1e-8);
  return sound_;
}

double Newton::weigh_error() const {
  double most = 0;
  const auto n = static_cast<std::size_t>(form_.columns);
  for (std::size_t v = 0; v < correction_.size(); ++v) {
    const double weight = v < n ? 1 / std::max(1.0, theta_[v]) : bounds_[v] == kFixed ? 1 : std::min(1.0, theta_[v]);
    most = std::max(most, std::abs(correction_[v]) * weight);
  }
  return most;
}

void Newton::solve(std::span<const double> column, std::span<const double> row, double error_max,
                   std::span<double> out) {
  const auto n = static_cast<std::size_t>(form_.columns);
  const auto rows = static_cast<std::size_t>(form_.rows);
  std::ranges::copy(column.first(n), right_.begin());
  std::ranges::copy(row.first(rows), right_.begin() + static_cast<std::ptrdiff_t>(n));
  std::ranges::copy(right_, solution_.begin());
  factor_.solve(solution_);
  ++solve_count_;
  double best = kInf;
  const std::span<double> product(product_);
  for (int round = 0; round < 5; ++round) {
    // what the matrix itself, without ρ and δ, leaves of the right-hand side
    multiply_transposed(form_, std::span<const double>(solution_).subspan(n), product.first(n));
    multiply(form_, std::span<const double>(solution_).first(n), product.subspan(n));
    for (std::size_t v = 0; v < product_.size(); ++v) {
      correction_[v] = right_[v] - product_[v] - diagonal_[v] * solution_[v];
    }
    const double error = weigh_error();
    if (!(error < best)) break;
    const bool slow = error > 0.3 * best;
    best = error;
    std::ranges::copy(solution_, out.begin());
    std::ranges::copy(correction_, error_.begin());
    if (error <= error_max || slow) break;
    factor_.solve(correction_);
    ++solve_count_;
    for (std::size_t v = 0; v < solution_.size(); ++v) solution_[v] += correction_[v];
  }
  last_error_ = best;
}

void Newton::step(const Iterate& point, const Residual& residual, const Target& target, double error_max,
                  Iterate& out) {
  const auto n = static_cast<std::size_t>(form_.columns);
  const std::size_t count = form_.variables();
  // g: the dual conditions with distances and duals of bounds put in
  std::vector<double> g(count), right_row(static_cast<std::size_t>(form_.rows)), solution(count);
  for (std::size_t v = 0; v < count; ++v) {
    g[v] = residual.dual[v];
    if ((bounds_[v] & kLower) != 0) {
      g[v] += (target.lower[v] + point.lower_dual[v] * residual.from_lower[v]) / point.from_lower[v];
    }
    if ((bounds_[v] & kUpper) != 0) {
      g[v] -= (target.upper[v] - point.upper_dual[v] * residual.from_upper[v]) / point.from_upper[v];
    }
  }
  for (std::size_t i = 0; i < right_row.size(); ++i) {
    right_row[i] = residual.row[i] + (bounds_[n + i] == kFixed ? 0 : g[n + i] / theta_[n + i]);
  }
  std::vector<double> right_column(n);
  for (std::size_t j = 0; j < n; ++j) right_column[j] = -g[j];
  solve(right_column, right_row, error_max, solution);
  for (std::size_t v = 0; v < count; ++v) {
    if (v < n) {
      out.value[v] = solution[v];
    } else {
      out.row_dual[v - n] = solution[v];
      out.value[v] = bounds_[v] == kFixed ? 0 : (g[v] - solution[v]) / theta_[v];
      // of a row that is far from its bounds, the equation is kept and the dual takes the error
      if (bounds_[v] != kFixed && theta_[v] < 1) out.value[v] -= error_[v];
    }
    out.from_lower[v] = out.from_upper[v] = out.lower_dual[v] = out.upper_dual[v] = 0;
    if ((bounds_[v] & kLower) != 0) {
      out.from_lower[v] = out.value[v] - residual.from_lower[v];
      out.lower_dual[v] = (target.lower[v] - point.lower_dual[v] * out.from_lower[v]) / point.from_lower[v];
    }
    if ((bounds_[v] & kUpper) != 0) {
      out.from_upper[v] = residual.from_upper[v] - out.value[v];
      out.upper_dual[v] = (target.upper[v] - point.upper_dual[v] * out.from_upper[v]) / point.from_upper[v];
    }
    if (v < n && theta_[v] > 1 && (bounds_[v] & kBoxed) != 0) {
      // likewise of a column at its bound: the reduced cost is kept, and the product with the distance takes the error
      const bool lower = (bounds_[v] & kUpper) == 0 || ((bounds_[v] & kLower) != 0 && point.from_lower[v] < point.from_upper[v]);
      (lower ? out.lower_dual[v] : out.upper_dual[v]) += lower ? error_[v] : -error_[v];
    }
  }
}

StepLength longest_step(const Iterate& point, const Iterate& step, std::span<const uint8_t> bounds) {
  StepLength length;
  const auto limit = [](double& most, double from, double by) {
    if (by < 0 && from + most * by < 0) most = -from / by;
  };
  for (std::size_t v = 0; v < bounds.size(); ++v) {
    if ((bounds[v] & kLower) != 0) {
      limit(length.primal, point.from_lower[v], step.from_lower[v]);
      limit(length.dual, point.lower_dual[v], step.lower_dual[v]);
    }
    if ((bounds[v] & kUpper) != 0) {
      limit(length.primal, point.from_upper[v], step.from_upper[v]);
      limit(length.dual, point.upper_dual[v], step.upper_dual[v]);
    }
  }
  return length;
}

void move(Iterate& point, const Iterate& step, const StepLength& length) {
  const auto add = [](std::vector<double>& to, const std::vector<double>& by, double times) {
    for (std::size_t v = 0; v < to.size(); ++v) to[v] += times * by[v];
  };
  add(point.value, step.value, length.primal);
  add(point.from_lower, step.from_lower, length.primal);
  add(point.from_upper, step.from_upper, length.primal);
  add(point.lower_dual, step.lower_dual, length.dual);
  add(point.upper_dual, step.upper_dual, length.dual);
  add(point.row_dual, step.row_dual, length.dual);
}

void compute_residual(const Form& form, std::span<const uint8_t> bounds, const Iterate& point, Residual& out) {
  const auto n = static_cast<std::size_t>(form.columns);
  multiply(form, std::span<const double>(point.value).first(n), out.row);
  for (std::size_t i = 0; i < out.row.size(); ++i) out.row[i] = point.value[n + i] - out.row[i];
  multiply_transposed(form, point.row_dual, std::span<double>(out.dual).first(n));
  for (std::size_t v = 0; v < bounds.size(); ++v) {
    const double reduced =
        v < n ? form.cost[v] + form.quadratic[v] * point.value[v] - out.dual[v] : point.row_dual[v - n];
    out.dual[v] = bounds[v] == kFixed ? 0 : point.lower_dual[v] - point.upper_dual[v] - reduced;
    out.from_lower[v] = (bounds[v] & kLower) != 0 ? form.lower[v] - point.value[v] + point.from_lower[v] : 0;
    out.from_upper[v] = (bounds[v] & kUpper) != 0 ? form.upper[v] - point.value[v] - point.from_upper[v] : 0;
  }
}

double complementarity(const Iterate& point, std::span<const uint8_t> bounds) {
  double sum = 0;
  int64_t count = 0;
  for (std::size_t v = 0; v < bounds.size(); ++v) {
    if ((bounds[v] & kLower) != 0) sum += point.from_lower[v] * point.lower_dual[v], ++count;
    if ((bounds[v] & kUpper) != 0) sum += point.from_upper[v] * point.upper_dual[v], ++count;
  }
  return count > 0 ? sum / static_cast<double>(count) : 0;
}

}  // namespace beltline::lp
