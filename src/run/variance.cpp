#include "run/variance.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "plan/verify.h"

namespace beltline {
namespace {

constexpr const char* kPromise = "promise";

std::string party_name(const Model& m, PartyId party) {
  return party.valid() ? m.parties[party.index()].name : "";
}

/// The periods of one count, and what was counted in them.
struct Counted {
  std::vector<int> periods;
  std::vector<double> values;
};

/// A count against its plan in one period, in units: what came in another period nets out.
VarianceParts units_of(const Netted& netted, std::size_t i, double planned, double actual, double more) {
  return {.planned = planned, .actual = actual, .total = more, .volume = netted.volume[i], .timing = netted.timing[i]};
}

/// The same in money, where each unit costs `paid` instead of `price`.
VarianceParts money_of(const Netted& netted, std::size_t i, double planned, double actual, double price, double paid) {
  return {.planned = planned * price,
          .actual = actual * paid,
          .total = actual * paid - planned * price,
          .volume = netted.volume[i] * price,
          .timing = netted.timing[i] * price,
          .price = actual * (paid - price)};
}

class Explainer {
 public:
  Explainer(const RunPlan& run, const Actuals& actuals, std::optional<YearMonth> month)
      : m_(run.model()), plan_(run.plan), actuals_(actuals), only_(month ? m_.calendar.period_of(*month) : -1) {
    as_ordered_ = plan_;
    for (const Entity entity : actuals_.entities(ActualKind::ordered)) {
      const Counted counted = count(ActualKind::ordered, entity);
      for (std::size_t i = 0; i < counted.periods.size(); ++i)
        as_ordered_.order.at(index(entity), counted.periods[i]) = counted.values[i];
    }
    as_ordered_.built = built_by(m_, as_ordered_);
  }

  Variance run() {
    std::set<int32_t> processes;
    for (const Entity entity : actuals_.entities(ActualKind::activity)) {
      add_process(entity);
      processes.insert(entity.id);
    }
    for (const Entity entity : actuals_.entities(ActualKind::ordered)) add_orders(entity);
    for (const Entity entity : actuals_.entities(ActualKind::online)) add_online(entity);
    for (const Entity entity : actuals_.entities(ActualKind::spend)) {
      if (entity.kind == EntityKind::capacity) add_spend(entity);
      if (entity.kind == EntityKind::process && !processes.contains(entity.id)) add_process_spend(entity);
    }
    for (const Entity entity : actuals_.entities(ActualKind::delivered)) add_delivery(entity);
    add_up();
    return std::move(out_);
  }

 private:
  static std::size_t index(Entity entity) { return static_cast<std::size_t>(entity.id); }

  [[nodiscard]] Counted count(ActualKind kind, Entity entity) const {
    Counted out;
    for (int t = 0; t < m_.period_count(); ++t) {
      const auto value = actuals_.at(m_.calendar, kind, entity, t);
      if (!value) continue;
      out.periods.push_back(t);
      out.values.push_back(*value);
    }
    return out;
  }

  [[nodiscard]] double counted_or(ActualKind kind, Entity entity, int t, double otherwise) const {
    return actuals_.at(m_.calendar, kind, entity, t).value_or(otherwise);
  }

  /// Whether a period is asked for; others still say what is timing.
  [[nodiscard]] bool keeps(int t) const { return only_ < 0 || t == only_; }
  [[nodiscard]] bool keeps_any(const Counted& counted) const {
    return std::ranges::any_of(counted.periods, [&](int t) { return keeps(t); });
  }

  template <class Of>
  VarianceItem item(const Of& of, const std::string& step, PartyId party, const char* measure, const Counted& counted) {
    VarianceItem out;
    out.step = step;
    out.party = party_name(m_, party);
    if (party.valid()) out_.parties[out.party] = m_.parties[party.index()].titles;
    out.of = of.name;
    out.title = of.titles.title.empty() ? of.name : of.titles.title;
    out.title_ko = of.titles.title_ko.empty() ? out.title : of.titles.title_ko;
    out.measure = measure;
    out.first = only_ >= 0 ? only_ : counted.periods.front();
    out.last = only_ >= 0 ? only_ : counted.periods.back();
    return out;
  }

  // ---- processes ----

  struct Starts {
    double planned = 0, actual = 0;      // activity
    double yield = 1, actual_yield = 1;  // output per activity
    double cost_planned = 0, cost = 0;   // USD in the period, USD per unit of activity
  };

  [[nodiscard]] Starts starts_of(Entity entity, int t, double counted) const {
    const auto p = index(entity);
    const Process& process = m_.processes[p];
    Starts s;
    s.planned = term_value(m_, plan_, {.kind = TermKind::activity, .id = entity.id}, t);
    s.actual = counted;
    if (const Flow* flow = output_flow(m_, process); flow != nullptr && process.grain == Grain::amount) {
      s.yield = m_.mean(flow->rate, t);
      s.actual_yield = counted_or(ActualKind::yield, entity, t, s.yield);
    }
    s.cost_planned = term_value(m_, plan_, {.kind = TermKind::variable, .id = entity.id}, t);
    s.cost = std::abs(s.planned) > 1e-9 ? s.cost_planned / s.planned
             : process.cost.present()   ? m_.mean(process.cost, t)
                                        : 0.0;
    if (std::abs(s.planned) <= 1e-9) s.cost_planned = s.cost * s.planned;
    return s;
  }

  void add_process(Entity entity) {
    const Counted counted = count(ActualKind::activity, entity);
    if (!keeps_any(counted)) return;
    const Process& process = m_.processes[index(entity)];
    VarianceItem out =
        item(process, process.kind.empty() ? "process" : process.kind, process.owner, "activity", counted);
    const Flow* flow = process.grain == Grain::amount ? output_flow(m_, process) : nullptr;
    out.unit = flow != nullptr ? m_.commodities[flow->commodity.index()].unit
                               : unit_of_actual(m_, ActualKind::activity, entity);
    std::vector<Starts> months;
    std::vector<double> started, delivered;
    for (std::size_t i = 0; i < counted.periods.size(); ++i) {
      const Starts s = starts_of(entity, counted.periods[i], counted.values[i]);
      months.push_back(s);
      started.push_back(s.actual - s.planned);
      delivered.push_back(s.actual * s.actual_yield - s.planned * s.yield);
    }
    const Netted units = net_deviations(started), money = net_deviations(delivered);
    VarianceParts q, usd;
    for (std::size_t i = 0; i < months.size(); ++i) {
      if (!keeps(counted.periods[i])) continue;
      const Starts& s = months[i];
      const double per_output = s.yield != 0 ? s.cost / s.yield : 0;
      const double actual_usd = cost_counted(entity, counted.periods[i], s);
      q += {.planned = s.planned * s.yield,
            .actual = s.actual * s.actual_yield,
            .total = s.actual * s.actual_yield - s.planned * s.yield,
            .volume = units.volume[i] * s.yield,
            .yield = s.actual * (s.actual_yield - s.yield),
            .timing = units.timing[i] * s.yield};
      usd += {.planned = s.cost_planned,
              .actual = actual_usd,
              .total = actual_usd - s.cost_planned,
              .volume = per_output * money.volume[i],
              .yield = s.cost * s.actual - per_output * s.actual * s.actual_yield,
              .timing = per_output * money.timing[i],
              .price = actual_usd - s.cost * s.actual};
    }
    out.units = q;
    if (usd.planned != 0 || usd.actual != 0) out.usd = usd;
    out_.items.push_back(std::move(out));
  }

  [[nodiscard]] double cost_counted(Entity entity, int t, const Starts& s) const {
    if (const auto spend = actuals_.at(m_.calendar, ActualKind::spend, entity, t)) return *spend;
    return counted_or(ActualKind::price, entity, t, s.cost) * s.actual;
  }

  void add_process_spend(Entity entity) {
    const Counted counted = count(ActualKind::spend, entity);
    if (!keeps_any(counted)) return;
    const Process& process = m_.processes[index(entity)];
    VarianceItem out = item(process, process.kind.empty() ? "process" : process.kind, process.owner, "spend", counted);
    out.unit = "USD";
    VarianceParts usd;
    for (std::size_t i = 0; i < counted.periods.size(); ++i) {
      const double planned = term_value(m_, plan_, {.kind = TermKind::variable, .id = entity.id}, counted.periods[i]);
      const double more = counted.values[i] - planned;
      usd += {.planned = planned, .actual = counted.values[i], .total = more, .price = more};
    }
    out.usd = usd;
    out_.items.push_back(std::move(out));
  }

  // ---- capacities ----

  void add_orders(Entity entity) {
    const Counted counted = count(ActualKind::ordered, entity);
    if (!keeps_any(counted)) return;
    const Capacity& capacity = m_.capacities[index(entity)];
    VarianceItem out = item(capacity, capacity.kind, capacity.owner, "ordered", counted);
    out.unit = capacity.unit;
    std::vector<double> more;
    for (std::size_t i = 0; i < counted.periods.size(); ++i)
      more.push_back(counted.values[i] - plan_.order.at(index(entity), counted.periods[i]));
    const Netted netted = net_deviations(more);
    // money that was counted as it fell due is told by itself
    const bool by_order = !actuals_.last_month(ActualKind::spend, entity);
    VarianceParts units, usd;
    for (std::size_t i = 0; i < more.size(); ++i) {
      const int t = counted.periods[i];
      if (!keeps(t)) continue;
      const double planned = plan_.order.at(index(entity), t), price = m_.at_or(capacity.capex, 0, t);
      const double paid = counted_or(ActualKind::price, entity, t, price);
      units += units_of(netted, i, planned, counted.values[i], more[i]);
      usd += money_of(netted, i, planned, counted.values[i], price, paid);
    }
    out.units = units;
    if (by_order && (usd.planned != 0 || usd.actual != 0)) out.usd = usd;
    out_.items.push_back(std::move(out));
  }

  void add_online(Entity entity) {
    const Counted counted = count(ActualKind::online, entity);
    if (!keeps_any(counted)) return;
    const Capacity& capacity = m_.capacities[index(entity)];
    VarianceItem out = item(capacity, capacity.kind, capacity.owner, "online", counted);
    out.unit = capacity.unit;
    const int t = only_ >= 0 ? only_ : counted.periods.back();
    out.first = t;
    const double planned = online(m_, plan_, CapacityId(index(entity)), t);
    const double ordered = online(m_, as_ordered_, CapacityId(index(entity)), t);
    const double actual = counted_or(ActualKind::online, entity, t, 0);
    out.units = VarianceParts{.planned = planned,
                              .actual = actual,
                              .total = actual - planned,
                              .volume = ordered - planned,
                              .timing = actual - ordered};
    out_.items.push_back(std::move(out));
  }

  void add_spend(Entity entity) {
    const Counted counted = count(ActualKind::spend, entity);
    if (!keeps_any(counted)) return;
    const Capacity& capacity = m_.capacities[index(entity)];
    VarianceItem out = item(capacity, capacity.kind, capacity.owner, "spend", counted);
    out.unit = "USD";
    std::vector<double> more;
    VarianceParts usd;
    for (std::size_t i = 0; i < counted.periods.size(); ++i) {
      const int t = counted.periods[i];
      const CapacityId k(index(entity));
      const double planned = spend_in_period(m_, plan_, k, t), flexible = spend_in_period(m_, as_ordered_, k, t);
      more.push_back(flexible - planned);
      if (!keeps(t)) continue;
      usd += {.planned = planned,
              .actual = counted.values[i],
              .total = counted.values[i] - planned,
              .price = counted.values[i] - flexible};
    }
    const Netted netted = net_deviations(more);
    for (std::size_t i = 0; i < more.size(); ++i) {
      if (keeps(counted.periods[i])) usd += {.volume = netted.volume[i], .timing = netted.timing[i]};
    }
    out.usd = usd;
    out_.items.push_back(std::move(out));
  }

  // ---- promises ----

  [[nodiscard]] double drawn(const Commitment& commitment, int t) const {
    if (commitment.terms.empty()) return m_.at_or(commitment.quantity, 0, t);
    double sum = 0;
    for (const Term& term : commitment.terms) sum += weighed_term(m_, plan_, term, t);
    return sum;
  }

  void add_delivery(Entity entity) {
    Counted counted = count(ActualKind::delivered, entity);
    if (!keeps_any(counted)) return;
    const Commitment& commitment = m_.commitments[index(entity)];
    VarianceItem out = item(commitment, kPromise, commitment.from, "delivered", counted);
    out.title = commitment.title;
    out.unit = commitment.unit;
    const bool is_level = std::ranges::any_of(commitment.terms, [](const Term& term) {
      return term.kind == TermKind::online || term.kind == TermKind::built || term.kind == TermKind::level;
    });
    if (is_level) {
      // what is there is told by the last month: months do not add up
      const int t = only_ >= 0 ? only_ : counted.periods.back();
      counted = {{t}, {counted_or(ActualKind::delivered, entity, t, 0)}};
      out.first = t;
    }
    std::vector<double> more;
    for (std::size_t i = 0; i < counted.periods.size(); ++i)
      more.push_back(counted.values[i] - drawn(commitment, counted.periods[i]));
    const Netted netted = net_deviations(more);
    VarianceParts units, usd;
    bool has_price = false;
    for (std::size_t i = 0; i < more.size(); ++i) {
      const int t = counted.periods[i];
      if (!keeps(t)) continue;
      const double planned = counted.values[i] - more[i];
      const auto told = actuals_.at(m_.calendar, ActualKind::price, entity, t);
      const double price = m_.at_or(commitment.price, told.value_or(0), t), paid = told.value_or(price);
      has_price = has_price || told || commitment.price.present();
      units += units_of(netted, i, planned, counted.values[i], more[i]);
      usd += money_of(netted, i, planned, counted.values[i], price, paid);
    }
    out.units = units;
    if (has_price) out.usd = usd;
    out_.items.push_back(std::move(out));
  }

  void add_up() {
    std::map<std::string, VarianceParts> steps, parties;
    for (const VarianceItem& item : out_.items) {
      if (!item.usd || item.step == kPromise) continue;
      out_.usd += *item.usd;
      steps[item.step] += *item.usd;
      parties[item.party] += *item.usd;
    }
    const auto sorted = [](const std::map<std::string, VarianceParts>& from) {
      std::vector<std::pair<std::string, VarianceParts>> list(from.begin(), from.end());
      std::ranges::stable_sort(list, std::ranges::greater(),
                               [](const auto& one) { return std::abs(one.second.total); });
      return list;
    };
    out_.by_step = sorted(steps);
    out_.by_party = sorted(parties);
  }

  const Model& m_;
  const Plan& plan_;
  const Actuals& actuals_;
  const int only_;
  Plan as_ordered_;  // the plan with the orders that were counted
  Variance out_;
};

}  // namespace

Variance explain_variance(const RunPlan& run, const Actuals& actuals, std::optional<YearMonth> month) {
  return Explainer(run, actuals, month).run();
}

}  // namespace beltline
