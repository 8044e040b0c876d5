// From a solver's claims to a Termination: every claim is proved from the Problem, or not believed.
#pragma once

#include <chrono>
#include <optional>

#include "lp/process.h"

namespace beltline::lp {

/// One call of solve: its problem, the clock, and a way to run further children on what is left of the time.
class Session {
 public:
  Session(const Problem& problem, const Options& options, const OnProgress& on_progress, const Body& body)
      : problem_(problem), options_(options), on_progress_(on_progress), body_(body) {}

  [[nodiscard]] const Problem& problem() const { return problem_; }
  [[nodiscard]] const Options& options() const { return options_; }
  [[nodiscard]] double seconds() const;
  /// Whether there is time for another run, and nobody has cancelled.
  [[nodiscard]] bool may_run() const;
  /// Runs the solver with what is left of the time.
  Outcome<Raw> run(const Problem& problem, Options options) const;
  /// The same for a proof on the side, for `seconds_max` at most; what goes wrong is a claim of nothing.
  [[nodiscard]] Raw run_aside(const Problem& problem, Options options, double seconds_max = kInf) const;
  /// The operating system's refusal to run something aside: without its proof the answer would be another.
  [[nodiscard]] const std::optional<Failure>& failure() const { return failure_; }

 private:
  const Problem& problem_;
  const Options& options_;
  const OnProgress& on_progress_;
  const Body& body_;
  mutable std::optional<Failure> failure_;
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
};

/// What a run's claims amount to; `unverified` where no proof is at hand (then another run with other settings may
/// settle it). `options` are those of the run.
Solution judge(const Session& session, const Raw& raw, const Options& options);

/// The last word on an answer: its point once more in exact arithmetic, and whether its bound is safe.
void certify(const Problem& problem, Solution& solution);

/// Problems without columns, without rows, or with contradicting bounds need no solver.
std::optional<Solution> solve_directly(const Problem& problem);

/// solve, with another body than HiGHS: tests pass one that lies, hangs or crashes.
Outcome<Solution> solve_with(const Problem& problem, const Options& options, const OnProgress& on_progress,
                             const Body& body);

}  // namespace beltline::lp
