#include "parts/site.h"

#include <algorithm>
#include <array>

#include "base/diagnostic_codes.h"
#include "parts/climate.h"
#include "parts/common.h"
#include "parts/network_names.h"
#include "parts/phases.h"
#include "parts/site_pue.h"

namespace beltline {
namespace {

constexpr std::array kAttributes{
    Attribute{.key = "place",
              .kind = Kind::reference,
              .target = "place",
              .description = "Where power and space balance; the place with the site's own name by default."},
    Attribute{.key = "kind",
              .kind = Kind::choice,
              .target = "land|mooring",
              .fallback = "\"land\"",
              .description = "A campus on land, for a `hall`, or a mooring, for a `hull`."},
    Attribute{.key = "compute_region",
              .kind = Kind::reference,
              .target = "place",
              .description = "Where its compute is of use, its technicians live and its equipment is ordered; the "
                             "site's place by default."},
    Attribute{.key = "grid",
              .kind = Kind::reference,
              .target = "grid_region",
              .description = "The grid region it takes power from; none for sites told in outline."},
    Attribute{
        .key = "owner", .kind = Kind::reference, .target = "party", .description = "Who pays for what stands here."},
    Attribute{.key = "developer",
              .kind = Kind::reference,
              .target = "party",
              .description = "Who designs, builds and operates it for the owner; listed in table `centres`."},
    Attribute{.key = "climate",
              .kind = Kind::reference,
              .target = "climate",
              .description = "Its weather; without it the PUE is constant."},
    Attribute{
        .key = "cooling",
        .kind = Kind::choice,
        .target = "chiller|dlc_dry|seawater|evaporative",
        .fallback = "\"dlc_dry\"",
        .description =
            "Air-cooled chillers, liquid cooling with dry coolers, once-through sea water, or evaporative towers."},
    Attribute{.key = "pue",
              .kind = Kind::series,
              .min = 1,
              .description = "Facility power over IT power, instead of the curve."},
    Attribute{.key = "pue_base",
              .kind = Kind::quantity,
              .min = 1,
              .description = "PUE below the threshold; by cooling by default."},
    Attribute{.key = "pue_slope",
              .kind = Kind::quantity,
              .unit = "1/kelvin",
              .min = 0,
              .description = "PUE per kelvin above the threshold."},
    Attribute{.key = "pue_threshold",
              .kind = Kind::quantity,
              .unit = "degC",
              .description = "Temperature above which the PUE rises."},
    Attribute{.key = "water",
              .kind = Kind::quantity,
              .unit = "L/kWh",
              .min = 0,
              .description = "Fresh water evaporated for each kWh of the IT (WUE); by cooling by default."},
    Attribute{.key = "online",
              .kind = Kind::month,
              .description = "First month in which anything may be online; from the start by default."},
    Attribute{.key = "land_max",
              .kind = Kind::quantity,
              .unit = "MW",
              .min = 0,
              .description = "Most IT power that the site has room for."},
    Attribute{.key = "availability",
              .kind = Kind::series,
              .fallback = "1",
              .min = 0,
              .max = 1,
              .description = "Share of time that racks can run, before weather at sea."},
    Attribute{.key = "energy_price",
              .kind = Kind::series,
              .unit = "USD/MWh",
              .min = 0,
              .description = "All-in price of power for sites without a connection: process `supply@SITE`."},
    Attribute{.key = "power_max",
              .kind = Kind::series,
              .unit = "MW",
              .min = 0,
              .description = "Most power at that price; without it, no limit."},
    Attribute{.key = "emission_factor",
              .kind = Kind::series,
              .unit = "tCO2/MWh",
              .fallback = "\"0 tCO2/MWh\"",
              .min = 0,
              .description = "Emissions of a MWh bought at `energy_price`."},
};

constexpr std::string_view kDescription = R"(A campus on land or a mooring, on which halls or hulls with racks stand.

$$\mathrm{PUE}_{t,s} = b + k \max(0,\, T_{t,s} - T_0)$$

with $T$ the wet-bulb temperature, or that of the sea for `seawater`. By cooling:

| cooling | b | k per kelvin | T₀ °C | published annual mean |
|---|---|---|---|---|
| `chiller` | 1.37 | 0.006 | 10 | 1.40 (1.30–1.55) |
| `evaporative` | 1.17 | 0.006 | 10 | 1.20 (1.12–1.30) |
| `dlc_dry` | 1.10 | 0.006 | 10 | 1.13 (1.08–1.22) |
| `seawater` | 1.09 | 0.005 | 10 | 1.12 (1.05–1.20) |

Fresh water (WUE): 1.8 L/kWh with `evaporative`, none with the others.

At a mooring racks run in the hours that the climate's waves and typhoons leave:
availability = `availability` · (1 − hours lost / hours of the month). A site whose place is told in outline has no
connection; `energy_price` is all it pays for power.)";

PlaceId place_of_site(const Compile& c, const Entry& entry) {
  if (entry.has("place")) return place_of(c, entry, "place");
  const PlaceId own = c.builder.find_place(entry.name);
  if (!own.valid()) {
    fault(c, Code::missing_key, entry, "place",
          {.message = "site '" + entry.name + "' names no place",
           .found = "no place '" + entry.name + "' either",
           .expected = "a key `place`, or a place with the site's name",
           .help = "add [place." + entry.name + "]"});
  }
  return own;
}

Series availability_of(const Compile& c, const Entry& entry, bool sea) {
  const Series own = level_series(c, entry.series("availability"));
  const Entry* climate = sea && entry.has("climate") ? c.spec.find("climate", entry.text("climate")) : nullptr;
  if (climate == nullptr || !climate->has("hours_lost")) return own;
  const Model& model = c.builder.model();
  const auto weather = [&](int t) { return sea_availability(c.builder.calendar(), *climate, t); };
  if (own.slice_stride == 0) return c.builder.by_period([&](int t) { return model.at(own, t) * weather(t); });
  return c.builder.by_slice([&](int t, int s) { return model.at(own, t, s) * weather(t); });
}

void check_cooling(const Compile& c, const Entry& entry) {
  if (entry.text("cooling") != "seawater" || !entry.has("climate")) return;
  const Entry* climate = c.spec.find("climate", entry.text("climate"));
  if (climate == nullptr || climate->has("sea")) return;
  fault(c, Code::inconsistent, entry, "climate",
        {.message = "site '" + entry.name + "' cools with sea water, but its climate has no `sea`",
         .found = entry.text("climate"),
         .expected = "a climate with the temperature of the sea",
         .help = "add sea to climate '" + entry.text("climate") + "', or choose another cooling"});
}

void add_priced_supply(const Compile& c, const SiteView& site) {
  const Entry& entry = *site.entry;
  if (!entry.has("energy_price")) return;
  Process process;
  process.name = "supply@" + site.name;
  if (is_process_taken(c, entry, process.name)) return;
  process.place = site.place;
  process.owner = site.owner;
  process.grain = Grain::rate;
  process.unit = "MW";
  process.kind = "supply";
  process.flows = {
      {.commodity = ensure_commodity(c, "electricity"), .place = site.place, .rate = c.builder.constant(1)}};
  if (!entry.value("emission_factor").is_default) {
    process.flows.push_back({.commodity = ensure_commodity(c, "emission"),
                             .place = site.compute_place,
                             .rate = level_series(c, entry.series("emission_factor"))});
  }
  process.cost = level_series(c, entry.series("energy_price"));
  if (entry.has("power_max")) process.upper = level_series(c, entry.series("power_max"));
  process.provenance = provenance(entry, "energy_price");
  const ProcessId id = c.builder.add(std::move(process));
  const auto gauge = [&](std::string name, std::string_view unit, TermKind kind, bool per_hour) {
    add_measure(
        c, entry, site.place, site.owner,
        {.table = "sites", .name = std::move(name), .unit = unit, .kind = kind, .id = id.value, .per_hour = per_hour});
  };
  gauge("facility_power", "MW", TermKind::activity, true);
  gauge("energy", "MWh", TermKind::activity, false);
  gauge("energy_cost", "USD", TermKind::variable, false);
}

/// Fresh water for each kWh of the IT, L: it binds nothing and is reported beside the PUE.
void add_water_measure(const Compile& c, const SiteView& site) {
  // the mean of data centres in the United States: A. Shehabi et al., LBNL-1005775, 2016
  constexpr double kEvaporative = 1.8;
  const double by_cooling = site.entry->text("cooling") == "evaporative" ? kEvaporative : 0;
  const double water = site.entry->has("water") ? site.entry->number("water") : by_cooling;
  c.builder.add(Measure{.table = "sites",
                        .name = "water",
                        .unit = "L/kWh",
                        .place = site.place,
                        .party = site.owner,
                        .terms = {},
                        .constant = c.builder.constant(water),
                        .provenance = provenance(*site.entry)});
}

void add_pue_measure(const Compile& c, const SiteView& site) {
  const Model& model = c.builder.model();
  const auto mean = [&](int t) {
    double sum = 0;
    for (int s = 0; s < model.calendar.slice_count; ++s) sum += model.at(site.pue, t, s) * model.calendar.hours(t, s);
    return sum / model.calendar.hours(t);
  };
  c.builder.add(Measure{.table = "sites",
                        .name = "pue",
                        .unit = "1",
                        .place = site.place,
                        .party = site.owner,
                        .terms = {},
                        .constant = c.builder.by_period(mean),
                        .provenance = provenance(*site.entry)});
}

void compile_site(const Compile& c, const Entry& entry) {
  SiteView site;
  site.name = entry.name;
  site.entry = &entry;
  site.place = place_of_site(c, entry);
  if (!site.place.valid()) return;
  const auto same = std::ranges::find(c.sites, site.place, &SiteView::place);
  if (same != c.sites.end()) {
    fault(c, Code::inconsistent, entry, "place",
          {.message = "sites '" + same->name + "' and '" + entry.name + "' are at one place",
           .found = c.builder.model().places[site.place.index()].name,
           .expected = "a place of its own, where its power balances",
           .help = "add a place for one of them and name it in its key place"});
    return;
  }
  site.compute_place = entry.has("compute_region") ? place_of(c, entry, "compute_region") : site.place;
  const Entry* region = entry.has("grid") ? c.spec.find("grid_region", entry.text("grid")) : nullptr;
  if (region != nullptr) site.grid = place_of(c, *region, "place");
  site.owner = party_of(c, entry, "owner");
  site.sea = entry.text("kind") == "mooring";
  check_cooling(c, entry);
  site.pue = site_pue(c, entry);
  site.availability = availability_of(c, entry, site.sea);
  site.online = first_period_of(c, entry, "online");
  c.sites.push_back(site);
  add_priced_supply(c, site);
  add_pue_measure(c, site);
  add_water_measure(c, site);
}

}  // namespace

const Section kSiteSection{.name = "site", .title = "Site", .description = kDescription, .attributes = kAttributes};

const std::vector<SiteView>& sites(const Compile& c) {
  return c.sites;
}

const SiteView* find_site(const Compile& c, std::string_view name) {
  const auto found = std::ranges::find(c.sites, name, &SiteView::name);
  return found == c.sites.end() ? nullptr : &*found;
}

void compile_sites(const Compile& c) {
  c.sites.clear();
  c.sites.reserve(c.spec.entries("site").size());
  for (const Entry& entry : c.spec.entries("site")) compile_site(c, entry);
}

}  // namespace beltline
