// Erlang's two formulas: how many are turned away, and how many wait.
#pragma once

namespace beltline::queue {

/// Share of customers turned away by `servers` without a waiting room (M/G/c/c).
///
///     B(0) = 1,   B(c) = a B(c − 1) / (c + a B(c − 1));    between whole c:  1/B(c) = a ∫ e^(−at) (1 + t)^c dt
///
/// @param servers  c ≥ 0, not only whole
/// @param load     a ≥ 0, Erlang: arrival rate times mean service time
/// @cost           O(c); relative error below 1e-13 per thousand servers
/// @source         Erlang 1917; real c: Jagerman 1974, "Some properties of the Erlang loss function"
double erlang_b(double servers, double load);

/// Share of customers who wait where all wait their turn (M/M/c): B / (1 − ρ (1 − B)), ρ = a / c; 1 where ρ ≥ 1.
/// @source  Erlang 1917; Cooper 1981, section 3.5
double erlang_c(double servers, double load);

/// The fewest whole servers that turn away at most `blocking`.
/// @param blocking  in (0, 1)
int servers_for_blocking(double load, double blocking);

}  // namespace beltline::queue
