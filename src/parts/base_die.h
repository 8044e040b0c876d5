// base_die: the logic die under an HBM stack, made by a foundry.
//
//     wafers[t] ≤ capacity[t] · programme_share_max[t] · months             logic@BASE_DIE
//     base_die[t + lead] = wafers[t] · dies a wafer · yield[t]
//
// A line of stacks takes one for each stack it begins: 1 / stack_yield a good stack.
#pragma once

#include "parts/part.h"

namespace beltline {

extern const Section kBaseDieSection;

/// Capacities `logic@{base die}`, processes `base_die_{base die}@{place}`, stores of base dies, measures of wafers.
void compile_base_dies(const Compile& c);

/// Where stacks take the base die from: `delivers_to`, else the foundry's own place.
PlaceId base_die_place(const Compile& c, const Entry& base_die);

}  // namespace beltline
