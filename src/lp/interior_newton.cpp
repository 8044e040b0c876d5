#include "lp/interior_newton.h"

#include <algorithm>
#include <cmath>

namespace beltline::lp {
namespace {

constexpr int kRefinementMax = 5;
constexpr double kErrorLeast = 1e-14;

std::vector<int8_t> signs_of(const Frame& frame) {
  std::vector<int8_t> sign(frame.variables(), 1);
  std::fill_n(sign.begin(), frame.columns(), int8_t{-1});
  return sign;
}

}  // namespace

Newton::Newton(const Frame& frame, const Symbolic& symbolic) : frame_(frame), factor_(symbolic, signs_of(frame)) {
  for (auto* v : {&theta_, &affine_g_, &affine_solution_, &right_, &mixed_solution_}) v->resize(frame.variables());
  for (auto* v : {&others_g_, &others_solution_}) v->resize(2 * frame.variables());
  affine_.distance.resize(frame.pairs.count());
  affine_.dual.resize(frame.pairs.count());
}

void Newton::factor_diagonal(double regularisation) {
  const std::size_t n = frame_.columns();
  for (std::size_t v = 0; v < theta_.size(); ++v) {
    factor_.set_diagonal(v, diagonal(v) + (v < n ? -regularisation : regularisation));
  }
  const int32_t replaced = factor_.factor(
      frame_.form.value, {.least = 1e-3 * regularisation, .replacement = std::max(1e-6, regularisation)});
  sound_ = replaced == 0;
}

bool Newton::factor(const Iterate& point, double regularisation) {
  const std::size_t n = frame_.columns();
  std::ranges::copy(frame_.form.quadratic, theta_.begin());
  std::fill(theta_.begin() + static_cast<std::ptrdiff_t>(n), theta_.end(), 0.0);
  const Pairs& pairs = frame_.pairs;
  for (std::size_t p = 0; p < pairs.count(); ++p) theta_[pairs.variable[p]] += point.dual[p] / point.distance[p];
  for (std::size_t v = n; v < theta_.size(); ++v) theta_[v] = std::max(theta_[v], 1e-18);
  factor_diagonal(regularisation);
  return sound_;
}

bool Newton::factor_unit() {
  std::ranges::fill(theta_, 1.0);
  factor_diagonal(1e-8);
  return sound_;
}

bool Newton::factor(std::span<const double> stiffness) {
  std::ranges::copy(stiffness, theta_.begin());
  factor_diagonal(1e-14);
  return sound_;
}

double Newton::diagonal(std::size_t v) const {
  if (v < frame_.columns()) return -theta_[v];
  return frame_.bounds[v] == kFixed ? 0 : 1 / theta_[v];
}

double Newton::right_of(std::size_t v, double g) const {
  if (v < frame_.columns()) return -g;
  return frame_.bounds[v] == kFixed ? 0 : g / theta_[v];
}

void Newton::find_directions(const Iterate& point, const Residual& residual) {
  find_affine(point, residual);
  find_others(point);
}

void Newton::find_affine(const Iterate& point, const Residual& residual) {
  const std::size_t n = frame_.columns();
  const Pairs& pairs = frame_.pairs;
  std::ranges::copy(residual.dual, affine_g_.begin());
  for (std::size_t p = 0; p < pairs.count(); ++p) {
    affine_g_[pairs.variable[p]] +=
        pairs.sign[p] * point.dual[p] * (residual.pair[p] - point.distance[p]) / point.distance[p];
  }
  for (std::size_t v = 0; v < theta_.size(); ++v) affine_solution_[v] = right_of(v, affine_g_[v]);
  for (std::size_t i = 0; i < frame_.rows(); ++i) affine_solution_[n + i] += residual.row[i];
  factor_.solve(affine_solution_);
  for (std::size_t p = 0; p < pairs.count(); ++p) {
    const auto v = static_cast<std::size_t>(pairs.variable[p]);
    affine_.distance[p] = pairs.sign[p] * change_of(v, affine_g_[v], affine_solution_[v]) - residual.pair[p];
    affine_.dual[p] = -point.dual[p] * (point.distance[p] + affine_.distance[p]) / point.distance[p];
  }
}

void Newton::find_others(const Iterate& point) {
  const Pairs& pairs = frame_.pairs;
  std::ranges::fill(others_g_, 0.0);
  for (std::size_t p = 0; p < pairs.count(); ++p) {
    const auto v = static_cast<std::size_t>(pairs.variable[p]);
    const double inverse = pairs.sign[p] / point.distance[p];
    others_g_[2 * v] += inverse;
    others_g_[2 * v + 1] -= inverse * affine_.distance[p] * affine_.dual[p];
  }
  for (std::size_t k = 0; k < others_g_.size(); ++k) others_solution_[k] = right_of(k / 2, others_g_[k]);
  factor_.solve_two(others_solution_);
}

void Newton::lay_out() {
  const std::span<double> others(others_solution_);
  solution_ = mixed_solution_;
  best_ = others.first(theta_.size());
  error_ = others.subspan(theta_.size());
  correction_ = affine_solution_;
}

void Newton::step(const Iterate& point, const Residual& residual, const Mix& mix, double share, Iterate& out) {
  const std::size_t n = frame_.columns();
  const Pairs& pairs = frame_.pairs;
  for (std::size_t v = 0; v < theta_.size(); ++v) {
    right_[v] = right_of(v, mixed(affine_g_, others_g_, mix, v));
    mixed_solution_[v] = mixed(affine_solution_, others_solution_, mix, v);
  }
  for (std::size_t i = 0; i < frame_.rows(); ++i) right_[n + i] += residual.row[i];
  lay_out();
  refine(allowance(residual, share));
  for (std::size_t v = 0; v < n; ++v) out.value[v] = best_[v];
  for (std::size_t v = n; v < theta_.size(); ++v) {
    out.row_dual[v - n] = best_[v];
    out.value[v] = change_of(v, mixed(affine_g_, others_g_, mix, v), best_[v]);
    // of a row that is far from its bounds, the equation is kept and the dual takes the error
    if (frame_.bounds[v] != kFixed && theta_[v] < 1) out.value[v] -= error_[v];
  }
  for (std::size_t p = 0; p < pairs.count(); ++p) {
    const auto v = static_cast<std::size_t>(pairs.variable[p]);
    const double distance = point.distance[p], dual = point.dual[p];
    const double aim = mix.centring - mix.second * affine_.distance[p] * affine_.dual[p];
    out.distance[p] = pairs.sign[p] * out.value[v] - residual.pair[p];
    out.dual[p] = (aim - dual * (distance + out.distance[p])) / distance;
    // likewise of a column at its bound: the reduced cost is kept, and the product with the distance takes the error
    if (v < n && theta_[v] > 1 && dual > 0.5 * theta_[v] * distance) out.dual[p] += pairs.sign[p] * error_[v];
  }
}

double Newton::weight(std::size_t v) const {
  if (v < frame_.columns()) return 1 / std::max(1.0, theta_[v]);
  return frame_.bounds[v] == kFixed ? 1 : std::min(1.0, theta_[v]);
}

Newton::Error Newton::weigh_error() const {
  Error most;
  const std::size_t n = frame_.columns();
  for (std::size_t v = 0; v < n; ++v) most.column = std::max(most.column, std::abs(correction_[v]) * weight(v));
  for (std::size_t v = n; v < correction_.size(); ++v) {
    most.row = std::max(most.row, std::abs(correction_[v]) * weight(v));
  }
  return most;
}

/// A share of what is asked for, each kind by its own size; rows need not be better than pairs are on the mean.
Newton::Error Newton::allowance(const Residual& residual, double share) const {
  Error most;
  const std::size_t n = frame_.columns();
  for (std::size_t v = 0; v < n; ++v) most.column = std::max(most.column, std::abs(residual.dual[v]) * weight(v));
  for (std::size_t v = n; v < theta_.size(); ++v) {
    most.row = std::max(most.row, std::abs(residual.row[v - n]) * weight(v));
  }
  double pairs = 0;
  for (const double r : residual.pair) pairs += std::abs(r);
  pairs /= static_cast<double>(std::max<std::size_t>(1, residual.pair.size()));
  return {.column = std::max(kErrorLeast, share * most.column),
          .row = std::max({kErrorLeast, share * most.row, share * pairs})};
}

void Newton::solve(std::span<const double> column, std::span<const double> row, double error_max,
                   std::vector<double>& out) {
  lay_out();
  if (column.empty()) {
    std::fill_n(right_.begin(), frame_.columns(), 0.0);
  } else {
    std::ranges::copy(column.first(frame_.columns()), right_.begin());
  }
  std::ranges::copy(row.first(frame_.rows()), right_.begin() + static_cast<std::ptrdiff_t>(frame_.columns()));
  std::ranges::copy(right_, solution_.begin());
  factor_.solve(solution_);
  if (error_max == kInf) {
    std::ranges::copy(solution_, out.begin());
    return;
  }
  refine({.column = error_max, .row = error_max});
  std::ranges::copy(best_, out.begin());
}

/// best_ := solution_, better where it leaves more than is allowed; error_ := what is left.
void Newton::refine(const Error& allowed) {
  const std::size_t n = frame_.columns();
  double best = kInf;

  for (int round = 0; round < kRefinementMax; ++round) {
    // what the matrix itself, without ρ and δ, leaves of the right-hand side
    multiply_transposed(frame_.form, solution_.subspan(n), correction_.first(n));
    multiply(frame_.form, solution_.first(n), correction_.subspan(n));
    for (std::size_t v = 0; v < correction_.size(); ++v) {
      correction_[v] = right_[v] - correction_[v] - diagonal(v) * solution_[v];
    }
    const Error found = weigh_error();
    const double error = std::max(found.column / allowed.column, found.row / allowed.row);
    if (round > 0 && !(error < best)) break;
    const bool slow = error > 0.3 * best;
    best = error;
    std::swap(best_, solution_);
    std::swap(error_, correction_);
    if (error <= 1 || slow || round + 1 == kRefinementMax) break;
    std::ranges::copy(error_, correction_.begin());
    factor_.solve(correction_);
    for (std::size_t v = 0; v < solution_.size(); ++v) solution_[v] = best_[v] + correction_[v];
  }
}

}  // namespace beltline::lp
