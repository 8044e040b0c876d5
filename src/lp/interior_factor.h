// LDLᵀ of a quasi-definite matrix: the numbers for one Symbolic.
#pragma once

#include <mutex>
#include <span>
#include <vector>

#include "lp/interior_kernel.h"
#include "lp/interior_symbolic.h"
#include "lp/interior_team.h"

namespace beltline::lp {

/// The same numbers whatever the team's size: parts and the order in which their sums are added are the Symbolic's.
class Factor {
 public:
  /// @param symbolic, team  outlive the factor
  /// @param sign  [node] ±1, the sign that quasi-definiteness gives each pivot in any order (Vanderbei 1995)
  Factor(const Symbolic& symbolic, std::span<const int8_t> sign, Team& team);

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
  /// Memory that one piece of work has at a time.
  struct Space {
    std::vector<double> square;  // [Symbolic::square_size]
    std::vector<double> local;   // [right-hand side, height_max]
  };
  /// Lends a Space to a piece of work.
  class Loan;

  /// Calls use(i) for all i below `count`, on all threads.
  template <class Use>
  void each_piece(std::size_t count, const Use& use);
  int32_t eliminate_simple(const Part& part, const PivotRule& rule);
  int32_t eliminate_node(int32_t k, double* squares, const PivotRule& rule);
  void assemble(const Supernode& n, double* square);
  void add_child(int32_t child, const double* from, const Supernode& into, double* square);
  [[nodiscard]] double* square_of(const Supernode& n, double* squares) {
    return (n.is_kept ? kept_.data() : squares) + n.square;
  }
  [[nodiscard]] Panel panel(const Supernode& n);
  template <int kCount>
  void gather(const Supernode& n, double* local);
  template <int kCount>
  void forward_simple(const Part& part);
  template <int kCount>
  void forward_node(int32_t k, double* local);
  template <int kCount>
  void backward_simple(const Part& part);
  template <int kCount>
  void backward_node(int32_t k, double* local);
  template <int kCount>
  void solve_sides(std::span<double> x);

  const Symbolic& symbolic_;
  Team& team_;
  std::vector<int8_t> sign_;    // [pivot]
  std::vector<double> number_;  // [number and shadow]
  std::vector<double> pivot_;   // [pivot and shadow] D
  std::vector<double> panel_;   // the dense columns
  std::vector<double> kept_;    // squares of parts
  std::vector<double> work_;    // [pivot and shadow, right-hand side]
  std::mutex mutex_;
  std::vector<Space> spaces_;  // those that are not lent
};

}  // namespace beltline::lp
