#include "parts/hall.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/diagnostic_codes.h"
#include "parts/common.h"
#include "parts/network_names.h"
#include "parts/phases.h"
#include "parts/site.h"

namespace beltline {
namespace {

// Ranges by default: industry norms and cost models of 2025, estimates all of them; Abilene took 13 to 15 months from
// groundbreaking to the first MW, Ulsan plans 27.
constexpr std::array kAttributes{
    Attribute{.key = "site",
              .kind = Kind::reference,
              .target = "site",
              .required = true,
              .description = "The site, on land; one hall each."},
    Attribute{.key = "permit",
              .kind = Kind::duration,
              .fallback = R"({mode = "12 month", low = "6 month", high = "24 month", confidence = "C"})",
              .description = "Permits and studies before ground is broken."},
    Attribute{.key = "site_work",
              .kind = Kind::duration,
              .fallback = R"({mode = "5 month", low = "3 month", high = "8 month", confidence = "C"})",
              .description = "Site preparation and foundations."},
    Attribute{.key = "shell",
              .kind = Kind::duration,
              .fallback = R"({mode = "8 month", low = "5 month", high = "12 month", confidence = "C"})",
              .description = "Shell and core."},
    Attribute{.key = "fit_out",
              .kind = Kind::duration,
              .fallback = R"({mode = "8 month", low = "6 month", high = "12 month", confidence = "C"})",
              .description = "Mechanical, electrical and plumbing fit-out."},
    Attribute{.key = "commission",
              .kind = Kind::duration,
              .fallback = R"({mode = "4 month", low = "2 month", high = "6 month", confidence = "C"})",
              .description = "Commissioning, levels 1 to 5."},
    Attribute{.key = "overlap",
              .kind = Kind::duration,
              .fallback = "\"0 month\"",
              .description = "How long the fit-out runs beside the shell; no longer than either."},
    Attribute{.key = "land_cost",
              .kind = Kind::quantity,
              .unit = "USD/MW",
              .fallback = R"({mode = "200000 USD/MW", low = "50000 USD/MW", high = "800000 USD/MW", confidence = "C"})",
              .min = 0,
              .description = "Land."},
    Attribute{
        .key = "shell_cost",
        .kind = Kind::quantity,
        .unit = "USD/MW",
        .fallback = R"({mode = "2200000 USD/MW", low = "1200000 USD/MW", high = "3500000 USD/MW", confidence = "C"})",
        .min = 0,
        .description = "Shell, site and core."},
    Attribute{
        .key = "electrical_cost",
        .kind = Kind::quantity,
        .unit = "USD/MW",
        .fallback = R"({mode = "4800000 USD/MW", low = "3500000 USD/MW", high = "6500000 USD/MW", confidence = "C"})",
        .min = 0,
        .description = "High-voltage substation, switchgear, UPS, generators."},
    Attribute{
        .key = "mechanical_cost",
        .kind = Kind::quantity,
        .unit = "USD/MW",
        .fallback = R"({mode = "2200000 USD/MW", low = "1500000 USD/MW", high = "3500000 USD/MW", confidence = "C"})",
        .min = 0,
        .description = "Chillers or dry coolers, pumps, air side."},
    Attribute{
        .key = "liquid_cooling_cost",
        .kind = Kind::quantity,
        .unit = "USD/MW",
        .fallback = R"({mode = "900000 USD/MW", low = "500000 USD/MW", high = "1600000 USD/MW", confidence = "C"})",
        .min = 0,
        .description = "Coolant distribution units, manifolds, technology loop."},
    Attribute{
        .key = "soft_cost",
        .kind = Kind::quantity,
        .unit = "USD/MW",
        .fallback = R"({mode = "1200000 USD/MW", low = "700000 USD/MW", high = "2000000 USD/MW", confidence = "C"})",
        .min = 0,
        .description = "Design, owner's cost, commissioning."},
    Attribute{.key = "cost_factor",
              .kind = Kind::series,
              .fallback = "1",
              .min = 0,
              .description = "Multiplies all of these, by month of the order."},
    Attribute{.key = "existing",
              .kind = Kind::series,
              .unit = "MW",
              .fallback = "\"0 MW\"",
              .min = 0,
              .description = "Online without any order, paid before the horizon."},
    Attribute{.key = "module",
              .kind = Kind::quantity,
              .unit = "MW",
              .fallback = "\"0 MW\"",
              .min = 0,
              .description = "Comes in phases of this size; 0: any amount."},
    Attribute{.key = "build_max",
              .kind = Kind::series,
              .unit = "MW/month",
              .min = 0,
              .description = "Most that labour and contractors let begin. Absent: no limit."},
    Attribute{.key = "total_max",
              .kind = Kind::quantity,
              .unit = "MW",
              .min = 0,
              .description = "Most besides `existing`; the site's `land_max` holds too."},
    Attribute{.key = "earliest_order", .kind = Kind::month, .description = "First month in which it may be ordered."},
    Attribute{.key = "equipment",
              .kind = Kind::references,
              .target = "equipment",
              .description = "What it needs at the start of its fit-out."},
    Attribute{
        .key = "staff",
        .kind = Kind::quantity,
        .unit = "person/MW",
        .fallback = R"({mode = "0.35 person/MW", low = "0.1 person/MW", high = "0.8 person/MW", confidence = "B"})",
        .min = 0,
        .description = "Technicians who run it, where the compute region has a `school`."},
    Attribute{
        .key = "fixed_cost",
        .kind = Kind::series,
        .unit = "USD/MW/month",
        .fallback =
            R"({mode = "12500 USD/MW/month", low = "8000 USD/MW/month", high = "20000 USD/MW/month", confidence = "C"})",
        .min = 0,
        .description = "Operation and maintenance without power."},
    Attribute{.key = "life",
              .kind = Kind::duration,
              .fallback = "\"168 month\"",
              .min = 1,
              .description = "Time over which it stands and is written off."},
};

constexpr std::string_view kDescription =
    R"(IT halls of a campus on land, built in phases: capacity `hall@SITE` in MW of IT.

$$\text{lead} = \text{permit} + \text{site work} + \text{shell} + \text{fit-out} + \text{commission} - \text{overlap}$$

| component of the cost | falls due evenly over |
|---|---|
| land | the month of the order |
| soft cost | order to online |
| shell | site work and shell |
| electrical, mechanical, liquid cooling | fit-out |

One MW online puts up one MW of `it_space` and holds its technicians. Cost components: industry cost models of 2025, together
11.3 million USD/MW (9 to 15).)";

/// Months since the order at which each phase begins and ends.
struct Schedule {
  Span site_and_shell;
  Span fit_out;
  double online = 0;
};

Schedule schedule_of(const Entry& hall) {
  Schedule schedule;
  const double broken = hall.months("permit");
  const double shell_done = broken + hall.months("site_work") + hall.months("shell");
  schedule.site_and_shell = {.from = broken, .to = shell_done};
  const double fit_out = shell_done - hall.months("overlap");
  schedule.fit_out = {.from = fit_out, .to = fit_out + hall.months("fit_out")};
  schedule.online = schedule.fit_out.to + hall.months("commission");
  return schedule;
}

bool check_overlap(const Compile& c, const Entry& hall) {
  const double longest = std::min(hall.months("shell"), hall.months("fit_out"));
  if (hall.months("overlap") <= longest) return true;
  fault(c, Code::inconsistent, hall, "overlap",
        {.message = "the fit-out of hall '" + hall.name + "' overlaps the shell for longer than either takes",
         .found = fmt::format("{} months", hall.months("overlap")),
         .expected = fmt::format("at most {} months", longest),
         .help = fmt::format("write overlap = \"{} month\" or less", longest)});
  return false;
}

double services_cost(const Entry& hall) {
  return hall.number("electrical_cost") + hall.number("mechanical_cost") + hall.number("liquid_cooling_cost");
}

double cost_per_mw(const Entry& hall) {
  return hall.number("land_cost") + hall.number("shell_cost") + services_cost(hall) + hall.number("soft_cost");
}

Capacity describe(const Compile& c, const Entry& hall, const SiteView& site) {
  const Schedule schedule = schedule_of(hall);
  const Calendar& calendar = c.builder.calendar();
  const double usd_per_mw = cost_per_mw(hall);
  Capacity capacity;
  capacity.name = "hall@" + site.name;
  capacity.place = site.place;
  capacity.owner = site.owner;
  capacity.unit = "MW";
  capacity.kind = "hall";
  capacity.existing = level_series(c, hall.series("existing"));
  capacity.lead = periods_up(c, schedule.online);
  capacity.module_size = hall.number("module");
  if (hall.has("build_max")) capacity.build_max = per_period_series(c, hall.series("build_max"));
  capacity.total_max = room(c, hall, site, capacity.existing);
  capacity.earliest_order = first_period_of(c, hall, "earliest_order");
  capacity.earliest_online = site.online;
  capacity.life = lead_periods(c, hall, "life");
  capacity.salvage_life = capacity.life;
  capacity.capex =
      c.builder.by_period([&](int t) { return usd_per_mw * hall.series("cost_factor").mean(calendar, t); });
  capacity.spend_profile =
      spend_profile(c, {{.usd = hall.number("land_cost"), .span = {.from = 0, .to = 0}},
                        {.usd = hall.number("shell_cost"), .span = schedule.site_and_shell},
                        {.usd = services_cost(hall), .span = schedule.fit_out},
                        {.usd = hall.number("soft_cost"), .span = {.from = 0, .to = schedule.online}}});
  capacity.fixed_cost = per_period_series(c, hall.series("fixed_cost"));
  // a fit-out that starts within a period needs its equipment in that period
  const auto offset =
      static_cast<int>(spread(c, {.from = schedule.fit_out.from, .to = schedule.fit_out.from}).size()) - 1;
  add_equipment_needs(c, hall, site, offset, capacity);
  capacity.stand_flows.push_back(
      {.commodity = ensure_commodity(c, "it_space"), .place = site.place, .rate = c.builder.constant(1)});
  add_staff(c, hall, site, capacity);
  capacity.provenance = provenance(hall);
  return capacity;
}

void compile_hall(const Compile& c, const Entry& hall) {
  const SiteView* site = find_site(c, hall.text("site"));
  if (site == nullptr || is_second_at_site(c, hall) || !check_overlap(c, hall)) return;
  if (site->sea) {
    fault(c, Code::inconsistent, hall, "site",
          {.message = "hall '" + hall.name + "' is at a mooring",
           .found = site->name,
           .expected = "a site of kind land",
           .help = "write a hull"});
    return;
  }
  if (is_capacity_taken(c, hall, "hall@" + site->name)) return;
  const CapacityId id = c.builder.add(describe(c, hall, *site));
  add_measure(c, hall, site->place, site->owner,
              {.table = "sites", .name = "it_capacity", .unit = "MW", .id = id.value});
  add_measure(c, hall, site->place, site->owner,
              {.table = "sites", .name = "it_ordered", .unit = "MW", .kind = TermKind::order, .id = id.value});
  add_measure(c, hall, site->place, site->owner,
              {.table = "sites", .name = "capex", .unit = "USD", .kind = TermKind::spend, .id = id.value});
  if (site->entry->has("developer")) {
    add_measure(c, hall, site->place, party_of(c, *site->entry, "developer"),
                {.table = "centres", .name = "it_capacity", .unit = "MW", .id = id.value});
  }
}

}  // namespace

const Section kHallSection{.name = "hall", .title = "Hall", .description = kDescription, .attributes = kAttributes};

void compile_halls(const Compile& c) {
  for (const Entry& hall : c.spec.entries("hall")) compile_hall(c, hall);
}

}  // namespace beltline
