// M/M/c: customers at random, c servers alike, one queue without end.
#pragma once

namespace beltline::queue {

struct Mmc {
  double arrival_rate = 0;       // λ ≥ 0, customers per time
  double service_time_mean = 0;  // h > 0
  double servers = 1;            // c > 0, not only whole

  [[nodiscard]] double load() const { return arrival_rate * service_time_mean; }  // Erlang
  [[nodiscard]] double occupancy() const { return load() / servers; }
};

/// Means in the long run; infinity where the occupancy is 1 or more.
struct WaitMeans {
  double p_wait = 0;        // share of customers who wait
  double wait_mean = 0;     // of all customers, those who do not wait included: average speed of answer
  double sojourn_mean = 0;  // wait and service
  double queue_mean = 0;    // customers who wait
  double system_mean = 0;   // customers, those in service included
};

/// E[W] = C(c, a) h / (c − a), the others by Little's law.
/// @source  Kleinrock 1975, Queueing Systems I, section 3.5
WaitMeans wait_means(const Mmc& queue);

/// P(W ≤ t) = 1 − C(c, a) e^(−(c − a) t / h): the service level of a call centre; 0 where the occupancy is 1 or more.
/// @param time  t ≥ 0
double wait_cumulative(const Mmc& queue, double time);

/// The smallest t with P(W ≤ t) ≥ p.
/// @param p  in [0, 1)
double wait_quantile(const Mmc& queue, double p);

/// P(wait and service ≤ t), first come first served.
/// @source  Gross & Harris 1998, section 2.3
double sojourn_cumulative(const Mmc& queue, double time);

}  // namespace beltline::queue
