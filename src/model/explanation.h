// What binds a plan and what it waits for: plain data in the Model's ids.
#pragma once

#include <cstdint>
#include <vector>

namespace beltline {

/// What kind of bound of the scenario it is that binds.
enum class WorthKind : uint8_t {
  capacity,     // units online, given or not yet to be had
  build_rate,   // what may be ordered in a period
  build_total,  // what may be built in all
  limit,        // a budget, share, slot, floor, …
  commitment,   // the ceiling of what was promised
  supply,       // what a process may run at most
  must_run,     // what a process must run at least
  store,        // what a store may hold or move
};
const char* to_string(WorthKind kind);

/// What one unit of a bound is worth, from both sides: an interval where the shadow price is not unique.
struct Worth {
  WorthKind kind{};
  int32_t id = -1;  // of the capacity, limit, commitment, process or store
  int first = 0;    // period; the first and last of a window
  int last = 0;
  double quantity = 0;  // as the scenario has it, in its unit
  double one_more = 0;  // USD (discounted) that one more unit saves, per unit
  double one_less = 0;  // USD that one unit less costs; ≥ one_more, and infinite where the plan would be infeasible
  bool exact = false;   // both ends were looked for; else both are the dual of one vertex
  bool modules_free = false;  // priced with modules in any amount: with whole modules fixed it is worth nothing
};

enum class StepKind : uint8_t {
  good,           // node: the good is short there and then
  online,         // capacity: more of it would be needed online
  order,          // capacity: it would have to be ordered then
  run,            // process: would have to run more
  move,           // move
  hold,           // store: would have to be held over
  limit,          // limit: no room
  commitment,     // commitment: its ceiling, or what is taken or paid
  given,          // capacity: what is there is given, no order can change it
  too_early,      // capacity: cannot be online before its lead time or its date allows
  too_late,       // capacity: an order then would arrive after the horizon
  supply,         // process: at its upper bound
  build_rate,     // capacity: no more may be ordered in that period
  build_total,    // capacity: no more may be built
  cost,           // process or capacity: would cost more than it is worth
  whole_modules,  // capacity: with modules in any amount nothing is missing
  no_source,      // node: nothing can bring more of the good by then
};
const char* to_string(StepKind kind);

/// Kinds that end a chain: what binds.
bool is_cause(StepKind kind);

struct CauseStep {
  StepKind kind{};
  int32_t id = -1;  // of the node, capacity, process, move, store, limit or commitment
  int first = 0;    // periods, inclusive, in which the step matters
  int last = 0;
  double quantity = 0;  // of a cause: what there is of it, in its unit
};

enum class DeliveryKind : uint8_t { limit, demand, commitment };
const char* to_string(DeliveryKind kind);

/// Something promised, asked for or wanted that the plan does not bring, or brings later.
struct Delivery {
  DeliveryKind kind{};
  int32_t id = -1;
  int first = 0;  // first and last period in which something is missing
  int last = 0;
  double promised = 0;        // in the worst period (windows: in all)
  double missing = 0;         // in the worst period
  double cost_per_month = 0;  // USD that being without it costs in a month of the worst period; NaN without a price
  double cost_total = 0;      // USD over all periods, undiscounted; NaN without a price
  double cost_to_meet = 0;    // USD, discounted, that insisting on it in the first period would cost the plan; infinite
                              // where it cannot be met; NaN where that was not asked
  std::vector<CauseStep> chain;  // from the delivery to what binds, each waiting for the next
};

}  // namespace beltline
