#include "app/perf_command.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include <fmt/format.h>

#include "app/options.h"
#include "app/table_file.h"
#include "base/diagnostic_codes.h"
#include "base/text.h"
#include "perf/coefficients.h"
#include "perf/model_config.h"
#include "perf/profiles.h"
#include "perf/search_report.h"

namespace beltline {
namespace {

constexpr uint64_t kTokensMax = 10'000'000;
constexpr uint64_t kSplitMax = 1024;

/// Faults of the command line, each in a file of its option's name, as those of --set are.
class Faults {
 public:
  void add(Code code, const std::string& option, const std::string& text, std::string message, std::string expected,
           std::string help) {
    const int32_t file = files_.add(option, text);
    diagnostics_.add({.code = code,
                      .origin = {.file = file,
                                 .line = 1,
                                 .column = 1,
                                 .length = static_cast<uint32_t>(std::max<std::size_t>(1, text.size()))},
                      .message = std::move(message),
                      .found = printable(text),
                      .expected = std::move(expected),
                      .help = std::move(help)});
  }
  void add(const Diagnostics& others) {
    for (const Diagnostic& each : others.all()) diagnostics_.add(each);
  }
  /// Prints them. Returns whether there were any.
  [[nodiscard]] bool tell(bool as_json) {
    return diagnostics_.has_errors() &&
           report({.files = std::move(files_), .diagnostics = std::move(diagnostics_)}, as_json);
  }

 private:
  SourceFiles files_;
  Diagnostics diagnostics_;
};

/// "2s", "50 ms", "1.5 min".
std::optional<double> seconds_of(std::string_view text) {
  constexpr std::pair<std::string_view, double> kUnits[] = {
      {"s", 1}, {"ms", 1e-3}, {"us", 1e-6}, {"min", 60}, {"h", 3600}};
  double value = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (fault != std::errc() || !std::isfinite(value) || value <= 0) return std::nullopt;
  std::string_view unit(end, static_cast<std::size_t>(text.data() + text.size() - end));
  while (unit.starts_with(' ')) unit.remove_prefix(1);
  const auto* const found = std::ranges::find(kUnits, unit, &std::pair<std::string_view, double>::first);
  return found == std::end(kUnits) ? std::nullopt : std::optional(value * found->second);
}

double limit_of(const std::string& option, const std::string& text, Faults& faults) {
  if (text.empty()) return std::numeric_limits<double>::infinity();
  const auto seconds = seconds_of(text);
  if (!seconds) {
    faults.add(Code::unknown_unit, option, text, fmt::format("option {} is '{}'", option, printable(text)),
               "a time above 0 with its unit: us, ms, s, min or h", "write 2s or 50ms");
  }
  return seconds.value_or(0);
}

std::string list_or_nearest(const std::string& nearest, const std::vector<std::string>& all) {
  return nearest.empty() ? "known are " + listing(all, all.size()) : did_you_mean_text(nearest);
}

std::optional<perf::CatalogueModel> model_of(const PerfArguments& arguments, const perf::Catalogue& catalogue,
                                             Faults& faults) {
  auto found = perf::find_or_read_model(arguments.model, catalogue);
  if (found) return std::move(*found);
  const std::filesystem::path path = arguments.model;
  std::error_code ignored;
  if (path.extension() == ".json" || std::filesystem::exists(path, ignored)) {
    faults.add(Code::file_syntax, "--model", arguments.model, found.error().message,
               "the config.json of a model, as transformers writes it",
               "give another file, or the name of a model that is known");
  } else {
    faults.add(Code::dangling_reference, "--model", arguments.model,
               fmt::format("no model '{}' is known", printable(arguments.model)),
               "the name of a model, or its config.json",
               list_or_nearest(perf::nearest_model(arguments.model, catalogue), perf::model_names(catalogue)));
  }
  return std::nullopt;
}

std::optional<perf::Rack> rack_of(const PerfArguments& arguments, const perf::Catalogue& catalogue, Faults& faults) {
  auto found = perf::find_rack(arguments.rack, catalogue);
  if (found) return std::move(*found);
  const perf::NameFault fault = perf::rack_name_fault(arguments.rack, catalogue);
  faults.add(Code::dangling_reference, "--on", arguments.rack, fault.message,
             "the name of a rack, a server or an accelerator", fault.help);
  return std::nullopt;
}

void check_lengths(const PerfArguments& arguments, const perf::Architecture& model, Faults& faults) {
  const auto tokens = static_cast<int64_t>(arguments.input_tokens + arguments.output_tokens);
  if (tokens <= model.context_max) return;
  faults.add(Code::out_of_range, "--isl", std::to_string(arguments.input_tokens),
             fmt::format("prompt and answer are longer than the context of '{}'", printable(model.name)),
             fmt::format("at most {} tokens together", model.context_max),
             fmt::format("shorten them by {} tokens", tokens - model.context_max));
}

/// The split that the user asked for, what was left out filled in; nothing where none was.
std::optional<perf::Parallelism> split_of(const PerfArguments& a, const perf::Architecture& model) {
  if (a.tensor + a.pipeline + a.attention_data + a.expert_tensor + a.expert_parallel == 0) return std::nullopt;
  const auto at_least_one = [](uint64_t count) { return static_cast<int32_t>(std::max<uint64_t>(count, 1)); };
  perf::Parallelism split{.tensor = at_least_one(a.tensor),
                          .pipeline = at_least_one(a.pipeline),
                          .attention_data = at_least_one(a.attention_data),
                          .expert_tensor = at_least_one(a.expert_tensor),
                          .expert_parallel = at_least_one(a.expert_parallel)};
  if (model.is_mixture() && a.expert_tensor == 0) {
    const int32_t all = split.tensor * split.attention_data;
    if (a.expert_parallel == 0) split.expert_parallel = a.attention_data > 0 ? all : 1;
    split.expert_tensor = std::max(1, all / split.expert_parallel);
  } else if (model.is_mixture() && a.expert_parallel == 0) {
    split.expert_parallel = std::max(1, split.tensor * split.attention_data / split.expert_tensor);
  }
  return split;
}

/// Measured kernels of this chip under this engine, where they are asked for.
Outcome<std::shared_ptr<const perf::Profiles>> profiles_of(const PerfArguments& arguments,
                                                           const perf::Architecture& model, const perf::Rack& rack) {
  if (arguments.profiles.empty()) return nullptr;
  return perf::read_profiles(arguments.profiles, {.accelerator = rack.accelerator.name,
                                                  .engine = arguments.engine,
                                                  .version = {},
                                                  .with_experts = model.is_mixture(),
                                                  .with_latent = model.is_latent()});
}

perf::SearchOptions options_of(const PerfArguments& arguments, const perf::Architecture& model,
                               const perf::Profiles* profiles) {
  return {.precision = arguments.precision == "auto" ? std::nullopt : perf::precision_of(arguments.precision),
          .split = split_of(arguments, model),
          .engine = arguments.engine,
          .memory_share = arguments.memory_share,
          .may_disaggregate = !arguments.together,
          .profiles = profiles};
}

perf::SearchReport report_of(const PerfArguments& arguments, const perf::RackSearch& search,
                             const perf::Catalogue& catalogue, const perf::ServiceLevel& level) {
  perf::SearchReport out{.model = search.model(),
                         .rack = search.rack(),
                         .rack_confidence = {},
                         .rack_note = {},
                         .engine = arguments.engine,
                         .workload = {.input_tokens = static_cast<int64_t>(arguments.input_tokens),
                                      .output_tokens = static_cast<int64_t>(arguments.output_tokens),
                                      .cached_share = arguments.cached},
                         .level = level,
                         .costs = arguments.costs,
                         .racks = static_cast<int32_t>(arguments.racks),
                         .ranking = {},
                         .front = {},
                         .reach = {},
                         .defaults = {},
                         .in_fp4 = {}};
  for (const char* const option : {"--isl", "--osl"}) {
    if (!arguments.numbers->is_given(option)) out.defaults.emplace_back(option);
  }
  const auto entry =
      std::ranges::find(catalogue.racks, search.rack().name, [](const perf::CatalogueRack& r) { return r.rack.name; });
  if (entry != catalogue.racks.end()) {
    out.rack_confidence = entry->confidence;
    out.rack_note = entry->note;
  }
  out.ranking = search.ranking(out.workload, level, arguments.count);
  out.front = search.front(out.workload, level);
  out.reach = search.reach(out.workload);
  return out;
}

/// What auto leaves out, for it may cost quality: the best in fp4, of a chip that computes in it and a model that is
/// not published so.
std::optional<perf::RackPoint> in_fp4(const PerfArguments& arguments, const perf::CatalogueModel& model,
                                      const perf::Rack& rack, const perf::Profiles* profiles,
                                      const perf::SearchReport& report) {
  using perf::Precision;
  const perf::Quantisation& published = model.published;
  const bool has_fp4 = published.weights == Precision::fp4 || published.experts == Precision::fp4;
  if (arguments.precision != "auto" || has_fp4 || rack.accelerator.flops(Precision::fp4) <= 0) return std::nullopt;
  perf::SearchOptions options = options_of(arguments, model.architecture, profiles);
  options.precision = Precision::fp4;
  const auto search = perf::RackSearch::make(model, rack, options);
  return search ? search->best(report.workload, report.level) : std::nullopt;
}

std::vector<std::string> engine_names() {
  std::vector<std::string> out;
  for (const perf::EngineCoefficients& each : perf::engine_coefficients()) {
    if (std::ranges::find(out, each.engine) == out.end()) out.emplace_back(each.engine);
  }
  return out;
}

}  // namespace

void add_perf_options(CLI::App& command, PerfArguments& a) {
  command.add_option("--model", a.model, "model: a name such as llama-3.1-70b, or a config.json")->required();
  command.add_option("--on", a.rack, "rack, server or accelerator: gb300-nvl72, hgx-h100, h100")->required();
  NumberOptions& numbers = a.numbers.emplace(command);
  numbers.add("--isl", a.input_tokens, 1, kTokensMax, "tokens of a prompt, 1000 unless given");
  numbers.add("--osl", a.output_tokens, 1, kTokensMax, "tokens of an answer, 1000 unless given");
  numbers.add("--cached", a.cached, 0, 0.99, "share of the prompt's tokens that the prefix cache holds");
  command.add_option("--ttft", a.ttft, "most time to the first token, in the mean: 2s");
  command.add_option("--tpot", a.tpot, "most time from token to token, in the mean: 50ms");
  command
      .add_option("--precision", a.precision,
                  "of the weights: auto (as published, and fp8 where that is smaller), bf16, fp8, int8 or fp4")
      ->check(CLI::IsMember({"auto", "bf16", "fp8", "int8", "fp4"}))
      ->capture_default_str();
  command.add_option("--engine", a.engine, "whose overheads and ways of filling a step")
      ->check(CLI::IsMember(engine_names()))
      ->capture_default_str();
  numbers.add("--memory-share", a.memory_share, 0.01, 1, "of an accelerator's memory that the engine may use");
  command.add_flag("--together", a.together, "prompts and decodes on the same replicas only");
  numbers.add("--tp", a.tensor, 0, kSplitMax, "only this split: tensor parallel; 0: any");
  numbers.add("--pp", a.pipeline, 0, kSplitMax, "only this split: stages of a pipeline; 0: any");
  numbers.add("--dp", a.attention_data, 0, kSplitMax, "only this split: copies of attention, of a mixture; 0: any");
  numbers.add("--ep", a.expert_parallel, 0, kSplitMax,
              "only this split: accelerators that share out the experts; 0: any");
  numbers.add("--et", a.expert_tensor, 0, kSplitMax, "only this split: accelerators that share each expert; 0: any");
  numbers.add("--racks", a.racks, 1, 10'000'000, "racks, for the totals");
  numbers.add("--count", a.count, 1, 100, "ways to list");
  numbers.add("--price", a.costs.price_USD, 0, 1e10, "USD a rack; 0: the catalogue's");
  numbers.add("--life", a.costs.life_years, 0.1, 100, "years over which a rack is written off");
  numbers.add("--power-price", a.costs.power_USD_kWh, 0, 100, "USD/kWh");
  numbers.add("--pue", a.costs.pue, 1, 10, "facility power over IT power");
  numbers.add("--use", a.costs.use, 0.001, 1, "mean over peak tokens, for the cost");
  command.add_option("--catalogue", a.catalogue,
                     "folder with models.csv, accelerators.csv or racks.csv of your own, as in data/ of the sources");
  command.add_option("--profiles", a.profiles,
                     "folder or wheel of measured kernels that refine the equations: aiconfigurator's, Vidur's");
  command
      .add_option("-o,--output", a.output, "write the ways and the front to this file: .csv, .parquet, .xlsx or .json")
      ->check(check_table_file);
}

int command_perf(const PerfArguments& arguments, bool as_json) {
  if (arguments.numbers->find_faults(as_json)) return kExitUsage;
  perf::Catalogue own;
  if (!arguments.catalogue.empty()) {
    auto read = perf::read_catalogue(arguments.catalogue);
    if (!read) return fail(read.error(), as_json);
    own = std::move(*read);
  }
  const perf::Catalogue& catalogue = arguments.catalogue.empty() ? perf::built_in() : own;

  Faults faults;
  const perf::ServiceLevel level{.ttft_s = limit_of("--ttft", arguments.ttft, faults),
                                 .tpot_s = limit_of("--tpot", arguments.tpot, faults)};
  const auto model = model_of(arguments, catalogue, faults);
  const auto rack = rack_of(arguments, catalogue, faults);
  if (model) check_lengths(arguments, model->architecture, faults);
  if (faults.tell(as_json)) return kExitUsage;
  const auto profiles = profiles_of(arguments, model->architecture, *rack);
  if (!profiles) return fail(profiles.error(), as_json);
  const auto search =
      perf::RackSearch::make(*model, *rack, options_of(arguments, model->architecture, profiles->get()));
  if (!search) {
    faults.add(search.error());
    return faults.tell(as_json) ? kExitUsage : kExitFailure;
  }
  perf::SearchReport report = report_of(arguments, *search, catalogue, level);
  report.in_fp4 = in_fp4(arguments, *model, *rack, profiles->get(), report);
  if (!arguments.output.empty()) {
    if (const auto written = write_table_file(perf::search_table(report), arguments.output); !written)
      return fail(written.error(), as_json);
  }
  if (as_json) {
    fmt::print("{}\n", perf::search_json(report));
  } else {
    fmt::print("{}", perf::search_text(report, output_language()));
  }
  return report.ranking.empty() ? kExitNoPlan : kExitDone;
}

}  // namespace beltline
