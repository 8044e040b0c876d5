// Our own interior-point method, for linear problems with a diagonal convex cost: long chronologies above all.
//
// A plan by the hour is hours tied only by stores' levels and by a few capacities. Eliminated in a good order, its
// Newton equations factor in time that grows with the hours, and one order serves all iterations and all later solves.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "lp/problem.h"

namespace beltline::lp {

struct InteriorProgress {
  int iteration = 0;
  double seconds = 0;
  double primal_objective = 0;
  double dual_objective = 0;
  double residual = 0;  // the worse of primal and dual, relative
};

struct InteriorOptions {
  double gap_max = 1e-8;       // relative, of the objectives
  double residual_max = 1e-9;  // relative, in the problem's own units
  int iteration_max = 300;
  double wall_time_max_s = kInf;
  bool keep_warm = true;  // for a later solve of the same solver, to begin near this one's end
  const std::atomic<bool>* cancel = nullptr;
  std::function<void(const InteriorProgress&)> on_progress;  // once an iteration
};

enum class InteriorEnd {
  optimal,
  infeasible,  // `ray` has row multipliers: Farkas' lemma
  unbounded,   // `x` is feasible, `ray` a direction of falling cost
  limit,       // time or iterations
  cancelled,
  no_answer,  // accuracy was not reached, and neither ray was found
};
const char* to_string(InteriorEnd end);

struct InteriorResult {
  InteriorEnd end = InteriorEnd::no_answer;
  std::vector<double> x;            // [column] within its bounds; the best point met where there is no optimum
  std::vector<double> row_dual;     // [row] ≥ 0 at a binding lower bound, as in Solution
  std::vector<double> column_dual;  // [column] cost + quadratic x − Aᵀ row_dual
  std::vector<double> ray;          // [row] or [column], by `end`
  double objective = kInf;          // of x, as it is returned
  double primal_residual = kInf;    // worst violation / (1 + |bound|), of x as it is returned
  double dual_residual = kInf;      // worst reduced cost with no bound to hold it, of the largest cost
  double gap = kInf;                // relative, between the objectives
  int iteration_count = 0;
  double seconds = 0;
  double analysis_s = 0, factor_s = 0, solve_s = 0;
  double flop_count = 0;       // multiplications a factorisation takes in its dense part
  std::size_t byte_count = 0;  // of factor and order
};

/// One problem, solved and solved again: order and factors of the scaling are kept.
///
/// The answer depends on the problem alone, not on threads or machine.
/// @cost  memory: about 16 bytes a number of the factor
class InteriorSolver {
 public:
  /// @param problem  without integers; columns and rows whose bounds cross are a no_answer
  /// @param quadratic  [column] q of ½ q x², ≥ 0; or empty
  /// @param thread_count  0: as many as the machine has, up to eight; small problems are solved by one alone
  explicit InteriorSolver(Problem problem, std::vector<double> quadratic = {}, int thread_count = 0);
  /// Of a problem that outlives the solver, with its own quadratic costs: not copied before something is changed.
  explicit InteriorSolver(const Problem* problem, int thread_count = 0);
  ~InteriorSolver();
  InteriorSolver(InteriorSolver&&) noexcept;
  InteriorSolver& operator=(InteriorSolver&&) noexcept;

  void set_row_bounds(std::size_t row, double lower, double upper);
  void set_column_bounds(std::size_t column, double lower, double upper);
  void set_cost(std::size_t column, double cost);

  /// From the beginning, or from the last optimum after changes where there is one.
  InteriorResult solve(const InteriorOptions& options = {});
  /// The same without a search for rays: `no_answer` where there is no optimum.
  InteriorResult solve_once(const InteriorOptions& options = {});

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace beltline::lp
