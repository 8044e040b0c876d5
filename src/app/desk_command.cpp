#include "app/desk_command.h"

#include <fmt/format.h>

#include "app/options.h"
#include "run/desk_report.h"
#include "run/plan_of_run.h"
#include "run/run_scenario.h"

namespace beltline {

void add_desk_options(CLI::App& command, DeskArguments& arguments) {
  command.add_option("run", arguments.run_folder, "run folder")->required();
  command.add_option("--month", arguments.month, "the week of this month: 2028-06; without it, of the last")
      ->check([](const std::string& text) {
        return parse_month(text) ? std::string() : "'" + text + "' is no month such as 2027-03";
      });
}

int command_desk(const DeskArguments& arguments, bool as_json) {
  const auto compiled = compile_run(arguments.run_folder);
  if (!compiled) return fail(compiled.error(), as_json);
  if (!compiled->model) return fail({not_compiled(arguments.run_folder, *compiled)}, as_json);
  const auto plan = plan_of_run(*compiled->model, arguments.run_folder);
  if (!plan) return fail(plan.error(), as_json);
  const auto lines = desk_report(*compiled, *plan, arguments.month);
  if (!lines) return fail(lines.error(), as_json);
  if (as_json) {
    fmt::print("{}\n", desk_json(*lines));
  } else {
    fmt::print("{}", desk_text(*lines, output_language()));
  }
  return kExitDone;
}

}  // namespace beltline
