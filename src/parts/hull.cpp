#include "parts/hull.h"

#include <algorithm>
#include <array>
#include <vector>

#include <fmt/format.h>

#include "base/diagnostic_codes.h"
#include "parts/common.h"
#include "parts/network_names.h"
#include "parts/phases.h"
#include "parts/site.h"

namespace beltline {
namespace {

constexpr std::array kRouteFields{
    Attribute{.key = "from",
              .kind = Kind::reference,
              .target = "site",
              .required = true,
              .description = "Mooring that hulls leave."},
    Attribute{.key = "to",
              .kind = Kind::reference,
              .target = "site",
              .required = true,
              .description = "Mooring at which they come online again."},
};

// Ranges by default: estimates from the practice of LNG carriers and FLNG, 2026.
constexpr std::array kAttributes{
    Attribute{.key = "yard",
              .kind = Kind::reference,
              .target = "yard",
              .required = true,
              .description = "Where it is built."},
    Attribute{.key = "moorings",
              .kind = Kind::references,
              .target = "site",
              .required = true,
              .description = "Sites of kind mooring at which it may lie."},
    Attribute{.key = "size",
              .kind = Kind::quantity,
              .unit = "MW",
              .fallback = "\"50 MW\"",
              .min = 0,
              .min_exclusive = true,
              .description = "IT power of one hull."},
    Attribute{.key = "approved",
              .kind = Kind::month,
              .description = "Month of the design's approval in principle; no order before it."},
    Attribute{.key = "design",
              .kind = Kind::duration,
              .fallback = R"({mode = "10 month", low = "6 month", high = "14 month", confidence = "C"})",
              .description = "Detailed design and steel before the dock."},
    Attribute{.key = "quay",
              .kind = Kind::duration,
              .fallback = R"({mode = "9 month", low = "6 month", high = "14 month", confidence = "C"})",
              .description = "Outfitting at the quay."},
    Attribute{.key = "tow",
              .kind = Kind::duration,
              .fallback = R"({mode = "2 month", low = "1 month", high = "4 month", confidence = "C"})",
              .description = "Tow, hook-up and commissioning at the mooring."},
    Attribute{
        .key = "hull_cost",
        .kind = Kind::quantity,
        .unit = "USD/hull",
        .fallback = R"({mode = "110e6 USD/hull", low = "60e6 USD/hull", high = "220e6 USD/hull", confidence = "C"})",
        .min = 0,
        .description = "Hull and marine systems."},
    Attribute{
        .key = "topside_cost",
        .kind = Kind::quantity,
        .unit = "USD/MW",
        .fallback = R"({mode = "9100000 USD/MW", low = "6500000 USD/MW", high = "13000000 USD/MW", confidence = "C"})",
        .min = 0,
        .description = "What a hall on land of the same power costs without land and shell."},
    Attribute{.key = "premium",
              .kind = Kind::quantity,
              .fallback = R"({mode = 1.25, low = 0.95, high = 1.7, confidence = "C"})",
              .min = 0,
              .description = "Cost of the topside over that of the same on land."},
    Attribute{.key = "existing",
              .kind = Kind::quantity,
              .unit = "MW",
              .fallback = "\"0 MW\"",
              .min = 0,
              .description = "Online at the first mooring without any order."},
    Attribute{.key = "total_max",
              .kind = Kind::quantity,
              .unit = "MW",
              .min = 0,
              .description = "Most at one mooring; its `land_max` holds too."},
    Attribute{.key = "equipment",
              .kind = Kind::references,
              .target = "equipment",
              .description = "What it needs at the start of its outfitting."},
    Attribute{.key = "staff",
              .kind = Kind::quantity,
              .unit = "person/MW",
              .fallback = R"({mode = "0.5 person/MW", low = "0.2 person/MW", high = "1 person/MW", confidence = "C"})",
              .min = 0,
              .description = "Technicians and crew, where the compute region has a `school`."},
    Attribute{
        .key = "fixed_cost",
        .kind = Kind::series,
        .unit = "USD/MW/month",
        .fallback =
            R"({mode = "20000 USD/MW/month", low = "12000 USD/MW/month", high = "35000 USD/MW/month", confidence = "C"})",
        .min = 0,
        .description = "Crew, class, mooring, maintenance."},
    Attribute{.key = "life",
              .kind = Kind::duration,
              .fallback = "\"240 month\"",
              .min = 1,
              .description = "Time over which it is written off."},
    Attribute{.key = "routes",
              .kind = Kind::records,
              .fields = kRouteFields,
              .description = "Moves between moorings that the plan may choose."},
    Attribute{.key = "move_time",
              .kind = Kind::duration,
              .fallback = R"({mode = "2 month", low = "1 month", high = "4 month", confidence = "C"})",
              .description = "From the last hour at one mooring to the first at another."},
    Attribute{.key = "move_cost",
              .kind = Kind::quantity,
              .unit = "USD/hull",
              .fallback = R"({mode = "3e6 USD/hull", low = "1e6 USD/hull", high = "8e6 USD/hull", confidence = "C"})",
              .min = 0,
              .description = "Tow and reconnection."},
};

constexpr std::string_view kDescription =
    R"(Floating data centres of one design: capacity `hull@MOORING` in MW of IT, in whole hulls.

$$\text{lead} = \text{design} + \text{dock} + \text{quay} + \text{tow}, \qquad
\text{capex} = \frac{\text{hull cost}}{\text{size}} + \text{topside cost} \cdot \text{premium}$$

A hull takes its dock time from the yard in the periods of its stay (`dock_slot`), and its equipment when it comes to
the quay. Nothing floats before `approved` + lead. Hours lost to waves and typhoons are the mooring's `climate`; the PUE
follows the temperature of the sea. Along `routes` a hull may move: it leaves in $t$ and is online in $t +$ `move_time`.)";

/// Months since the order at which each stage begins and ends.
struct Schedule {
  Span design;
  Span dock;
  Span quay;
  Span tow;
};

Schedule schedule_of(const Entry& hull, const Entry& yard) {
  Schedule s;
  s.design = {.from = 0, .to = hull.months("design")};
  s.dock = {.from = s.design.to, .to = s.design.to + yard.months("dock_time")};
  s.quay = {.from = s.dock.to, .to = s.dock.to + hull.months("quay")};
  s.tow = {.from = s.quay.to, .to = s.quay.to + hull.months("tow")};
  return s;
}

/// The dock-months of one hull, in the periods in which it lies in the dock.
void add_dock_needs(const Compile& c, const Entry& hull, const Entry& yard, const Span& stay, Capacity& capacity) {
  const CommodityId slot = ensure_commodity(c, "dock_slot");
  const PlaceId place = place_of(c, yard, "place");
  const double months_per_mw = yard.months("dock_time") / hull.number("size");
  const std::vector<double> shares = spread(c, stay);
  for (std::size_t j = 0; j < shares.size(); ++j) {
    if (shares[j] <= 0) continue;
    capacity.build_flows.push_back(
        {.commodity = slot, .place = place, .amount = -months_per_mw * shares[j], .offset = static_cast<int>(j)});
  }
}

Capacity describe(const Compile& c, const Entry& hull, const Entry& yard, const SiteView& site) {
  const Schedule schedule = schedule_of(hull, yard);
  const double hull_usd = hull.number("hull_cost") / hull.number("size");
  const double topside_usd = hull.number("topside_cost") * hull.number("premium");
  Capacity capacity;
  capacity.name = "hull@" + site.name;
  capacity.place = site.place;
  capacity.owner = site.owner;
  capacity.unit = "MW";
  capacity.kind = "hull";
  capacity.existing = c.builder.constant(hull.names("moorings").front() == site.name ? hull.number("existing") : 0);
  capacity.lead = periods_up(c, schedule.tow.to);
  capacity.module_size = hull.number("size");
  capacity.total_max = room(c, hull, site, capacity.existing);
  capacity.earliest_order = first_period_of(c, hull, "approved");
  capacity.earliest_online = site.online;
  capacity.life = lead_periods(c, hull, "life");
  capacity.salvage_life = capacity.life;
  capacity.capex = c.builder.constant(hull_usd + topside_usd);
  capacity.spend_profile = spend_profile(
      c, {{.usd = hull_usd, .span = {.from = 0, .to = schedule.dock.to}}, {.usd = topside_usd, .span = schedule.quay}});
  capacity.fixed_cost = per_period_series(c, hull.series("fixed_cost"));
  add_dock_needs(c, hull, yard, schedule.dock, capacity);
  const auto at_quay = static_cast<int>(spread(c, {.from = schedule.quay.from, .to = schedule.quay.from}).size()) - 1;
  add_equipment_needs(c, hull, site, at_quay, capacity);
  capacity.stand_flows.push_back(
      {.commodity = ensure_commodity(c, "it_space"), .place = site.place, .rate = c.builder.constant(1)});
  add_staff(c, hull, site, capacity);
  capacity.provenance = provenance(hull);
  return capacity;
}

void add_measures(const Compile& c, const Entry& hull, const SiteView& site, CapacityId id) {
  const auto gauge = [&](std::string_view table, std::string name, std::string_view unit, TermKind kind,
                         double factor) {
    c.builder.add(Measure{.table = std::string(table),
                          .name = std::move(name),
                          .unit = std::string(unit),
                          .place = site.place,
                          .party = site.owner,
                          .terms = {{.kind = kind, .id = id.value, .coefficient = c.builder.constant(factor)}},
                          .constant = {},
                          .provenance = provenance(hull)});
  };
  gauge("floating", "hulls_ordered", "hull", TermKind::order, 1 / hull.number("size"));
  gauge("floating", "hulls_online", "hull", TermKind::online, 1 / hull.number("size"));
  gauge("floating", "capex", "USD", TermKind::spend, 1);
  gauge("sites", "it_capacity", "MW", TermKind::online, 1);
  gauge("sites", "it_ordered", "MW", TermKind::order, 1);
  gauge("sites", "capex", "USD", TermKind::spend, 1);
  if (site.entry->has("developer")) {
    add_measure(c, hull, site.place, party_of(c, *site.entry, "developer"),
                {.table = "centres", .name = "it_capacity", .unit = "MW", .id = id.value});
  }
}

void add_routes(const Compile& c, const Entry& hull) {
  if (!hull.has("routes")) return;
  for (const Entry& route : hull.records("routes")) {
    const std::string& from = route.text("from");
    const std::string& to = route.text("to");
    Move move;
    move.name = fmt::format("tow_{}_{}_{}", hull.name, from, to);
    move.from = c.builder.find_capacity("hull@" + from);
    move.to = c.builder.find_capacity("hull@" + to);
    if (!move.from.valid() || !move.to.valid() || from == to || find_move(c, move.name).valid()) {
      fault(c, Code::inconsistent, route, "to",
            {.message = "a route of hull '" + hull.name + "' does not lead from one of its moorings to another",
             .found = fmt::format("{} to {}", from, to),
             .expected = "two different entries of `moorings`, each route once",
             .help = "let from and to name two of its moorings"});
      continue;
    }
    move.lag = std::max(1, lead_periods(c, hull, "move_time"));
    move.cost = c.builder.constant(hull.number("move_cost") / hull.number("size"));
    move.provenance = provenance(hull, "routes");
    c.builder.add(std::move(move));
  }
}

void compile_hull(const Compile& c, const Entry& hull) {
  const Entry* yard = c.spec.find("yard", hull.text("yard"));
  if (yard == nullptr) return;
  for (const std::string& mooring : hull.names("moorings")) {
    const SiteView* site = find_site(c, mooring);
    if (site == nullptr) continue;
    if (!site->sea) {
      fault(c, Code::inconsistent, hull, "moorings",
            {.message = "hull '" + hull.name + "' lies at a site on land",
             .found = mooring,
             .expected = "sites of kind mooring",
             .help = "write kind = \"mooring\" in site '" + mooring + "'"});
      continue;
    }
    if (is_capacity_taken(c, hull, "hull@" + mooring)) continue;
    add_measures(c, hull, *site, c.builder.add(describe(c, hull, *yard, *site)));
  }
  add_routes(c, hull);
}

}  // namespace

const Section kHullSection{.name = "hull", .title = "Hull", .description = kDescription, .attributes = kAttributes};

void compile_hulls(const Compile& c) {
  for (const Entry& hull : c.spec.entries("hull")) compile_hull(c, hull);
}

}  // namespace beltline
