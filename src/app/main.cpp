// The command line: argument handling only. See run/ for what happens.
#include <exception>
#include <new>
#include <system_error>
#include <thread>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "app/audit_command.h"
#include "app/completion.h"
#include "app/desk_command.h"
#include "app/diff_command.h"
#include "app/export_command.h"
#include "app/import_command.h"
#include "app/language.h"
#include "app/options.h"
#include "app/pegging_command.h"
#include "app/perf_command.h"
#include "app/process.h"
#include "app/report_command.h"
#include "app/risk_command.h"
#include "app/running_commands.h"
#include "app/serving_command.h"
#include "app/solve_command.h"
#include "app/stock_command.h"
#include "app/study_options.h"
#include "app/training_command.h"
#include "base/assert.h"
#include "base/calendar.h"

namespace {

int run(int argc, char** argv) {
  using namespace beltline;
  CLI::App app{"Beltline plans AI-infrastructure build-outs, from DRAM wafer to token."};
  app.name("beltline");
  app.set_version_flag("--version", version());
  app.require_subcommand(1);
  app.footer(
      "Exit codes: 0 done, 1 scenario has errors, 2 usage, 3 infeasible or unbounded, 4 stopped by a limit or Ctrl-C,\n"
      "5 unverified, 6 disk or solver failure, 70 a bug of Beltline.");
  add_language_option(app);
  bool as_json = false;
  int code = kExitDone;
  const auto command = [&](const char* name, const char* description) {
    CLI::App* sub = app.add_subcommand(name, description);
    sub->add_flag("--json", as_json, "print one JSON value to standard output instead of text");
    add_language_option(*sub);
    return sub;
  };

  std::string folder, run_folder, name, output, format = "text";
  std::vector<std::string> overrides;
  const auto add_overrides = [&](CLI::App* sub) {
    sub->add_option("--set", overrides,
                    "what if: PATH=VALUE, PATH*=FACTOR or PATH+=VALUE, such as site.ulsan.online=2029-06; repeatable")
        ->allow_extra_args(false);
  };
  PlanOptions options;
  options.thread_count = 0;
  CLI::App* plan = command("plan", "optimise a scenario and write the run folder");
  plan->add_option("scenario", folder, "scenario folder (or its scenario.toml)")->required();
  plan->add_option("-o,--output", run_folder, "run folder to write or replace")->required();
  plan->add_option("--time-limit", options.wall_time_max_s, "seconds after which the best plan so far is taken")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  plan->add_option("--gap", options.mip_gap_max, "relative gap at which a plan with whole modules counts as optimal")
      ->check(CLI::Range(0.0, 1.0))
      ->capture_default_str();
  plan->add_option("--threads", options.thread_count, "threads; the result does not depend on them (0: all cores)")
      ->check(CLI::Range(0, 1024));
  plan->add_option("--seed", options.seed, "seed of the solver's choices")->capture_default_str();
  PlanManner manner;
  add_plan_manner(*plan, manner);
  add_overrides(plan);
  plan->callback([&] {
    if (options.thread_count == 0)
      options.thread_count = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
    code = command_plan(folder, overrides, run_folder, options, manner, as_json);
  });

  CLI::App* check = command("check", "read and compile a scenario and print every diagnostic");
  check->add_option("scenario", folder, "scenario folder (or its scenario.toml)")->required();
  add_overrides(check);
  check->callback([&] { code = command_check(folder, overrides, as_json); });

  CLI::App* init = command("init", "write a first scenario into a new folder");
  init->add_option("name", name, "folder to make")->required();
  init->callback([&] { code = command_init(name, as_json); });

  CLI::App* schema = command("schema", "print the JSON Schema of scenario files, for editors");
  schema->callback([&] { code = command_schema(as_json); });

  CLI::App* table = command("table", "print one table of a run, or the names of all");
  table->add_option("run", run_folder, "run folder")->required();
  table->add_option("name", name, "table; without it, the names of all tables");
  table->add_option("--format", format, "text, csv, json, xlsx or parquet")
      ->check(CLI::IsMember({"text", "csv", "json", "xlsx", "parquet"}))
      ->capture_default_str();
  table->add_option("-o,--output", output, "file to write instead of standard output");
  table->callback([&] { code = command_table(run_folder, name, format, output, as_json); });

  ExplainOptions explain_options;
  CLI::App* explain = command("explain", "say what binds a run, what one more is worth, and what is late and why");
  explain->add_option("run", run_folder, "run folder")->required();
  explain->add_option("--month", explain_options.month, "only what is late or binds in this month: 2027-03")
      ->check([](const std::string& text) {
        return parse_month(text) ? std::string() : "'" + text + "' is no month such as 2027-03";
      });
  explain->add_flag("--all", explain_options.all, "everything, not one screen");
  explain->callback([&] {
    explain_options.language = output_language();
    code = command_explain(run_folder, explain_options, as_json);
  });

  ReportArguments report_arguments;
  CLI::App* report = command("report", "write a run as one HTML page that needs no network");
  report->add_option("run", report_arguments.run_folder, "run folder")->required();
  report->add_option("with", report_arguments.further, "further runs of the same scenario, such as that of 'risk'");
  report->add_option("-o,--output", report_arguments.output, "page to write; without it, RUN.html beside the run");
  report->add_option("--register", report_arguments.register_at,
                     "folder with the register of actuals: what was delivered");
  report->callback([&] {
    report_arguments.language = asked_language();
    code = command_report(report_arguments, as_json);
  });

  DiffArguments diff_arguments;
  CLI::App* diff = command("diff", "what differs between two runs: inputs by worth, decisions, results");
  diff->add_option("a", diff_arguments.a, "run folder")->required();
  diff->add_option("b", diff_arguments.b, "run folder to compare with it")->required();
  diff->add_flag("--all", diff_arguments.all, "everything, not one screen");
  diff->callback([&] { code = command_diff(diff_arguments, as_json); });

  WhyArguments why_arguments;
  CLI::App* why = command("why", "where a figure of a run came from: formula, entries, values, sources");
  why->add_option("run", why_arguments.run_folder, "run folder")->required();
  why->add_option("figure", why_arguments.figure, "it_power, TABLE.NAME[@PLACE][:PERIOD], or a value of the scenario")
      ->required();
  why->add_flag("--all", why_arguments.all, "everything, not one screen");
  why->callback([&] { code = command_why(why_arguments, as_json); });

  PeggingArguments pegging_arguments;
  CLI::App* pegging = command("pegging", "which lot each use of a good takes its units from, and what it waits for");
  add_pegging_options(*pegging, pegging_arguments);
  pegging->callback([&] { code = command_pegging(pegging_arguments, as_json); });

  StockArguments stock_arguments;
  CLI::App* stock = command("stock", "what to hold of each good of a run: safety stock, cover, cost, what lies there");
  add_stock_options(*stock, stock_arguments);
  stock->callback([&] { code = command_stock(stock_arguments, as_json); });

  DeskArguments desk_arguments;
  CLI::App* desk =
      command("desk", "the support desks of a run by hour of the week: agents, shifts, service level, cost");
  add_desk_options(*desk, desk_arguments);
  desk->callback([&] { code = command_desk(desk_arguments, as_json); });

  TrainingArguments training_arguments;
  CLI::App* training =
      command("training", "what a training run takes: step, memory, failures, checkpoints, days, energy, cost");
  add_training_options(*training, training_arguments);
  training->callback([&] { code = command_training(training_arguments, as_json); });

  AuditArguments audit_arguments;
  CLI::App* audit = command("audit", "hold announced figures against each other through the bill of materials");
  add_audit_options(*audit, audit_arguments);
  audit->callback([&] { code = command_audit(audit_arguments, as_json); });

  PerfArguments perf_arguments;
  CLI::App* perf = command("perf", "what a model yields on a rack: best splits, tokens/s, latency, power, cost");
  add_perf_options(*perf, perf_arguments);
  perf->callback([&] { code = command_perf(perf_arguments, as_json); });

  ImportArguments import_arguments;
  CLI::App* import = command("import", "write another tool's model as a scenario folder");
  add_import_options(*import, import_arguments);
  import->callback([&] { code = command_import(import_arguments, as_json); });

  ExportArguments export_arguments;
  CLI::App* write = command("export", "write a scenario in the format of another tool");
  write
      ->add_option("format", export_arguments.format,
                   "mps: the scenario's LP, for any solver; pypsa: its network as PyPSA's CSV folder")
      ->required()
      ->check(CLI::IsMember({"mps", "pypsa"}));
  write->add_option("scenario", export_arguments.source, "scenario folder (or its scenario.toml)")->required();
  write->add_option("-o,--output", export_arguments.target, "file to write, packed where it ends in .gz, or folder")
      ->required();
  write->add_flag("--force", export_arguments.replace, "replace a PyPSA folder that is there already");
  write->callback([&] { code = command_export(export_arguments, as_json); });

  SolveArguments solve_arguments;
  CLI::App* solve = command("solve", "solve a model file in MPS or LP format, and prove the answer");
  solve->add_option("model", solve_arguments.model, "model file: .mps or .lp, also with .gz")->required();
  solve->add_option("--solver", solve_arguments.solver, "auto, simplex, ipx, hipo, ipm, mip or qp")
      ->check(CLI::IsMember(solver_names()))
      ->capture_default_str();
  solve
      ->add_option("--time-limit", solve_arguments.options.wall_time_max_s,
                   "seconds after which the best point is taken")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  solve->add_option("--gap", solve_arguments.options.mip_gap_max, "relative gap at which integers count as optimal")
      ->check(CLI::Range(0.0, 1.0))
      ->capture_default_str();
  solve
      ->add_option("--threads", solve_arguments.options.thread_count,
                   "threads (0: one, and all cores for the interior point, whose result does not depend on them)")
      ->check(CLI::Range(0, 1024))
      ->capture_default_str();
  solve->add_option("--seed", solve_arguments.options.seed, "seed of the solver's choices")->capture_default_str();
  solve->add_flag("--race", solve_arguments.options.race, "two methods at once: the first verified answer wins");
  solve->add_option("-o,--output", solve_arguments.output, "solution to write as CSV: columns and rows with duals");
  solve->callback([&] { code = command_solve(solve_arguments, as_json); });

  CLI::App* verify = command("verify", "check that a run folder is whole: every size and SHA-256");
  verify->add_option("run", run_folder, "run folder")->required();
  verify->callback([&] { code = command_verify(run_folder, as_json); });

  CLI::App* docs = command("docs", "write the generated reference pages into a folder");
  docs->add_option("folder", folder, "folder")->required();
  docs->callback([&] { code = command_docs(folder, as_json); });

  add_study_commands(command, as_json, code);
  add_risk_command(command, as_json, code);
  add_serving_command(command, as_json, code);
  add_running_commands(command, as_json, code);

  std::string shell = "bash";
  CLI::App* completion = command("completion", "print a completion script: bash, zsh or fish");
  completion->add_option("shell", shell, "shell")->check(CLI::IsMember({"bash", "zsh", "fish"}))->capture_default_str();
  completion->callback([&] { code = command_completion(app, shell, as_json); });

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    // Help and version are no errors; everything else is the user's line.
    return app.exit(error) == 0 ? kExitDone : kExitUsage;
  }
  return code;
}

}  // namespace

int main(int argc, char** argv) {
  beltline::prepare_process();
  int code = beltline::kExitBug;
  try {
    code = run(argc, argv);
  } catch (const beltline::Bug& bug) {
    fmt::print(stderr, "beltline: a bug of Beltline, not of your input: {}\n", bug.what());
  } catch (const std::bad_alloc&) {
    beltline::say_out_of_memory();
    code = beltline::kExitFailure;
  } catch (const std::system_error& error) {
    // the operating system said no: a full disk behind standard output, no more threads
    fmt::print(stderr, "beltline: {}\n", error.what());
    code = beltline::kExitFailure;
  } catch (const std::exception& error) {
    fmt::print(stderr, "beltline: {}\n", error.what());
  }
  return beltline::end_output(code);
}
