// What binds a plan, and what one more unit of it is worth.
#pragma once

#include <vector>

#include "lp/ranging.h"
#include "model/plan.h"
#include "plan/cause.h"
#include "plan/formulate.h"

namespace beltline {

/// A bound of the scenario in one period (or window) and how the LP's bounds move with one more unit of it.
struct Bound {
  WorthKind kind{};
  int32_t id = -1;  // of the capacity, limit, process, commitment or store
  int first = 0;    // periods, inclusive: one, or a window
  int last = 0;
  double quantity = 0;      // as the scenario has it
  double constant = 0;      // cost of the unit itself, in LP money: fixed cost of a capacity that is given
  double dual = 0;          // what the duals say one more unit saves, in LP money
  lp::Direction direction;  // of the LP's bounds, for one more unit
};

/// Every bound that holds the solution, by what its duals say it is worth times its quantity, most first.
///
/// Capacities that are given (or cannot be there yet, because an order takes its time), caps of orders, limits,
/// ceilings of commitments, bounds of processes, caps of capacity and of stores.
/// @cost O(rows + columns)
std::vector<Bound> binding_bounds(const Model& model, const Formulation& formulation, const lp::Solution& solution);

struct WorthOptions {
  std::size_t count_max = 400;  // bounds whose interval is looked for; the rest keep what the duals say
  double wall_time_max_s = 60;
  const std::atomic<bool>* cancel = nullptr;
  std::size_t part_count = 1;  // they are looked for in so many parts, each a process; the answer depends on it
  int thread_count = 1;        // 2 or more: the parts at the same time; the answer does not depend on it
};

/// The worth of each bound in USD, discounted to the start, from both sides: what one more saves (`one_more`), what one
/// less costs (`one_less` ≥ `one_more`). Where both agree the shadow price is unique.
///
/// Source: Jansen et al. 1997, EJOR 101:15–28; lp/ranging.h.
/// @param formulation  with the LP that was solved: its modules fixed or free
/// @param solution     optimal, of that LP
/// @errors the operating system's
Outcome<std::vector<Worth>> worths(const Model& model, const Formulation& formulation, const lp::Solution& solution,
                                   const WorthOptions& options = {});

/// Bounds that only whole modules run into, such as dock slots: with the plan's modules fixed one more of them is worth
/// nothing, so they are priced with modules in any amount, and marked as such.
///
/// @param fixed  the worths of the plan with its modules fixed: what has a worth there is left out
Outcome<std::vector<Worth>> module_worths(const Relaxation& relaxation, const std::vector<Worth>& fixed,
                                          const WorthOptions& options = {});

}  // namespace beltline
