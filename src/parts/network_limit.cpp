// The sections limit, measure and n_minus_1: rows over what the plan does.
#include <algorithm>
#include <array>
#include <map>
#include <optional>

#include "base/diagnostic_codes.h"
#include "base/text.h"
#include "model/plan.h"
#include "parts/common.h"
#include "parts/network_names.h"
#include "parts/network_parts.h"
#include "parts/network_terms.h"

namespace beltline {
namespace {

constexpr std::array kLimitAttributes{
    Attribute{.key = "unit", .description = "Unit of the sum; that of the first term by default."},
    Attribute{.key = "kind", .fallback = "\"limit\"", .description = "Word for tables: share, emission."},
    Attribute{.key = "terms",
              .kind = Kind::records,
              .required = true,
              .fields = kTermFields,
              .description = "What is added up."},
    Attribute{.key = "scope",
              .kind = Kind::choice,
              .target = "each_period|window|each_slice",
              .fallback = "\"each_period\"",
              .description =
                  "A row in each period of the window, one over the whole of it, or one in each slice, where "
                  "rates and levels count as they are, not times the hours."},
    Attribute{.key = "first", .kind = Kind::month, .description = "First month; the horizon's by default."},
    Attribute{.key = "last", .kind = Kind::month, .description = "Last month, inclusive; the horizon's by default."},
    Attribute{.key = "lower", .kind = Kind::series, .unit = "*", .description = "Least sum, in `unit` (or per month)."},
    Attribute{
        .key = "upper", .kind = Kind::series, .unit = "*", .description = "Highest sum, in `unit` (or per month)."},
    Attribute{.key = "shortfall_cost",
              .kind = Kind::series,
              .unit = "*",
              .min = 0,
              .description = "USD per unit by which `lower` may be missed; without it, never."},
    Attribute{.key = "target",
              .kind = Kind::flag,
              .fallback = "false",
              .description =
                  "`lower` is a goal: hard in min_cost, as soon as possible in earliest, reported in max_compute."},
};

constexpr std::array kMeasureAttributes{
    Attribute{
        .key = "table", .fallback = "\"programme\"", .description = "Table of the report: programme, memory, belt."},
    Attribute{.key = "unit", .required = true, .description = "Unit of the sum."},
    Attribute{.key = "place", .description = "Name of the place it is about."},
    Attribute{.key = "party", .kind = Kind::reference, .target = "party", .description = "The party it is about."},
    Attribute{.key = "terms", .kind = Kind::records, .fields = kTermFields, .description = "What is added up."},
    Attribute{.key = "per_hour",
              .kind = Kind::flag,
              .fallback = "false",
              .description = "Whether the sum is divided by the hours of the period: a mean rate."},
    Attribute{.key = "constant", .kind = Kind::series, .unit = "*", .description = "Added to the sum, in `unit`."},
};

constexpr std::array kNMinus1Attributes{
    Attribute{.key = "kind", .required = true, .description = "Kind of the capacities: hall, rack."},
    Attribute{.key = "places",
              .kind = Kind::references,
              .target = "place|site",
              .description = "The sites that stand in for each other; all that have such capacity by default."},
    Attribute{
        .key = "share",
        .kind = Kind::quantity,
        .required = true,
        .min = 0,
        .max = 1,
        .description = "Share of the whole that must remain when any one site fails, a plain number or percentage."},
    Attribute{.key = "first", .kind = Kind::month, .description = "First month; the horizon's by default."},
    Attribute{.key = "last", .kind = Kind::month, .description = "Last month, inclusive; the horizon's by default."},
};

/// The unit key, checked, or "".
std::optional<std::string> unit_key(const Compile& c, const Entry& entry) {
  if (!entry.has("unit")) return "";
  if (!check_unit(c, entry, "unit")) return std::nullopt;
  return entry.text("unit");
}

/// What a row in each slice cannot have.
bool check_slice_scope(const Compile& c, const Entry& entry) {
  for (const auto key : {"shortfall_cost", "target"}) {
    if (!entry.has(key) || entry.value(key).is_default) continue;
    fault(c, Code::inconsistent, entry, key,
          {.message = "limit '" + entry.name + "' holds in each slice and has no " + key,
           .found = key,
           .expected = "scope each_period or window",
           .help = "leave out this key, or let demand be unserved at a cost"});
    return false;
  }
  return true;
}

/// A sum over the running cost of a process that has a quadratic one is no linear row.
bool check_linear(const Compile& c, const Entry& entry, const Limit& limit) {
  for (const Term& term : limit.terms) {
    if (term.kind != TermKind::variable) continue;
    const Process& process = c.builder.model().processes[static_cast<std::size_t>(term.id)];
    if (!process.quadratic_cost.present()) continue;
    fault(
        c, Code::inconsistent, entry, "terms",
        {.message = "limit '" + entry.name + "' adds up the running cost of '" + process.name + "', which is quadratic",
         .found = "quadratic_cost",
         .expected = "linear costs",
         .help = "limit its activity, or write its cost in steps"});
    return false;
  }
  return true;
}

void add_limit(const Compile& c, const Entry& entry) {
  const auto window = window_of(c, entry);
  const auto unit = unit_key(c, entry);
  if (!window || !unit) return;
  Limit limit;
  limit.name = entry.name;
  limit.kind = entry.text("kind");
  const std::string& scope = entry.text("scope");
  limit.scope = scope == "window"       ? LimitScope::window
                : scope == "each_slice" ? LimitScope::each_slice
                                        : LimitScope::each_period;
  if (limit.scope == LimitScope::each_slice && !check_slice_scope(c, entry)) return;
  limit.first = window->first;
  limit.last = window->last;
  TermSum sum{.unit = *unit, .in_slice = limit.scope == LimitScope::each_slice};
  limit.terms = terms_of(c, entry, "terms", sum);
  limit.unit = sum.unit;
  if (!check_linear(c, entry, limit)) return;
  limit.is_target = entry.flag("target");
  limit.provenance = provenance(entry);
  if (limit.terms.empty()) return;  // each record has told why
  // a bound per month holds in each period; over a window only a total makes sense
  std::vector<Expect> expected{{limit.unit}};
  if (limit.scope == LimitScope::each_period) expected.push_back({limit.unit + "/month", true});
  limit.lower = series_in(c, entry, "lower", expected);
  limit.upper = series_in(c, entry, "upper", expected);
  limit.shortfall_cost = series_in(c, entry, "shortfall_cost", {{per("USD", limit.unit)}});
  if (!entry.has("lower") && !entry.has("upper")) {
    c.diagnostics.add({.code = Code::missing_key,
                       .origin = entry.origin,
                       .message = "limit '" + entry.name + "' has neither lower nor upper",
                       .expected = "at least one of them",
                       .help = "add upper = 100, or lower"});
    return;
  }
  if (limit.is_target && !entry.has("lower")) {
    fault(c, Code::inconsistent, entry, "target",
          {.message = "target '" + entry.name + "' has no lower side to reach",
           .found = "no lower",
           .expected = "lower",
           .help = "add lower = 100"});
    return;
  }
  c.builder.add(std::move(limit));
}

/// The capacities of one kind, by site: where it is needed the sites of `places` alone.
std::map<std::string, std::vector<int32_t>> by_site(const Compile& c, const Entry& entry) {
  const Model& model = c.builder.model();
  std::map<std::string, std::vector<int32_t>> sites;
  for (std::size_t k = 0; k < model.capacities.size(); ++k) {
    const Capacity& capacity = model.capacities[k];
    if (capacity.kind != entry.text("kind")) continue;
    const std::string& place = model.places[capacity.place.index()].name;
    if (entry.has("places") && std::ranges::find(entry.names("places"), place) == entry.names("places").end()) continue;
    sites[place].push_back(static_cast<int32_t>(k));
  }
  return sites;
}

void add_n_minus_1(const Compile& c, const Entry& entry) {
  const auto window = window_of(c, entry);
  if (!window) return;
  const auto sites = by_site(c, entry);
  if (sites.size() < 2) {
    c.diagnostics.add({.code = Code::dangling_reference,
                       .origin = entry.where("kind"),
                       .message = "n_minus_1 '" + entry.name + "' finds no two sites with capacity of kind '" +
                                  entry.text("kind") + "'",
                       .found = std::to_string(sites.size()) + " sites",
                       .expected = "2 sites or more",
                       .help = "write the kind of a capacity that two sites have"});
    return;
  }
  const double share = entry.number("share");
  const Series others = c.builder.constant(1 - share);
  const Series failed = c.builder.constant(-share);
  for (const auto& [site, own] : sites) {
    Limit limit;
    limit.name = "n_minus_1_" + entry.name + "@" + site;
    limit.unit = c.builder.model().capacities[static_cast<std::size_t>(own.front())].unit;
    limit.kind = "n_minus_1";
    limit.first = window->first;
    limit.last = window->last;
    for (const auto& [other, capacities] : sites) {
      for (const int32_t k : capacities) {
        limit.terms.push_back({.kind = TermKind::online, .id = k, .coefficient = other == site ? failed : others});
      }
    }
    limit.lower = c.builder.constant(0);
    limit.provenance = provenance(entry);
    c.builder.add(std::move(limit));
  }
}

/// A table is a file of the run folder: its name is one as entries have, and none that every run has.
bool check_table_name(const Compile& c, const Entry& entry) {
  const std::string& name = entry.text("table");
  const bool is_name = !name.empty() && name.size() <= 64 && name[0] >= 'a' && name[0] <= 'z' &&
                       name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == std::string::npos;
  if (!is_name) {
    fault(c, Code::bad_name, entry, "table",
          {.message = "table of measure '" + entry.name + "' is '" + printable(name) + "'",
           .expected = "a lower-case letter, then lower-case letters, digits and _, at most 64 in all",
           .help = "write a name such as my_table"});
    return false;
  }
  if (std::ranges::find(kPlanTables, name) == std::end(kPlanTables)) return true;
  fault(c, Code::duplicate_name, entry, "table",
        {.message = "table of measure '" + entry.name + "' is '" + name + "', which every run has",
         .expected = "a name of its own",
         .help = "write table = \"my_" + name + "\""});
  return false;
}

void add_measure(const Compile& c, const Entry& entry) {
  if (!check_unit(c, entry, "unit") || !check_table_name(c, entry)) return;
  Measure measure;
  measure.table = entry.text("table");
  measure.name = entry.has("title") ? entry.text("title") : entry.name;
  measure.unit = entry.text("unit");
  if (entry.has("place")) measure.place = place_named(c, entry, "place");
  measure.party = party_of(c, entry, "party");
  measure.per_hour = entry.flag("per_hour");
  TermSum sum{.unit = measure.unit, .per_hour = measure.per_hour};
  measure.terms = terms_of(c, entry, "terms", sum);
  measure.constant = series_in(c, entry, "constant", {{measure.unit}, {measure.unit + "/month", true}});
  measure.provenance = provenance(entry);
  c.builder.add(std::move(measure));
}

}  // namespace

constexpr Section kLimitSection{
    .name = "limit",
    .title = "Limit",
    .description =
        "A row over activities, capacities and costs: budgets, emissions, shares.\n\n"
        "$$\\mathrm{lower}_t \\le \\sum_i c_{i,t}\\, \\mathrm{term}_{i,t} \\le \\mathrm{upper}_t$$\n\n"
        "in each period of the window, or with `scope = \"window\"` summed over it (the bounds are then those "
        "of its first period).",
    .attributes = kLimitAttributes,
};

constexpr Section kMeasureSection{
    .name = "measure",
    .title = "Measure",
    .description =
        "A line of a report, $\\sum_i c_{i,t}\\, \\mathrm{term}_{i,t} + \\mathrm{constant}_t$ by period; it "
        "never enters the optimisation.",
    .attributes = kMeasureAttributes,
};

constexpr Section kNMinus1Section{
    .name = "n_minus_1",
    .title = "N−1 siting",
    .description =
        "Whichever site $i$ fails, the others keep a share $\\alpha$ of the whole, in each period:\n\n"
        "$$\\sum_{j \\ne i} \\mathrm{online}_{j,t} \\ge \\alpha \\sum_j \\mathrm{online}_{j,t}$$.",
    .attributes = kNMinus1Attributes,
};

void compile_limits(const Compile& c) {
  for (const Entry& entry : c.spec.entries("limit")) {
    if (!name_is_taken(c, entry, find_limit(c, entry.name).valid())) add_limit(c, entry);
  }
}

void compile_n_minus_1(const Compile& c) {
  for (const Entry& entry : c.spec.entries("n_minus_1")) add_n_minus_1(c, entry);
}

void compile_measures(const Compile& c) {
  for (const Entry& entry : c.spec.entries("measure")) add_measure(c, entry);
}

}  // namespace beltline
