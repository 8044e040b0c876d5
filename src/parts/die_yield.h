// How many of a wafer's dies are good: defects that fall on a die, and how a line learns to have fewer of them.
//
//     λ         = critical area · D[t]                     defects on a die, expected
//     poisson   = e^(−λ)                                   defects fall independently
//     murphy    = ((1 − e^(−λ)) / λ)²                      D differs over the wafer, as a triangle
//     seeds     = 1 / (1 + λ)                              D differs widely, exponentially
//     negative binomial = (1 + λ/α)^(−α)                   defects cluster; α → ∞ is poisson, α = 1 is seeds
//     D[t]      = mature + (start − mature) · e^(−(t − from) / τ)            learning
//
// Sources: Murphy, Cost-size optima of monolithic integrated circuits, Proc. IEEE 52 (1964) 1537–1545; Seeds, Yield,
// economic and logistic models for complex digital arrays, IEEE Int. Conv. Rec. 15 (1967) 61–66; Stapper, Fact and
// fiction in yield modeling, Microelectronics J. 20 (1989) 129–151.
#pragma once

#include <optional>
#include <string_view>

#include "parts/part.h"

namespace beltline {

enum class YieldModel : uint8_t { poisson, murphy, seeds, negative_binomial };

std::optional<YieldModel> yield_model(std::string_view name);

/// Share of the dies on which no defect falls.
///
/// @param defects     expected on a die, ≥ 0
/// @param clustering  α of the negative binomial, > 0; the others do not read it
/// @returns           a fraction in [0, 1]; 0 only where it is too small for a double
double defect_yield(YieldModel model, double defects, double clustering = 1);

/// Defects per cm2 of a product that tells `defect_density` or `learning`, in period t: the mean of its months.
double defect_density(const Calendar& calendar, const Entry& product, int t);

/// Known good dies over gross dies of a product in period t: `yield` or that of its defects, times what tests leave.
double die_yield(const Calendar& calendar, const Entry& product, int t);

/// Checks what the schema cannot: exactly one of yield, defect_density and learning, and what a model needs.
void check_yield(const Compile& c, const Entry& product);

}  // namespace beltline
