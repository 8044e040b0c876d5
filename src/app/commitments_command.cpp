// `beltline commitments RUN`.
#include <memory>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "app/options.h"
#include "app/running_commands.h"
#include "run/commitments.h"

namespace beltline {
namespace {

struct CommitmentsArguments {
  std::string run_folder, name, register_at, party, month;
  bool all = false, as_csv = false;
};

int command_commitments(const CommitmentsArguments& arguments, bool as_json) {
  const auto run = read_run_plan(arguments.run_folder);
  if (!run) return fail(run.error(), as_json);
  const auto actuals = counted_at(arguments.register_at, run->compiled);
  if (!actuals) return fail(actuals.error(), as_json);
  PledgeQuery query{.name = arguments.name,
                    .party = arguments.party,
                    .month = {},
                    .language = output_language(),
                    .all = arguments.all};
  if (!arguments.month.empty()) query.month = parse_month(arguments.month);
  const auto promises = promises_of(*run, *actuals, query);
  if (!promises) {
    fail(promises.error(), as_json);
    return kExitUsage;
  }
  const Calendar& calendar = run->model().calendar;
  if (as_json) {
    fmt::print("{}\n", promises_json(*promises, calendar));
  } else if (arguments.as_csv) {
    fmt::print("{}", to_csv(promises_table(*promises, calendar)));
  } else {
    fmt::print("{}", promises_text(*promises, calendar, query));
  }
  return kExitDone;
}

}  // namespace

void add_commitments_command(const AddCommand& add, const bool& as_json, int& code) {
  auto arguments = std::make_shared<CommitmentsArguments>();
  CLI::App* const sub = add("commitments", "what was promised, what the plan draws of it, and what was delivered");
  sub->add_option("run", arguments->run_folder, "run folder")->required();
  sub->add_option("commitment", arguments->name, "one of them, by name: told in full");
  sub->add_option("--register", arguments->register_at, "folder with the register of actuals");
  sub->add_option("--party", arguments->party, "only promises of or to this party, by name or title");
  sub->add_option("--month", arguments->month, "only this month: 2027-03")->check(check_month);
  sub->add_flag("--all", arguments->all, "every promise, not one screen");
  sub->add_flag("--csv", arguments->as_csv, "a table with a row a promise and month, as CSV");
  sub->callback([arguments, &as_json, &code] { code = command_commitments(*arguments, as_json); });
}

}  // namespace beltline
