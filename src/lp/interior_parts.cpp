#include "lp/interior_parts.h"

#include <algorithm>
#include <numeric>

#include "base/assert.h"

namespace beltline::lp {
namespace {

constexpr double kLeast = 3e6;       // work below which threads would only wait for one another
constexpr double kShare = 1.0 / 12;  // of all work: a heavier subtree is divided further
constexpr double kTopMax = 0.15;     // of all work: what the top may come to
constexpr double kTiny = 0.002;      // of all work: lighter subtrees stay with the top
constexpr double kGroup = 1.0 / 16;  // of all work: lighter neighbours go together

/// Roots of the subtrees that parts are made of, in the order of elimination.
std::vector<int32_t> cut(const Symbolic& s, std::span<const double> own, std::span<const double> whole, double total) {
  std::vector<int32_t> roots, leaves;
  for (int32_t k = 0; k < std::ssize(s.node); ++k) {
    if (s.node[k].parent < 0) roots.push_back(k);
  }
  const auto lighter = [&](int32_t a, int32_t b) { return whole[a] != whole[b] ? whole[a] < whole[b] : a < b; };
  std::ranges::make_heap(roots, lighter);
  double top = 0;
  while (!roots.empty()) {
    const int32_t k = roots.front();
    if (whole[k] <= kShare * total || top + own[k] > kTopMax * total) break;
    std::ranges::pop_heap(roots, lighter);
    roots.pop_back();
    top += own[k];
    for (int64_t q = s.child_start[k]; q < s.child_start[k + 1]; ++q) {
      roots.push_back(s.child[q]);
      std::ranges::push_heap(roots, lighter);
    }
  }
  std::ranges::sort(roots);
  return roots;
}

}  // namespace

std::vector<int32_t> choose_parts(Symbolic& s, std::span<const double> own) {
  std::vector<int32_t> part_of(s.node.size(), -1), size(s.node.size(), 1);
  std::vector<double> whole(own.begin(), own.end());
  for (std::size_t k = 0; k < s.node.size(); ++k) {
    if (s.node[k].parent < 0) continue;
    whole[s.node[k].parent] += whole[k];
    size[s.node[k].parent] += size[k];
  }
  const double total = std::accumulate(own.begin(), own.end(), 0.0);
  if (total < kLeast) return part_of;
  double weight = 0;
  for (const int32_t root : cut(s, own, whole, total)) {
    if (whole[root] < kTiny * total) continue;
    const int32_t begin = root + 1 - size[root];
    if (s.part.empty() || s.part.back().node_end != begin || weight + whole[root] > kGroup * total) {
      s.part.push_back({.node_begin = begin});
      weight = 0;
    }
    s.part.back().node_end = root + 1;
    weight += whole[root];
  }
  if (s.part.size() < 2) s.part.clear();
  for (std::size_t q = 0; q < s.part.size(); ++q) {
    std::fill(part_of.begin() + s.part[q].node_begin, part_of.begin() + s.part[q].node_end, static_cast<int32_t>(q));
  }
  return part_of;
}

void place_squares(Symbolic& s, std::span<const int32_t> part_of) {
  const auto size = [&](const Supernode& n) { return static_cast<int64_t>(n.below) * n.below; };
  // Squares that wait for their parents lie on two stacks, by parity of depth: a parent's is built on one while its
  // children's are on top of the other. Where a part ends they are kept: the stacks are the next part's.
  int64_t used[2] = {0, 0}, most[2] = {0, 0};
  const auto place = [&](int32_t k) {
    Supernode& n = s.node[k];
    n.is_kept = part_of[k] >= 0 && (n.parent < 0 || part_of[n.parent] < 0);
    const int parity = n.depth % 2;
    if (n.is_kept) {
      n.square = s.kept_size;
      s.kept_size += size(n);
    } else {
      n.square = used[parity];
      used[parity] += size(n);
      most[parity] = std::max(most[parity], used[parity]);
    }
    for (int64_t q = s.child_start[k]; q < s.child_start[k + 1]; ++q) {
      if (!s.node[s.child[q]].is_kept) used[1 - parity] -= size(s.node[s.child[q]]);
    }
  };
  for (const Part& part : s.part) {
    for (int32_t k = part.node_begin; k < part.node_end; ++k) place(k);
    ASSERT(used[0] == 0 && used[1] == 0);
  }
  for (int32_t k = 0; k < std::ssize(s.node); ++k) {
    if (part_of[k] >= 0) continue;
    s.top_node.push_back(k);
    place(k);
  }
  for (Supernode& n : s.node) {
    if (!n.is_kept && n.depth % 2 == 1) n.square += most[0];
  }
  s.square_size = most[0] + most[1];
}

void add_shadows(Symbolic& s) {
  if (s.part.empty()) return;
  // indices of the top's pivots and numbers among their shadows; −1 elsewhere
  std::vector<int32_t> pivot(static_cast<std::size_t>(s.count), -1), number(s.row.size(), -1);
  for (const int32_t k : s.top_node) {
    for (int32_t c = 0; c < s.node[k].width; ++c) {
      const int32_t p = s.simple_count + s.node[k].first + c;
      pivot[p] = static_cast<int32_t>(s.top_pivot.size());
      s.top_pivot.push_back(p);
      for (int64_t q = s.start[p]; q < s.start[p + 1]; ++q) {
        number[q] = static_cast<int32_t>(s.top_number.size());
        s.top_number.push_back(static_cast<int32_t>(q));
      }
    }
  }
  const auto pivot_count = static_cast<int32_t>(s.top_pivot.size()),
             number_count = static_cast<int32_t>(s.top_number.size());
  const auto numbers = static_cast<int32_t>(s.row.size());
  for (int32_t q = 0; q < std::ssize(s.part); ++q) {
    const Part& part = s.part[q];
    const auto shadow = [&](int32_t p) { return pivot[p] < 0 ? p : s.count + q * pivot_count + pivot[p]; };
    int64_t target = part.target;
    for (int32_t p = part.simple_begin; p < part.simple_end; ++p) {
      const int64_t reach = s.start[p + 1] - s.start[p];
      for (int64_t a = s.start[p]; a < s.start[p + 1]; ++a) s.row[a] = shadow(s.row[a]);
      for (int64_t k = 0; k < reach * (reach - 1) / 2; ++k, ++target) {
        int32_t& to = s.target[target];
        if (number[to] >= 0) to = numbers + q * number_count + number[to];
      }
    }
    for (int32_t k = part.node_begin; k < part.node_end; ++k) {
      const Supernode& n = s.node[k];
      for (int32_t b = 0; b < n.below; ++b) {
        int32_t& row = s.node_row[n.rows + b];
        row = shadow(row + s.simple_count) - s.simple_count;
      }
    }
  }
}

}  // namespace beltline::lp
