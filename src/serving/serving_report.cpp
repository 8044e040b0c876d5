#include "serving/serving_report.h"

#include <algorithm>
#include <cmath>
#include <span>
#include <tuple>

#include <fmt/format.h>

#include "serving/serving_report_parts.h"

namespace beltline::serving {
namespace {

double seconds(Picoseconds time) {
  return static_cast<double>(time) / static_cast<double>(kSecond);
}

/// A figure over replications: their mean and its interval.
template <class Value>
ServingFigure over_runs(const ServingStudy& study, std::string name, std::string unit, const Value& value,
                        std::string note = {}) {
  std::vector<double> values;
  for (const FleetResult& run : study.runs) values.push_back(value(run));
  const MeanInterval found = mean_interval(values);
  return {.name = std::move(name),
          .unit = std::move(unit),
          .value = found.mean,
          .low = found.mean - found.half,
          .high = found.mean + found.half,
          .note = std::move(note)};
}

/// A mean in the busiest hour, with the interval that the means of its bins give (batch means).
ServingFigure in_busiest_hour(const FleetResult& result, std::string name, std::string unit, double FleetBin::* sum) {
  std::vector<double> means;
  double all = 0, judged = 0;
  const std::size_t first = result.busiest_bin();
  for (std::size_t b = first; b < std::min(first + result.bins_per_hour(), result.bins.size()); ++b) {
    const FleetBin& bin = result.bins[b];
    if (bin.judged <= 0) continue;
    means.push_back(bin.*sum / bin.judged);
    all += bin.*sum;
    judged += bin.judged;
  }
  const double half = mean_interval(means).half;
  const double mean = judged > 0 ? all / judged : kNoFigure;
  return {.name = std::move(name),
          .unit = std::move(unit),
          .value = mean,
          .low = mean - half,
          .high = mean + half,
          .note = "batch means over the bins of the busiest hour"};
}

}  // namespace

double sum_of(const FleetResult& result, double SiteBin::* what) {
  double total = 0;
  for (const auto& bins : result.site_bins) {
    for (const SiteBin& bin : bins) total += bin.*what;
  }
  return total;
}

double energy_MWh(const FleetResult& result) {
  double total = 0;
  for (const EnergySplit& site : result.energy_MWh) total += site.total();
  return total;
}

EnergySplit energy_split(const FleetResult& result) {
  EnergySplit sum;
  for (const EnergySplit& site : result.energy_MWh) {
    sum.serving += site.serving;
    sum.training += site.training;
    sum.idle += site.idle;
  }
  return sum;
}

double Wh_a_thousand(const FleetResult& result) {
  const double out = result.amounts.tokens_out;
  return out > 0 ? energy_split(result).serving * 1e6 / out * 1e3 : kNoFigure;
}

double site_share(const FleetResult& result, std::size_t site) {
  double here = 0;
  for (const SiteBin& bin : result.site_bins[site]) here += bin.arrivals;
  return share_of(here, sum_of(result, &SiteBin::arrivals));
}

double peak_power_MW(const FleetResult& result) {
  double peak = 0;
  for (std::size_t b = 0; b < result.bins.size(); ++b) {
    double sum = 0;
    for (const auto& bins : result.site_bins) sum += b < bins.size() ? bins[b].power_MW : 0;
    peak = std::max(peak, sum);
  }
  return peak;
}

double ttft_p95(const FleetResult& result, std::size_t first, std::size_t last) {
  TimeQuantiles all;
  for (const auto& bins : result.site_bins) {
    for (std::size_t b = first; b < std::min(last, bins.size()); ++b) all.merge(bins[b].ttft);
  }
  return all.count() > 0 ? all.quantile(0.95) : kNoFigure;
}

ScaleError scale_error(const FleetResult& fine, const FleetResult& half) {
  ScaleError out{.good = half.amounts.good_share() - fine.amounts.good_share()};
  const auto relative = [&](const TimeQuantiles FleetResult::* what, double at) {
    const double there = (fine.*what).quantile(at);
    return there > 0 ? (half.*what).quantile(at) / there - 1 : 0;
  };
  out.ttft_p95 = relative(&FleetResult::ttft, 0.95);
  for (const auto& what : {&FleetResult::ttft, &FleetResult::tpot}) {
    for (const double at : {0.5, 0.95}) out.times = std::max(out.times, std::abs(relative(what, at)));
  }
  for (std::size_t s = 0; s < fine.site_bins.size(); ++s)
    out.site_share = std::max(out.site_share, std::abs(site_share(half, s) - site_share(fine, s)));
  return out;
}

SiteDay site_day(const ServingStudy& study, std::size_t site) {
  const FleetResult& result = study.runs.front();
  const double bins =
      std::max(1.0, static_cast<double>(result.options.duration) / static_cast<double>(result.options.bin));
  SiteDay out;
  double capacity = 0;
  const auto last = static_cast<std::size_t>(std::ceil(bins));
  for (const SiteRacks& here : study.fleet.sites[site].racks) out.racks += here.count;
  for (const SiteBin& bin : result.site_bins[site]) {
    out.ttft.merge(bin.ttft);
    out.tpot.merge(bin.tpot);
    out.arrivals += bin.arrivals;
    out.finished += bin.finished;
    capacity += bin.capacity;
    out.tokens_in_per_s += bin.tokens_in_per_s / bins;
    out.tokens_out_per_s += bin.tokens_out_per_s / bins;
    out.peak_load = std::max(out.peak_load, bin.load);
    out.peak_MW = std::max(out.peak_MW, bin.power_MW);
  }
  out.load = share_of(out.arrivals, capacity);
  // what goes on after the traffic is not of the day
  const std::size_t count = std::min(last, result.site_bins[site].size());
  for (const SiteBin& bin : std::span(result.site_bins[site]).first(count)) {
    const auto bin_count = static_cast<double>(count);
    out.serving_slots += bin.serving_slots / bin_count;
    out.training_slots += bin.training_slots / bin_count;
    out.serving_racks += bin.serving_racks / bin_count;
    out.training_racks += bin.training_racks / bin_count;
  }
  return out;
}

double scale_down_of(const FleetResult& result) {
  if (!result.options.scale.is_down() || result.requests.arrivals == 0) return 1;
  return result.amounts.arrivals / static_cast<double>(result.requests.arrivals);
}

double busiest_load(const FleetResult& result) {
  double arrivals = 0, capacity = 0;
  const std::size_t first = result.busiest_bin();
  for (const auto& bins : result.site_bins) {
    for (std::size_t b = first; b < std::min(first + result.bins_per_hour(), bins.size()); ++b) {
      arrivals += bins[b].arrivals;
      capacity += bins[b].capacity;
    }
  }
  return share_of(arrivals, capacity);
}

std::string clock_text(const FleetRunOptions& options, Picoseconds at) {
  const int64_t minute = (options.start_of_day + at) / (60 * kSecond);
  const std::string clock = fmt::format("{:02}:{:02}", minute / 60 % 24, minute % 60);
  return minute < 24 * 60 ? clock : fmt::format("{}d {}", minute / (24 * 60), clock);
}

std::vector<ServingFigure> serving_figures(const ServingStudy& study) {
  std::vector<ServingFigure> out;
  const double span_s = seconds(study.runs.front().options.duration);
  const auto add = [&](const char* name, const char* unit, auto value, const char* note = "") {
    out.push_back(over_runs(study, name, unit, value, note));
  };
  const auto count = [&](const char* name, double RequestAmounts::* what, const char* note) {
    add(name, "request", [=](const FleetResult& r) { return r.amounts.*what; }, note);
  };
  count("requests", &RequestAmounts::arrivals, "of clients, each once");
  add("served_share", "1", [](const FleetResult& r) { return r.amounts.served_share(); });
  add(
      "good_share", "1", [](const FleetResult& r) { return r.amounts.good_share(); },
      "within the service level, of all that arrived after the warm-up");
  add("goodput", "request/s", [=](const FleetResult& r) { return r.amounts.good / span_s; });
  for (const auto& [name, times] : {std::pair{"ttft", &FleetResult::ttft}, std::pair{"tpot", &FleetResult::tpot},
                                    std::pair{"e2e", &FleetResult::e2e}}) {
    out.push_back(
        over_runs(study, fmt::format("{}_mean", name), "s", [&](const FleetResult& r) { return (r.*times).mean(); }));
    for (const auto& [label, p] :
         {std::pair{"p50", 0.5}, std::pair{"p90", 0.9}, std::pair{"p95", 0.95}, std::pair{"p99", 0.99}})
      out.push_back(over_runs(study, fmt::format("{}_{}", name, label), "s",
                              [&](const FleetResult& r) { return (r.*times).quantile(p); }));
  }
  const FleetResult& first = study.runs.front();
  out.push_back(in_busiest_hour(first, "busiest_hour_ttft_mean", "s", &FleetBin::ttft_sum_s));
  out.push_back(in_busiest_hour(first, "busiest_hour_tpot_mean", "s", &FleetBin::tpot_sum_s));
  out.push_back(in_busiest_hour(first, "busiest_hour_good_share", "1", &FleetBin::good));
  add(
      "busiest_hour_load", "1", [](const FleetResult& r) { return busiest_load(r); },
      "requests that arrived over what the replicas could have served");
  add(
      "tokens_in", "token/s", [=](const FleetResult& r) { return r.amounts.tokens_in / span_s; },
      "prompts of finished requests, cached ones among them");
  add("tokens_out", "token/s", [=](const FleetResult& r) { return r.amounts.tokens_out / span_s; });
  add(
      "cached_share", "1",
      [](const FleetResult& r) { return share_of(r.tokens.cached_in, r.tokens.cached_in + r.tokens.computed_in); },
      "of prompt tokens, found in a prefix cache");
  count("rejected", &RequestAmounts::rejected, "refused by every site at the last attempt");
  count("lost", &RequestAmounts::lost, "with a site at the last attempt");
  count("attempts_lost", &RequestAmounts::losses, "with a site, asked again or not");
  count("retries", &RequestAmounts::retries, "");
  count("rerouted", &RequestAmounts::rerouted, "attempts that a lost site would have had");
  add("energy", "MWh", [](const FleetResult& r) { return energy_MWh(r); }, "of the facilities");
  add(
      "energy_serving", "MWh", [](const FleetResult& r) { return energy_split(r).serving; },
      "of it, slots that load, serve or drain, with their part of auxiliaries and of PUE");
  add("energy_training", "MWh", [](const FleetResult& r) { return energy_split(r).training; }, "slots with a job");
  add("energy_idle", "MWh", [](const FleetResult& r) { return energy_split(r).idle; }, "slots with neither");
  add("energy_a_thousand_tokens", "Wh", Wh_a_thousand, "energy_serving over answer tokens of finished requests");
  add("peak_power", "MW", [](const FleetResult& r) { return peak_power_MW(r); });
  add(
      "training_slots", "slot",
      [](const FleetResult& r) {
        return sum_of(r, &SiteBin::training_slots) / std::max<double>(1, static_cast<double>(r.bins.size()));
      },
      "slots that train, mean");
  out.push_back({.name = "scale_down",
                 .unit = "1",
                 .value = scale_down_of(first),
                 .low = kNoFigure,
                 .high = kNoFigure,
                 .note = "requests in truth for one simulated, mean over sites"});
  if (study.coarser != nullptr) {
    const ScaleError error = scale_error(first, *study.coarser);
    for (const auto& [name, value, note] :
         {std::tuple{"scale_down_error_ttft_p95", error.ttft_p95, "of the run with half as many slots, over this one"},
          std::tuple{"scale_down_error_times", error.times, "the largest such difference of four times"},
          std::tuple{"scale_down_error_site_share", error.site_share, "the largest difference of a site's share"}})
      out.push_back({.name = name, .unit = "1", .value = value, .low = kNoFigure, .high = kNoFigure, .note = note});
  }
  return out;
}

}  // namespace beltline::serving
