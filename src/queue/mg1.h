// One server and any service time: M/G/1, M/D/1, and classes with priority.
#pragma once

#include <span>
#include <vector>

#include "queue/mmc.h"

namespace beltline::queue {

/// First two moments of a service time.
struct ServiceTime {
  double mean = 0;           // > 0
  double second_moment = 0;  // E[S²] ≥ mean²

  static ServiceTime constant(double mean) { return {mean, mean * mean}; }
  static ServiceTime exponential(double mean) { return {mean, 2 * mean * mean}; }
};

/// E[W] = λ E[S²] / (2 (1 − ρ)), first come first served; infinity where ρ ≥ 1.
/// @source  Pollaczek 1930, Khinchine 1932; Kleinrock 1975, section 5.7
WaitMeans wait_means_mg1(double arrival_rate, const ServiceTime& service);

/// P(W ≤ t) of M/D/1, from the distribution of its queue and with positive terms only:
///
///     P(W ≤ t) = e^(−λ(kD − t)) Σ_{j<k} Q[k − 1 − j] (λ (kD − t))^j / j!,    (k − 1) D ≤ t < k D
///
/// Q[m] is the chance that at most m wait.
/// @param time  t ≥ 0
/// @cost        O((t / D)²)
/// @source      Franx 2001, "A simple solution for the M/D/c waiting time distribution"
double wait_cumulative_md1(double arrival_rate, double service_time, double time);

/// A class of customers. Classes are given from the first to be served to the last.
struct PriorityClass {
  double arrival_rate = 0;
  ServiceTime service;
};

/// Mean wait before service of each class, where nobody is interrupted:
///
///     E[W_k] = R / ((1 − σ_{k−1}) (1 − σ_k)),    R = Σ_i λ_i E[S_i²] / 2,    σ_k = ρ_1 + … + ρ_k
///
/// @returns  [class]; infinity from the class on with which the load reaches 1
/// @source   Cobham 1954
std::vector<double> wait_by_priority(std::span<const PriorityClass> classes);

/// Mean time in the system of each class, where who comes first interrupts and the work done is kept:
///
///     E[T_k] = E[S_k] / (1 − σ_{k−1}) + R_k / ((1 − σ_{k−1}) (1 − σ_k)),    R_k = Σ_{i≤k} λ_i E[S_i²] / 2
///
/// @source   Kleinrock 1976, Queueing Systems II, section 3.4
std::vector<double> sojourn_by_preemptive_priority(std::span<const PriorityClass> classes);

/// The same without interruption for c servers and one exponential service time: R is C(c, a) h / c.
/// @param arrival_rates  [class]
/// @source  Cobham 1954, section "multiple channels"
std::vector<double> wait_by_priority(std::span<const double> arrival_rates, double service_time_mean, int servers);

}  // namespace beltline::queue
