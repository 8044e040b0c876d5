// What a late or missing delivery waits for, followed back through every input to what binds.
#pragma once

#include <vector>

#include "lp/solver.h"
#include "model/plan.h"
#include "plan/formulate.h"

namespace beltline {

/// The LP with modules in any amount, its optimum and prices: what would be worth having, before whole modules. On the
/// plan's own slices or on one slice a period.
struct Relaxation {
  const Model* model = nullptr;  // outlives this
  Formulation formulation;       // its cost is the plan's goal
  lp::Solution solution;
};

/// Every limit that is missed, demand left unserved, and commitment not met, dearest first, each with what it waits
/// for.
///
/// A commitment that has no row of its own in the LP is insisted upon first: the LP is solved once more with it as a
/// requirement, from the basis it has, and the chain is walked on those prices.
///
/// The chain is walked on the LP's prices (Relaxation): what a row waits for is the column that would supply one more
/// of it at the margin; what that column waits for is the row that it pays most for. It ends where nothing can supply
/// more: a bound.
///
/// @cost O(nonzeros), a walk of at most 200 steps for each delivery, and a solve for each of the first 24 commitments,
///       on as many threads
/// @errors the operating system's
Outcome<std::vector<Delivery>> late_deliveries(const Model& model, const Plan& plan, const Relaxation& relaxation,
                                               int thread_count = 1, const std::atomic<bool>* cancel = nullptr);

/// The chain from a row that is short: for explanations of other kinds.
std::vector<CauseStep> trace_limit(const Relaxation& relaxation, LimitId limit, int t);
std::vector<CauseStep> trace_demand(const Relaxation& relaxation, DemandId demand, int t);

}  // namespace beltline
