// bank: a store of dies, modules, stacks or items with limits of its own: room, cost, ageing, obsolescence.
//
//     level[t] = (1 − loss) · level[t−1] + in − out − scrap,    level[t] ≤ capacity,    level[t] = 0 from
//     obsolete_after on
//
// Every good of the chain can wait where it is used; a bank says what that costs and how much, and what is there when
// the horizon begins.
#pragma once

#include "parts/part.h"

namespace beltline {

extern const Section kBankSection;

/// Sets the stores `stock_{commodity}@{place}`; adds those that are not there, and processes
/// `scrap_{commodity}@{place}`.
void compile_banks(const Compile& c);

}  // namespace beltline
