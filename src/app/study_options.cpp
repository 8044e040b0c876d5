#include "app/study_options.h"

#include <charconv>
#include <memory>
#include <thread>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "app/number_options.h"
#include "base/count.h"
#include "run/run_scenario.h"
#include "study/alternatives.h"
#include "study/pareto.h"
#include "study/sweep.h"
#include "table/run_folder.h"

namespace beltline {
namespace {

using Json = nlohmann::ordered_json;

/// What all of these commands take.
struct StudyArguments {
  std::string folder, run_folder, slack = "2%", goals, only;
  std::vector<std::string> overrides;
  AlternativesOptions alternatives;
  ParetoOptions pareto;
  SweepOptions sweep;
  double wall_time_max_s = 600;
  int thread_count = 0;
};

/// "2%", "2 %" or "0.02".
std::optional<double> read_share(std::string text) {
  const bool is_percent = text.ends_with('%');
  if (is_percent) text.pop_back();
  while (text.ends_with(' ')) text.pop_back();
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || !(value >= 0)) return std::nullopt;
  return is_percent ? value / 100 : value;
}

using Study = std::function<Outcome<StudyReport>(const Compiled&, const StudyOptions&)>;

/// What is wrong with the arguments, seen with the scenario.
using Check = std::function<std::optional<std::string>(const Model&)>;

int run_study(const StudyArguments& arguments, bool as_json, const Study& study, const Check& check = {}) {
  const Compiled compiled = compile_scenario(arguments.folder, arguments.overrides);
  if (report(compiled, as_json)) return kExitScenario;
  if (const auto wrong = check ? check(*compiled.model) : std::nullopt) {
    fail({*wrong}, as_json);
    return kExitUsage;
  }
  catch_signals();
  StudyOptions options{.wall_time_max_s = arguments.wall_time_max_s,
                       .thread_count = arguments.thread_count > 0
                                           ? arguments.thread_count
                                           : static_cast<int>(std::max(1U, std::thread::hardware_concurrency())),
                       .cancel = &cancel_flag()};
  Outcome<StudyReport> found = failure("");
  {
    ProgressLine line;
    options.on_progress = [&](const PlanProgress& progress) { line.show(progress); };
    found = study(compiled, options);
  }
  if (!found) return fail(found.error(), as_json);
  if (!arguments.run_folder.empty()) {
    const auto written =
        write_run(arguments.run_folder, {.manifest_json = study_manifest(compiled, *found),
                                         .tables = found->tables,
                                         .texts = {{"summary.txt", found->text}, {"summary_ko.txt", found->text_ko}},
                                         .scenario = scenario_contents(compiled.originals)});
    if (!written) return fail(written.error(), as_json);
  }
  if (as_json) {
    fmt::print("{}\n", study_json(*found));
  } else {
    fmt::print("{}", output_language() == Language::korean ? found->text_ko : found->text);
    if (!arguments.run_folder.empty())
      fmt::print("run           {}: {}\n", arguments.run_folder, counted(found->tables.size(), "table"));
  }
  return exit_code(found->termination);
}

void add_common(CLI::App* sub, StudyArguments& arguments) {
  sub->add_option("scenario", arguments.folder, "scenario folder (or its scenario.toml)")->required();
  sub->add_option("-o,--output", arguments.run_folder, "run folder to write or replace; without it, only the text");
  sub->add_option("--set", arguments.overrides, "what if: PATH=VALUE, PATH*=FACTOR or PATH+=VALUE; repeatable")
      ->allow_extra_args(false);
  sub->add_option("--time-limit", arguments.wall_time_max_s, "seconds after which it ends with what it has")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  sub->add_option("--threads", arguments.thread_count, "threads; the result does not depend on them (0: all cores)")
      ->check(CLI::Range(0, 1024));
}

std::string check_duration(const std::string& text) {
  return periods_of_duration(text, Calendar{}) ? std::string()
                                               : "'" + text + "' is no duration such as 24month or 2year";
}

}  // namespace

void add_plan_manner(CLI::App& plan, PlanManner& manner) {
  add_choice_option(plan, "--method", manner.method,
                    {{"auto", StochasticMethod::automatic},
                     {"extensive", StochasticMethod::extensive},
                     {"benders", StochasticMethod::benders},
                     {"hedging", StochasticMethod::hedging}},
                    "how a scenario with branches is solved: auto, extensive, benders or hedging");
  CLI::Option* const days =
      plan.add_option("--days", manner.days, "plan on so many representative days of each period, then run all hours")
          ->check(CLI::Range(1, 366));
  CLI::Option* const rolling =
      plan.add_option("--rolling", manner.rolling, "plan window by window: how far each sees, such as 24month")
          ->check(check_duration);
  CLI::Option* const myopic =
      plan.add_option("--myopic", manner.myopic, "the same, each window deciding all that it sees")
          ->check(check_duration);
  plan.add_option("--step", manner.step, "with --rolling: how much each window decides; half of it by default")
      ->check(check_duration)
      ->needs(rolling);
  add_choice_option(plan, "--end-value", manner.end_value,
                    {{"none", EndValue::none}, {"salvage", EndValue::salvage}, {"annuity", EndValue::annuity}},
                    "what orders are worth to a window that ends before they do");
  plan.add_flag("--compare", manner.compare, "with windows: also plan with all known from the start");
  days->excludes(rolling)->excludes(myopic);
  rolling->excludes(myopic);
}

void add_study_commands(const std::function<CLI::App*(const char*, const char*)>& add, const bool& as_json, int& code) {
  const auto make = [&](const char* name, const char* description) {
    auto arguments = std::make_shared<StudyArguments>();
    CLI::App* const sub = add(name, description);
    add_common(sub, *arguments);
    return std::pair(sub, arguments);
  };

  const auto [alternatives, a] = make("alternatives", "plans near the best: what is in every one, in some, in none");
  alternatives->add_option("--slack", a->slack, "how much a good plan may cost above the best: 2% or 0.02")
      ->check([](const std::string& text) {
        return read_share(text) ? std::string() : "'" + text + "' is no share such as 2%";
      })
      ->capture_default_str();
  alternatives->add_option("--count", a->alternatives.count, "plans as different as possible")
      ->check(CLI::Range(0, 1000))
      ->capture_default_str();
  alternatives->callback([a, &as_json, &code] {
    code = run_study(*a, as_json, [a](const Compiled& compiled, const StudyOptions& options) {
      static_cast<StudyOptions&>(a->alternatives) = options;
      a->alternatives.slack = *read_share(a->slack);
      return find_alternatives(compiled, a->alternatives);
    });
  });

  const auto [pareto, p] = make("pareto", "what more of one goal costs in another: the Pareto front");
  pareto
      ->add_option("--goals", p->pareto.goals,
                   "two or more, with commas: cost, compute, lateness, or measures (NAME, TABLE.NAME@PLACE, max:NAME)")
      ->delimiter(',')
      ->required();
  pareto->add_option("--points", p->pareto.points, "points along each goal but the first")
      ->check(CLI::Range(2, 1000))
      ->capture_default_str();
  pareto->callback([p, &as_json, &code] {
    code = run_study(
        *p, as_json,
        [p](const Compiled& compiled, const StudyOptions& options) {
          static_cast<StudyOptions&>(p->pareto) = options;
          return pareto_front(compiled, p->pareto);
        },
        [p](const Model& model) { return find_unknown_goal(model, p->pareto.goals); });
  });

  const auto [swept, s] = make("sweep", "the outlook (or plan) of every combination of some values");
  swept->add_option("--vary", s->sweep.vary, "KEY=a,b,c, KEY*=0.9,1,1.1 or KEY+=…; repeatable")
      ->check([](const std::string& text) {
        const auto read = read_variation(text);
        return read ? std::string() : read.error().message;
      })
      ->required()
      ->allow_extra_args(false);
  swept->add_flag("--full", s->sweep.full, "a whole plan for each combination, not its outlook");
  swept->add_option("--gap", s->sweep.mip_gap_max, "with --full: relative gap of each plan")
      ->check(CLI::Range(0.0, 1.0))
      ->capture_default_str();
  swept->callback([s, &as_json, &code] {
    code = run_study(*s, as_json, [s](const Compiled& compiled, const StudyOptions& options) {
      static_cast<StudyOptions&>(s->sweep) = options;
      return sweep(compiled, s->sweep);
    });
  });

  const auto [storm, t] = make("tornado", "each range of the scenario at its low and its high, ranked by effect");
  storm->add_option("--only", t->only, "only values whose path begins so: site.ulsan");
  storm->callback([t, &as_json, &code] {
    code = run_study(*t, as_json, [t](const Compiled& compiled, const StudyOptions& options) {
      return tornado(compiled, t->only, options);
    });
  });
}

}  // namespace beltline
