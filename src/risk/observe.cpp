#include "risk/observe.h"

#include <algorithm>
#include <cmath>
#include <set>

#include <fmt/format.h>

#include "risk/engine.h"
#include "risk/period_rows.h"

namespace beltline {
namespace {

/// Of what the plan has at the end of a year; all of it is reached only where nothing at all is late.
constexpr double kShareOfPlan = 0.9;

bool is_stock_term(TermKind kind) {
  return kind == TermKind::online || kind == TermKind::built || kind == TermKind::level;
}

class Observer : private PeriodRows {
 public:
  explicit Observer(const Play& play) : PeriodRows(*play.model), play_(play), m_(*play.model) {}

  Observation make(const std::vector<std::string>& extra) {
    add_measures(extra);
    add_spending();
    for (const Milestone& each : play_.chances.milestones) add_milestone(each, each.terms);
    for (std::size_t c = 0; c < m_.commitments.size(); ++c) add_commitment(static_cast<int>(c));
    add_year_ends();
    plan_milestones();
    return std::move(out_);
  }

 private:
  /// A term of the Model as the play tells it; false where it tells nothing of it.
  bool add_term(PlaySeries& series, const Term& term, const std::vector<double>& weight) {
    const auto id = static_cast<std::size_t>(term.id);
    PlayTerm made;
    made.coefficient = by_period([&](int t) {
      const double c = term.coefficient.present() ? m_.mean(term.coefficient, t) : 1.0;
      return c * weight[static_cast<std::size_t>(t)];
    });
    switch (term.kind) {
      case TermKind::activity: return add_activity(series, id, std::move(made), play_.figures.activity, false);
      case TermKind::variable: return add_activity(series, id, std::move(made), play_.figures.variable, true);
      case TermKind::online:
      case TermKind::built:
      case TermKind::fixed: {
        made.source = PlayTerm::Source::online;
        made.index = term.id;
        made.base = term.kind == TermKind::built ? std::vector<double>(periods(), 0.0) : play_.capacities[id].existing;
        made.existing_slot = play_.capacities[id].existing_slot;
        if (term.kind == TermKind::fixed) {
          made.slot = play_.fixed_slot_of_capacity[id];
          for (std::size_t t = 0; t < periods(); ++t) {
            made.coefficient[t] *= m_.at_or(m_.capacities[id].fixed_cost, 0, static_cast<int>(t));
          }
        }
        const bool is_ever =
            play_.capacities[id].is_moving || std::ranges::any_of(made.base, [](double each) { return each != 0; });
        if (is_ever) series.terms.push_back(std::move(made));
        return true;
      }
      case TermKind::order: {
        if (play_.order_of_capacity[id] < 0) return true;
        made.source = PlayTerm::Source::operation;
        made.index = play_.order_of_capacity[id];
        series.terms.push_back(std::move(made));
        return true;
      }
      case TermKind::spend: {
        if (play_.order_of_capacity[id] < 0) return true;
        made.source = PlayTerm::Source::spend;
        made.index = term.id;
        series.terms.push_back(std::move(made));
        return true;
      }
      case TermKind::level: {
        const int stock = play_.stock_of_node[m_.stores[id].node.index()];
        if (stock < 0) return false;
        made.source = PlayTerm::Source::stock;
        made.index = stock;
        series.terms.push_back(std::move(made));
        return true;
      }
      default: return false;
    }
  }

  bool add_activity(PlaySeries& series, std::size_t p, PlayTerm made, const std::vector<double>& figures,
                    bool is_money) {
    made.slot = is_money ? play_.cost_slot_of_process[p] : -1;
    made.base = row(figures, p);
    if (play_.operation_of_process[p] >= 0) {
      made.source = PlayTerm::Source::operation;
      made.index = play_.operation_of_process[p];
      if (is_money) {
        for (std::size_t t = 0; t < periods(); ++t) {
          made.coefficient[t] *=
              m_.processes[p].cost.present() ? m_.mean(m_.processes[p].cost, static_cast<int>(t)) : 0;
        }
      }
    } else if (play_.flow_of_process[p] >= 0) {
      made.source = PlayTerm::Source::flow;
      made.index = play_.flow_of_process[p];
    } else {
      made.source = PlayTerm::Source::constant;
      for (std::size_t t = 0; t < periods(); ++t) made.base[t] *= made.coefficient[t];
    }
    series.terms.push_back(std::move(made));
    return true;
  }

  static bool is_headline(const Measure& measure) {
    static const std::set<std::string, std::less<>> tables{"programme", "belt", "memory", "services", "floating"};
    return tables.contains(measure.table) && !measure.place.valid() && !measure.party.valid();
  }

  void add_measures(const std::vector<std::string>& extra) {
    for (const Measure& measure : m_.measures) {
      const std::string full = fmt::format("{}.{}", measure.table, measure.name);
      const bool is_asked =
          std::ranges::find(extra, measure.name) != extra.end() || std::ranges::find(extra, full) != extra.end();
      if (!is_asked && !is_headline(measure) && measure.table != "services") continue;
      PlaySeries series{.table = measure.table,
                        .name = measure.name,
                        .unit = measure.unit,
                        .place = measure.place.valid() ? m_.places[measure.place.index()].name : "",
                        .titles = measure.titles,
                        .entry = measure.provenance.entry,
                        .is_shown = true,
                        .terms = {}};
      const auto weight = by_period([&](int t) { return measure.per_hour ? 1 / m_.calendar.hours(t) : 1.0; });
      bool all = !measure.terms.empty();
      for (const Term& term : measure.terms) all = add_term(series, term, weight) && all;
      if (!all || series.terms.empty()) continue;
      if (measure.constant.present()) {
        PlayTerm constant;
        constant.base = by_period([&](int t) { return m_.mean(measure.constant, t); });
        series.terms.push_back(std::move(constant));
      }
      out_.series.push_back(std::move(series));
    }
  }

  /// All money by period: what is due for orders, what is online, what runs.
  void add_spending() {
    PlaySeries series{.table = "programme",
                      .name = "spend",
                      .unit = "USD",
                      .place = "",
                      .titles = {.title = "Spending", .title_ko = "지출"},
                      .entry = "",
                      .is_shown = true,
                      .terms = {}};
    const std::vector<double> ones(periods(), 1.0);
    for (std::size_t k = 0; k < m_.capacities.size(); ++k) {
      add_term(series, {.kind = TermKind::spend, .id = static_cast<int32_t>(k)}, ones);
      if (m_.capacities[k].fixed_cost.present()) {
        add_term(series, {.kind = TermKind::fixed, .id = static_cast<int32_t>(k)}, ones);
      }
    }
    for (std::size_t p = 0; p < m_.processes.size(); ++p) {
      const auto usd = row(play_.figures.variable, p);
      if (std::ranges::all_of(usd, [](double each) { return each == 0; })) continue;
      add_term(series, {.kind = TermKind::variable, .id = static_cast<int32_t>(p)}, ones);
    }
    for (std::size_t i = 0; i < m_.moves.size(); ++i) {
      if (play_.operation_of_move[i] < 0 || !m_.moves[i].cost.present()) continue;
      series.terms.push_back({.source = PlayTerm::Source::operation,
                              .index = play_.operation_of_move[i],
                              .coefficient = by_period([&](int t) { return m_.at(m_.moves[i].cost, t); }),
                              .slot = play_.cost_slot_of_move[i]});
    }
    if (!series.terms.empty()) out_.series.push_back(std::move(series));
  }

  void add_milestone(const Milestone& milestone, const std::vector<Term>& terms, int first = 0) {
    PlaySeries series{.table = "milestones",
                      .name = milestone.name,
                      .unit = milestone.unit,
                      .place = "",
                      .titles = milestone.titles,
                      .entry = milestone.provenance.entry,
                      .is_shown = false,
                      .terms = {}};
    const auto weight = by_period([&](int t) { return t >= first ? 1.0 : 0.0; });
    bool all = !terms.empty();
    for (const Term& term : terms) all = add_term(series, term, weight) && all;
    if (!all || series.terms.empty() || milestone.quantity <= 0) return;
    const int index = place_series(std::move(series));
    if (!take_over(milestone, index)) out_.milestones.push_back({.milestone = milestone, .series = index});
  }

  /// A commitment that an entry `milestone` has told already is the same promise: one line, by the commitment's name.
  bool take_over(const Milestone& milestone, int series) {
    if (milestone.commitment < 0) return false;
    for (PlayMilestone& each : out_.milestones) {
      const Milestone& other = each.milestone;
      const bool is_same = other.commitment < 0 && other.period == milestone.period && other.unit == milestone.unit &&
                           other.is_total == milestone.is_total && each.series == series &&
                           std::abs(other.quantity - milestone.quantity) <= 1e-9 * milestone.quantity;
      if (!is_same) continue;
      each.milestone = milestone;
      return true;
    }
    return false;
  }

  /// Several milestones may look at the same numbers, and a measure too: they are added up once.
  int place_series(PlaySeries series) {
    const auto counts_the_same = [&](const PlaySeries& other) {
      return std::ranges::is_permutation(other.terms, series.terms);
    };
    const auto same = std::ranges::find_if(out_.series, counts_the_same);
    if (same != out_.series.end()) return static_cast<int>(same - out_.series.begin());
    out_.series.push_back(std::move(series));
    return static_cast<int>(out_.series.size()) - 1;
  }

  /// A promise of a level is met month by month from each step of it on; one of amounts by the sum over its window.
  void add_commitment(int index) {
    const Commitment& c = m_.commitments[static_cast<std::size_t>(index)];
    if (!c.quantity.present() || c.terms.empty() || c.ceiling) return;
    const int last = std::min(c.last, m_.period_count() - 1);
    if (c.first > last) return;
    Milestone made{.name = c.name,
                   .unit = c.unit,
                   .is_total = !is_stock_term(c.terms.front().kind),
                   .commitment = index,
                   .terms = c.terms,
                   .titles = c.titles,
                   .provenance = c.provenance};
    if (made.titles.title.empty()) made.titles.title = c.title;
    if (made.is_total) {
      for (int t = std::max(0, c.first); t <= last; ++t) made.quantity += m_.at(c.quantity, t);
      made.period = last;
      add_milestone(made, c.terms, std::max(0, c.first));
      return;
    }
    double before = 0;
    for (int t = std::max(0, c.first); t <= last; ++t) {
      const double now = m_.at(c.quantity, t);
      if (now <= before * (1 + 1e-9)) continue;
      before = now;
      made.quantity = now;
      made.period = t;
      add_milestone(made, c.terms);
    }
  }

  /// What the plan itself says of IT power at the end of each year.
  void add_year_ends() {
    for (const Measure& measure : m_.measures) {
      if (measure.table != "programme" || measure.name != "it_load_installed" || measure.place.valid() ||
          measure.party.valid()) {
        continue;
      }
      for (int t = 0; t < m_.period_count(); ++t) {
        const bool is_end = m_.calendar.month(t).plus(m_.calendar.months_per_period - 1).month == 12;
        if (!is_end && t + 1 < m_.period_count()) continue;
        const int year = m_.calendar.month(t).year;
        Milestone made{.name = fmt::format("plan_{}", year),
                       .unit = measure.unit,
                       .quantity = 1,  // the plan's, set below
                       .period = t,
                       .terms = measure.terms,
                       .titles = {.title = fmt::format("Nine tenths of the IT power planned for the end of {}", year),
                                  .title_ko = fmt::format("{}년 말 계획 IT 전력의 90 %", year)},
                       .provenance = measure.provenance};
        add_milestone(made, measure.terms);
        if (!out_.milestones.empty() && out_.milestones.back().milestone.name == made.name) {
          out_.milestones.back().is_of_plan = true;
        }
      }
      return;
    }
  }

  void plan_milestones() {
    const Baseline baseline = make_baseline(play_, out_);
    for (std::size_t i = 0; i < out_.milestones.size(); ++i) {
      PlayMilestone& each = out_.milestones[i];
      const double* values = baseline.values.data() + static_cast<std::size_t>(each.series) * periods();
      std::vector<double> level(values, values + periods());
      if (each.milestone.is_total) {
        for (std::size_t t = 1; t < periods(); ++t) level[t] += level[t - 1];
      }
      each.planned = level[static_cast<std::size_t>(each.milestone.period)];
      if (each.is_of_plan) each.milestone.quantity = kShareOfPlan * each.planned;
      for (std::size_t t = 0; t < periods() && each.planned_period < 0; ++t) {
        if (level[t] >= each.reached_at()) each.planned_period = static_cast<int>(t);
      }
    }
    std::erase_if(out_.milestones, [](const PlayMilestone& each) { return each.milestone.quantity <= 0; });
  }

  const Play& play_;
  const Model& m_;
  Observation out_;
};

}  // namespace

Observation make_observation(const Play& play, const std::vector<std::string>& extra) {
  return Observer(play).make(extra);
}

}  // namespace beltline
