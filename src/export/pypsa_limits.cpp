// Limits as global constraints: sums of energy as primary energy of carriers of their own, sums of what is online as
// limits of expansion.
#include <algorithm>
#include <cmath>
#include <optional>

#include <fmt/format.h>

#include "export/pypsa_network.h"

namespace beltline::pypsa_export {
namespace {

constexpr double kSame = 1e-9;

bool is_same(double a, double b) {
  return std::abs(a - b) <= kSame * std::max({1e-300, std::abs(a), std::abs(b)});
}

class LimitWriter {
 public:
  LimitWriter(Network& n, const Limit& limit) : n_(n), limit_(limit) {}

  void write() {
    if (limit_.scope == LimitScope::each_slice) {
      refuse("scope", "each_slice", "one sum over all snapshots", "write scope = \"window\"");
      return;
    }
    if (limit_.shortfall_cost.present())
      refuse("shortfall_cost", "a price", "none: PyPSA's limits always hold", "leave it out");
    bool has_energy = false;
    bool has_online = false;
    for (const Term& term : limit_.terms) {
      const bool is_online = term.kind == TermKind::online || term.kind == TermKind::built;
      const bool is_energy = term.kind == TermKind::activity || term.kind == TermKind::level;
      has_online |= is_online;
      has_energy |= is_energy;
      if (is_online || is_energy) continue;
      refuse("terms", word(term.kind), "activity, level, online or built", "write the limit with one of these");
      return;
    }
    if (has_online && has_energy) {
      refuse("terms", "activity and online", "one kind in one limit", "write two limits");
      return;
    }
    if (has_energy) write_energy();
    if (has_online) write_expansion();
  }

 private:
  void refuse(std::string_view attribute, std::string found, std::string expected, std::string help) const {
    n_.refuse(limit_.provenance, attribute, std::move(found), std::move(expected), std::move(help));
  }

  static std::string word(TermKind kind) {
    switch (kind) {
      case TermKind::peak: return "peak";
      case TermKind::order: return "order";
      case TermKind::spend: return "spend";
      case TermKind::fixed: return "fixed";
      case TermKind::variable: return "variable";
      case TermKind::charge: return "charge";
      case TermKind::discharge: return "discharge";
      case TermKind::unserved: return "unserved";
      case TermKind::moved: return "moved";
      case TermKind::activity: return "activity";
      case TermKind::online: return "online";
      case TermKind::built: return "built";
      case TermKind::level: return "level";
    }
    return "";
  }

  /// One or two constraints, as there are a lower and an upper side.
  void write_rows(const std::string& type, const std::string& attribute, double constant, double factor) {
    const auto add = [&](const std::string& name, const std::string& sense, double bound) {
      n_.folder.add("global_constraints", name)
          .text("type", type)
          .text("carrier_attribute", attribute)
          .text("sense", factor < 0 ? (sense == "<="   ? ">="
                                       : sense == ">=" ? "<="
                                                       : sense)
                                    : sense)
          .number("constant", (bound + constant) / factor);
    };
    const bool has_lower = limit_.lower.present();
    const bool has_upper = limit_.upper.present();
    const double low = n_.m.at_or(limit_.lower, 0, 0);
    const double high = n_.m.at_or(limit_.upper, 0, 0);
    if (has_lower && has_upper && low == high) {
      add(limit_.name, "==", low);
      return;
    }
    if (has_lower) add(has_upper ? limit_.name + " lower" : limit_.name, ">=", low);
    if (has_upper) add(limit_.name, "<=", high);
  }

  /// Σ rate of the carrier · weighting · output / efficiency, and rate · (first − last level) of stores.
  void write_energy() {
    const std::string attribute = "limit_" + limit_.name;
    double constant = 0;
    // an entity may stand in several terms
    std::map<std::size_t, std::vector<double>> activity;
    std::map<std::size_t, std::vector<double>> level;
    for (const Term& term : limit_.terms) {
      const auto id = static_cast<std::size_t>(term.id);
      std::vector<double>& sum = (term.kind == TermKind::activity ? activity : level)[id];
      sum.resize(static_cast<std::size_t>(n_.count()), 0);
      for (int s = 0; s < n_.count(); ++s) sum[static_cast<std::size_t>(s)] += n_.m.at_or(term.coefficient, 1, 0, s);
    }
    for (const auto& [p, coefficient] : activity) write_activity(p, coefficient, attribute);
    for (const auto& [v, coefficient] : level) constant += write_depletion(v, coefficient, attribute);
    write_rows("primary_energy", attribute, constant, 1);
  }

  void write_activity(std::size_t p, const std::vector<double>& coefficient, const std::string& attribute) {
    const auto found = n_.processes.find(p);
    if (found == n_.processes.end() || found->second.list != "generators") return;  // refused already
    Component& generator = n_.folder.at("generators", found->second.name);
    std::optional<double> rate;
    for (std::size_t s = 0; s < coefficient.size(); ++s) {
      if (!rate && n_.m.calendar.hours(0, static_cast<int>(s)) > 0 && coefficient[s] != 0) rate = coefficient[s];
    }
    if (!rate) return;
    std::vector<double> efficiency;
    for (const double each : coefficient) efficiency.push_back(each == 0 ? lp::kInf : *rate / each);
    const auto known = efficiencies().find(found->second.name);
    if (known != efficiencies().end()) {
      for (std::size_t s = 0; s < efficiency.size(); ++s) {
        if (is_same(known->second[s], efficiency[s]) || known->second[s] == efficiency[s]) continue;
        refuse("coefficient", n_.m.processes[p].name, "coefficients in the same proportions in all limits of a process",
               "write one limit for it");
        break;
      }
    }
    efficiencies()[found->second.name] = efficiency;
    generator.series("efficiency", efficiency);
    carrier_of(generator).number(attribute, *rate / found->second.scale);
  }

  Component& carrier_of(const Component& component) {
    return n_.folder.at("carriers", component.values().at("carrier"));
  }

  /// A level counts as what a store has given by the end; returns what its first level moves to the right.
  double write_depletion(std::size_t v, const std::vector<double>& coefficient, const std::string& attribute) {
    const auto found = n_.stores.find(v);
    if (found == n_.stores.end()) return 0;
    const Store& store = n_.m.stores[v];
    const bool is_last_alone =
        std::all_of(coefficient.begin(), coefficient.end() - 1, [](double each) { return each == 0; });
    if (!is_last_alone || !store.is_open) {
      refuse("terms", store.name, "the level of an open store in the last snapshot", "write carry = \"open\"");
      return 0;
    }
    const double share = n_.m.calendar.hours(0, n_.count() - 1) / n_.m.calendar.hours(0);
    const double factor = -coefficient.back() * share;
    carrier_of(n_.folder.at(found->second.list, found->second.name)).number(attribute, factor);
    return factor * store.initial;
  }

  /// Σ length · nominal of lines and links, or Σ nominal of a carrier where all count alike.
  void write_expansion() {
    double constant = 0;
    std::map<std::size_t, double> sum;
    for (const Term& term : limit_.terms) {
      const auto k = static_cast<std::size_t>(term.id);
      const double coefficient = n_.m.at_or(term.coefficient, 1, 0);
      const double existing = n_.m.at_or(n_.m.capacities[k].existing, 0, 0);
      const bool is_sized = n_.capacities.contains(k) && !n_.capacities[k].empty();
      // PyPSA counts what stands with what is built, of components that can be extended alone
      if (is_sized && term.kind == TermKind::built) constant += coefficient * existing;
      if (!is_sized && term.kind == TermKind::online) constant -= coefficient * existing;
      if (is_sized) sum[k] += coefficient;
      if (!is_sized && n_.can_build(CapacityId(k)))
        refuse("terms", n_.m.capacities[k].name, "a capacity that one component runs on", "leave it out of the limit");
    }
    std::erase_if(sum, [](const auto& each) { return each.second == 0; });
    if (sum.empty()) {
      refuse("terms", "what stands alone", "a capacity that can be built", "leave out the limit");
      return;
    }
    const auto is_branch = [&](const auto& each) {
      return std::ranges::all_of(n_.capacities[each.first],
                                 [](const Written& w) { return w.list == "lines" || w.list == "links"; });
    };
    const std::string carrier = "limit_" + limit_.name;
    n_.use_carrier(carrier);
    const bool by_length = std::ranges::all_of(sum, is_branch);
    const double first = sum.begin()->second / n_.capacities[sum.begin()->first][0].scale;
    for (const auto& [k, coefficient] : sum) {
      for (const Written& written : n_.capacities[k]) {
        const double each = coefficient / written.scale;
        if (!by_length && !is_same(each, first)) {
          refuse("coefficient", n_.m.capacities[k].name, "one coefficient for all, but of lines and links",
                 "count capacities of one kind in one limit");
          continue;
        }
        Component& component = n_.folder.at(written.list, written.name);
        if (component.values().contains("length") || component.values().at("carrier").starts_with("limit_") ||
            n_.folder.at("carriers", component.values().at("carrier")).values().size() > 0) {
          refuse("terms", n_.m.capacities[k].name, "a capacity that one limit counts", "count it in one limit");
          continue;
        }
        component.text("carrier", carrier);
        if (by_length) component.number("length", each);
      }
    }
    write_rows(by_length ? "transmission_volume_expansion_limit" : "tech_capacity_expansion_limit", carrier, constant,
               by_length ? 1 : first);
  }

  std::map<std::string, std::vector<double>>& efficiencies() { return n_.efficiencies; }

  Network& n_;
  const Limit& limit_;
};

}  // namespace

void write_limits(Network& n) {
  for (std::size_t i = 0; i < n.m.limits.size(); ++i) {
    if (n.lp.layout.limit[i].first >= 0) LimitWriter(n, n.m.limits[i]).write();
  }
}

}  // namespace beltline::pypsa_export
