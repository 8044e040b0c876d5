// Serial systems: stages that feed each other, stock at each, demand at the last.
#pragma once

#include <vector>

namespace beltline::stock {

/// Vectors are [stage], from the one that serves the customer (0) to the one that the outside supplies.
struct SerialSystem {
  std::vector<double> holding;    // USD per unit and time of *echelon* stock: local cost less the supplier's, > 0
  std::vector<double> lead_time;  // time from the stage before, ≥ 0
  double backorder = 0;           // USD per unit and time a customer waits, > 0
  double demand = 0;              // units per time, > 0
  double demand_deviation = 0;    // of a unit of time, for normal demand
};

struct EchelonPolicy {
  std::vector<double> level;  // [stage] echelon base-stock level: stock here, below, on the way down, less backorders
  double cost = 0;            // USD per time: echelon holding (what is on its way included) and backorders
};

/// The best policy for Poisson demand, exactly. With C̲_0(x) = (b + Σ h) x⁻, from the customer up:
///
///     Ĉ_j(x) = h_j x + C̲_{j−1}(x),   C_j(y) = E[Ĉ_j(y − D_j)],   s_j = argmin C_j,   C̲_j(x) = C_j(min(s_j, x))
///
/// D_j is the demand of lead time j. The optimum is C_N(s_N).
/// @errors  none; vectors of different lengths or numbers out of range are a Bug
/// @cost    O(Σ_j (demand of the lead times up to j) · (width of D_j))
/// @source  Clark & Scarf 1960; Zipkin 2000, section 8.3; Snyder & Shen 2019, section 6.2
EchelonPolicy serial_base_stock_poisson(const SerialSystem& system);

/// The same for normal demand, on a lattice of `step` units; the error falls with its square.
EchelonPolicy serial_base_stock_normal(const SerialSystem& system, double step);

/// Newsvendor bounds on the best echelon levels, and their mean, Shang and Song's heuristic.
struct EchelonBounds {
  std::vector<double> low;   // [stage]
  std::vector<double> high;  // [stage]
};

/// For the demand D of the lead times up to stage j:
///
///     low  P(D ≤ s) ≥ (b + Σ_{i>j} h_i) / (b + Σ_i h_i),    high  … / (b + Σ_{i≥j} h_i)
///
/// @source  Shang & Song 2003
EchelonBounds shang_song_bounds_poisson(const SerialSystem& system);
EchelonBounds shang_song_bounds_normal(const SerialSystem& system);

/// What echelon levels cost under Poisson demand: of stages that order up to min(level, what the stage above can give).
double serial_cost_poisson(const SerialSystem& system, const std::vector<double>& level);

}  // namespace beltline::stock
