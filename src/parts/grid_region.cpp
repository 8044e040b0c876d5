#include "parts/grid_region.h"

#include <array>

#include "parts/common.h"
#include "parts/phases.h"

namespace beltline {
namespace {

constexpr std::array kAttributes{
    Attribute{.key = "place",
              .kind = Kind::reference,
              .target = "place",
              .required = true,
              .description = "Where its power balances; one region a place."},
    Attribute{.key = "supply",
              .kind = Kind::series,
              .unit = "MW",
              .min = 0,
              .description = "Most that new data centres of the programme may draw; without it, no limit."},
    Attribute{.key = "emission_factor",
              .kind = Kind::series,
              .unit = "tCO2/MWh",
              .fallback = "\"0 tCO2/MWh\"",
              .min = 0,
              .description = "Emissions of a MWh taken from the grid."},
    Attribute{.key = "utility", .kind = Kind::reference, .target = "party", .description = "Who sells the power."},
    Attribute{.key = "tariff",
              .kind = Kind::reference,
              .target = "tariff",
              .description = "What connections in this region pay, unless they say otherwise."},
};

constexpr std::string_view kDescription = R"(A part of the national grid, and what it can give to the programme.

$$0 \le \text{supply}_{t,s} \le \text{supply}^{max}_{t,s}$$

Process `supply@REGION` puts out power at the region's place; a `line` carries it to other regions, a `connection` to a
site. Its price is the tariff's, paid by the site.)";

void compile_grid_region(const Compile& c, const Entry& region) {
  Process process;
  process.name = "supply@" + region.name;
  if (is_process_taken(c, region, process.name)) return;
  process.place = place_of(c, region, "place");
  process.owner = party_of(c, region, "utility");
  process.grain = Grain::rate;
  process.unit = "MW";
  process.kind = "supply";
  process.flows = {
      {.commodity = ensure_commodity(c, "electricity"), .place = process.place, .rate = c.builder.constant(1)}};
  if (region.has("supply")) process.upper = level_series(c, region.series("supply"));
  process.provenance = provenance(region);
  const PlaceId place = process.place;
  const PartyId owner = process.owner;
  const ProcessId id = c.builder.add(std::move(process));
  add_measure(
      c, region, place, owner,
      {.table = "energy", .name = "supply_" + region.name, .unit = "MWh", .kind = TermKind::activity, .id = id.value});
}

}  // namespace

const Section kGridRegionSection{
    .name = "grid_region", .title = "Grid region", .description = kDescription, .attributes = kAttributes};

void compile_grid_regions(const Compile& c) {
  for (const Entry& region : c.spec.entries("grid_region")) compile_grid_region(c, region);
}

}  // namespace beltline
