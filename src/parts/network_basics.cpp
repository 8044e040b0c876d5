// The sections commodity, place, party and objective.
#include <array>

#include "base/diagnostic_codes.h"
#include "parts/common.h"
#include "parts/network_names.h"
#include "parts/network_parts.h"

namespace beltline {
namespace {

constexpr std::array kCommodityAttributes{
    Attribute{.key = "unit",
              .required = true,
              .description = "Unit of a rate (`\"MW\"`) or of an amount (`\"wafer\"`), a text that names a unit."},
    Attribute{.key = "grain",
              .kind = Kind::choice,
              .target = "rate|amount",
              .fallback = "\"amount\"",
              .description = "A rate balances in every slice, an amount once a period."},
    Attribute{.key = "disposable",
              .kind = Kind::flag,
              .fallback = "false",
              .description = "Whether a surplus may be thrown away."},
};

constexpr std::array kPlaceAttributes{
    Attribute{.key = "kind",
              .kind = Kind::choice,
              .target = "land|sea|fab|grid|region",
              .fallback = "\"region\"",
              .description = "What the place is."},
    Attribute{.key = "latitude",
              .kind = Kind::quantity,
              .fallback = "0",
              .min = -90,
              .max = 90,
              .description = "Degrees north, a plain number."},
    Attribute{.key = "longitude",
              .kind = Kind::quantity,
              .fallback = "0",
              .min = -180,
              .max = 180,
              .description = "Degrees east, a plain number."},
    Attribute{.key = "outline",
              .kind = Kind::flag,
              .fallback = "false",
              .description = "Told in outline: rates balance once a period here, not in every slice."},
};

constexpr std::array kPartyAttributes{
    Attribute{.key = "country", .description = "Country, as a two-letter code."},
};

constexpr std::array kObjectiveAttributes{
    Attribute{.key = "kind",
              .kind = Kind::choice,
              .target = "min_cost|max_compute|earliest",
              .fallback = "\"min_cost\"",
              .description = "What the plan is the best at."},
    Attribute{.key = "discount_rate",
              .kind = Kind::quantity,
              .fallback = "0.05",
              .min = 0,
              .max = 1,
              .description = "Real discount rate per year, a plain number or a percentage."},
    Attribute{.key = "tolerance",
              .kind = Kind::quantity,
              .fallback = "0.001",
              .min = 0,
              .max = 1,
              .description = "Share of the first goal that the second goal, cost, may give up."},
    Attribute{.key = "capex_at",
              .kind = Kind::choice,
              .target = "middle|start",
              .fallback = "\"middle\"",
              .description = "When in its period capex counts for discounting; all else counts in the middle."},
    Attribute{.key = "weights",
              .kind = Kind::series,
              .min = 0,
              .description = "Instead of the discount rate: what a USD of each period counts for, plain numbers."},
    Attribute{.key = "constant",
              .kind = Kind::quantity,
              .unit = "USD",
              .fallback = "\"0 USD\"",
              .description = "Added to the cost: what is spent anyway, or (negative) was counted elsewhere."},
};

/// Whether the entry agrees with the domain's own commodity of this name, on which the parts rely.
bool agrees_with_domain(const Compile& c, const Entry& entry, const Commodity& commodity) {
  const auto own = domain_commodity(commodity.name);
  if (!own || (own->unit == commodity.unit && own->grain == commodity.grain)) return true;
  fault(c, Code::inconsistent, entry, own->unit == commodity.unit ? "grain" : "unit",
        {.message = "commodity '" + commodity.name + "' is one of the domain's own, with another unit or grain",
         .found = (commodity.grain == Grain::rate ? "a rate in " : "an amount in ") + commodity.unit,
         .expected = (own->grain == Grain::rate ? "a rate in " : "an amount in ") + own->unit,
         .help = "choose another name"});
  return false;
}

}  // namespace

constexpr Section kCommoditySection{
    .name = "commodity",
    .title = "Commodity",
    .description =
        "What flows through the network. At every place $n$ where it is used, in every period $t$ (and slice "
        "$s$ if it is a rate)\n\n"
        "$$\\sum_p r_{p,t,s}\\, x_{p,t-\\mathrm{lag},s} + \\text{discharge} - \\text{charge} + "
        "\\text{unserved} = \\text{demand} \\; (+\\,\\text{surplus, if disposable})$$.",
    .attributes = kCommodityAttributes,
};

constexpr Section kPlaceSection{
    .name = "place",
    .title = "Place",
    .description = "A region, a bus of the grid, a fab or a site in outline. Commodities balance at places.",
    .attributes = kPlaceAttributes,
};

constexpr Section kPartySection{
    .name = "party",
    .title = "Party",
    .description = "Who owns a process or capacity, or gives and takes a commitment.",
    .attributes = kPartyAttributes,
};

constexpr Section kObjectiveSection{
    .name = "objective",
    .title = "Objective",
    .description =
        "What the plan is the best at.\n\n"
        "- `min_cost`: meet every target and demand at the least discounted cost $\\sum_t \\delta_t\\, "
        "\\mathrm{cost}_t - \\text{salvage}$.\n"
        "- `max_compute`: the most discounted useful compute $\\sum_t \\delta_t \\sum_p u_{p,t,s}\\, h_{t,s}\\, "
        "x_{p,t,s}$, and among such plans (within `tolerance`) the cheapest.\n"
        "- `earliest`: the least shortfall of the targets summed over time, then the cheapest.\n\n"
        "$\\delta_t = (1 + r)^{-\\text{years to the middle of } t}$ with `discount_rate` $r$, or the `weights`.",
    .attributes = kObjectiveAttributes,
    .single = true,
};

void compile_commodities(const Compile& c) {
  for (const Entry& entry : c.spec.entries("commodity")) {
    if (!check_unit(c, entry, "unit")) continue;
    Commodity commodity;
    commodity.name = entry.name;
    commodity.unit = entry.text("unit");
    commodity.grain = entry.text("grain") == "rate" ? Grain::rate : Grain::amount;
    commodity.disposable = entry.flag("disposable");
    commodity.provenance = provenance(entry);
    if (agrees_with_domain(c, entry, commodity)) c.builder.add(std::move(commodity));
  }
}

void compile_places(const Compile& c) {
  for (const Entry& entry : c.spec.entries("place")) {
    Place place;
    place.name = entry.name;
    place.title = entry.has("title") ? entry.text("title") : entry.name;
    place.kind = entry.text("kind");
    place.latitude = entry.number("latitude");
    place.longitude = entry.number("longitude");
    place.outline = entry.flag("outline");
    place.provenance = provenance(entry);
    c.builder.add(std::move(place));
  }
}

void compile_parties(const Compile& c) {
  for (const Entry& entry : c.spec.entries("party")) {
    Party party;
    party.name = entry.name;
    party.title = entry.has("title") ? entry.text("title") : entry.name;
    if (entry.has("country")) party.country = entry.text("country");
    party.provenance = provenance(entry);
    c.builder.add(std::move(party));
  }
}

void compile_objective(const Compile& c) {
  Objective& objective = c.builder.model().objective;
  const Entry* entry = c.spec.single("objective");
  if (entry == nullptr) return;
  const std::string& kind = entry->text("kind");
  objective.kind = kind == "max_compute" ? ObjectiveKind::max_compute
                   : kind == "earliest"  ? ObjectiveKind::earliest
                                         : ObjectiveKind::min_cost;
  objective.discount_rate = entry->number("discount_rate");
  objective.tolerance = entry->number("tolerance");
  objective.capex_at_start = entry->text("capex_at") == "start";
  objective.constant_usd = entry->number("constant");
  if (!entry->has("weights")) return;
  const SeriesValue& weights = entry->series("weights");
  objective.weight = c.builder.by_period([&](int t) { return weights.mean(c.builder.calendar(), t); });
}

}  // namespace beltline
