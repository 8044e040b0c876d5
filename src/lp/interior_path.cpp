#include "lp/interior_path.h"

#include <algorithm>
#include <chrono>
#include <cmath>

namespace beltline::lp {
namespace {

double seconds_now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

Iterate make_iterate(const Form& form) {
  const std::vector<double> zero(form.variables(), 0.0);
  return {.value = zero,
          .from_lower = std::vector<double>(form.variables(), 1.0),
          .from_upper = std::vector<double>(form.variables(), 1.0),
          .lower_dual = zero,
          .upper_dual = zero,
          .row_dual = std::vector<double>(static_cast<std::size_t>(form.rows), 0.0)};
}

/// Distances that are all at least a little above zero, and so are the products with their duals.
struct Shift {
  double primal = 0, dual = 0;
};

Shift shift_inside(const Iterate& p, std::span<const uint8_t> bounds) {
  Shift shift;
  const auto each = [&](const auto& use) {
    for (std::size_t v = 0; v < bounds.size(); ++v) {
      if ((bounds[v] & kLower) != 0) use(p.from_lower[v], p.lower_dual[v]);
      if ((bounds[v] & kUpper) != 0) use(p.from_upper[v], p.upper_dual[v]);
    }
  };
  each([&](double distance, double dual) {
    shift.primal = std::max(shift.primal, -1.5 * distance);
    shift.dual = std::max(shift.dual, -1.5 * dual);
  });
  double product = 0, distances = 0, duals = 0;
  each([&](double distance, double dual) {
    product += (distance + shift.primal) * (dual + shift.dual);
    distances += distance + shift.primal;
    duals += dual + shift.dual;
  });
  shift.primal += duals > 0 ? 0.5 * product / duals : 0;
  shift.dual += distances > 0 ? 0.5 * product / distances : 0;
  shift.primal = std::max(shift.primal, 1e-4);
  shift.dual = std::max(shift.dual, 1e-4);
  return shift;
}

/// One iteration's steps, kept together so that their memory serves all iterations.
class Walk {
 public:
  Walk(const Form& form, std::span<const uint8_t> bounds, Newton& newton, Iterate start, const PathOptions& options)
      : form_(form), bounds_(bounds), newton_(newton), options_(options), point_(std::move(start)) {
    residual_.row.resize(static_cast<std::size_t>(form.rows));
    for (auto* v : {&residual_.from_lower, &residual_.from_upper, &residual_.dual}) v->assign(form.variables(), 0);
    zero_ = residual_;
    target_ = {.lower = residual_.dual, .upper = residual_.dual};
    step_ = correction_ = trial_ = make_iterate(form);
    best_.point = point_;
  }

  Path run();

 private:
  bool look(int iteration);
  void advance();
  [[nodiscard]] double largest_residual() const;
  void aim_affine();
  void aim_centred(double mu, double weight);
  void correct(double mu);
  bool aim_correction(const StepLength& goal, double mu);
  [[nodiscard]] StepLength together(StepLength length) const;

  const Form& form_;
  std::span<const uint8_t> bounds_;
  Newton& newton_;
  const PathOptions& options_;
  Iterate point_, step_, correction_, trial_;
  Residual residual_, zero_;
  Target target_;
  Path best_;
  StepLength length_;
  double mu_ = 0;
  double regularisation_ = 1e-9;
  double error_max_ = 0;  // of a step's own equations
  int since_best_ = 0;
  int corrector_max_ = 2;
};

StepLength Walk::together(StepLength length) const {
  // a quadratic cost ties primal to dual
  if (form_.has_quadratic) length.primal = length.dual = std::min(length.primal, length.dual);
  return length;
}

/// Looks at the point: kept if it is the best, and whether to go on.
bool Walk::look(int iteration) {
  compute_residual(form_, bounds_, point_, residual_);
  mu_ = complementarity(point_, bounds_);
  const Miss miss = measure(form_, bounds_, point_, residual_, options_.offset);
  ++since_best_;
  if (std::isfinite(miss.worst()) && (iteration == 0 || miss.worst() < best_.miss.worst())) {
    if (miss.worst() < 0.9 * best_.miss.worst()) since_best_ = 0;
    best_.miss = miss;
    best_.point = point_;
  }
  best_.iterations = iteration;
  if (miss.primal <= options_.residual_max && miss.dual <= options_.residual_max && miss.gap <= options_.gap_max) {
    best_.miss = miss;
    best_.point = point_;
    best_.end = PathEnd::converged;
    return false;
  }
  if (options_.proceed && !options_.proceed(iteration, miss)) {
    best_.end = PathEnd::stopped;
    return false;
  }
  if (!std::isfinite(miss.worst()) || since_best_ > 25 || iteration >= options_.iteration_max) {
    best_.end = PathEnd::stalled;
    return false;
  }
  return true;
}

double Walk::largest_residual() const {
  double most = 0;
  for (const auto* part : {&residual_.row, &residual_.dual}) {
    for (const double r : *part) most = std::max(most, std::abs(r));
  }
  return most;
}

void Walk::aim_affine() {
  for (std::size_t v = 0; v < bounds_.size(); ++v) {
    target_.lower[v] = -point_.from_lower[v] * point_.lower_dual[v];
    target_.upper[v] = -point_.from_upper[v] * point_.upper_dual[v];
  }
}

/// Towards `mu`, with `weight` of the second order that the step of before tells.
void Walk::aim_centred(double mu, double weight) {
  for (std::size_t v = 0; v < bounds_.size(); ++v) {
    target_.lower[v] =
        mu - point_.from_lower[v] * point_.lower_dual[v] - weight * step_.from_lower[v] * step_.lower_dual[v];
    target_.upper[v] =
        mu - point_.from_upper[v] * point_.upper_dual[v] - weight * step_.from_upper[v] * step_.upper_dual[v];
  }
}

/// Gondzio's corrector (Colombo and Gondzio 2008): at a longer step than can be taken, products far from mu are pulled
/// back.
bool Walk::aim_correction(const StepLength& goal, double mu) {
  constexpr double kLeast = 0.1, kMost = 10;
  bool any = false;
  const auto pull = [&](double distance, double distance_step, double dual, double dual_step) {
    const double product = (distance + goal.primal * distance_step) * (dual + goal.dual * dual_step);
    const double wanted = std::clamp(product, kLeast * mu, kMost * mu) - product;
    if (wanted != 0) any = true;
    return std::max(wanted, -kMost * mu);
  };
  for (std::size_t v = 0; v < bounds_.size(); ++v) {
    target_.lower[v] = (bounds_[v] & kLower) == 0 ? 0
                                                  : pull(point_.from_lower[v], step_.from_lower[v],
                                                         point_.lower_dual[v], step_.lower_dual[v]);
    target_.upper[v] = (bounds_[v] & kUpper) == 0 ? 0
                                                  : pull(point_.from_upper[v], step_.from_upper[v],
                                                         point_.upper_dual[v], step_.upper_dual[v]);
  }
  return any;
}

void Walk::correct(double mu) {
  for (int round = 0; round < corrector_max_; ++round) {
    if (std::min(length_.primal, length_.dual) > 0.95) return;
    const StepLength goal = {.primal = std::min(1.0, 1.3 * length_.primal + 0.1),
                             .dual = std::min(1.0, 1.3 * length_.dual + 0.1)};
    if (!aim_correction(together(goal), mu)) return;
    newton_.step(point_, zero_, target_, error_max_, correction_);
    trial_ = step_;
    move(trial_, correction_, {.primal = 1, .dual = 1});
    const StepLength reached = together(longest_step(point_, trial_, bounds_));
    if (reached.primal * reached.dual < 1.02 * length_.primal * length_.dual) return;
    std::swap(step_, trial_);
    length_ = reached;
  }
}

void Walk::advance() {
  aim_affine();
  error_max_ = std::max(1e-10, 0.05 * largest_residual());
  newton_.step(point_, residual_, target_, kInf, step_);
  const StepLength affine = together(longest_step(point_, step_, bounds_));
  trial_ = point_;
  move(trial_, step_, affine);
  const double mu_affine = complementarity(trial_, bounds_);
  const double ratio = mu_ > 0 ? mu_affine / mu_ : 0;
  const double mu = mu_ * std::clamp(ratio * ratio * ratio, 1e-6, 0.9);
  // the second order is worth what the affine step was
  aim_centred(mu, affine.primal * affine.dual);
  newton_.step(point_, residual_, target_, error_max_, step_);
  length_ = together(longest_step(point_, step_, bounds_));
  correct(mu);
  const double back = std::max(0.995, 1 - mu_);
  const auto shorter = [&](double length) { return length >= 1 ? 1.0 : back * length; };
  move(point_, step_, {.primal = shorter(length_.primal), .dual = shorter(length_.dual)});
  // distances and duals that the rounding of a full step would leave at zero
  for (std::size_t v = 0; v < bounds_.size(); ++v) {
    if ((bounds_[v] & kLower) != 0) {
      point_.from_lower[v] = std::max(point_.from_lower[v], 1e-18);
      point_.lower_dual[v] = std::max(point_.lower_dual[v], 1e-18);
    }
    if ((bounds_[v] & kUpper) != 0) {
      point_.from_upper[v] = std::max(point_.from_upper[v], 1e-18);
      point_.upper_dual[v] = std::max(point_.upper_dual[v], 1e-18);
    }
  }
}

Path Walk::run() {
  for (int iteration = 0; look(iteration); ++iteration) {
    double begin = seconds_now();
    regularisation_ = std::clamp(1e-3 * mu_, 1e-11, 1e-8);
    // a replaced pivot spoils the direction: once more with a matrix further from singular
    for (int attempt = 0; attempt < 3 && !newton_.factor(point_, regularisation_); ++attempt) regularisation_ *= 100;
    best_.factor_s += seconds_now() - begin;
    begin = seconds_now();
    advance();
    best_.solve_s += seconds_now() - begin;
  }
  return std::move(best_);
}

}  // namespace

Miss measure(const Form& form, std::span<const uint8_t> bounds, const Iterate& point, const Residual& residual,
             double offset) {
  const auto n = static_cast<std::size_t>(form.columns);
  Miss m{.primal = 0, .dual = 0};
  double cost_max = 0;
  double primal = 0, dual = 0;
  for (std::size_t j = 0; j < n; ++j) {
    const double x = point.value[j];
    primal += form.cost[j] * x + 0.5 * form.quadratic[j] * x * x;
    dual -= 0.5 * form.quadratic[j] * x * x;
    cost_max = std::max(cost_max, std::abs(form.cost[j]) / form.column_scale[j]);
  }
  for (std::size_t v = 0; v < bounds.size(); ++v) {
    const double scale =
        form.bound_scale * (v < n ? form.column_scale[v] : 1 / form.row_scale[v - n]);  // to the original's units
    const auto relative = [&](double miss, double bound) { return std::abs(miss) * scale / (1 + std::abs(bound) * scale); };
    if (v >= n) {
      const double lower = form.lower[v], upper = form.upper[v];
      const double bound = std::isfinite(lower) ? lower : upper;
      m.primal = std::max(m.primal, relative(residual.row[v - n], bound));
    }
    if ((bounds[v] & kLower) != 0) {
      m.primal = std::max(m.primal, relative(residual.from_lower[v], form.lower[v]));
      dual += point.lower_dual[v] * form.lower[v];
    }
    if ((bounds[v] & kUpper) != 0) {
      m.primal = std::max(m.primal, relative(residual.from_upper[v], form.upper[v]));
      dual -= point.upper_dual[v] * form.upper[v];
    }
    if (bounds[v] == kFixed) dual += point.row_dual[v - n] * form.lower[v];
    const double dual_scale = v < n ? 1 / form.column_scale[v] : form.row_scale[v - n];
    m.dual = std::max(m.dual, std::abs(residual.dual[v]) * dual_scale);
  }
  m.dual /= cost_max > 0 ? cost_max : 1;
  const double factor = form.cost_scale * form.bound_scale;
  m.primal_objective = offset + factor * primal;
  m.dual_objective = offset + factor * dual;
  m.gap = std::abs(m.primal_objective - m.dual_objective) / (1 + std::abs(m.primal_objective));
  return m;
}

Iterate starting_point(const Form& form, std::span<const uint8_t> bounds, Newton& newton) {
  const auto n = static_cast<std::size_t>(form.columns);
  const auto rows = static_cast<std::size_t>(form.rows);
  Iterate p = make_iterate(form);
  newton.factor_unit();
  for (std::size_t v = 0; v < bounds.size(); ++v) p.value[v] = std::clamp(0.0, form.lower[v], form.upper[v]);
  // min ‖(dx, ds)‖ so that A x = s
  std::vector<double> column(n, 0.0), row(rows), solution(form.variables());
  multiply(form, std::span<const double>(p.value).first(n), row);
  for (std::size_t i = 0; i < rows; ++i) row[i] = p.value[n + i] - row[i];
  newton.solve(column, row, 1e-6, solution);
  for (std::size_t j = 0; j < n; ++j) p.value[j] += solution[j];
  for (std::size_t i = 0; i < rows; ++i) {
    if (bounds[n + i] != kFixed) p.value[n + i] -= solution[n + i];
  }
  // min ‖cost − Aᵀ y‖² + ‖y‖² of the rows that may move
  std::ranges::copy(form.cost, column.begin());
  std::ranges::fill(row, 0.0);
  newton.solve(column, row, 1e-6, solution);
  for (std::size_t i = 0; i < rows; ++i) p.row_dual[i] = solution[n + i];
  std::vector<double> reduced(form.variables());
  multiply_transposed(form, p.row_dual, std::span<double>(reduced).first(n));
  for (std::size_t v = 0; v < bounds.size(); ++v) {
    const double z = v < n ? form.cost[v] - reduced[v] : p.row_dual[v - n];
    if ((bounds[v] & kLower) != 0) {
      p.from_lower[v] = p.value[v] - form.lower[v];
      p.lower_dual[v] = bounds[v] == kBoxed ? std::max(z, 0.0) : z;
    }
    if ((bounds[v] & kUpper) != 0) {
      p.from_upper[v] = form.upper[v] - p.value[v];
      p.upper_dual[v] = bounds[v] == kBoxed ? std::max(-z, 0.0) : -z;
    }
  }
  const Shift shift = shift_inside(p, bounds);
  for (std::size_t v = 0; v < bounds.size(); ++v) {
    if ((bounds[v] & kLower) != 0) {
      p.from_lower[v] += shift.primal;
      p.lower_dual[v] += shift.dual;
    }
    if ((bounds[v] & kUpper) != 0) {
      p.from_upper[v] += shift.primal;
      p.upper_dual[v] += shift.dual;
    }
  }
  return p;
}

Path follow_path(const Form& form, std::span<const uint8_t> bounds, Newton& newton, Iterate start,
                 const PathOptions& options) {
  return Walk(form, bounds, newton, std::move(start), options).run();
}

}  // namespace beltline::lp
