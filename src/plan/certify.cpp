#include "plan/certify.h"

#include <algorithm>
#include <cmath>

#include "lp/certificate.h"
#include "plan/formulate.h"

namespace beltline {

PlanCertificate certify_bound(const Model& model, const Weights& goal, double money_scale, const lp::Solution& bound) {
  PlanCertificate out;
  const bool largest = model.objective.kind == ObjectiveKind::max_compute;
  if (largest) out.safe_bound = std::numeric_limits<double>::infinity();
  if (bound.safe_row_dual.empty()) return out;
  Formulation anew = formulate(model);
  anew.money_scale = money_scale;
  set_goal(model, anew, goal);
  const lp::Problem problem = lp::relaxed(std::move(anew.problem));
  if (bound.safe_row_dual.size() != problem.row_count()) {
    out.holds = false;
    return out;
  }
  const double size = std::max(1.0, std::abs(bound.objective));
  const double cost_max = bound.has_point ? bound.objective + 1e-6 * size : lp::kInf;
  const double safe = lp::safe_dual_bound(problem, bound.safe_row_dual, cost_max).bound;
  // the same arithmetic on the same numbers: any difference is one of the problems
  const bool both_finite = std::isfinite(safe) && std::isfinite(bound.safe_bound);
  out.holds = both_finite ? std::abs(safe - bound.safe_bound) <= 1e-6 * size : safe == bound.safe_bound;
  switch (model.objective.kind) {
    case ObjectiveKind::min_cost: out.safe_bound = safe / money_scale; break;
    case ObjectiveKind::max_compute: out.safe_bound = -safe; break;
    case ObjectiveKind::earliest: out.safe_bound = safe; break;
  }
  return out;
}

}  // namespace beltline
