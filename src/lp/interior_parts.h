// Subtrees of an elimination tree that threads take by themselves. For src/lp/interior*.cpp only.
#pragma once

#include <span>
#include <vector>

#include "lp/interior_symbolic.h"

namespace beltline::lp {

/// Chooses parts of about the same work and their supernodes, by the pattern alone; none where there is little to do.
///
/// @param own  [supernode] work of its own, its simple pivots' included
/// @return     [supernode] its part, or −1 of the top
std::vector<int32_t> choose_parts(Symbolic& symbolic, std::span<const double> own);

/// Where what each supernode leaves to its parent waits.
void place_squares(Symbolic& symbolic, std::span<const int32_t> part_of);

/// Leads the parts' rows and targets to their shadows, once everything else is addressed.
void add_shadows(Symbolic& symbolic);

}  // namespace beltline::lp
