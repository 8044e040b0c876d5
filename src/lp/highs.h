// HiGHS behind its C API. Only highs.cpp includes it, and only a forked child runs it.
#pragma once

#include <memory>
#include <span>
#include <string>

#include "base/failure.h"
#include "lp/mailbox.h"
#include "lp/problem.h"
#include "lp/ranging.h"
#include "lp/solver.h"

namespace beltline::lp {

/// A problem that HiGHS has loaded: bounds and costs may change between solves, and a solve of an LP begins where the
/// last one ended. Starts threads: for children only.
class LoadedHighs {
 public:
  explicit LoadedHighs(const Problem& problem);
  ~LoadedHighs();
  LoadedHighs(const LoadedHighs&) = delete;
  LoadedHighs& operator=(const LoadedHighs&) = delete;

  void set_row_bounds(int32_t row, double lower, double upper);
  void set_column_bounds(int32_t column, double lower, double upper);
  void set_cost(int32_t column, double cost);
  /// Leaves claim, point, duals and rays in the mailbox.
  void solve(const Options& options, Mailbox& mailbox);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Solves the problem and leaves claim, point, duals and rays in the mailbox. Starts threads: for children only.
///
/// The point begins from options.start only where there are integers: a simplex start is a basis, not a point.
void run_highs(const Problem& problem, const Options& options, Mailbox& mailbox);

/// Fills two numbers a direction: the derivative of the optimum along it and against it, infinity where no step is
/// feasible, and leaves what it could not find as it was. For children only; see lp/ranging.h.
void run_derivatives(const Problem& problem, const Solution& solution, const std::vector<Direction>& directions,
                     const Options& options, std::span<double> out);

/// Reads a model file; for children only, as parsers crash too.
/// @errors the file cannot be read, or holds what a Problem cannot (products of columns, semi-continuous columns)
Outcome<ReadProblem> read_with_highs(const std::string& path);

}  // namespace beltline::lp
