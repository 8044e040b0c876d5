#include "lp/interior_factor.h"

#include <algorithm>
#include <atomic>
#include <utility>

namespace beltline::lp {

class Factor::Loan {
 public:
  explicit Loan(Factor& factor) : factor_(factor) {
    const std::lock_guard lock(factor.mutex_);
    if (!factor.spaces_.empty()) {
      space_ = std::move(factor.spaces_.back());
      factor.spaces_.pop_back();
    }
    const Symbolic& s = factor.symbolic_;
    space_.square.resize(static_cast<std::size_t>(s.square_size));
    space_.local.resize(2 * static_cast<std::size_t>(s.height_max));
  }
  ~Loan() {
    const std::lock_guard lock(factor_.mutex_);
    factor_.spaces_.push_back(std::move(space_));
  }
  Loan(const Loan&) = delete;
  Loan& operator=(const Loan&) = delete;

  [[nodiscard]] double* squares() { return space_.square.data(); }
  [[nodiscard]] double* local() { return space_.local.data(); }

 private:
  Factor& factor_;
  Space space_;
};

Factor::Factor(const Symbolic& symbolic, std::span<const int8_t> sign, Team& team) : symbolic_(symbolic), team_(team) {
  const auto n = static_cast<std::size_t>(symbolic.count);
  sign_.resize(n);
  for (std::size_t i = 0; i < n; ++i) sign_[symbolic.position[i]] = sign[i];
  number_.resize(symbolic.numbers_and_shadows());
  pivot_.resize(symbolic.pivots_and_shadows());
  work_.resize(2 * pivot_.size());
  panel_.resize(static_cast<std::size_t>(symbolic.panel_size));
  kept_.resize(static_cast<std::size_t>(symbolic.kept_size));
}

Panel Factor::panel(const Supernode& n) {
  return {.data = panel_.data() + n.panel, .rows = n.height(), .columns = n.width, .stride = n.height()};
}

template <class Use>
void Factor::each_piece(std::size_t count, const Use& use) {
  constexpr std::size_t kPiece = 16'384;
  team_.run(static_cast<int32_t>((count + kPiece - 1) / kPiece), [&](int32_t piece) {
    const std::size_t begin = static_cast<std::size_t>(piece) * kPiece, end = std::min(count, begin + kPiece);
    for (std::size_t i = begin; i < end; ++i) use(i);
  });
}

int32_t Factor::eliminate_simple(const Part& part, const PivotRule& rule) {
  const Symbolic& s = symbolic_;
  int32_t replaced = 0;
  const int32_t* target = s.target.data() + part.target;
  double* number = number_.data();
  for (int32_t p = part.simple_begin; p < part.simple_end; ++p) {
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
void Factor::add_child(int32_t child, const double* from, const Supernode& into, double* square) {
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

void Factor::assemble(const Supernode& n, double* square) {
  const Symbolic& s = symbolic_;
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

int32_t Factor::eliminate_node(int32_t k, double* squares, const PivotRule& rule) {
  const Symbolic& s = symbolic_;
  const Supernode& n = s.node[k];
  double* square = square_of(n, squares);
  assemble(n, square);
  for (int64_t q = s.child_start[k + 1]; q-- > s.child_start[k];) {
    add_child(s.child[q], square_of(s.node[s.child[q]], squares), n, square);
  }
  double* pivot = pivot_.data() + s.simple_count + n.first;
  const int32_t replaced = factor_panel(panel(n), sign_.data() + s.simple_count + n.first, pivot, rule);
  subtract_product(square, n.below, panel(n), pivot);
  return replaced;
}

int32_t Factor::factor(std::span<const double> entry, const PivotRule& rule) {
  const Symbolic& s = symbolic_;
  std::ranges::fill(number_, 0.0);
  std::fill(pivot_.begin() + s.count, pivot_.end(), 0.0);
  each_piece(entry.size(), [&](std::size_t k) { number_[s.entry[k]] = entry[k]; });
  std::atomic<int32_t> replaced = 0;
  team_.run(static_cast<int32_t>(s.part.size()), [&](int32_t q) {
    Loan space(*this);
    int32_t here = eliminate_simple(s.part[q], rule);
    for (int32_t k = s.part[q].node_begin; k < s.part[q].node_end; ++k)
      here += eliminate_node(k, space.squares(), rule);
    replaced += here;
  });
  // what the parts did to the top, in their order
  for (std::size_t q = 0; q < s.part.size(); ++q) {
    const double* pivot = pivot_.data() + s.count + q * s.top_pivot.size();
    for (std::size_t i = 0; i < s.top_pivot.size(); ++i) pivot_[s.top_pivot[i]] += pivot[i];
    const double* number = number_.data() + s.row.size() + q * s.top_number.size();
    for (std::size_t i = 0; i < s.top_number.size(); ++i) number_[s.top_number[i]] += number[i];
  }
  Loan space(*this);
  replaced += eliminate_simple(s.top, rule);
  for (const int32_t k : s.top_node) replaced += eliminate_node(k, space.squares(), rule);
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
void Factor::gather(const Supernode& n, double* local) {
  const double* dense = work_.data() + kCount * static_cast<std::size_t>(symbolic_.simple_count);
  const int32_t* row = symbolic_.node_row.data() + n.rows;
  for (int k = 0; k < kCount; ++k, local += symbolic_.height_max) {
    for (int32_t c = 0; c < n.width; ++c) local[c] = dense[kCount * (n.first + c) + k];
    for (int32_t b = 0; b < n.below; ++b) local[n.width + b] = dense[kCount * static_cast<std::size_t>(row[b]) + k];
  }
}

template <int kCount>
void Factor::forward_simple(const Part& part) {
  const Symbolic& s = symbolic_;
  double* work = work_.data();
  for (int32_t p = part.simple_begin; p < part.simple_end; ++p) {
    for (int64_t a = s.start[p]; a < s.start[p + 1]; ++a) {
      for (int k = 0; k < kCount; ++k) {
        work[kCount * static_cast<std::size_t>(s.row[a]) + k] -=
            number_[a] * work[kCount * static_cast<std::size_t>(p) + k];
      }
    }
  }
}

template <int kCount>
void Factor::forward_node(int32_t k, double* local) {
  const Symbolic& s = symbolic_;
  const Supernode& n = s.node[k];
  double* dense = work_.data() + kCount * static_cast<std::size_t>(s.simple_count);
  gather<kCount>(n, local);
  if constexpr (kCount == 1) {
    solve_forward(panel(n), local);
  } else {
    solve_forward(panel(n), local, local + s.height_max);
  }
  const int32_t* row = s.node_row.data() + n.rows;
  for (int side = 0; side < kCount; ++side, local += s.height_max) {
    for (int32_t c = 0; c < n.width; ++c) dense[kCount * (n.first + c) + side] = local[c];
    for (int32_t b = 0; b < n.below; ++b) dense[kCount * static_cast<std::size_t>(row[b]) + side] = local[n.width + b];
  }
}

template <int kCount>
void Factor::backward_node(int32_t k, double* local) {
  const Symbolic& s = symbolic_;
  const Supernode& n = s.node[k];
  double* dense = work_.data() + kCount * static_cast<std::size_t>(s.simple_count);
  for (int32_t c = 0; c < n.width; ++c) {
    for (int side = 0; side < kCount; ++side) {
      dense[kCount * (n.first + c) + side] /= pivot_[s.simple_count + n.first + c];
    }
  }
  gather<kCount>(n, local);
  if constexpr (kCount == 1) {
    solve_backward(panel(n), local);
  } else {
    solve_backward(panel(n), local, local + s.height_max);
  }
  for (int side = 0; side < kCount; ++side, local += s.height_max) {
    for (int32_t c = 0; c < n.width; ++c) dense[kCount * (n.first + c) + side] = local[c];
  }
}

template <int kCount>
void Factor::backward_simple(const Part& part) {
  const Symbolic& s = symbolic_;
  double* work = work_.data();
  for (int32_t p = part.simple_end; p-- > part.simple_begin;) {
    for (int k = 0; k < kCount; ++k) {
      double value = work[kCount * static_cast<std::size_t>(p) + k] / pivot_[p];
      for (int64_t a = s.start[p]; a < s.start[p + 1]; ++a) {
        value -= number_[a] * work[kCount * static_cast<std::size_t>(s.row[a]) + k];
      }
      work[kCount * static_cast<std::size_t>(p) + k] = value;
    }
  }
}

template <int kCount>
void Factor::solve_sides(std::span<double> x) {
  const Symbolic& s = symbolic_;
  double* work = work_.data();
  const auto count = static_cast<std::size_t>(s.count), shadows = s.top_pivot.size();
  const auto parts = static_cast<int32_t>(s.part.size());
  const auto shadow = [&](std::size_t part) { return work + kCount * (count + part * shadows); };
  each_piece(count, [&](std::size_t i) {
    for (int k = 0; k < kCount; ++k) work[kCount * static_cast<std::size_t>(s.position[i]) + k] = x[kCount * i + k];
  });
  team_.run(parts, [&](int32_t q) {
    Loan space(*this);
    std::fill_n(shadow(static_cast<std::size_t>(q)), kCount * shadows, 0.0);
    forward_simple<kCount>(s.part[q]);
    for (int32_t k = s.part[q].node_begin; k < s.part[q].node_end; ++k) forward_node<kCount>(k, space.local());
  });
  for (std::size_t q = 0; q < s.part.size(); ++q) {
    for (std::size_t i = 0; i < shadows; ++i) {
      for (int k = 0; k < kCount; ++k) {
        work[kCount * static_cast<std::size_t>(s.top_pivot[i]) + k] += shadow(q)[kCount * i + k];
      }
    }
  }
  {
    Loan space(*this);
    forward_simple<kCount>(s.top);
    for (const int32_t k : s.top_node) forward_node<kCount>(k, space.local());
    for (std::size_t q = s.top_node.size(); q-- > 0;) backward_node<kCount>(s.top_node[q], space.local());
    backward_simple<kCount>(s.top);
  }
  team_.run(parts, [&](int32_t q) {
    Loan space(*this);
    for (std::size_t i = 0; i < shadows; ++i) {
      for (int k = 0; k < kCount; ++k) {
        shadow(static_cast<std::size_t>(q))[kCount * i + k] =
            work[kCount * static_cast<std::size_t>(s.top_pivot[i]) + k];
      }
    }
    for (int32_t k = s.part[q].node_end; k-- > s.part[q].node_begin;) backward_node<kCount>(k, space.local());
    backward_simple<kCount>(s.part[q]);
  });
  each_piece(count, [&](std::size_t i) {
    for (int k = 0; k < kCount; ++k) x[kCount * i + k] = work[kCount * static_cast<std::size_t>(s.position[i]) + k];
  });
}

std::size_t Factor::byte_count() const {
  std::size_t spaces = 0;
  for (const Space& space : spaces_) spaces += space.square.size() + space.local.size();
  return sizeof(double) * (number_.size() + pivot_.size() + panel_.size() + kept_.size() + work_.size() + spaces);
}

}  // namespace beltline::lp
