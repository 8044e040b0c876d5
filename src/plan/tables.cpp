#include "plan/tables.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <map>

#include "plan/verify.h"

namespace beltline {
namespace {

/// Rows are written through handles, so that a table's columns are named once.
using Texts = std::vector<std::string>;
using Numbers = std::vector<double>;

Texts& texts(Table& table, std::size_t i) {
  return std::get<Texts>(table.columns[i].values);
}
Numbers& numbers(Table& table, std::size_t i) {
  return std::get<Numbers>(table.columns[i].values);
}

constexpr double kTiny = 1e-7;

std::string place_name(const Model& m, PlaceId place) {
  return place.valid() ? m.places[place.index()].name : "";
}
std::string party_name(const Model& m, PartyId party) {
  return party.valid() ? m.parties[party.index()].name : "";
}

Table make(std::string name, std::string title, const std::vector<std::array<std::string, 3>>& columns) {
  Table table{.name = std::move(name), .title = std::move(title), .columns = {}};
  for (const auto& [column, unit, description] : columns) {
    if (unit == "text") {
      table.add_texts(column, description);
    } else {
      table.add_numbers(column, unit, description);
    }
  }
  return table;
}

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
      for (int s = 0; s < slices; ++s) {
        texts(table, 0).push_back(m.processes[p].name);
        texts(table, 1).push_back(m.calendar.label(t));
        numbers(table, 2).push_back(s * m.calendar.step_hours);
        numbers(table, 3).push_back(m.calendar.hours(t, s));
        numbers(table, 4).push_back(plan.activity.at(p, t, s));
      }
    }
  }
  return table;
}

/// What came in and what went out of each node, with the price of one more unit.
Table balance_table(const Model& m, const Plan& plan) {
  Table table = make("balance", "Every commodity at every place (rows of zeros left out)",
                     {{"commodity", "text", ""},
                      {"place", "text", ""},
                      {"period", "text", ""},
                      {"unit", "text", "of amounts; rates are means over the period"},
                      {"demand", "", "asked for"},
                      {"unserved", "", "of the demand"},
                      {"surplus", "", "thrown away"},
                      {"throughput", "", "delivered to uses"},
                      {"price", "USD", "what one more unit demanded would cost, discounted"}});
  const Values residual = node_residual(m, plan);
  // Deliveries: everything taken in, whether by processes, builds, stands or demands.
  Values used = residual;
  std::ranges::fill(used.data, 0.0);
  for (std::size_t p = 0; p < m.processes.size(); ++p) {
    const Process& process = m.processes[p];
    const int own = plan.activity.slices[p];
    for (const Flow& flow : process.flows) {
      const int node_slices = used.slices[flow.node.index()];
      const bool to_amount = m.commodities[flow.commodity.index()].grain == Grain::amount;
      for (int t = 0; t + flow.lag < m.period_count(); ++t) {
        for (int s = 0; s < std::max(own, node_slices); ++s) {
          const double rate = m.at_resolution(flow.rate, std::max(own, node_slices), t, s);
          if (rate >= 0) continue;
          const double hours = m.hours(own, t, own == 1 ? 0 : s);
          double amount = -rate * plan.activity.at(p, t, own == 1 ? 0 : s);
          if (process.grain == Grain::rate && to_amount) amount *= hours;
          if (process.grain == Grain::rate && !to_amount && own > node_slices) amount *= hours / m.calendar.hours(t);
          if (process.grain == Grain::amount && !to_amount) amount /= m.calendar.hours(t);
          used.at(flow.node.index(), t + flow.lag, node_slices == 1 ? 0 : s) += amount;
        }
      }
    }
  }
  for (std::size_t k = 0; k < m.capacities.size(); ++k) {
    for (const StandFlow& flow : m.capacities[k].stand_flows) {
      const int slices = used.slices[flow.node.index()];
      for (int t = 0; t < m.period_count(); ++t) {
        for (int s = 0; s < slices; ++s) {
          used.at(flow.node.index(), t, s) -=
              std::min(0.0, m.at_resolution(flow.rate, slices, t, s)) * online(m, plan, CapacityId(k), t);
        }
      }
    }
    for (const BuildFlow& flow : m.capacities[k].build_flows) {
      const bool is_rate = m.commodities[flow.commodity.index()].grain == Grain::rate;
      for (int t = 0; t + flow.offset < m.period_count(); ++t) {
        const double per = is_rate ? m.calendar.hours(t + flow.offset) : 1.0;
        for (int s = 0; s < used.slices[flow.node.index()]; ++s) {
          used.at(flow.node.index(), t + flow.offset, s) -= std::min(0.0, flow.amount) * plan.order.at(k, t) / per;
        }
      }
    }
  }
  Values demand = residual, unserved = residual;
  std::ranges::fill(demand.data, 0.0);
  std::ranges::fill(unserved.data, 0.0);
  for (std::size_t d = 0; d < m.demands.size(); ++d) {
    const std::size_t n = m.demands[d].node.index();
    for (int t = 0; t < m.period_count(); ++t) {
      for (int s = 0; s < demand.slices[n]; ++s) {
        demand.at(n, t, s) += m.at_resolution(m.demands[d].quantity, demand.slices[n], t, s);
        unserved.at(n, t, s) += plan.unserved.at(d, t, s);
      }
    }
  }
  for (std::size_t n = 0; n < m.nodes.size(); ++n) {
    const Commodity& commodity = m.commodities[m.nodes[n].commodity.index()];
    const int slices = residual.slices[n];
    for (int t = 0; t < m.period_count(); ++t) {
      double sum[5] = {};
      for (int s = 0; s < slices; ++s) {
        const double share = commodity.grain == Grain::rate ? m.hours(slices, t, s) / m.calendar.hours(t) : 1.0;
        sum[0] += share * demand.at(n, t, s);
        sum[1] += share * unserved.at(n, t, s);
        sum[2] += share * std::max(0.0, residual.at(n, t, s));
        sum[3] += share * (used.at(n, t, s) + demand.at(n, t, s) - unserved.at(n, t, s));
        sum[4] += plan.node_price.at(n, t, s);
      }
      if (std::abs(sum[0]) + std::abs(sum[2]) + std::abs(sum[3]) < kTiny) continue;
      texts(table, 0).push_back(commodity.name);
      texts(table, 1).push_back(m.place_name(NodeId(n)));
      texts(table, 2).push_back(m.calendar.label(t));
      texts(table, 3).push_back(commodity.unit);
      for (std::size_t i = 0; i < 5; ++i) numbers(table, 4 + i).push_back(sum[i]);
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
      for (const Term& term : limit.terms) value += m.at_or(term.coefficient, 1, t) * term_value(m, plan, term, t);
      if (is_window && t != last) continue;
      const int at = is_window ? first : t;
      const std::string cells[] = {limit.name, limit.kind, m.calendar.label(at), limit.unit};
      for (std::size_t c = 0; c < 4; ++c) texts(table, c).push_back(cells[c]);
      const double nothing = std::nan("");
      const double row[] = {value, m.at_or(limit.lower, nothing, at), m.at_or(limit.upper, nothing, at),
                            plan.shortfall.at(i, at), plan.limit_price.at(i, at)};
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
      for (const Term& term : c.terms) drawn += m.at_or(term.coefficient, 1, t) * term_value(m, plan, term, t);
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

/// What binds in which year, and what one more of it is worth.
Table binding_table(const Model& m, const Plan& plan) {
  Table table =
      make("binding", "What binds in which year and what one more of it is worth, most valuable first within a year",
           {{"year", "text", ""},
            {"kind", "text", "capacity, build_rate, limit, commodity"},
            {"name", "text", ""},
            {"place", "text", ""},
            {"unit", "text", ""},
            {"periods", "", "periods of the year in which it binds"},
            {"worth", "USD", "of one more unit held through the year, discounted"},
            {"compute", "PFLOP/s*h", "the same as discounted useful compute; 0 unless compute is maximised"},
            {"weight", "1", "worth times quantity, as a share of the year's total: how much it matters"}});
  struct Row {
    std::string kind, name, place, unit;
    double periods = 0, worth = 0, stake = 0;
  };
  std::map<std::string, std::vector<Row>> by_year;
  const auto year_of = [&](int t) { return std::to_string(m.calendar.month(t).year); };
  const auto collect = [&](const Row& head, const std::function<double(int)>& price,
                           const std::function<double(int)>& quantity) {
    std::map<std::string, Row> years;
    for (int t = 0; t < m.period_count(); ++t) {
      const double worth = price(t);
      if (!(worth > 1e-3)) continue;
      Row& row = years.try_emplace(year_of(t), head).first->second;
      row.periods += 1;
      row.worth += worth;
      row.stake += worth * quantity(t);
    }
    for (auto& [year, row] : years) by_year[year].push_back(row);
  };
  for (std::size_t k = 0; k < m.capacities.size(); ++k) {
    const Capacity& c = m.capacities[k];
    const auto on = [&](int t) { return online(m, plan, CapacityId(k), t); };
    collect(
        {"capacity", c.name, place_name(m, c.place), c.unit},
        [&](int t) {
          double price = 0;
          for (int s = 0; s < plan.capacity_price.slices[k]; ++s) price += plan.capacity_price.at(k, t, s);
          // What can still be ordered is priced by its order; only what is given, or at its cap, binds as a stock.
          return c.buildable && plan.order.at(k, t) > kTiny ? 0.0 : (c.buildable ? 0.0 : price);
        },
        on);
    if (c.build_max.present() && c.buildable) {
      collect(
          {"build_rate", c.name, place_name(m, c.place), c.unit + " ordered"},
          [&](int t) { return plan.order.at(k, t) > kTiny ? -plan.order_price.at(k, t) : 0.0; },
          [&](int t) { return plan.order.at(k, t); });
    }
  }
  for (std::size_t i = 0; i < m.limits.size(); ++i) {
    const Limit& limit = m.limits[i];
    collect(
        {"limit", limit.name, "", limit.unit}, [&](int t) { return std::abs(plan.limit_price.at(i, t)); },
        [&](int t) { return std::abs(m.at_or(limit.upper.present() ? limit.upper : limit.lower, 0, t)); });
  }
  for (std::size_t p = 0; p < m.processes.size(); ++p) {
    const Process& process = m.processes[p];
    // A process without inputs and with a bound of its own is a supply that may run out.
    if (!process.upper.present() || process.flows.empty()) continue;
    const bool takes = std::ranges::any_of(process.flows, [&](const Flow& f) { return m.at(f.rate, 0) < 0; });
    if (takes) continue;
    const Flow& out = process.flows.front();
    if (m.commodities[out.commodity.index()].grain != Grain::amount) continue;
    collect(
        {"supply", process.name, place_name(m, process.place), process.unit},
        [&](int t) {
          const bool full = plan.activity.at(p, t) > 0.999 * m.at(process.upper, t) && m.at(process.upper, t) > 0;
          const int arrival = t + out.lag;
          return full && arrival < m.period_count()
                     ? m.at(out.rate, t) * plan.node_price.at(out.node.index(), arrival) -
                           m.discount_factor(t) * m.at_or(process.cost, 0, t)
                     : 0.0;
        },
        [&](int t) { return m.at(process.upper, t); });
  }
  for (auto& [year, rows] : by_year) {
    double total = 0;
    for (const Row& row : rows) total += row.stake;
    std::ranges::stable_sort(rows, std::greater<>(), &Row::stake);
    for (const Row& row : rows) {
      if (row.stake < 1e-6 * total) continue;
      const std::string cells[] = {year, row.kind, row.name, row.place, row.unit};
      for (std::size_t i = 0; i < 5; ++i) texts(table, i).push_back(cells[i]);
      numbers(table, 5).push_back(row.periods);
      // With compute as the goal the price counts compute at a rate of its own; money only where cost is the goal.
      const bool compute = plan.compute_price_usd > 0;
      numbers(table, 6).push_back(compute ? std::nan("") : row.worth);
      numbers(table, 7).push_back(compute ? row.worth / plan.compute_price_usd : 0.0);
      numbers(table, 8).push_back(total > 0 ? row.stake / total : 0.0);
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
  for (const Term& term : measure.terms)
    value += model.at_or(term.coefficient, 1, t) * term_value(model, plan, term, t);
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
  add_measure_tables(model, plan, tables);
  return tables;
}

}  // namespace beltline
