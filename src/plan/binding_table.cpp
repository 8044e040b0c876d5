#include <algorithm>
#include <cmath>
#include <functional>
#include <map>

#include "plan/table_rows.h"
#include "plan/verify.h"

namespace beltline {

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
    const bool is_window = limit.scope == LimitScope::window;
    const int first = std::max(0, limit.first), last = std::min(m.period_count() - 1, limit.last);
    collect(
        {"limit", limit.name, "", limit.unit},
        [&](int t) {
          if (t < first || t > last) return 0.0;
          // one price for the whole window, spread over the periods that share it
          double price = 0;
          for (int s = 0; s < plan.limit_price.slices[i]; ++s) {
            price += std::abs(plan.limit_price.at(i, is_window ? first : t, s));
          }
          return is_window ? price / (last - first + 1) : price;
        },
        [&](int t) {
          return std::abs(m.at_or(limit.upper.present() ? limit.upper : limit.lower, 0, is_window ? first : t));
        });
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

}  // namespace beltline
