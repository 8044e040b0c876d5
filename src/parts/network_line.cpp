// The sections line and move: what connects places.
#include <array>

#include "base/diagnostic_codes.h"
#include "parts/common.h"
#include "parts/network_names.h"
#include "parts/network_parts.h"

namespace beltline {
namespace {

constexpr std::array kLineAttributes{
    Attribute{.key = "from", .required = true, .description = "Name of the place at one end."},
    Attribute{.key = "to", .required = true, .description = "Name of the place at the other end."},
    Attribute{.key = "commodity", .fallback = "\"electricity\"", .description = "What it carries, a rate."},
    Attribute{.key = "owner", .kind = Kind::reference, .target = "party", .description = "The party that owns it."},
    Attribute{.key = "capacity",
              .kind = Kind::series,
              .unit = "*",
              .min = 0,
              .description = "Most it carries either way, in the commodity's unit (MW); without it, no limit."},
    Attribute{.key = "runs_on",
              .description = "Instead of `capacity`: name of the capacity whose online units it may carry either way."},
    Attribute{.key = "loss",
              .kind = Kind::quantity,
              .fallback = "0",
              .min = 0,
              .max = 0.999,
              .description = "Share lost on the way, a plain number or a percentage."},
    Attribute{.key = "reactance",
              .kind = Kind::quantity,
              .fallback = "0",
              .description =
                  "Radians per unit of flow, a plain number (per unit, divided by the base power); other than "
                  "0 the flow follows the bus angles (DC power flow). Negative ones are those of series "
                  "capacitors."},
    Attribute{.key = "shift",
              .kind = Kind::quantity,
              .unit = "rad",
              .fallback = "\"0 rad\"",
              .description = "Angle of a phase shifter, with a reactance."},
    Attribute{.key = "cost",
              .kind = Kind::series,
              .unit = "*",
              .min = 0,
              .description = "USD per unit and hour carried (USD/MWh)."},
    Attribute{.key = "capex",
              .kind = Kind::series,
              .unit = "*",
              .min = 0,
              .description = "USD per unit of more capacity; without it the line cannot be extended."},
    Attribute{.key = "lead",
              .kind = Kind::duration,
              .fallback = "\"0 month\"",
              .description = "Time from order to online of more capacity."},
    Attribute{.key = "total_max",
              .kind = Kind::quantity,
              .unit = "*",
              .min = 0,
              .description = "Most capacity that may be added, in the commodity's unit."},
    Attribute{.key = "earliest_online", .kind = Kind::month, .description = "First month in which more may be online."},
    Attribute{.key = "life", .kind = Kind::duration, .description = "Time online; without it beyond the horizon."},
};

constexpr std::array kMoveAttributes{
    Attribute{.key = "from", .required = true, .description = "Name of the capacity that units leave."},
    Attribute{.key = "to", .required = true, .description = "Name of the capacity that they join, in the same unit."},
    Attribute{.key = "lag",
              .kind = Kind::duration,
              .fallback = "\"1 month\"",
              .description = "Time under way, in which they are online nowhere."},
    Attribute{.key = "cost", .kind = Kind::series, .unit = "*", .min = 0, .description = "USD per unit moved."},
};

/// One direction of a line: takes in at one end what it puts out, less the loss, at the other.
Process direction(const Compile& c, std::string name, const Process& shape, PlaceId from, PlaceId to, double loss) {
  Process process = shape;
  process.name = std::move(name);
  process.place = from;
  process.line_from = from;
  process.line_to = to;
  const CommodityId carried = shape.flows[0].commodity;
  process.flows = {{.commodity = carried, .place = from, .rate = c.builder.constant(-1)},
                   {.commodity = carried, .place = to, .rate = c.builder.constant(1 - loss)}};
  return process;
}

CapacityId extendable(const Compile& c, const Entry& entry, const Process& shape, const std::string& unit,
                      Series existing) {
  Capacity capacity;
  capacity.name = "line_" + entry.name;
  capacity.place = shape.line_from;
  capacity.owner = shape.owner;
  capacity.unit = unit;
  capacity.kind = "line";
  capacity.existing = existing;
  capacity.lead = lead_periods(c, entry, "lead");
  capacity.life = lead_periods(c, entry, "life");
  capacity.salvage_life = capacity.life;
  if (entry.has("total_max")) capacity.total_max = number_in(c, entry, "total_max", {{unit}}).value_or(0);
  if (entry.has("earliest_online")) capacity.earliest_online = period_at(c, entry, "earliest_online");
  capacity.capex = series_in(c, entry, "capex", {{per("USD", unit)}});
  capacity.provenance = shape.provenance;
  return c.builder.add(std::move(capacity));
}

bool is_written(const Entry& entry, std::string_view key) {
  return entry.has(key) && !entry.value(key).is_default;
}

/// A line whose flow goes by the angles has neither loss nor cost: DC power flow knows none of them. A shift is one of
/// angles. What it runs on stands in one place.
bool check_line(const Compile& c, const Entry& entry) {
  const bool by_angle = entry.number("reactance") != 0;
  for (const auto key : {"loss", "cost"}) {
    if (!by_angle || !is_written(entry, key)) continue;
    fault(c, Code::inconsistent, entry, key,
          {.message = "line '" + entry.name + "' has a reactance and so no " + key,
           .found = key,
           .expected = "a lossless line without a price",
           .help = "leave out the reactance, or this key"});
    return false;
  }
  if (!by_angle && is_written(entry, "shift")) {
    fault(c, Code::inconsistent, entry, "shift",
          {.message = "line '" + entry.name + "' has a shift but no reactance",
           .found = "shift",
           .expected = "reactance",
           .help = "add the reactance, or leave out the shift"});
    return false;
  }
  for (const auto key : {"capacity", "capex", "total_max", "lead", "life", "earliest_online"}) {
    if (!entry.has("runs_on") || !is_written(entry, key)) continue;
    fault(c, Code::inconsistent, entry, key,
          {.message = "line '" + entry.name + "' runs on a capacity and has no " + key + " of its own",
           .found = key,
           .expected = "runs_on alone",
           .help = "write it at [capacity." + entry.text("runs_on") + "]"});
    return false;
  }
  return true;
}

void add_line(const Compile& c, const Entry& entry, Process shape, const std::string& unit) {
  ModelBuilder& builder = c.builder;
  const Series limit = series_in(c, entry, "capacity", {{unit}});
  if (entry.has("capacity") && !limit.present()) return;
  shape.reactance = entry.number("reactance");
  shape.phase_shift = entry.number("shift");
  if (entry.has("runs_on")) {
    const CapacityId k = capacity_named(c, entry, "runs_on");
    if (!k.valid()) return;
    shape.uses = {{.capacity = k, .use = builder.constant(1)}};
  } else if (entry.has("capex")) {
    shape.uses = {{.capacity = extendable(c, entry, shape, unit, limit), .use = builder.constant(1)}};
  }
  shape.cost = series_in(c, entry, "cost", {{per("USD", hours_of(unit))}});
  const double loss = entry.number("loss");
  const PlaceId from = shape.line_from;
  const PlaceId to = shape.line_to;
  const std::string name = "line_" + entry.name;
  const bool is_own_bound = shape.uses.empty() && limit.present();
  if (is_own_bound) shape.upper = limit;
  if (loss == 0 && !entry.has("cost") && (shape.reactance != 0 || shape.uses.empty())) {
    // nothing tells the directions apart: one signed flow
    shape.runs_back = true;
    if (is_own_bound) {
      shape.lower = builder.by_slice([&](int t, int s) { return -builder.model().at(limit, t, s); });
    }
    builder.add(direction(c, name, shape, from, to, 0));
    return;
  }
  // both ways share the capacity; an optimal plan never uses both at once
  builder.add(direction(c, name, shape, from, to, loss));
  builder.add(direction(c, name + "_back", shape, to, from, loss));
}

}  // namespace

constexpr Section kLineSection{
    .name = "line",
    .title = "Line",
    .description =
        "Carries a rate between two places, up to its capacity either way: process `line_NAME`, and "
        "`line_NAME_back` where losses, a cost or more capacity tell the directions apart.\n\n"
        "$$-\\mathrm{capacity} \\le f_{t,s} \\le \\mathrm{capacity}, \\qquad f_{t,s} = "
        "(\\theta_{from} - \\theta_{to} - \\varphi) / x \\;\\text{ with a reactance } x \\text{ and a shift } "
        "\\varphi$$.",
    .attributes = kLineAttributes,
};

constexpr Section kMoveSection{
    .name = "move",
    .title = "Move",
    .description =
        "Capacity that changes its place: it leaves `from` in month $t$ and is online at `to` in $t + "
        "\\mathrm{lag}$, as a hull under tow.",
    .attributes = kMoveAttributes,
};

void compile_lines(const Compile& c) {
  for (const Entry& entry : c.spec.entries("line")) {
    const CommodityId carried = commodity_named(c, entry, "commodity");
    Process shape;
    shape.line_from = place_named(c, entry, "from");
    shape.line_to = place_named(c, entry, "to");
    if (!carried.valid() || !shape.line_from.valid() || !shape.line_to.valid()) continue;
    const Commodity commodity = c.builder.model().commodities[carried.index()];
    if (commodity.grain == Grain::amount) {
      fault(c, Code::grain_mismatch, entry, "commodity",
            {.message = "line '" + entry.name + "' carries '" + commodity.name + "', which is an amount",
             .found = "an amount",
             .expected = "a rate",
             .help = "write a process with a lag: a shipping route"});
      continue;
    }
    if (shape.line_from == shape.line_to) {
      fault(c, Code::inconsistent, entry, "to",
            {.message = "line '" + entry.name + "' ends where it starts",
             .found = entry.text("to"),
             .expected = "another place",
             .help = "write another place into to"});
      continue;
    }
    if (name_is_taken(c, entry, c.builder.find_process("line_" + entry.name).valid())) continue;
    if (!check_line(c, entry)) continue;
    shape.owner = party_of(c, entry, "owner");
    shape.grain = Grain::rate;
    shape.unit = commodity.unit;
    shape.kind = "line";
    shape.flows = {{.commodity = carried, .place = {}, .rate = {}}};
    shape.provenance = provenance(entry);
    add_line(c, entry, std::move(shape), commodity.unit);
  }
}

void compile_moves(const Compile& c) {
  for (const Entry& entry : c.spec.entries("move")) {
    Move move;
    move.name = entry.name;
    move.from = capacity_named(c, entry, "from");
    move.to = capacity_named(c, entry, "to");
    move.lag = lead_periods(c, entry, "lag");
    move.provenance = provenance(entry);
    if (!move.from.valid() || !move.to.valid()) continue;
    if (name_is_taken(c, entry, find_move(c, entry.name).valid())) continue;
    const std::string from_unit = c.builder.model().capacities[move.from.index()].unit;
    const std::string to_unit = c.builder.model().capacities[move.to.index()].unit;
    if (from_unit != to_unit || move.from == move.to) {
      fault(c, Code::inconsistent, entry, "to",
            {.message = "move '" + entry.name + "' needs two capacities in one unit",
             .found = entry.text("to") + " in " + to_unit,
             .expected = "another capacity in " + from_unit,
             .help = "choose two capacities that are counted alike"});
      continue;
    }
    move.cost = series_in(c, entry, "cost", {{per("USD", from_unit)}});
    c.builder.add(std::move(move));
  }
}

}  // namespace beltline
