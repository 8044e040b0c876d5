#include "lp/interior_symbolic.h"

#include <algorithm>
#include <array>
#include <numeric>

#include "base/assert.h"
#include "lp/interior_parts.h"

namespace beltline::lp {
namespace {

constexpr double kSimpleWork = 20;     // of a number of a simple pivot, in multiplications of dense kernels
constexpr double kNumberWork = 6;      // of a number of a supernode, beside its multiplications
constexpr std::size_t kSimpleMax = 6;  // neighbours of a pivot that is eliminated number by number

/// parent[j]: the first later pivot that column j of the factor reaches (Liu 1990).
std::vector<int32_t> elimination_tree(const Graph& graph, std::span<const int32_t> order,
                                      std::span<const int32_t> position) {
  std::vector<int32_t> parent(order.size(), -1), ancestor(order.size(), -1);
  for (int32_t j = 0; j < std::ssize(order); ++j) {
    const int32_t node = order[j];
    for (int64_t k = graph.start[node]; k < graph.start[node + 1]; ++k) {
      for (int32_t i = position[graph.neighbour[k]]; i != -1 && i < j;) {
        const int32_t next = ancestor[i];
        ancestor[i] = j;
        if (next == -1) parent[i] = j;
        i = next;
      }
    }
  }
  return parent;
}

/// Children before parents, each subtree together. Returns the old places in the new order.
std::vector<int32_t> postorder(std::span<const int32_t> parent) {
  const auto n = parent.size();
  std::vector<int32_t> head(n, -1), next(n, -1), order, stack;
  order.reserve(n);
  for (std::size_t j = n; j-- > 0;) {
    if (parent[j] < 0) continue;
    next[j] = head[parent[j]];
    head[parent[j]] = static_cast<int32_t>(j);
  }
  for (std::size_t root = 0; root < n; ++root) {
    if (parent[root] >= 0) continue;
    stack.push_back(static_cast<int32_t>(root));
    while (!stack.empty()) {
      const int32_t j = stack.back();
      if (head[j] != -1) {
        stack.push_back(head[j]);
        head[j] = next[head[j]];
      } else {
        order.push_back(j);
        stack.pop_back();
      }
    }
  }
  return order;
}

/// Lists by pivot, of any lengths, one after the other.
struct Lists {
  std::vector<int64_t> start;
  std::vector<int32_t> item;

  [[nodiscard]] std::span<const int32_t> of(int32_t j) const {
    return {item.data() + start[j], static_cast<std::size_t>(start[j + 1] - start[j])};
  }
};

/// The children of each, ascending.
Lists children_of(std::span<const int32_t> parent) {
  Lists c{.start = std::vector<int64_t>(parent.size() + 1), .item = {}};
  for (const int32_t p : parent) {
    if (p >= 0) ++c.start[p + 1];
  }
  std::partial_sum(c.start.begin(), c.start.end(), c.start.begin());
  c.item.resize(static_cast<std::size_t>(c.start.back()));
  std::vector<int64_t> to(c.start.begin(), c.start.end() - 1);
  for (std::size_t j = 0; j < parent.size(); ++j) {
    if (parent[j] >= 0) c.item[to[parent[j]]++] = static_cast<int32_t>(j);
  }
  return c;
}

/// Which pivots are simple: they and all below them in the tree have at most kSimpleMax neighbours when their turn
/// comes. `reach` has the later neighbours of each simple one.
struct Simple {
  std::vector<uint8_t> is;
  Lists reach;
};

Simple find_simple(const Lists& later, std::span<const int32_t> parent) {
  const auto n = parent.size();
  Simple s{.is = std::vector<uint8_t>(n, 0), .reach = {}};
  s.reach.start.push_back(0);
  const Lists children = children_of(parent);
  std::vector<int32_t> mark(n, -1);
  for (int32_t j = 0; j < std::ssize(parent); ++j) {
    const std::size_t begin = s.reach.item.size();
    const auto take = [&](std::span<const int32_t> rows) {
      for (const int32_t i : rows) {
        if (i == j || mark[i] == j) continue;
        mark[i] = j;
        s.reach.item.push_back(i);
        if (s.reach.item.size() - begin > kSimpleMax) return;
      }
    };
    bool simple = later.of(j).size() <= kSimpleMax;
    for (const int32_t c : children.of(j)) simple = simple && s.is[c] != 0;
    if (simple) {
      take(later.of(j));
      for (const int32_t c : children.of(j)) {
        // by a copy: the list grows while it is read
        std::array<int32_t, kSimpleMax> reach{};
        const auto of = s.reach.of(c);
        std::ranges::copy(of, reach.begin());
        take({reach.data(), of.size()});
      }
      simple = s.reach.item.size() - begin <= kSimpleMax;
    }
    if (!simple) s.reach.item.resize(begin);
    s.is[j] = simple ? 1 : 0;
    s.reach.start.push_back(static_cast<int64_t>(s.reach.item.size()));
  }
  return s;
}

/// Later neighbours of every pivot in the matrix itself.
Lists later_neighbours(const Graph& graph, std::span<const int32_t> order, std::span<const int32_t> position) {
  Lists later;
  later.start.reserve(order.size() + 1);
  later.item.reserve(graph.neighbour.size() / 2);
  later.start.push_back(0);
  for (int32_t j = 0; j < std::ssize(order); ++j) {
    for (int64_t k = graph.start[order[j]]; k < graph.start[order[j] + 1]; ++k) {
      const int32_t i = position[graph.neighbour[k]];
      if (i > j) later.item.push_back(i);
    }
    later.start.push_back(static_cast<int64_t>(later.item.size()));
  }
  return later;
}

/// What the simple pivots leave: later neighbours among the dense pivots, old numbering. Simple ones have empty lists.
Lists dense_rest(const Lists& later, const Simple& simple) {
  const auto n = static_cast<int32_t>(simple.is.size());
  // where each simple pivot's pairs land, as lists of the earlier one's later ones
  Lists pairs{.start = std::vector<int64_t>(static_cast<std::size_t>(n) + 1), .item = {}};
  const auto each_pair = [&](const auto& use) {
    for (int32_t p = 0; p < n; ++p) {
      const auto reach = simple.reach.of(p);
      for (const int32_t a : reach) {
        if (simple.is[a] != 0) continue;
        for (const int32_t b : reach) {
          if (b > a) use(a, b);
        }
      }
    }
  };
  each_pair([&](int32_t a, int32_t) { ++pairs.start[a + 1]; });
  std::partial_sum(pairs.start.begin(), pairs.start.end(), pairs.start.begin());
  pairs.item.resize(static_cast<std::size_t>(pairs.start.back()));
  std::vector<int64_t> to(pairs.start.begin(), pairs.start.end() - 1);
  each_pair([&](int32_t a, int32_t b) { pairs.item[to[a]++] = b; });
  Lists rest;
  rest.start.push_back(0);
  std::vector<int32_t> mark(static_cast<std::size_t>(n), -1);
  for (int32_t j = 0; j < n; ++j) {
    if (simple.is[j] == 0) {
      for (const auto list : {later.of(j), pairs.of(j)}) {
        for (const int32_t i : list) {
          if (mark[i] == j) continue;
          mark[i] = j;
          rest.item.push_back(i);
        }
      }
    }
    rest.start.push_back(static_cast<int64_t>(rest.item.size()));
  }
  return rest;
}

/// A supernode while it is built: its columns as a list, for amalgamation adds to its front.
struct Draft {
  int32_t column_first = -1, column_last = -1, width = 0;
  std::vector<int32_t> below;  // dense pivots, ascending
  int32_t parent = -1;
  double zeros = 0;  // numbers that are stored though they are zero
  bool merged = false;
};

class Supernodes {
 public:
  /// @param rest  later neighbours by dense pivot, dense numbering, in postorder
  Supernodes(const Lists& rest, std::vector<int32_t> parent) : parent_(std::move(parent)) {
    find(rest);
    amalgamate();
  }

  /// Dense pivots in their final order.
  std::vector<int32_t> order();
  /// The supernodes in the order of their columns.
  [[nodiscard]] const std::vector<int32_t>& sequence() const { return sequence_; }
  [[nodiscard]] Draft& draft(int32_t s) { return draft_[s]; }

 private:
  void find(const Lists& rest);
  void amalgamate();
  static bool worth_merging(double zeros, double numbers, int32_t width);

  std::vector<int32_t> parent_;  // of pivots
  std::vector<Draft> draft_;
  std::vector<int32_t> next_;  // [dense pivot] next column of its supernode
  std::vector<int32_t> sequence_;
};

double trapezoid(double width, double below) {
  return width * (width + 1) / 2 + width * below;
}

void Supernodes::find(const Lists& rest) {
  const auto n = parent_.size();
  next_.assign(n, -1);
  const Lists children = children_of(parent_);
  std::vector<int32_t> of(n, -1), mark(n, -1);
  std::size_t eaten = 0;  // of the last supernode's rows: those that have become its columns
  const auto close = [&] {
    if (draft_.empty()) return;
    auto& below = draft_.back().below;
    below.erase(below.begin(), below.begin() + static_cast<std::ptrdiff_t>(eaten));
    eaten = 0;
  };
  for (int32_t j = 0; j < std::ssize(parent_); ++j) {
    const auto mine = rest.of(j);
    bool extends = j > 0 && parent_[j - 1] == j && children.of(j).size() == 1;
    if (extends) {
      const auto& below = draft_.back().below;
      extends = below.size() - eaten - 1 >= mine.size();
      for (std::size_t k = 0; extends && k < mine.size(); ++k) {
        extends = std::binary_search(below.begin() + static_cast<std::ptrdiff_t>(eaten), below.end(), mine[k]);
      }
    }
    if (extends) {
      ++eaten;
      Draft& d = draft_.back();
      next_[d.column_last] = j;
      d.column_last = j;
      ++d.width;
    } else {
      close();
      Draft d{.column_first = j, .column_last = j, .width = 1};
      const auto take = [&](std::span<const int32_t> rows) {
        for (const int32_t i : rows) {
          if (i <= j || mark[i] == j) continue;
          mark[i] = j;
          d.below.push_back(i);
        }
      };
      take(mine);
      for (const int32_t c : children.of(j)) {
        take(draft_[of[c]].below);
        draft_[of[c]].parent = static_cast<int32_t>(draft_.size());
      }
      std::ranges::sort(d.below);
      draft_.push_back(std::move(d));
    }
    of[j] = static_cast<int32_t>(draft_.size()) - 1;
  }
  close();
}

/// Wide supernodes pay for some zeros: fewer calls and longer vectors.
bool Supernodes::worth_merging(double zeros, double numbers, int32_t width) {
  if (zeros <= 0 || width <= 4) return true;
  const double share = zeros / numbers;
  return share < (width <= 16 ? 0.35 : width <= 48 ? 0.12 : 0.05);
}

void Supernodes::amalgamate() {
  // children before parents, so that a child is final when its parent looks at it
  std::vector<std::vector<int32_t>> children(draft_.size());
  for (int32_t s = 0; s < std::ssize(draft_); ++s) {
    if (draft_[s].parent >= 0) children[draft_[s].parent].push_back(s);
  }
  for (int32_t s = 0; s < std::ssize(draft_); ++s) {
    Draft& into = draft_[s];
    std::vector<int32_t> kept;
    for (std::size_t k = children[s].size(); k-- > 0;) {
      const int32_t c = children[s][k];
      Draft& from = draft_[c];
      const int32_t width = from.width + into.width;
      const double numbers = trapezoid(width, static_cast<double>(into.below.size()));
      const double zeros = from.zeros + into.zeros + numbers -
                           trapezoid(from.width, static_cast<double>(from.below.size())) -
                           trapezoid(into.width, static_cast<double>(into.below.size()));
      if (!worth_merging(zeros, numbers, width)) {
        kept.push_back(c);
        continue;
      }
      next_[from.column_last] = into.column_first;
      into.column_first = from.column_first;
      into.width = width;
      into.zeros = zeros;
      from.merged = true;
      from.below = {};
      for (const int32_t grandchild : children[c]) {
        draft_[grandchild].parent = s;
        kept.push_back(grandchild);
      }
      children[c] = {};
    }
    std::ranges::sort(kept);
    children[s] = std::move(kept);
  }
}

std::vector<int32_t> Supernodes::order() {
  // postorder of what is left of the tree
  std::vector<int32_t> left, parent, place(draft_.size(), -1);
  for (int32_t s = 0; s < std::ssize(draft_); ++s) {
    if (draft_[s].merged) continue;
    place[s] = static_cast<int32_t>(left.size());
    left.push_back(s);
  }
  for (const int32_t s : left) parent.push_back(draft_[s].parent < 0 ? -1 : place[draft_[s].parent]);
  std::vector<int32_t> columns;
  columns.reserve(next_.size());
  for (const int32_t k : postorder(parent)) {
    const int32_t s = left[k];
    sequence_.push_back(s);
    int32_t column = draft_[s].column_first;
    for (int32_t c = 0; c < draft_[s].width; ++c, column = next_[column]) columns.push_back(column);
  }
  return columns;
}

double work_of(const Supernode& n) {
  const double below = n.below, width = n.width;
  return width * (below * below / 2 + below * width / 2 + width * width / 6) + kNumberWork * width * (width + below);
}

/// Fills the tree of supernodes, dense pivots numbered finally by `to`.
void lay_out(Supernodes& nodes, std::span<const int32_t> to, Symbolic& s) {
  std::vector<int32_t> of(to.size());
  for (const int32_t draft : nodes.sequence()) {
    Draft& d = nodes.draft(draft);
    Supernode n{.first = s.node.empty() ? 0 : s.node.back().first + s.node.back().width, .width = d.width};
    n.rows = static_cast<int64_t>(s.node_row.size());
    n.below = static_cast<int32_t>(d.below.size());
    n.panel = s.panel_size;
    for (int32_t& i : d.below) i = to[i];
    std::ranges::sort(d.below);
    s.node_row.insert(s.node_row.end(), d.below.begin(), d.below.end());
    d.below = {};
    s.panel_size += static_cast<int64_t>(n.height()) * n.width;
    s.height_max = std::max(s.height_max, n.height());
    const double below = n.below, width = n.width;
    s.flops += width * (below * below / 2 + below * width / 2 + width * width / 6);
    std::fill_n(of.begin() + n.first, n.width, static_cast<int32_t>(s.node.size()));
    s.node.push_back(n);
  }
  s.node_place.resize(s.node_row.size());
  std::vector<int32_t> parent(s.node.size(), -1);
  for (std::size_t k = s.node.size(); k-- > 0;) {
    Supernode& n = s.node[k];
    if (n.below == 0) continue;
    n.parent = parent[k] = of[s.node_row[n.rows]];
    const Supernode& p = s.node[n.parent];
    n.depth = p.depth + 1;
    int32_t at = 0;
    for (int32_t b = 0; b < n.below; ++b) {
      const int32_t row = s.node_row[n.rows + b];
      if (row < p.first + p.width) {
        s.node_place[n.rows + b] = row - p.first;
        continue;
      }
      while (s.node_row[p.rows + at] != row) ++at;
      s.node_place[n.rows + b] = p.width + at;
    }
  }
  const Lists children = children_of(parent);
  s.child_start = children.start;
  s.child = children.item;
}

/// Numbers, targets and entries, once the order is final.
void address(const Graph& graph, std::span<const int64_t> column_start, std::span<const int32_t> row,
             const Lists& columns, Symbolic& s) {
  s.start.assign(columns.start.begin(), columns.start.end());
  s.row = columns.item;
  for (int32_t j = 0; j < s.count; ++j) std::sort(s.row.begin() + s.start[j], s.row.begin() + s.start[j + 1]);
  const auto find = [&](int32_t a, int32_t b) {
    const int32_t column = std::min(a, b);
    const auto end = s.row.begin() + s.start[column + 1];
    const auto at = std::lower_bound(s.row.begin() + s.start[column], end, std::max(a, b));
    ASSERT(at != end && *at == std::max(a, b));
    return static_cast<int32_t>(at - s.row.begin());
  };
  for (int32_t p = 0; p < s.simple_count; ++p) {
    for (Part& part : s.part) {
      if (p == part.simple_begin) part.target = static_cast<int64_t>(s.target.size());
    }
    if (p == s.top.simple_begin) s.top.target = static_cast<int64_t>(s.target.size());
    for (int64_t a = s.start[p]; a < s.start[p + 1]; ++a) {
      for (int64_t b = a + 1; b < s.start[p + 1]; ++b) s.target.push_back(find(s.row[a], s.row[b]));
    }
  }
  s.entry.resize(row.size());
  for (int32_t j = 0; j < graph.node_count(); ++j) {
    for (int64_t k = column_start[j]; k < column_start[j + 1]; ++k)
      s.entry[k] = find(s.position[j], s.position[row[k]]);
  }
  const int64_t dense = s.start[s.simple_count];
  s.place.resize(s.row.size() - static_cast<std::size_t>(dense));
  for (const Supernode& n : s.node) {
    for (int32_t c = 0; c < n.width; ++c) {
      const int32_t column = s.simple_count + n.first + c;
      int32_t at = 0;
      for (int64_t k = s.start[column]; k < s.start[column + 1]; ++k) {
        const int32_t i = s.row[k] - s.simple_count;
        if (i < n.first + n.width) {
          s.place[k - dense] = i - n.first;
          continue;
        }
        while (s.node_row[n.rows + at] != i) ++at;
        s.place[k - dense] = n.width + at;
      }
    }
  }
}

}  // namespace

Graph make_graph(int32_t count, std::span<const int64_t> column_start, std::span<const int32_t> row) {
  Graph g{.start = std::vector<int64_t>(static_cast<std::size_t>(count) + 1), .neighbour = {}};
  for (int32_t j = 0; j < count; ++j) {
    g.start[j + 1] += column_start[j + 1] - column_start[j];
    for (int64_t k = column_start[j]; k < column_start[j + 1]; ++k) ++g.start[row[k] + 1];
  }
  std::partial_sum(g.start.begin(), g.start.end(), g.start.begin());
  g.neighbour.resize(static_cast<std::size_t>(g.start.back()));
  std::vector<int64_t> to(g.start.begin(), g.start.end() - 1);
  for (int32_t j = 0; j < count; ++j) {
    for (int64_t k = column_start[j]; k < column_start[j + 1]; ++k) {
      g.neighbour[to[j]++] = row[k];
      g.neighbour[to[row[k]]++] = j;
    }
  }
  return g;
}

Symbolic analyse(int32_t count, std::span<const int64_t> column_start, std::span<const int32_t> row,
                 std::span<const int32_t> order) {
  Symbolic s{.count = count};
  const Graph graph = make_graph(count, column_start, row);
  // once more in postorder, which leaves the fill as it is
  std::vector<int32_t> sequence(order.begin(), order.end());
  s.position.resize(static_cast<std::size_t>(count));
  const auto place = [&] {
    for (int32_t k = 0; k < count; ++k) s.position[sequence[k]] = k;
  };
  place();
  std::vector<int32_t> parent = elimination_tree(graph, sequence, s.position);
  {
    const std::vector<int32_t> post = postorder(parent);
    std::vector<int32_t> again(post.size()), moved(post.size()), parent_again(post.size());
    for (int32_t k = 0; k < count; ++k) {
      again[k] = sequence[post[k]];
      moved[post[k]] = k;
    }
    for (int32_t k = 0; k < count; ++k) parent_again[k] = parent[post[k]] < 0 ? -1 : moved[parent[post[k]]];
    sequence = std::move(again);
    parent = std::move(parent_again);
    place();
  }
  const Lists later = later_neighbours(graph, sequence, s.position);
  const Simple simple = find_simple(later, parent);
  Lists rest = dense_rest(later, simple);
  // dense pivots, numbered for themselves
  std::vector<int32_t> dense(static_cast<std::size_t>(count), -1), dense_parent, dense_of;
  for (int32_t j = 0; j < count; ++j) {
    if (simple.is[j] != 0) continue;
    dense[j] = static_cast<int32_t>(dense_of.size());
    dense_of.push_back(j);
  }
  s.simple_count = count - static_cast<int32_t>(dense_of.size());
  Lists dense_lists{.start = {0}, .item = std::move(rest.item)};
  for (const int32_t j : dense_of) {
    dense_parent.push_back(parent[j] < 0 ? -1 : dense[parent[j]]);
    dense_lists.start.push_back(rest.start[j + 1]);
  }
  for (int32_t& i : dense_lists.item) i = dense[i];
  Supernodes nodes(dense_lists, std::move(dense_parent));
  const std::vector<int32_t> final_order = nodes.order();
  std::vector<int32_t> to(final_order.size());
  for (int32_t k = 0; k < std::ssize(final_order); ++k) to[final_order[k]] = k;
  lay_out(nodes, to, s);
  // simple pivots by the supernode that they hang on
  std::vector<int32_t> node_of(to.size()), owner(static_cast<std::size_t>(count), -1);
  for (int32_t k = 0; k < std::ssize(s.node); ++k) std::fill_n(node_of.begin() + s.node[k].first, s.node[k].width, k);
  std::vector<double> work(s.node.size());
  for (std::size_t k = 0; k < s.node.size(); ++k) work[k] = work_of(s.node[k]);
  for (int32_t j = count; j-- > 0;) {
    if (simple.is[j] == 0 || parent[j] < 0) continue;
    owner[j] = simple.is[parent[j]] != 0 ? owner[parent[j]] : node_of[to[dense[parent[j]]]];
    if (owner[j] >= 0) work[owner[j]] += kSimpleWork * static_cast<double>(1 + simple.reach.of(j).size());
  }
  const std::vector<int32_t> part_of = choose_parts(s, work);
  place_squares(s, part_of);
  // final places: simple pivots by part, those of the top last, and dense ones behind them
  const auto part_of_simple = [&](int32_t j) {
    const int32_t part = owner[j] < 0 ? -1 : part_of[owner[j]];
    return part < 0 ? static_cast<int32_t>(s.part.size()) : part;
  };
  std::vector<int32_t> simple_of;
  simple_of.reserve(static_cast<std::size_t>(s.simple_count));
  for (int32_t j = 0; j < count; ++j) {
    if (simple.is[j] != 0) simple_of.push_back(j);
  }
  std::ranges::stable_sort(simple_of, {}, part_of_simple);
  for (int32_t q = 0, at = 0; q <= std::ssize(s.part); ++q) {
    Part& part = q < std::ssize(s.part) ? s.part[q] : s.top;
    part.simple_begin = at;
    while (at < std::ssize(simple_of) && part_of_simple(simple_of[at]) == q) ++at;
    part.simple_end = at;
  }
  std::vector<int32_t> moved(static_cast<std::size_t>(count));
  for (int32_t k = 0; k < std::ssize(simple_of); ++k) moved[simple_of[k]] = k;
  for (int32_t j = 0; j < count; ++j) {
    if (simple.is[j] == 0) moved[j] = s.simple_count + to[dense[j]];
  }
  Lists columns{.start = {0}, .item = {}};
  columns.item.reserve(simple.reach.item.size() + dense_lists.item.size());
  for (const int32_t j : simple_of) {
    for (const int32_t i : simple.reach.of(j)) columns.item.push_back(moved[i]);
    columns.start.push_back(static_cast<int64_t>(columns.item.size()));
  }
  for (const int32_t k : final_order) {
    for (const int32_t i : dense_lists.of(k)) columns.item.push_back(s.simple_count + to[i]);
    columns.start.push_back(static_cast<int64_t>(columns.item.size()));
  }
  for (int32_t& p : s.position) p = moved[p];
  address(graph, column_start, row, columns, s);
  add_shadows(s);
  return s;
}

}  // namespace beltline::lp
