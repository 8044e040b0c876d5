#include "app/training_command.h"

#include <algorithm>
#include <charconv>
#include <limits>

#include <fmt/format.h>

#include "app/command_faults.h"
#include "app/options.h"
#include "base/diagnostic_codes.h"
#include "base/text.h"
#include "perf/catalogue.h"
#include "training/coefficients.h"

namespace beltline {
namespace {

constexpr uint64_t kAcceleratorsMax = 10'000'000;
constexpr uint64_t kSplitMax = 4096;
constexpr double kDay_s = 86400;
constexpr int64_t kSequence = 8192;
constexpr double kYearsMax = 50;
constexpr double kInterruptionsMax = 5e7;
/// What Llama 3's storage took on, 2 TB/s for 16,384 accelerators (arXiv:2407.21783, section 3.3.1).
constexpr double kStorageGBPerAccelerator = 2000.0 / 16384;

std::string nearest_text(const std::string& nearest, const std::vector<std::string>& all) {
  return nearest.empty() ? "known are " + listing(all, all.size()) : did_you_mean_text(nearest);
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines(1);
  for (const char letter : text) {
    if (letter == '\n') {
      lines.emplace_back();
    } else {
      lines.back() += letter;
    }
  }
  return lines;
}

/// "0:8192,60:16384": from day 0 on 8,192 accelerators, from day 60 on 16,384.
std::vector<training::FleetStep> read_fleet(const TrainingArguments& a, CommandFaults& faults) {
  if (a.fleet.empty()) return {{0, static_cast<int64_t>(a.accelerators)}};
  std::vector<training::FleetStep> fleet;
  const auto refuse = [&] {
    faults.add(Code::wrong_type, "--fleet", a.fleet, fmt::format("option {} is '{}'", "--fleet", printable(a.fleet)),
               "DAY:ACCELERATORS, more of them behind commas, the first of day 0, days rising",
               "write 0:8192,60:16384");
    return std::vector<training::FleetStep>{};
  };
  const char* at = a.fleet.data();
  const char* const end = at + a.fleet.size();
  while (at < end) {
    training::FleetStep step;
    const auto day = std::from_chars(at, end, step.from_days);
    if (day.ec != std::errc() || day.ptr == end || *day.ptr != ':') return refuse();
    const auto count = std::from_chars(day.ptr + 1, end, step.accelerators);
    if (count.ec != std::errc() || step.accelerators < 1 || step.accelerators > static_cast<int64_t>(kAcceleratorsMax))
      return refuse();
    const bool is_in_order = fleet.empty() ? step.from_days == 0 : step.from_days > fleet.back().from_days;
    if (!is_in_order || !(step.from_days < 1e6)) return refuse();
    fleet.push_back(step);
    at = count.ptr;
    if (at < end && *at++ != ',') return refuse();
  }
  return fleet.empty() ? refuse() : fleet;
}

training::SplitChoice choice_of(const TrainingArguments& a) {
  const auto asked = [](uint64_t value) {
    return value == 0 ? std::nullopt : std::optional(static_cast<int32_t>(value));
  };
  training::SplitChoice choice{.tensor = asked(a.tensor),
                               .pipeline = asked(a.pipeline),
                               .interleave = asked(a.interleave),
                               .expert = asked(a.expert),
                               .context = asked(a.context),
                               .micro_batch = asked(a.micro_batch),
                               .may_idle = true};
  if (a.zero <= 3) choice.zero = static_cast<int32_t>(a.zero);
  for (std::size_t i = 0; i < training::kRecomputeNames.size(); ++i) {
    if (a.recompute == training::kRecomputeNames[i]) choice.recompute = static_cast<training::Recompute>(i);
  }
  return choice;
}

training::TrainingJob job_of(const TrainingArguments& a, const perf::CatalogueModel& model, const perf::Rack& rack) {
  training::TrainingJob job;
  job.architecture = model.architecture;
  job.accelerator = rack.accelerator;
  job.engine = a.engine;
  job.sequence =
      a.sequence > 0 ? static_cast<int64_t>(a.sequence) : std::min<int64_t>(kSequence, model.architecture.context_max);
  job.batch = static_cast<int64_t>(a.batch);
  job.precision = *perf::precision_of(a.precision);
  return job;
}

training::Recovery recovery_of(const TrainingArguments& a, const training::TrainingJob& job, double accelerators) {
  const double storage = (a.storage_GB_s > 0 ? a.storage_GB_s : kStorageGBPerAccelerator * accelerators) * 1e9;
  training::Recovery recovery = a.checkpoint == "behind"
                                    ? training::written_behind(job.architecture, storage, accelerators)
                                    : training::written_at_once(job.architecture, storage);
  recovery.detect_s = a.detect_s;
  recovery.restart_s = a.restart_s;
  recovery.spare_nodes = static_cast<int32_t>(a.spares);
  recovery.node_accelerators = std::min(job.accelerator.scale_up_size, 8);
  recovery.repair_s = a.repair_h * 3600;
  return recovery;
}

/// Whether the run is through in a lifetime, and played soon, by its closed form.
bool check_length(const TrainingArguments& a, const training::TrainingReport& report, CommandFaults& faults) {
  double speed = 0;  // of the fastest stretch
  double between_s = std::numeric_limits<double>::infinity();
  for (std::size_t i = 0; i < report.plan.phases.size(); ++i) {
    const training::FleetPhase& phase = report.plan.phases[i];
    const double useful = report.has_failures ? report.closed[i].useful : 1;
    speed = std::max(speed, phase.tokens_per_s * useful);
    between_s = std::min(between_s, training::mean_time_between_s(report.plan.rates, phase.accelerators));
  }
  const double years = a.tokens / speed / kDay_s / 365.25;
  if (!(years <= kYearsMax)) {
    faults.add(
        Code::out_of_range, "--tokens", fmt::format("{:g}", a.tokens),
        fmt::format("the run would take {:.3g} years", years), fmt::format("at most {} years", kYearsMax),
        "take more accelerators or fewer tokens; where it is always down, let it find failures and start sooner");
    return false;
  }
  const double interruptions = years * 365.25 * kDay_s / between_s;
  if (interruptions * static_cast<double>(a.replications) > kInterruptionsMax) {
    faults.add(Code::out_of_range, "--runs", std::to_string(a.replications),
               fmt::format("runs with {:.3g} interruptions each take too long to play", interruptions),
               fmt::format("at most {:.0e} interruptions in all", kInterruptionsMax),
               "play fewer runs, or a shorter one");
    return false;
  }
  return true;
}

void add_failures(const TrainingArguments& a, training::TrainingReport& report) {
  report.has_failures = !a.no_failures;
  training::RunPlan& plan = report.plan;
  plan.tokens = a.tokens;
  plan.interval_s = a.interval_s;
  const auto& first = report.found.front().job;
  plan.recovery = recovery_of(a, first, static_cast<double>(first.split.accelerators()));
  if (report.has_failures) {
    plan.rates = training::rates_of(training::llama3_run(), a.failure_factor);
    plan.rates.shape = a.shape;
  }
  for (std::size_t i = 0; i < report.found.size(); ++i) {
    const auto accelerators = static_cast<double>(report.found[i].job.split.accelerators());
    plan.phases.push_back({report.fleet[i].from_days * kDay_s, accelerators, report.found[i].step.time.tokens_per_s});
    if (!report.has_failures) continue;
    report.intervals.push_back(training::checkpoint_interval(plan.rates, plan.recovery, accelerators));
    const double interval = a.interval_s > 0 ? a.interval_s : report.intervals.back().best_s;
    report.closed.push_back(training::time_shares(plan.rates, plan.recovery, accelerators, interval));
  }
}

void add_split_options(CLI::App& command, NumberOptions& numbers, TrainingArguments& a) {
  numbers.add("--tp", a.tensor, 0, kSplitMax,
              "accelerators that share a matrix; 0: the fastest, as for all of a split");
  numbers.add("--pp", a.pipeline, 0, kSplitMax, "stages of a pipeline; 0: the fastest");
  numbers.add("--interleave", a.interleave, 0, kSplitMax, "pieces of a stage; 0: the fastest");
  numbers.add("--ep", a.expert, 0, kSplitMax, "accelerators that share out the experts; 0: the fastest");
  numbers.add("--cp", a.context, 0, kSplitMax, "accelerators that share a sequence; 0: the fastest");
  numbers.add("--zero", a.zero, 0, 4,
              "what copies share: 0 nothing, 1 the optimiser, 2 and gradients, 3 and weights (FSDP); 4: the fastest");
  numbers.add("--micro-batch", a.micro_batch, 0, kSplitMax, "sequences that a stage takes at a time; 0: the fastest");
  command.add_option("--recompute", a.recompute, "auto, none, selective or full")
      ->check(CLI::IsMember({"auto", "none", "selective", "full"}))
      ->capture_default_str();
}

void add_failure_options(CLI::App& command, NumberOptions& numbers, TrainingArguments& a) {
  command.add_flag("--no-failures", a.no_failures, "as if nothing ever failed");
  numbers.add("--failure-factor", a.failure_factor, 0, 1000, "interruptions, over those of Llama 3's accelerators");
  numbers.add("--shape", a.shape, 0.2, 5, "Weibull shape of times between interruptions; 1: exponential");
  command.add_option("--checkpoint", a.checkpoint, "behind: while the run goes on; at-once: the run waits")
      ->check(CLI::IsMember({"behind", "at-once"}))
      ->capture_default_str();
  numbers.add("--storage", a.storage_GB_s, 0, 1e9, "GB/s that checkpoints are written at; 0: 0.12 an accelerator");
  numbers.add("--interval", a.interval_s, 0, 1e9, "seconds of steps between checkpoints; 0: the best");
  numbers.add("--detect", a.detect_s, 0, 1e7, "seconds from a failure to knowing of it");
  numbers.add("--restart", a.restart_s, 0, 1e7, "seconds to start again");
  numbers.add("--spares", a.spares, 0, 1'000'000, "nodes that stand by");
  numbers.add("--repair", a.repair_h, 0.01, 1e5, "hours to repair a node");
  numbers.add("--runs", a.replications, 2, 100'000, "runs to play");
  numbers.add("--seed", a.seed, 0, UINT64_MAX, "seed of the draws");
}

}  // namespace

void add_training_options(CLI::App& command, TrainingArguments& a) {
  command.add_option("--model", a.model, "model: llama-3.1-405b, deepseek-v3, gpt-3-175b")->required();
  command.add_option("--on", a.rack, "rack, server or accelerator: gb300-nvl72, hgx-h100, h100")->required();
  NumberOptions& numbers = a.numbers.emplace(command);
  numbers.add("--accelerators", a.accelerators, 0, kAcceleratorsMax, "accelerators of the run; 0: those of --fleet");
  command.add_option("--fleet", a.fleet, "in place of --accelerators, a fleet that grows, by day: 0:8192,60:16384");
  numbers.add("--tokens", a.tokens, 0, 1e18, "tokens to train on, to be given: 15.6e12");
  numbers.add("--sequence", a.sequence, 0, 100'000'000,
              "tokens of a sequence; 0: 8192, or the model's context where that is shorter");
  numbers.add("--batch", a.batch, 1, 100'000'000, "sequences of a step");
  command.add_option("--precision", a.precision, "what linear layers compute in: bf16, fp8 or int8")
      ->check(CLI::IsMember({"bf16", "fp8", "int8"}))
      ->capture_default_str();
  command.add_option("--engine", a.engine, "framework: " + training::engine_names())->capture_default_str();
  add_split_options(command, numbers, a);
  add_failure_options(command, numbers, a);
  numbers.add("--life", a.costs.life_years, 0.1, 100, "years over which a rack is written off");
  numbers.add("--power-price", a.costs.power_USD_kWh, 0, 100, "USD/kWh");
  numbers.add("--pue", a.costs.pue, 1, 10, "facility power over IT power");
  command.add_option("--catalogue", a.catalogue,
                     "folder with models.csv, accelerators.csv or racks.csv of your own, as in data/ of the sources");
}

int command_training(const TrainingArguments& a, bool as_json) {
  if (a.numbers->find_faults(as_json)) return kExitUsage;
  perf::Catalogue own;
  if (!a.catalogue.empty()) {
    auto read = perf::read_catalogue(a.catalogue);
    if (!read) return fail(read.error(), as_json);
    own = std::move(*read);
  }
  const perf::Catalogue& catalogue = a.catalogue.empty() ? perf::built_in() : own;

  CommandFaults faults;
  const auto model = perf::find_model(a.model, catalogue);
  if (!model) {
    faults.add(Code::dangling_reference, "--model", a.model, fmt::format("no model '{}' is known", printable(a.model)),
               "the name of a model",
               nearest_text(perf::nearest_model(a.model, catalogue), perf::model_names(catalogue)));
  }
  const auto rack = perf::find_rack(a.rack, catalogue);
  if (!rack) {
    const perf::NameFault fault = perf::rack_name_fault(a.rack, catalogue);
    faults.add(Code::dangling_reference, "--on", a.rack, fault.message,
               "the name of a rack, a server or an accelerator", fault.help);
  }
  if (!training::find_coefficients(a.engine, "")) {
    faults.add(Code::bad_choice, "--engine", a.engine, fmt::format("no engine '{}' is known", printable(a.engine)),
               "the name of a framework", "known are " + training::engine_names());
  }
  if (a.accelerators == 0 && a.fleet.empty()) {
    faults.add(Code::missing_key, "--accelerators", "", "option --accelerators is missing", "a number of accelerators",
               "write --accelerators 1024, or --fleet 0:1024,30:2048");
  }
  if (!(a.tokens > 0)) {
    faults.add(Code::missing_key, "--tokens", "", "option --tokens is missing", "a number of tokens above 0",
               "write --tokens 15.6e12");
  }
  training::TrainingReport report;
  report.fleet = read_fleet(a, faults);
  if (faults.tell(as_json)) return kExitUsage;

  report.rack = *rack;
  report.tokens = a.tokens;
  report.costs = a.costs;
  for (const training::FleetStep& step : report.fleet) {
    auto found = training::best_split(job_of(a, *model, *rack), step.accelerators, choice_of(a));
    if (!found) {
      for (const std::string& line : lines_of(found.error().message)) {
        faults.add(Code::inconsistent, "--accelerators", std::to_string(step.accelerators), line);
      }
      continue;
    }
    report.found.push_back(std::move(*found));
  }
  if (faults.tell(as_json)) return kExitUsage;
  add_failures(a, report);
  if (!check_length(a, report, faults)) return faults.tell(as_json) ? kExitUsage : kExitFailure;
  report.outlook = training::play_runs(report.plan, a.seed, static_cast<uint32_t>(a.replications));
  fmt::print("{}{}", as_json ? training::training_json(report) : training::training_text(report, output_language()),
             as_json ? "\n" : "");
  return kExitDone;
}

}  // namespace beltline
