#include "parts/base_die.h"

#include <algorithm>

#include "base/diagnostic_codes.h"
#include "parts/common.h"
#include "parts/memory_chain.h"
#include "parts/phases.h"
#include "parts/product.h"
#include "parts/qualification.h"

namespace beltline {
namespace {

constexpr Attribute kAttributes[] = {
    {.key = "place",
     .kind = Kind::reference,
     .target = "place",
     .required = true,
     .description = "Where the foundry stands."},
    {.key = "owner", .kind = Kind::reference, .target = "party", .description = "The foundry's company."},
    {.key = "capacity",
     .kind = Kind::series,
     .unit = "wafer/month",
     .required = true,
     .min = 0,
     .description = "Logic wafers a month that the foundry gives to this die, for all customers."},
    {.key = "programme_share_max",
     .kind = Kind::series,
     .unit = "",
     .fallback = "1",
     .min = 0,
     .max = 1,
     .description = "How much of it the programme may have."},
    {.key = "dies_per_wafer",
     .kind = Kind::quantity,
     .unit = "",
     .min = 0,
     .min_exclusive = true,
     .description = "Whole dies on a wafer, before yield. Exactly one of this and `die_area`."},
    {.key = "die_area",
     .kind = Kind::quantity,
     .unit = "mm2",
     .min = 0,
     .min_exclusive = true,
     .description = "Instead: area of one die; dies a wafer as for a `product`, on 300 mm."},
    {.key = "yield",
     .kind = Kind::series,
     .unit = "",
     .fallback = "1",
     .is_yield = true,
     .description = "Good dies over whole dies, by the month in which the wafer is started."},
    {.key = "lead",
     .kind = Kind::duration,
     .fallback = "\"16 week\"",
     .description = "From wafer start to tested die where stacks are made."},
    {.key = "earliest", .kind = Kind::month, .description = "First month in which wafers of it are started."},
    {.key = "qualified", .kind = Kind::month, .description = "First month in which its dies may be used."},
    {.key = "delivers_to",
     .kind = Kind::reference,
     .target = "place",
     .description = "Where stacks take it from. Default: `place`; transport is a part of `lead`."},
    {.key = "backlog",
     .kind = Kind::quantity,
     .unit = "wafer/month",
     .min = 0,
     .description = "Wafers a month in process for the programme when the horizon begins."},
    {.key = "price",
     .kind = Kind::series,
     .unit = "USD/die",
     .min = 0,
     .description = "What a good die is worth in stock, and what `buyer` pays for it; a payment between parties."},
    {.key = "buyer", .kind = Kind::reference, .target = "party", .description = "Who pays `price`."},
};

double dies_per_wafer(const Entry& base_die) {
  if (base_die.has("dies_per_wafer")) return base_die.number("dies_per_wafer");
  return base_die.has("die_area") ? gross_dies(base_die.number("die_area"), {}) : 0;
}

/// Whether the entry can be compiled: one way to count dies, and a die that fits.
bool check(const Compile& c, const Entry& base_die) {
  const bool has_count = base_die.has("dies_per_wafer");
  if (has_count == base_die.has("die_area")) {
    c.diagnostics.add({.code = has_count ? Code::inconsistent : Code::missing_key,
                       .origin = has_count ? base_die.where("dies_per_wafer") : base_die.origin,
                       .message = "base die '" + base_die.name + "' needs either dies_per_wafer or die_area",
                       .found = has_count ? "both" : "neither",
                       .expected = "one of them",
                       .help = has_count ? "leave out dies_per_wafer" : "add dies_per_wafer = 400"});
    return false;
  }
  if (dies_per_wafer(base_die) > 0) return true;
  c.diagnostics.add({.code = Code::out_of_range,
                     .origin = base_die.where("die_area"),
                     .message = "no base die '" + base_die.name + "' fits on its wafer",
                     .found = std::to_string(base_die.number("die_area")) + " mm2",
                     .expected = "a die smaller than the wafer",
                     .help = "write a smaller die_area, in mm2"});
  return false;
}

bool is_taken(const Compile& c, std::string_view name) {
  return std::ranges::any_of(c.spec.entries("stack"), [&](const Entry& stack) {
    return stack.has("lines") && std::ranges::any_of(stack.records("lines"), [&](const Entry& line) {
             return line.has("base_die") && line.text("base_die") == name;
           });
  });
}

CapacityId add_wafers(const Compile& c, const Entry& base_die) {
  const Calendar& calendar = c.builder.calendar();
  Capacity line;
  line.name = "logic@" + base_die.name;
  line.place = place_of(c, base_die, "place");
  line.owner = party_of(c, base_die, "owner");
  line.unit = "wafer/month";
  line.kind = "foundry";
  line.existing = c.builder.by_period([&](int t) {
    return monthly(calendar, base_die.series("capacity"), t) *
           base_die.series("programme_share_max").at(calendar, t, 0);
  });
  line.buildable = false;
  line.provenance = provenance(base_die, "capacity");
  return c.builder.add(std::move(line));
}

void compile_base_die(const Compile& c, const Entry& base_die) {
  if (!check(c, base_die)) return;
  if (!is_taken(c, base_die.name)) {
    c.diagnostics.add({.code = Code::unused,
                       .severity = Severity::warning,
                       .origin = base_die.origin,
                       .message = "no line of a stack takes base die '" + base_die.name + "'",
                       .found = {},
                       .expected = "base_die = \"" + base_die.name + "\" in a line of a stack",
                       .help = "name it in a line of a stack, or leave it out"});
    return;
  }
  const Calendar& calendar = c.builder.calendar();
  const CommodityId commodity = ensure_commodity(c, "base_die", base_die.name);
  const PlaceId to = base_die_place(c, base_die);
  const int lag = lead_periods(c, base_die, "lead");
  const int first = first_period(c, base_die, "earliest");
  const Series dies = c.builder.by_period(
      [&](int t) { return dies_per_wafer(base_die) * base_die.series("yield").at(calendar, t, 0); });
  Process process;
  process.name = "base_die_" + base_die.name + "@" + base_die.text("place");
  if (is_process_taken(c, base_die, process.name)) return;
  process.place = place_of(c, base_die, "place");
  process.owner = party_of(c, base_die, "owner");
  process.grain = Grain::amount;
  process.unit = "wafer";
  process.kind = "foundry";
  const int first_use = qualified_period(c, base_die);
  add_output(c, process, {.commodity = commodity, .place = to, .rate = dies, .lag = lag}, first_use);
  process.uses.push_back({add_wafers(c, base_die), c.builder.constant(1.0 / calendar.months_per_period)});
  if (first > 0) {
    process.upper = c.builder.by_period(
        [&](int t) { return t < first ? 0.0 : base_die.series("capacity").per_period(calendar, t); });
  }
  const double price = base_die.has("price") ? base_die.series("price").at(calendar, 0, 0) : 0;
  if (base_die.has("price")) {
    const Series per_wafer = c.builder.by_period(
        [&](int t) { return base_die.series("price").at(calendar, t, 0) * c.builder.model().at(dies, t); });
    add_payment(process, {party_of(c, base_die, "buyer"), process.owner, per_wafer, "base dies"});
  }
  process.provenance = provenance(base_die);
  if (base_die.has("backlog")) {
    add_backlog(c,
                {.name = "backlog_" + process.name,
                 .unit = "wafer",
                 .commodity = commodity,
                 .place = to,
                 .owner = process.owner,
                 .rate = base_die.quantity("backlog"),
                 .lag = lag,
                 .output = dies,
                 .first_use = first_use},
                base_die);
  }
  const PlaceId place = process.place;
  const PartyId owner = process.owner;
  const ProcessId id = c.builder.add(std::move(process));
  add_inventory(c, commodity, to, kHoldingShare * calendar.months_per_period * price, base_die);
  add_monthly_measure(c,
                      {.table = "memory",
                       .name = "logic_wafers_" + base_die.name,
                       .unit = "wafer/month",
                       .place = place,
                       .party = owner,
                       .provenance = provenance(base_die)},
                      std::span(&id, 1));
}

}  // namespace

constinit const Section kBaseDieSection = {
    .name = "base_die",
    .title = "Base die of HBM",
    .description =
        "The logic die under a stack, from a foundry's wafers. It binds where HBM4 has more core dies than base "
        "dies:\n\n"
        "    wafers[t] ≤ capacity[t] · programme_share_max[t]\n"
        "    base dies[t + lead] = wafers[t] · dies_per_wafer · yield[t]\n\n"
        "A line of a `stack` that names it takes one for each stack it begins. Lines without one have a base die that "
        "their maker's own fabs give, which does not bind.",
    .attributes = kAttributes,
};

PlaceId base_die_place(const Compile& c, const Entry& base_die) {
  return place_of(c, base_die, base_die.has("delivers_to") ? "delivers_to" : "place");
}

void compile_base_dies(const Compile& c) {
  for (const Entry& base_die : c.spec.entries("base_die")) compile_base_die(c, base_die);
}

}  // namespace beltline
