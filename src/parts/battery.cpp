#include "parts/battery.h"

#include <array>
#include <cmath>

#include "base/diagnostic_codes.h"
#include "parts/common.h"
#include "parts/network_names.h"
#include "parts/phases.h"
#include "parts/site.h"

namespace beltline {
namespace {

constexpr std::array kAttributes{
    Attribute{.key = "site",
              .kind = Kind::reference,
              .target = "site",
              .required = true,
              .description = "The site it serves."},
    Attribute{.key = "energy",
              .kind = Kind::series,
              .unit = "MWh",
              .fallback = "\"0 MWh\"",
              .min = 0,
              .description = "Online without any order."},
    Attribute{.key = "power",
              .kind = Kind::series,
              .unit = "MW",
              .fallback = "\"0 MW\"",
              .min = 0,
              .description = "Online without any order."},
    Attribute{.key = "energy_max",
              .kind = Kind::quantity,
              .unit = "MWh",
              .min = 0,
              .description = "Most that may be added. Absent: no limit."},
    Attribute{.key = "power_max",
              .kind = Kind::quantity,
              .unit = "MW",
              .min = 0,
              .description = "Most that may be added. Absent: no limit."},
    Attribute{.key = "energy_capex",
              .kind = Kind::series,
              .unit = "USD/kWh",
              .fallback = R"({mode = "117 USD/kWh", low = "70 USD/kWh", high = "240 USD/kWh", confidence = "B"})",
              .min = 0,
              .description = "Cells, racks, containers."},
    Attribute{.key = "power_capex",
              .kind = Kind::series,
              .unit = "USD/kW",
              .fallback = R"({mode = "150 USD/kW", low = "80 USD/kW", high = "250 USD/kW", confidence = "C"})",
              .min = 0,
              .description = "Inverters, transformers, connection."},
    Attribute{.key = "fixed_cost",
              .kind = Kind::series,
              .unit = "USD/kW/year",
              .fallback = "\"6 USD/kW/year\"",
              .min = 0,
              .description = "Upkeep by power."},
    Attribute{
        .key = "lead", .kind = Kind::duration, .fallback = "\"12 month\"", .description = "From order to online."},
    Attribute{.key = "efficiency",
              .kind = Kind::quantity,
              .fallback = "0.86",
              .is_yield = true,
              .description = "Round trip, power out over power in."},
    Attribute{.key = "loss",
              .kind = Kind::quantity,
              .unit = "1/h",
              .fallback = "\"0 1/h\"",
              .min = 0,
              .max = 0.5,
              .description = "Share of the level lost per hour."},
    Attribute{.key = "earliest_online", .kind = Kind::month, .description = "First month in which it may be online."},
    Attribute{.key = "life",
              .kind = Kind::duration,
              .fallback = "\"180 month\"",
              .min = 1,
              .description = "Time over which it is written off."},
};

constexpr std::string_view kDescription = R"(Power stored over the hours of a day at a site: store `battery_NAME`.

$$\ell_{s+1} = (1 - \lambda)\, \ell_s + \sqrt{\eta}\, \text{charge}_s - \text{discharge}_s / \sqrt{\eta}, \qquad
\ell \le \text{energy}, \quad \text{charge}, \text{discharge} \le \text{power}$$

Energy (MWh) and power (MW) are capacities with prices of their own, so that the plan chooses how many hours it holds.
Price by default: BNEF survey of turnkey systems, December 2025.)";

constexpr double kKilo = 1000;

Capacity shape(const Compile& c, const Entry& entry, const SiteView& site) {
  Capacity capacity;
  capacity.place = site.place;
  capacity.owner = site.owner;
  capacity.kind = "battery";
  capacity.lead = lead_periods(c, entry, "lead");
  capacity.earliest_online = std::max(first_period_of(c, entry, "earliest_online"), site.online);
  capacity.life = lead_periods(c, entry, "life");
  capacity.salvage_life = capacity.life;
  capacity.spend_profile = spend_profile(c, {{.usd = 1, .span = {.from = 0, .to = entry.months("lead")}}});
  capacity.provenance = provenance(entry);
  return capacity;
}

/// A price per kilo-unit as one per unit of the capacity.
Series per_mega(const Compile& c, const SeriesValue& price) {
  const Calendar& calendar = c.builder.calendar();
  return c.builder.by_period([&](int t) { return price.mean(calendar, t) * kKilo; });
}

CapacityId add_energy(const Compile& c, const Entry& entry, const SiteView& site) {
  Capacity capacity = shape(c, entry, site);
  capacity.name = "battery_energy_" + entry.name;
  capacity.unit = "MWh";
  capacity.existing = level_series(c, entry.series("energy"));
  if (entry.has("energy_max")) capacity.total_max = entry.number("energy_max");
  capacity.capex = per_mega(c, entry.series("energy_capex"));
  return c.builder.add(std::move(capacity));
}

CapacityId add_power(const Compile& c, const Entry& entry, const SiteView& site) {
  const Calendar& calendar = c.builder.calendar();
  Capacity capacity = shape(c, entry, site);
  capacity.name = "battery_power_" + entry.name;
  capacity.unit = "MW";
  capacity.existing = level_series(c, entry.series("power"));
  if (entry.has("power_max")) capacity.total_max = entry.number("power_max");
  capacity.capex = per_mega(c, entry.series("power_capex"));
  capacity.fixed_cost =
      c.builder.by_period([&](int t) { return entry.series("fixed_cost").per_period(calendar, t) * kKilo; });
  return c.builder.add(std::move(capacity));
}

void compile_battery(const Compile& c, const Entry& entry) {
  const SiteView* site = find_site(c, entry.text("site"));
  if (site == nullptr || is_capacity_taken(c, entry, "battery_energy_" + entry.name) ||
      is_capacity_taken(c, entry, "battery_power_" + entry.name)) {
    return;
  }
  Store store;
  store.name = "battery_" + entry.name;
  store.commodity = ensure_commodity(c, "electricity");
  store.place = site->place;
  store.owner = site->owner;
  store.level_capacity = add_energy(c, entry, *site);
  store.power_capacity = add_power(c, entry, *site);
  store.efficiency_in = std::sqrt(entry.number("efficiency"));
  store.efficiency_out = store.efficiency_in;
  store.loss = entry.number("loss");
  store.provenance = provenance(entry);
  const CapacityId energy = store.level_capacity;
  const CapacityId power = store.power_capacity;
  c.builder.add(std::move(store));
  add_measure(c, entry, site->place, site->owner,
              {.table = "energy", .name = "battery_energy_" + entry.name, .unit = "MWh", .id = energy.value});
  add_measure(c, entry, site->place, site->owner,
              {.table = "energy", .name = "battery_power_" + entry.name, .unit = "MW", .id = power.value});
}

}  // namespace

const Section kBatterySection{
    .name = "battery", .title = "Battery", .description = kDescription, .attributes = kAttributes};

void compile_batteries(const Compile& c) {
  for (const Entry& entry : c.spec.entries("battery")) compile_battery(c, entry);
}

}  // namespace beltline
