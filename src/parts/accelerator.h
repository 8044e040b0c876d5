// accelerator: a generation of packaged accelerators: how many HBM stacks it takes and when it exists.
#pragma once

#include "parts/part.h"

namespace beltline {

extern const Section kAcceleratorSection;

/// Checks what the schema cannot: a stack and its count come together.
void check_accelerators(const Compile& c);

/// HBM stacks on one accelerator, 0 where the scenario does not say.
double stacks_per_accelerator(const Entry& accelerator);

}  // namespace beltline
