// Erlang A: an M/M/c queue whose customers lose patience.
#pragma once

#include "queue/mmc.h"

namespace beltline::queue {

/// Each customer leaves after an exponential time in the queue if nobody has served him until then (M/M/c+M).
struct Impatient {
  Mmc queue;                 // any occupancy: it settles always
  double patience_mean = 0;  // 1/θ > 0
};

struct PatienceMeans {
  double p_wait = 0;      // share of customers who find no free server
  double p_abandon = 0;   // share of all customers
  double wait_mean = 0;   // of all customers, those who leave included
  double queue_mean = 0;  // customers who wait
  double occupancy = 0;   // share of the servers' time spent on customers
};

/// With x = c μ / θ, y = λ / θ and A(x, y) = 1 + Σ_j y^j / ((x + 1) … (x + j)):
///
///     P(W > 0) = A B / (1 + (A − 1) B),    P(leaves | W > 0) = 1 − (1 − 1/A) / ρ,    E[W] = P(leaves) / θ
///
/// @cost    O(c + √y)
/// @source  Palm 1957; Mandelbaum & Zeltyn 2007, "Service engineering in action: the Palm/Erlang-A queue"
PatienceMeans patience_means(const Impatient& queue);

/// Share of all customers who are served after a wait of at most `time`: the service level where those who leave are
/// counted as not served in time.
/// @param time  t ≥ 0
/// @cost        as above
double served_within(const Impatient& queue, double time);

}  // namespace beltline::queue
