// Land against sea at equal service: what each site costs for one MW of IT that runs all year.
#include <algorithm>
#include <cmath>
#include <limits>

#include "run/page_tables.h"

namespace beltline {
namespace {

constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();

/// Means over the periods [first, horizon), the last year of the plan.
class LastYear {
 public:
  explicit LastYear(const Model& model) : m_(model) {
    const int periods_per_year = std::max(1, 12 / std::max(1, m_.calendar.months_per_period));
    first_ = std::max(0, m_.period_count() - periods_per_year);
  }

  template <class F>
  double mean_by_hours(F value) const {
    double sum = 0, hours = 0;
    for (int t = first_; t < m_.period_count(); ++t) {
      sum += value(t) * m_.calendar.hours(t);
      hours += m_.calendar.hours(t);
    }
    return hours > 0 ? sum / hours : kMissing;
  }

  /// Most and least of a series' monthly means.
  template <class F>
  std::pair<double, double> range(F value) const {
    double low = std::numeric_limits<double>::infinity(), high = -low;
    for (int t = first_; t < m_.period_count(); ++t) {
      low = std::min(low, value(t));
      high = std::max(high, value(t));
    }
    return {low, high};
  }

  /// Mean price of a MWh drawn evenly over the year through a process, its price on the peak included.
  double flat_price(const Process& process) const {
    double usd = 0, hours = 0;
    for (int t = first_; t < m_.period_count(); ++t) {
      usd += (process.cost.present() ? m_.mean(process.cost, t) : 0) * m_.calendar.hours(t);
      usd += m_.at_or(process.peak_cost, 0, t);
      hours += m_.calendar.hours(t);
    }
    return hours > 0 ? usd / hours : kMissing;
  }

  int first() const { return first_; }

 private:
  const Model& m_;
  int first_ = 0;
};

double capital_recovery_factor(double rate, double years) {
  if (years <= 0) return rate;  // stands for ever
  return rate > 0 ? rate / (1 - std::pow(1 + rate, -years)) : 1 / years;
}

struct SiteCost {
  double capex = 0, connection = 0, fixed = 0, lead = 0, life_years = 0;
  double pue = kMissing, pue_min = kMissing, pue_max = kMissing;
  double hours_lost = 0, water = kMissing, price = kMissing;
  double capital = kMissing, operation = kMissing, energy = kMissing;  // USD a year, together the cost
};

const Capacity* capacity_at(const Model& m, PlaceId place, std::string_view kind) {
  for (const Capacity& each : m.capacities) {
    if (each.place == place && each.kind == kind) return &each;
  }
  return nullptr;
}

SiteCost site_cost(const Model& m, const Capacity& hall) {
  const LastYear year(m);
  const double periods_per_year = 12.0 / std::max(1, m.calendar.months_per_period);
  SiteCost out;
  out.capex = m.at_or(hall.capex, 0, year.first());
  out.fixed = periods_per_year * m.at_or(hall.fixed_cost, 0, year.first());
  out.lead = hall.lead * m.calendar.months_per_period;
  out.life_years = hall.life / periods_per_year;
  for (const Measure& each : m.measures) {
    if (each.table != "sites" || each.place != hall.place) continue;
    if (each.name == "water") out.water = m.at_or(each.constant, 0, year.first());
    if (each.name != "pue") continue;
    const auto pue = [&](int t) { return m.at_or(each.constant, 1, t); };
    out.pue = year.mean_by_hours(pue);
    std::tie(out.pue_min, out.pue_max) = year.range(pue);
  }
  if (const Capacity* connection = capacity_at(m, hall.place, "connection"); connection != nullptr) {
    out.connection = m.at_or(connection->capex, 0, year.first());
  }
  double availability = 1;
  if (const Capacity* rack = capacity_at(m, hall.place, "rack"); rack != nullptr && rack->availability.present()) {
    availability = year.mean_by_hours([&](int t) { return m.mean(rack->availability, t); });
    out.hours_lost = kHoursPerYear * (1 - availability);
  }
  for (const Process& process : m.processes) {
    if (process.place == hall.place && (process.kind == "grid" || process.kind == "supply")) {
      out.price = year.flat_price(process);
      break;
    }
  }
  const double crf = capital_recovery_factor(m.objective.discount_rate, out.life_years);
  out.capital = (out.capex + out.pue_max * out.connection) * crf / availability;
  out.operation = out.fixed / availability;
  out.energy = out.pue * kHoursPerYear * out.price / availability;
  return out;
}

}  // namespace

Table site_costs_table(const Model& model) {
  Table table{.name = "site_costs",
              .title = "What one MW of IT that runs all year costs at each site, racks left out, by the scenario alone",
              .columns = {}};
  table.add_texts("capacity", "what would be built");
  table.add_texts("place");
  table.add_texts("kind", "hall on land, hull at sea");
  const auto numbers = [&](const char* name, const char* unit, const char* description) {
    table.add_numbers(name, unit, description);
  };
  numbers("capex", "USD/MW", "hall or hull");
  numbers("connection_capex", "USD/MW", "of the grid connection");
  numbers("fixed", "USD/MW/year", "operation without power");
  numbers("lead", "month", "order to online");
  numbers("life", "year", "over which it is written off");
  numbers("pue", "1", "mean of the last year");
  numbers("pue_min", "1", "coolest month");
  numbers("pue_max", "1", "warmest month");
  numbers("hours_lost", "h/year", "to waves, storms and repairs");
  numbers("water", "L/kWh", "fresh water for each kWh of the IT");
  numbers("energy_price", "USD/MWh", "of a flat load, demand charge included");
  numbers("capital", "USD/MW/year", "of one MW of IT that runs all year: building and connection");
  numbers("operation", "USD/MW/year", "the same: crew and upkeep");
  numbers("energy", "USD/MW/year", "the same: power");
  numbers("cost", "USD/MW/year", "the three together");
  for (const Capacity& hall : model.capacities) {
    if ((hall.kind != "hall" && hall.kind != "hull") || !hall.place.valid()) continue;
    const SiteCost cost = site_cost(model, hall);
    const std::string cells[] = {hall.name, model.places[hall.place.index()].name, hall.kind};
    for (std::size_t i = 0; i < 3; ++i) std::get<std::vector<std::string>>(table.columns[i].values).push_back(cells[i]);
    const double values[] = {
        cost.capex, cost.connection, cost.fixed,     cost.lead,       cost.life_years,
        cost.pue,   cost.pue_min,    cost.pue_max,   cost.hours_lost, cost.water,
        cost.price, cost.capital,    cost.operation, cost.energy,     cost.capital + cost.operation + cost.energy};
    for (std::size_t i = 0; i < std::size(values); ++i)
      std::get<std::vector<double>>(table.columns[i + 3].values).push_back(values[i]);
  }
  return table;
}

}  // namespace beltline
