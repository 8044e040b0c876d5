// Plan: plain decisions and prices, one number per entity, period and slice. It lays its arrays out as the Model does.
#pragma once

#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "model/explanation.h"
#include "model/model.h"

namespace beltline {

/// Tables that every run has: a measure of the scenario cannot take one of these names for its own.
inline constexpr std::string_view kPlanTables[] = {
    "builds", "moves",       "capacity", "activity", "dispatch",   "balance",         "spending", "accounts",
    "limits", "commitments", "binding",  "summary",  "provenance", "unit_commitment", "displaced"};

enum class Termination { optimal, infeasible, unbounded, limit, interrupted, unverified };
const char* to_string(Termination termination);

/// Values of one kind of entity. `offset[i]` is where entity i starts; within it [period, slice] with `slices[i]`
/// slices.
struct Values {
  std::vector<std::size_t> offset;
  std::vector<int> slices;
  std::vector<double> data;

  [[nodiscard]] double at(std::size_t entity, int t, int s = 0) const {
    return data[offset[entity] + static_cast<std::size_t>(t * slices[entity] + s)];
  }
  double& at(std::size_t entity, int t, int s = 0) {
    return data[offset[entity] + static_cast<std::size_t>(t * slices[entity] + s)];
  }
};

struct Plan {
  Termination termination = Termination::unverified;
  bool has_point = false;
  bool verified = false;  // recomputed from the Model by plan/verify
  double objective = 0;   // of the first goal, in its unit (see objective_unit)
  double bound = 0;
  double safe_bound =
      -std::numeric_limits<double>::infinity();  // as `bound`, but no rounding has moved it (plan/certify.h)
  bool bound_is_proved = false;                  // the bound is the safe one; else branch and bound's word
  double gap = 0;
  std::string objective_unit;
  double cost_usd = 0;           // discounted cost of the whole, less salvage
  double compute_price_usd = 0;  // max_compute: what the prices below count one PFLOP/s·h of discounted compute at
  double seconds = 0;
  std::string detail;

  Values order;      // [capacity, period] units ordered
  Values built;      // [capacity, period] units built and online
  Values moved;      // [move, period] units
  Values activity;   // [process, period, slice]
  Values units_on;   // [process, period, slice]; no slices where a process commits no units
  Values starts;     // likewise
  Values stops;      // likewise
  Values peak;       // [process, period], 0 where there is no peak cost
  Values level;      // [store, period, slice]
  Values charge;     // [store, period, slice], rates only
  Values discharge;  // [store, period, slice], rates only
  Values unserved;   // [demand, period, slice]
  Values shortfall;  // [limit, period]; windows use their first period
  Values unpaid;     // [commitment, period] taken or paid: paid, not drawn

  // Shadow prices of the final LP with modules fixed, in units of the plan's cost (USD, discounted to the start).
  Values node_price;      // [node, period, slice] USD of one more unit demanded
  Values capacity_price;  // [capacity, period, slice] USD that one more unit online would save
  Values limit_price;     // [limit, period] USD that one more unit of the bound would save
  Values order_price;     // [capacity, period] reduced cost of an order, USD/unit

  std::vector<Worth> worths;         // of what binds, most at stake first
  std::vector<Delivery> deliveries;  // late or missing, dearest first
};

}  // namespace beltline
