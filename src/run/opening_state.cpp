#include "run/opening_state.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include <fmt/format.h>

#include "plan/arrivals.h"
#include "plan/verify.h"
#include "run/plan_of_run.h"

namespace beltline {
namespace {

constexpr double kTiny = 1e-7;  // what tables of a plan leave out

/// The plan with what was counted in its place, and only what was decided before `first`.
struct Past {
  Plan whole;    // all periods before `first` as they were
  Plan decided;  // decisions before `first` alone; `built` is what they bring by themselves
};

class State {
 public:
  State(const RunPlan& run, int first, const Actuals& actuals)
      : m_(run.model()), spec_(*run.compiled.spec), actuals_(actuals), first_(first), T_(m_.period_count()) {
    past_.whole = run.plan;
    count(run.surplus);
    past_.decided = past_.whole;
    drop_later(past_.decided);
    past_.decided.built = built_by(m_, past_.decided);
    for (const Move& move : m_.moves) movers_.insert(move.from.index());
  }

  std::vector<OpeningRow> run() {
    add_stocks();
    add_goods();
    add_capacities();
    add_payments();
    add_used();
    return std::move(rows_);
  }

 private:
  // ---- the past ----

  /// Puts what was counted in the place of what was planned.
  void count(const Values& surplus) {
    Plan& plan = past_.whole;
    for (const Entity entity : actuals_.entities(ActualKind::ordered)) {
      for (int t = 0; t < first_; ++t) {
        if (const auto units = at(ActualKind::ordered, entity, t)) plan.order.at(index(entity), t) = *units;
      }
    }
    for (const Entity entity : actuals_.entities(ActualKind::activity)) {
      for (int t = 0; t < first_; ++t) {
        if (const auto amount = at(ActualKind::activity, entity, t)) set_activity(index(entity), t, *amount);
      }
    }
    if (actuals_.is_empty()) return;
    plan.built = built_by(m_, plan);
    fill_levels(m_, surplus, plan);
  }

  /// Gives a period's activity another sum; a rate keeps its course over the slices.
  void set_activity(std::size_t p, int t, double amount) {
    Values& activity = past_.whole.activity;
    const Process& process = m_.processes[p];
    const int slices = activity.slices[p];
    if (process.grain == Grain::amount) {
      activity.at(p, t) = amount;
      return;
    }
    double planned = 0;
    for (int s = 0; s < slices; ++s) planned += activity.at(p, t, s) * m_.hours(slices, t, s);
    for (int s = 0; s < slices; ++s) {
      activity.at(p, t, s) = planned == 0 ? amount / m_.calendar.hours(t) : activity.at(p, t, s) * amount / planned;
    }
  }

  void drop_later(Plan& plan) const {
    for (Values* values : {&plan.order, &plan.moved, &plan.activity, &plan.peak}) {
      for (std::size_t i = 0; i < values->offset.size(); ++i) {
        for (int t = first_; t < T_; ++t) {
          for (int s = 0; s < values->slices[i]; ++s) values->at(i, t, s) = 0;
        }
      }
    }
  }

  [[nodiscard]] std::optional<double> at(ActualKind kind, Entity entity, int t) const {
    return actuals_.at(m_.calendar, kind, entity, t);
  }
  static std::size_t index(Entity entity) { return static_cast<std::size_t>(entity.id); }

  // ---- rows ----

  void add(OpeningRow row) {
    if (std::abs(row.quantity) >= kTiny) rows_.push_back(std::move(row));
  }
  [[nodiscard]] std::string month(int t) const { return to_string(m_.calendar.month(t)); }

  /// What an earlier opening said of months that are still to come; `earlier` is told what it said of those before.
  template <class Earlier>
  void carry_on(std::string_view kind, Earlier earlier) {
    for (const Entry& entry : spec_.entries("opening")) {
      if (entry.text("kind") != kind) continue;
      const Quantity& quantity = entry.quantity("quantity");
      const bool is_later = entry.has("month") && entry.month("month") >= m_.calendar.month(first_);
      if (is_later) {
        add({.kind = std::string(kind),
             .of = entry.text("of"),
             .place = entry.has("place") ? entry.text("place") : "",
             .quantity = quantity.mode,
             .unit = quantity.unit,
             .month = to_string(entry.month("month"))});
      } else {
        earlier(entry.text("of"), quantity);
      }
    }
  }

  void add_stocks() {
    for (std::size_t v = 0; v < m_.stores.size(); ++v) {
      const Store& store = m_.stores[v];
      const Commodity& commodity = m_.commodities[store.commodity.index()];
      if (commodity.grain != Grain::amount) continue;
      const Entity entity{EntityKind::store, static_cast<int32_t>(v)};
      double level = past_.whole.level.at(v, first_ - 1);
      const auto last = actuals_.last_month(ActualKind::stock, entity);
      if (last && m_.calendar.period_of(*last) == first_ - 1)
        level = at(ActualKind::stock, entity, first_ - 1).value_or(level);
      // a store that the scenario begins with something must be told that it is empty now
      if (level < kTiny && store.initial <= 0) continue;
      rows_.push_back({.kind = "stock",
                       .of = store.name,
                       .place = "",
                       .quantity = std::max(0.0, level),
                       .unit = commodity.unit,
                       .month = ""});
    }
  }

  /// What flows with a lag, and orders that give or take goods later, bring after the opening.
  void add_goods() {
    std::vector<std::vector<double>> come(m_.nodes.size()), go(m_.nodes.size());
    const auto note = [&](NodeId node, int t, double amount) {
      auto& into = (amount > 0 ? come : go)[node.index()];
      into.resize(static_cast<std::size_t>(T_));
      into[static_cast<std::size_t>(t)] += std::abs(amount);
    };
    for (std::size_t p = 0; p < m_.processes.size(); ++p) note_flows(p, note);
    for (std::size_t k = 0; k < m_.capacities.size(); ++k) {
      for (const BuildFlow& flow : m_.capacities[k].build_flows) {
        const bool is_rate = m_.commodities[flow.commodity.index()].grain == Grain::rate;
        for (int t = std::max(0, first_ - flow.offset); t < first_ && t + flow.offset < T_; ++t) {
          const double units = past_.decided.order.at(k, t);
          if (units == 0) continue;
          const int then = t + flow.offset;
          note(flow.node, then, flow.amount * units / (is_rate ? m_.calendar.hours(then) : 1.0));
        }
      }
    }
    for (const auto& [kind, amounts] : {std::pair{"arriving", &come}, {"taking", &go}}) {
      carry_on(kind, [](const std::string&, const Quantity&) {});
      for (std::size_t n = 0; n < m_.nodes.size(); ++n) {
        for (int t = first_; t < T_ && !(*amounts)[n].empty(); ++t) {
          add({.kind = kind,
               .of = m_.commodity_name(NodeId(n)),
               .place = m_.place_name(NodeId(n)),
               .quantity = (*amounts)[n][static_cast<std::size_t>(t)],
               .unit = m_.commodities[m_.nodes[n].commodity.index()].unit,
               .month = month(t)});
        }
      }
    }
  }

  template <class Note>
  void note_flows(std::size_t p, const Note& note) {
    const Process& process = m_.processes[p];
    const Flow* output = output_flow(m_, process);
    for (const Flow& flow : process.flows) {
      if (flow.lag <= 0) continue;
      const Node& node = m_.nodes[flow.node.index()];
      const int slices = m_.slice_count(node);
      const bool is_rate = m_.commodities[node.commodity.index()].grain == Grain::rate;
      each_arrival(m_, past_.decided, p, flow, slices, [&](int t, int s, double amount) {
        if (t < first_ || amount == 0) return;
        // rates count as their mean over the period
        const double share = is_rate ? m_.hours(slices, t, s) / m_.calendar.hours(t) : 1.0;
        const double yield = &flow == output ? yield_ratio(p, flow, t - flow.lag) : 1.0;
        note(flow.node, t, amount * share * yield);
      });
    }
  }

  /// Counted over planned yield of what was started in period t.
  [[nodiscard]] double yield_ratio(std::size_t p, const Flow& flow, int t) const {
    const auto counted = at(ActualKind::yield, {EntityKind::process, static_cast<int32_t>(p)}, t);
    const double planned = m_.mean(flow.rate, t);
    return counted && planned > 0 ? *counted / planned : 1.0;
  }

  void add_capacities() {
    std::map<std::string, double> earlier;  // what an earlier opening had online by now, less what retired
    std::vector<OpeningRow> existing;
    std::swap(existing, rows_);
    carry_on("existing", [&](const std::string& of, const Quantity& q) { earlier[of] += in_unit_of(of, q); });
    carry_on("online", [&](const std::string& of, const Quantity& q) { earlier[of] += in_unit_of(of, q); });
    carry_on("retiring", [&](const std::string& of, const Quantity& q) { earlier[of] -= in_unit_of(of, q); });
    std::vector<OpeningRow> later;
    std::swap(later, rows_);
    std::swap(existing, rows_);
    for (std::size_t k = 0; k < m_.capacities.size(); ++k) {
      if (m_.capacities[k].kind == "opening") continue;  // what an earlier opening brought has been moved on
      // what moves on is in the plan's own moves already
      const double before = movers_.contains(k) ? 0 : earlier[m_.capacities[k].name];
      add_capacity(k, before);
    }
    rows_.insert(rows_.end(), later.begin(), later.end());
  }

  [[nodiscard]] double in_unit(const Quantity& quantity, const std::string& unit) const {
    if (quantity.unit.empty()) return quantity.mode;
    const auto converted = spec_.units.convert(quantity.mode, quantity.unit, unit);
    return converted ? converted->value : quantity.mode;
  }
  [[nodiscard]] double in_unit_of(const std::string& capacity, const Quantity& quantity) const {
    const auto found = std::ranges::find(m_.capacities, capacity, &Capacity::name);
    return found == m_.capacities.end() ? quantity.mode : in_unit(quantity, found->unit);
  }

  void add_capacity(std::size_t k, double before) {
    const Capacity& capacity = m_.capacities[k];
    std::vector<double> online(static_cast<std::size_t>(T_)), retiring(static_cast<std::size_t>(T_));
    const auto note = [&](std::vector<double>& into, int t, double units) {
      if (t >= first_ && t < T_) into[static_cast<std::size_t>(t)] += units;
    };
    for (int t = 0; t < first_; ++t) {
      const double units = past_.decided.order.at(k, t);
      note(online, t + capacity.lead, units);
      if (capacity.life > 0) note(retiring, t + capacity.lead + capacity.life, units);
    }
    for (std::size_t i = 0; i < m_.moves.size(); ++i) {
      if (m_.moves[i].to != CapacityId(k)) continue;
      for (int t = 0; t < first_; ++t) note(online, t + m_.moves[i].lag, past_.decided.moved.at(i, t));
    }
    double existing = before + past_.decided.built.at(k, first_ - 1);
    correct(k, existing, online[static_cast<std::size_t>(first_)]);
    if (existing < 0) retiring[static_cast<std::size_t>(first_)] -= existing;
    const OpeningRow row{
        .kind = "existing", .of = capacity.name, .place = "", .quantity = existing, .unit = capacity.unit, .month = ""};
    if (existing > 0) add(row);
    for (const auto& [kind, amounts] : {std::pair{"online", &online}, {"retiring", &retiring}}) {
      for (int t = first_; t < T_; ++t) {
        OpeningRow dated = row;
        dated.kind = kind;
        dated.quantity = (*amounts)[static_cast<std::size_t>(t)];
        dated.month = month(t);
        add(std::move(dated));
      }
    }
  }

  /// What was counted online last, against what orders and the scenario had to have online then.
  /// The rest of what orders had to bring is an open order; what the scenario says exists, and does not, is gone.
  void correct(std::size_t k, double& existing, double& online) const {
    const Entity entity{EntityKind::capacity, static_cast<int32_t>(k)};
    for (int t = first_ - 1; t >= 0; --t) {
      const auto counted = at(ActualKind::online, entity, t);
      if (!counted) continue;
      const double ordered = past_.decided.built.at(k, t);
      const double missing = m_.at_or(m_.capacities[k].existing, 0, t) + ordered - *counted;
      existing -= missing;
      online += std::clamp(missing, 0.0, std::max(0.0, ordered));
      return;
    }
  }

  /// Capex of earlier orders that falls due later.
  void add_payments() {
    carry_on("due", [](const std::string&, const Quantity&) {});
    for (std::size_t k = 0; k < m_.capacities.size(); ++k) {
      for (int t = first_; t < T_; ++t) {
        add({.kind = "due",
             .of = m_.capacities[k].name,
             .place = "",
             .quantity = spend_in_period(m_, past_.decided, CapacityId(k), t),
             .unit = "USD",
             .month = month(t)});
      }
    }
  }

  void add_used() {
    std::map<std::string, double> earlier;
    carry_on("used", [&](const std::string& of, const Quantity& quantity) {
      const auto limit = std::ranges::find(m_.limits, of, &Limit::name);
      if (limit != m_.limits.end()) earlier[of] += in_unit(quantity, limit->unit.empty() ? "1" : limit->unit);
    });
    // what only orders of before count, so that the opened plan cannot see it
    Plan unseen = past_.decided;
    for (const std::size_t k : movers_) {
      for (int t = 0; t < T_; ++t) unseen.built.at(k, t) = 0;
    }
    for (const Limit& limit : m_.limits) {
      const int last = std::min(limit.last, T_ - 1), begin = std::max(0, limit.first);
      if (last < first_ || limit.kind == "opening") continue;
      double window = 0;
      if (limit.scope == LimitScope::window) {
        for (int t = begin; t < first_; ++t) window += sum_of(limit, t);
        if (const auto old = earlier.find(limit.name); old != earlier.end()) window += old->second;
      }
      for (int t = std::max(begin, first_); t <= last; ++t) {
        double amount = 0;
        for (const Term& term : limit.terms) {
          if (term.kind == TermKind::built || term.kind == TermKind::spend) amount += weighed_term(m_, unseen, term, t);
        }
        window += amount;
        if (limit.scope != LimitScope::window) add_used_row(limit, amount, month(t));
      }
      if (limit.scope == LimitScope::window) add_used_row(limit, window, "");
    }
  }

  void add_used_row(const Limit& limit, double amount, const std::string& when) {
    add({.kind = "used",
         .of = limit.name,
         .place = "",
         .quantity = amount,
         .unit = limit.unit == "1" ? "" : limit.unit,
         .month = when});
  }

  /// A limit's sum in a period that is past, with the money that was counted.
  [[nodiscard]] double sum_of(const Limit& limit, int t) const {
    double sum = 0;
    for (const Term& term : limit.terms) {
      const bool is_capacity = term.kind == TermKind::spend, is_process = term.kind == TermKind::variable;
      const Entity entity{is_capacity ? EntityKind::capacity : EntityKind::process, term.id};
      const auto counted = is_capacity || is_process ? at(ActualKind::spend, entity, t) : std::nullopt;
      sum += counted ? m_.at_or(term.coefficient, 1, t) * *counted : weighed_term(m_, past_.whole, term, t);
    }
    return sum;
  }

  const Model& m_;
  const Spec& spec_;
  const Actuals& actuals_;
  const int first_, T_;
  Past past_;
  std::set<std::size_t> movers_;
  std::vector<OpeningRow> rows_;
};

}  // namespace

std::vector<OpeningRow> opening_rows(const RunPlan& run, int first, const Actuals& actuals) {
  ASSERT(first > 0 && first < run.model().period_count());
  return State(run, first, actuals).run();
}

std::string opening_csv(const std::vector<OpeningRow>& rows) {
  std::string csv = "name,kind,of,place,quantity,month\n";
  std::map<std::string, int> counts;
  for (const OpeningRow& row : rows) {
    const std::string quantity =
        row.unit.empty() ? fmt::format("{}", row.quantity) : fmt::format("{} {}", row.quantity, row.unit);
    csv += fmt::format("{}_{},{},{},{},{},{}\n", row.kind, ++counts[row.kind], row.kind, row.of, row.place, quantity,
                       row.month);
  }
  return csv;
}

}  // namespace beltline
