// Agents of a call centre or a support desk: how many answer calls in time.
#pragma once

#include <optional>

namespace beltline::queue {

/// Calls of an hour or so, in which their rate does not change.
struct Calls {
  double arrival_rate = 0;                   // per time, ≥ 0
  double handle_time_mean = 0;               // > 0
  std::optional<double> patience_mean = {};  // Erlang A; absent: callers wait for ever, Erlang C
};

struct ServiceTarget {
  double service_level = 0.8;                  // share of calls answered within `time`, in [0, 1)
  double time = 0;                             // ≥ 0
  double occupancy_max = 1;                    // in (0, 1]: what agents bear
  std::optional<double> abandonment_max = {};  // share of calls, in (0, 1]
};

/// What a number of agents yields.
struct AgentService {
  double p_wait = 0;
  double service_level = 0;  // share of all calls answered within the target's time
  double wait_mean = 0;      // average speed of answer; infinity where it does not settle
  double p_abandon = 0;
  double occupancy = 0;  // share of the agents' time spent on calls; at most 1
};

/// @param agents  on duty, > 0, not only whole
AgentService service_of(const Calls& calls, double agents, double target_time);

/// The fewest agents on duty that meet the target; 0 where nobody calls.
/// @cost  O(agents · log agents)
int agents_on_duty(const Calls& calls, const ServiceTarget& target);

/// Persons to be paid so that `on_duty` are there: ⌈on_duty / (1 − shrinkage)⌉.
/// @param shrinkage  in [0, 1): share of paid time lost to leave, breaks and training
int agents_paid(int on_duty, double shrinkage);

}  // namespace beltline::queue
