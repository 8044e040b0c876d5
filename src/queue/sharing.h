// A server that shares itself among the customers it has let in, up to a number of them: processor sharing with a cap.
//
// Continuous batching is such a server: a batch of n sequences yields r(n) of them a second, r rising ever more slowly,
// and a cap on sequences, or the memory, keeps the rest waiting.
#pragma once

#include <span>
#include <vector>

#include "queue/mg1.h"

namespace beltline::queue {

struct SharingMeans {
  double p_wait = 0;           // share of customers who are not let in at once
  double wait_mean = 0;        // before being let in
  double service_mean = 0;     // from then on
  double in_service_mean = 0;  // customers
  double queue_mean = 0;       // customers
};

/// n customers are served at `rates[n − 1]` customers a time together, more than `rates.size()` wait in order. Sizes
/// are exponential; without waiting (a cap never reached) the means are the same for any sizes.
///
///     p[n] ∝ Π_{i ≤ n} λ / r(min(i, K))
///
/// @param rates  [customers − 1] > 0
/// @returns      waits of infinity where the arrival rate is the last rate or more
/// @source       birth–death chain: Kleinrock 1975, section 3.2; insensitivity: Kelly 1979, section 3.3
SharingMeans sharing_means(double arrival_rate, std::span<const double> rates);

/// P(n customers in the system), n = 0 … count − 1, of the same server.
/// @errors  an arrival rate of the last rate or more is a Bug
std::vector<double> sharing_probabilities(double arrival_rate, std::span<const double> rates, std::size_t count);

/// One server of rate 1 shared equally among at most `cap` customers, any sizes:
///
///     E[wait] = ρ^K E[S²] / (2 E[S]) / (1 − ρ),    E[service] = (1 − ρ^K) E[S] / (1 − ρ)
///
/// Exact for K = 1 (Pollaczek–Khinchine), without a cap (processor sharing) and for exponential sizes; else near it in
/// heavy traffic.
/// @param cap  K ≥ 1
/// @source     Zhang & Zwart 2008, "Steady state approximations of limited processor sharing queues in heavy traffic"
SharingMeans limited_sharing_means(double arrival_rate, const ServiceTime& size, int cap);

/// Mean time in the system of a customer of `size` where all share without a cap: size / (1 − ρ), for any distribution.
/// @source  Kleinrock 1967; Sakata, Noguchi & Oizumi 1971
double sharing_sojourn(double load, double size);

}  // namespace beltline::queue
