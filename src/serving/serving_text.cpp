// The text of a simulation, in one language.
#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <iterator>
#include <numbers>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/count.h"
#include "serving/serving_report_parts.h"

namespace beltline::serving {
namespace {

/// Above it, a small error of the model or the traffic is a large one of every time.
constexpr double kLoadWarned = 0.9;

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
  if (std::isnan(s)) return "–";
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

/// Unit of a column of amounts, by the largest of them.
struct AmountUnit {
  double size = 1;
  const char* english = "";
  const char* korean = "";
};
AmountUnit unit_for(const std::vector<double>& values, std::initializer_list<AmountUnit> units) {
  double most = 0;
  for (const double value : values) most = std::max(most, std::isnan(value) ? 0 : value);
  for (const AmountUnit& unit : units) {
    if (most >= unit.size) return unit;
  }
  return *std::prev(units.end());
}

/// Writes the text, in one language.
class Teller {
 public:
  Teller(const ServingStudy& study, Language language)
      : study_(study), result_(study.runs.front()), language_(language), korean_(language == Language::korean) {}

  std::string tell() {
    title();
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

  /// What was played: "Korea in 2029-12: 6 sites, 2,285 racks of 3 kinds, deepseek-v3; traffic chat, 12 requests".
  void title() {
    const FleetSpec& fleet = study_.fleet;
    double racks = 0;
    std::vector<bool> kinds(fleet.racks.size());
    for (const FleetSite& site : fleet.sites) {
      for (const SiteRacks& here : site.racks) {
        racks += here.count;
        kinds[static_cast<std::size_t>(here.rack)] = true;
      }
    }
    std::vector<std::string> models;
    for (const ServedModel& model : fleet.models) models.push_back(model.name);
    if (models.size() > 3) {
      const std::size_t more = models.size() - 2;
      models.resize(2);
      models.push_back(korean_ ? fmt::format("외 {}개", more) : fmt::format("{} more", more));
    }
    std::string name = korean_ && !fleet.title_ko.empty() ? fleet.title_ko : fleet.title;
    if (!study_.month.empty()) name += korean_ ? ", " + study_.month : " in " + study_.month;
    const auto kind_count = static_cast<std::size_t>(std::ranges::count(kinds, true));
    const std::string served = fmt::format("{}", fmt::join(models, ", ")),
                      requests = many(result_.amounts.arrivals, language_);
    if (korean_) {
      text_ += fmt::format("{}: 센터 {}곳, 랙 {}종 {}개, {}; 트래픽 {}, 요청 {}건\n", name, fleet.sites.size(),
                           kind_count, many(racks, language_), served, study_.traffic_name, requests);
      return;
    }
    text_ +=
        fmt::format("{}: {}, {} {} of {}, {}; traffic {}, {} requests\n", name, counted(fleet.sites.size(), "site"),
                    many(racks, language_), std::round(racks) == 1 ? "rack" : "racks", counted(kind_count, "kind"),
                    served, study_.traffic_name, requests);
  }

  void head() {
    line("{:.2f} % of {} requests were served, {:.2f} % within {} to the first token and {} a token",
         "요청 {1}건 가운데 {0:.2f}%를 처리했고, {2:.2f}%가 첫 토큰 {3}, 토큰당 {4} 이내였습니다",
         100 * result_.amounts.served_share(), many(result_.amounts.arrivals, language_),
         100 * result_.amounts.good_share(), time_text(study_.fleet.level.ttft_s, language_),
         time_text(study_.fleet.level.tpot_s, language_));
  }

  void busiest() {
    const std::size_t first = result_.busiest_bin();
    const Picoseconds begin = static_cast<Picoseconds>(first) * result_.options.bin;
    line("busiest hour from {}: load {:.0f} %, 95 % have their first token within {} (half of all day: {})",
         "가장 붐빈 한 시간은 {}부터: 부하 {:.0f}%, 95%가 {} 안에 첫 토큰을 받습니다 (하루 중앙값 {})",
         clock_text(result_.options, begin), 100 * busiest_load(result_),
         time_text(ttft_p95(result_, first, first + result_.bins_per_hour()), language_),
         time_text(result_.ttft.count() > 0 ? result_.ttft.quantile(0.5) : kNoFigure, language_));
  }

  void outages() {
    for (std::size_t i = 0; i < study_.fleet.outages.size(); ++i) {
      const OutageRules& outage = study_.fleet.outages[i];
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
      for (std::size_t b = first; b < std::min(last, result_.bins.size()); ++b)
        rejected += result_.bins[b].rejected + result_.bins[b].lost;
      const double without = ttft_p95(result_, first, last);
      const std::string title = title_of(study_.fleet.sites[site], language_);
      line("{} was lost from {} to {}: {} requests were lost and asked again, {} went to other sites, {} found none",
           "{}: {}부터 {}까지 정전. 요청 {}건이 끊겨 다시 보내졌고 {}건이 다른 센터로 갔으며 {}건은 갈 곳이 없었습니다",
           title, clock_text(result_.options, outage.begin), clock_text(result_.options, outage.end),
           many(lost, language_), many(rerouted, language_), many(rejected, language_));
      if (study_.fleet.sites.size() == 1) {
        line("{} is the only site: nobody else could serve the {:.2f} % of all requests that came in the outage",
             "{}은(는) 하나뿐인 센터입니다. 정전 중에 들어온 전체 요청의 {:.2f}%를 대신 처리할 곳이 없었습니다", title,
             100 * share_of(result_.outage_arrivals[i], result_.amounts.arrivals));
      }
      if (std::isnan(without)) {
        line("nothing was served meanwhile", "그동안 처리된 요청이 없습니다");
        continue;
      }
      line("meanwhile 95 % had their first token within {}, before within {}", "그동안 95% 첫 토큰 {}, 그 전에는 {}",
           time_text(without, language_), time_text(ttft_p95(result_, first - span, first), language_));
    }
  }

  void energy() {
    const EnergySplit split = energy_split(result_);
    const std::string a_thousand =
        std::isnan(Wh_a_thousand(result_)) ? "–" : fmt::format("{:.2f}", Wh_a_thousand(result_));
    line("{} answer tokens with {} of the slots that serve: {} Wh a thousand",
         "출력 토큰 {}개에 서비스 슬롯 전력량 {}: 천 개당 {} Wh", many(result_.amounts.tokens_out, language_),
         power_text(split.serving, "h"), a_thousand);
    if (!(split.training + split.idle > 0)) {
      line("at most {}", "최대 {}", power_text(peak_power_MW(result_)));
      return;
    }
    line("besides, training took {} and slots that did nothing {}; all together {}, at most {}",
         "그 밖에 학습 {}, 쉬는 슬롯 {}. 모두 {}, 최대 {}", power_text(split.training, "h"),
         power_text(split.idle, "h"), power_text(split.total(), "h"), power_text(peak_power_MW(result_)));
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
    const RequestAmounts& a = result_.amounts;
    if (r.rejected + r.lost + r.gave_up + r.too_long + r.unfinished > 0) {
      line("not served: {} rejected, {} lost, {} gave up, {} too long, {} unfinished",
           "처리하지 못함: 거절 {}건, 유실 {}건, 포기 {}건, 너무 김 {}건, 미완료 {}건", many(a.rejected, language_),
           many(a.lost, language_), many(a.gave_up, language_), many(a.too_long, language_),
           many(a.unfinished, language_));
    }
    if (result_.options.scale.is_down()) scaled();
    if (r.unknown_models > 0)
      line("{} requests asked a model that the fleet does not have; {} served them",
           "요청 {}건은 이 센터들에 없는 모델을 불러 {}이(가) 대신 처리했습니다", many(a.unknown_models, language_),
           study_.fleet.models.front().name);
    if (study_.trace.faulty > 0)
      line("{} of {} rows of the trace were at fault and left out",
           "추적 기록 {1}행 가운데 {0}행에 결함이 있어 뺐습니다",
           many(static_cast<double>(study_.trace.faulty), language_),
           many(static_cast<double>(study_.trace.rows), language_));
    if (study_.trace.outputs_cut > 0)
      line("{} answers of the trace were cut where the context ends", "답 {}건은 문맥 길이에서 끊었습니다",
           many(static_cast<double>(study_.trace.outputs_cut), language_));
    if (study_.sessions_cut > 0)
      line("{} sessions ended because the context was full", "대화 {}건은 문맥이 가득 차 끝났습니다",
           many(static_cast<double>(study_.sessions_cut), language_));
  }

  void scaled() {
    double least = result_.weights.front(), most = least;
    int32_t slots = 0;
    for (std::size_t s = 0; s < result_.weights.size(); ++s) {
      least = std::min(least, result_.weights[s]);
      most = std::max(most, result_.weights[s]);
      slots += result_.simulated_slots[s];
    }
    const std::string down = most - least < 0.01 * most ? fmt::format("{:.4g}", (least + most) / 2)
                                                        : fmt::format("{:.4g}–{:.4g}", least, most);
    line("scaled down: one slot in {} was simulated, {} in all, and {} requests",
         "축소: 슬롯을 {}분의 1로 줄여 모두 {}개와 요청 {}건을 모의실험했습니다", down, slots,
         many(static_cast<double>(result_.requests.arrivals), language_));
    if (study_.coarser == nullptr) return;
    const ScaleError error = scale_error(result_, *study_.coarser);
    line(
        "with half as many, the first token at 95 % differs by {:+.1f} %, the share within the level by {:+.2f} "
        "points, "
        "a site's share of the requests by {:.1f} points at most",
        "다시 절반으로 줄이면 95% 첫 토큰이 {:+.1f}%, 서비스 수준 비율이 {:+.2f}%p, 센터별 요청 비율이 최대 {:.1f}%p "
        "달라집니다",
        100 * error.ttft_p95, 100 * error.good, 100 * error.site_share);
    // differences that halve with each doubling of the slots add up to the last one once more; those that fall with the
    // root of their number to 1 / (√2 − 1) = 2.4 times it
    line(
        "what more slots would change: times by about {:.1f} %, {:.0f} % if errors fall only with the root of the "
        "slots",
        "슬롯이 더 많으면 바뀔 값: 시간 약 {:.1f}%, 오차가 슬롯 수의 제곱근으로만 줄어든다면 {:.0f}%",
        100 * error.times, 100 * error.times / (std::numbers::sqrt2 - 1));
  }

  void sites() {
    Table table;
    table.columns.reserve(16);  // references below stay
    auto& name = std::get<std::vector<std::string>>(table.add_texts(korean_ ? "센터" : "site").values);
    const auto number = [&](const char* english, const char* korean, const char* unit = "") -> std::vector<double>& {
      return std::get<std::vector<double>>(table.add_numbers(korean_ ? korean : english, unit).values);
    };
    auto& racks = number("racks", "랙");
    auto& serving = number("serve", "서비스");
    auto& training = number("train", "학습");
    auto& requests = number("requests", "요청");
    auto& out = number("answers", "출력");
    auto& p50 = number("TTFT p50", "첫 토큰 p50", "s");
    auto& p95 = number("TTFT p95", "첫 토큰 p95", "s");
    auto& tpot = number("TPOT p50", "토큰당 p50", "ms");
    auto& load = number("load", "부하", "%");
    auto& peak = number("peak", "최대", "%");
    auto& power = number("peak power", "최대 전력");
    auto& energy = number("energy", "전력량");
    for (std::size_t s = 0; s < study_.fleet.sites.size(); ++s) {
      const SiteDay day = site_day(study_, s);
      name.push_back(study_.fleet.sites[s].name);
      racks.push_back(std::round(day.racks));
      serving.push_back(day.serving_racks);
      training.push_back(day.training_racks);
      requests.push_back(day.finished);
      out.push_back(day.tokens_out_per_s);
      p50.push_back(day.ttft.count() > 0 ? day.ttft.quantile(0.5) : kNoFigure);
      p95.push_back(day.ttft.count() > 0 ? day.ttft.quantile(0.95) : kNoFigure);
      tpot.push_back(day.tpot.count() > 0 ? day.tpot.quantile(0.5) * 1e3 : kNoFigure);
      load.push_back(100 * day.load);
      peak.push_back(100 * day.peak_load);
      power.push_back(day.peak_MW * 1e6);
      energy.push_back(result_.energy_MWh[s].total() * 1e6);
    }
    const auto in = [&](std::vector<double>& values, std::initializer_list<AmountUnit> units) {
      const AmountUnit unit = unit_for(values, units);
      for (double& value : values) value /= unit.size;
      const auto column = std::ranges::find_if(
          table.columns, [&](const Column& one) { return std::get_if<std::vector<double>>(&one.values) == &values; });
      column->unit = korean_ ? unit.korean : unit.english;
    };
    in(requests, {{1e6, "million", "백만"}, {1e3, "thousand", "천"}, {1, "", ""}});
    in(out, {{1e6, "Mtoken/s", "Mtoken/s"}, {1e3, "ktoken/s", "ktoken/s"}, {1, "token/s", "token/s"}});
    in(power, {{1e6, "MW", "MW"}, {1e3, "kW", "kW"}});
    in(energy, {{1e6, "MWh", "MWh"}, {1e3, "kWh", "kWh"}});
    text_ += '\n' + without_nan(to_text(table, 24));
  }

  /// A dash where there is no value.
  static std::string without_nan(std::string text) {
    for (std::size_t at = text.find("  nan"); at != std::string::npos; at = text.find("  nan", at + 5)) {
      const std::size_t end = at + 5;
      if (end == text.size() || text[end] == ' ' || text[end] == '\n') text.replace(at, 5, "    –");
    }
    return text;
  }

  const ServingStudy& study_;
  const FleetResult& result_;
  Language language_;
  bool korean_;
  std::string text_;
};

}  // namespace

std::string serving_text(const ServingStudy& study, Language language) {
  return Teller(study, language).tell();
}

}  // namespace beltline::serving
