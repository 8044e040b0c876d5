// What the commands share: printing diagnostics, exit codes, Ctrl-C, progress.
#pragma once

#include <atomic>
#include <string>
#include <vector>

#include "run/explain.h"
#include "run/pipeline.h"
#include "study/rolling.h"
#include "study/stochastic.h"

namespace beltline {

/// Exit codes of the program (README): stable, one meaning each.
enum ExitCode : int {
  kExitDone = 0,
  kExitScenario = 1,    // the scenario has errors
  kExitUsage = 2,       // the command line has errors
  kExitNoPlan = 3,      // infeasible or unbounded, verified
  kExitNotOptimal = 4,  // a limit or Ctrl-C: the best plan found was written, if there was one
  kExitUnverified = 5,  // the solver's claim could not be confirmed
  kExitFailure = 6,     // disk, memory, solver process
  kExitBug = 70,
};

int exit_code(Termination termination);

/// Set by SIGINT and SIGTERM; a second one ends the program at once.
const std::atomic<bool>& cancel_flag();
void catch_signals();

/// The language of diagnostics: BELTLINE_LANG (set by --lang) where it says en or ko, else that of LC_ALL, LC_MESSAGES
/// or LANG, the first that is set; English where none says ko.
Language output_language();

/// Prints diagnostics to stderr, or as one JSON object to stdout. Returns whether there were errors.
bool report(const Compiled& compiled, bool as_json);
int fail(const Failure& failure, bool as_json);

/// A line on a terminal that shows stage, bound, incumbent and gap; silent elsewhere.
class ProgressLine {
 public:
  ProgressLine();
  ~ProgressLine();
  void show(const PlanProgress& progress);

 private:
  bool on_terminal_;
  bool shown_ = false;
  double begin_s_;
};

/// Ways to plan other than all at once.
struct PlanManner {
  StochasticMethod method = StochasticMethod::automatic;  // of a scenario with branches
  int days = 0;                                           // representative days of each period; 0: all hours
  std::string rolling, myopic, step;                      // "24month"; "": not by windows
  EndValue end_value = EndValue::annuity;
  bool compare = false;  // of windows: with perfect foresight
};
int command_plan(const std::string& folder, const std::vector<std::string>& overrides, const std::string& run_folder,
                 PlanOptions options, const PlanManner& manner, bool as_json);
int command_check(const std::string& folder, const std::vector<std::string>& overrides, bool as_json);
int command_init(const std::string& name, bool as_json);
int command_schema(bool as_json);
int command_table(const std::string& run_folder, const std::string& name, const std::string& format,
                  const std::string& output, bool as_json);
int command_verify(const std::string& run_folder, bool as_json);
int command_explain(const std::string& run_folder, const ExplainOptions& options, bool as_json);
int command_docs(const std::string& folder, bool as_json);

}  // namespace beltline
