// `beltline variance RUN --register FOLDER`.
#include <memory>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "app/options.h"
#include "app/running_commands.h"
#include "run/variance.h"

namespace beltline {
namespace {

struct VarianceArguments {
  std::string run_folder, register_at, month;
};

int command_variance(const VarianceArguments& arguments, bool as_json) {
  const auto run = read_run_plan(arguments.run_folder);
  if (!run) return fail(run.error(), as_json);
  const auto actuals = counted_at(arguments.register_at, run->compiled);
  if (!actuals) return fail(actuals.error(), as_json);
  const auto month = arguments.month.empty() ? std::nullopt : parse_month(arguments.month);
  const Variance variance = explain_variance(*run, *actuals, month);
  const Calendar& calendar = run->model().calendar;
  if (as_json) {
    fmt::print("{}\n", variance_json(variance, calendar));
  } else {
    fmt::print("{}", variance_text(variance, calendar, output_language()));
  }
  return kExitDone;
}

}  // namespace

void add_variance_command(const AddCommand& add, const bool& as_json, int& code) {
  auto arguments = std::make_shared<VarianceArguments>();
  CLI::App* const sub = add("variance", "why what was counted is not what was planned: volume, yield, timing, price");
  sub->add_option("run", arguments->run_folder, "run folder")->required();
  sub->add_option("--register", arguments->register_at, "folder with the register of actuals")->required();
  sub->add_option("--month", arguments->month, "only this month: 2027-03")->check(check_month);
  sub->callback([arguments, &as_json, &code] { code = command_variance(*arguments, as_json); });
}

}  // namespace beltline
