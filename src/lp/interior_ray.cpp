#include "lp/interior_ray.h"

#include <algorithm>
#include <cmath>

#include "lp/check.h"

namespace beltline::lp {
void find_ray(const Problem& problem, std::span<const double> quadratic, const InteriorOptions& options,
              InteriorResult& out) {
  InteriorOptions quiet = options;
  quiet.on_progress = {};
  const InteriorResult feasible = InteriorSolver(elastic_problem(problem)).solve_once(quiet);
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
  if (direction.end != InteriorEnd::optimal) return;
  // what is left of zeros would be judged as a direction of its own in rows that have nothing else
  for (const double least : {1e-9, 1e-8, 1e-7, 1e-6}) {
    out.ray = direction.x;
    for (double& d : out.ray) d = std::abs(d) < least ? 0 : d;
    if (proves_unbounded(problem, out.ray)) {
      out.end = InteriorEnd::unbounded;
      break;
    }
  }
  if (out.end != InteriorEnd::unbounded) {
    out.ray.clear();
    return;
  }
  out.x.assign(feasible.x.begin(), feasible.x.begin() + static_cast<std::ptrdiff_t>(problem.column_count()));
  out.objective = problem.offset;
  for (std::size_t j = 0; j < out.x.size(); ++j) out.objective += problem.cost[j] * out.x[j];
  out.primal_residual = feasible.primal_residual;
  out.dual_residual = out.gap = kInf;
}

Iterate warm_point(const Frame& frame, const Iterate& last) {
  Iterate p = last;
  for (std::size_t v = frame.columns(); v < frame.variables(); ++v) {
    if (frame.bounds[v] == kFixed) p.value[v] = frame.form.lower[v];
  }
  return p;
}

}  // namespace beltline::lp
