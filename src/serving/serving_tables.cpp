// The tables of a simulation.
#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "serving/serving_report.h"

namespace beltline::serving {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

double seconds(Picoseconds time) {
  return static_cast<double>(time) / static_cast<double>(kSecond);
}

/// A table that is filled row by row, its columns told once.
class RowTable {
 public:
  RowTable(std::string name, std::string title) {
    table_.name = std::move(name);
    table_.title = std::move(title);
  }
  RowTable& text(std::string name, std::string description) {
    table_.add_texts(std::move(name), std::move(description));
    return *this;
  }
  RowTable& whole(std::string name, std::string description) {
    table_.add_integers(std::move(name), {}, std::move(description));
    return *this;
  }
  RowTable& number(std::string name, std::string unit, std::string description) {
    table_.add_numbers(std::move(name), std::move(unit), std::move(description));
    return *this;
  }

  /// Values in the order of the columns.
  template <class... Values>
  void add(const Values&... values) {
    std::size_t column = 0;
    (put(table_.columns[column++], values), ...);
  }
  Table take() { return std::move(table_); }

 private:
  static void put(Column& column, const std::string& value) {
    std::get<std::vector<std::string>>(column.values).push_back(value);
  }
  static void put(Column& column, std::string_view value) { put(column, std::string(value)); }
  static void put(Column& column, int64_t value) { std::get<std::vector<int64_t>>(column.values).push_back(value); }
  static void put(Column& column, int32_t value) { put(column, int64_t{value}); }
  static void put(Column& column, double value) { std::get<std::vector<double>>(column.values).push_back(value); }

  Table table_;
};

double quantile_or_none(const TimeQuantiles& times, double share) {
  return times.count() == 0 ? kNone : times.quantile(share);
}

int64_t minute_of(const FleetRunOptions& options, std::size_t bin) {
  return (options.start_of_day + static_cast<Picoseconds>(bin) * options.bin) / (60 * kSecond);
}

Table summary_table(const ServingStudy& study) {
  RowTable table("serving_summary", "How the fleet served its traffic");
  table.text("measure", "What is told")
      .text("unit", "Unit of value, low and high")
      .number("value", "", "Mean over replications where there are several")
      .number("low", "", "Interval of confidence at 95 %, nan where there is none")
      .number("high", "", "Its upper end")
      .text("note", "How to read it");
  for (const ServingFigure& figure : serving_figures(study))
    table.add(figure.name, figure.unit, figure.value, figure.low, figure.high, figure.note);
  return table.take();
}

Table sites_table(const ServingStudy& study) {
  const FleetResult& result = study.runs.front();
  RowTable table("serving_sites", "Each site through the day");
  table.text("site", "Place")
      .whole("minute", "Beginning of the bin, minutes after midnight of the first day")
      .text("time", "The same as a clock shows it")
      .number("arrivals", "request", "Sent here in the bin, retries among them")
      .number("finished", "request", "Of those that arrived in the bin and were finished here")
      .number("good", "request", "Of them, within the service level")
      .number("refused", "request", "Ended here without an answer: too long, or out of patience")
      .number("lost", "request", "Lost with the site or its replicas")
      .number("rerouted_in", "request", "Sent here because another site was lost")
      .number("rerouted_out", "request", "Sent elsewhere because this site was lost")
      .number("tokens_in", "token/s", "Of prompts, computed or found in a cache")
      .number("tokens_out", "token/s", "Of answers")
      .number("ttft_p50", "s", "Time to the first token of requests that arrived in the bin, half of them")
      .number("ttft_p95", "s", "95 % of them")
      .number("tpot_p50", "s", "Mean time from token to token, half of them")
      .number("tpot_p95", "s", "95 % of them")
      .number("queue", "request", "Waiting in replicas, mean")
      .number("in_flight", "request", "Waiting or running in replicas, mean")
      .number("filled", "1", "In flight over places")
      .number("load", "1", "Arrivals over what its replicas could have served")
      .number("replicas", "", "That serve, mean")
      .number("busy", "1", "Share of their time in which a step runs")
      .number("power", "MW", "Of the facility, mean")
      .number("cap", "MW", "Of the facility; nan where there is none")
      .number("slow", "1", "Times that steps take longer under the cap")
      .number("training", "slot", "Slots that train, mean")
      .number("power_serving", "MW", "Of slots that load, serve or drain, with their part of auxiliaries and of PUE")
      .number("power_training", "MW", "Of slots that train")
      .number("power_idle", "MW", "Of slots that do neither")
      .number("serving", "slot", "Slots that load, serve or drain, mean");
  for (std::size_t s = 0; s < study.fleet.sites.size(); ++s) {
    // what arrives in the last bins is finished after them: only bins that were played to their end
    const auto& bins = result.site_bins[s];
    for (std::size_t b = 0; b < std::min(bins.size(), result.bins.size()); ++b) {
      const SiteBin& bin = bins[b];
      table.add(study.fleet.sites[s].name, minute_of(result.options, b),
                clock_text(result.options, static_cast<Picoseconds>(b) * result.options.bin), bin.arrivals,
                bin.finished, bin.good, bin.refused, bin.lost, bin.rerouted_in, bin.rerouted_out, bin.tokens_in_per_s,
                bin.tokens_out_per_s, quantile_or_none(bin.ttft, 0.5), quantile_or_none(bin.ttft, 0.95),
                quantile_or_none(bin.tpot, 0.5), quantile_or_none(bin.tpot, 0.95), bin.queue, bin.in_flight, bin.filled,
                bin.load, bin.replicas, bin.busy, bin.power_MW, bin.cap_MW > 0 ? bin.cap_MW : kNone, bin.slow_factor,
                bin.training_slots, bin.power.serving, bin.power.training, bin.power.idle, bin.serving_slots);
    }
  }
  return table.take();
}

Table places_table(const ServingStudy& study) {
  const FleetResult& result = study.runs.front();
  RowTable table("serving_places", "The sites of the fleet and their day");
  table.text("site", "Place")
      .text("title", "Its title")
      .text("title_ko", "The same in Korean")
      .text("belt", "Sites told together")
      .number("latitude", "degree", "north")
      .number("longitude", "degree", "east")
      .number("racks", "rack", "Online")
      .number("weight", "1", "Slots in truth for each slot simulated")
      .number("arrivals", "request", "Sent here")
      .number("finished", "request", "Finished here")
      .number("tokens_in", "token", "Of prompts")
      .number("tokens_out", "token", "Of answers")
      .number("energy", "MWh", "Of the facility")
      .number("peak_power", "MW", "Highest bin")
      .number("peak_load", "1", "Highest bin: arrivals over what its replicas could have served")
      .number("load", "1", "The same over the whole day")
      .number("energy_serving", "MWh", "Of slots that load, serve or drain, with their part of auxiliaries and of PUE")
      .number("energy_training", "MWh", "Of slots that train")
      .number("energy_idle", "MWh", "Of slots that do neither")
      .number("energy_a_thousand_tokens", "Wh", "Of slots that serve, over answers; nan where there are none")
      .number("serving_slots", "slot", "That load, serve or drain, mean")
      .number("training_slots", "slot", "That train, mean")
      .number("serving_racks", "rack", "That load, serve or drain, mean")
      .number("training_racks", "rack", "That train, mean")
      .whole("simulated_slots", "Of all its slots")
      .number("request_weight", "1", "Requests in truth for each request simulated");
  const double day_s = seconds(result.options.duration);
  for (std::size_t s = 0; s < study.fleet.sites.size(); ++s) {
    const FleetSite& site = study.fleet.sites[s];
    const SiteDay day = site_day(study, s);
    const EnergySplit& energy = result.energy_MWh[s];
    const double out = day.tokens_out_per_s * day_s;
    table.add(site.name, site.title, site.title_ko, site.group, site.at.latitude, site.at.longitude, day.racks,
              result.weights[s], day.arrivals, day.finished, day.tokens_in_per_s * day_s, out, energy.total(),
              day.peak_MW, day.peak_load, day.load, energy.serving, energy.training, energy.idle,
              out > 0 ? energy.serving * 1e9 / out : kNone, day.serving_slots, day.training_slots, day.serving_racks,
              day.training_racks, result.simulated_slots[s], result.options.scale.weight(s));
  }
  return table.take();
}

Table fleet_table(const ServingStudy& study) {
  const FleetResult& result = study.runs.front();
  RowTable table("serving_fleet", "The fleet through the day");
  table.whole("minute", "Beginning of the bin, minutes after midnight of the first day")
      .text("time", "The same as a clock shows it")
      .number("arrivals", "request", "Of clients, each once")
      .number("finished", "request", "Of those that arrived in the bin")
      .number("rejected", "request", "Of them, never served")
      .number("lost", "request", "Of them, lost at the last attempt")
      .number("unserved_lost", "request",
              "Given up in the bin: under way where a site or replica was lost, not served since")
      .number("unserved_refused", "request", "Given up in the bin: refused, too long, or out of patience")
      .number("retries", "request", "Attempts after the first")
      .number("good_share", "1", "Of finished ones, within the service level")
      .number("ttft_mean", "s", "Time to the first token")
      .number("tpot_mean", "s", "Mean time from token to token")
      .number("e2e_mean", "s", "Time to the last token");
  for (std::size_t b = 0; b < result.bins.size(); ++b) {
    const FleetBin& bin = result.bins[b];
    const auto mean = [&](double sum) { return bin.judged > 0 ? sum / bin.judged : kNone; };
    table.add(minute_of(result.options, b),
              clock_text(result.options, static_cast<Picoseconds>(b) * result.options.bin), bin.arrivals, bin.finished,
              bin.rejected, bin.lost, bin.unserved_lost, bin.unserved_refused, bin.retries, mean(bin.good),
              mean(bin.ttft_sum_s), mean(bin.tpot_sum_s), mean(bin.e2e_sum_s));
  }
  return table.take();
}

Table events_table(const ServingStudy& study) {
  const FleetResult& result = study.runs.front();
  RowTable table("serving_events", "What happened");
  table.number("minute", "", "After midnight of the first day")
      .text("time", "The same as a clock shows it")
      .text("site", "Place")
      .text("event",
            "closing, lost, closed, restored, failed, rack failed, capped, uncapped, scaled up, scaled down, "
            "job started, preempted, interrupted or finished")
      .text("detail", "More about it")
      .number("amount", "", "Requests, slots, factor or hours, as the event has it");
  for (const FleetEvent& event : result.events) {
    table.add(seconds(result.options.start_of_day + event.at) / 60, clock_text(result.options, event.at),
              event.site < 0 ? std::string() : study.fleet.sites[static_cast<std::size_t>(event.site)].name, event.kind,
              event.detail, event.amount);
  }
  return table.take();
}

Table percentiles_table(const ServingStudy& study) {
  RowTable table("serving_percentiles", "Times of requests");
  table.text("model", "Empty: all")
      .text("priority", "Empty: all")
      .text("measure", "ttft, tpot or e2e")
      .number("requests", "request", "Simulated and judged, over all replications")
      .number("mean", "s", "")
      .number("p50", "s", "")
      .number("p90", "s", "")
      .number("p95", "s", "")
      .number("p99", "s", "")
      .number("max", "s", "");
  const auto add = [&](const std::string& model, const std::string& priority, const char* measure,
                       const TimeQuantiles& times) {
    table.add(model, priority, std::string(measure), static_cast<double>(times.count()),
              times.count() > 0 ? times.mean() : kNone, quantile_or_none(times, 0.5), quantile_or_none(times, 0.9),
              quantile_or_none(times, 0.95), quantile_or_none(times, 0.99), times.count() > 0 ? times.max() : kNone);
  };
  constexpr const char* kMeasures[] = {"ttft", "tpot", "e2e"};
  for (int k = 0; k < 3; ++k) {
    TimeQuantiles all;
    for (const FleetResult& run : study.runs) all.merge(k == 0 ? run.ttft : k == 1 ? run.tpot : run.e2e);
    add("", "", kMeasures[k], all);
  }
  for (std::size_t m = 0; m < study.fleet.models.size(); ++m) {
    for (std::size_t k = 0; k < 3; ++k) {
      TimeQuantiles all;
      for (const FleetResult& run : study.runs) all.merge(run.by_model[m][k]);
      add(study.fleet.models[m].name, "", kMeasures[k], all);
    }
  }
  std::map<int32_t, std::array<TimeQuantiles, 3>> by_priority;
  for (const FleetResult& run : study.runs) {
    for (const auto& [priority, times] : run.by_priority) {
      for (std::size_t k = 0; k < 3; ++k) by_priority[priority][k].merge(times[k]);
    }
  }
  // where all have the same, the first rows tell it
  if (by_priority.size() < 2) return table.take();
  for (const auto& [priority, times] : by_priority) {
    for (std::size_t k = 0; k < 3; ++k) add("", fmt::format("{}", priority), kMeasures[k], times[k]);
  }
  return table.take();
}

Table balance_table(const ServingStudy& study) {
  RowTable table("serving_balance", "Requests and tokens that were simulated, in and out");
  table.text("what", "What is counted").number("count", "", "Over all replications, as simulated");
  RequestCounts r;
  TokenCounts t;
  for (const FleetResult& run : study.runs) {
    r.arrivals += run.requests.arrivals;
    r.finished += run.requests.finished;
    r.rejected += run.requests.rejected;
    r.lost += run.requests.lost;
    r.gave_up += run.requests.gave_up;
    r.too_long += run.requests.too_long;
    r.unfinished += run.requests.unfinished;
    r.split += run.requests.split;
    r.split_thinned += run.requests.split_thinned;
    r.thinned += run.requests.thinned;
    r.attempts += run.requests.attempts;
    r.refusals += run.requests.refusals;
    r.losses += run.requests.losses;
    r.retries += run.requests.retries;
    r.rerouted += run.requests.rerouted;
    r.unknown_models += run.requests.unknown_models;
    r.warm_up += run.requests.warm_up;
    t.asked_in += run.tokens.asked_in;
    t.asked_out += run.tokens.asked_out;
    t.finished_in += run.tokens.finished_in;
    t.finished_out += run.tokens.finished_out;
    t.generated += run.tokens.generated;
    t.sampled += run.tokens.sampled;
    t.computed_in += run.tokens.computed_in;
    t.cached_in += run.tokens.cached_in;
  }
  const auto add = [&](const char* what, auto count) { table.add(std::string(what), static_cast<double>(count)); };
  add("requests that arrived", r.arrivals);
  add("requests finished", r.finished);
  add("requests rejected", r.rejected);
  add("requests lost", r.lost);
  add("requests that gave up", r.gave_up);
  add("requests too long for any replica", r.too_long);
  add("requests unfinished at the end", r.unfinished);
  add("retries beyond one for a request, where one stood for several", r.split);
  add("of them, routed to a site that simulates fewer", r.split_thinned);
  add("difference of requests", r.arrivals + r.split - r.finished - r.rejected - r.lost - r.gave_up - r.too_long -
                                    r.unfinished - r.split_thinned);
  add("requests of the traffic routed to a site that simulates fewer: none of these", r.thinned);
  add("attempts", r.attempts);
  add("attempts refused", r.refusals);
  add("attempts lost", r.losses);
  add("retries", r.retries);
  add("attempts rerouted from a lost site", r.rerouted);
  add("requests for a model that the fleet does not have", r.unknown_models);
  add("requests in the warm-up, not judged", r.warm_up);
  add("prompt tokens that arrived", t.asked_in);
  add("prompt tokens of finished requests", t.finished_in);
  add("prompt tokens computed, again after preemption or failure", t.computed_in);
  add("prompt tokens found in a cache", t.cached_in);
  add("answer tokens asked for", t.asked_out);
  add("answer tokens of finished requests", t.finished_out);
  add("answer tokens sampled, of requests that ended", t.generated);
  add("answer tokens sampled, by the engines' books", t.sampled);
  add("rows of the trace", study.trace.rows);
  add("rows of the trace given", study.trace.given);
  add("rows of the trace outside the time asked for", study.trace.outside);
  add("rows of the trace at fault", study.trace.faulty);
  add("answers of the trace cut at the context", study.trace.outputs_cut);
  add("sessions ended by the context", study.sessions_cut);
  return table.take();
}

Table replicas_table(const ServingStudy& study) {
  RowTable table("serving_replicas", "How models run on racks");
  table.text("model", "Model")
      .text("rack", "Rack")
      .whole("accelerators", "Of one replica")
      .whole("places", "Requests at a time within the service level")
      .number("requests", "request/s", "With all places taken")
      .number("idle_power", "W", "Of its accelerators")
      .number("full_power", "W", "Of its accelerators, hungriest step")
      .number("load_time", "s", "Until weights are loaded")
      .text("basis", "Deployment, and where its times come from");
  const std::vector<MeanRequest>& means = study.runs.front().options.means;
  for (const ReplicaKind& kind : study.fleet.kinds) {
    const auto m = static_cast<std::size_t>(kind.model);
    const KindFigures figures = figures_of(kind, study.fleet.level, m < means.size() ? means[m] : MeanRequest{});
    table.add(study.fleet.models[m].name, study.fleet.racks[static_cast<std::size_t>(kind.rack)].name,
              kind.accelerators, static_cast<int32_t>(figures.places), figures.requests_per_s, figures.idle_W,
              figures.full_W, seconds(kind.load_time), kind.basis);
  }
  return table.take();
}

Table jobs_table(const ServingStudy& study) {
  const FleetResult& result = study.runs.front();
  RowTable table("serving_jobs", "Training and tuning jobs");
  table.text("job", "Job")
      .text("site", "Place")
      .number("racks", "rack", "All at once or none")
      .number("work", "h", "With all of its racks")
      .number("done", "h", "Kept by a checkpoint, or finished")
      .number("lost", "h", "Worked and lost")
      .number("restarting", "h", "Before it worked")
      .whole("starts", "How often it was started")
      .whole("preempted", "How often serving took its racks")
      .whole("interrupted", "How often a failure stopped it")
      .number("finished", "", "Minute after midnight of the first day; nan: not yet")
      .whole("slots", "Simulated; 0: the job is too small for the scale and is not played");
  for (std::size_t j = 0; j < study.fleet.jobs.size(); ++j) {
    const JobRules& job = study.fleet.jobs[j];
    const JobOutcome& outcome = result.jobs[j];
    table.add(job.name, study.fleet.sites[static_cast<std::size_t>(job.site)].name, job.racks, job.work_h,
              outcome.done_h, outcome.lost_h, outcome.idle_h, outcome.starts, outcome.preempted, outcome.interrupted,
              outcome.finished < 0 ? kNone : seconds(result.options.start_of_day + outcome.finished) / 60,
              result.job_slots[j]);
  }
  return table.take();
}

}  // namespace

std::vector<Table> serving_tables(const ServingStudy& study) {
  std::vector<Table> tables{summary_table(study), sites_table(study),   places_table(study),
                            fleet_table(study),   events_table(study),  percentiles_table(study),
                            balance_table(study), replicas_table(study)};
  if (!study.fleet.jobs.empty()) tables.push_back(jobs_table(study));
  return tables;
}

}  // namespace beltline::serving
