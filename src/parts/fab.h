// fab: a DRAM fab, its ramp, and how much of it the programme may have.
//
//     starts[p,t]                            wafers of product p started in period t
//     Σ_p starts[p,t] / months ≤ capacity[t] · programme_share_max[t]  +  expansions online         wspm@FAB
//     Σ_{p: hbm} starts[p,t] / months ≤ hbm_max[t] · hbm_share_max[t]  +  expansions online         tsv@FAB
//     good[p, t + cycle]  = starts[p,t] · output_per_wafer[p,t]
//
// Wafers started before the horizon come out during its first months: see Backlog in memory_chain.h.
#pragma once

#include "parts/part.h"

namespace beltline {

extern const Section kFabSection;

/// Processes `fab_{product}@{fab}`, capacities `wspm@{fab}` and `tsv@{fab}`, and the measures of wafer starts.
void compile_fabs(const Compile& c);

/// Whether any fab of the scenario makes the product, and if so whether its output arrives at the place.
struct Supply {
  bool made = false;
  bool arrives = false;
};
Supply die_supply(const Compile& c, std::string_view product, PlaceId place);

/// Place where a fab's HBM dies are stacked: `stack_place`, else the fab's own place.
PlaceId stacking_place(const Compile& c, const Entry& fab);

/// Place where the racks take a host product.
PlaceId host_place(const Compile& c, const Entry& product);

}  // namespace beltline
