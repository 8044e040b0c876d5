#include "app/pegging_command.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "app/options.h"
#include "app/table_file.h"
#include "base/calendar.h"
#include "base/text.h"
#include "run/pegging_report.h"
#include "run/plan_of_run.h"
#include "run/run_scenario.h"

namespace beltline {
namespace {

int usage(std::string message, bool as_json) {
  fail({std::move(message)}, as_json);
  return kExitUsage;
}

int show_tree(const PegTrees& trees, const PeggingArguments& arguments, std::optional<int> period, bool as_json) {
  const auto ends = trees.ends_of(arguments.of, period);
  const std::string name = printable(arguments.of);
  if (!ends) {
    const std::string nearest = nearest_word(arguments.of, trees.names());
    return usage(fmt::format("the run has no process, capacity, demand or good '{}'{}", name,
                             nearest.empty() ? "" : "; " + did_you_mean_text(nearest)),
                 as_json);
  }
  if (ends->empty())
    return usage(fmt::format("no goods pass through '{}'{}", name,
                             arguments.month.empty() ? " in this plan" : " in " + arguments.month),
                 as_json);
  PegTrees::Limits limits;
  if (arguments.all) limits = {.depth = 64, .width = 100'000};
  const bool both = arguments.up == arguments.down;
  PegBranch up = both || arguments.up ? trees.up(*ends, limits) : PegBranch{};
  PegBranch down = both || arguments.down ? trees.down(*ends, limits) : PegBranch{};
  // one direction without anything in it is told only where it was asked for
  const bool has_up = arguments.up || !up.branches.empty();
  const bool has_down = arguments.down || !down.branches.empty();
  const Model& model = trees.model();
  if (as_json) {
    fmt::print("{}\n", pegging_json(model, arguments.of, has_up ? &up : nullptr, has_down ? &down : nullptr));
    return kExitDone;
  }
  if (has_up) fmt::print("{}", pegging_text(model, up, true, output_language()));
  if (has_down) fmt::print("{}", pegging_text(model, down, false, output_language()));
  return kExitDone;
}

}  // namespace

void add_pegging_options(CLI::App& command, PeggingArguments& arguments) {
  command.add_option("run", arguments.run_folder, "run folder")->required();
  command.add_option("--of", arguments.of,
                     "a process, capacity, demand or good (also good@place); without it, an overview");
  command
      .add_option("--month", arguments.month, "only lots begun, orders placed, demand served in this month: 2027-03")
      ->check([](const std::string& text) {
        return parse_month(text) ? std::string() : "'" + text + "' is no month such as 2027-03";
      });
  command.add_flag("--up", arguments.up, "what it takes in, back to fabs and contracts");
  command.add_flag("--down", arguments.down, "what it serves, on to orders and demand");
  command.add_flag("--all", arguments.all, "everything, not one screen");
  command
      .add_option("-o,--output", arguments.output,
                  "write the table of all pegs to this file: .csv, .parquet, .xlsx or .json")
      ->check(check_table_file);
}

int command_pegging(const PeggingArguments& arguments, bool as_json) {
  const auto compiled = compile_run(arguments.run_folder);
  if (!compiled) return fail(compiled.error(), as_json);
  if (!compiled->model) return fail({not_compiled(arguments.run_folder, *compiled)}, as_json);
  const Model& model = *compiled->model;
  std::optional<int> period;
  if (!arguments.month.empty()) {
    period = model.calendar.period_of(*parse_month(arguments.month));
    if (*period < 0 || *period >= model.period_count())
      return usage(fmt::format("{} lies outside the horizon of '{}'", arguments.month, arguments.run_folder), as_json);
  }
  const auto plan = plan_of_run(model, arguments.run_folder);
  if (!plan) return fail(plan.error(), as_json);
  const std::vector<Peg> pegs = peg(model, *plan);
  if (!arguments.output.empty()) {
    if (const auto written = write_table_file(pegging_table(model, pegs), arguments.output); !written)
      return fail(written.error(), as_json);
    if (as_json)
      fmt::print("{}\n",
                 nlohmann::ordered_json{{"ok", true}, {"file", arguments.output}, {"pegs", pegs.size()}}.dump(2));
    else
      fmt::print("wrote {}: {} pegs\n", arguments.output, pegs.size());
    return kExitDone;
  }
  const PegTrees trees(model, *plan, pegs);
  if (!arguments.of.empty()) return show_tree(trees, arguments, period, as_json);
  if (as_json) {
    fmt::print("{}\n", pegging_overview_json(trees, pegs));
  } else {
    fmt::print("{}", pegging_overview(trees, pegs, output_language(), arguments.all));
  }
  return kExitDone;
}

}  // namespace beltline
