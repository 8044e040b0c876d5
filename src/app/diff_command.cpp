#include "app/diff_command.h"

#include <fmt/format.h>

#include "app/options.h"
#include "run/diff.h"

namespace beltline {

int command_diff(const DiffArguments& arguments, bool as_json) {
  catch_signals();
  Outcome<Difference> difference = failure("");
  {
    ProgressLine line;
    const DiffOptions options{.cancel = &cancel_flag(), .on_progress = [&](const std::string& stage) {
                                line.show({.stage = stage, .solver = {}});
                              }};
    difference = compare_runs(arguments.a, arguments.b, options);
  }
  if (!difference) return fail(difference.error(), as_json);
  if (as_json) {
    fmt::print("{}\n", difference_json(*difference));
  } else {
    fmt::print("{}", difference_text(*difference, arguments.all));
  }
  return kExitDone;
}

}  // namespace beltline
