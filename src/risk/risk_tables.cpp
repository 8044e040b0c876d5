#include "risk/risk_tables.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "model/entity.h"
#include "model/words.h"
#include "plan/table_rows.h"
#include "risk/cause_names.h"
#include "risk/idle.h"
#include "risk/range_targets.h"

namespace beltline {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

/// Appends one row of texts and numbers to columns in their order.
class Row {
 public:
  explicit Row(Table& table) : table_(table) {}
  Row& text(std::string value) {
    texts(table_, at_++).push_back(std::move(value));
    return *this;
  }
  Row& number(double value) {
    numbers(table_, at_++).push_back(value);
    return *this;
  }

 private:
  Table& table_;
  std::size_t at_ = 0;
};

std::string korean_title(const Titles& titles, const std::string& otherwise) {
  return !titles.title_ko.empty() ? titles.title_ko : !titles.title.empty() ? titles.title : otherwise;
}
std::string english_title(const Titles& titles, const std::string& otherwise) {
  return titles.title.empty() ? otherwise : titles.title;
}

const char* word_of(Spread spread) {
  switch (spread) {
    case Spread::point: return "point";
    case Spread::uniform: return "uniform";
    case Spread::triangular: return "triangular";
    case Spread::pert: return "pert";
    case Spread::normal: return "normal";
    case Spread::lognormal: return "lognormal";
    case Spread::exponential: return "exponential";
  }
  return "point";
}

const char* word_of(Aspect aspect) {
  switch (aspect) {
    case Aspect::delay: return "delay";
    case Aspect::yield: return "yield";
    case Aspect::intake: return "intake";
    case Aspect::limit: return "limit";
    case Aspect::cost: return "cost";
    case Aspect::demand: return "demand";
    case Aspect::availability: return "availability";
  }
  return "delay";
}

std::string target_name(const Model& m, const Influence& each) {
  const auto id = static_cast<std::size_t>(each.id);
  if (each.target == kMoveTarget) return m.moves[id].name;
  if (each.target == kStoreTarget) return m.stores[id].name;
  switch (each.target) {
    case ChanceTarget::process: return m.processes[id].name;
    case ChanceTarget::capacity: return m.capacities[id].name;
    case ChanceTarget::demand: return m.demands[id].name;
  }
  return "";
}

}  // namespace

int reached_by(const MilestoneOdds& odds, double share) {
  const uint64_t all = std::accumulate(odds.reached.begin(), odds.reached.end(), uint64_t{0});
  uint64_t sum = 0;
  for (std::size_t t = 0; t < odds.reached.size(); ++t) {
    sum += odds.reached[t];
    if (static_cast<double>(sum) >= share * static_cast<double>(all)) return static_cast<int>(t);
  }
  return static_cast<int>(odds.reached.size()) - 1;
}

std::string month_or_none(const Model& m, int period) {
  return period >= 0 && period < m.period_count() ? m.calendar.label(period) : "";
}

Table risk_series_table(const RiskResult& r) {
  const Model& m = *r.play.model;
  Table table = make("risk_series", "How far each figure may lie from the plan, by month",
                     {{"table", "text", "of the measure"},
                      {"measure", "text", ""},
                      {"place", "text", ""},
                      {"title", "text", ""},
                      {"title_ko", "text", ""},
                      {"unit", "text", ""},
                      {"period", "text", ""},
                      {"planned", "", "with nothing uncertain"},
                      {"mean", "", "of all replications"},
                      {"mean_low", "", "confidence interval of the mean"},
                      {"mean_high", "", ""},
                      {"p5", "", "5 % of replications have less"},
                      {"p25", "", ""},
                      {"p50", "", ""},
                      {"p75", "", ""},
                      {"p95", "", ""},
                      {"p50_low", "", "confidence interval of the median"},
                      {"p50_high", "", ""},
                      {"least", "", ""},
                      {"most", "", ""},
                      {"entry", "text", "of the scenario"}});
  std::size_t at = 0;
  for (const PlaySeries& series : r.observation.series) {
    if (!series.is_shown) continue;
    for (int t = 0; t < m.period_count(); ++t, ++at) {
      const Fan& fan = r.odds.fans[at];
      const double half = fan.mean.half_width(r.level);
      const Interval median = fan.spread.interval(0.5, r.level);
      Row row(table);
      row.text(series.table).text(series.name).text(series.place);
      row.text(english_title(series.titles, series.name)).text(korean_title(series.titles, series.name));
      row.text(series.unit).text(m.calendar.label(t)).number(fan.planned);
      row.number(fan.mean.mean()).number(fan.mean.mean() - half).number(fan.mean.mean() + half);
      for (const double p : {0.05, 0.25, 0.5, 0.75, 0.95}) row.number(fan.spread.quantile(p));
      row.number(median.low).number(median.high).number(fan.spread.least()).number(fan.spread.most());
      row.text(series.entry);
    }
  }
  return table;
}

Table risk_milestones_table(const RiskResult& r) {
  const Model& m = *r.play.model;
  Table table = make("risk_milestones", "How likely each promise and milestone is met, and when",
                     {{"milestone", "text", "entry of the scenario, or plan_YEAR: nine tenths of the plan's IT power"},
                      {"kind", "text", "commitment, milestone or plan"},
                      {"title", "text", ""},
                      {"title_ko", "text", ""},
                      {"unit", "text", ""},
                      {"quantity", "", "to be reached, in `unit`"},
                      {"due", "text", "month by which"},
                      {"planned", "", "what the plan has then, in `unit`"},
                      {"planned_month", "text", "month in which the plan reaches it; empty: never"},
                      {"probability", "1", "that it is met in its month"},
                      {"low", "1", "confidence interval of the probability"},
                      {"high", "1", ""},
                      {"p10_month", "text", "month by which 10 % of replications reach it; empty: not in the horizon"},
                      {"p50_month", "text", ""},
                      {"p90_month", "text", ""},
                      {"delay", "month", "mean delay against the plan; never counts as the horizon's end"},
                      {"delay_half_width", "month", "of its confidence interval"},
                      {"main_cause", "text", "what most replications that miss it wait for"},
                      {"main_cause_ko", "text", ""},
                      {"entry", "text", "of the scenario"}});
  for (std::size_t i = 0; i < r.observation.milestones.size(); ++i) {
    const PlayMilestone& each = r.observation.milestones[i];
    const MilestoneOdds& odds = r.odds.milestones[i];
    const Interval within = odds.met.interval(r.level);
    const auto worst = std::ranges::max_element(odds.causes);
    const bool is_missed = worst != odds.causes.end() && *worst > 0;
    const CauseName cause =
        is_missed ? name_of_cause(r.play, r.odds.causes, static_cast<int>(worst - odds.causes.begin())) : CauseName{};
    const bool has_delay = each.planned_period >= 0;
    const int months = m.calendar.months_per_period;
    Row row(table);
    row.text(each.milestone.name);
    row.text(each.milestone.commitment >= 0 ? "commitment" : each.is_of_plan ? "plan" : "milestone");
    row.text(english_title(each.milestone.titles, each.milestone.name));
    row.text(korean_title(each.milestone.titles, each.milestone.name)).text(each.milestone.unit);
    row.number(each.milestone.quantity).text(m.calendar.label(each.milestone.period)).number(each.planned);
    row.text(month_or_none(m, each.planned_period));
    row.number(odds.met.value()).number(within.low).number(within.high);
    for (const double p : {0.1, 0.5, 0.9}) row.text(month_or_none(m, reached_by(odds, p)));
    row.number(has_delay ? odds.delay.mean() * months : kNone);
    row.number(has_delay ? odds.delay.half_width(r.level) * months : kNone);
    row.text(cause.title).text(cause.title_ko).text(each.milestone.provenance.entry);
  }
  return table;
}

Table risk_dates_table(const RiskResult& r) {
  const Model& m = *r.play.model;
  Table table = make("risk_dates", "When each milestone is reached: shares of replications by month",
                     {{"milestone", "text", ""},
                      {"due", "text", "month by which; milestones of one name differ in it"},
                      {"period", "text", "empty: not within the horizon"},
                      {"share", "1", "of replications that reach it then"},
                      {"cumulative", "1", ""}});
  for (std::size_t i = 0; i < r.observation.milestones.size(); ++i) {
    const MilestoneOdds& odds = r.odds.milestones[i];
    const double all = std::max(1.0, static_cast<double>(r.odds.replications));
    double sum = 0;
    for (std::size_t t = 0; t < odds.reached.size(); ++t) {
      if (odds.reached[t] == 0) continue;
      const double share = static_cast<double>(odds.reached[t]) / all;
      sum += share;
      Row(table)
          .text(r.observation.milestones[i].milestone.name)
          .text(m.calendar.label(r.observation.milestones[i].milestone.period))
          .text(month_or_none(m, static_cast<int>(t)))
          .number(share)
          .number(sum);
    }
  }
  return table;
}

Table risk_causes_table(const RiskResult& r) {
  const Model& m = *r.play.model;
  Table table = make("risk_causes", "What made each milestone late, and in how many replications",
                     {{"milestone", "text", ""},
                      {"due", "text", ""},
                      {"kind", "text", "draw, shock, good, capacity or other"},
                      {"cause", "text", "value of the scenario, shock, good or capacity"},
                      {"title", "text", ""},
                      {"title_ko", "text", ""},
                      {"replications", "", "that miss it with this as the longest delay on the way"},
                      {"share", "1", "of all replications"},
                      {"share_of_late", "1", "of those that miss it"},
                      {"entry", "text", "of the scenario"}});
  for (std::size_t i = 0; i < r.observation.milestones.size(); ++i) {
    const auto& causes = r.odds.milestones[i].causes;
    const double late = static_cast<double>(std::accumulate(causes.begin(), causes.end(), uint64_t{0}));
    std::vector<std::size_t> order(causes.size());
    std::iota(order.begin(), order.end(), 0);
    std::ranges::stable_sort(order, [&](std::size_t a, std::size_t b) { return causes[a] > causes[b]; });
    for (const std::size_t c : order) {
      if (causes[c] == 0) break;
      const CauseName name = name_of_cause(r.play, r.odds.causes, static_cast<int>(c));
      const double count = static_cast<double>(causes[c]);
      Row row(table);
      row.text(r.observation.milestones[i].milestone.name);
      row.text(m.calendar.label(r.observation.milestones[i].milestone.period));
      row.text(name.kind).text(name.name).text(name.title).text(name.title_ko);
      row.number(count).number(count / std::max(1.0, static_cast<double>(r.odds.replications)));
      row.number(count / late).text(name.entry);
    }
  }
  return table;
}

Table risk_levers_table(const RiskResult& r) {
  const Model& m = *r.play.model;
  Table table = make("risk_levers", "What a buffer, a second source or an earlier order is worth",
                     {{"lever", "text", "earlier_order, buffer, second_source or more_capacity"},
                      {"targets", "text", "capacities, processes or source"},
                      {"title", "text", ""},
                      {"title_ko", "text", ""},
                      {"months", "month", "how much earlier; 0 where it is none"},
                      {"milestone", "text", ""},
                      {"due", "text", ""},
                      {"before", "1", "probability without it, in the same replications"},
                      {"after", "1", "with it"},
                      {"gain", "1", ""},
                      {"gain_half_width", "1", "of the confidence interval of the gain, pair by pair"},
                      {"earlier", "month", "how much earlier the milestone is reached on average"},
                      {"earlier_half_width", "month", ""}});
  for (const LeverOdds& lever : r.levers) {
    const LeverName name = name_of_lever(r.play, r.odds.causes, lever.lever);
    const int months = m.calendar.months_per_period;
    for (std::size_t i = 0; i < r.observation.milestones.size(); ++i) {
      const PlayMilestone& each = r.observation.milestones[i];
      if (!each.is_planned()) continue;
      Row row(table);
      row.text(name.kind).text(name.targets).text(name.title).text(name.title_ko);
      row.number(lever.lever.periods * months).text(each.milestone.name).text(m.calendar.label(each.milestone.period));
      row.number(lever.before[i]).number(lever.after[i]);
      row.number(lever.probability[i].mean).number(lever.probability[i].half_width);
      row.number(lever.periods[i].mean * months).number(lever.periods[i].half_width * months);
    }
  }
  return table;
}

Table risk_inputs_table(const RiskResult& r) {
  const Model& m = *r.play.model;
  const Chances& chances = r.play.chances;
  Table table = make("risk_inputs", "What is drawn, and what it moves",
                     {{"source", "text", "value of the scenario, or its entry"},
                      {"title", "text", ""},
                      {"title_ko", "text", ""},
                      {"spread", "text", ""},
                      {"low", "", "in `unit`"},
                      {"mode", "", ""},
                      {"high", "", ""},
                      {"unit", "text", ""},
                      {"moves", "text", "process, capacity, move or store"},
                      {"aspect", "text", "delay, yield, intake, limit, cost or availability"},
                      {"at_low", "", "periods for a delay, else a factor"},
                      {"at_high", "", ""},
                      {"entry", "text", "of the scenario"}});
  for (const Influence& each : chances.influences) {
    const Source& source = chances.sources[static_cast<std::size_t>(each.source)];
    if (r.is_reached[static_cast<std::size_t>(each.source)] == 0) continue;  // table `risk_idle` has it
    const Distribution& of = source.distribution;
    const double rest = each.aspect == Aspect::delay ? each.at_mode : 0.0;
    Row row(table);
    row.text(source.name).text(english_title(source.titles, source.name));
    row.text(korean_title(source.titles, source.name)).text(word_of(of.spread));
    row.number(of.low).number(of.mode).number(of.high).text(source.unit);
    row.text(target_name(m, each)).text(word_of(each.aspect));
    row.number(each.at_low - rest).number(each.at_high - rest).text(source.provenance.entry);
  }
  return table;
}

Table risk_idle_table(const RiskResult& r) {
  Table table = make("risk_idle", "Ranges of the scenario that have no influence on the play, and why",
                     {{"source", "text", "value of the scenario, or its entry"},
                      {"title", "text", ""},
                      {"title_ko", "text", ""},
                      {"low", "", "in `unit`"},
                      {"mode", "", ""},
                      {"high", "", ""},
                      {"unit", "text", ""},
                      {"why", "text", ""},
                      {"why_ko", "text", ""},
                      {"entry", "text", "of the scenario"}});
  for (const IdleRange& each : r.idle) {
    const Source& source = each.source;
    Row row(table);
    row.text(source.name)
        .text(english_title(source.titles, source.name))
        .text(korean_title(source.titles, source.name));
    row.number(source.distribution.low).number(source.distribution.mode).number(source.distribution.high);
    row.text(source.unit).text(reason_words(each.reason, Language::english));
    row.text(reason_words(each.reason, Language::korean)).text(source.provenance.entry);
  }
  return table;
}

}  // namespace beltline
