// The sections budget and target: rows over all capacities, or all processes, that fit a description.
#include <algorithm>
#include <array>
#include <optional>
#include <set>

#include "base/diagnostic_codes.h"
#include "base/text.h"
#include "parts/common.h"
#include "parts/network_names.h"
#include "parts/network_parts.h"

namespace beltline {
namespace {

constexpr std::array kCoverFields{
    Attribute{.key = "kind", .description = "Kind of the capacity: hall, rack, hull; '*' stands for any text."},
    Attribute{.key = "owner", .kind = Kind::reference, .target = "party", .description = "The party that owns it."},
    Attribute{.key = "place", .description = "Name of its place; '*' stands for any text."},
    Attribute{.key = "of", .description = "Its name; '*' stands for any text."},
};

constexpr std::array kYearFields{
    Attribute{.key = "year",
              .kind = Kind::integer,
              .required = true,
              .min = 1900,
              .max = 2200,
              .description = "Calendar year."},
    Attribute{.key = "amount",
              .kind = Kind::quantity,
              .unit = "USD",
              .required = true,
              .min = 0,
              .description = "Most that may fall due in it, USD."},
};

constexpr std::array kBudgetAttributes{
    Attribute{.key = "amount",
              .kind = Kind::quantity,
              .unit = "USD",
              .required = true,
              .min = 0,
              .description = "Most that may fall due in the window, USD of the base year."},
    Attribute{.key = "first", .kind = Kind::month, .description = "First month; the horizon's by default."},
    Attribute{.key = "last", .kind = Kind::month, .description = "Last month, inclusive; the horizon's by default."},
    Attribute{.key = "covers",
              .kind = Kind::records,
              .fields = kCoverFields,
              .description = "The capacities it pays for: those that fit every key of any of these; all by default."},
    Attribute{.key = "except",
              .kind = Kind::records,
              .fields = kCoverFields,
              .description = "Capacities it does not pay for, though `covers` names them."},
    Attribute{.key = "fixed_cost",
              .kind = Kind::flag,
              .fallback = "false",
              .description = "Whether the capacities' fixed cost counts too, besides capex."},
    Attribute{.key = "yearly_max",
              .kind = Kind::records,
              .fields = kYearFields,
              .description = "The most of it that may fall due in a calendar year."},
};

constexpr std::array kTargetAttributes{
    Attribute{.key = "kind", .description = "Kind of the capacities that count (hall, rack); or `commodity`."},
    Attribute{.key = "commodity", .description = "Name of the commodity whose production counts; or `kind`."},
    Attribute{.key = "places",
              .kind = Kind::references,
              .target = "place|site",
              .description = "Where; everywhere by default."},
    Attribute{.key = "quantity",
              .kind = Kind::series,
              .unit = "*",
              .required = true,
              .min = 0,
              .description = "To be online (in the capacities' unit) or produced (in the commodity's unit, amounts per "
                             "month) by month."},
    Attribute{.key = "first", .kind = Kind::month, .description = "First month; the horizon's by default."},
    Attribute{.key = "last", .kind = Kind::month, .description = "Last month, inclusive; the horizon's by default."},
    Attribute{.key = "shortfall_cost",
              .kind = Kind::series,
              .unit = "*",
              .min = 0,
              .description = "USD per unit and period by which it may be missed; without it, never."},
};

/// Whether a capacity fits every key of the record.
bool fits(const Compile& c, const Entry& record, const Capacity& capacity) {
  const Model& model = c.builder.model();
  if (record.has("kind") && !matches(record.text("kind"), capacity.kind)) return false;
  if (record.has("owner") && capacity.owner != party_of(c, record, "owner")) return false;
  if (record.has("place") && !matches(record.text("place"), model.places[capacity.place.index()].name)) return false;
  return !record.has("of") || matches(record.text("of"), capacity.name);
}

/// Capacities that fit any record of the key. A record that fits none is most likely mistyped.
std::set<std::size_t> fitting(const Compile& c, const Entry& entry, std::string_view key) {
  std::set<std::size_t> found;
  const auto& capacities = c.builder.model().capacities;
  for (const Entry& record : entry.records(key)) {
    bool any = false;
    for (std::size_t k = 0; k < capacities.size(); ++k) {
      if (!fits(c, record, capacities[k])) continue;
      any = true;
      found.insert(k);
    }
    if (any) continue;
    std::set<std::string> kinds;
    for (const Capacity& capacity : capacities) kinds.insert(capacity.kind);
    std::string list;
    for (const std::string& kind : kinds) list += (list.empty() ? "" : ", ") + kind;
    c.diagnostics.add({.code = Code::dangling_reference,
                       .severity = Severity::warning,
                       .origin = record.origin,
                       .message = "no capacity fits this part of budget '" + entry.name + "'",
                       .expected = "a kind among " + list,
                       .help = "write one of these kinds, or leave out this part"});
  }
  return found;
}

std::vector<Term> spend_terms(const Compile& c, const Entry& entry) {
  std::set<std::size_t> chosen;
  if (entry.has("covers")) {
    chosen = fitting(c, entry, "covers");
  } else {
    for (std::size_t k = 0; k < c.builder.model().capacities.size(); ++k) chosen.insert(k);
  }
  if (entry.has("except")) {
    for (const std::size_t k : fitting(c, entry, "except")) chosen.erase(k);
  }
  std::vector<Term> terms;
  for (const std::size_t k : chosen) {
    const Capacity& capacity = c.builder.model().capacities[k];
    const auto id = static_cast<int32_t>(k);
    if (capacity.buildable && capacity.capex.present())
      terms.push_back({.kind = TermKind::spend, .id = id, .coefficient = {}});
    if (entry.flag("fixed_cost") && capacity.fixed_cost.present()) {
      terms.push_back({.kind = TermKind::fixed, .id = id, .coefficient = {}});
    }
  }
  return terms;
}

/// Periods of the window that start in the year; empty if there are none.
std::optional<Window> periods_of_year(const Compile& c, const Window& window, int64_t year) {
  std::optional<Window> found;
  for (int t = window.first; t <= window.last; ++t) {
    if (c.builder.calendar().month(t).year != year) continue;
    if (!found) found = Window{t, t};
    found->last = t;
  }
  return found;
}

void add_budget(const Compile& c, const Entry& entry) {
  const auto window = window_of(c, entry);
  if (!window) return;
  Limit limit;
  limit.name = "budget_" + entry.name;
  limit.unit = "USD";
  limit.kind = "budget";
  limit.scope = LimitScope::window;
  limit.first = window->first;
  limit.last = window->last;
  limit.terms = spend_terms(c, entry);
  limit.upper = c.builder.constant(entry.number("amount"));
  limit.provenance = provenance(entry);
  if (limit.terms.empty()) {
    c.diagnostics.add({.code = Code::unused,
                       .severity = Severity::warning,
                       .origin = entry.origin,
                       .message = "budget '" + entry.name + "' pays for nothing: no capacity it covers has capex",
                       .help = "add capex to what it covers, or leave out the budget"});
    return;
  }
  c.builder.add(limit);
  if (!entry.has("yearly_max")) return;
  std::set<int64_t> years;
  for (const Entry& record : entry.records("yearly_max")) {
    const int64_t year = record.integer("year");
    const auto months = periods_of_year(c, *window, year);
    if (!months || !years.insert(year).second) {
      fault(
          c, months ? Code::duplicate_name : Code::outside_horizon, record, "year",
          {.message = "yearly_max of budget '" + entry.name + (months ? "' names a year twice" : "' misses its window"),
           .found = std::to_string(year),
           .expected = months ? "each year once" : "a year of the window",
           .help = "write one row for each year of the window"});
      continue;
    }
    Limit cap = limit;
    cap.name += "_" + std::to_string(year);
    cap.first = months->first;
    cap.last = months->last;
    cap.upper = c.builder.constant(record.number("amount"));
    cap.provenance = provenance(entry, "yearly_max");
    if (record.quantity("amount").source.size() > 0) cap.provenance.source = record.quantity("amount").source;
    c.builder.add(std::move(cap));
  }
}

bool is_chosen(const Entry& entry, const std::string& place) {
  return !entry.has("places") || std::ranges::find(entry.names("places"), place) != entry.names("places").end();
}

/// Online capacities of the kind. All in one unit, which becomes the limit's.
void target_capacity(const Compile& c, const Entry& entry, Limit& limit) {
  const Model& model = c.builder.model();
  std::vector<std::string> kinds;
  for (std::size_t k = 0; k < model.capacities.size(); ++k) {
    const Capacity& capacity = model.capacities[k];
    kinds.push_back(capacity.kind);
    if (capacity.kind != entry.text("kind") || !is_chosen(entry, model.places[capacity.place.index()].name)) continue;
    if (limit.unit.empty()) limit.unit = capacity.unit;
    if (capacity.unit != limit.unit) {
      fault(c, Code::wrong_dimension, entry, "kind",
            {.message = "capacities of target '" + entry.name + "' are counted in two units",
             .found = capacity.unit + " of '" + capacity.name + "'",
             .expected = limit.unit,
             .help = "write a target for each unit"});
      return;
    }
    limit.terms.push_back({.kind = TermKind::online, .id = static_cast<int32_t>(k), .coefficient = {}});
  }
  if (!limit.terms.empty()) return;
  const std::string near = nearest_word(entry.text("kind"), kinds);
  const bool is_other = !near.empty() && near != entry.text("kind");
  fault(c, Code::dangling_reference, entry, "kind",
        {.message = "no capacity counts for target '" + entry.name + "'",
         .found = entry.text("kind"),
         .expected = "the kind of a capacity",
         .help = is_other ? did_you_mean_text(near) : "write another kind or place, or leave out the target",
         .fix = {is_other ? near : ""}});
}

/// What one unit of activity puts out of the commodity in a period; for a rate the mean over the hours.
Series output_series(const Compile& c, const Flow& flow) {
  const Model& model = c.builder.model();
  const Calendar& calendar = model.calendar;
  const bool to_rate = model.commodities[flow.commodity.index()].grain == Grain::rate;
  return c.builder.by_period([&](int t) {
    double sum = 0;
    for (int s = 0; s < calendar.slice_count; ++s) sum += calendar.hours(t, s) * model.at(flow.rate, t, s);
    const double mean = sum / calendar.hours(t);
    // A rate's activity counts in unit·hours, and an amount spreads over the hours of the period: either way a target
    // for a rate is its mean over the period, one for an amount the period's sum.
    return to_rate ? mean / calendar.hours(t) : mean;
  });
}

/// Production of the commodity by every process that puts it out at the chosen places.
void target_commodity(const Compile& c, const Entry& entry, Limit& limit) {
  const CommodityId wanted = commodity_named(c, entry, "commodity");
  if (!wanted.valid()) return;
  const Model& model = c.builder.model();
  limit.unit = model.commodities[wanted.index()].unit;
  for (std::size_t p = 0; p < model.processes.size(); ++p) {
    const Process& process = model.processes[p];
    for (const Flow& flow : process.flows) {
      const PlaceId place = flow.place.valid() ? flow.place : process.place;
      if (flow.commodity != wanted || !is_chosen(entry, model.places[place.index()].name)) continue;
      if (!flow.rate.present() || model.at(flow.rate, 0) <= 0) continue;
      if (flow.lag > 0) {
        fault(c, Code::inconsistent, entry, "commodity",
              {.message = "'" + process.name + "' delivers " + entry.text("commodity") + " later than it starts",
               .found = std::to_string(flow.lag) + " periods later",
               .expected = "processes that deliver in the period",
               .help = "write a demand instead of a target"});
        return;
      }
      limit.terms.push_back(
          {.kind = TermKind::activity, .id = static_cast<int32_t>(p), .coefficient = output_series(c, flow)});
    }
  }
  if (!limit.terms.empty()) return;
  fault(c, Code::dangling_reference, entry, "commodity",
        {.message = "nothing puts out the commodity of target '" + entry.name + "' there",
         .found = entry.text("commodity"),
         .expected = "a commodity that some process puts out",
         .help = "write another commodity or place, or leave out the target"});
}

void add_target(const Compile& c, const Entry& entry) {
  const auto window = window_of(c, entry);
  if (!window) return;
  if (entry.has("kind") == entry.has("commodity")) {
    c.diagnostics.add(
        {.code = Code::inconsistent,
         .origin = entry.origin,
         .message = "target '" + entry.name + "' needs either kind or commodity",
         .found = entry.has("kind") ? "both" : "neither",
         .expected = "one of them",
         .help = entry.has("kind") ? "leave out one of them" : "add kind = \"site\" or commodity = \"token\""});
    return;
  }
  Limit limit;
  limit.name = "target_" + entry.name;
  limit.kind = "target";
  limit.first = window->first;
  limit.last = window->last;
  limit.is_target = true;
  limit.provenance = provenance(entry);
  if (entry.has("kind")) {
    target_capacity(c, entry, limit);
  } else {
    target_commodity(c, entry, limit);
  }
  if (limit.terms.empty()) return;
  std::vector<Expect> expected{{limit.unit}};
  if (entry.has("commodity")) expected.push_back({limit.unit + "/month", true});
  limit.lower = series_in(c, entry, "quantity", expected);
  limit.shortfall_cost = series_in(c, entry, "shortfall_cost", {{per("USD", limit.unit)}});
  c.builder.add(std::move(limit));
}

}  // namespace

constexpr Section kBudgetSection{
    .name = "budget",
    .title = "Budget",
    .description =
        "The most capex that may fall due in a window, and in its calendar years:\n\n"
        "$$\\sum_{t = \\mathrm{first}}^{\\mathrm{last}} \\sum_{k \\in \\mathrm{covers}} \\mathrm{spend}_{k,t} "
        "\\le \\mathrm{amount}$$\n\n"
        "with the spend of each order spread by its capacity's spend profile. Becomes the limits `budget_NAME` "
        "and `budget_NAME_YEAR`.",
    .attributes = kBudgetAttributes,
};

constexpr Section kTargetSection{
    .name = "target",
    .title = "Target",
    .description =
        "What should be online, or produced, by month: $\\sum_k \\mathrm{online}_{k,t} \\ge "
        "\\mathrm{quantity}_t$. It is met in `min_cost`, reached as soon as possible in `earliest` and "
        "reported in `max_compute`.",
    .attributes = kTargetAttributes,
};

void compile_budgets(const Compile& c) {
  for (const Entry& entry : c.spec.entries("budget")) add_budget(c, entry);
}

void compile_targets(const Compile& c) {
  for (const Entry& entry : c.spec.entries("target")) add_target(c, entry);
}

}  // namespace beltline
