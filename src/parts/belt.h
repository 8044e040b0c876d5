// belt: sites told together, such as the Korean west and east coast.
//
//     it_capacity = Σ_sites hall + hull online
//     energy      = Σ_sites import + supply + plants,    emission = Σ their tCO2
//
// It only adds measures: no decision depends on it.
#pragma once

#include "parts/part.h"

namespace beltline {

extern const Section kBeltSection;
/// Compiles after all parts that stand at sites.
void compile_belts(const Compile& c);

}  // namespace beltline
