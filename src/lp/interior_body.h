// Our own interior-point method as the work of a child, in the terms of the mailbox.
#pragma once

#include <cstdint>

#include "lp/interior.h"
#include "lp/mailbox.h"
#include "lp/problem.h"
#include "lp/solver.h"

namespace beltline::lp {

/// A problem without integers that our own method has loaded: its bounds and costs may change between solves, and a
/// solve begins where the last one ended. Starts threads where HiGHS has to finish the work: for children only.
class LoadedInterior {
 public:
  /// Whether a later solve is to begin where one ended; what it begins from takes memory.
  enum class Again : uint8_t { never, maybe };
  /// @param thread_count  as in InteriorSolver
  /// @param problem  stays where it is; what is changed there between two solves is all that the second one is told
  LoadedInterior(const Problem& problem, int thread_count, Again again);

  /// Leaves claim, point, duals and rays in the mailbox. Where the method has no answer, HiGHS finishes the work.
  void solve(const Options& options, Mailbox& mailbox);

 private:
  const Problem& problem_;
  Again again_;
  InteriorSolver solver_;
};

/// Solves a problem without integers once, likewise.
void run_interior(const Problem& problem, const Options& options, Mailbox& mailbox);

}  // namespace beltline::lp
