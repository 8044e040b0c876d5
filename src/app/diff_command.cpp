#include "app/diff_command.h"

#include <fmt/format.h>

#include "app/options.h"
#include "app/study_commands.h"
#include "base/text.h"
#include "run/diff.h"
#include "run/why.h"

namespace beltline {

int command_diff(const DiffArguments& arguments, bool as_json) {
  catch_signals();
  if (const auto told = diff_studies(arguments.a, arguments.b, arguments.all, as_json)) return *told;
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

int command_why(const WhyArguments& arguments, bool as_json) {
  const auto answer = why(arguments.run_folder, arguments.figure);
  if (!answer) return fail(answer.error(), as_json);
  if (!*answer) {
    const UnknownFigure& unknown = answer->error();
    std::string message = fmt::format("'{}' is no figure of '{}'", printable(unknown.asked), arguments.run_folder);
    if (!unknown.suggestion.empty()) message += fmt::format("; did you mean '{}'?", unknown.suggestion);
    message +=
        "; a figure is a name of the table summary (it_power), TABLE.NAME[@PLACE][:PERIOD] (builds.hall@ulsan), or a "
        "value of the scenario (site.ulsan.online)";
    fail({message}, as_json);
    return kExitUsage;
  }
  if (as_json) {
    fmt::print("{}\n", why_json(**answer));
  } else {
    fmt::print("{}", why_text(**answer, arguments.all));
  }
  return kExitDone;
}

}  // namespace beltline
