#include "app/risk_command.h"

#include <algorithm>
#include <limits>
#include <memory>
#include <optional>
#include <thread>

#include <fmt/format.h>

#include "app/number_options.h"
#include "app/options.h"
#include "base/count.h"
#include "base/text.h"
#include "risk/risk_report.h"
#include "run/run_scenario.h"
#include "table/run_folder.h"

namespace beltline {
namespace {

struct RiskArguments {
  std::string run_folder, output;
  std::vector<std::string> overrides;
  RiskRequest request;
  std::optional<NumberOptions> numbers;
};

/// What is wrong with --series, or "".
std::string find_unknown_series(const Model& model, const std::vector<std::string>& series) {
  std::vector<std::string> names;
  for (const Measure& measure : model.measures) {
    names.push_back(measure.name);
    names.push_back(fmt::format("{}.{}", measure.table, measure.name));
  }
  for (const std::string& name : series) {
    if (std::ranges::find(names, name) != names.end()) continue;
    const std::string nearest = nearest_word(name, names);
    return fmt::format("the scenario has no measure '{}' to follow; {}", printable(name),
                       nearest.empty() ? "tables of a plan show their names" : did_you_mean_text(nearest));
  }
  return {};
}

int command_risk(RiskArguments& arguments, bool as_json) {
  if (arguments.numbers->find_faults(as_json)) return kExitUsage;
  const auto compiled = compile_run(arguments.run_folder, arguments.overrides);
  if (!compiled) return fail(compiled.error(), as_json);
  if (report(*compiled, as_json)) return kExitScenario;
  if (const std::string wrong = find_unknown_series(*compiled->model, arguments.request.series); !wrong.empty()) {
    fail({wrong}, as_json);
    return kExitUsage;
  }
  catch_signals();
  RiskOptions& options = arguments.request.options;
  options.cancel = &cancel_flag();
  if (options.thread_count == 0)
    options.thread_count = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
  Outcome<StudyReport> found = failure("");
  {
    ProgressLine line;
    options.on_progress = [&](double share) { line.show({fmt::format("played {:.0f} %", 100 * share), {}}); };
    found = risk_of_run(arguments.run_folder, *compiled, arguments.request);
  }
  if (!found) return fail(found.error(), as_json);
  if (!arguments.output.empty()) {
    std::vector<std::pair<std::string, std::string>> texts{{"summary.txt", found->text},
                                                           {"summary_ko.txt", found->text_ko}};
    texts.insert(texts.end(), found->files.begin(), found->files.end());
    const auto written = write_run(arguments.output, {.manifest_json = study_manifest(*compiled, *found),
                                                      .tables = found->tables,
                                                      .texts = texts,
                                                      .scenario = scenario_contents(compiled->originals)});
    if (!written) return fail(written.error(), as_json);
  }
  if (as_json) {
    fmt::print("{}\n", study_json(*found));
  } else {
    fmt::print("{}", output_language() == Language::korean ? found->text_ko : found->text);
    if (!arguments.output.empty())
      fmt::print("run           {}: {}{}\n", arguments.output, counted(found->tables.size(), "table"),
                 found->files.empty() ? "" : "; buffers.toml: what helped, for the scenario");
  }
  return exit_code(found->termination);
}

}  // namespace

void add_risk_command(const std::function<CLI::App*(const char*, const char*)>& add, const bool& as_json, int& code) {
  auto arguments = std::make_shared<RiskArguments>();
  arguments->request.options.thread_count = 0;
  RiskOptions& options = arguments->request.options;
  CLI::App* const sub = add("risk", "how likely a run's plan holds: played month by month, thousands of times");
  sub->add_option("run", arguments->run_folder, "run folder of a plan")->required();
  NumberOptions& numbers = arguments->numbers.emplace(*sub);
  numbers.add("--replications", options.replications, 32, 100'000'000, "how often it is played");
  numbers.add("--seed", options.seed, 0, std::numeric_limits<uint64_t>::max(),
              "seed of all draws: the same gives the same bytes");
  add_choice_option(*sub, "--sampling", options.sampling,
                    {{"plain", Sampling::plain}, {"antithetic", Sampling::antithetic}, {"sobol", Sampling::sobol}},
                    "plain, antithetic, or sobol (with Owen scrambling)");
  numbers.add("--precision", options.precision, 0, 0.5,
              "stop once every probability is known to ± this share; 0: play all replications");
  numbers.add("--confidence", options.level, 0.5, 0.9999, "level of all confidence intervals");
  numbers.add("--replan", options.replan_every, 0, 1200,
              "start again what goods are short of the plan, every so many periods; 0: never");
  sub->add_flag("--priority{true},--pro-rata{false}", options.by_priority,
                "scarce goods to the first in order, or in proportion to what is asked (the default)");
  sub->add_option("--series", arguments->request.series, "further measures to follow: NAME or TABLE.NAME; repeatable")
      ->allow_extra_args(false);
  numbers.add("--levers", arguments->request.lever_count, 0, 1000,
              "how many buffers, second sources and earlier orders to try");
  numbers.add("--lever-replications", arguments->request.lever_replications, 64, 10'000'000,
              "how often each of them is played");
  sub->add_option("--set", arguments->overrides, "what if: PATH=VALUE, PATH*=FACTOR or PATH+=VALUE; the plan stays")
      ->allow_extra_args(false);
  numbers.add("--threads", options.thread_count, 0, 1024, "threads; the result does not depend on them (0: all cores)");
  sub->add_option("-o,--output", arguments->output, "run folder to write or replace; without it, only the text");
  sub->callback([arguments, &as_json, &code] { code = command_risk(*arguments, as_json); });
}

}  // namespace beltline
