#include "app/solve_command.h"

#include <fmt/format.h>

#include "app/options.h"
#include "table/files.h"

namespace beltline {
namespace {

int exit_code(lp::Termination termination) {
  switch (termination) {
    case lp::Termination::optimal: return kExitDone;
    case lp::Termination::infeasible:
    case lp::Termination::unbounded: return kExitNoPlan;
    case lp::Termination::limit:
    case lp::Termination::interrupted: return kExitNotOptimal;
    case lp::Termination::unverified: return kExitUnverified;
  }
  return kExitUnverified;
}

}  // namespace

int command_solve(const SolveArguments& arguments, bool as_json) {
  catch_signals();
  SolveOptions options = arguments.options;
  options.method = method_of(arguments.solver);
  options.cancel = &cancel_flag();
  Outcome<SolvedFile> solved = failure("");
  {
    ProgressLine line;
    solved =
        solve_file(arguments.model, options, [&](const lp::Progress& progress) { line.show({"solve", progress}); });
  }
  if (!solved) return fail(solved.error(), as_json);
  if (!arguments.output.empty() && solved->solution.has_point) {
    const auto written = write_file_atomically(arguments.output, solution_csv(*solved));
    if (!written) return fail(written.error(), as_json);
  }
  fmt::print("{}", as_json ? solved_json(*solved) : solved_text(*solved));
  return exit_code(solved->solution.termination);
}

}  // namespace beltline
