// Regional effects: what the programme's spending means for a region's economy. Reported, never optimised.
//
//   jobs[t]         = Σ over effects  jobs per USD · local share · spend[t]        person-years
//   value added[t]  = Σ over effects  value added per USD · local share · spend[t]
//   output[t]       = Σ over effects  output per USD · local share · spend[t]
//   exports[t]      = Σ over goods    price · units made in the region[t]; they too give jobs, value added and output
//
// The multipliers are those of the open Leontief model, (I − A_d)⁻¹ with domestic inputs A_d: direct and indirect
// effects of one unit of final demand, without the spending of wages (Miller and Blair 2009, Input-Output Analysis,
// chapter 6).
#pragma once

#include "parts/part.h"

namespace beltline {

extern const Section kRegionalSection;
/// Compiles after all parts whose spending it reads.
void compile_regional(const Compile& c);

}  // namespace beltline
