#include "plan/tables.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <limits>
#include <map>
#include <tuple>

#include "base/assert.h"
#include "plan/table_rows.h"
#include "plan/verify.h"

namespace beltline {
namespace {

Table builds(const Model& m, const Plan& plan) {
  Table table = make("builds", "What is ordered, when, and when it is online",
                     {{"capacity", "text", "name"},
                      {"kind", "text", ""},
                      {"place", "text", ""},
                      {"owner", "text", ""},
                      {"ordered", "text", "month of the order"},
                      {"online", "text", "month it can be used"},
                      {"unit", "text", "unit of quantity"},
                      {"quantity", "", "ordered, in `unit`"},
                      {"modules", "", "whole modules; 0 where any amount can be had"},
                      {"capex", "USD", "of the order, undiscounted"}});
  for (std::size_t k = 0; k < m.capacities.size(); ++k) {
    const Capacity& capacity = m.capacities[k];
    for (int t = 0; t < m.period_count(); ++t) {
      const double quantity = plan.order.at(k, t);
      if (quantity < kTiny) continue;
      texts(table, 0).push_back(capacity.name);
      texts(table, 1).push_back(capacity.kind);
      texts(table, 2).push_back(place_name(m, capacity.place));
      texts(table, 3).push_back(party_name(m, capacity.owner));
      texts(table, 4).push_back(m.calendar.label(t));
      texts(table, 5).push_back(m.calendar.label(t + capacity.lead));
      texts(table, 6).push_back(capacity.unit);
      numbers(table, 7).push_back(quantity);
      numbers(table, 8).push_back(capacity.module_size > 0 ? std::round(quantity / capacity.module_size) : 0.0);
      numbers(table, 9).push_back(quantity * m.at_or(capacity.capex, 0, t));
    }
  }
  return table;
}

Table moves(const Model& m, const Plan& plan) {
  Table table = make("moves", "Capacity that changes its place",
                     {{"move", "text", "name"},
                      {"from", "text", ""},
                      {"to", "text", ""},
                      {"leaves", "text", "month"},
                      {"online", "text", "month it can be used again"},
                      {"unit", "text", ""},
                      {"quantity", "", "in `unit`"},
                      {"cost", "USD", ""}});
  for (std::size_t i = 0; i < m.moves.size(); ++i) {
    const Move& move = m.moves[i];
    for (int t = 0; t < m.period_count(); ++t) {
      const double quantity = plan.moved.at(i, t);
      if (quantity < kTiny) continue;
      texts(table, 0).push_back(move.name);
      texts(table, 1).push_back(m.capacities[move.from.index()].name);
      texts(table, 2).push_back(m.capacities[move.to.index()].name);
      texts(table, 3).push_back(m.calendar.label(t));
      texts(table, 4).push_back(m.calendar.label(t + move.lag));
      texts(table, 5).push_back(m.capacities[move.from.index()].unit);
      numbers(table, 6).push_back(quantity);
      numbers(table, 7).push_back(quantity * m.at_or(move.cost, 0, t));
    }
  }
  return table;
}

Table capacity_table(const Model& m, const Plan& plan) {
  Table table = make("capacity", "What is online in each period (rows of zeros left out)",
                     {{"capacity", "text", "name"},
                      {"kind", "text", ""},
                      {"place", "text", ""},
                      {"owner", "text", ""},
                      {"period", "text", ""},
                      {"unit", "text", ""},
                      {"existing", "", "without any order of this plan"},
                      {"built", "", "by orders of this plan"},
                      {"online", "", "existing + built"},
                      {"price", "USD", "what one more unit online would be worth in the period, discounted"}});
  for (std::size_t k = 0; k < m.capacities.size(); ++k) {
    const Capacity& capacity = m.capacities[k];
    for (int t = 0; t < m.period_count(); ++t) {
      const double total = online(m, plan, CapacityId(k), t);
      if (total < kTiny) continue;
      double price = 0;
      for (int s = 0; s < plan.capacity_price.slices[k]; ++s) price += plan.capacity_price.at(k, t, s);
      texts(table, 0).push_back(capacity.name);
      texts(table, 1).push_back(capacity.kind);
      texts(table, 2).push_back(place_name(m, capacity.place));
      texts(table, 3).push_back(party_name(m, capacity.owner));
      texts(table, 4).push_back(m.calendar.label(t));
      texts(table, 5).push_back(capacity.unit);
      numbers(table, 6).push_back(m.at_or(capacity.existing, 0, t));
      numbers(table, 7).push_back(plan.built.at(k, t));
      numbers(table, 8).push_back(total);
      numbers(table, 9).push_back(price);
    }
  }
  return table;
}

Table activity_table(const Model& m, const Plan& plan) {
  Table table = make("activity", "What runs in each period (rows of zeros left out)",
                     {{"process", "text", "name"},
                      {"kind", "text", ""},
                      {"place", "text", ""},
                      {"period", "text", ""},
                      {"unit", "text", "unit of activity"},
                      {"mean", "", "mean activity of a rate; an amount's total"},
                      {"peak", "", "highest activity in the period"},
                      {"cost", "USD", "of activity and peak"}});
  for (std::size_t p = 0; p < m.processes.size(); ++p) {
    const Process& process = m.processes[p];
    const int slices = plan.activity.slices[p];
    for (int t = 0; t < m.period_count(); ++t) {
      double sum = 0, most = 0;
      for (int s = 0; s < slices; ++s) {
        const double a = plan.activity.at(p, t, s);
        sum += a * (process.grain == Grain::rate ? m.hours(slices, t, s) / m.calendar.hours(t) : 1.0);
        most = std::max(most, std::abs(a));
      }
      if (most < kTiny) continue;
      texts(table, 0).push_back(process.name);
      texts(table, 1).push_back(process.kind);
      texts(table, 2).push_back(place_name(m, process.place));
      texts(table, 3).push_back(m.calendar.label(t));
      texts(table, 4).push_back(process.unit);
      numbers(table, 5).push_back(sum);
      numbers(table, 6).push_back(most);
      numbers(table, 7).push_back(term_value(m, plan, {.kind = TermKind::variable, .id = static_cast<int32_t>(p)}, t));
    }
  }
  return table;
}

Table dispatch_table(const Model& m, const Plan& plan) {
  Table table = make("dispatch", "Rates slice by slice (processes that stand still the whole period left out)",
                     {{"process", "text", "name"},
                      {"period", "text", ""},
                      {"hour", "", "hour of the representative day, or of the year"},
                      {"hours", "h", "hours of the period that the slice stands for"},
                      {"activity", "", "in the process's unit"}});
  for (std::size_t p = 0; p < m.processes.size(); ++p) {
    const int slices = plan.activity.slices[p];
    if (slices == 1) continue;
    for (int t = 0; t < m.period_count(); ++t) {
      double most = 0;
      for (int s = 0; s < slices; ++s) most = std::max(most, std::abs(plan.activity.at(p, t, s)));
      if (most < kTiny) continue;
      double begin = 0;
      for (int s = 0; s < slices; ++s) {
        texts(table, 0).push_back(m.processes[p].name);
        texts(table, 1).push_back(m.calendar.label(t));
        numbers(table, 2).push_back(begin);
        begin += m.calendar.step(s);
        numbers(table, 3).push_back(m.calendar.hours(t, s));
        numbers(table, 4).push_back(plan.activity.at(p, t, s));
      }
    }
  }
  return table;
}

Table spending_table(const Model& m, const Plan& plan) {
  Table table = make("spending", "Who spends what on what, by period (undiscounted; rows of zeros left out)",
                     {{"party", "text", ""},
                      {"kind", "text", "of capacity or process"},
                      {"place", "text", ""},
                      {"period", "text", ""},
                      {"capex", "USD", ""},
                      {"fixed", "USD", "fixed operating cost"},
                      {"variable", "USD", "energy, goods, peak charges"}});
  std::map<std::array<std::string, 3>, std::vector<std::array<double, 3>>> rows;
  const auto row = [&](PartyId party, const std::string& kind, PlaceId place) -> auto& {
    auto& found = rows[{party_name(m, party), kind, place_name(m, place)}];
    found.resize(static_cast<std::size_t>(m.period_count()));
    return found;
  };
  for (std::size_t k = 0; k < m.capacities.size(); ++k) {
    auto& periods = row(m.capacities[k].owner, m.capacities[k].kind, m.capacities[k].place);
    for (int t = 0; t < m.period_count(); ++t) {
      periods[static_cast<std::size_t>(t)][0] += spend_in_period(m, plan, CapacityId(k), t);
      periods[static_cast<std::size_t>(t)][1] +=
          m.at_or(m.capacities[k].fixed_cost, 0, t) * online(m, plan, CapacityId(k), t);
    }
  }
  for (std::size_t p = 0; p < m.processes.size(); ++p) {
    auto& periods = row(m.processes[p].owner, m.processes[p].kind, m.processes[p].place);
    for (int t = 0; t < m.period_count(); ++t) {
      periods[static_cast<std::size_t>(t)][2] +=
          term_value(m, plan, {.kind = TermKind::variable, .id = static_cast<int32_t>(p)}, t);
    }
  }
  for (const auto& [key, periods] : rows) {
    for (int t = 0; t < m.period_count(); ++t) {
      const auto& usd = periods[static_cast<std::size_t>(t)];
      if (std::abs(usd[0]) + std::abs(usd[1]) + std::abs(usd[2]) < 1.0) continue;
      for (std::size_t i = 0; i < 3; ++i) texts(table, i).push_back(key[i]);
      texts(table, 3).push_back(m.calendar.label(t));
      for (std::size_t i = 0; i < 3; ++i) numbers(table, 4 + i).push_back(usd[i]);
    }
  }
  return table;
}

Table accounts_table(const Model& m, const Plan& plan) {
  Table table = make("accounts", "Payments between parties (transfers, not costs of the whole)",
                     {{"payer", "text", ""},
                      {"payee", "text", ""},
                      {"item", "text", ""},
                      {"period", "text", ""},
                      {"amount", "USD", ""}});
  std::map<std::array<std::string, 3>, std::vector<double>> rows;
  for (std::size_t p = 0; p < m.processes.size(); ++p) {
    const Process& process = m.processes[p];
    const int slices = plan.activity.slices[p];
    for (const Payment& payment : process.payments) {
      auto& periods = rows[{party_name(m, payment.payer), party_name(m, payment.payee), payment.item}];
      periods.resize(static_cast<std::size_t>(m.period_count()));
      for (int t = 0; t < m.period_count(); ++t) {
        for (int s = 0; s < slices; ++s) {
          const double hours = process.grain == Grain::rate ? m.hours(slices, t, s) : 1.0;
          periods[static_cast<std::size_t>(t)] +=
              hours * m.at_resolution(payment.price, slices, t, s) * plan.activity.at(p, t, s);
        }
      }
    }
  }
  for (const auto& [key, periods] : rows) {
    for (int t = 0; t < m.period_count(); ++t) {
      if (std::abs(periods[static_cast<std::size_t>(t)]) < 0.5) continue;
      for (std::size_t i = 0; i < 3; ++i) texts(table, i).push_back(key[i]);
      texts(table, 3).push_back(m.calendar.label(t));
      numbers(table, 4).push_back(periods[static_cast<std::size_t>(t)]);
    }
  }
  return table;
}

/// Of a limit in each slice: the sum where it comes nearest to a bound, and that slice.
std::pair<double, int> tightest_slice(const Model& m, const Plan& plan, const Limit& limit, int t) {
  std::pair<double, int> found{0, 0};
  double least_slack = std::numeric_limits<double>::infinity();
  for (int s = 0; s < m.calendar.slice_count; ++s) {
    double sum = 0;
    for (const Term& term : limit.terms) sum += m.at_or(term.coefficient, 1, t, s) * slice_term(m, plan, term, t, s);
    const double none = std::numeric_limits<double>::infinity();
    const double slack = std::min(sum - m.at_or(limit.lower, -none, t, s), m.at_or(limit.upper, none, t, s) - sum);
    if (slack >= least_slack) continue;
    least_slack = slack;
    found = {sum, s};
  }
  return found;
}

Table limits_table(const Model& m, const Plan& plan) {
  Table table = make("limits", "Budgets, shares and goals: what they allow and what the plan comes to",
                     {{"limit", "text", ""},
                      {"kind", "text", ""},
                      {"period", "text", "first period, for a window"},
                      {"unit", "text", ""},
                      {"value", "", "in `unit`"},
                      {"lower", "", ""},
                      {"upper", "", ""},
                      {"shortfall", "", "of the lower side"},
                      {"price", "USD", "what one more unit of the bound would save, discounted"},
                      {"source", "text", ""}});
  for (std::size_t i = 0; i < m.limits.size(); ++i) {
    const Limit& limit = m.limits[i];
    const bool is_window = limit.scope == LimitScope::window;
    const int first = std::max(0, limit.first), last = std::min(m.period_count() - 1, limit.last);
    double value = 0;
    for (int t = first; t <= last; ++t) {
      if (!is_window) value = 0;
      int tightest = 0;
      if (limit.scope == LimitScope::each_slice) {
        std::tie(value, tightest) = tightest_slice(m, plan, limit, t);
      } else {
        for (const Term& term : limit.terms) value += weighed_term(m, plan, term, t);
      }
      if (is_window && t != last) continue;
      const int at = is_window ? first : t;
      const std::string cells[] = {limit.name, limit.kind, m.calendar.label(at), limit.unit};
      for (std::size_t c = 0; c < 4; ++c) texts(table, c).push_back(cells[c]);
      const double nothing = std::nan("");
      double price = 0;
      for (int s = 0; s < plan.limit_price.slices[i]; ++s) price += plan.limit_price.at(i, at, s);
      const double row[] = {value, m.at_or(limit.lower, nothing, at, tightest),
                            m.at_or(limit.upper, nothing, at, tightest), plan.shortfall.at(i, at), price};
      for (std::size_t c = 0; c < 5; ++c) numbers(table, 4 + c).push_back(row[c]);
      texts(table, 9).push_back(limit.provenance.source);
    }
  }
  return table;
}

Table commitments_table(const Model& m, const Plan& plan) {
  Table table = make("commitments", "What was promised and what the plan draws of it",
                     {{"commitment", "text", ""},
                      {"title", "text", ""},
                      {"from", "text", ""},
                      {"to", "text", ""},
                      {"kind", "text", ""},
                      {"status", "text", ""},
                      {"period", "text", ""},
                      {"unit", "text", ""},
                      {"promised", "", "in `unit`"},
                      {"drawn", "", "in `unit`"},
                      {"share", "1", "drawn over promised"},
                      {"source", "text", ""}});
  for (const Commitment& c : m.commitments) {
    for (int t = std::max(0, c.first); t <= std::min(m.period_count() - 1, c.last); ++t) {
      double drawn = 0;
      for (const Term& term : c.terms) drawn += weighed_term(m, plan, term, t);
      const double promised = m.at_or(c.quantity, 0, t);
      const std::string cells[] = {c.name, c.title,  party_name(m, c.from), party_name(m, c.to),
                                   c.kind, c.status, m.calendar.label(t),   c.unit};
      for (std::size_t i = 0; i < 8; ++i) texts(table, i).push_back(cells[i]);
      numbers(table, 8).push_back(promised);
      numbers(table, 9).push_back(c.terms.empty() ? std::nan("") : drawn);
      numbers(table, 10).push_back(c.terms.empty() || promised == 0 ? std::nan("") : drawn / promised);
      texts(table, 11).push_back(c.provenance.source);
    }
  }
  return table;
}

void add_measure_tables(const Model& m, const Plan& plan, std::vector<Table>& tables) {
  std::map<std::string, Table> found;
  for (const Measure& measure : m.measures) {
    auto [it, is_new] = found.try_emplace(measure.table);
    if (is_new) {
      it->second = make(measure.table, "Measures of " + measure.table + ", period by period",
                        {{"measure", "text", ""},
                         {"place", "text", ""},
                         {"party", "text", ""},
                         {"period", "text", ""},
                         {"unit", "text", ""},
                         {"value", "", "in `unit`"},
                         {"entry", "text", "where in the scenario it comes from"}});
    }
    Table& table = it->second;
    for (int t = 0; t < m.period_count(); ++t) {
      const std::string cells[] = {measure.name, place_name(m, measure.place), party_name(m, measure.party),
                                   m.calendar.label(t), measure.unit};
      for (std::size_t i = 0; i < 5; ++i) texts(table, i).push_back(cells[i]);
      numbers(table, 5).push_back(measure_value(m, plan, measure, t));
      texts(table, 6).push_back(measure.provenance.entry);
    }
  }
  for (auto& [name, table] : found) tables.push_back(std::move(table));
}

}  // namespace

double measure_value(const Model& model, const Plan& plan, const Measure& measure, int t) {
  double value = 0;
  for (const Term& term : measure.terms) value += weighed_term(model, plan, term, t);
  if (measure.per_hour) value /= model.calendar.hours(t);
  return value + model.at_or(measure.constant, 0, t);
}

std::vector<Table> plan_tables(const Model& model, const Plan& plan) {
  std::vector<Table> tables = {builds(model, plan),         moves(model, plan),
                               capacity_table(model, plan), activity_table(model, plan),
                               dispatch_table(model, plan), balance_table(model, plan),
                               spending_table(model, plan), accounts_table(model, plan),
                               limits_table(model, plan),   commitments_table(model, plan),
                               binding_table(model, plan)};
  if (auto units = commitment_table(model, plan)) tables.push_back(std::move(*units));
  if (auto displaced = displaced_table(model, plan)) tables.push_back(std::move(*displaced));
  // what is not reserved there, a measure of the scenario could be called too
  for (const Table& table : tables) ASSERT(std::ranges::find(kPlanTables, table.name) != std::end(kPlanTables));
  add_measure_tables(model, plan, tables);
  return tables;
}

}  // namespace beltline
