// assembly: parts become an item.
//
//     begun[t] ≤ capacity[t],   item[t + lead] = begun[t] · yield[t],   parts[t] as their bill says for begun[t]
#pragma once

#include "parts/part.h"

namespace beltline {

extern const Section kAssemblySection;

/// Processes `make_{assembly}@{place}`. A loop of items that are parts of each other is BL0600 with the loop's names.
void compile_assemblies(const Compile& c);

}  // namespace beltline
