// customer: who else wants what the programme wants.
//
//     served[t] + displaced[t] = wanted[t],     displaced costs its value
//
// Of DRAM products customers want wafer starts at the same fabs (market.h), of other goods what is delivered at a
// place.
#pragma once

#include "parts/part.h"

namespace beltline {

extern const Section kCustomerSection;

/// Demands `customer_{customer}_{product}` and `customer_{customer}_{good}@{place}`; the rows that they share with the
/// programme; the rules by which scarce goods are allocated.
void compile_customers(const Compile& c);

}  // namespace beltline
