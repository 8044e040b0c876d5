#include "plan/verify.h"

#include <algorithm>
#include <cmath>
#include <functional>

#include <fmt/format.h>

#include "plan/arrivals.h"
#include "plan/verify_commitment.h"

namespace beltline {
namespace {

double series(const Model& m, Series s, double otherwise, int slices, int t, int i) {
  return s.present() ? m.at_resolution(s, slices, t, i) : otherwise;
}

/// A sum that remembers its largest term, so that a violation can be judged against what was added up.
struct Sum {
  double value = 0;
  double largest = 0;
  void add(double x) {
    value += x;
    largest = std::max(largest, std::abs(x));
  }
};

class Verifier {
 public:
  Verifier(const Model& model, const Plan& plan, double tolerance, Verification& out)
      : m_(model), p_(plan), tolerance_(tolerance), out_(out), T_(model.period_count()) {}

  void run() {
    check_balances();
    check_stock();
    check_capacities();
    check_activities();
    check_stores();
    check_lines();
    check_limits();
    check_commitments();
    check_commitment(m_, p_, [this](double miss, double scale, const auto& what) { judge(miss, scale, what); });
    add_goals();
    std::ranges::stable_sort(out_.violations, std::greater<>(), &Violation::relative);
    if (out_.violations.size() > 20) out_.violations.resize(20);
    out_.holds = out_.worst <= tolerance_;
  }

 private:
  void judge(double miss, double scale, const std::function<std::string()>& what) {
    if (!(miss > 0) && !std::isnan(miss)) return;
    const double relative = std::isnan(miss) ? 1e300 : miss / (1.0 + scale);
    out_.worst = std::max(out_.worst, relative);
    if (relative > tolerance_) out_.violations.push_back({what(), miss, relative});
  }

  std::string when(int t, int s, int slices) const {
    return m_.calendar.label(t) + (slices > 1 ? fmt::format(", slice {}", s) : "");
  }

  void check_balances();
  void check_stock();
  void check_capacities();
  void check_activities();
  void check_stores();
  void check_lines();
  void check_limits();
  void check_slice_limit(const Limit& limit, int first, int last);
  void check_commitments();
  void add_goals();

  const Model& m_;
  const Plan& p_;
  const double tolerance_;
  Verification& out_;
  const int T_;
};

struct Balance {
  Values net;
  Values largest;
};

Balance balance_of(const Model& m, const Plan& plan) {
  Balance b;
  b.net = plan.node_price;  // the same shape
  std::ranges::fill(b.net.data, 0.0);
  b.largest = b.net;
  const auto add = [&](NodeId n, int t, int s, double amount) {
    b.net.at(n.index(), t, s) += amount;
    double& most = b.largest.at(n.index(), t, s);
    most = std::max(most, std::abs(amount));
  };
  for (std::size_t p = 0; p < m.processes.size(); ++p) {
    for (const Flow& flow : m.processes[p].flows) {
      each_arrival(m, plan, p, flow, m.slice_count(m.nodes[flow.node.index()]),
                   [&](int t, int s, double amount) { add(flow.node, t, s, amount); });
    }
  }
  for (std::size_t k = 0; k < m.capacities.size(); ++k) {
    for (const StandFlow& flow : m.capacities[k].stand_flows) {
      const int slices = m.slice_count(m.nodes[flow.node.index()]);
      for (int t = 0; t < m.period_count(); ++t) {
        for (int s = 0; s < slices; ++s) {
          add(flow.node, t, s, series(m, flow.rate, 0, slices, t, s) * online(m, plan, CapacityId(k), t));
        }
      }
    }
    for (const BuildFlow& flow : m.capacities[k].build_flows) {
      const bool is_rate = m.commodities[flow.commodity.index()].grain == Grain::rate;
      for (int t = 0; t + flow.offset < m.period_count(); ++t) {
        const int at = t + flow.offset;
        for (int s = 0; s < m.slice_count(m.nodes[flow.node.index()]); ++s) {
          add(flow.node, at, s, flow.amount * plan.order.at(k, t) / (is_rate ? m.calendar.hours(at) : 1.0));
        }
      }
    }
  }
  for (std::size_t v = 0; v < m.stores.size(); ++v) {
    const Store& store = m.stores[v];
    const Grain grain = m.commodities[store.commodity.index()].grain;
    for (int t = 0; t < m.period_count(); ++t) {
      if (grain == Grain::amount) {
        const double before = t == 0 ? store.initial : plan.level.at(v, t - 1);
        add(store.node, t, 0, before * (1.0 - store.loss));
        add(store.node, t, 0, -plan.level.at(v, t));
      } else {
        for (int s = 0; s < plan.level.slices[v]; ++s) {
          add(store.node, t, s, plan.discharge.at(v, t, s));
          add(store.node, t, s, -plan.charge.at(v, t, s));
        }
      }
    }
  }
  for (std::size_t d = 0; d < m.demands.size(); ++d) {
    const Demand& demand = m.demands[d];
    const int slices = m.slice_count(m.nodes[demand.node.index()]);
    for (int t = 0; t < m.period_count(); ++t) {
      for (int s = 0; s < slices; ++s) {
        add(demand.node, t, s, -series(m, demand.quantity, 0, slices, t, s));
        add(demand.node, t, s, plan.unserved.at(d, t, s));
      }
    }
  }
  return b;
}

void Verifier::check_balances() {
  const Balance b = balance_of(m_, p_);
  for (std::size_t n = 0; n < m_.nodes.size(); ++n) {
    const bool disposable = m_.commodities[m_.nodes[n].commodity.index()].disposable;
    for (int t = 0; t < T_; ++t) {
      for (int s = 0; s < b.net.slices[n]; ++s) {
        const double net = b.net.at(n, t, s);
        judge(disposable ? -net : std::abs(net), b.largest.at(n, t, s), [&] {
          return fmt::format("balance of {} at {} in {}", m_.commodity_name(NodeId(n)), m_.place_name(NodeId(n)),
                             when(t, s, b.net.slices[n]));
        });
      }
    }
  }
}

void Verifier::check_stock() {
  for (std::size_t k = 0; k < m_.capacities.size(); ++k) {
    const Capacity& capacity = m_.capacities[k];
    for (int t = 0; t < T_; ++t) {
      Sum stock;
      for (int o = std::max(0, capacity.life > 0 ? t - capacity.lead - capacity.life + 1 : 0); o + capacity.lead <= t;
           ++o) {
        stock.add(p_.order.at(k, o));
      }
      for (std::size_t i = 0; i < m_.moves.size(); ++i) {
        const Move& move = m_.moves[i];
        for (int o = 0; o <= t; ++o) {
          if (move.from == CapacityId(k)) stock.add(-p_.moved.at(i, o));
          if (move.to == CapacityId(k) && o + move.lag <= t) stock.add(p_.moved.at(i, o));
        }
      }
      const auto name = [&](const char* what) {
        return [&, what] { return fmt::format("{} of {} in {}", what, capacity.name, m_.calendar.label(t)); };
      };
      const double built = p_.built.at(k, t);
      judge(std::abs(stock.value - built), stock.largest, name("stock"));
      judge(-built, 1.0, name("sign"));
      if (capacity.total_max >= 0) judge(built - capacity.total_max, capacity.total_max, name("total"));
      const double order = p_.order.at(k, t);
      judge(-order, 1.0, name("sign of the order"));
      if (order <= 0) continue;
      if (!capacity.buildable || t < capacity.earliest_order || t + capacity.lead < capacity.earliest_online) {
        judge(order, 0.0, name("date of the order"));
      }
      if (capacity.build_max.present()) judge(order - m_.at(capacity.build_max, t), order, name("build rate"));
      if (capacity.module_size > 0) {
        const double modules = order / capacity.module_size;
        judge(std::abs(modules - std::round(modules)), 0.0, name("whole modules"));
      }
    }
  }
  for (std::size_t i = 0; i < m_.moves.size(); ++i) {
    const double size = m_.capacities[m_.moves[i].from.index()].module_size;
    for (int t = 0; size > 0 && t < T_; ++t) {
      const double modules = p_.moved.at(i, t) / size;
      judge(std::abs(modules - std::round(modules)), 0.0, [&] { return "whole modules of move " + m_.moves[i].name; });
    }
  }
}

void Verifier::check_capacities() {
  for (std::size_t k = 0; k < m_.capacities.size(); ++k) {
    const Capacity& capacity = m_.capacities[k];
    int slices = 1;
    std::vector<std::pair<std::size_t, Series>> users;
    bool both_ways = false;
    for (std::size_t p = 0; p < m_.processes.size(); ++p) {
      for (const CapacityUse& use : m_.processes[p].uses) {
        if (use.capacity != CapacityId(k)) continue;
        users.emplace_back(p, use.use);
        both_ways = both_ways || !m_.processes[p].least_share.present();
        slices = std::max(slices, m_.slice_count(m_.processes[p]));
      }
    }
    if (users.empty()) continue;
    for (int t = 0; t < T_; ++t) {
      for (int s = 0; s < slices; ++s) {
        Sum used;
        for (const auto& [p, use] : users) {
          const int own = m_.slice_count(m_.processes[p]);
          used.add(series(m_, use, 1, slices, t, s) * p_.activity.at(p, t, own == 1 ? 0 : s));
        }
        const double most = series(m_, capacity.availability, 1, slices, t, s) * online(m_, p_, CapacityId(k), t);
        judge((both_ways ? std::abs(used.value) : used.value) - most, std::max(most, used.largest),
              [&] { return fmt::format("capacity {} in {}", capacity.name, when(t, s, slices)); });
      }
    }
  }
}

void Verifier::check_activities() {
  for (std::size_t p = 0; p < m_.processes.size(); ++p) {
    const Process& process = m_.processes[p];
    const int slices = p_.activity.slices[p];
    for (int t = 0; t < T_; ++t) {
      for (int s = 0; s < slices; ++s) {
        const double a = p_.activity.at(p, t, s);
        const auto what = [&] { return fmt::format("activity {} in {}", process.name, when(t, s, slices)); };
        judge(series(m_, process.lower, process.runs_back ? -1e300 : 0, slices, t, s) - a, std::abs(a), what);
        if (process.least_share.present() && !process.uses.empty()) {
          const CapacityUse& use = process.uses.front();
          const double least = series(m_, process.least_share, 0, slices, t, s) * online(m_, p_, use.capacity, t);
          judge(least - series(m_, use.use, 1, slices, t, s) * a, std::max(std::abs(least), std::abs(a)), what);
        }
        if (process.upper.present()) judge(a - series(m_, process.upper, 0, slices, t, s), std::abs(a), what);
        if (process.peak_cost.present()) judge(a - p_.peak.at(p, t), std::abs(a), what);
      }
    }
  }
}

void Verifier::check_stores() {
  for (std::size_t v = 0; v < m_.stores.size(); ++v) {
    const Store& store = m_.stores[v];
    const bool is_rate = m_.commodities[store.commodity.index()].grain == Grain::rate;
    const int slices = p_.level.slices[v];
    for (int t = 0; t < T_; ++t) {
      for (int s = 0; s < slices; ++s) {
        const auto what = [&] { return fmt::format("store {} in {}", store.name, when(t, s, slices)); };
        const double level = p_.level.at(v, t, s);
        double most = store.level_max.present() ? series(m_, store.level_max, 0, slices, t, s) : 1e300;
        double least = store.level_min.present() ? series(m_, store.level_min, 0, slices, t, s) : 0.0;
        if (store.level_capacity.valid()) {
          const double whole = store.level_per_unit * online(m_, p_, store.level_capacity, t);
          most = std::min(most, series(m_, store.level_share_max, 1, slices, t, s) * whole);
          least = std::max(least, series(m_, store.level_share_min, 0, slices, t, s) * whole);
        }
        judge(level - most, most, what);
        judge(least - level, std::max(1.0, least), what);
        if (!is_rate) continue;
        double power = store.power_max.present() ? series(m_, store.power_max, 0, slices, t, s) : 1e300;
        if (store.power_capacity.valid()) power = std::min(power, online(m_, p_, store.power_capacity, t));
        judge(std::max(p_.charge.at(v, t, s), p_.discharge.at(v, t, s)) - power, power, what);
        const double h = slices == 1 ? m_.calendar.group_hours() : m_.calendar.step(s);
        const int group = slices == 1 ? 1 : m_.calendar.group_size;
        const int before = (s / group) * group + (s % group + group - 1) % group;
        const double found = store.is_open && s % group == 0 ? store.initial : p_.level.at(v, t, before);
        const double expected =
            found * std::pow(1 - store.loss, h) +
            h * (store.efficiency_in * p_.charge.at(v, t, s) - p_.discharge.at(v, t, s) / store.efficiency_out);
        judge(std::abs(level - expected), std::max(level, h * p_.charge.at(v, t, s)), what);
      }
    }
  }
}

/// Kirchhoff: bus angles exist that explain every flow. Angles are spread from each island's first line end.
void Verifier::check_lines() {
  std::vector<std::size_t> lines;
  for (std::size_t p = 0; p < m_.processes.size(); ++p) {
    if (m_.processes[p].reactance != 0) lines.push_back(p);
  }
  if (lines.empty()) return;
  const int slices = p_.activity.slices[lines.front()];
  std::vector<double> angle(m_.places.size());
  std::vector<uint8_t> known(m_.places.size());
  for (int t = 0; t < T_; ++t) {
    for (int s = 0; s < slices; ++s) {
      std::ranges::fill(known, uint8_t{0});
      double largest = 0;
      for (std::size_t seed = 0; seed < lines.size(); ++seed) {
        const auto from = m_.processes[lines[seed]].line_from.index();
        if (!known[from]) {
          known[from] = 1;
          angle[from] = 0;
        }
        for (bool grew = true; grew;) {
          grew = false;
          for (std::size_t p : lines) {
            const Process& line = m_.processes[p];
            const auto a = line.line_from.index(), b = line.line_to.index();
            if (known[a] == known[b]) continue;
            const double drop = line.reactance * p_.activity.at(p, t, s) + line.phase_shift;
            largest = std::max(largest, std::abs(drop));
            if (known[a]) angle[b] = angle[a] - drop;
            if (known[b]) angle[a] = angle[b] + drop;
            known[a] = known[b] = 1;
            grew = true;
          }
        }
      }
      for (std::size_t p : lines) {
        const Process& line = m_.processes[p];
        const double drop = line.reactance * p_.activity.at(p, t, s) + line.phase_shift;
        judge(std::abs(angle[line.line_from.index()] - angle[line.line_to.index()] - drop), largest,
              [&] { return fmt::format("voltage law at {} in {}", line.name, when(t, s, slices)); });
      }
    }
  }
}

void Verifier::check_limits() {
  for (std::size_t i = 0; i < m_.limits.size(); ++i) {
    const Limit& limit = m_.limits[i];
    const int first = std::max(0, limit.first), last = std::min(T_ - 1, limit.last);
    const bool reported_only = limit.is_target && m_.objective.kind == ObjectiveKind::max_compute;
    if (limit.scope == LimitScope::each_slice) {
      check_slice_limit(limit, first, last);
      continue;
    }
    Sum sum;
    for (int t = first; t <= last; ++t) {
      if (limit.scope == LimitScope::each_period) sum = {};
      for (const Term& term : limit.terms) sum.add(weighed_term(m_, p_, term, t));
      if (limit.scope == LimitScope::window && t != last) continue;
      const int at = limit.scope == LimitScope::window ? first : t;
      const auto what = [&] { return fmt::format("limit {} in {}", limit.name, m_.calendar.label(at)); };
      const double missing = p_.shortfall.at(i, at);
      if (limit.lower.present() && !reported_only) {
        judge(m_.at(limit.lower, at) - sum.value - missing, std::max(sum.largest, std::abs(m_.at(limit.lower, at))),
              what);
      }
      if (limit.upper.present()) {
        // A missed lower side never excuses an upper one.
        judge(sum.value - m_.at(limit.upper, at), std::max(sum.largest, std::abs(m_.at(limit.upper, at))), what);
      }
      if (limit.is_target) out_.shortfall += missing / std::max(1e-9, std::abs(m_.at_or(limit.lower, 1, at)));
    }
  }
}

void Verifier::check_slice_limit(const Limit& limit, int first, int last) {
  const int slices = m_.calendar.slice_count;
  for (int t = first; t <= last; ++t) {
    for (int s = 0; s < slices; ++s) {
      Sum sum;
      for (const Term& term : limit.terms) {
        sum.add(series(m_, term.coefficient, 1, slices, t, s) * slice_term(m_, p_, term, t, s));
      }
      const auto what = [&] { return fmt::format("limit {} in {}", limit.name, when(t, s, slices)); };
      const double lower = series(m_, limit.lower, -1e300, slices, t, s);
      const double upper = series(m_, limit.upper, 1e300, slices, t, s);
      judge(lower - sum.value, std::max(sum.largest, std::abs(lower)), what);
      judge(sum.value - upper, std::max(sum.largest, std::abs(upper)), what);
    }
  }
}

void Verifier::check_commitments() {
  for (std::size_t i = 0; i < m_.commitments.size(); ++i) {
    const Commitment& c = m_.commitments[i];
    for (int t = std::max(0, c.first); t <= std::min(T_ - 1, c.last); ++t) {
      Sum sum;
      for (const Term& term : c.terms) sum.add(weighed_term(m_, p_, term, t));
      const auto what = [&] { return fmt::format("commitment {} in {}", c.name, m_.calendar.label(t)); };
      const double promised = m_.at_or(c.quantity, 0, t);
      if (c.ceiling) judge(sum.value - promised, promised, what);
      if (c.take_or_pay > 0) judge(c.take_or_pay * promised - sum.value - p_.unpaid.at(i, t), promised, what);
    }
  }
}

void Verifier::add_goals() {
  const double rate = m_.objective.discount_rate;
  const double years = T_ * m_.calendar.months_per_period / 12.0;
  const Series weight = m_.objective.weight;
  const double at_end = weight.present() ? m_.at(weight, T_ - 1) : std::pow(1 + rate, -years);
  out_.cost_usd += m_.objective.constant_usd;
  for (int t = 0; t < T_; ++t) {
    Sum usd, capex, useful;
    for (std::size_t k = 0; k < m_.capacities.size(); ++k) {
      const Capacity& capacity = m_.capacities[k];
      capex.add(spend_in_period(m_, p_, CapacityId(k), t));
      usd.add(m_.at_or(capacity.fixed_cost, 0, t) * online(m_, p_, CapacityId(k), t));
      const double age = T_ - t - capacity.lead;
      if (capacity.salvage_life > 0 && age < capacity.salvage_life) {
        const double fund = capacity.sinking_fund_rate;
        const double written_off = fund > 0
                                       ? (std::pow(1 + fund, age) - 1) / (std::pow(1 + fund, capacity.salvage_life) - 1)
                                       : age / capacity.salvage_life;
        out_.cost_usd -= at_end * (1 - written_off) * m_.at_or(capacity.capex, 0, t) * p_.order.at(k, t);
      }
    }
    for (std::size_t i = 0; i < m_.moves.size(); ++i) usd.add(m_.at_or(m_.moves[i].cost, 0, t) * p_.moved.at(i, t));
    for (std::size_t p = 0; p < m_.processes.size(); ++p) {
      const Process& process = m_.processes[p];
      usd.add(term_value(m_, p_, {.kind = TermKind::variable, .id = static_cast<int32_t>(p)}, t));
      if (!process.useful.present()) continue;
      const int slices = p_.activity.slices[p];
      for (int s = 0; s < slices; ++s) {
        const double hours = process.grain == Grain::rate ? m_.hours(slices, t, s) : 1.0;
        useful.add(hours * m_.at_resolution(process.useful, slices, t, s) * p_.activity.at(p, t, s));
      }
    }
    for (std::size_t v = 0; v < m_.stores.size(); ++v) {
      usd.add(m_.at_or(m_.stores[v].holding_cost, 0, t) *
              term_value(m_, p_, {.kind = TermKind::level, .id = static_cast<int32_t>(v)}, t));
      const int slices = p_.discharge.slices[v];
      for (int s = 0; s < slices; ++s) {
        const double hours = m_.hours(slices, t, s);
        usd.add(hours * series(m_, m_.stores[v].charge_cost, 0, slices, t, s) * p_.charge.at(v, t, s));
        usd.add(hours * series(m_, m_.stores[v].discharge_cost, 0, slices, t, s) * p_.discharge.at(v, t, s));
      }
    }
    for (std::size_t d = 0; d < m_.demands.size(); ++d) {
      const Demand& demand = m_.demands[d];
      if (!demand.unserved_cost.present()) continue;
      const int slices = p_.unserved.slices[d];
      const bool is_rate = m_.commodities[demand.commodity.index()].grain == Grain::rate;
      for (int s = 0; s < slices; ++s) {
        usd.add((is_rate ? m_.hours(slices, t, s) : 1.0) * m_.at_resolution(demand.unserved_cost, slices, t, s) *
                p_.unserved.at(d, t, s));
      }
    }
    for (std::size_t i = 0; i < m_.limits.size(); ++i)
      usd.add(m_.at_or(m_.limits[i].shortfall_cost, 0, t) * p_.shortfall.at(i, t));
    for (std::size_t i = 0; i < m_.commitments.size(); ++i)
      usd.add(m_.at_or(m_.commitments[i].price, 0, t) * p_.unpaid.at(i, t));
    const double years_to = t * m_.calendar.months_per_period / 12.0;
    const double half = 0.5 * m_.calendar.months_per_period / 12.0;
    const double discount = weight.present() ? m_.at(weight, t) : std::pow(1 + rate, -(years_to + half));
    const bool at_start = m_.objective.capex_at_start && !weight.present();
    out_.cost_usd += discount * usd.value + (at_start ? std::pow(1 + rate, -years_to) : discount) * capex.value;
    out_.useful_compute += discount * useful.value;
  }
}

}  // namespace

double online(const Model& model, const Plan& plan, CapacityId k, int t) {
  return model.at_or(model.capacities[k.index()].existing, 0, t) + plan.built.at(k.index(), t);
}

double spend_in_period(const Model& model, const Plan& plan, CapacityId k, int t) {
  const Capacity& capacity = model.capacities[k.index()];
  if (!capacity.capex.present()) return 0;
  if (capacity.spend_profile.empty()) return model.at(capacity.capex, t) * plan.order.at(k.index(), t);
  double usd = 0;
  for (int j = 0; j <= t && static_cast<std::size_t>(j) < capacity.spend_profile.size(); ++j) {
    usd += model.at(capacity.capex, t - j) * capacity.spend_profile[static_cast<std::size_t>(j)] *
           plan.order.at(k.index(), t - j);
  }
  return usd;
}

double slice_term(const Model& m, const Plan& plan, const Term& term, int t, int s) {
  const auto id = static_cast<std::size_t>(term.id);
  const auto in_slice = [&](const Values& values) { return values.at(id, t, values.slices[id] == 1 ? 0 : s); };
  switch (term.kind) {
    case TermKind::activity: return in_slice(plan.activity);
    case TermKind::level: return in_slice(plan.level);
    case TermKind::charge: return in_slice(plan.charge);
    case TermKind::discharge: return in_slice(plan.discharge);
    case TermKind::unserved: return in_slice(plan.unserved);
    case TermKind::variable: {
      const Process& process = m.processes[id];
      const double peak = process.peak_cost.present() ? m.at(process.peak_cost, t) * plan.peak.at(id, t) : 0.0;
      const double units = commitment_usd(m, plan, id, t, s) / std::max(1e-9, m.calendar.hours(t, s));
      return peak + units + series(m, process.cost, 0, plan.activity.slices[id], t, s) * in_slice(plan.activity);
    }
    default: return term_value(m, plan, term, t);
  }
}

double weighed_term(const Model& m, const Plan& plan, const Term& term, int t) {
  const Series coefficient = term.coefficient;
  if (coefficient.slice_stride == 0) return m.at_or(coefficient, 1, t) * term_value(m, plan, term, t);
  // each slice's own part, weighed by its own coefficient: what is left once all other slices are set to zero
  const auto id = static_cast<std::size_t>(term.id);
  const Values& values = term.kind == TermKind::level       ? plan.level
                         : term.kind == TermKind::charge    ? plan.charge
                         : term.kind == TermKind::discharge ? plan.discharge
                         : term.kind == TermKind::unserved  ? plan.unserved
                                                            : plan.activity;
  const bool has_slices = term.kind == TermKind::activity || term.kind == TermKind::level ||
                          term.kind == TermKind::charge || term.kind == TermKind::discharge ||
                          term.kind == TermKind::unserved;
  const int slices = has_slices ? values.slices[id] : 1;
  if (slices == 1) return m.mean(coefficient, t) * term_value(m, plan, term, t);
  double sum = 0;
  for (int s = 0; s < slices; ++s) {
    const double part =
        term.kind == TermKind::level ? m.calendar.hours(t, s) / m.calendar.hours(t) : m.hours(slices, t, s);
    sum += m.at(coefficient, t, s) * part * values.at(id, t, s);
  }
  return sum;
}

double term_value(const Model& m, const Plan& plan, const Term& term, int t) {
  const auto id = static_cast<std::size_t>(term.id);
  const auto over_slices = [&](int slices, bool by_hours, const auto& value) {
    double sum = 0;
    for (int s = 0; s < slices; ++s) sum += (by_hours ? m.hours(slices, t, s) : 1.0) * value(s);
    return sum;
  };
  switch (term.kind) {
    case TermKind::activity:
      return over_slices(plan.activity.slices[id], m.processes[id].grain == Grain::rate,
                         [&](int s) { return plan.activity.at(id, t, s); });
    case TermKind::variable: {
      const Process& process = m.processes[id];
      const int slices = plan.activity.slices[id];
      const double peak = process.peak_cost.present() ? m.at(process.peak_cost, t) * plan.peak.at(id, t) : 0.0;
      const double units = commitment_usd(m, plan, id, t);
      return peak + units + over_slices(slices, process.grain == Grain::rate, [&](int s) {
               const double a = plan.activity.at(id, t, s);
               return (series(m, process.cost, 0, slices, t, s) +
                       series(m, process.quadratic_cost, 0, slices, t, s) * a) *
                      a;
             });
    }
    case TermKind::peak: {
      double most = 0;
      for (int s = 0; s < plan.activity.slices[id]; ++s) most = std::max(most, plan.activity.at(id, t, s));
      return most;
    }
    case TermKind::order: return plan.order.at(id, t);
    case TermKind::online: return online(m, plan, CapacityId(id), t);
    case TermKind::built: return plan.built.at(id, t);
    case TermKind::spend: return spend_in_period(m, plan, CapacityId(id), t);
    case TermKind::fixed: return m.at_or(m.capacities[id].fixed_cost, 0, t) * online(m, plan, CapacityId(id), t);
    case TermKind::level: {
      const int slices = plan.level.slices[id];
      if (slices == 1) return plan.level.at(id, t);
      return over_slices(slices, true, [&](int s) { return plan.level.at(id, t, s); }) / m.calendar.hours(t);
    }
    case TermKind::charge:
    case TermKind::discharge: {
      const Values& values = term.kind == TermKind::charge ? plan.charge : plan.discharge;
      return over_slices(values.slices[id], true, [&](int s) { return values.at(id, t, s); });
    }
    case TermKind::unserved: {
      const bool is_rate = m.commodities[m.demands[id].commodity.index()].grain == Grain::rate;
      return over_slices(plan.unserved.slices[id], is_rate, [&](int s) { return plan.unserved.at(id, t, s); });
    }
    case TermKind::moved: return plan.moved.at(id, t);
  }
  return 0;
}

double missed_usd(const Model& m, const Plan& plan) {
  double usd = 0;
  for (int t = 0; t < m.period_count(); ++t) {
    double period = 0;
    for (std::size_t i = 0; i < m.limits.size(); ++i) {
      period += m.at_or(m.limits[i].shortfall_cost, 0, t) * plan.shortfall.at(i, t);
    }
    for (std::size_t d = 0; d < m.demands.size(); ++d) {
      const Demand& demand = m.demands[d];
      const bool is_rate = m.commodities[demand.commodity.index()].grain == Grain::rate;
      const int slices = plan.unserved.slices[d];
      for (int s = 0; demand.unserved_cost.present() && s < slices; ++s) {
        period += (is_rate ? m.hours(slices, t, s) : 1.0) * plan.unserved.at(d, t, s) *
                  m.at_resolution(demand.unserved_cost, slices, t, s);
      }
    }
    usd += m.discount_factor(t) * period;
  }
  return usd;
}

Values node_residual(const Model& model, const Plan& plan) {
  return balance_of(model, plan).net;
}

Verification verify(const Model& model, const Plan& plan, double tolerance) {
  Verification out;
  Verifier(model, plan, tolerance, out).run();
  return out;
}

}  // namespace beltline
