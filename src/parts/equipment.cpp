#include "parts/equipment.h"

#include <array>

#include "base/diagnostic_codes.h"
#include "parts/common.h"
#include "parts/network_names.h"
#include "parts/phases.h"

namespace beltline {
namespace {

// A year in store costs a tenth of the price: capital and care.
constexpr double kHoldingShareYear = 0.1;
constexpr double kMonthsPerYear = 12;

constexpr std::array kSupplyFields{
    Attribute{.key = "region",
              .kind = Kind::reference,
              .target = "place",
              .required = true,
              .description = "The compute region it is delivered to."},
    Attribute{.key = "lead", .kind = Kind::duration, .required = true, .description = "From order to delivery."},
    Attribute{.key = "supply_max",
              .kind = Kind::series,
              .unit = "MW/month",
              .min = 0,
              .description = "Most that the programme may order. Absent: no limit."},
    Attribute{.key = "price",
              .kind = Kind::series,
              .unit = "USD/MW",
              .fallback = "\"0 USD/MW\"",
              .min = 0,
              .description = "Price, where the cost of a hall does not hold it already."},
    Attribute{.key = "value",
              .kind = Kind::quantity,
              .unit = "USD/MW",
              .min = 0,
              .description = "Worth of what lies in store; the first price by default."},
    Attribute{.key = "stock",
              .kind = Kind::quantity,
              .unit = "MW",
              .fallback = "\"0 MW\"",
              .min = 0,
              .description = "Ordered before the horizon and at hand from its start."},
    Attribute{.key = "seller", .kind = Kind::reference, .target = "party", .description = "Who sells it."},
};

constexpr std::array kAttributes{
    Attribute{.key = "per_mw",
              .kind = Kind::quantity,
              .fallback = "1",
              .min = 0,
              .description = "MW of it for each MW of IT (halls, hulls) or of output (plants)."},
    Attribute{.key = "supply",
              .kind = Kind::records,
              .required = true,
              .fields = kSupplyFields,
              .description = "Regions to which it is delivered."},
};

constexpr std::string_view kDescription =
    R"(Transformers, switchgear, chillers, turbines: what a hall, hull or plant must have before it can be finished.

$$\text{buy}_t \le \text{supply}^{max}_t, \qquad \text{stock}_t = \text{stock}_{t-1} + \text{buy}_{t - \text{lead}} - \text{needs}_t$$

It is counted in MW of IT that it serves. Halls take it in at the start of their fit-out, hulls at that of their outfitting,
so that nothing is online before its inputs arrived. Its price is a part of the hall's cost; `price` is for what is not. A year in store costs a tenth of its worth, so that
nothing is ordered earlier than needed without a reason, and nothing that no hall takes.)";

bool is_second_row(const Compile& c, const Entry& entry, const Entry& row) {
  for (const Entry& other : entry.records("supply")) {
    if (&other == &row) return false;
    if (other.text("region") != row.text("region")) continue;
    fault(c, Code::inconsistent, row, "region",
          {.message = "equipment '" + entry.name + "' has two rows of supply for one region",
           .found = row.text("region"),
           .expected = "one row a region",
           .help = "add up their supply in one row"});
    return true;
  }
  return false;
}

void compile_supply(const Compile& c, const Entry& entry, const Entry& row) {
  const PlaceId region = place_of(c, row, "region");
  if (!region.valid() || is_second_row(c, entry, row)) return;
  const CommodityId commodity = ensure_commodity(c, "equipment", entry.name);
  Process process;
  process.name = "buy_" + entry.name + "@" + row.text("region");
  if (is_process_taken(c, entry, process.name)) return;
  process.place = region;
  process.owner = party_of(c, row, "seller");
  process.grain = Grain::amount;
  process.unit = "MW";
  process.kind = "buy";
  process.flows = {
      {.commodity = commodity, .place = region, .rate = c.builder.constant(1), .lag = lead_periods(c, row, "lead")}};
  if (row.has("supply_max")) process.upper = per_period_series(c, row.series("supply_max"));
  process.cost = level_series(c, row.series("price"));
  process.provenance = provenance(entry);
  const double value = row.has("value") ? row.number("value") : row.series("price").mean(c.builder.calendar(), 0);
  const PartyId owner = process.owner;
  const ProcessId id = c.builder.add(std::move(process));
  const double months = c.builder.calendar().months_per_period;
  const StoreId store = add_inventory(c, commodity, region, value * kHoldingShareYear * months / kMonthsPerYear, entry);
  c.builder.model().stores[store.index()].initial = row.number("stock");
  add_measure(c, entry, region, owner,
              {.table = "equipment",
               .name = "ordered_" + entry.name,
               .unit = "MW",
               .kind = TermKind::activity,
               .id = id.value});
  add_measure(c, entry, region, owner,
              {.table = "equipment",
               .name = "in_stock_" + entry.name,
               .unit = "MW",
               .kind = TermKind::level,
               .id = store.value});
}

}  // namespace

const Section kEquipmentSection{
    .name = "equipment", .title = "Equipment", .description = kDescription, .attributes = kAttributes};

void compile_equipment(const Compile& c) {
  for (const Entry& entry : c.spec.entries("equipment")) {
    for (const Entry& row : entry.records("supply")) compile_supply(c, entry, row);
  }
}

}  // namespace beltline
