// item: a good that is bought or put together: switches, trays, substrates, UPS, generators.
//
// It is at the places to which suppliers deliver and assemblies put out; whoever takes it takes it there.
#pragma once

#include "parts/part.h"

namespace beltline {

extern const Section kItemSection;

/// Commodities `item_{item}`.
void compile_items(const Compile& c);

}  // namespace beltline
