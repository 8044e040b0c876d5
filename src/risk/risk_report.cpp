#include "risk/risk_report.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <map>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/count.h"
#include "base/text.h"
#include "model/words.h"
#include "risk/cause_names.h"
#include "risk/idle.h"
#include "risk/ranges.h"
#include "risk/reach.h"
#include "risk/risk_tables.h"
#include "run/amounts.h"
#include "table/run_folder.h"

namespace beltline {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kShownCauses = 3;

std::string percent(double share) {
  const double of_100 = 100 * share;
  if (of_100 <= 0 || of_100 >= 100) return fmt::format("{:.0f} %", of_100);
  if (of_100 < 0.1) return "< 0.1 %";
  if (of_100 > 99.9) return "> 99.9 %";
  // near either end whole numbers would say never, or always
  const bool is_near_an_end = of_100 < 10 || of_100 > 99;
  return fmt::format("{:.{}f} %", of_100, is_near_an_end ? 1 : 0);
}

/// The text of a risk run in one language.
class RiskText {
 public:
  RiskText(const RiskResult& result, const RiskRequest& request, const Spec& spec, Language language)
      : r_(result), m_(*result.play.model), q_(request), spec_(spec), is_korean_(language == Language::korean) {}

  std::string write() {
    head();
    milestones();
    causes();
    levers();
    idle();
    fans();
    return std::move(out_);
  }

 private:
  void line(std::string_view head, const std::string& text) { out_ += padded(head) + text + "\n"; }
  static std::string padded(std::string_view head) {
    std::string out(head);
    const std::size_t width = width_of(head);
    out.append(width < 14 ? 14 - width : 1, ' ');
    return out;
  }
  [[nodiscard]] std::string either(const char* english, const char* korean) const {
    return is_korean_ ? korean : english;
  }

  void head() {
    out_ += fmt::format("{}\n", spec_.title.empty() ? spec_.name : spec_.title);
    const auto n = grouped(r_.odds.replications);
    const std::string sources = grouped(static_cast<double>(std::ranges::count(r_.is_reached, char{1})));
    const std::string shocks = grouped(static_cast<double>(r_.play.chances.shocks.size()));
    const std::string cut = r_.odds.is_complete
                                ? r_.odds.is_precise ? either(", as precise as asked", ", 요청한 정밀도에 도달") : ""
                                : either(", stopped early", ", 중간에 멈춤");
    line(either("risk", "위험"),
         is_korean_ ? fmt::format("{}회 반복 × {}기간, 난수 {}종, 충격 {}종{}; {:.0f} % 신뢰구간", n, m_.period_count(),
                                  sources, shocks, cut, 100 * r_.level)
                    : fmt::format("{} replications of {} periods; {} draws and {} shocks{}; {:.0f} % confidence", n,
                                  m_.period_count(), sources, shocks, cut, 100 * r_.level));
    if (q_.options.replan_every > 0) {
      line("", is_korean_ ? fmt::format("{}기간마다 계획 수정", q_.options.replan_every)
                          : fmt::format("planned again every {} periods", q_.options.replan_every));
    }
  }

  [[nodiscard]] std::string title(const PlayMilestone& each) const {
    const Titles& titles = each.milestone.titles;
    const std::string& english = titles.title.empty() ? each.milestone.name : titles.title;
    return is_korean_ && !titles.title_ko.empty() ? titles.title_ko : english;
  }
  [[nodiscard]] std::string month(int period) const {
    const std::string label = month_or_none(m_, period);
    return label.empty() ? either("later", "이후") : label;
  }
  [[nodiscard]] std::string amount(double quantity, const std::string& unit) const {
    return quantity_words(quantity, unit, is_korean_ ? Language::korean : Language::english);
  }

  void milestones() {
    std::vector<std::size_t> hopeless;
    bool is_first = true;
    for (std::size_t i = 0; i < r_.observation.milestones.size(); ++i) {
      const PlayMilestone& each = r_.observation.milestones[i];
      if (!each.is_planned()) {
        hopeless.push_back(i);
        continue;
      }
      const MilestoneOdds& odds = r_.odds.milestones[i];
      const Interval within = odds.met.interval(r_.level);
      const std::string what = fmt::format("{}: {}", title(each), amount(each.milestone.quantity, each.milestone.unit));
      const std::string due = m_.calendar.label(each.milestone.period);
      line(is_first ? either("holds?", "지켜지나") : "",
           is_korean_ ? fmt::format("{}까지 {:>6} ({}–{})  절반은 {}까지, 90 %는 {}까지  {}", due,
                                    percent(odds.met.value()), percent(within.low), percent(within.high),
                                    month(reached_by(odds, 0.5)), month(reached_by(odds, 0.9)), what)
                      : fmt::format("{:>6} ({} to {}) by {}; half by {}, 90 % by {}  {}", percent(odds.met.value()),
                                    percent(within.low), percent(within.high), due, month(reached_by(odds, 0.5)),
                                    month(reached_by(odds, 0.9)), what));
      is_first = false;
    }
    if (hopeless.empty()) return;
    std::string names;
    for (const std::size_t i : hopeless) {
      names += (names.empty() ? "" : " · ") + title(r_.observation.milestones[i]) + " " +
               m_.calendar.label(r_.observation.milestones[i].milestone.period);
    }
    line(either("not planned", "계획에 없음"), names);
  }

  void causes() {
    std::vector<double> sums;
    double late = 0;
    for (std::size_t i = 0; i < r_.odds.milestones.size(); ++i) {
      const auto& counts = r_.odds.milestones[i].causes;
      sums.resize(counts.size());
      for (std::size_t c = 0; c < counts.size(); ++c) {
        sums[c] += static_cast<double>(counts[c]);
        late += static_cast<double>(counts[c]);
      }
    }
    if (late <= 0) return;
    std::string text;
    for (std::size_t shown = 0; shown < 2 * kShownCauses; ++shown) {
      const auto worst = std::ranges::max_element(sums);
      if (*worst <= 0) break;
      const CauseName name = name_of_cause(r_.play, r_.odds.causes, static_cast<int>(worst - sums.begin()));
      text += (text.empty() ? "" : " · ") + (is_korean_ ? name.title_ko : name.title) + " " + percent(*worst / late);
      *worst = 0;
    }
    line(either("late through", "지연 원인"), text);
  }

  void levers() {
    bool is_first = true;
    for (const LeverOdds& lever : r_.levers) {
      std::size_t best = lever.probability.size();
      for (std::size_t i = 0; i < lever.probability.size(); ++i) {
        if (!r_.observation.milestones[i].is_planned()) continue;
        if (best == lever.probability.size() || lever.probability[i].mean > lever.probability[best].mean) best = i;
      }
      if (best == lever.probability.size()) continue;
      const LeverName name = name_of_lever(r_.play, r_.odds.causes, lever.lever);
      const Gain& gain = lever.probability[best];
      const std::string due = m_.calendar.label(r_.observation.milestones[best].milestone.period);
      line(is_first ? either("what helps", "도움이 되는 것") : "",
           is_korean_ ? fmt::format("{:+.1f} ± {:.1f} %p  {} {}  ← {}", 100 * gain.mean, 100 * gain.half_width,
                                    title(r_.observation.milestones[best]), due, name.title_ko)
                      : fmt::format("{:+.1f} ± {:.1f} points of {} {}: {}", 100 * gain.mean, 100 * gain.half_width,
                                    title(r_.observation.milestones[best]), due, name.title));
      is_first = false;
    }
  }

  /// How many ranges nothing played depends on, by reason.
  void idle() {
    if (r_.idle.empty()) return;
    std::map<IdleReason, int> counts;
    for (const IdleRange& each : r_.idle) ++counts[each.reason];
    std::string text;
    for (const auto& [reason, count] : counts) {
      const std::string why = reason_words(reason, is_korean_ ? Language::korean : Language::english);
      text += (text.empty() ? "" : " · ") + (is_korean_ ? fmt::format("범위 {}개: {}", count, why)
                                                        : fmt::format("{}: {}", counted(count, "range"), why));
    }
    line(either("no influence", "영향 없음"), text + either(" (table risk_idle)", " (표 risk_idle)"));
  }

  /// The headline figures at the end of each year.
  void fans() {
    std::size_t at = 0;
    for (const PlaySeries& series : r_.observation.series) {
      if (!series.is_shown) continue;
      const auto begin = at;
      at += static_cast<std::size_t>(m_.period_count());
      if (series.table != "programme" || (series.name != "it_load_installed" && series.name != "accelerators_online"))
        continue;
      std::string text;
      for (int t = 0; t < m_.period_count(); ++t) {
        if (m_.calendar.month(t).plus(m_.calendar.months_per_period - 1).month != 12) continue;
        const Fan& fan = r_.odds.fans[begin + static_cast<std::size_t>(t)];
        text +=
            fmt::format("{}{} {}–{} ({} {})", text.empty() ? "" : " · ", m_.calendar.month(t).year,
                        grouped(std::round(fan.spread.quantile(0.05))), grouped(std::round(fan.spread.quantile(0.95))),
                        either("planned", "계획"), grouped(std::round(fan.planned)));
      }
      if (text.empty()) continue;
      line(series.name == "it_load_installed" ? either("MW IT, 5–95 %", "IT MW, 5–95 %")
                                              : either("accelerators", "가속기, 5–95 %"),
           text);
    }
  }

  const RiskResult& r_;
  const Model& m_;
  const RiskRequest& q_;
  const Spec& spec_;
  bool is_korean_;
  std::string out_;
};

/// Buffers for the scenario: of each lever that helped beyond doubt, as entries that can be included. "" if none did.
std::string buffers_toml(const RiskResult& r) {
  const Model& m = *r.play.model;
  std::map<std::string, int> months_of;  // by name of the capacity or process
  for (const LeverOdds& each : r.levers) {
    bool helps = false;
    for (std::size_t i = 0; i < each.probability.size(); ++i) {
      const Gain& gain = each.probability[i];
      helps = helps || (r.observation.milestones[i].is_planned() && gain.mean > gain.half_width);
    }
    if (!helps) continue;
    const auto add = [&](const std::string& name) {
      months_of[name] = std::max(months_of[name], each.lever.periods * m.calendar.months_per_period);
    };
    for (const int k : each.lever.capacities) add(m.capacities[static_cast<std::size_t>(k)].name);
    if (each.lever.kind == LeverKind::earlier_order) continue;  // what is bought for them follows
    for (const int p : each.lever.processes) add(m.processes[static_cast<std::size_t>(p)].name);
  }
  if (months_of.empty()) return "";
  std::string out =
      "# Buffers that brought milestones forward beyond their confidence intervals. Include this file in the\n"
      "# scenario and plan again: what is named is ordered so much earlier, or counted on so much later.\n";
  for (const auto& [name, months] : months_of) {
    std::string key = name;
    std::ranges::replace_if(key, [](char c) { return std::isalnum(static_cast<unsigned char>(c)) == 0; }, '_');
    out += fmt::format("\n[buffer.{}]\nof = \"{}\"\nmonths = \"{} month\"\n", key, name, months);
  }
  return out;
}

const char* word_of(Sampling sampling) {
  switch (sampling) {
    case Sampling::plain: return "plain";
    case Sampling::antithetic: return "antithetic";
    case Sampling::sobol: return "sobol";
  }
  return "plain";
}

std::string facts_of(const RiskResult& result, const RiskRequest& request) {
  const Odds& odds = result.odds;
  const Play& play = result.play;
  const RiskOptions& o = request.options;
  return Json{{"replications", odds.replications},
              {"periods", play.period_count},
              {"seed", o.seed},
              {"sampling", word_of(o.sampling)},
              {"level", o.level},
              {"precision", o.precision},
              {"is_precise", odds.is_precise},
              {"replan_every", o.replan_every},
              {"allocation", o.by_priority ? "priority" : "pro_rata"},
              {"draws", std::ranges::count(result.is_reached, char{1})},
              {"idle", result.idle.size()},
              {"shocks", play.chances.shocks.size()},
              {"operations", play.operations.size()},
              {"lever_replications", request.lever_replications}}
      .dump();
}

}  // namespace

StudyReport risk_report(const Compiled& compiled, PlanFigures figures, const RiskRequest& request) {
  const Model& m = *compiled.model;
  ScenarioRanges ranges = ranges_of(compiled, request.options.thread_count);
  const Play play = make_play(m, std::move(figures), std::move(ranges.chances));
  const std::vector<char> is_reached = sources_in_reach(play);
  const std::vector<IdleRange> idle = idle_of(std::move(ranges.idle), play, is_reached);
  const Observation observation = make_observation(play, request.series);
  QuantileTables tables;
  RiskOptions options = request.options;
  options.tables = &tables;
  const Odds odds = play_many(play, observation, options);
  const auto levers = value_levers(play, observation, find_levers(play, observation, odds, request.lever_count),
                                   options, request.lever_replications);
  const RiskResult result{play, observation, odds, levers, idle, is_reached, request.options.level};
  StudyReport report{.study = "risk",
                     .termination = odds.is_complete ? Termination::optimal : Termination::interrupted,
                     .facts_json = facts_of(result, request),
                     .tables = {risk_milestones_table(result), risk_series_table(result), risk_dates_table(result),
                                risk_causes_table(result), risk_levers_table(result), risk_inputs_table(result),
                                risk_idle_table(result)},
                     .text = {},
                     .text_ko = {}};
  report.text = RiskText(result, request, *compiled.spec, Language::english).write();
  report.text_ko = RiskText(result, request, *compiled.spec, Language::korean).write();
  if (std::string buffers = buffers_toml(result); !buffers.empty()) {
    report.files.emplace_back("buffers.toml", std::move(buffers));
  }
  return report;
}

Outcome<StudyReport> risk_of_run(const std::filesystem::path& run_folder, const Compiled& compiled,
                                 const RiskRequest& request) {
  auto figures = read_figures(*compiled.model, run_folder);
  if (!figures) return std::unexpected(figures.error());
  return risk_report(compiled, std::move(*figures), request);
}

}  // namespace beltline
