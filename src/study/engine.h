// Where subproblems are solved: here in threads, or elsewhere. Values go in, values come out.
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/failure.h"
#include "lp/solver.h"

namespace beltline {

/// A problem that is solved again and again with other values of its linking columns, the first `linking_count` ones.
struct Subproblem {
  lp::Problem problem;
  int32_t linking_count = 0;
};

/// What to solve. Plain values, so that it can be sent (to_message).
struct SubproblemTask {
  int32_t subproblem = 0;
  std::vector<double> value = {};   // [linking column] where they are held; empty: they are free within their bounds
  std::vector<double> cost = {};    // [linking column] added to their costs; empty: nothing
  std::vector<double> centre = {};  // [linking column] where it is pulled to; empty: nowhere
  std::vector<double> pull = {};    // [linking column] ρ of ρ/2 (x − centre)², written as tangents; 0: it is not pulled
  bool elastic = false;             // minimise how far the rows are missed, instead of the cost
  bool relaxed = false;             // without integrality

  bool operator==(const SubproblemTask&) const = default;
};

struct SubproblemAnswer {
  int32_t subproblem = 0;
  lp::Termination termination = lp::Termination::unverified;
  double objective = 0;
  double bound = 0;                   // no more than the optimum
  std::vector<double> x = {};         // [column of the subproblem]; empty without a point
  std::vector<double> gradient = {};  // [linking column] how the optimum moves with each value; LP only
  std::vector<double> row_dual = {};  // [row] LP only
  std::string detail = {};

  bool operator==(const SubproblemAnswer&) const = default;
};

/// Solves tasks in any order and at any place. The answers come in the order of the tasks and do not depend on how many
/// are solved at once.
class SubproblemEngine {
 public:
  virtual ~SubproblemEngine() = default;
  /// Takes the subproblems that later tasks name by their index.
  virtual Outcome<void> load(std::vector<Subproblem> subproblems) = 0;
  /// @errors of the operating system or the way there; what a solver does is a Termination
  virtual Outcome<std::vector<SubproblemAnswer>> solve(const std::vector<SubproblemTask>& tasks) = 0;
};

struct EngineOptions {
  int thread_count = 1;
  double wall_time_max_s = 3600;  // of one task
  double mip_gap_max = 1e-4;
  const std::atomic<bool>* cancel = nullptr;
};

/// Threads of this process, each solve in a child process of its own, begun from the basis that the subproblem ended
/// with before.
std::unique_ptr<SubproblemEngine> make_local_engine(const EngineOptions& options);

/// One task with one subproblem: what an engine does at the far end.
/// @param start  in: a basis to begin from (may be empty); out: the basis it ended with
struct StartBasis {
  std::vector<lp::Basis> column, row;
};
Outcome<SubproblemAnswer> solve_task(const Subproblem& subproblem, const SubproblemTask& task,
                                     const EngineOptions& options, StartBasis& start);

/// CBOR (RFC 8949) of plain values: every double, infinities too, comes back bit for bit.
std::string to_message(const Subproblem& subproblem);
std::string to_message(const SubproblemTask& task);
std::string to_message(const SubproblemAnswer& answer);
/// @errors bytes that are no such message
Outcome<Subproblem> subproblem_of(std::string_view message);
Outcome<SubproblemTask> task_of(std::string_view message);
Outcome<SubproblemAnswer> answer_of(std::string_view message);

}  // namespace beltline
