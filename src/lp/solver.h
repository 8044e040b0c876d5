// Solving a Problem: in a child process, so that a solver that overruns, crashes or lies cannot take the program along.
#pragma once

#include <atomic>
#include <functional>
#include <string>
#include <vector>

#include "base/failure.h"
#include "lp/problem.h"

namespace beltline::lp {

/// How a problem is solved. `interior_point` is our own where it is linked in, else HiPO, else IPX; the others are
/// HiGHS's. A method that the kind of problem has no use for counts as `automatic`, which lp/choose.h decides.
enum class Method { automatic, simplex, ipx, hipo, interior_point, active_set, branch_and_bound };
const char* to_string(Method method);
inline bool is_interior(Method method) {
  return method == Method::ipx || method == Method::hipo || method == Method::interior_point;
}

/// Where a simplex solve left a column or a row: at a bound, or in the basis.
enum class Basis : uint8_t { at_lower, basic, at_upper, free, nonbasic };

struct Options {
  double wall_time_max_s = 3600;  // the child is killed at this + 2 s
  double mip_gap_max = 1e-4;
  bool prove_bound = true;   // of a MIP: by its relaxation, else a small tree of our own; false: another's bound counts
  int thread_count = 1;      // HiGHS's
  int interior_threads = 0;  // our own interior point's, which changes no byte; 0: as many as the machine has, up to 8
  uint64_t seed = 0;
  Method method = Method::automatic;
  bool crossover = true;  // interior point only: a vertex, or the point as it is
  bool presolve = true;
  bool race = false;  // two methods at once, the first verified answer wins: quicker, and not the same bytes twice
  const std::atomic<bool>* cancel = nullptr;   // set by Ctrl-C; the best point so far is returned
  const std::atomic<bool>* abandon = nullptr;  // set by a race that is won: the child is killed, nothing comes back
  std::vector<double> start;  // [column] a point to begin a MIP from, or empty; if feasible, the answer is never worse
  std::vector<Basis> start_column_basis;  // [column] a vertex to begin an LP from, of a problem much like it; or empty
  std::vector<Basis> start_row_basis;     // [row] likewise
  bool devex = false;  // dual simplex: approximate edge weights, which large LPs that begin from nothing profit from
  double feasibility_tolerance = 1e-7;
  double integrality_tolerance = 1e-6;
};

/// Progress of a running solve; called from the waiting parent, at most ten times a second.
struct Progress {
  double seconds = 0;
  double bound = -kInf;
  double incumbent = kInf;
  int64_t iteration_count = 0;
  int64_t node_count = 0;
};
using OnProgress = std::function<void(const Progress&)>;

/// Why a solve ended.
enum class Termination {
  optimal,      // verified here, within the gap asked for (of a MIP see Solution::bound_is_proved)
  infeasible,   // a ray verified here, bounds that cross, or (without a ray) presolve on and off agree
  unbounded,    // a feasible point and a ray verified here
  limit,        // time; the best point, if any, is returned with its gap
  interrupted,  // Ctrl-C; likewise
  unverified,   // the solver claimed something that the check does not confirm
};
const char* to_string(Termination termination);

/// Sizes of a matrix's coefficients, before and after the scaling that the solver is given; 0 where none was made.
struct CoefficientRange {
  double least = 0;
  double most = 0;
  double scaled_least = 0;
  double scaled_most = 0;
};

struct Solution {
  Termination termination = Termination::unverified;
  bool has_point = false;   // a point that check_point finds feasible within 1e-6; an infeasible one is not kept
  double objective = kInf;  // recomputed from the Problem, not the solver's word
  double bound = -kInf;     // a lower bound on the optimum
  double safe_bound =
      -kInf;  // a bound on the optimum of the LP or QP, or of a MIP's relaxation, that no rounding raised
  // By duals, of a MIP over all leaves of a tree of our own; where that tree would grow large, branch and bound's word
  // stands, `bound` is that, and this is false.
  bool bound_is_proved = false;
  double claimed_bound = -kInf;       // of a MIP whose proof was tried: branch and bound's word
  std::vector<double> safe_row_dual;  // [row] the duals that it follows from, or empty
  std::string safe_bound_detail;      // why safe_bound is -infinity
  double gap = kInf;             // |objective − bound| / max(1, |objective|), from the two above; 0 for a verified LP
  std::vector<double> x;         // [column]
  std::vector<double> row_dual;  // [row] ∂objective/∂row bound (≥ 0 at a binding lower bound); LP only, else empty
  std::vector<double> column_dual;  // [column] reduced cost; LP only
  std::vector<Basis> column_basis;  // [column] of a verified LP that ended at a vertex, else empty
  std::vector<Basis> row_basis;     // [row] likewise
  double seconds = 0;
  int64_t iteration_count = 0;
  int64_t node_count = 0;
  std::string method;  // what solved it and why: "interior point (hipo): 412,000 rows, a chain of 8,760 steps"
  CoefficientRange coefficients;  // as the solver saw them
  std::string detail;             // for people: what was claimed, what the check found
};

const char* version();  // "HiGHS 1.15.1"

/// Solves in a forked child, which may be done from several threads at once, and proves the answer (lp/README.md).
///
/// A proof may take further runs, all within wall_time_max_s: the relaxation of a MIP, other settings after a claim
/// that does not hold.
/// @errors the operating system's (no memory, no processes). Everything the solver does is a Termination.
Outcome<Solution> solve(const Problem& problem, const Options& options, const OnProgress& on_progress = {});

/// Worst violations of a point, each relative: violation / (1 + |bound|), computed with nothing of the solver's. Of a
/// row's miss, 1e-9 of the largest term added up is taken for rounding.
struct Check {
  double row_violation = 0;
  double bound_violation = 0;
  double integrality_violation = 0;
  double objective = 0;  // recomputed, with compensated summation
  std::string worst;     // "row 12: 3.1 < 4"
};
Check check_point(const Problem& problem, const std::vector<double>& x);
/// Lagrangean lower bound of the relaxation, linear or convex quadratic, from row duals; dual infeasibilities below
/// `tolerance` (relative to the cost's size) on columns without the needed finite bound are forgiven, larger ones give
/// -infinity.
///
/// @param near  [column] or empty: the point at which quadratic costs are linearised for what is forgiven; without it,
///              a column of quadratic cost is forgiven nothing
double dual_bound(const Problem& problem, const std::vector<double>& row_dual, double tolerance = 1e-7,
                  const std::vector<double>& near = {});

/// Reads MPS or LP (by the file's extension, .gz too) through HiGHS; a maximisation is turned round, with `negated`
/// set. A quadratic cost must be convex and without products of two columns; both else are errors that name the
/// columns.
struct ReadProblem {
  Problem problem;
  bool negated = false;
  std::vector<std::string> column_names;  // [column]
  std::vector<std::string> row_names;     // [row]
};
Outcome<ReadProblem> read_problem(const std::string& path);

}  // namespace beltline::lp
