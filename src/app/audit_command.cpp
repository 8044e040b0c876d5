#include "app/audit_command.h"

#include <algorithm>
#include <limits>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "app/options.h"
#include "audit/audit.h"
#include "audit/audit_tables.h"
#include "base/count.h"
#include "base/text.h"
#include "run/run_scenario.h"
#include "study/study_report.h"
#include "table/run_folder.h"

namespace beltline {
namespace {

constexpr int kSampleCountMin = 100;
constexpr int kSampleCountMax = 1'000'000;

/// What is wrong with --claim, or "".
std::string find_wrong_claim(const Audit& audit, const std::string& name) {
  if (name.empty()) return {};
  const auto found = std::ranges::find(audit.claims, name, &Claim::name);
  if (found != audit.claims.end()) {
    return found->role == ClaimRole::build ? std::string()
                                           : fmt::format("claim '{}' is no build: it implies nothing", printable(name));
  }
  if (audit.claims.empty()) return fmt::format("the scenario has no claim '{}', nor any other", printable(name));
  std::vector<std::string> names;
  for (const Claim& claim : audit.claims) names.push_back(claim.name);
  const std::string nearest = nearest_word(name, names);
  return fmt::format("the scenario has no claim '{}'; {}", printable(name),
                     nearest.empty() ? "it has " + listing(names) : did_you_mean_text(nearest));
}

StudyReport report_of(const Compiled& compiled, const Audit& found) {
  nlohmann::ordered_json facts;
  facts["samples"] = found.sample_count;
  facts["seed"] = found.seed;
  facts["claims"] = found.claims.size();
  return {.study = "audit",
          .termination = Termination::optimal,
          .facts_json = facts.dump(),
          .tables = audit_tables(found, compiled.spec->files),
          .text = audit_text(found, Language::english),
          .text_ko = audit_text(found, Language::korean)};
}

}  // namespace

void add_audit_options(CLI::App& command, AuditArguments& arguments) {
  command.add_option("scenario", arguments.folder, "scenario folder (or its scenario.toml)")->required();
  command.add_option("-o,--output", arguments.run_folder,
                     "run folder to write or replace, for report and table; without it, only the text");
  command.add_option("--claim", arguments.claim, "only what this claim implies");
  NumberOptions& numbers = arguments.numbers.emplace(command);
  numbers.add("--samples", arguments.sample_count, kSampleCountMin, kSampleCountMax, "draws of the scenario's ranges");
  numbers.add("--seed", arguments.seed, 0, std::numeric_limits<uint64_t>::max(), "seed of the draws");
  command.add_option("--set", arguments.overrides, "what if: PATH=VALUE, PATH*=FACTOR or PATH+=VALUE; repeatable")
      ->allow_extra_args(false);
}

int command_audit(const AuditArguments& arguments, bool as_json) {
  if (arguments.numbers->find_faults(as_json)) return kExitUsage;
  Compiled compiled = compile_scenario(arguments.folder, arguments.overrides);
  if (report(compiled, as_json)) return kExitScenario;
  Diagnostics diagnostics;
  const Audit found =
      audit(*compiled.spec, {.sample_count = arguments.sample_count, .seed = arguments.seed, .claim = arguments.claim},
            diagnostics);
  compiled.diagnostics = std::move(diagnostics);
  if (report(compiled, as_json)) return kExitScenario;
  if (const std::string wrong = find_wrong_claim(found, arguments.claim); !wrong.empty()) {
    fail({wrong}, as_json);
    return kExitUsage;
  }
  const StudyReport study = report_of(compiled, found);
  if (!arguments.run_folder.empty()) {
    const auto written =
        write_run(arguments.run_folder, {.manifest_json = study_manifest(compiled, study),
                                         .tables = study.tables,
                                         .texts = {{"summary.txt", study.text}, {"summary_ko.txt", study.text_ko}},
                                         .scenario = scenario_contents(compiled.originals)});
    if (!written) return fail(written.error(), as_json);
  }
  if (as_json) {
    fmt::print("{}\n", study_json(study));
    return kExitDone;
  }
  fmt::print("{}", output_language() == Language::korean ? study.text_ko : study.text);
  if (!arguments.run_folder.empty())
    fmt::print("run           {}: {}\n", arguments.run_folder, counted(study.tables.size(), "table"));
  return kExitDone;
}

}  // namespace beltline
