// An order of elimination that keeps the factor of a sparse symmetric matrix small.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace beltline::lp {

/// The off-diagonal pattern of a symmetric matrix: each node's neighbours, both ways, without duplicates.
struct Graph {
  std::vector<int64_t> start;      // [node + 1]
  std::vector<int32_t> neighbour;  // [edge, both ways]

  [[nodiscard]] int32_t node_count() const { return static_cast<int32_t>(start.size()) - 1; }
};

/// Approximate minimum degree on a quotient graph: element absorption, mass elimination, indistinguishable nodes.
///
/// Ties fall to the node that came last into its degree's list, so that the order depends on the graph alone.
///
/// @param border  [node] 1 for nodes that come last whatever their degree, in their own order: those which nearly every
///                other touches, such as capacities beside hours; or empty
/// @returns       [node] the nodes in the order of their elimination
/// @cost          about O(edges) for what planners make; the graph once more in memory
/// @source        Amestoy, Davis and Duff, An approximate minimum degree ordering algorithm, SIAM J. Matrix Anal. Appl.
///                17 (1996)
std::vector<int32_t> minimum_degree(const Graph& graph, std::span<const uint8_t> border = {});

}  // namespace beltline::lp
