#include "serving/simulate.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <charconv>
#include <cmath>
#include <exception>
#include <filesystem>
#include <mutex>
#include <thread>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/diagnostic_codes.h"
#include "base/text.h"
#include "serving/fleet_engine_file.h"
#include "serving/fleet_file.h"
#include "serving/fleet_from_run.h"
#include "serving/fleet_scale.h"
#include "serving/traffic_file.h"
#include "serving/traffic_generator.h"
#include "serving/traffic_hash.h"
#include "serving/traffic_servegen.h"
#include "serving/traffic_statistics.h"
#include "serving/traffic_thinned.h"
#include "table/run_folder.h"

namespace beltline::serving {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr Picoseconds kDay = 86'400 * kSecond;
/// Requests at the beginning of a trace that its means are taken of.
constexpr int kTraceSample = 50'000;

double seconds(Picoseconds time) {
  return static_cast<double>(time) / static_cast<double>(kSecond);
}

/// One simulation from its request on. Steps are called in order by `run`; each may end it.
class Simulation {
 public:
  explicit Simulation(const ServingRequest& request) : request_(request) {}

  Outcome<ServingAnswer> run() {
    for (const auto step :
         {&Simulation::read_spans, &Simulation::read_fleet_or_run, &Simulation::add_options, &Simulation::read_traffic,
          &Simulation::measure_traffic, &Simulation::equip, &Simulation::set_scale}) {
      if (auto done = (this->*step)(); !done) return std::unexpected(done.error());
      if (answer_.diagnostics.has_errors()) return std::move(answer_);
    }
    if (auto played = play(); !played) return std::unexpected(played.error());
    if (answer_.diagnostics.has_errors()) return std::move(answer_);
    write();
    return std::move(answer_);
  }

 private:
  /// A fault of what was asked for; the simulation ends after the step that finds it.
  Outcome<void> refuse(Diagnostic diagnostic) {
    answer_.files = SourceFiles();
    diagnostic.origin = {};
    answer_.diagnostics.add(std::move(diagnostic));
    return {};
  }

  // --- what is simulated ---

  Outcome<void> read_fleet_or_run() {
    if (fs::exists(fs::path(request_.fleet) / "manifest.json")) return read_run();
    if (!request_.engines.empty()) {
      return refuse({.code = Code::inconsistent,
                     .message = "--engines is for a run",
                     .found = "a fleet's file",
                     .expected = "[engine.NAME] and [split.NAME] in that file",
                     .help = "write them there, or include the file: include = [\"engines.toml\"]"});
    }
    ReadFleet read = read_fleet(request_.fleet);
    if (!take(std::move(read.file))) return {};
    fleet_ = std::move(*read.spec);
    return {};
  }

  Outcome<void> read_run() {
    RunFleetOptions options{.region = request_.region, .models = request_.models};
    if (request_.month) {
      options.month = *request_.month;
    } else {
      const auto last = last_month();
      if (!last) return std::unexpected(last.error());
      options.month = *last;
    }
    // what is wrong with the disk is told apart from what is wrong with the question
    auto manifest = verify_run(request_.fleet);
    if (!manifest) return std::unexpected(manifest.error());
    auto made = fleet_of_run(request_.fleet, options);
    if (!made) {
      return refuse({.code = Code::inconsistent,
                     .message = "the run has no such fleet",
                     .found = made.error().message,
                     .expected = "a plan's run, and a month in which its sites have racks",
                     .help = "name another --month, --region or --model"});
    }
    fleet_ = std::move(made->fleet);
    service_ = made->service;
    month_ = to_string(options.month);
    const Json json = Json::parse(*manifest, nullptr, false);
    if (json.is_object() && json.contains("scenario")) scenario_ = json["scenario"];
    scenario_.erase("files");
    if (!request_.engines.empty()) take(read_engine_file(request_.engines, fleet_));
    return {};
  }

  [[nodiscard]] Outcome<YearMonth> last_month() const {
    const auto sites = read_run_table(request_.fleet, "sites");
    if (!sites) return std::unexpected(sites.error());
    const Column* const periods = sites->find("period");
    if (periods == nullptr || periods->size() == 0) return failure("the run has no sites");
    const auto month = parse_month(*std::ranges::max_element(periods->texts()));
    if (!month) return failure("the run's periods are no months; name one with --month");
    return *month;
  }

  /// Moves the faults of a file into the answer; false where there are errors.
  bool take(SectionFile file) {
    answer_.inputs.emplace_back(file.files.size() > 0 ? fs::path(file.files[0].path).filename().string() : "fleet.toml",
                                file.text);
    answer_.diagnostics = std::move(file.diagnostics);
    answer_.files = std::move(file.files);
    return !answer_.diagnostics.has_errors();
  }

  /// Spans of time that the options name.
  Outcome<void> read_spans() {
    for (const auto& [text, span, fallback] : {std::tuple{&request_.from, &from_, Picoseconds{0}},
                                               std::tuple{&request_.duration, &duration_, Picoseconds{-1}}}) {
      *span = fallback;
      if (text->empty()) continue;
      const auto parsed = parse_span(*text);
      if (!parsed) return failure(fmt::format("'{}' is no time such as 90s, 30min, 3h or 1d", printable(*text)));
      *span = *parsed;
    }
    if (duration_ == 0 || duration_ > kTrafficMax) {
      return refuse({.code = Code::out_of_range,
                     .message = "so much traffic cannot be simulated",
                     .found = request_.duration,
                     .expected = "more than 0 and at most 100 days",
                     .help = "write a time such as 3h or 1d"});
    }
    return {};
  }

  /// Whether the traffic is a model: a trace may have any name but these.
  [[nodiscard]] bool is_model() const {
    return !traffic_word_text(request_.traffic).empty() || fs::path(request_.traffic).extension() == ".toml";
  }

  Outcome<void> add_options() {
    if (request_.ttft_s > 0) fleet_.level.ttft_s = request_.ttft_s;
    if (request_.tpot_s > 0) fleet_.level.tpot_s = request_.tpot_s;
    // of a model, what is left out is a part of the day; of a trace, the clock begins with what is taken
    begin_ = static_cast<Picoseconds>(std::llround(request_.begin_h * 3600e12)) + (is_model() ? from_ : 0);
    // times of day become times after the start of the traffic
    for (OutageRules& outage : fleet_.outages) {
      outage.begin -= begin_;
      outage.end -= begin_;
    }
    for (JobRules& job : fleet_.jobs) job.submitted -= begin_;
    for (const std::string& text : request_.outages) {
      const auto outage = parse_outage(text);
      if (!outage) return failure(fmt::format("'{}' is no outage such as ulsan@12:00+3h", printable(text)));
      const auto site = std::ranges::find(fleet_.sites, outage->site, &FleetSite::name);
      if (site == fleet_.sites.end()) {
        std::vector<std::string> names;
        for (const FleetSite& known : fleet_.sites) names.push_back(known.name);
        const std::string nearest = nearest_word(outage->site, names);
        return refuse({.code = Code::dangling_reference,
                       .message = fmt::format("no site '{}' has racks in this fleet", printable(outage->site)),
                       .expected = fmt::format("one of {}", listing(names)),
                       .help = nearest.empty() ? "name one of its sites" : did_you_mean_text(nearest)});
      }
      const Picoseconds begin = outage->begin - begin_;
      fleet_.outages.push_back(
          {.site = static_cast<int32_t>(site - fleet_.sites.begin()), .begin = begin, .end = begin + outage->duration});
    }
    std::erase_if(fleet_.outages, [](const OutageRules& outage) { return outage.end <= 0; });
    for (OutageRules& outage : fleet_.outages) outage.begin = std::max<Picoseconds>(0, outage.begin);
    return {};
  }

  // --- its traffic ---

  Outcome<void> read_traffic() {
    const std::string_view words = traffic_word_text(request_.traffic);
    if (is_servegen(request_.traffic)) return read_clients();
    if (!is_model()) return {};
    ReadTraffic read =
        words.empty() ? read_traffic_model(request_.traffic) : read_traffic_text(request_.traffic, words);
    if (!take(std::move(read.file))) return {};
    model_ = std::move(read.model);
    if (duration_ < 0) duration_ = kDay;
    return check_clients();
  }

  Outcome<void> read_clients() {
    ReadServeGen read = read_servegen(request_.traffic, from_, duration_);
    answer_.files = std::move(read.files);
    answer_.diagnostics = std::move(read.diagnostics);
    if (!read.pool) return {};
    pool_ = std::move(read.pool);
    duration_ = pool_->duration;
    return {};
  }

  /// Models and places that clients name and the fleet does not have would be served as if they named none.
  Outcome<void> check_clients() {
    for (const ClientModel& client : model_->clients) {
      if (!client.model.empty() && fleet_.model_index(client.model) < 0) {
        return refuse({.code = Code::dangling_reference,
                       .message = fmt::format("client '{}' asks a model that the fleet does not serve", client.name),
                       .found = printable(client.model),
                       .help = "add it to the fleet, or leave it out"});
      }
      const bool known =
          std::ranges::any_of(fleet_.places, [&](const FleetPlace& p) { return p.name == client.place; });
      if (!client.place.empty() && !known) {
        return refuse({.code = Code::dangling_reference,
                       .message = fmt::format("client '{}' is at a place that is no user of the fleet", client.name),
                       .found = printable(client.place),
                       .help = "add a [user.NAME] to the fleet, or leave it out"});
      }
    }
    return {};
  }

  [[nodiscard]] int64_t context_of(std::string_view name) const {
    const int32_t index = fleet_.model_index(name);
    return fleet_.models[static_cast<std::size_t>(std::max(0, index))].context_max;
  }

  [[nodiscard]] std::unique_ptr<TraceSource> open_trace(TrafficFaults& faults) const {
    return TraceSource::open(request_.traffic,
                             {.format = request_.format,
                              .on_fault = request_.on_fault,
                              .from = from_,
                              .duration = duration_ < 0 ? kTrafficMax : duration_,
                              .speed = speed_,
                              .context_of = [this](std::string_view name) { return context_of(name); }},
                             faults);
  }

  /// Means of requests by model, and the traffic's own rate.
  Outcome<void> measure_traffic() {
    means_.resize(fleet_.models.size());
    if (!pool_) return model_ ? measure_model() : measure_trace();
    means_.assign(means_.size(), pool_->mean());
    own_rate_ = pool_->requests_per_s();
    title_ = fmt::format("{} (servegen)", fs::path(request_.traffic).filename().string());
    return {};
  }

  Outcome<void> measure_model() {
    std::vector<double> rates(means_.size()), in(means_.size()), out(means_.size()), shared(means_.size());
    for (const ClientModel& client : model_->clients) {
      const auto m = static_cast<std::size_t>(std::max(0, fleet_.model_index(client.model)));
      const double input = mean_input(client);
      rates[m] += client.requests_per_s;
      in[m] += client.requests_per_s * input;
      out[m] += client.requests_per_s * mean_output(client);
      shared[m] += client.requests_per_s * (input - client.input.mean());
    }
    for (std::size_t m = 0; m < means_.size(); ++m) {
      if (rates[m] > 0)
        means_[m] = {.input = in[m] / rates[m], .output = out[m] / rates[m], .cached = shared[m] / in[m]};
    }
    own_rate_ = model_->requests_per_s();
    title_ = model_->title;
    return {};
  }

  Outcome<void> measure_trace() {
    faults_ = TrafficFaults(fs::path(request_.traffic).filename().string());
    const auto source = open_trace(faults_);
    TrafficStatistics statistics;
    TrafficRequest one;
    while (source && statistics.count() < kTraceSample && source->next(one)) statistics.add(one);
    const bool nothing = !source || statistics.count() == 0 || source->is_stopped();
    if (nothing) {
      if (faults_.empty()) {
        return refuse({.code = Code::empty_window,
                       .message = "the trace has no request in the time asked for",
                       .help = "take another part of it: --from, --duration"});
      }
      tell_faults();
      return {};
    }
    for (MeanRequest& mean : means_) {
      mean = {.input = statistics.input().mean(),
              .output = statistics.output().mean(),
              .cached = statistics.infinite_cache_hit()};
    }
    own_rate_ = std::max(1e-9, statistics.rate_per_s());
    title_ = fmt::format("{} ({})", fs::path(request_.traffic).filename().string(), source->format_name());
    return {};
  }

  void tell_faults() {
    TrafficFaults::Told told = faults_.told();
    answer_.files = std::move(told.files);
    answer_.diagnostics = Diagnostics();
    for (Diagnostic diagnostic : told.diagnostics.all()) {
      // rows that were asked to be left out are no error
      if (request_.on_fault == FaultPolicy::skip && !is_stopped_ && answered_) diagnostic.severity = Severity::warning;
      answer_.diagnostics.add(std::move(diagnostic));
    }
  }

  Outcome<void> equip() {
    std::vector<perf::Workload> workload;
    for (const MeanRequest& mean : means_) {
      workload.push_back({.input_tokens = std::llround(std::max(1.0, mean.input)),
                          .output_tokens = std::llround(std::max(1.0, mean.output)),
                          .cached_share = mean.cached});
    }
    auto notes = equip_fleet(fleet_, workload);
    if (!notes) {
      return refuse({.code = Code::bad_model,
                     .message = "a model of the fleet fits none of its racks",
                     .found = notes.error().message,
                     .expected = "a model whose weights, keys and values fit into one rack",
                     .help = "serve another model, or add racks with more memory"});
    }
    notes_ = std::move(*notes);
    for (Diagnostic& fault : split_faults(fleet_)) answer_.diagnostics.add(std::move(fault));
    return {};
  }

  // --- how much of it ---

  /// Highest hour of the traffic over its mean.
  [[nodiscard]] double peak_to_mean() const {
    if (!model_) return 1;
    double peak = 0;
    for (int h = 0; h < 24; ++h) {
      double sum = 0;
      for (const ClientModel& client : model_->clients) {
        const int local = (h + static_cast<int>(std::lround(client.utc_offset_h - model_->utc_offset_h)) + 48) % 24;
        sum += client.requests_per_s * client.day[static_cast<std::size_t>(local)];
      }
      peak = std::max(peak, sum);
    }
    return peak / own_rate_;
  }

  Outcome<void> set_scale() {
    const double capacity = capacity_per_s(fleet_, means_);
    if (!(capacity > 0)) {
      return refuse({.code = Code::inconsistent,
                     .message = "no slot of the fleet serves any model",
                     .expected = "a positive share of a model at one site",
                     .help = "raise a share or a count of racks"});
    }
    if ((request_.scale > 0) + (request_.rate > 0) + (request_.load > 0) > 1) {
      return refuse({.code = Code::inconsistent,
                     .message = "the traffic is scaled in more than one way",
                     .expected = "one of --scale, --rate and --load",
                     .help = "leave out the others"});
    }
    scale_ = 1;
    if (request_.scale > 0) {
      scale_ = request_.scale;
    } else if (request_.rate > 0) {
      scale_ = request_.rate / own_rate_;
    } else if (request_.load > 0) {
      scale_ = request_.load * capacity / peak_to_mean() / own_rate_;
    } else if (service_.tokens_per_s > 0 && model_) {
      const double here = std::max(0.0, service_.tokens_per_s - service_.tokens_from_elsewhere);
      scale_ = here / model_->tokens_per_s();
      if (!(scale_ > 0)) {
        return refuse({.code = Code::empty_window,
                       .message = "the plan serves no tokens from its own sites in this month",
                       .help = "name another --month, or a --rate or a --load"});
      }
      notes_.push_back(fmt::format("the plan serves {:.2f} Mtoken/s in the month: {:.2f} times the rate of {}",
                                   here / 1e6, scale_, request_.traffic));
    }
    if (!model_ && !pool_) speed_ = scale_;
    const double expected = scale_ * own_rate_ * seconds(duration_ < 0 ? kDay : duration_);
    // a trace is as long as it is: nothing says how many requests it has before it was read
    const bool allots = request_.scale_down <= 0 && (model_ || pool_);
    how_much_ = allots ? allotted_scale(fleet_, means_, expected, request_.requests_max)
                       : even_scale(fleet_, means_, std::max(1.0, request_.scale_down));
    return {};
  }

  // --- playing ---

  [[nodiscard]] FleetRunOptions run_options(const FleetScale& how_much, uint32_t replication, int threads) const {
    FleetRunOptions options{.seed = request_.seed,
                            .replication = replication,
                            .scale = how_much,
                            .duration = duration_ < 0 ? kTrafficMax : duration_,
                            .start_of_day = begin_,
                            .bin = static_cast<Picoseconds>(std::llround(request_.bin_s * 1e12)),
                            .means = means_,
                            .ends_with_traffic = duration_ < 0,
                            .thread_count = threads};
    const Picoseconds tenth = duration_ < 0 ? 60 * kSecond : duration_ / 10;
    options.warm_up = request_.warm_up_s >= 0 ? static_cast<Picoseconds>(std::llround(request_.warm_up_s * 1e12))
                                              : std::min<Picoseconds>(600 * kSecond, tenth);
    return options;
  }

  struct Played {
    FleetResult result;
    TraceCounts trace;
    uint64_t sessions_cut = 0;
    TrafficFaults faults;
    bool is_stopped = false;
  };

  Played play_one(const FleetScale& how_much, uint32_t replication, int threads,
                  const std::function<bool(double)>& on_progress) const {
    Played out;
    FleetRunOptions options = run_options(how_much, replication, threads);
    options.on_progress = on_progress;
    if (model_) {
      std::vector<int64_t> context;
      for (const ClientModel& client : model_->clients) context.push_back(context_of(client.model));
      TrafficGenerator traffic(*model_, {.seed = request_.seed,
                                         .replication = replication,
                                         .start_of_day = begin_,
                                         .duration = duration_,
                                         .scale = scale_ / how_much.stream_weight,
                                         .context = context});
      out.result = run_fleet(fleet_, traffic, options);
      out.sessions_cut = traffic.sessions_cut();
      return out;
    }
    if (pool_) {
      ServeGenTraffic traffic(*pool_, hash_of(request_.seed, replication), scale_ / how_much.stream_weight,
                              context_of(""));
      out.result = run_fleet(fleet_, traffic, options);
      out.trace.outputs_cut = traffic.cut();
      return out;
    }
    out.faults = TrafficFaults(faults_.path());
    std::unique_ptr<TraceSource> source = open_trace(out.faults);
    const TraceSource* const trace = source.get();
    if (trace == nullptr) {
      out.is_stopped = true;
      return out;
    }
    // how far the file is read says more than the clock, whose end is not known
    if (on_progress) options.on_progress = [&](double) { return on_progress(trace->progress()); };
    ThinnedTraffic thinned(std::move(source), 1 / how_much.stream_weight, request_.seed);
    out.result = run_fleet(fleet_, thinned, options);
    out.trace = trace->counts();
    out.is_stopped = trace->is_stopped();
    return out;
  }

  Outcome<void> play() {
    struct Task {
      FleetScale how_much;
      uint32_t replication = 0;
    };
    std::vector<Task> tasks;
    for (int r = 0; r < request_.replications; ++r) tasks.push_back({how_much_, static_cast<uint32_t>(r)});
    const bool checks = request_.checks_scale && how_much_.is_down();
    if (checks) tasks.push_back({halved(fleet_, means_, how_much_), 0});

    std::vector<Played> played(tasks.size());
    std::vector<std::exception_ptr> faults(tasks.size());
    std::vector<std::atomic<double>> done(tasks.size());
    std::atomic<std::size_t> next = 0;
    std::atomic<bool> goes_on = true;
    std::mutex telling;
    const int at_once = std::clamp(request_.thread_count, 1, static_cast<int>(tasks.size()));
    const auto work = [&] {
      for (std::size_t i = next++; i < tasks.size(); i = next++) {
        const auto progress = [&](double share) {
          done[i] = share;
          if (!request_.on_progress) return goes_on.load();
          double sum = 0;
          for (const auto& one : done) sum += one;
          const std::scoped_lock lock(telling);
          if (!request_.on_progress(sum / static_cast<double>(tasks.size()))) goes_on = false;
          return goes_on.load();
        };
        try {
          played[i] =
              play_one(tasks[i].how_much, tasks[i].replication, std::max(1, request_.thread_count / at_once), progress);
        } catch (...) {
          faults[i] = std::current_exception();
        }
      }
    };
    {
      std::vector<std::jthread> threads;
      for (int t = 1; t < at_once; ++t) threads.emplace_back(work);
      work();
    }
    for (const std::exception_ptr& fault : faults) {
      if (fault) std::rethrow_exception(fault);
    }
    if (checks) {
      coarser_ = std::move(played.back().result);
      played.pop_back();
    }
    if (!model_ && !pool_) {
      faults_ = std::move(played.front().faults);
      is_stopped_ = played.front().is_stopped;
    }
    trace_ = played.front().trace;
    sessions_cut_ = played.front().sessions_cut;
    for (Played& one : played) results_.push_back(std::move(one.result));
    answered_ = true;
    if (!faults_.empty()) tell_faults();
    return {};
  }

  // --- telling ---

  void write() {
    const ServingStudy study{.fleet = fleet_,
                             .runs = results_,
                             .coarser = coarser_ ? &*coarser_ : nullptr,
                             .month = month_,
                             .traffic = title_,
                             .traffic_name = fs::path(request_.traffic).filename().string(),
                             .traffic_scale = scale_,
                             .trace = trace_,
                             .sessions_cut = sessions_cut_,
                             .notes = notes_};
    ServingAnswer::Found found;
    found.tables = serving_tables(study);
    found.figures = serving_figures(study);
    found.text = serving_text(study, Language::english);
    found.text_ko = serving_text(study, Language::korean);
    found.cancelled = std::ranges::any_of(results_, &FleetResult::cancelled);
    found.inputs = answer_.inputs;
    Json manifest;
    manifest["program"] = "beltline";
    manifest["study"] = "serving";
    if (!scenario_.is_null()) manifest["scenario"] = scenario_;
    manifest["termination"] = found.cancelled ? "interrupted" : "finished";
    Json facts;
    facts["traffic"] = title_;
    facts["traffic_scale"] = scale_;
    facts["month"] = month_;
    facts["seed"] = request_.seed;
    facts["replications"] = request_.replications;
    facts["scale_down"] = scale_down_of(results_.front());
    facts["ttft_s"] = fleet_.level.ttft_s;
    facts["tpot_s"] = fleet_.level.tpot_s;
    facts["notes"] = notes_;
    Json& outages = facts["outages"] = Json::array();
    for (const OutageRules& outage : fleet_.outages) {
      outages.push_back({{"site", fleet_.sites[static_cast<std::size_t>(outage.site)].name},
                         {"begin_minute", seconds(begin_ + outage.begin) / 60},
                         {"end_minute", seconds(begin_ + outage.end) / 60}});
    }
    manifest["facts"] = facts;
    found.manifest_json = manifest.dump(2, ' ', false, Json::error_handler_t::replace);
    answer_.found = std::move(found);
  }

  struct Answer : ServingAnswer {
    std::vector<std::pair<std::string, std::string>> inputs;
  };

  const ServingRequest& request_;
  Answer answer_;
  FleetSpec fleet_;
  PlannedService service_;
  std::string month_;
  Json scenario_;
  Picoseconds begin_ = 0, from_ = 0, duration_ = -1;  // duration: −1: as long as the trace is
  std::optional<TrafficModel> model_;
  std::optional<ServeGenPool> pool_;
  std::string title_;
  TrafficFaults faults_;
  bool is_stopped_ = false, answered_ = false;
  std::vector<MeanRequest> means_;
  double own_rate_ = 0, scale_ = 1, speed_ = 1;
  FleetScale how_much_;
  std::vector<std::string> notes_;
  std::vector<FleetResult> results_;
  std::optional<FleetResult> coarser_;
  TraceCounts trace_;
  uint64_t sessions_cut_ = 0;
};

/// A number at the front of `text`, which loses it.
std::optional<double> take_number(std::string_view& text) {
  double value = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || !std::isfinite(value) || value < 0) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(stop - text.data()));
  return value;
}

}  // namespace

std::optional<Picoseconds> parse_span(std::string_view text) {
  const auto value = take_number(text);
  if (!value) return std::nullopt;
  while (text.starts_with(' ')) text.remove_prefix(1);
  constexpr std::array<std::pair<std::string_view, double>, 4> kUnits{
      {{"s", 1}, {"min", 60}, {"h", 3600}, {"d", 86'400}}};
  const auto unit = std::ranges::find(kUnits, text, &std::pair<std::string_view, double>::first);
  if (unit == kUnits.end() || *value * unit->second > 9e6) return std::nullopt;
  return static_cast<Picoseconds>(std::llround(*value * unit->second * 1e12));
}

std::optional<OutageText> parse_outage(std::string_view text) {
  const std::size_t at = text.find('@');
  const std::size_t plus = text.find('+', at == std::string_view::npos ? 0 : at);
  if (at == std::string_view::npos || at == 0 || plus == std::string_view::npos) return std::nullopt;
  OutageText out{.site = std::string(text.substr(0, at))};
  std::string_view clock = text.substr(at + 1, plus - at - 1);
  const auto hour = take_number(clock);
  if (!hour || *hour >= 2400 || *hour != std::floor(*hour) || !clock.starts_with(':')) return std::nullopt;
  clock.remove_prefix(1);
  const auto minute = take_number(clock);
  const auto duration = parse_span(text.substr(plus + 1));
  if (!minute || *minute >= 60 || !clock.empty() || !duration || *duration == 0) return std::nullopt;
  out.begin = static_cast<Picoseconds>(std::llround((*hour * 3600 + *minute * 60) * 1e12));
  out.duration = *duration;
  return out;
}

Outcome<ServingAnswer> simulate_serving(const ServingRequest& request) {
  return Simulation(request).run();
}

}  // namespace beltline::serving
