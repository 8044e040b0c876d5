#include "lp/interior_dissect.h"

#include <numeric>

#include <gtest/gtest.h>

namespace beltline::lp {
namespace {

Graph graph_of(int32_t count, const std::vector<std::pair<int32_t, int32_t>>& edges) {
  std::vector<std::vector<int32_t>> near(static_cast<std::size_t>(count));
  for (const auto& [a, b] : edges) {
    near[a].push_back(b);
    near[b].push_back(a);
  }
  Graph g{.start = {0}, .neighbour = {}};
  for (const auto& list : near) {
    g.neighbour.insert(g.neighbour.end(), list.begin(), list.end());
    g.start.push_back(static_cast<int64_t>(g.neighbour.size()));
  }
  return g;
}

/// Hours in a ring: each has `wide` nodes in a path, whose first is tied to the next hour's, and all to a hub.
Graph hours(int32_t count, int32_t wide) {
  std::vector<std::pair<int32_t, int32_t>> edges;
  const int32_t hub = count * wide;
  for (int32_t t = 0; t < count; ++t) {
    for (int32_t k = 0; k < wide; ++k) {
      edges.emplace_back(t * wide + k, hub);
      if (k > 0) edges.emplace_back(t * wide + k - 1, t * wide + k);
    }
    edges.emplace_back(t * wide, (t + 1) % count * wide);
  }
  return graph_of(hub + 1, edges);
}

/// The largest piece that is left when the last `last` nodes of the order are taken away.
std::size_t largest_piece(const Graph& graph, const std::vector<int32_t>& order, std::size_t last) {
  std::vector<uint8_t> seen(order.size(), 0);
  for (std::size_t k = order.size() - last; k < order.size(); ++k) seen[order[k]] = 1;
  std::size_t most = 0;
  for (const int32_t first : order) {
    if (seen[first] != 0) continue;
    std::vector<int32_t> piece{first};
    seen[first] = 1;
    for (std::size_t at = 0; at < piece.size(); ++at) {
      for (int64_t k = graph.start[piece[at]]; k < graph.start[piece[at] + 1]; ++k) {
        const int32_t j = graph.neighbour[k];
        if (seen[j] != 0) continue;
        seen[j] = 1;
        piece.push_back(j);
      }
    }
    most = std::max(most, piece.size());
  }
  return most;
}

TEST(Dissect, CutsALongRingWhereItIsNarrowest) {
  const Graph graph = hours(6'000, 5);
  std::vector<uint8_t> border(30'001, 0);
  border.back() = 1;
  std::vector<int32_t> order = dissect(graph, border);
  ASSERT_EQ(order.size(), border.size());
  EXPECT_EQ(order.back(), 30'000);
  // seven cuts of a ring from both sides, one node each, and the hub
  EXPECT_LT(largest_piece(graph, order, 15), 30'001U / 3);
  std::ranges::sort(order);
  std::vector<int32_t> all(order.size());
  std::iota(all.begin(), all.end(), 0);
  EXPECT_EQ(order, all);
}

TEST(Dissect, LeavesSmallGraphsAndThoseWithoutAChainWhole) {
  const Graph small = hours(100, 5);
  std::vector<uint8_t> border(501, 0);
  border.back() = 1;
  EXPECT_EQ(dissect(small, border), minimum_degree(small, border));
  std::vector<std::pair<int32_t, int32_t>> star;
  for (int32_t i = 1; i < 30'000; ++i) star.emplace_back(0, i);
  const Graph hub = graph_of(30'000, star);
  const std::vector<uint8_t> none(30'000, 0);
  EXPECT_EQ(dissect(hub, none), minimum_degree(hub, none));
}

}  // namespace
}  // namespace beltline::lp
