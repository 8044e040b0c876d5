// A problem that stays loaded: change a bound or a cost, and solve again from where the last solve ended.
#pragma once

#include <memory>

#include "base/failure.h"
#include "lp/problem.h"
#include "lp/solver.h"

namespace beltline::lp {

/// A child process keeps the solver, HiGHS or our own interior point, with the problem in it; patches go there by a
/// socket, answers come back in shared memory. Each answer is judged as `solve`'s are (lp/README.md). Where the child
/// has died or its answer is not verified, the problem is solved afresh: the answer is never less than that of `solve`.
///
/// For the thread that opened it: its child dies with that thread, and the next solve would begin afresh.
class LiveProblem {
 public:
  /// Loads the problem into a child, which copies nothing of the parent's but what it writes to.
  /// @errors the operating system's
  static Outcome<LiveProblem> open(Problem problem);
  LiveProblem(LiveProblem&&) noexcept;
  LiveProblem& operator=(LiveProblem&&) noexcept;
  ~LiveProblem();

  /// The problem as it is now.
  [[nodiscard]] const Problem& problem() const;

  /// Each at once in `problem()`, in the child with the next solve.
  void set_row_bounds(std::size_t row, double lower, double upper);
  void set_column_bounds(std::size_t column, double lower, double upper);
  void set_cost(std::size_t column, double cost);

  /// @param options  as of `solve`, but no race; a start basis is not used, and a start point solves afresh
  /// @errors the operating system's
  /// @cost  for an LP a few pivots, or a few iterations of the interior point where that is chosen; and the proof,
  ///        O(nonzeros)
  Outcome<Solution> solve(const Options& options = {}, const OnProgress& on_progress = {});

  /// Solves that the child answered, and those that had to begin afresh.
  struct Counts {
    int live = 0;
    int fresh = 0;
  };
  [[nodiscard]] Counts counts() const;

 private:
  class State;
  explicit LiveProblem(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace beltline::lp
