#include "serving/serving_report.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

namespace beltline::serving {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
/// Above it, a small error of the model or the traffic is a large one of every time.
constexpr double kLoadWarned = 0.9;

double seconds(Picoseconds time) {
  return static_cast<double>(time) / static_cast<double>(kSecond);
}

double share(double part, double whole) {
  return whole > 0 ? part / whole : 0;
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
  const double mean = judged > 0 ? all / judged : kNone;
  return {.name = std::move(name),
          .unit = std::move(unit),
          .value = mean,
          .low = mean - half,
          .high = mean + half,
          .note = "batch means over the bins of the busiest hour"};
}

double sum_of(const FleetResult& result, double SiteBin::* what) {
  double total = 0;
  for (const auto& bins : result.site_bins) {
    for (const SiteBin& bin : bins) total += bin.*what;
  }
  return total;
}

double energy_MWh(const FleetResult& result) {
  double total = 0;
  for (const double site : result.energy_MWh) total += site;
  return total;
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

/// "1.23 billion", "4.5 million", "12,300".
std::string many(double count, Language language) {
  const bool korean = language == Language::korean;
  if (korean && count >= 1e8) return fmt::format("{:.2f}억", count / 1e8);
  if (korean && count >= 1e6) return fmt::format("{:.1f}만", count / 1e4);
  if (count >= 1e9) return fmt::format("{:.2f} billion", count / 1e9);
  if (count >= 1e6) return fmt::format("{:.2f} million", count / 1e6);
  std::string digits = fmt::format("{:.0f}", count);
  for (std::ptrdiff_t at = static_cast<std::ptrdiff_t>(digits.size()) - 3; at > 0; at -= 3)
    digits.insert(static_cast<std::size_t>(at), ",");
  return digits;
}

/// "0.42 s", "35 ms".
std::string time_text(double s, Language language) {
  if (std::isnan(s)) return "-";
  const bool korean = language == Language::korean;
  if (s < 1) return fmt::format("{:.0f} ms", s * 1e3);
  return fmt::format("{:.{}f}{}", s, s < 10 ? 2 : 0, korean ? "초" : " s");
}

/// "12.3 MW", "45.6 kW"; the same of MWh.
std::string power_text(double MW, std::string_view hour = {}) {
  return MW < 1 ? fmt::format("{:.1f} kW{}", MW * 1e3, hour) : fmt::format("{:.1f} MW{}", MW, hour);
}

std::string title_of(const FleetSite& site, Language language) {
  const std::string& title = language == Language::korean ? site.title_ko : site.title;
  return title.empty() ? site.name : title;
}

/// TTFT of the whole fleet, 95 % of requests that arrived in some bins.
double ttft_p95(const FleetResult& result, std::size_t first, std::size_t last) {
  TimeQuantiles all;
  for (const auto& bins : result.site_bins) {
    for (std::size_t b = first; b < std::min(last, bins.size()); ++b) all.merge(bins[b].ttft);
  }
  return all.count() > 0 ? all.quantile(0.95) : kNone;
}

/// Writes the text, in one language.
class Teller {
 public:
  Teller(const ServingStudy& study, Language language)
      : study_(study), result_(study.runs.front()), language_(language), korean_(language == Language::korean) {}

  std::string tell() {
    head();
    busiest();
    outages();
    energy();
    warnings();
    sites();
    return std::move(text_);
  }

 private:
  template <class... Args>
  void line(fmt::format_string<Args...> english, fmt::format_string<Args...> korean, Args&&... args) {
    text_ +=
        korean_ ? fmt::format(korean, std::forward<Args>(args)...) : fmt::format(english, std::forward<Args>(args)...);
    text_ += '\n';
  }

  void head() {
    const RequestCounts& r = result_.requests;
    const double arrivals = static_cast<double>(r.arrivals) * result_.options.request_weight;
    line("{:.2f} % of {} requests were served, {:.2f} % within {} to the first token and {} a token",
         "요청 {1}건 가운데 {0:.2f}%를 처리했고, {2:.2f}%가 첫 토큰 {3}, 토큰당 {4} 이내였습니다",
         100 * share(static_cast<double>(r.finished), static_cast<double>(r.arrivals)), many(arrivals, language_),
         100 * share(static_cast<double>(r.judged_good), static_cast<double>(r.judged_arrivals)),
         time_text(study_.fleet.level.ttft_s, language_), time_text(study_.fleet.level.tpot_s, language_));
  }

  void busiest() {
    const std::size_t first = result_.busiest_bin();
    const Picoseconds begin = static_cast<Picoseconds>(first) * result_.options.bin;
    line("busiest hour from {}: load {:.0f} %, 95 % have their first token within {} (half of all day: {})",
         "가장 붐빈 한 시간은 {}부터: 부하 {:.0f}%, 95%가 {} 안에 첫 토큰을 받습니다 (하루 중앙값 {})",
         clock_text(result_.options, begin), 100 * busiest_load(result_),
         time_text(ttft_p95(result_, first, first + result_.bins_per_hour()), language_),
         time_text(result_.ttft.quantile(0.5), language_));
  }

  void outages() {
    for (const OutageRules& outage : study_.fleet.outages) {
      if (outage.begin >= result_.options.duration) continue;
      const auto site = static_cast<std::size_t>(outage.site);
      const auto first = static_cast<std::size_t>(outage.begin / result_.options.bin);
      const auto last = static_cast<std::size_t>((outage.end + result_.options.bin - 1) / result_.options.bin);
      const std::size_t span = std::min(last - first, first);
      double lost = 0, rerouted = 0;
      for (std::size_t b = first; b < std::min(last + 1, result_.site_bins[site].size()); ++b) {
        lost += result_.site_bins[site][b].lost;
        rerouted += result_.site_bins[site][b].rerouted_out;
      }
      double rejected = 0;
      for (std::size_t b = first; b < std::min(last, result_.bins.size()); ++b) rejected += result_.bins[b].rejected;
      const double without = ttft_p95(result_, first, last);
      const std::string title = title_of(study_.fleet.sites[site], language_);
      line("{} was lost from {} to {}: {} requests were lost and asked again, {} went to other sites, {} found none",
           "{}: {}부터 {}까지 정전. 요청 {}건이 끊겨 다시 보내졌고 {}건이 다른 센터로 갔으며 {}건은 갈 곳이 없었습니다",
           title, clock_text(result_.options, outage.begin), clock_text(result_.options, outage.end),
           many(lost, language_), many(rerouted, language_), many(rejected, language_));
      if (std::isnan(without)) {
        line("nothing was served meanwhile", "그동안 처리된 요청이 없습니다");
        continue;
      }
      line("meanwhile 95 % had their first token within {}, before within {}", "그동안 95% 첫 토큰 {}, 그 전에는 {}",
           time_text(without, language_), time_text(ttft_p95(result_, first - span, first), language_));
    }
  }

  void energy() {
    const double out = static_cast<double>(result_.tokens.finished_out) * result_.options.request_weight;
    const double MWh = energy_MWh(result_);
    line("{} answer tokens with {}: {:.2f} Wh a thousand, at most {}",
         "출력 토큰 {}개에 {}: 천 개당 {:.2f} Wh, 최대 {}", many(out, language_), power_text(MWh, "h"),
         out > 0 ? MWh * 1e6 / out * 1e3 : 0, power_text(peak_power_MW(result_)));
  }

  void warnings() {
    const double load = busiest_load(result_);
    if (load > kLoadWarned) {
      line(
          "warning: at a load of {:.0f} % waiting times grow without bound with small errors of model or traffic: read "
          "them as too long, not as seconds",
          "주의: 부하 {:.0f}%에서는 모형이나 트래픽의 작은 오차에도 대기 시간이 끝없이 늘어납니다. 초 단위 값이 아니라 "
          "'너무 김'으로 읽으십시오",
          100 * load);
    }
    const RequestCounts& r = result_.requests;
    if (r.rejected + r.lost + r.gave_up + r.too_long + r.unfinished > 0) {
      line("not served: {} rejected, {} lost, {} gave up, {} too long, {} unfinished (simulated requests)",
           "처리하지 못함: 거절 {}, 유실 {}, 포기 {}, 너무 김 {}, 미완료 {} (모의실험 건수)", r.rejected, r.lost,
           r.gave_up, r.too_long, r.unfinished);
    }
    if (result_.options.scale_down > 1) scaled();
    if (r.unknown_models > 0)
      line("{} requests asked a model that the fleet does not have; {} served them",
           "요청 {}건은 이 센터들에 없는 모델을 불러 {}이(가) 대신 처리했습니다", r.unknown_models,
           study_.fleet.models.front().name);
    if (study_.trace.faulty > 0)
      line("{} of {} rows of the trace were at fault and left out",
           "추적 기록 {1}행 가운데 {0}행에 결함이 있어 뺐습니다", study_.trace.faulty, study_.trace.rows);
    if (study_.trace.outputs_cut > 0)
      line("{} answers of the trace were cut where the context ends", "답 {}건은 문맥 길이에서 끊었습니다",
           study_.trace.outputs_cut);
    if (study_.sessions_cut > 0)
      line("{} sessions ended because the context was full", "대화 {}건은 문맥이 가득 차 끝났습니다",
           study_.sessions_cut);
  }

  void scaled() {
    if (study_.coarser == nullptr) {
      line("one slot and request in {:g} was simulated", "슬롯과 요청을 {:g}분의 1로 줄여 모의실험했습니다",
           result_.options.scale_down);
      return;
    }
    const FleetResult& half = *study_.coarser;
    const auto good = [](const FleetResult& result) {
      return share(static_cast<double>(result.requests.judged_good),
                   static_cast<double>(result.requests.judged_arrivals));
    };
    line(
        "one slot and request in {:g} was simulated; with half as many, the first token at 95 % differs by {:+.1f} %, "
        "the share within the level by {:+.2f} points",
        "슬롯과 요청을 {:g}분의 1로 줄여 모의실험했습니다. 다시 절반으로 줄이면 95% 첫 토큰이 {:+.1f}%, 서비스 수준 "
        "비율이 {:+.2f}%p 달라집니다",
        result_.options.scale_down, 100 * (half.ttft.quantile(0.95) / std::max(1e-9, result_.ttft.quantile(0.95)) - 1),
        100 * (good(half) - good(result_)));
  }

  void sites() {
    Table table;
    table.columns.reserve(16);  // references below stay
    auto& name = std::get<std::vector<std::string>>(table.add_texts(korean_ ? "센터" : "site").values);
    const auto number = [&](const char* english, const char* korean, const char* unit) -> std::vector<double>& {
      return std::get<std::vector<double>>(table.add_numbers(korean_ ? korean : english, unit).values);
    };
    auto& racks = number("racks", "랙", "");
    auto& requests = number("requests", "요청", "million");
    auto& out = number("answers", "출력", "Mtoken/s");
    auto& p50 = number("TTFT p50", "첫 토큰 p50", "s");
    auto& p95 = number("TTFT p95", "첫 토큰 p95", "s");
    auto& tpot = number("TPOT p50", "토큰당 p50", "ms");
    auto& load = number("peak load", "최대 부하", "%");
    auto& power = number("peak power", "최대 전력", "MW");
    auto& energy = number("energy", "전력량", "MWh");
    const double bins = static_cast<double>(std::max<Picoseconds>(1, result_.options.duration / result_.options.bin));
    for (std::size_t s = 0; s < study_.fleet.sites.size(); ++s) {
      const FleetSite& site = study_.fleet.sites[s];
      TimeQuantiles ttft, per_token;
      double finished = 0, tokens = 0, most_load = 0, most_power = 0, all_racks = 0;
      for (const SiteRacks& here : site.racks) all_racks += here.count;
      for (const SiteBin& bin : result_.site_bins[s]) {
        ttft.merge(bin.ttft);
        per_token.merge(bin.tpot);
        finished += bin.finished;
        tokens += bin.tokens_out_per_s;
        most_load = std::max(most_load, bin.load);
        most_power = std::max(most_power, bin.power_MW);
      }
      name.push_back(site.name);
      racks.push_back(std::round(all_racks));
      requests.push_back(finished / 1e6);
      out.push_back(tokens / bins / 1e6);
      p50.push_back(ttft.count() > 0 ? ttft.quantile(0.5) : kNone);
      p95.push_back(ttft.count() > 0 ? ttft.quantile(0.95) : kNone);
      tpot.push_back(per_token.count() > 0 ? per_token.quantile(0.5) * 1e3 : kNone);
      load.push_back(100 * most_load);
      power.push_back(most_power);
      energy.push_back(result_.energy_MWh[s]);
    }
    text_ += '\n' + to_text(table, 24);
  }

  const ServingStudy& study_;
  const FleetResult& result_;
  Language language_;
  bool korean_;
  std::string text_;
};

}  // namespace

double busiest_load(const FleetResult& result) {
  double arrivals = 0, capacity = 0;
  const std::size_t first = result.busiest_bin();
  for (const auto& bins : result.site_bins) {
    for (std::size_t b = first; b < std::min(first + result.bins_per_hour(), bins.size()); ++b) {
      arrivals += bins[b].arrivals;
      capacity += bins[b].capacity;
    }
  }
  return share(arrivals, capacity);
}

std::string clock_text(const FleetRunOptions& options, Picoseconds at) {
  const int64_t minute = (options.start_of_day + at) / (60 * kSecond);
  const std::string clock = fmt::format("{:02}:{:02}", minute / 60 % 24, minute % 60);
  return minute < 24 * 60 ? clock : fmt::format("{}d {}", minute / (24 * 60), clock);
}

std::vector<ServingFigure> serving_figures(const ServingStudy& study) {
  std::vector<ServingFigure> out;
  const double k = study.runs.front().options.request_weight;
  const double span_s = seconds(study.runs.front().options.duration);
  const auto add = [&](const char* name, const char* unit, auto value, const char* note = "") {
    out.push_back(over_runs(study, name, unit, value, note));
  };
  const auto count = [&](const char* name, int64_t RequestCounts::* what, const char* note) {
    add(name, "request", [=](const FleetResult& r) { return static_cast<double>(r.requests.*what) * k; }, note);
  };
  count("requests", &RequestCounts::arrivals, "of clients, each once");
  add("served_share", "1", [](const FleetResult& r) {
    return share(static_cast<double>(r.requests.finished), static_cast<double>(r.requests.arrivals));
  });
  add(
      "good_share", "1",
      [](const FleetResult& r) {
        return share(static_cast<double>(r.requests.judged_good), static_cast<double>(r.requests.judged_arrivals));
      },
      "within the service level, of all that arrived after the warm-up");
  add("goodput", "request/s", [=](const FleetResult& r) { return static_cast<double>(r.requests.good) * k / span_s; });
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
      "tokens_in", "token/s",
      [=](const FleetResult& r) { return static_cast<double>(r.tokens.finished_in) * k / span_s; },
      "prompts of finished requests, cached ones among them");
  add("tokens_out", "token/s",
      [=](const FleetResult& r) { return static_cast<double>(r.tokens.finished_out) * k / span_s; });
  add(
      "cached_share", "1",
      [](const FleetResult& r) { return share(r.tokens.cached_in, r.tokens.cached_in + r.tokens.computed_in); },
      "of prompt tokens, found in a prefix cache");
  count("rejected", &RequestCounts::rejected, "refused by every site at the last attempt");
  count("lost", &RequestCounts::lost, "with a site at the last attempt");
  count("attempts_lost", &RequestCounts::losses, "with a site, asked again or not");
  count("retries", &RequestCounts::retries, "");
  count("rerouted", &RequestCounts::rerouted, "attempts that a lost site would have had");
  add("energy", "MWh", [](const FleetResult& r) { return energy_MWh(r); }, "of the facilities");
  add("peak_power", "MW", [](const FleetResult& r) { return peak_power_MW(r); });
  add(
      "training_slots", "slot",
      [](const FleetResult& r) {
        return sum_of(r, &SiteBin::training_slots) / std::max<double>(1, static_cast<double>(r.bins.size()));
      },
      "slots that train, mean");
  out.push_back({.name = "scale_down",
                 .unit = "1",
                 .value = k,
                 .low = kNone,
                 .high = kNone,
                 .note = "slots and requests in truth for one simulated"});
  if (study.coarser != nullptr) {
    const FleetResult& half = *study.coarser;
    const double p95 = first.ttft.quantile(0.95);
    out.push_back({.name = "scale_down_error_ttft_p95",
                   .unit = "1",
                   .value = p95 > 0 ? half.ttft.quantile(0.95) / p95 - 1 : kNone,
                   .low = kNone,
                   .high = kNone,
                   .note = "of the run with half as many slots, over this one"});
  }
  return out;
}

std::string serving_text(const ServingStudy& study, Language language) {
  return Teller(study, language).tell();
}

}  // namespace beltline::serving
