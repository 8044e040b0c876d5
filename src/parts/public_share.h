// Public share: compute of a region set aside for public use and start-ups.
//
//   public@R ≥ share · (public@R + train@R + infer_S@R)        in each period from `from` on, in PFLOP/s · h
//
// What is set aside is set aside around the clock: public@R runs as one amount a period, spread evenly over its hours.
// Otherwise the share could be met with the hours of the night alone.
#pragma once

#include "parts/part.h"

namespace beltline {

extern const Section kPublicShareSection;
void compile_public_shares(const Compile& c);

}  // namespace beltline
