#include "parts/network_terms.h"

#include <optional>

#include "base/diagnostic_codes.h"
#include "base/text.h"
#include "parts/common.h"
#include "parts/network_names.h"

namespace beltline {
namespace {

struct KindName {
  std::string_view name;
  TermKind kind;
  std::string_view entity;
};

constexpr auto kKinds = std::to_array<KindName>({
    {"activity", TermKind::activity, "process"},
    {"peak", TermKind::peak, "process"},
    {"variable", TermKind::variable, "process"},
    {"order", TermKind::order, "capacity"},
    {"online", TermKind::online, "capacity"},
    {"built", TermKind::built, "capacity"},
    {"spend", TermKind::spend, "capacity"},
    {"fixed", TermKind::fixed, "capacity"},
    {"level", TermKind::level, "store"},
    {"charge", TermKind::charge, "store"},
    {"discharge", TermKind::discharge, "store"},
    {"unserved", TermKind::unserved, "demand"},
    {"moved", TermKind::moved, "move"},
});

const KindName& kind_named(std::string_view name) {
  for (const KindName& kind : kKinds) {
    if (kind.name == name) return kind;
  }
  throw Bug("no kind of term '" + std::string(name) + "'");
}

template <class Entity>
std::vector<std::string> names_of(const std::vector<Entity>& entities) {
  std::vector<std::string> names;
  names.reserve(entities.size());
  for (const Entity& entity : entities) names.push_back(entity.name);
  return names;
}

std::string commodity_hours(const Model& model, CommodityId id) {
  const Commodity& commodity = model.commodities[id.index()];
  return commodity.grain == Grain::rate ? hours_of(commodity.unit) : commodity.unit;
}

/// How many of the sum's units one unit of the term is. A sum per month takes a period's months out.
std::optional<double> unit_factor(const Compile& c, const std::string& term, const std::string& sum) {
  const auto factor = [&](const std::string& from) -> std::optional<double> {
    const auto converted = c.spec.units.convert(1, from, sum);
    // what is per second in one and per month in the other has no factor that holds in every month
    if (!converted || converted->basis == Basis::second) return std::nullopt;
    return converted->value;
  };
  if (const auto same = factor(term)) return same;
  if (const auto monthly = factor(term + "/month")) return *monthly / c.builder.calendar().months_per_period;
  return std::nullopt;
}

/// Kinds that slices have a part of: their coefficient may vary by slice.
bool has_slices(TermKind kind) {
  return kind == TermKind::activity || kind == TermKind::level || kind == TermKind::charge ||
         kind == TermKind::discharge || kind == TermKind::unserved;
}

/// The coefficient of one term, per period, or per slice where `by_slice`; absent stands for 1, empty for a fault.
std::optional<Series> coefficient(const Compile& c, const Entry& record, const std::string& term, const TermSum& sum,
                                  bool by_slice) {
  const bool is_plain = !record.has("coefficient") || record.series("coefficient").quantity.unit.empty();
  const auto factor = unit_factor(c, term, sum.unit);
  if (!is_plain) {
    const Series series = series_in(c, record, "coefficient", {{per(sum.unit, term)}});
    if (!series.present()) return std::nullopt;
    if (by_slice || series.slice_stride == 0) return series;
    const Model& model = c.builder.model();
    return c.builder.by_period([&](int t) { return model.mean(series, t); });
  }
  if (!factor) {
    fault(c, Code::wrong_dimension, record, record.has("coefficient") ? "coefficient" : "of",
          {.message = "'" + record.text("of") + "' is counted in " + term + ", which does not add up to " + sum.unit,
           .found = term,
           .expected = sum.unit,
           .help = "write a coefficient in " + per(sum.unit, term)});
    return std::nullopt;
  }
  const double unit = *factor;
  if (!record.has("coefficient")) return unit == 1 ? Series{} : c.builder.constant(unit);
  const Calendar& calendar = c.builder.calendar();
  const SeriesValue& value = record.series("coefficient");
  if (by_slice && value.varies_by_slice()) {
    return c.builder.by_slice([&](int t, int s) { return unit * value.at(calendar, t, s); });
  }
  return c.builder.by_period([&](int t) { return unit * value.mean(calendar, t); });
}

void add_record(const Compile& c, const Entry& record, TermSum& sum, std::vector<Term>& terms) {
  const KindName& kind = kind_named(record.text("kind"));
  const Model& model = c.builder.model();
  const std::vector<std::string> names = term_names(model, kind.kind);
  const std::string& pattern = record.text("of");
  bool found = false;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (!matches(pattern, names[i])) continue;
    found = true;
    Term term{.kind = kind.kind, .id = static_cast<int32_t>(i), .coefficient = {}};
    std::string unit = term_unit(model, term, sum.in_slice);
    if (sum.per_hour) unit = unit.ends_with(" hour") ? unit.substr(0, unit.size() - 5) : unit + "/hour";
    if (sum.unit.empty()) sum.unit = unit;
    const auto weight = coefficient(c, record, unit, sum, sum.in_slice || has_slices(kind.kind));
    if (!weight) return;  // once a record is enough
    term.coefficient = *weight;
    terms.push_back(term);
  }
  if (found) return;
  const std::string near = nearest_word(pattern, names);
  fault(c, Code::dangling_reference, record, "of",
        {.message = "no " + std::string(kind.entity) + " is named '" + pattern + "'",
         .found = pattern,
         .expected = "the name of a " + std::string(kind.entity) + ", or a pattern with '*' that fits one",
         .help = near.empty() ? "write a name that the tables of a plan show, or a pattern" : did_you_mean_text(near),
         .fix = {near}});
}

}  // namespace

constexpr std::array<Attribute, 3> kTermFields{
    Attribute{.key = "kind",
              .kind = Kind::choice,
              .target = "activity|peak|variable|order|online|built|spend|fixed|level|charge|discharge|unserved|moved",
              .required = true,
              .description =
                  "What counts: a process's `activity`, `peak` or `variable` cost; a capacity's `order`, "
                  "`online`, `built` (online without existing), `spend` (capex due) or `fixed` cost; a store's "
                  "`level`, what it takes in as `charge` and puts out as `discharge`; a demand's `unserved`; a move's "
                  "`moved`."},
    Attribute{.key = "of",
              .required = true,
              .description = "Name of the process, capacity, store, demand or move; '*' stands for any text."},
    Attribute{.key = "coefficient",
              .kind = Kind::series,
              .unit = "*",
              .description = "Weight: a plain number, or in the sum's unit per the term's; 1 by default. It may vary "
                             "by slice for activity, level, charge, discharge and unserved."},
};

std::vector<std::string> term_names(const Model& model, TermKind kind) {
  switch (kind) {
    case TermKind::activity:
    case TermKind::peak:
    case TermKind::variable: return names_of(model.processes);
    case TermKind::order:
    case TermKind::online:
    case TermKind::built:
    case TermKind::spend:
    case TermKind::fixed: return names_of(model.capacities);
    case TermKind::level:
    case TermKind::charge:
    case TermKind::discharge: return names_of(model.stores);
    case TermKind::unserved: return names_of(model.demands);
    case TermKind::moved: return names_of(model.moves);
  }
  return {};
}

std::string term_unit(const Model& model, const Term& term, bool in_slice) {
  const auto i = static_cast<std::size_t>(term.id);
  if (in_slice) {
    if (term.kind == TermKind::activity) return model.processes[i].unit;
    if (term.kind == TermKind::charge || term.kind == TermKind::discharge) {
      return model.commodities[model.stores[i].commodity.index()].unit;
    }
    if (term.kind == TermKind::unserved) return model.commodities[model.demands[i].commodity.index()].unit;
    if (term.kind == TermKind::variable) return "USD/hour";
  }
  switch (term.kind) {
    case TermKind::activity: return activity_unit(model.processes[i]);
    case TermKind::peak: return model.processes[i].unit;
    case TermKind::order:
    case TermKind::online:
    case TermKind::built: return model.capacities[i].unit;
    case TermKind::spend:
    case TermKind::fixed:
    case TermKind::variable: return "USD";
    case TermKind::level:
    case TermKind::charge:
    case TermKind::discharge: return commodity_hours(model, model.stores[i].commodity);
    case TermKind::unserved: return commodity_hours(model, model.demands[i].commodity);
    case TermKind::moved: return model.capacities[model.moves[i].from.index()].unit;
  }
  return "1";
}

std::vector<Term> terms_of(const Compile& c, const Entry& entry, std::string_view key, TermSum& sum) {
  std::vector<Term> terms;
  if (!entry.has(key)) return terms;
  for (const Entry& record : entry.records(key)) add_record(c, record, sum, terms);
  return terms;
}

}  // namespace beltline
