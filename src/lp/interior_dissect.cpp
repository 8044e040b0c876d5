#include "lp/interior_dissect.h"

#include <algorithm>

namespace beltline::lp {
namespace {

constexpr int32_t kPieces = 8;
constexpr std::size_t kNodesMin = 20'000;  // less is done before threads have met
constexpr int32_t kReach = 12;             // levels to either side that a cut is looked for in
constexpr double kBetweenMax = 0.002;      // of all nodes: those between two pieces

/// Nodes by their distance from a far end, without the border.
class Levels {
 public:
  Levels(const Graph& graph, std::span<const uint8_t> border) : graph_(graph), border_(border) {
    level_.assign(border.size(), -1);
    for (std::size_t i = 0; i < border.size(); ++i) {
      if (border[i] != 0 || level_[i] >= 0) continue;
      // each component from an end of its own, behind the ones before
      const std::size_t begin = node_.size();
      const int32_t last = search(static_cast<int32_t>(i));
      for (std::size_t k = begin; k < node_.size(); ++k) level_[node_[k]] = -1;
      start_.resize(static_cast<std::size_t>(count_before_));
      node_.resize(begin);
      search(last);
      count_before_ = static_cast<int32_t>(start_.size());
    }
    start_.push_back(static_cast<int32_t>(node_.size()));
  }

  [[nodiscard]] int32_t count() const { return static_cast<int32_t>(start_.size()) - 1; }
  [[nodiscard]] std::span<const int32_t> of(int32_t level) const {
    return {node_.data() + start_[level], static_cast<std::size_t>(start_[level + 1] - start_[level])};
  }
  [[nodiscard]] int32_t nodes_before(int32_t level) const { return start_[level]; }
  [[nodiscard]] int32_t node_count() const { return static_cast<int32_t>(node_.size()); }
  [[nodiscard]] int32_t level_of(int32_t node) const { return level_[node]; }

 private:
  /// @returns a node of the last level
  int32_t search(int32_t from) {
    std::size_t at = node_.size();
    node_.push_back(from);
    level_[from] = static_cast<int32_t>(start_.size());
    while (at < node_.size()) {
      const auto level = static_cast<int32_t>(start_.size());
      start_.push_back(static_cast<int32_t>(at));
      for (const std::size_t end = node_.size(); at < end; ++at) {
        for (int64_t k = graph_.start[node_[at]]; k < graph_.start[node_[at] + 1]; ++k) {
          const int32_t j = graph_.neighbour[k];
          if (border_[j] != 0 || level_[j] >= 0) continue;
          level_[j] = level + 1;
          node_.push_back(j);
        }
      }
    }
    return node_.back();
  }

  const Graph& graph_;
  std::span<const uint8_t> border_;
  std::vector<int32_t> node_;   // by level
  std::vector<int32_t> start_;  // [level, then one more] where its nodes begin
  std::vector<int32_t> level_;  // [node] −1: of the border
  int32_t count_before_ = 0;    // levels of components before
};

/// Of the levels around where a piece should end, the narrowest.
int32_t narrowest(const Levels& levels, int32_t from, double wanted, double slack) {
  int32_t best = -1;
  for (int32_t level = from; level + 1 < levels.count(); ++level) {
    const double before = levels.nodes_before(level);
    if (before < wanted - slack) continue;
    if (before > wanted + slack) break;
    if (best < 0 || levels.of(level).size() < levels.of(best).size()) best = level;
  }
  return best;
}

/// The fewest nodes that part two levels: as many paths without a common node lead from one to the other (Menger 1927),
/// and are found one after the other (Ford and Fulkerson 1956).
class Cut {
 public:
  /// @param first, last  levels with at least one between them; these two keep all their nodes
  Cut(const Graph& graph, const Levels& levels, int32_t first, int32_t last) {
    // every node is two ends with an arc of one unit between them: 2 k comes in, 2 k + 1 goes out
    std::vector<int32_t> place(static_cast<std::size_t>(graph.node_count()), -1);
    for (int32_t level = first; level <= last; ++level) {
      for (const int32_t i : levels.of(level)) {
        place[i] = static_cast<int32_t>(node_.size());
        node_.push_back(i);
      }
    }
    arcs_.resize(2 * node_.size());
    source_count_ = levels.of(first).size();
    sink_begin_ = node_.size() - levels.of(last).size();
    for (std::size_t k = 0; k < node_.size(); ++k) {
      const auto end = static_cast<int32_t>(2 * k);
      if (k >= source_count_ && k < sink_begin_) connect(end, end + 1, 1);
      for (int64_t e = graph.start[node_[k]]; e < graph.start[node_[k] + 1]; ++e) {
        const int32_t to = place[graph.neighbour[e]];
        if (to >= 0 && levels.level_of(graph.neighbour[e]) >= 0) connect(end + 1, 2 * to, kMany);
      }
    }
  }

  std::vector<int32_t> run() {
    while (find_path()) {
    }
    std::vector<int32_t> out;
    for (std::size_t k = source_count_; k < sink_begin_; ++k) {
      if (from_[2 * k] != kNone && from_[2 * k + 1] == kNone) out.push_back(node_[k]);
    }
    return out;
  }

 private:
  static constexpr int32_t kNone = -1, kSource = -2, kMany = 1 << 20;
  struct Arc {
    int32_t to;
    int32_t back;  // its place among the arcs of `to`
    int32_t room;
  };

  void connect(int32_t a, int32_t b, int32_t room) {
    arcs_[a].push_back({.to = b, .back = static_cast<int32_t>(arcs_[b].size()), .room = room});
    arcs_[b].push_back({.to = a, .back = static_cast<int32_t>(arcs_[a].size()) - 1, .room = 0});
  }

  bool find_path() {
    from_.assign(arcs_.size(), kNone);
    by_.assign(arcs_.size(), kNone);
    std::vector<int32_t> front;
    for (std::size_t k = 0; k < source_count_; ++k) {
      front.push_back(static_cast<int32_t>(2 * k + 1));
      from_[2 * k + 1] = kSource;
    }
    for (std::size_t at = 0; at < front.size(); ++at) {
      const int32_t end = front[at];
      if (end % 2 == 0 && static_cast<std::size_t>(end / 2) >= sink_begin_) {
        for (int32_t e = end; from_[e] != kSource; e = from_[e]) {
          Arc& arc = arcs_[from_[e]][by_[e]];
          --arc.room;
          ++arcs_[e][arc.back].room;
        }
        return true;
      }
      for (int32_t k = 0; k < std::ssize(arcs_[end]); ++k) {
        const Arc& arc = arcs_[end][k];
        if (arc.room == 0 || from_[arc.to] != kNone) continue;
        from_[arc.to] = end;
        by_[arc.to] = k;
        front.push_back(arc.to);
      }
    }
    return false;
  }

  std::vector<int32_t> node_;
  std::vector<std::vector<Arc>> arcs_;  // [end]
  std::vector<int32_t> from_, by_;      // [end] of the last search: the end before, and its arc
  std::size_t source_count_ = 0, sink_begin_ = 0;
};

/// Nodes between pieces, from one end to the other; empty where there is nothing to gain.
std::vector<int32_t> find_between(const Graph& graph, const Levels& levels) {
  std::vector<int32_t> between;
  const double nodes = levels.node_count(), piece = nodes / kPieces;
  int32_t from = kReach;
  for (int32_t k = 1; k < kPieces; ++k) {
    const int32_t level = narrowest(levels, from, k * piece, 0.1 * piece);
    if (level < 0 || level + kReach >= levels.count()) return {};
    const std::vector<int32_t> cut = Cut(graph, levels, level - kReach, level + kReach).run();
    if (cut.empty() || static_cast<double>(cut.size()) > kBetweenMax * nodes) return {};
    between.insert(between.end(), cut.begin(), cut.end());
    from = level + 2 * kReach + 1;
  }
  return between;
}

}  // namespace

std::vector<int32_t> dissect(const Graph& graph, std::span<const uint8_t> border) {
  if (border.size() < kNodesMin) return minimum_degree(graph, border);
  const std::vector<int32_t> between = find_between(graph, Levels(graph, border));
  if (between.empty()) return minimum_degree(graph, border);
  std::vector<uint8_t> last(border.begin(), border.end());
  for (const int32_t i : between) last[i] = 1;
  std::vector<int32_t> order = minimum_degree(graph, last);
  order.resize(order.size() - static_cast<std::size_t>(std::ranges::count(last, uint8_t{1})));
  order.insert(order.end(), between.begin(), between.end());
  for (std::size_t i = 0; i < border.size(); ++i) {
    if (border[i] != 0) order.push_back(static_cast<int32_t>(i));
  }
  return order;
}

}  // namespace beltline::lp
