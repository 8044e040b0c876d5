// Running something in a forked child: with time limit, cancel, and no harm if it crashes.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "base/failure.h"
#include "lp/mailbox.h"
#include "lp/problem.h"
#include "lp/solver.h"

namespace beltline::lp {

/// A forked process, killed and reaped when this goes out of scope.
///
/// The child shares all memory by copy-on-write but has one thread only, so `body` must not wait for another. It dies
/// with its parent's waiting thread, ignores Ctrl-C (which the terminal sends to both), writes nothing to standard
/// output and keeps no file open except `kept_fd`: a server's connections must not stay open with it.
class Child {
 public:
  /// @errors no processes, no memory
  static Outcome<Child> start(const std::function<void()>& body, int kept_fd = -1);
  Child(Child&& other) noexcept : pid_(other.pid_), status_(other.status_) { other.pid_ = -1; }
  Child& operator=(Child&&) = delete;
  ~Child();

  /// Whether it has ended; does not wait.
  bool has_ended();
  void kill();
  /// How it ended: "" for a clean end, else "was ended by signal 6 (Aborted)". Only after has_ended().
  [[nodiscard]] std::string describe_end() const;
  [[nodiscard]] bool ran_out_of_memory() const;

 private:
  explicit Child(pid_t pid) : pid_(pid) {}
  pid_t pid_;       // -1 once reaped
  int status_ = 0;  // of waitpid
};

/// What came back from one run of a solver: claims, none verified.
struct Raw {
  Claim claim = Claim::none;
  bool crashed = false;
  bool out_of_memory = false;
  std::vector<double> x;            // [column] or empty
  std::vector<double> row_dual;     // [row], likewise
  std::vector<double> column_dual;  // [column]
  std::vector<double> primal_ray;   // [column]
  std::vector<double> dual_ray;     // [row]
  std::vector<double> incumbent;    // [column] the last improving point reported
  std::vector<Basis> column_basis;  // [column] of a simplex solve or crossover, or empty
  std::vector<Basis> row_basis;     // [row]
  double bound = -kInf;
  int64_t iteration_count = 0;
  int64_t node_count = 0;
  double seconds = 0;
  std::string method;
  CoefficientRange coefficients;
  std::string detail;
};

/// What a child does with the problem: run_body (lp/body.h), or a test's stand-in.
using Body = std::function<void(const Problem&, const Options&, Mailbox&)>;

/// Forks, lets the child run `body`, and reports what it left in the mailbox.
///
/// Kills the child at wall_time_max_s + kGrace_s, or kGrace_s after a cancel that it does not obey.
/// @errors the operating system's
Outcome<Raw> run_in_child(const Problem& problem, const Options& options, const OnProgress& on_progress,
                          const Body& body);

inline constexpr double kGrace_s = 2;

/// Copies what a child published; the arrays are only read where it said that they are complete.
Raw collect(Mailbox& mailbox);

/// Calls on_progress at most ten times a second.
class Reporter {
 public:
  Reporter(const OnProgress& on_progress, std::chrono::steady_clock::time_point begin)
      : on_progress_(on_progress), begin_(begin) {}
  void report(Mailbox::Board& board);

 private:
  const OnProgress& on_progress_;
  std::chrono::steady_clock::time_point begin_;
  double next_s_ = 0.1;
};

}  // namespace beltline::lp
