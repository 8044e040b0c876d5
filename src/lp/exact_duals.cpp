#include "lp/exact_duals.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <span>

#include "lp/column_factor.h"
#include "lp/exact.h"
#include "lp/rounding.h"
#include "lp/violation.h"

namespace beltline::lp {
namespace {

struct Nonzeros {
  std::span<const int32_t> row;
  std::span<const double> value;
};

Nonzeros column_of(const Problem& problem, std::size_t j) {
  const auto begin = static_cast<std::size_t>(problem.start[j]);
  const auto count = static_cast<std::size_t>(problem.start[j + 1]) - begin;
  return {std::span(problem.index).subspan(begin, count), std::span(problem.value).subspan(begin, count)};
}

/// Rows whose multiplier may move: both signs are allowed, or it is away from 0.
std::vector<uint8_t> movable(const Problem& problem, const std::vector<double>& y) {
  double largest = 0;
  for (const double dual : y) largest = std::max(largest, std::abs(dual));
  std::vector<uint8_t> out(y.size());
  for (std::size_t i = 0; i < y.size(); ++i) {
    const bool both = !is_below(problem.row_lower[i]) && !is_above(problem.row_upper[i]);
    out[i] = both || std::abs(y[i]) > 1e-12 * largest ? 1 : 0;
  }
  return out;
}

/// c − Aᵀ(y + low) of one column.
BoundedSum reduced_cost(const Problem& problem, const Duals& duals, std::size_t j) {
  BoundedSum sum;
  sum.add(problem.cost[j]);
  const Nonzeros column = column_of(problem, j);
  for (std::size_t k = 0; k < column.row.size(); ++k) {
    const auto i = static_cast<std::size_t>(column.row[k]);
    if (duals.y[i] != 0) sum.add_product(-column.value[k], duals.y[i]);
    if (duals.low[i] != 0) sum.add_product(-column.value[k], duals.low[i]);
  }
  return sum;
}

/// Whether the column is exactly the weighted sum of the pivots' columns, its cost too: then its reduced cost is 0
/// where theirs are.
bool is_exactly(const Problem& problem, const ColumnFactor& factor, std::size_t column,
                const std::vector<double>& weight) {
  std::map<std::size_t, ExactSum> left;  // by row; the cost as row_count
  const auto add = [&](std::size_t j, double multiple) {
    const Nonzeros nonzeros = column_of(problem, j);
    for (std::size_t k = 0; k < nonzeros.row.size(); ++k) {
      left[static_cast<std::size_t>(nonzeros.row[k])].add_product(multiple, nonzeros.value[k]);
    }
    left[problem.row_count()].add_product(multiple, problem.cost[j]);
  };
  add(column, 1);
  for (std::size_t p = 0; p < factor.rank(); ++p) {
    if (weight[p] != 0) add(factor.column(p), -weight[p]);
  }
  return std::ranges::all_of(left, [](const auto& each) { return each.second.sign() == 0; });
}

void mark_dependents(const Problem& problem, const ColumnFactor& factor, Duals& duals) {
  constexpr std::size_t kWorkMax = 20'000'000;
  const std::vector<ColumnFactor::Dependent> dependents = factor.dependents();
  if (dependents.size() * factor.rank() > kWorkMax) return;
  for (ColumnFactor::Dependent each : dependents) {
    // weights are mostly small whole numbers: angles that may all turn, a flow and its mirror
    bool exact = is_exactly(problem, factor, each.column, each.weight);
    if (!exact) {
      constexpr double kGrid = 0x1p20;
      for (double& weight : each.weight) weight = std::round(weight * kGrid) / kGrid;
      exact = is_exactly(problem, factor, each.column, each.weight);
    }
    duals.zero[each.column] = exact ? 1 : 0;
  }
}

/// Newton's steps on the pivots' reduced costs, and the size of what they leave.
std::vector<double> refine(const Problem& problem, const ColumnFactor& factor, Duals& duals) {
  constexpr int kSteps = 4;
  std::vector<double> rest(factor.rank());
  for (int step = 0;; ++step) {
    std::vector<double> right(factor.rank());
    for (std::size_t p = 0; p < right.size(); ++p) {
      const BoundedSum sum = reduced_cost(problem, duals, factor.column(p));
      right[p] = sum.middle();
      rest[p] = std::max(std::abs(sum.lower()), std::abs(sum.upper()));
    }
    if (step == kSteps) return rest;
    const std::vector<double> change = factor.solve_transposed(std::move(right));
    for (std::size_t p = 0; p < change.size(); ++p) {
      const std::size_t i = factor.row(p);
      const Split sum = two_sum(duals.y[i], duals.low[i] + change[p]);
      duals.y[i] = sum.value;
      duals.low[i] = sum.error;
    }
  }
}

/// Proves the enclosure: the radius of each pivot's row, or false.
bool enclose(const ColumnFactor& factor, const std::vector<double>& rest, Duals& duals) {
  std::vector<double> v = factor.bound_transposed(rest);
  for (double& each : v) each *= 2;
  std::vector<double> right = factor.error_transposed(v);
  for (std::size_t p = 0; p < right.size(); ++p) right[p] = up(right[p] + rest[p]);
  const std::vector<double> image = factor.bound_transposed(std::move(right));
  for (std::size_t p = 0; p < v.size(); ++p) {
    // written so that a NaN fails
    if (!(image[p] <= v[p]) || !std::isfinite(v[p])) return false;
    duals.radius[factor.row(p)] = v[p];
  }
  return true;
}

/// The pivots' rows whose multiplier may have the sign that its row forbids.
std::vector<std::size_t> forbidden(const Problem& problem, const ColumnFactor& factor, const Duals& duals) {
  std::vector<std::size_t> rows;
  for (std::size_t p = 0; p < factor.rank(); ++p) {
    const std::size_t i = factor.row(p);
    const double low = duals.low[i], radius = duals.radius[i];
    const bool maybe_positive = !(down(down(-duals.y[i] - low) - radius) >= 0);
    const bool maybe_negative = !(down(down(duals.y[i] + low) - radius) >= 0);
    if ((maybe_positive && is_below(problem.row_lower[i])) || (maybe_negative && is_above(problem.row_upper[i]))) {
      rows.push_back(i);
    }
  }
  return rows;
}

}  // namespace

std::optional<Duals> zero_reduced_costs(const Problem& problem, const std::vector<double>& y,
                                        const std::vector<std::size_t>& columns) {
  constexpr std::size_t kWorkMax = 300'000'000;
  constexpr int kTries = 6;
  std::vector<uint8_t> usable = movable(problem, y);
  for (int round = 0; round < kTries; ++round) {
    const ColumnFactor factor(problem, columns, usable, kWorkMax);
    if (!factor.is_complete() || factor.rank() == 0) return std::nullopt;
    Duals duals{.y = y,
                .low = std::vector<double>(y.size()),
                .radius = std::vector<double>(y.size()),
                .zero = std::vector<uint8_t>(problem.column_count())};
    const std::vector<double> rest = refine(problem, factor, duals);
    if (!enclose(factor, rest, duals)) return std::nullopt;
    const std::vector<std::size_t> wrong = forbidden(problem, factor, duals);
    if (wrong.empty()) {
      for (std::size_t p = 0; p < factor.rank(); ++p) duals.zero[factor.column(p)] = 1;
      mark_dependents(problem, factor, duals);
      return duals;
    }
    // these stay as they were
    for (const std::size_t i : wrong) usable[i] = 0;
  }
  return std::nullopt;
}

}  // namespace beltline::lp
