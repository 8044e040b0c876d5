#include "parts/regional.h"

#include <algorithm>
#include <set>

#include "base/diagnostic_codes.h"
#include "parts/common.h"
#include "parts/network_names.h"
#include "parts/site.h"

namespace beltline {
namespace {

constexpr double kUsdPerMillion = 1e6;

constexpr Attribute kEffectFields[] = {
    {.key = "name", .kind = Kind::text, .required = true, .description = "Name in tables: construction, operation, …"},
    {.key = "of",
     .kind = Kind::text,
     .required = true,
     .description =
         "Capacities or processes whose money counts, by name; `*` stands for any text: `hall@*`. Only those in "
         "the region count."},
    {.key = "money",
     .kind = Kind::choice,
     .target = "spend|fixed|variable",
     .fallback = "\"spend\"",
     .description = "Which money: building (spend) or keeping (fixed) of capacities, running (variable) of processes."},
    {.key = "local_share",
     .kind = Kind::quantity,
     .fallback = "1.0",
     .min = 0,
     .max = 1,
     .description = "Share of it spent on goods and work of the region's economy."},
    {.key = "jobs",
     .kind = Kind::quantity,
     .unit = "person/(1e6 USD)",
     .min = 0,
     .description = "Person-years, direct and indirect, for each million spent."},
    {.key = "value_added",
     .kind = Kind::quantity,
     .min = 0,
     .description = "Value added, direct and indirect, for each USD spent."},
    {.key = "output", .kind = Kind::quantity, .min = 0, .description = "Output of all sectors for each USD spent."},
};

constexpr Attribute kExportFields[] = {
    {.key = "commodity",
     .kind = Kind::text,
     .required = true,
     .description = "Good made in the region and shipped abroad, by name; `*` stands for any text: `stack_*`."},
    {.key = "price",
     .kind = Kind::series,
     .unit = "*",
     .required = true,
     .min = 0,
     .description = "USD for one unit of the good."},
    {.key = "jobs",
     .kind = Kind::quantity,
     .unit = "person/(1e6 USD)",
     .min = 0,
     .description = "Person-years, direct and indirect, for each million sold."},
    {.key = "value_added",
     .kind = Kind::quantity,
     .min = 0,
     .description = "Value added, direct and indirect, for each USD sold."},
    {.key = "output", .kind = Kind::quantity, .min = 0, .description = "Output of all sectors for each USD sold."},
};

constexpr Attribute kAttributes[] = {
    {.key = "region",
     .kind = Kind::reference,
     .target = "place",
     .required = true,
     .description = "The region; all sites whose compute is of use there belong to it."},
    {.key = "places",
     .kind = Kind::references,
     .target = "place",
     .description = "Further places that belong to it: fabs, yards, grids."},
    {.key = "party", .kind = Kind::reference, .target = "party", .description = "Whose table it is."},
    {.key = "effect", .kind = Kind::records, .fields = kEffectFields, .description = "What spending does."},
    {.key = "export", .kind = Kind::records, .fields = kExportFields, .description = "What is sold abroad."},
};

constexpr std::string_view kDescription =
    R"(What the programme means for a region's economy: jobs, value added, exports.
It is reported in the table `government` and never optimised.

    jobs[t]        = Σ jobs per USD · local_share · spend[t]          person-years
    value added[t] = Σ value_added · local_share · spend[t]           output likewise
    exports[t]     = Σ price · units made in the region[t]           with jobs, value added and output

The multipliers are those of the open Leontief model with domestic inputs: direct and indirect effects, without the
spending of wages (Miller and Blair 2009, *Input-Output Analysis*, chapter 6). Goods count when they are started.)";

/// The region itself, the sites whose compute is of use there, and the places that the entry adds.
std::set<PlaceId> places_of_region(const Compile& c, const Entry& entry) {
  std::set<PlaceId> places{place_of(c, entry, "region")};
  for (const SiteView& site : sites(c)) {
    if (places.contains(site.compute_place)) places.insert(site.place);
  }
  if (entry.has("places")) {
    for (const std::string& name : entry.names("places")) places.insert(c.builder.find_place(name));
  }
  places.erase(PlaceId{});
  return places;
}

/// The money that an effect is of, as terms without coefficients.
std::vector<Term> money_terms(const Compile& c, const Entry& effect, const std::set<PlaceId>& places) {
  const Model& model = c.builder.model();
  const std::string& money = effect.text("money");
  const auto collect = [&](const auto& entities, TermKind kind) {
    std::vector<Term> terms;
    for (std::size_t i = 0; i < entities.size(); ++i) {
      if (!places.contains(entities[i].place) || !matches(effect.text("of"), entities[i].name)) continue;
      terms.push_back({.kind = kind, .id = static_cast<int32_t>(i), .coefficient = {}});
    }
    return terms;
  };
  if (money == "variable") return collect(model.processes, TermKind::variable);
  return collect(model.capacities, money == "fixed" ? TermKind::fixed : TermKind::spend);
}

/// The measures of one region under way: totals over its effects, and the jobs of each.
class Effects {
 public:
  Effects(const Compile& c, const Entry& entry) : c_(c), entry_(entry), places_(places_of_region(c, entry)) {}

  void add_effect(const Entry& effect) {
    const std::vector<Term> money = money_terms(c_, effect, places_);
    if (money.empty()) return warn_unused(effect, "of");
    const double local = effect.number("local_share");
    if (effect.has("jobs")) {
      const auto jobs = scaled(money, effect.number("jobs") / kUsdPerMillion * local);
      append(jobs_, jobs);
      add_measure("jobs_" + effect.text("name"), "person year", jobs);
    }
    if (effect.has("value_added")) append(value_added_, scaled(money, effect.number("value_added") * local));
    if (effect.has("output")) append(output_, scaled(money, effect.number("output") * local));
  }

  /// What is made in the region counts wherever it arrives: its lag is the way abroad.
  void add_export(const Entry& good) {
    const Model& model = c_.builder.model();
    std::vector<Term> value;
    for (std::size_t i = 0; i < model.processes.size(); ++i) {
      const Process& process = model.processes[i];
      if (!places_.contains(process.place)) continue;
      for (const Flow& flow : process.flows) {
        const Commodity& commodity = model.commodities[flow.commodity.index()];
        if (!matches(good.text("commodity"), commodity.name) || commodity.grain != Grain::amount) continue;
        if (model.at(flow.rate, 0) <= 0) continue;
        const Series price = series_in(c_, good, "price", {{.unit = per("USD", commodity.unit)}});
        if (!price.present()) return;  // a wrong unit, which is said
        const auto usd = [&](int t) { return model.at(price, t) * model.at(flow.rate, t); };
        value.push_back(
            {.kind = TermKind::activity, .id = static_cast<int32_t>(i), .coefficient = c_.builder.by_period(usd)});
      }
    }
    if (value.empty()) return warn_unused(good, "commodity");
    append(exports_, value);
    if (good.has("jobs")) append(jobs_, scaled(value, good.number("jobs") / kUsdPerMillion));
    if (good.has("value_added")) append(value_added_, scaled(value, good.number("value_added")));
    if (good.has("output")) append(output_, scaled(value, good.number("output")));
  }

  void finish() {
    add_measure("jobs", "person year", jobs_);
    add_measure("value_added", "USD", value_added_);
    add_measure("output", "USD", output_);
    add_measure("exports", "USD", exports_);
  }

 private:
  static void append(std::vector<Term>& list, const std::vector<Term>& more) {
    list.insert(list.end(), more.begin(), more.end());
  }

  /// The terms, each coefficient (absent: 1) times `factor`.
  std::vector<Term> scaled(std::vector<Term> terms, double factor) {
    const Model& model = c_.builder.model();
    for (Term& term : terms) {
      const Series own = term.coefficient;
      term.coefficient = own.present() ? c_.builder.by_period([&](int t) { return factor * model.at(own, t); })
                                       : c_.builder.constant(factor);
    }
    return terms;
  }

  void add_measure(std::string name, std::string unit, std::vector<Term> terms) {
    if (terms.empty()) return;
    c_.builder.add(Measure{.table = "government",
                           .name = std::move(name),
                           .unit = std::move(unit),
                           .place = place_of(c_, entry_, "region"),
                           .party = party_of(c_, entry_, "party"),
                           .terms = std::move(terms),
                           .constant = {},
                           .provenance = provenance(entry_)});
  }

  void warn_unused(const Entry& record, std::string_view key) {
    fault(c_, Code::unused, record, key,
          {.severity = Severity::warning,
           .message = "nothing in the region of '" + entry_.name + "' has the name that this effect asks for",
           .found = record.text(key),
           .expected = "the name of a capacity, process or commodity, with * for any text",
           .help = "write a name that the tables of a plan show, or leave out the effect"});
  }

  const Compile& c_;
  const Entry& entry_;
  std::set<PlaceId> places_;
  std::vector<Term> jobs_, value_added_, output_, exports_;
};

}  // namespace

void compile_regional(const Compile& c) {
  for (const Entry& entry : c.spec.entries("regional")) {
    Effects effects(c, entry);
    if (entry.has("effect")) {
      for (const Entry& effect : entry.records("effect")) effects.add_effect(effect);
    }
    if (entry.has("export")) {
      for (const Entry& good : entry.records("export")) effects.add_export(good);
    }
    effects.finish();
  }
}

const Section kRegionalSection = {
    .name = "regional", .title = "Regional effects", .description = kDescription, .attributes = kAttributes};

}  // namespace beltline
