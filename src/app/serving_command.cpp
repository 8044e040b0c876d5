#include "app/serving_command.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <optional>
#include <thread>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "app/number_options.h"
#include "app/options.h"
#include "base/count.h"
#include "serving/simulate.h"
#include "serving/traffic_file.h"
#include "serving/traffic_row.h"
#include "table/files.h"
#include "table/run_folder.h"

namespace beltline {
namespace {

using Json = nlohmann::ordered_json;

struct ServingArguments {
  serving::ServingRequest request;
  std::string month, output, csv, print_traffic;
  bool skips_check = false;
  std::optional<NumberOptions> numbers;
};

/// Prints the faults and warnings of the files; whether there were errors.
bool report_faults(const serving::ServingAnswer& answer, bool as_json) {
  const bool bad = answer.diagnostics.has_errors();
  if (as_json && bad) {
    Json json;
    json["ok"] = false;
    json["diagnostics"] = Json::parse(render_json(answer.diagnostics, answer.files));
    fmt::print("{}\n", json.dump(2));
  } else if (!as_json) {
    fmt::print(stderr, "{}", render(answer.diagnostics, answer.files, output_language()));
  }
  return bad;
}

Outcome<void> write_tables(const ServingArguments& arguments, const serving::ServingAnswer::Found& found) {
  if (!arguments.output.empty()) {
    std::vector<std::pair<std::string, std::string>> texts{{"summary.txt", found.text},
                                                           {"summary_ko.txt", found.text_ko}};
    texts.insert(texts.end(), found.inputs.begin(), found.inputs.end());
    const auto written =
        write_run(arguments.output, {.manifest_json = found.manifest_json, .tables = found.tables, .texts = texts});
    if (!written) return written;
  }
  if (arguments.csv.empty()) return {};
  const auto sites = std::ranges::find(found.tables, "serving_sites", &Table::name);
  return write_file_atomically(arguments.csv, to_csv(*sites));
}

std::string found_json(const serving::ServingAnswer::Found& found) {
  Json json;
  json["ok"] = true;
  for (const serving::ServingFigure& figure : found.figures) {
    Json& one = json["figures"][figure.name];
    one["value"] = figure.value;
    one["unit"] = figure.unit;
    if (!std::isnan(figure.low)) one["interval"] = {figure.low, figure.high};
  }
  for (const Table& table : found.tables) {
    // the day by bins is in the run folder
    if (table.name == "serving_sites" || table.name == "serving_fleet") continue;
    json["tables"][table.name] = Json::parse(to_json(table));
  }
  return json.dump(2, ' ', false, Json::error_handler_t::replace);
}

int command_serving(ServingArguments& arguments, bool as_json) {
  if (!arguments.print_traffic.empty()) {
    fmt::print("{}", serving::traffic_word_text(arguments.print_traffic));
    return kExitDone;
  }
  if (arguments.numbers->find_faults(as_json)) return kExitUsage;
  serving::ServingRequest& request = arguments.request;
  if (!arguments.month.empty()) request.month = parse_month(arguments.month);
  request.checks_scale = !arguments.skips_check;
  if (request.thread_count == 0)
    request.thread_count = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
  catch_signals();
  Outcome<serving::ServingAnswer> answer = failure("");
  {
    ProgressLine line;
    request.on_progress = [&](double share) {
      line.show({fmt::format("played {:.0f} %", 100 * share), {}});
      return !cancel_flag();
    };
    answer = serving::simulate_serving(request);
  }
  if (!answer) return fail(answer.error(), as_json);
  if (report_faults(*answer, as_json)) return kExitScenario;
  const serving::ServingAnswer::Found& found = *answer->found;
  if (const auto written = write_tables(arguments, found); !written) return fail(written.error(), as_json);
  if (as_json) {
    fmt::print("{}\n", found_json(found));
  } else {
    fmt::print("{}", output_language() == Language::korean ? found.text_ko : found.text);
    if (!arguments.output.empty())
      fmt::print("run           {}: {}\n", arguments.output, counted(found.tables.size(), "table"));
  }
  return found.cancelled ? kExitNotOptimal : kExitDone;
}

std::vector<std::string> words(std::span<const std::string_view> from) {
  return {from.begin(), from.end()};
}

void add_inputs(CLI::App& sub, ServingArguments& arguments) {
  serving::ServingRequest& request = arguments.request;
  auto* const fleet = sub.add_option("fleet", request.fleet, "run folder of a plan, or a fleet's TOML file");
  auto* const traffic = sub.add_option(
      "--traffic", request.traffic,
      fmt::format("a trace, a model of traffic in TOML, or one of {}", fmt::join(serving::traffic_words(), ", ")));
  auto* const print = sub.add_option("--print-traffic", arguments.print_traffic,
                                     "print a model of traffic that the program knows by name, and end")
                          ->check(CLI::IsMember(words(serving::traffic_words())));
  fleet->required();
  traffic->required();
  print->each([fleet, traffic](const std::string&) {
    fleet->required(false);
    traffic->required(false);
  });
  sub.add_option("--format", request.format, "of a trace; without it, by its first line")
      ->check(CLI::IsMember(words(serving::trace_format_names())));
  add_choice_option(sub, "--on-fault", request.on_fault,
                    {{"stop", serving::FaultPolicy::stop}, {"skip", serving::FaultPolicy::skip}},
                    "rows of a trace that are at fault: stop and tell all, or leave out and count");
  sub.add_option("--month", arguments.month, "of a run: 2028-06; its last without it")
      ->check([](const std::string& text) {
        return parse_month(text) ? std::string() : "'" + text + "' is no month such as 2028-06";
      });
  sub.add_option("--region", request.region,
                 "of a run: whose sites; the first that the plan serves tokens in without it");
  sub.add_option("--model,--models", request.models, "of a run: what its racks serve; repeatable")
      ->allow_extra_args(false)
      ->default_str("deepseek-v3");
  sub.add_option("--engines", request.engines,
                 "of a run: TOML file of [engine.NAME] and [split.NAME], how its engines work");
  sub.add_option("--outage", request.outages, "a site that is lost: SITE@12:00+3h; repeatable")
      ->allow_extra_args(false)
      ->check([](const std::string& text) {
        return serving::parse_outage(text) ? std::string() : "'" + text + "' is no outage such as ulsan@12:00+3h";
      });
  for (const auto& [name, span, help] :
       {std::tuple{"--from", &request.from, "leave out so much of the traffic: 90min, 3h, 1d"},
        std::tuple{"--duration", &request.duration, "so much of it; a day of a model, all of a trace without it"}}) {
    sub.add_option(name, *span, help)->check([](const std::string& text) {
      return serving::parse_span(text) ? std::string() : "'" + text + "' is no time such as 90s, 30min, 3h or 1d";
    });
  }
}

}  // namespace

void add_serving_command(const std::function<CLI::App*(const char*, const char*)>& add, const bool& as_json,
                         int& code) {
  auto arguments = std::make_shared<ServingArguments>();
  serving::ServingRequest& request = arguments->request;
  request.thread_count = 0;
  CLI::App* const sub = add("serving", "play a fleet through a day of requests: times, tokens, energy, outages");
  add_inputs(*sub, *arguments);
  NumberOptions& numbers = arguments->numbers.emplace(*sub);
  numbers.add("--scale", request.scale, 0, 1e9,
              "times the traffic's own rate; 0: as it is, of a run as much as its plan serves");
  numbers.add("--rate", request.rate, 0, 1e9, "instead: requests a second, mean; 0: not so");
  numbers.add("--load", request.load, 0, 10, "instead: load of the busiest hour, 0.7 for 70 % of places; 0: not so");
  numbers.add("--scale-down", request.scale_down, 0, 1e9,
              "simulate one slot and request in so many at every site; 0: as --requests-max says, by site");
  numbers.add("--requests-max", request.requests_max, 1000, 1e9, "how many requests are simulated at most, about");
  sub->add_flag("--no-scale-check", arguments->skips_check, "do not simulate again with half as many for the error");
  numbers.add("--slo-ttft", request.ttft_s, 0, 1e6, "service level: seconds to the first token; 0: the fleet's");
  numbers.add("--slo-tpot", request.tpot_s, 0, 1e6, "service level: seconds a token; 0: the fleet's");
  numbers.add("--begin", request.begin_h, 0, 23.99, "hour of the clock at which the traffic begins");
  numbers.add("--warm-up", request.warm_up_s, -1, 1e6,
              "seconds whose requests are not judged; -1: ten minutes or a tenth, whichever is less");
  numbers.add("--bin", request.bin_s, 10, 86400, "seconds of a row of the tables by time");
  numbers.add("--seed", request.seed, 0, std::numeric_limits<uint64_t>::max(),
              "seed of all draws: the same gives the same bytes");
  numbers.add("--replications", request.replications, 1, 1000, "how often it is played, for intervals of confidence");
  numbers.add("--threads", request.thread_count, 0, 1024, "threads; the result does not depend on them (0: all cores)");
  sub->add_option("-o,--output", arguments->output, "run folder to write or replace; without it, only the text");
  sub->add_option("--csv", arguments->csv, "write the day by sites and bins to this CSV file");
  sub->callback([arguments, &as_json, &code] {
    if (arguments->request.models.empty()) arguments->request.models = {"deepseek-v3"};
    code = command_serving(*arguments, as_json);
  });
}

}  // namespace beltline
