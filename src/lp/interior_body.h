// Our own interior-point method as the work of a child, in the terms of the mailbox.
#pragma once

#include "lp/interior.h"
#include "lp/mailbox.h"
#include "lp/problem.h"
#include "lp/solver.h"

namespace beltline::lp {

/// A problem without integers that our own method has loaded: bounds and costs may change between solves, and a solve
/// begins where the last one ended. Starts threads where HiGHS has to finish the work: for children only.
class LoadedInterior {
 public:
  /// @param problem  stays where it is, and is kept up to date by the caller: what HiGHS finishes is that
  explicit LoadedInterior(const Problem& problem);

  void set_row_bounds(std::size_t row, double lower, double upper) { solver_.set_row_bounds(row, lower, upper); }
  void set_column_bounds(std::size_t column, double lower, double upper) {
    solver_.set_column_bounds(column, lower, upper);
  }
  void set_cost(std::size_t column, double cost) { solver_.set_cost(column, cost); }
  /// Leaves claim, point, duals and rays in the mailbox. Where the method has no answer, HiGHS finishes the work.
  void solve(const Options& options, Mailbox& mailbox);

 private:
  const Problem& problem_;
  InteriorSolver solver_;
};

/// Solves a problem without integers once, likewise.
void run_interior(const Problem& problem, const Options& options, Mailbox& mailbox);

}  // namespace beltline::lp
