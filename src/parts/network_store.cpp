// The sections store and demand.
#include <array>

#include "base/diagnostic_codes.h"
#include "parts/common.h"
#include "parts/network_names.h"
#include "parts/network_parts.h"

namespace beltline {
namespace {

constexpr std::array kStoreAttributes{
    Attribute{.key = "commodity", .required = true, .description = "Name of the commodity."},
    Attribute{.key = "place", .required = true, .description = "Name of the place."},
    Attribute{.key = "owner", .kind = Kind::reference, .target = "party", .description = "The party that owns it."},
    Attribute{.key = "level_capacity", .description = "Capacity whose online units bound the level."},
    Attribute{.key = "power_capacity",
              .description = "Capacity whose online units bound charge and discharge; rates only."},
    Attribute{.key = "level_max",
              .kind = Kind::series,
              .unit = "*",
              .min = 0,
              .description = "Highest level, in the commodity's unit (rates: times hours, MWh)."},
    Attribute{.key = "level_min",
              .kind = Kind::series,
              .unit = "*",
              .min = 0,
              .description = "Lowest level, in the commodity's unit (rates: times hours, MWh)."},
    Attribute{.key = "hours",
              .kind = Kind::quantity,
              .unit = "h",
              .min = 0,
              .min_exclusive = true,
              .description = "With a `level_capacity` in the unit of power: hours for which its online units can put "
                             "out what they are rated at; rates only."},
    Attribute{.key = "level_share_max",
              .kind = Kind::series,
              .min = 0,
              .description = "Share of what the level capacity allows that the level may reach; 1 by default."},
    Attribute{.key = "level_share_min",
              .kind = Kind::series,
              .min = 0,
              .description = "Share of what the level capacity allows that the level must keep; 0 by default."},
    Attribute{.key = "power_max",
              .kind = Kind::series,
              .unit = "*",
              .min = 0,
              .description = "Most charge and discharge, in the commodity's unit; rates only."},
    Attribute{.key = "efficiency_in",
              .kind = Kind::quantity,
              .fallback = "1",
              .min = 0,
              .max = 1,
              .min_exclusive = true,
              .description = "Share of what is charged that reaches the level; rates only."},
    Attribute{.key = "efficiency_out",
              .kind = Kind::quantity,
              .fallback = "1",
              .min = 0,
              .max = 1,
              .min_exclusive = true,
              .description = "Share of what leaves the level that is put out; rates only."},
    Attribute{.key = "loss",
              .kind = Kind::quantity,
              .unit = "*",
              .min = 0,
              .description = "Share of the level lost, per hour (rates, `\"0.001 1/hour\"`) or per month (amounts)."},
    Attribute{.key = "initial",
              .kind = Kind::quantity,
              .unit = "*",
              .min = 0,
              .description = "Level before the first period, in the commodity's unit (rates, with `carry = \"open\"`: "
                             "before the first slice of each group, times hours)."},
    Attribute{.key = "carry",
              .kind = Kind::choice,
              .target = "cyclic|open",
              .fallback = "\"cyclic\"",
              .description = "Rates: whether the end of each group of slices meets its beginning, or it begins with "
                             "`initial` and ends anywhere."},
    Attribute{.key = "charge_cost",
              .kind = Kind::series,
              .unit = "*",
              .description = "USD per unit and hour charged; rates only."},
    Attribute{.key = "discharge_cost",
              .kind = Kind::series,
              .unit = "*",
              .description = "USD per unit and hour discharged; rates only."},
    Attribute{
        .key = "holding_cost", .kind = Kind::series, .unit = "*", .description = "USD per unit of level and month."},
};

constexpr std::array kDemandAttributes{
    Attribute{.key = "commodity", .required = true, .description = "Name of the commodity."},
    Attribute{.key = "place", .required = true, .description = "Name of the place."},
    Attribute{.key = "party", .kind = Kind::reference, .target = "party", .description = "Whose demand it is."},
    Attribute{.key = "quantity",
              .kind = Kind::series,
              .unit = "*",
              .required = true,
              .min = 0,
              .description = "What is taken out, in the commodity's unit (amounts: per month or per period)."},
    Attribute{
        .key = "unserved_cost",
        .kind = Kind::series,
        .unit = "*",
        .min = 0,
        .description = "USD per unit that is not served (rates: per unit and hour); without it all must be served."},
};

/// A key that only rates have, given for an amount, or the other way round.
void check_only(const Compile& c, const Entry& entry, std::string_view key, const Commodity& commodity, Grain only) {
  if (commodity.grain == only || !entry.has(key) || entry.value(key).is_default) return;
  fault(c, Code::grain_mismatch, entry, key,
        {.message = std::string(key) + " of '" + entry.name + "' does not apply to '" + commodity.name + "'",
         .found = only == Grain::rate ? "an amount" : "a rate",
         .expected = only == Grain::rate ? "a commodity that is a rate" : "a commodity that is an amount",
         .help = "leave out this key, or store another commodity"});
}

/// The capacity of a key, whose unit must fit what it bounds.
CapacityId bound_of(const Compile& c, const Entry& entry, std::string_view key, const std::string& unit) {
  if (!entry.has(key)) return {};
  const CapacityId id = capacity_named(c, entry, key);
  if (!id.valid()) return {};
  const Capacity& capacity = c.builder.model().capacities[id.index()];
  const auto factor = c.spec.units.convert(1, capacity.unit, unit);
  if (factor && factor->value == 1) return id;
  fault(c, Code::wrong_dimension, entry, key,
        {.message = "capacity '" + capacity.name + "' cannot bound store '" + entry.name + "'",
         .found = capacity.unit,
         .expected = unit,
         .help = "name a capacity in " + unit});
  return {};
}

}  // namespace

constexpr Section kStoreSection{
    .name = "store",
    .title = "Store",
    .description =
        "A level that carries over: amounts from period to period, rates over the slices of a "
        "representative day or year, whose end meets its beginning unless `carry` says otherwise.\n\n"
        "$$L_{t,s} = (1 - \\lambda)\\, L_{t,s-1} + \\eta_{in}\\, \\mathrm{charge}_{t,s}\\, h - "
        "\\mathrm{discharge}_{t,s}\\, h / \\eta_{out}$$.",
    .attributes = kStoreAttributes,
};

constexpr Section kDemandSection{
    .name = "demand",
    .title = "Demand",
    .description =
        "What is taken out at a place: $\\mathrm{served} + \\mathrm{unserved} = \\mathrm{quantity}$; unserved "
        "costs `unserved_cost`, or is not permitted.",
    .attributes = kDemandAttributes,
};

void compile_stores(const Compile& c) {
  for (const Entry& entry : c.spec.entries("store")) {
    Store store;
    store.name = entry.name;
    store.commodity = commodity_named(c, entry, "commodity");
    store.place = place_named(c, entry, "place");
    store.owner = party_of(c, entry, "owner");
    store.provenance = provenance(entry);
    if (!store.commodity.valid() || !store.place.valid()) continue;
    if (name_is_taken(c, entry, find_store(c, entry.name).valid())) continue;
    const Commodity commodity = c.builder.model().commodities[store.commodity.index()];
    const bool is_rate = commodity.grain == Grain::rate;
    const std::string level_unit = is_rate ? hours_of(commodity.unit) : commodity.unit;
    for (const auto key : {"power_capacity", "power_max", "efficiency_in", "efficiency_out", "carry", "hours",
                           "charge_cost", "discharge_cost"}) {
      check_only(c, entry, key, commodity, Grain::rate);
    }
    store.is_open = entry.text("carry") == "open";
    if (is_rate && entry.has("initial") && !store.is_open) {
      fault(c, Code::inconsistent, entry, "initial",
            {.message = "store '" + entry.name + "' is cyclic and begins with what it ends with",
             .found = "initial",
             .expected = "carry = \"open\"",
             .help = "add carry = \"open\", or leave out initial"});
    }
    const bool by_hours = entry.has("hours");
    store.level_capacity = bound_of(c, entry, "level_capacity", by_hours ? commodity.unit : level_unit);
    if (by_hours) store.level_per_unit = entry.number("hours");
    store.level_min = series_in(c, entry, "level_min", {{level_unit}});
    store.level_share_max = series_in(c, entry, "level_share_max", {{"1"}});
    store.level_share_min = series_in(c, entry, "level_share_min", {{"1"}});
    for (const auto key : {"level_share_max", "level_share_min", "hours"}) {
      if (!entry.has(key) || entry.has("level_capacity")) continue;
      fault(c, Code::inconsistent, entry, key,
            {.message = std::string(key) + " of '" + entry.name + "' is a share of no capacity",
             .found = "no level_capacity",
             .expected = "level_capacity",
             .help = "add level_capacity, or write level_max and level_min"});
    }
    store.charge_cost = series_in(c, entry, "charge_cost", {{per("USD", level_unit)}});
    store.discharge_cost = series_in(c, entry, "discharge_cost", {{per("USD", level_unit)}});
    store.power_capacity = bound_of(c, entry, "power_capacity", commodity.unit);
    store.level_max = series_in(c, entry, "level_max", {{level_unit}});
    store.power_max = series_in(c, entry, "power_max", {{commodity.unit}});
    store.efficiency_in = entry.number("efficiency_in");
    store.efficiency_out = entry.number("efficiency_out");
    const Expect loss = is_rate ? Expect{"1/hour"} : Expect{"1/month", true};
    if (entry.has("loss")) store.loss = number_in(c, entry, "loss", {loss}).value_or(0);
    if (entry.has("initial")) store.initial = number_in(c, entry, "initial", {{level_unit}}).value_or(0);
    store.holding_cost = series_in(c, entry, "holding_cost", {{per("USD", level_unit) + "/month", true}});
    c.builder.add(std::move(store));
  }
}

void compile_demands(const Compile& c) {
  for (const Entry& entry : c.spec.entries("demand")) {
    Demand demand;
    demand.name = entry.name;
    demand.commodity = commodity_named(c, entry, "commodity");
    demand.place = place_named(c, entry, "place");
    demand.party = party_of(c, entry, "party");
    demand.provenance = provenance(entry);
    if (!demand.commodity.valid() || !demand.place.valid()) continue;
    if (name_is_taken(c, entry, find_demand(c, entry.name).valid())) continue;
    const Commodity commodity = c.builder.model().commodities[demand.commodity.index()];
    std::vector<Expect> expected{{commodity.unit}};
    if (commodity.grain == Grain::amount) expected = {{commodity.unit + "/month", true}, {commodity.unit}};
    demand.quantity = series_in(c, entry, "quantity", expected);
    const std::string counted = commodity.grain == Grain::rate ? hours_of(commodity.unit) : commodity.unit;
    demand.unserved_cost = series_in(c, entry, "unserved_cost", {{per("USD", counted)}});
    c.builder.add(std::move(demand));
  }
}

}  // namespace beltline
