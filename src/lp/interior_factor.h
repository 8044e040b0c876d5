// LDLᵀ of a quasi-definite matrix: the numbers for one Symbolic.
#pragma once

#include <span>
#include <vector>

#include "lp/interior_kernel.h"
#include "lp/interior_symbolic.h"

namespace beltline::lp {

class Factor {
 public:
  /// @param symbolic  outlives the factor
  /// @param sign      [node] ±1, the sign that quasi-definiteness gives each pivot in any order (Vanderbei 1995)
  Factor(const Symbolic& symbolic, std::span<const int8_t> sign);

  /// Factors the matrix of these off-diagonal entries, in the order of `analyse`, and of the diagonal that set_diagonal
  /// was given. @returns how many pivots had to be replaced: 0 where all is well
  int32_t factor(std::span<const double> entry, const PivotRule& rule);
  void set_diagonal(std::size_t node, double value) { pivot_[symbolic_.position[node]] = value; }
  /// x := K⁻¹ x
  void solve(std::span<double> x);
  /// The same for two right-hand sides at once, x[node, 2], in little more time than one takes.
  void solve_two(std::span<double> x);

  [[nodiscard]] std::size_t byte_count() const;

 private:
  int32_t eliminate_simple(const PivotRule& rule);
  void assemble(std::size_t k, double* square);
  void add_child(std::size_t child, const double* from, const Supernode& into, double* square);
  [[nodiscard]] Panel panel(const Supernode& n);
  template <int kCount>
  void gather(const Supernode& n);
  template <int kCount>
  void solve_sides(std::span<double> x);

  const Symbolic& symbolic_;
  std::vector<int8_t> sign_;      // [pivot]
  std::vector<double> number_;    // [number]
  std::vector<double> pivot_;     // [pivot] D
  std::vector<double> panel_;     // the dense columns
  std::vector<double> stack_[2];  // while factoring
  std::span<double> work_;        // [pivot, right-hand side] while solving, in the same memory
  std::vector<double> local_;     // [right-hand side, height_max]
};

}  // namespace beltline::lp
