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

Newton::Newton(const Frame& frame, const Symbolic& symbolic)
    : frame_(frame), factor_(symbolic, signs_of(frame), frame.team) {
  for (auto* v : {&theta_, &condition_, &affine_solution_, &right_, &mixed_solution_}) v->resize(frame.variables());
  others_solution_.resize(2 * frame.variables());
  affine_.distance.resize(frame.pairs.count());
  affine_.dual.resize(frame.pairs.count());
}

void Newton::factor_diagonal(double regularisation) {
  const std::size_t n = frame_.columns();
  frame_.each([&](const Pairs::Chunk& chunk) {
    for (std::size_t v = chunk.begin; v < chunk.end; ++v) {
      factor_.set_diagonal(v, diagonal(v) + (v < n ? -regularisation : regularisation));
    }
  });
  const int32_t replaced = factor_.factor(
      frame_.form.value, {.least = 1e-3 * regularisation, .replacement = std::max(1e-6, regularisation)});
  sound_ = replaced == 0;
}

bool Newton::factor(const Iterate& point, double regularisation) {
  const std::size_t n = frame_.columns();
  const Pairs& pairs = frame_.pairs;
  frame_.each([&](const Pairs::Chunk& chunk) {
    for (std::size_t v = chunk.begin; v < chunk.end; ++v) theta_[v] = v < n ? frame_.form.quadratic[v] : 0.0;
    for (std::size_t p = chunk.pair_begin; p < chunk.pair_end; ++p) {
      theta_[pairs.variable[p]] += point.dual[p] / point.distance[p];
    }
    for (std::size_t v = std::max(chunk.begin, n); v < chunk.end; ++v) theta_[v] = std::max(theta_[v], 1e-18);
  });
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
  // rows that depend on one another need more
  for (double regularisation = 1e-14; regularisation <= 1e-8; regularisation *= 100) {
    factor_diagonal(regularisation);
    if (sound_) break;
  }
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

void Newton::find_condition(const Pairs::Chunk& chunk, const Iterate& point, const Residual& residual, const Mix& mix) {
  const Pairs& pairs = frame_.pairs;
  for (std::size_t v = chunk.begin; v < chunk.end; ++v) condition_[v] = residual.dual[v];
  for (std::size_t p = chunk.pair_begin; p < chunk.pair_end; ++p) {
    const double aim = mix.centring - mix.second * affine_.distance[p] * affine_.dual[p];
    const double wanted = aim + point.dual[p] * (residual.pair[p] - point.distance[p]);
    condition_[pairs.variable[p]] += pairs.sign[p] * wanted / point.distance[p];
  }
}

void Newton::find_affine(const Iterate& point, const Residual& residual) {
  const std::size_t n = frame_.columns();
  const Pairs& pairs = frame_.pairs;
  frame_.each([&](const Pairs::Chunk& chunk) {
    find_condition(chunk, point, residual, {});
    for (std::size_t v = chunk.begin; v < chunk.end; ++v) {
      affine_solution_[v] = right_of(v, condition_[v]) + (v < n ? 0 : residual.row[v - n]);
    }
  });
  factor_.solve(affine_solution_);
  frame_.each([&](const Pairs::Chunk& chunk) {
    for (std::size_t p = chunk.pair_begin; p < chunk.pair_end; ++p) {
      const auto v = static_cast<std::size_t>(pairs.variable[p]);
      affine_.distance[p] = pairs.sign[p] * change_of(v, condition_[v], affine_solution_[v]) - residual.pair[p];
      affine_.dual[p] = -point.dual[p] * (point.distance[p] + affine_.distance[p]) / point.distance[p];
    }
  });
}

void Newton::find_others(const Iterate& point) {
  const Pairs& pairs = frame_.pairs;
  std::vector<double>& right = others_solution_;
  frame_.each([&](const Pairs::Chunk& chunk) {
    for (std::size_t k = 2 * chunk.begin; k < 2 * chunk.end; ++k) right[k] = 0;
    for (std::size_t p = chunk.pair_begin; p < chunk.pair_end; ++p) {
      const auto v = static_cast<std::size_t>(pairs.variable[p]);
      const double inverse = pairs.sign[p] / point.distance[p];
      right[2 * v] += inverse;
      right[2 * v + 1] -= inverse * affine_.distance[p] * affine_.dual[p];
    }
    for (std::size_t k = 2 * chunk.begin; k < 2 * chunk.end; ++k) right[k] = right_of(k / 2, right[k]);
  });
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
  frame_.each([&](const Pairs::Chunk& chunk) {
    find_condition(chunk, point, residual, mix);
    for (std::size_t v = chunk.begin; v < chunk.end; ++v) {
      right_[v] = right_of(v, condition_[v]) + (v < n ? 0 : residual.row[v - n]);
      mixed_solution_[v] = mixed(affine_solution_, others_solution_, mix, v);
    }
  });
  lay_out();
  refine(allowance(residual, share));
  frame_.each([&](const Pairs::Chunk& chunk) {
    for (std::size_t v = chunk.begin; v < std::min(chunk.end, n); ++v) out.value[v] = best_[v];
    for (std::size_t v = std::max(chunk.begin, n); v < chunk.end; ++v) {
      out.row_dual[v - n] = best_[v];
      out.value[v] = change_of(v, condition_[v], best_[v]);
      // of a row that is far from its bounds, the equation is kept and the dual takes the error
      if (frame_.bounds[v] != kFixed && theta_[v] < 1) out.value[v] -= error_[v];
    }
    for (std::size_t p = chunk.pair_begin; p < chunk.pair_end; ++p) {
      const auto v = static_cast<std::size_t>(pairs.variable[p]);
      const double distance = point.distance[p], dual = point.dual[p];
      const double aim = mix.centring - mix.second * affine_.distance[p] * affine_.dual[p];
      out.distance[p] = pairs.sign[p] * out.value[v] - residual.pair[p];
      out.dual[p] = (aim - dual * (distance + out.distance[p])) / distance;
      // likewise of a column at its bound: the reduced cost is kept, and the product with the distance takes the error
      if (v < n && theta_[v] > 1 && dual > 0.5 * theta_[v] * distance) out.dual[p] += pairs.sign[p] * error_[v];
    }
  });
}

double Newton::weight(std::size_t v) const {
  if (v < frame_.columns()) return 1 / std::max(1.0, theta_[v]);
  return frame_.bounds[v] == kFixed ? 1 : std::min(1.0, theta_[v]);
}

Newton::Error Newton::weigh_error() const {
  const std::size_t n = frame_.columns();
  const auto most = [&](std::size_t begin, std::size_t end) {
    double largest = 0;
    for (std::size_t v = begin; v < end; ++v) largest = std::max(largest, std::abs(correction_[v]) * weight(v));
    return largest;
  };
  return {.column = frame_.largest([&](const Pairs::Chunk& c) { return most(c.begin, std::min(c.end, n)); }),
          .row = frame_.largest([&](const Pairs::Chunk& c) { return most(std::max(c.begin, n), c.end); })};
}

/// A share of what is asked for, each kind by its own size; rows need not be better than pairs are on the mean.
Newton::Error Newton::allowance(const Residual& residual, double share) const {
  const std::size_t n = frame_.columns();
  const double column = frame_.largest([&](const Pairs::Chunk& chunk) {
    double most = 0;
    for (std::size_t v = chunk.begin; v < std::min(chunk.end, n); ++v) {
      most = std::max(most, std::abs(residual.dual[v]) * weight(v));
    }
    return most;
  });
  const double row = frame_.largest([&](const Pairs::Chunk& chunk) {
    double most = 0;
    for (std::size_t v = std::max(chunk.begin, n); v < chunk.end; ++v) {
      most = std::max(most, std::abs(residual.row[v - n]) * weight(v));
    }
    return most;
  });
  const double pairs = frame_.sum([&](const Pairs::Chunk& chunk) {
    double sum = 0;
    for (std::size_t p = chunk.pair_begin; p < chunk.pair_end; ++p) sum += std::abs(residual.pair[p]);
    return sum;
  }) / static_cast<double>(std::max<std::size_t>(1, residual.pair.size()));
  return {.column = std::max(kErrorLeast, share * column), .row = std::max({kErrorLeast, share * row, share * pairs})};
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
    frame_.each([&](const Pairs::Chunk& chunk) {
      for (std::size_t v = chunk.begin; v < chunk.end; ++v) {
        const double product =
            v < n ? column_product(frame_.form, solution_.subspan(n), v) : row_product(frame_.form, solution_, v - n);
        correction_[v] = right_[v] - product - diagonal(v) * solution_[v];
      }
    });
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
    frame_.each([&](const Pairs::Chunk& chunk) {
      for (std::size_t v = chunk.begin; v < chunk.end; ++v) solution_[v] = best_[v] + correction_[v];
    });
  }
}

}  // namespace beltline::lp
