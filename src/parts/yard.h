// yard: a shipyard's dock time that the programme may use.
//
//     dock[t] ≤ docks · months                                 dock-months of period t
//     Σ_{t in year} dock[t] ≤ slots[year] · dock months a hull
//
// A slot is one hull's stay in a building dock. Dock time cannot be saved up: what is not used is gone.
#pragma once

#include "parts/part.h"

namespace beltline {

extern const Section kYardSection;
/// Processes `dock@{yard}` and limits `slots@{yard}_{year}`.
void compile_yards(const Compile& c);

}  // namespace beltline
