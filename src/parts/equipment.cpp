#include "parts/equipment.h"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "base/diagnostic_codes.h"
#include "parts/common.h"
#include "parts/network_names.h"
#include "parts/order_rules.h"
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
    Attribute{.key = "expedited_lead",
              .kind = Kind::duration,
              .description = "A faster way beside the usual one, out of the same supply; with `expedited_price`."},
    Attribute{.key = "expedited_price",
              .kind = Kind::series,
              .unit = "USD/MW",
              .min = 0,
              .description = "Price of the faster way, over what the cost of a hall holds."},
    Attribute{.key = "seller",
              .kind = Kind::reference,
              .target = "party",
              .description = "Who sells it. Several rows may deliver to one region, each with a seller of its own."},
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

/// Rows of supply that deliver to one region, in the order in which they were written.
struct Region {
  std::string name;
  std::vector<const Entry*> rows;
};

std::vector<Region> regions_of(const Entry& entry) {
  std::vector<Region> regions;
  for (const Entry& row : entry.records("supply")) {
    const auto found = std::ranges::find(regions, row.text("region"), &Region::name);
    if (found == regions.end()) {
      regions.push_back({row.text("region"), {&row}});
    } else {
      found->rows.push_back(&row);
    }
  }
  return regions;
}

/// Whether every row names a seller of its own, where there are several.
bool are_apart(const Compile& c, const Entry& entry, const Region& region) {
  std::vector<std::string> sellers;
  for (const Entry* row : region.rows) {
    const std::string seller = row->has("seller") ? row->text("seller") : std::string();
    if (region.rows.size() > 1 && (seller.empty() || std::ranges::find(sellers, seller) != sellers.end())) {
      fault(c, Code::inconsistent, *row, seller.empty() ? "region" : "seller",
            {.message = "equipment '" + entry.name + "' has two rows of supply for one region and seller",
             .found = region.name,
             .expected = "one row a region, or each with a seller of its own",
             .help = "add up their supply in one row, or name another seller"});
      return false;
    }
    sellers.push_back(seller);
  }
  return true;
}

/// What is bought from one seller, on the usual way or the faster.
struct Way {
  std::string_view verb;  // buy, expedite
  std::string_view lead;
  std::string_view price;
};

ProcessId add_way(const Compile& c, const Entry& entry, const Entry& row, const std::string& item, const Way& way) {
  Process process;
  process.name = std::string(way.verb) + "_" + item + "@" + row.text("region");
  if (is_process_taken(c, entry, process.name)) return {};
  process.place = place_of(c, row, "region");
  process.owner = party_of(c, row, "seller");
  process.grain = Grain::amount;
  process.unit = "MW";
  process.kind = "buy";
  process.flows = {{.commodity = ensure_commodity(c, "equipment", entry.name),
                    .place = process.place,
                    .rate = c.builder.constant(1),
                    .lag = lead_periods(c, row, way.lead)}};
  if (row.has("supply_max")) process.upper = per_period_series(c, row.series("supply_max"));
  process.cost = level_series(c, row.series(way.price));
  process.provenance = provenance(entry);
  return c.builder.add(std::move(process));
}

/// The faster way of a row, which takes of the same supply.
ProcessId add_expedited(const Compile& c, const Entry& entry, const Entry& row, const std::string& item,
                        ProcessId usual) {
  const bool has_lead = row.has("expedited_lead");
  if (has_lead != row.has("expedited_price")) {
    const std::string_view key = has_lead ? "expedited_lead" : "expedited_price";
    const std::string other = has_lead ? "expedited_price" : "expedited_lead";
    fault(c, Code::missing_key, row, key,
          {.message = std::string(key) + " of equipment '" + entry.name + "' needs " + other,
           .found = "no " + other,
           .expected = "both lead and price of the faster way",
           .help = "add " + other + ", or leave out " + std::string(key)});
    return {};
  }
  if (!has_lead) return {};
  if (row.months("expedited_lead") >= row.months("lead")) {
    fault(c, Code::inconsistent, row, "expedited_lead",
          {.message = "the faster way of equipment '" + entry.name + "' is not faster",
           .found = std::to_string(row.months("expedited_lead")) + " months",
           .expected = "less than lead, " + std::to_string(row.months("lead")) + " months",
           .help = "write a shorter expedited_lead, or leave it out"});
    return {};
  }
  const ProcessId faster =
      add_way(c, entry, row, item, {.verb = "expedite", .lead = "expedited_lead", .price = "expedited_price"});
  if (!faster.valid() || !row.has("supply_max")) return faster;
  add_row(c, {.name = "supply_" + item + "@" + row.text("region"),
              .kind = "buy",
              .unit = "MW",
              .terms = {{.kind = TermKind::activity, .id = usual.value, .coefficient = {}},
                        {.kind = TermKind::activity, .id = faster.value, .coefficient = {}}},
              .lower = {},
              .upper = per_period_series(c, row.series("supply_max")),
              .provenance = provenance(entry)});
  return faster;
}

double worth(const Compile& c, const Entry& row) {
  return row.has("value") ? row.number("value") : row.series("price").mean(c.builder.calendar(), 0);
}

void compile_region(const Compile& c, const Entry& entry, const Region& region) {
  const PlaceId place = place_of(c, *region.rows.front(), "region");
  if (!place.valid() || !are_apart(c, entry, region)) return;
  const PartyId seller = region.rows.size() == 1 ? party_of(c, *region.rows.front(), "seller") : PartyId();
  Measure ordered{.table = "equipment", .name = "ordered_" + entry.name, .unit = "MW", .place = place, .party = seller};
  double stock = 0;
  for (const Entry* row : region.rows) {
    // the first keeps the plain name, so that a second source does not rename it
    const std::string item = row == region.rows.front() ? entry.name : entry.name + "_" + row->text("seller");
    const ProcessId usual = add_way(c, entry, *row, item, {.verb = "buy", .lead = "lead", .price = "price"});
    if (!usual.valid()) return;
    const ProcessId faster = add_expedited(c, entry, *row, item, usual);
    for (const ProcessId id : {usual, faster}) {
      if (id.valid()) ordered.terms.push_back({.kind = TermKind::activity, .id = id.value, .coefficient = {}});
    }
    stock += row->number("stock");
  }
  const double months = c.builder.calendar().months_per_period;
  const double holding = worth(c, *region.rows.front()) * kHoldingShareYear * months / kMonthsPerYear;
  const StoreId store = add_inventory(c, ensure_commodity(c, "equipment", entry.name), place, holding, entry);
  c.builder.model().stores[store.index()].initial = stock;
  ordered.provenance = provenance(entry);
  c.builder.add(std::move(ordered));
  add_measure(c, entry, place, seller,
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
    for (const Region& region : regions_of(entry)) compile_region(c, entry, region);
  }
}

}  // namespace beltline
