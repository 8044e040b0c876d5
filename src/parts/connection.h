// connection: what lets a site draw power from the grid: permits, assessment, queue, substation.
//
//     import[t, s] ≤ online[t]                                MW at the site
//     supply taken = (1 + loss) · import                      MW at the grid region
//     cost[t]      = Σ_s price[t, s] · hours · import[t, s] + demand charge[t] · max_s import[t, s]
//
//     lead = permit + assessment + queue + substation         months, rounded up
//
// Source of the steps: Special Act on Distributed Energy, grid impact assessment from 10 MW on (Enforcement Decree,
// article 25); KEPCO, Regulations on the Use of Transmission and Distribution Facilities.
#pragma once

#include "parts/part.h"

namespace beltline {

extern const Section kConnectionSection;
/// Capacities `connection@{site}` and processes `import@{site}`.
void compile_connections(const Compile& c);

}  // namespace beltline
