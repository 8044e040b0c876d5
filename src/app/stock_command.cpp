#include "app/stock_command.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "app/options.h"
#include "app/table_file.h"
#include "run/plan_of_run.h"
#include "run/run_scenario.h"

namespace beltline {

void add_stock_options(CLI::App& command, StockArguments& arguments) {
  command.add_option("run", arguments.run_folder, "run folder")->required();
  NumberOptions& numbers = arguments.numbers.emplace(command);
  numbers.add("--service", arguments.options.service, 0.5, 0.999999, "share of months without a shortage");
  numbers.add("--demand-error", arguments.options.demand_error, 0, 10,
              "how far a month's use may miss the plan: standard deviation, as a share of it");
  numbers.add("--carrying", arguments.options.carrying, 0, 10,
              "what a year in store costs, as a share of a good's worth, where its store does not say");
  command.add_flag("--all", arguments.all, "everything, not one screen");
  command.add_option("-o,--output", arguments.output, "write the table to this file: .csv, .parquet, .xlsx or .json")
      ->check(check_table_file);
}

int command_stock(const StockArguments& arguments, bool as_json) {
  if (arguments.numbers->find_faults(as_json)) return kExitUsage;
  const auto compiled = compile_run(arguments.run_folder);
  if (!compiled) return fail(compiled.error(), as_json);
  if (!compiled->model) return fail({not_compiled(arguments.run_folder, *compiled)}, as_json);
  const Model& model = *compiled->model;
  const auto plan = plan_of_run(model, arguments.run_folder);
  if (!plan) return fail(plan.error(), as_json);
  const auto report = stock_report(*compiled, *plan, peg(model, *plan), arguments.run_folder, arguments.options);
  if (!report) return fail(report.error(), as_json);
  if (!arguments.output.empty()) {
    if (const auto written = write_table_file(stock_table(model, *report), arguments.output); !written)
      return fail(written.error(), as_json);
    if (as_json) {
      fmt::print(
          "{}\n",
          nlohmann::ordered_json{{"ok", true}, {"file", arguments.output}, {"goods", report->lines.size()}}.dump(2));
    } else {
      fmt::print("wrote {}: {} goods\n", arguments.output, report->lines.size());
    }
    return kExitDone;
  }
  if (as_json) {
    fmt::print("{}\n", stock_json(model, *report, arguments.options));
  } else {
    fmt::print("{}", stock_text(model, *report, arguments.options, output_language(), arguments.all));
  }
  return kExitDone;
}

}  // namespace beltline
