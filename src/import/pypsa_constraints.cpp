// Global constraints, limits on a generator's energy and on what may be added in a period.
#include <algorithm>
#include <array>
#include <cmath>
#include <set>

#include <fmt/format.h>

#include "import/pypsa_attributes.h"
#include "import/pypsa_network.h"

namespace beltline::pypsa {
namespace {

/// The lists with a nominal capacity, and its name.
struct SizedList {
  std::string_view list;
  std::string_view nominal;
  std::string_view bus;
  bool is_energy = false;
};
constexpr std::array kSized{SizedList{"generators", "p_nom", "bus"},    SizedList{"lines", "s_nom", "bus0"},
                            SizedList{"transformers", "s_nom", "bus0"}, SizedList{"links", "p_nom", "bus0"},
                            SizedList{"stores", "e_nom", "bus", true},  SizedList{"storage_units", "p_nom", "bus"}};

/// One row as it is put together.
class Row {
 public:
  Row(Network& n, const Item& item) : n_(n), item_(&item) {}

  void add(std::string_view kind, const std::string& name, Numbers coefficient) {
    if (std::ranges::all_of(coefficient.values, [](double v) { return v == 0; })) return;
    coefficient.column = name;
    Fields term;
    term.text("kind", kind).text("of", name);
    if (coefficient.values != std::vector<double>{1} || !coefficient.unit.empty())
      term.series("coefficient", std::move(coefficient));
    terms_.push_back(std::move(term));
  }
  void move_right(double value) { constant_ -= value; }

  void write(const std::string& unit) {
    if (terms_.empty()) return;
    Fields& out = n_.draft.entry("limit", process_of(n_, *item_));
    out.text("title", fmt::format("global constraint {}", item_->name())).text("unit", unit);
    out.text("kind", n_.text(*item_, "type")).text("scope", "window").records("terms", std::move(terms_));
    const std::string sense = n_.text(*item_, "sense");
    const double bound = n_.number(*item_, "constant") + constant_;
    const bool is_known = sense == "<=" || sense == ">=" || sense == "==" || sense == "=";
    if (!is_known) n_.refuse(*item_, "sense", "<=, == or >=", "write one of them");
    if (sense != "<=") out.number("lower", bound, unit);
    if (sense != ">=") out.number("upper", bound, unit);
  }

 private:
  Network& n_;
  const Item* item_;
  std::vector<Fields> terms_;
  double constant_ = 0;
};

class Constraints {
 public:
  explicit Constraints(Network& n) : n_(n) {}

  void run() {
    for (const Item& item : n_.items("global_constraints")) {
      const std::string type = n_.text(item, "type");
      if (!has_period(item)) continue;
      if (type == "primary_energy") {
        primary_energy(item);
      } else if (type == "operational_limit") {
        operational_limit(item);
      } else if (type == "tech_capacity_expansion_limit") {
        capacity_limit(item);
      } else if (type == "transmission_volume_expansion_limit" || type == "transmission_expansion_cost_limit") {
        transmission_limit(item, type == "transmission_expansion_cost_limit");
      } else {
        n_.refuse(item, "type",
                  "primary_energy, operational_limit, tech_capacity_expansion_limit, "
                  "transmission_volume_expansion_limit or transmission_expansion_cost_limit",
                  "write one of these types");
      }
    }
    energy_sums();
    growth();
  }

 private:
  /// A constraint of a period that is not there binds nothing.
  bool has_period(const Item& item) const {
    const double year = n_.number(item, "investment_period");
    if (std::isnan(year)) return true;
    if (!n_.has_periods()) {
      n_.refuse(item, "investment_period", "none, in a network without investment periods", "leave it out");
      return false;
    }
    return std::ranges::any_of(n_.source().periods, [&](const Period& p) { return p.year == year; });
  }

  /// [snapshot] 1 in the constraint's period.
  [[nodiscard]] std::vector<double> window(const Item& item) const {
    std::vector<double> inside(n_.count(), 1);
    const double year = n_.number(item, "investment_period");
    for (std::size_t s = 0; s < inside.size() && !std::isnan(year); ++s)
      inside[s] = n_.source().snapshots.periods[s] == year ? 1 : 0;
    return inside;
  }
  [[nodiscard]] bool counts(const Item& item, const Item& constraint) const {
    const double year = n_.number(constraint, "investment_period");
    return std::isnan(year) || n_.is_active_in(item, static_cast<int>(year));
  }

  /// `factor` times what a store has given by the end: initial level less the last one.
  void depletion(Row& row, const Item& store, const Item& constraint, bool is_unit, double factor,
                 const std::string& unit) {
    const char* const initial = is_unit ? "state_of_charge_initial" : "e_initial";
    const char* const per_period = is_unit ? "state_of_charge_initial_per_period" : "e_initial_per_period";
    const double begin = n_.number(store, initial);
    const std::vector<double> inside = window(constraint);
    double hours = 0;
    for (const double each : n_.hours()) hours += each;
    std::vector<double> coefficient(n_.count(), 0);
    const auto put = [&](std::size_t s, double weight) {
      if (n_.hours()[s] == 0) {
        n_.refuse(constraint, "type", "an objective weighting above 0 in the last snapshot", "give it a weighting");
        return;
      }
      // the term is the mean level by hours: this makes it the level of one snapshot
      coefficient[s] = -factor * weight * hours / n_.hours()[s];
      row.move_right(factor * weight * begin);
    };
    const std::vector<int>& periods = n_.source().snapshots.periods;
    const bool each = n_.has_periods() && n_.flag(store, per_period);
    if (n_.has_periods() && !each &&
        std::ranges::any_of(n_.source().periods, [](const Period& p) { return p.years != 1; }))
      n_.refuse(store, per_period, "True, where periods stand for several years", "write True, or a cyclic store");
    std::size_t last = n_.count();
    for (std::size_t s = 0; s < n_.count(); ++s) {
      if (inside[s] == 0) continue;
      last = s;
      const bool ends = s + 1 == n_.count() || (each && periods[s + 1] != periods[s]);
      if (each && ends) put(s, std::ranges::find(n_.source().periods, periods[s], &Period::year)->years);
    }
    if (!each && last < n_.count()) put(last, 1);
    row.add("level", process_of(n_, store), {coefficient, unit, "slice", "limits", {}});
  }

  void primary_energy(const Item& item) {
    const std::string attribute = n_.text(item, "carrier_attribute");
    const auto rate_of = [&](const Item& component) {
      const Item* const carrier = n_.find("carriers", n_.text(component, "carrier"));
      return carrier == nullptr ? 0.0 : (n_.is_given(*carrier, attribute) ? n_.number(*carrier, attribute) : 0.0);
    };
    const bool is_carbon = attribute == "co2_emissions";
    const std::string unit = is_carbon ? "tCO2/MWh" : "";
    const std::vector<double> weights = n_.energy_weights(/*with_years=*/true);
    const std::vector<double> inside = window(item);
    Row row(n_, item);
    for (const Item& generator : n_.items("generators")) {
      const double rate = rate_of(generator);
      if (rate == 0 || !counts(generator, item)) continue;
      std::vector<double> coefficient = n_.spread(generator, "efficiency");
      for (std::size_t s = 0; s < coefficient.size(); ++s) {
        const double weight = weights[s] * inside[s];
        if (weight != 0 && coefficient[s] == 0)
          n_.refuse(generator, "efficiency", "more than 0, where its carrier is limited", "write an efficiency");
        coefficient[s] = weight == 0 ? 0 : rate * weight / coefficient[s];
      }
      row.add("activity", process_of(n_, generator), {coefficient, unit, "slice", "limits", {}});
    }
    for (const Item& unit_item : n_.items("storage_units")) {
      const double rate = rate_of(unit_item);
      if (rate != 0 && counts(unit_item, item) && !n_.flag(unit_item, "cyclic_state_of_charge"))
        depletion(row, unit_item, item, true, rate, unit);
    }
    for (const Item& store : n_.items("stores")) {
      const double rate = rate_of(store);
      if (rate != 0 && counts(store, item) && !n_.flag(store, "e_cyclic"))
        depletion(row, store, item, false, rate, unit);
    }
    row.write(is_carbon ? "tCO2" : "MWh");
  }

  void operational_limit(const Item& item) {
    const std::string carrier = n_.text(item, "carrier_attribute");
    const std::vector<double> weights = n_.energy_weights(/*with_years=*/true);
    const std::vector<double> inside = window(item);
    Row row(n_, item);
    for (const Item& generator : n_.items("generators")) {
      if (n_.text(generator, "carrier") != carrier) continue;
      std::vector<double> coefficient = weights;
      for (std::size_t s = 0; s < coefficient.size(); ++s) coefficient[s] *= inside[s];
      row.add("activity", process_of(n_, generator), {coefficient, "", "slice", "limits", {}});
    }
    for (const Item& unit : n_.items("storage_units")) {
      if (n_.text(unit, "carrier") == carrier && !n_.flag(unit, "cyclic_state_of_charge"))
        depletion(row, unit, item, true, 1, "");
    }
    for (const Item& store : n_.items("stores")) {
      if (n_.text(store, "carrier") == carrier && !n_.flag(store, "e_cyclic"))
        depletion(row, store, item, false, 1, "");
    }
    row.write("MWh");
  }

  [[nodiscard]] std::string carrier_of(const Item& item, const SizedList& sized) const {
    const std::string own = n_.text(item, "carrier");
    const bool is_line = sized.list == "lines";
    return is_line && !n_.is_given(item, "carrier") ? n_.carrier_of_bus(n_.text(item, "bus0")) : own;
  }

  void capacity_limit(const Item& item) {
    const std::string carrier = n_.text(item, "carrier_attribute");
    const std::string bus = n_.text(item, "bus");
    Row row(n_, item);
    for (const SizedList& sized : kSized) {
      for (const Item& component : n_.items(sized.list)) {
        if (!n_.flag(component, std::string(sized.nominal) + "_extendable") || !counts(component, item)) continue;
        if (carrier_of(component, sized) != carrier) continue;
        if (!bus.empty() && n_.text(component, sized.bus) != bus) continue;
        row.add("online", capacity_of(n_, component), {{1}, sized.is_energy ? "MW/MWh" : "", "period", "limits", {}});
      }
    }
    row.write("MW");
  }

  void transmission_limit(const Item& item, bool by_cost) {
    std::set<std::string> carriers;
    std::string word;
    for (const char c : n_.text(item, "carrier_attribute") + ",") {
      if (c == ',') {
        carriers.insert(word);
        word.clear();
      } else if (c != ' ' && c != '[' && c != ']' && c != '(' && c != ')') {
        word += c;
      }
    }
    Row row(n_, item);
    for (const SizedList& sized : kSized) {
      if (sized.list != "lines" && sized.list != "links") continue;
      for (const Item& component : n_.items(sized.list)) {
        if (!n_.flag(component, std::string(sized.nominal) + "_extendable") || !counts(component, item)) continue;
        if (!carriers.contains(carrier_of(component, sized))) continue;
        double weight = by_cost ? n_.period_cost(component) : n_.number(component, "length");
        if (by_cost && n_.has_periods() && std::isnan(n_.number(item, "investment_period"))) {
          double sum = 0;
          for (const Period& period : n_.source().periods)
            sum += n_.is_active_in(component, period.year) ? period.objective : 0;
          weight *= sum;
        }
        row.add("online", capacity_of(n_, component), {{weight}, by_cost ? "USD/MW" : "", "period", "limits", {}});
      }
    }
    row.write(by_cost ? "USD" : "MW");
  }

  void energy_sums() {
    for (const Item& generator : n_.items("generators")) {
      const double least = n_.number(generator, "e_sum_min");
      const double most = n_.number(generator, "e_sum_max");
      if (std::isinf(least) && std::isinf(most)) continue;
      const std::string name = process_of(n_, generator);
      Fields term;
      term.text("kind", "activity").text("of", name);
      term.series("coefficient", {n_.energy_weights(/*with_years=*/false), "", "slice", "limits", name + "_energy"});
      Fields& out = n_.draft.entry("limit", n_.names.of("energy", generator.name() + " energy"));
      out.text("title", fmt::format("energy of generator {}", generator.name())).text("unit", "MWh");
      out.text("scope", "window").records("terms", {term});
      if (std::isfinite(least)) out.number("lower", least, "MWh");
      if (std::isfinite(most)) out.number("upper", most, "MWh");
    }
  }

  /// What of a carrier may be added in each investment period, also as a multiple of what was added in the one before.
  void growth() {
    if (!n_.has_periods()) return;
    for (const Item& carrier : n_.items("carriers")) {
      const double most = n_.number(carrier, "max_growth");
      if (std::isinf(most)) continue;
      const double relative = std::max(0.0, n_.number(carrier, "max_relative_growth"));
      for (std::size_t p = 0; p < n_.source().periods.size(); ++p) growth_in(carrier, p, most, relative);
    }
  }

  void growth_in(const Item& carrier, std::size_t period, double most, double relative) {
    std::vector<Fields> terms;
    for (const SizedList& sized : kSized) {
      for (const Item& component : n_.items(sized.list)) {
        if (!n_.flag(component, std::string(sized.nominal) + "_extendable")) continue;
        if (carrier_of(component, sized) != carrier.name()) continue;
        const std::size_t first = first_period(component);
        if (first != period && (relative == 0 || first + 1 != period)) continue;
        Fields term;
        term.text("kind", "online").text("of", capacity_of(n_, component));
        const double weight = first == period ? 1 : -relative;
        if (weight != 1 || sized.is_energy) term.number("coefficient", weight, sized.is_energy ? "MW/MWh" : "");
        terms.push_back(std::move(term));
      }
    }
    if (terms.empty()) return;
    const int year = n_.source().periods[period].year;
    n_.draft.entry("limit", n_.names.of("growth", fmt::format("{} growth {}", carrier.name(), year)))
        .text("title", fmt::format("growth of {} in {}", carrier.name(), year))
        .text("unit", "MW")
        .records("terms", std::move(terms))
        .number("upper", most, "MW");
  }

  [[nodiscard]] std::size_t first_period(const Item& component) const {
    const std::vector<Period>& periods = n_.source().periods;
    std::size_t p = 0;
    while (p < periods.size() && !n_.is_active_in(component, periods[p].year)) ++p;
    return p;
  }

  Network& n_;
};

}  // namespace

void convert_constraints(Network& n) {
  Constraints(n).run();
}

}  // namespace beltline::pypsa
