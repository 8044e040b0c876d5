// An order of elimination for long chains, whose pieces threads can take by themselves.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "lp/interior_order.h"

namespace beltline::lp {

/// Minimum degree within pieces of a chain, then the few nodes between pieces, then the border. Minimum degree alone
/// eats a chain from one end, which leaves each pivot waiting for the one before.
///
/// Pieces are cut where levels of a search in breadth are narrow. Where the graph is no long chain, or small, all of it
/// is one piece. Depends on the graph alone.
///
/// @param border  [node] 1 for nodes that come last, in their own order
/// @returns       [node] the nodes in the order of their elimination
/// @cost          minimum degree's, and O(edges)
/// @source        George, Nested dissection of a regular finite element mesh, SIAM J. Numer. Anal. 10 (1973), in one
///                dimension
std::vector<int32_t> dissect(const Graph& graph, std::span<const uint8_t> border);

}  // namespace beltline::lp
