// packaging: interposer wafers and HBM stacks become accelerators (CoWoS and its like).
//
//     Σ_a packages[a,t] / (packages_per_wafer[a] · yield · months) ≤ capacity[t] · programme_share_max[t]
//     accelerator[a, t + lag] = packages[a,t],    stack[t] = packages[a,t] · stacks[a]
#pragma once

#include "parts/part.h"

namespace beltline {

extern const Section kPackagingSection;

/// Whether a plant of the scenario makes the accelerator, and if so whether it arrives at the place.
struct AcceleratorSupply {
  bool made = false;
  bool arrives = false;
};
AcceleratorSupply accelerator_supply(const Compile& c, std::string_view accelerator, PlaceId place);

/// Processes `package_{accelerator}@{packaging}`, capacities `interposer@{packaging}` and their measures.
void compile_packaging(const Compile& c);

}  // namespace beltline
