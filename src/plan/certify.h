// Whether a plan's bound holds: from the Model alone, formulated once more.
#pragma once

#include <limits>

#include "lp/solver.h"
#include "model/model.h"
#include "plan/weights.h"

namespace beltline {

struct PlanCertificate {
  double safe_bound = -std::numeric_limits<double>::infinity();  // of the first goal, in its unit (Plan::objective)
  bool holds = true;  // false where the bound that was solved for does not follow from the Model
};

/// The safe bound of lp/certificate.h on the first goal, of the LP relaxation that the Model gives when it is
/// formulated anew. What came between the formulation and the answer (a row dropped, a bound tightened, an index
/// shifted) shows: the same duals then prove another bound than they did.
///
/// For the goal `useful compute`, which is largest, the safe bound lies above the optimum.
///
/// @param goal         weights of the goal that `bound` was solved for
/// @param money_scale  of the formulation that was solved
/// @param bound        the solve that bounds the plan; without duals nothing is said
/// @cost one formulation and O(nonzeros)
PlanCertificate certify_bound(const Model& model, const Weights& goal, double money_scale, const lp::Solution& bound);

}  // namespace beltline
