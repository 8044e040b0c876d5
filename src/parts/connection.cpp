#include "parts/connection.h"

#include <array>
#include <map>
#include <string>

#include "base/diagnostic_codes.h"
#include "parts/common.h"
#include "parts/network_names.h"
#include "parts/phases.h"
#include "parts/site.h"
#include "parts/tariff.h"

namespace beltline {
namespace {

constexpr std::array kAttributes{
    Attribute{.key = "site",
              .kind = Kind::reference,
              .target = "site",
              .required = true,
              .description = "The site; one connection each."},
    Attribute{.key = "existing",
              .kind = Kind::series,
              .unit = "MW",
              .fallback = "\"0 MW\"",
              .min = 0,
              .description = "Power agreed and connected without any order, measured at the site."},
    Attribute{.key = "permit",
              .kind = Kind::duration,
              .fallback = "{mode = \"6 month\", low = \"3 month\", high = \"12 month\", confidence = \"C\"}",
              .description = "Permits before the assessment."},
    Attribute{.key = "assessment",
              .kind = Kind::duration,
              .fallback = "{mode = \"150 day\", low = \"90 day\", high = \"365 day\", confidence = \"B\"}",
              .description = "Grid impact assessment; after 150 days it counts as passed."},
    Attribute{.key = "queue",
              .kind = Kind::duration,
              .fallback = "\"0 month\"",
              .description = "Waiting for the grid behind the site."},
    Attribute{.key = "substation",
              .kind = Kind::duration,
              .fallback = "{mode = \"60 month\", low = \"36 month\", high = \"96 month\", confidence = \"C\"}",
              .description = "Building the substation and its line."},
    Attribute{.key = "module",
              .kind = Kind::quantity,
              .unit = "MW",
              .fallback = "\"0 MW\"",
              .min = 0,
              .description = "Comes in steps of this size, such as one 154 kV transformer; 0: any amount."},
    Attribute{.key = "build_max",
              .kind = Kind::series,
              .unit = "MW/month",
              .min = 0,
              .description = "Most that may be ordered. Absent: no limit."},
    Attribute{.key = "total_max",
              .kind = Kind::quantity,
              .unit = "MW",
              .min = 0,
              .description = "Most that may be added to `existing`. Absent: no limit."},
    Attribute{
        .key = "capex",
        .kind = Kind::series,
        .unit = "USD/MW",
        .fallback = "{mode = \"150000 USD/MW\", low = \"80000 USD/MW\", high = \"300000 USD/MW\", confidence = \"C\"}",
        .min = 0,
        .description = "The site's part of substation and line."},
    Attribute{.key = "life",
              .kind = Kind::duration,
              .fallback = "\"360 month\"",
              .description = "Time over which it is written off."},
    Attribute{.key = "loss",
              .kind = Kind::quantity,
              .fallback = "{mode = 0.02, low = 0.01, high = 0.035, confidence = \"C\"}",
              .min = 0,
              .max = 0.5,
              .description = "Power lost between region and site, as a share of what arrives."},
    Attribute{.key = "tariff",
              .kind = Kind::reference,
              .target = "tariff",
              .description = "What the site pays; the grid region's tariff by default."},
    Attribute{.key = "price",
              .kind = Kind::series,
              .unit = "USD/MWh",
              .min = 0,
              .description = "What the site pays, instead of a tariff."},
    Attribute{.key = "utility",
              .kind = Kind::reference,
              .target = "party",
              .description = "Who is paid; the grid region's utility by default."},
};

constexpr std::string_view kDescription =
    R"(What lets a site draw power from the grid: capacity `connection@SITE`, process `import@SITE`.

$$\text{import}_{t,s} \le \text{online}_t, \qquad \text{taken from the region} = (1 + \text{loss})\, \text{import}_{t,s}$$

$$\text{cost}_t = \sum_s \text{price}_{t,s}\, h_{t,s}\, \text{import}_{t,s} + \text{demand charge}_t \max_s \text{import}_{t,s}$$

Lead time: permit + assessment + queue + substation. The grid impact assessment is that of Korea's Special Act on
Distributed Energy (10 MW and more). A site without a grid region takes its power from outside the model.)";

/// One tariff's prices, which all its sites share.
struct Prices {
  Series energy;
  Series demand_charge;
};
using PriceBook = std::map<std::string, Prices, std::less<>>;

Prices prices_of(const Compile& c, const Entry& connection, const Entry* region, PriceBook& book) {
  if (connection.has("price")) return {.energy = level_series(c, connection.series("price")), .demand_charge = {}};
  const Entry* source = connection.has("tariff") ? &connection : region;
  if (source == nullptr || !source->has("tariff")) return {};
  const Entry* tariff = c.spec.find("tariff", source->text("tariff"));
  if (tariff == nullptr) return {};
  const auto [it, is_new] = book.try_emplace(tariff->name);
  if (is_new) {
    const Calendar& calendar = c.builder.calendar();
    it->second.energy = c.builder.by_slice([&](int t, int s) { return energy_price(calendar, *tariff, t, s); });
    // a peak price of zero would only make rows
    const bool charged = tariff->series("demand_charge").mean(calendar, 0) > 0;
    if (charged)
      it->second.demand_charge = c.builder.by_period([&](int t) { return demand_charge(calendar, *tariff, t); });
  }
  return it->second;
}

CapacityId add_capacity(const Compile& c, const Entry& entry, const SiteView& site) {
  const double permit = entry.months("permit");
  const double assessed = permit + entry.months("assessment");
  const double connected = assessed + entry.months("queue") + entry.months("substation");
  Capacity capacity;
  capacity.name = "connection@" + site.name;
  capacity.place = site.place;
  capacity.owner = site.owner;
  capacity.unit = "MW";
  capacity.kind = "connection";
  capacity.existing = level_series(c, entry.series("existing"));
  capacity.lead = periods_up(c, connected);
  capacity.module_size = entry.number("module");
  if (entry.has("build_max")) capacity.build_max = per_period_series(c, entry.series("build_max"));
  if (entry.has("total_max")) capacity.total_max = entry.number("total_max");
  capacity.earliest_online = site.online;
  capacity.capex = level_series(c, entry.series("capex"));
  // paid while it is built: a permit costs little
  capacity.spend_profile =
      spend_profile(c, {{.usd = 1, .span = {.from = connected - entry.months("substation"), .to = connected}}});
  capacity.salvage_life = periods_up(c, entry.months("life"));
  capacity.provenance = provenance(entry);
  return c.builder.add(std::move(capacity));
}

/// What a MWh from the grid region emits, where the scenario says so.
void add_emission(const Compile& c, const Entry* region, const SiteView& site, double loss, Process& process) {
  if (region == nullptr || region->value("emission_factor").is_default) return;
  const Calendar& calendar = c.builder.calendar();
  const SeriesValue& factor = region->series("emission_factor");
  process.flows.push_back({.commodity = ensure_commodity(c, "emission"),
                           .place = site.compute_place,
                           .rate = c.builder.by_period([&](int t) { return (1 + loss) * factor.mean(calendar, t); })});
}

ProcessId add_import(const Compile& c, const Entry& entry, const SiteView& site, CapacityId connection,
                     PriceBook& book) {
  const Entry* region = site.entry->has("grid") ? c.spec.find("grid_region", site.entry->text("grid")) : nullptr;
  const Prices prices = prices_of(c, entry, region, book);
  const double loss = entry.number("loss");
  const CommodityId electricity = ensure_commodity(c, "electricity");
  Process process;
  process.name = "import@" + site.name;
  process.place = site.place;
  process.owner = site.owner;
  process.grain = Grain::rate;
  process.unit = "MW";
  process.kind = "grid";
  if (site.grid.valid()) {
    process.flows.push_back({.commodity = electricity, .place = site.grid, .rate = c.builder.constant(-(1 + loss))});
  }
  process.flows.push_back({.commodity = electricity, .place = site.place, .rate = c.builder.constant(1)});
  add_emission(c, region, site, loss, process);
  process.uses = {{.capacity = connection, .use = c.builder.constant(1)}};
  process.cost = prices.energy;
  process.peak_cost = prices.demand_charge;
  PartyId utility = party_of(c, entry, "utility");
  if (!utility.valid() && region != nullptr) utility = party_of(c, *region, "utility");
  if (utility.valid() && site.owner.valid() && prices.energy.present()) {
    process.payments = {{.payer = site.owner, .payee = utility, .price = prices.energy, .item = "electricity"}};
  }
  process.provenance = provenance(entry);
  return c.builder.add(std::move(process));
}

void compile_connection(const Compile& c, const Entry& entry, PriceBook& book) {
  const SiteView* site = find_site(c, entry.text("site"));
  if (site == nullptr || is_second_at_site(c, entry)) return;
  const std::string import = "import@" + site->name;
  const std::string name = "connection@" + site->name;
  if (is_process_taken(c, entry, import) || is_capacity_taken(c, entry, name)) return;
  const CapacityId capacity = add_capacity(c, entry, *site);
  const ProcessId process = add_import(c, entry, *site, capacity, book);
  const auto gauge = [&](std::string what, std::string_view unit, TermKind kind, int32_t id, bool per_hour = false) {
    add_measure(
        c, entry, site->place, site->owner,
        {.table = "sites", .name = std::move(what), .unit = unit, .kind = kind, .id = id, .per_hour = per_hour});
  };
  gauge("connection", "MW", TermKind::online, capacity.value);
  gauge("facility_power", "MW", TermKind::activity, process.value, true);
  gauge("energy", "MWh", TermKind::activity, process.value);
  gauge("energy_cost", "USD", TermKind::variable, process.value);
}

}  // namespace

const Section kConnectionSection{
    .name = "connection", .title = "Grid connection", .description = kDescription, .attributes = kAttributes};

void compile_connections(const Compile& c) {
  PriceBook book;
  for (const Entry& entry : c.spec.entries("connection")) compile_connection(c, entry, book);
}

}  // namespace beltline
