// hall: IT halls of a campus, built in phases.
//
//     lead = permit + site_work + shell + fit_out + commission − overlap          months, rounded up
//     capex = (land + shell + electrical + mechanical + liquid cooling + soft) · cost_factor
//
//     order    permit            site work      shell              fit-out         commission   online
//     |--------------------|--------------|----------|=overlap=|---------------|-------------|
//     soft, land                          shell                 electrical, mechanical, liquid
//
// Each component of the cost falls due evenly over its phase; equipment is taken in when the fit-out starts. One MW
// online puts up 1 MW of it_space and holds the technicians who run it.
#pragma once

#include "parts/part.h"

namespace beltline {

extern const Section kHallSection;
/// Capacities `hall@{site}`.
void compile_halls(const Compile& c);

}  // namespace beltline
