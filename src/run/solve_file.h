// A model file, solved and proved, without a scenario: for those who have an LP, and for comparing solvers.
#pragma once

#include <atomic>
#include <string>
#include <vector>

#include "base/failure.h"
#include "lp/solver.h"

namespace beltline {

/// What `beltline solve` leaves open to its user.
struct SolveOptions {
  lp::Method method = lp::Method::automatic;
  double wall_time_max_s = 3600;
  double mip_gap_max = 1e-4;
  int thread_count = 0;  // 0: one for HiGHS, all for our own interior point
  uint64_t seed = 0;
  bool race = false;
  const std::atomic<bool>* cancel = nullptr;
};

/// The names that --solver takes: "auto", "simplex", "ipx", "hipo", "ipm", "mip", "qp".
std::vector<std::string> solver_names();
/// The method of such a name; automatic for any other.
lp::Method method_of(const std::string& name);

struct SolvedFile {
  std::string path;
  lp::ReadProblem read;
  lp::Solution solution;  // of the minimisation
};

/// Reads and solves.
/// @errors the file cannot be read, a method that the problem has no use for, the operating system's
Outcome<SolvedFile> solve_file(const std::string& path, const SolveOptions& options,
                               const lp::OnProgress& on_progress = {});

/// Status, objective and bounds in the file's own sense, method, coefficients; one figure a line.
std::string solved_text(const SolvedFile& solved);
std::string solved_json(const SolvedFile& solved);

/// Columns and rows by name: value or activity, bounds, and for LPs and QPs the dual in the file's own sense.
std::string solution_csv(const SolvedFile& solved);

}  // namespace beltline
