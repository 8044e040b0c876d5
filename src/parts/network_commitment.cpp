// The section commitment: every letter of intent, memorandum and contract as a row.
#include <array>

#include "base/diagnostic_codes.h"
#include "parts/common.h"
#include "parts/network_names.h"
#include "parts/network_parts.h"
#include "parts/network_terms.h"

namespace beltline {
namespace {

constexpr std::array kCommitmentAttributes{
    Attribute{
        .key = "from", .kind = Kind::reference, .target = "party", .required = true, .description = "Who promises."},
    Attribute{.key = "to", .kind = Kind::reference, .target = "party", .description = "To whom."},
    Attribute{.key = "kind",
              .kind = Kind::choice,
              .target = "LOI|MOU|contract|announcement|law|statement",
              .required = true,
              .description = "Letter of intent, memorandum, contract, announcement, law, or somebody's statement."},
    Attribute{.key = "status",
              .kind = Kind::choice,
              .target = "signed|announced|planned|under_construction|operating|in_force|replaced|cancelled|reported",
              .fallback = "\"announced\"",
              .description = "Where it stands."},
    Attribute{.key = "commodity", .description = "What is promised, in words."},
    Attribute{.key = "unit", .description = "Unit in which it is counted (wafer, MW, USD); needed with `quantity`."},
    Attribute{.key = "quantity",
              .kind = Kind::series,
              .unit = "*",
              .min = 0,
              .description = "How much: in `unit`, or in `unit` per month."},
    Attribute{.key = "total",
              .kind = Kind::flag,
              .fallback = "false",
              .description = "`quantity` is for the whole window; its months share it evenly."},
    Attribute{.key = "first", .kind = Kind::month, .description = "First month; the horizon's by default."},
    Attribute{.key = "last", .kind = Kind::month, .description = "Last month, inclusive; the horizon's by default."},
    Attribute{.key = "date", .description = "The day it was made: 2025-10-01."},
    Attribute{
        .key = "draws", .kind = Kind::records, .fields = kTermFields, .description = "What the plan draws of it."},
    Attribute{.key = "ceiling",
              .kind = Kind::flag,
              .fallback = "false",
              .description = "Whether the plan may draw no more than `quantity`."},
    Attribute{.key = "take_or_pay",
              .kind = Kind::quantity,
              .fallback = "0",
              .min = 0,
              .max = 1,
              .description = "Share of the quantity that is paid for whether drawn or not."},
    Attribute{.key = "price",
              .kind = Kind::series,
              .unit = "*",
              .min = 0,
              .description = "USD per unit, for what is paid but not drawn."},
    Attribute{.key = "firmness",
              .kind = Kind::choice,
              .target = "firm|conditional|intent|announced|void",
              .description = "How far it holds; without it from `kind` and `status`: `void` where it was replaced or "
                             "cancelled, `firm` for contracts and laws that are signed, in force, built or run, "
                             "`intent` for letters and memoranda, else `announced`."},
    Attribute{.key = "penalty",
              .kind = Kind::series,
              .unit = "*",
              .min = 0,
              .description = "USD per unit that is short in a month; told by `beltline commitments`, no cost of the "
                             "plan."},
};

/// A commitment that binds needs what it binds with.
bool check_binding(const Compile& c, const Entry& entry) {
  const bool pays = entry.number("take_or_pay") > 0;
  if (!entry.flag("ceiling") && !pays) return true;
  const std::string_view key = entry.flag("ceiling") ? "ceiling" : "take_or_pay";
  for (const auto needed : {"quantity", "draws"}) {
    if (entry.has(needed)) continue;
    fault(c, Code::inconsistent, entry, key,
          {.message = std::string(key) + " of '" + entry.name + "' binds nothing without " + needed,
           .found = std::string("no ") + needed,
           .expected = needed,
           .help = std::string("add ") + needed + ", or leave out this key"});
    return false;
  }
  if (pays && !entry.has("price")) {
    fault(c, Code::inconsistent, entry, key,
          {.message = "take_or_pay of '" + entry.name + "' costs nothing without price",
           .found = "no price",
           .expected = "price",
           .help = "add price, or leave out take_or_pay"});
    return false;
  }
  return true;
}

/// The promise by period: a level, so much a month, or a total that the window's months share evenly.
Series promised(const Compile& c, const Entry& entry, const Commitment& commitment) {
  if (!entry.has("quantity")) return {};
  if (!entry.flag("total")) {
    return series_in(c, entry, "quantity", {{commitment.unit}, {commitment.unit + "/month", true}});
  }
  const Series total = series_in(c, entry, "quantity", {{commitment.unit}});
  if (!total.present()) return {};
  // a window that starts before the horizon, or ends after it, keeps those months' shares
  const YearMonth start = entry.has("first") ? entry.month("first") : c.builder.calendar().start;
  const Calendar& calendar = c.builder.calendar();
  const YearMonth end = entry.has("last") ? entry.month("last") : calendar.month(calendar.period_count).plus(-1);
  const double months = end.index() - start.index() + 1;
  const double share = calendar.months_per_period / months;
  return c.builder.by_period([&](int t) {
    const bool inside = t >= commitment.first && t <= commitment.last;
    return inside ? c.builder.model().at(total, t) * share : 0.0;
  });
}

/// A penalty is told beside the plan (run/commitments.h): here its unit is checked.
void check_penalty(const Compile& c, const Entry& entry, const Commitment& commitment) {
  if (!entry.has("penalty")) return;
  if (!entry.has("quantity")) {
    fault(c, Code::inconsistent, entry, "penalty",
          {.message = "penalty of '" + entry.name + "' is for nothing without quantity",
           .found = "no quantity",
           .expected = "quantity",
           .help = "add quantity, or leave out penalty"});
    return;
  }
  series_in(c, entry, "penalty", {{per("USD", commitment.unit)}});
}

void add_commitment(const Compile& c, const Entry& entry) {
  const auto window = window_of(c, entry);
  if (!window || !check_binding(c, entry)) return;
  Commitment commitment;
  commitment.name = entry.name;
  commitment.title = entry.has("title") ? entry.text("title") : entry.name;
  commitment.from = party_of(c, entry, "from");
  commitment.to = party_of(c, entry, "to");
  commitment.kind = entry.text("kind");
  commitment.status = entry.text("status");
  commitment.first = window->first;
  commitment.last = window->last;
  commitment.provenance = provenance(entry);
  if (entry.has("quantity") && !entry.has("unit")) {
    c.diagnostics.add({.code = Code::missing_key,
                       .origin = entry.where("quantity"),
                       .message = "quantity of commitment '" + entry.name + "' needs the key unit",
                       .expected = "unit = \"MW\" or the like",
                       .help = "add unit = \"MW\", or what the quantity is counted in"});
    return;
  }
  if (entry.has("unit")) {
    if (!check_unit(c, entry, "unit")) return;
    commitment.unit = entry.text("unit");
  }
  commitment.quantity = promised(c, entry, commitment);
  TermSum sum{.unit = commitment.unit};
  commitment.terms = terms_of(c, entry, "draws", sum);
  commitment.unit = sum.unit;
  commitment.ceiling = entry.flag("ceiling");
  commitment.take_or_pay = entry.number("take_or_pay");
  if (entry.has("price")) commitment.price = series_in(c, entry, "price", {{per("USD", commitment.unit)}});
  check_penalty(c, entry, commitment);
  c.builder.add(std::move(commitment));
}

}  // namespace

constexpr Section kCommitmentSection{
    .name = "commitment",
    .title = "Commitment",
    .description =
        "What a party promised another: every letter of intent, memorandum and contract is a row with quantity, "
        "window, "
        "status and source. The plan is compared with it, $\\mathrm{drawn}_t = \\sum_i c_{i,t}\\, "
        "\\mathrm{term}_{i,t}$; a `ceiling` binds it, $\\mathrm{drawn}_t \\le \\mathrm{quantity}_t$; `take_or_pay` "
        "costs "
        "$\\mathrm{price}_t \\cdot \\max(0,\\; a\\,\\mathrm{quantity}_t - \\mathrm{drawn}_t)$.",
    .attributes = kCommitmentAttributes,
};

void compile_commitments(const Compile& c) {
  for (const Entry& entry : c.spec.entries("commitment")) add_commitment(c, entry);
}

}  // namespace beltline
