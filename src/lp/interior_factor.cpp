#include "lp/interior_factor.h"

#include <algorithm>

namespace beltline::lp {

Factor::Factor(const Symbolic& symbolic, std::span<const int8_t> sign) : symbolic_(symbolic) {
  const auto n = static_cast<std::size_t>(symbolic.count);
  sign_.resize(n);
  for (std::size_t i = 0; i < n; ++i) sign_[symbolic.position[i]] = sign[i];
  number_.resize(symbolic.row.size());
  pivot_.resize(n);
  local_.resize(2 * static_cast<std::size_t>(symbolic.height_max));
  panel_.resize(static_cast<std::size_t>(symbolic.panel_size));
  for (int parity : {0, 1}) stack_[parity].resize(static_cast<std::size_t>(symbolic.stack_size[parity]));
  std::vector<double>& larger = stack_[0].size() > stack_[1].size() ? stack_[0] : stack_[1];
  larger.resize(std::max(larger.size(), 2 * n));
  work_ = std::span(larger).first(2 * n);
}

Panel Factor::panel(const Supernode& n) {
  return {.data = panel_.data() + n.panel, .rows = n.height(), .columns = n.width, .stride = n.height()};
}

int32_t Factor::eliminate_simple(const PivotRule& rule) {
  const Symbolic& s = symbolic_;
  int32_t replaced = 0;
  const int32_t* target = s.target.data();
  double* number = number_.data();
  for (int32_t p = 0; p < s.simple_count; ++p) {
    double d = pivot_[p];
    if (!(d * sign_[p] > rule.least)) {
      d = pivot_[p] = sign_[p] * rule.replacement;
      ++replaced;
    }
    const double inverse = 1 / d;
    const int64_t end = s.start[p + 1];
    for (int64_t a = s.start[p]; a < end; ++a) {
      const double factor = number[a] * inverse;
      pivot_[s.row[a]] -= factor * number[a];
      for (int64_t b = a + 1; b < end; ++b) number[*target++] -= factor * number[b];
      number[a] = factor;
    }
  }
  return replaced;
}

/// Adds what a child left: the part that meets the parent's pivots into its panel, the rest into its square.
void Factor::add_child(std::size_t child, const double* from, const Supernode& into, double* square) {
  const Supernode& c = symbolic_.node[child];
  const int32_t* place = symbolic_.node_place.data() + c.rows;
  const Panel to = panel(into);
  // rows from `run` on lie side by side in the parent, too: capacities mostly
  int32_t run = c.below - 1;
  while (run > 0 && place[run - 1] == place[run] - 1) --run;
  for (int32_t a = 0; a < c.below; ++a) {
    const double* column = from + static_cast<int64_t>(a) * c.below;
    const int32_t at = place[a];
    double* target = at < into.width ? to.data + at * to.stride
                                     : square + static_cast<int64_t>(at - into.width) * into.below - into.width;
    int32_t b = a;
    for (; b < run; ++b) target[place[b]] += column[b];
    if (b >= c.below) continue;
    double* tail = target + place[b] - b;
    for (; b < c.below; ++b) tail[b] += column[b];
  }
}

void Factor::assemble(std::size_t k, double* square) {
  const Symbolic& s = symbolic_;
  const Supernode& n = s.node[k];
  const Panel to = panel(n);
  std::fill_n(to.data, static_cast<int64_t>(n.height()) * n.width, 0.0);
  std::fill_n(square, static_cast<int64_t>(n.below) * n.below, 0.0);
  const int64_t dense = s.start[s.simple_count];
  for (int32_t c = 0; c < n.width; ++c) {
    const int32_t pivot = s.simple_count + n.first + c;
    double* column = to.data + c * to.stride;
    column[c] = pivot_[pivot];
    for (int64_t q = s.start[pivot]; q < s.start[pivot + 1]; ++q) column[s.place[q - dense]] = number_[q];
  }
}

int32_t Factor::factor(std::span<const double> entry, const PivotRule& rule) {
  const Symbolic& s = symbolic_;
  std::ranges::fill(number_, 0.0);
  for (std::size_t k = 0; k < entry.size(); ++k) number_[s.entry[k]] = entry[k];
  int32_t replaced = eliminate_simple(rule);
  // Squares that wait for their parents lie on two stacks, by parity of depth: a parent's is built on one while its
  // children's are on top of the other.
  int64_t used[2] = {0, 0};
  for (std::size_t k = 0; k < s.node.size(); ++k) {
    const Supernode& n = s.node[k];
    const int parity = n.depth % 2;
    double* square = stack_[parity].data() + used[parity];
    used[parity] += static_cast<int64_t>(n.below) * n.below;
    assemble(k, square);
    for (int64_t q = s.child_start[k + 1]; q-- > s.child_start[k];) {
      const auto child = static_cast<std::size_t>(s.child[q]);
      used[1 - parity] -= static_cast<int64_t>(s.node[child].below) * s.node[child].below;
      add_child(child, stack_[1 - parity].data() + used[1 - parity], n, square);
    }
    double* pivot = pivot_.data() + s.simple_count + n.first;
    replaced += factor_panel(panel(n), sign_.data() + s.simple_count + n.first, pivot, rule);
    subtract_product(square, n.below, panel(n), pivot);
  }
  return replaced;
}

void Factor::solve(std::span<double> x) {
  solve_sides<1>(x);
}

void Factor::solve_two(std::span<double> x) {
  solve_sides<2>(x);
}

/// A supernode's part of the right-hand sides, side by side in work_, as vectors of their own.
template <int kCount>
void Factor::gather(const Supernode& n) {
  const double* dense = work_.data() + kCount * static_cast<std::size_t>(symbolic_.simple_count);
  const int32_t* row = symbolic_.node_row.data() + n.rows;
  for (int k = 0; k < kCount; ++k) {
    double* local = local_.data() + k * symbolic_.height_max;
    for (int32_t c = 0; c < n.width; ++c) local[c] = dense[kCount * (n.first + c) + k];
    for (int32_t b = 0; b < n.below; ++b) local[n.width + b] = dense[kCount * row[b] + k];
  }
}

template <int kCount>
void Factor::solve_sides(std::span<double> x) {
  const Symbolic& s = symbolic_;
  double* work = work_.data();
  double* dense = work + kCount * static_cast<std::size_t>(s.simple_count);
  double* local = local_.data();
  double* other = local + s.height_max;
  for (int32_t i = 0; i < s.count; ++i) {
    for (int k = 0; k < kCount; ++k) work[kCount * s.position[i] + k] = x[kCount * i + k];
  }
  for (int32_t p = 0; p < s.simple_count; ++p) {
    for (int64_t a = s.start[p]; a < s.start[p + 1]; ++a) {
      for (int k = 0; k < kCount; ++k) work[kCount * s.row[a] + k] -= number_[a] * work[kCount * p + k];
    }
  }
  for (const Supernode& n : s.node) {
    gather<kCount>(n);
    if constexpr (kCount == 1) {
      solve_forward(panel(n), local);
    } else {
      solve_forward(panel(n), local, other);
    }
    const int32_t* row = s.node_row.data() + n.rows;
    for (int k = 0; k < kCount; ++k) {
      const double* from = local + k * s.height_max;
      for (int32_t c = 0; c < n.width; ++c) dense[kCount * (n.first + c) + k] = from[c];
      for (int32_t b = 0; b < n.below; ++b) dense[kCount * row[b] + k] = from[n.width + b];
    }
  }
  for (int32_t p = 0; p < s.count; ++p) {
    for (int k = 0; k < kCount; ++k) work[kCount * p + k] /= pivot_[p];
  }
  for (std::size_t q = s.node.size(); q-- > 0;) {
    const Supernode& n = s.node[q];
    gather<kCount>(n);
    if constexpr (kCount == 1) {
      solve_backward(panel(n), local);
    } else {
      solve_backward(panel(n), local, other);
    }
    for (int k = 0; k < kCount; ++k) {
      for (int32_t c = 0; c < n.width; ++c) dense[kCount * (n.first + c) + k] = local[k * s.height_max + c];
    }
  }
  for (int32_t p = s.simple_count; p-- > 0;) {
    for (int k = 0; k < kCount; ++k) {
      double value = work[kCount * p + k];
      for (int64_t a = s.start[p]; a < s.start[p + 1]; ++a) value -= number_[a] * work[kCount * s.row[a] + k];
      work[kCount * p + k] = value;
    }
  }
  for (int32_t i = 0; i < s.count; ++i) {
    for (int k = 0; k < kCount; ++k) x[kCount * i + k] = work[kCount * s.position[i] + k];
  }
}

std::size_t Factor::byte_count() const {
  return sizeof(double) * (number_.size() + pivot_.size() + panel_.size() + stack_[0].size() + stack_[1].size());
}

}  // namespace beltline::lp
