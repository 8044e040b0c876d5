#include "lp/interior_ray.h"

#include <algorithm>
#include <cmath>

#include "lp/check.h"

namespace beltline::lp {
namespace {

/// min Σ (above + below)   subject to   row_lower ≤ A x + above − below ≤ row_upper, x within its bounds.
Problem elastic(const Problem& problem) {
  Problem e = problem;
  e.integer.clear();
  e.offset = 0;
  std::ranges::fill(e.cost, 0.0);
  for (std::size_t i = 0; i < problem.row_count(); ++i) {
    for (const double sign : {1.0, -1.0}) {
      if ((sign > 0 ? problem.row_lower[i] : -problem.row_upper[i]) == -kInf) continue;
      e.cost.push_back(1);
      e.column_lower.push_back(0);
      e.column_upper.push_back(kInf);
      e.index.push_back(static_cast<int32_t>(i));
      e.value.push_back(sign);
      e.start.push_back(static_cast<int32_t>(e.index.size()));
    }
  }
  return e;
}

}  // namespace

void find_ray(const Problem& problem, std::span<const double> quadratic, const InteriorOptions& options,
              InteriorResult& out) {
  InteriorOptions quiet = options;
  quiet.on_progress = {};
  const InteriorResult feasible = InteriorSolver(elastic(problem)).solve_once(quiet);
  if (feasible.end != InteriorEnd::optimal) return;
  if (proves_infeasible(problem, feasible.row_dual)) {
    out.end = InteriorEnd::infeasible;
    out.ray = feasible.row_dual;
    return;
  }
  // a direction along which a quadratic cost grows is none
  Problem recession = recession_problem(problem);
  for (std::size_t j = 0; j < quadratic.size(); ++j) {
    if (quadratic[j] > 0) recession.column_lower[j] = recession.column_upper[j] = 0;
  }
  const InteriorResult direction = InteriorSolver(std::move(recession)).solve_once(quiet);
  if (direction.end != InteriorEnd::optimal || !proves_unbounded(problem, direction.x)) return;
  out.end = InteriorEnd::unbounded;
  out.ray = direction.x;
  out.x.assign(feasible.x.begin(), feasible.x.begin() + static_cast<std::ptrdiff_t>(problem.column_count()));
}

Iterate warm_point(const Form& form, std::span<const uint8_t> bounds, const Iterate& last) {
  Iterate p = last;
  const auto n = static_cast<std::size_t>(form.columns);
  // how far the new bounds and costs are from the old point
  double change = 0;
  std::vector<double> reduced(form.variables());
  multiply_transposed(form, p.row_dual, std::span<double>(reduced).first(n));
  for (std::size_t v = 0; v < bounds.size(); ++v) {
    if (bounds[v] == kFixed) {
      change = std::max(change, std::abs(form.lower[v] - p.value[v]));
      p.value[v] = form.lower[v];
    }
    if ((bounds[v] & kLower) != 0) change = std::max(change, form.lower[v] - p.value[v]);
    if ((bounds[v] & kUpper) != 0) change = std::max(change, p.value[v] - form.upper[v]);
    const double z = v < n ? form.cost[v] + form.quadratic[v] * p.value[v] - reduced[v] : p.row_dual[v - n];
    if (bounds[v] != kFixed) change = std::max(change, std::abs(z - p.lower_dual[v] + p.upper_dual[v]));
  }
  // distances and duals of at least this: their products are then near its square
  const double least = std::clamp(0.1 * change, 1e-5, 1e-2);
  const auto open = [&](double& distance, double& dual) {
    distance = std::max(distance, least);
    dual = std::max(dual, least * least / distance);
    distance = std::max(distance, least * least / std::max(dual, least * least));
  };
  for (std::size_t v = 0; v < bounds.size(); ++v) {
    if ((bounds[v] & kLower) != 0) open(p.from_lower[v], p.lower_dual[v]);
    if ((bounds[v] & kUpper) != 0) open(p.from_upper[v], p.upper_dual[v]);
  }
  return p;
}

}  // namespace beltline::lp
