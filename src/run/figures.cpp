// The figures of the seven systems, read from the plan through its measures.
#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <set>

#include <fmt/format.h>

#include "parts/rack.h"
#include "plan/tables.h"
#include "plan/verify.h"
#include "run/lineage.h"
#include "run/summary.h"

namespace beltline {
namespace {

class Reader {
 public:
  Reader(const Spec& spec, const Model& model, const Plan& plan) : spec_(spec), m_(model), p_(plan) {}

  std::vector<Figure> run() {
    programme();
    memory();
    centres();
    floating();
    seats();
    government();
    return std::move(out_);
  }

 private:
  /// Adds a figure with what was read since the last one.
  void add(std::string system, std::string name, double value, std::string unit, std::string note = {}) {
    out_.push_back({std::move(system), std::move(name), value, std::move(unit), std::move(note), lineage_.take(), {}});
  }

  /// A measure in a period, noted as read `factor` times.
  double read(const Measure& each, int t, double factor = 1) const {
    lineage_.add_measure(m_, p_, each, factor, t);
    return measure_value(m_, p_, each, t);
  }

  /// A term in a period, weighed, noted as read.
  double read(const Term& term, int t) const {
    lineage_.add_term(m_, p_, term, 1, t);
    return weighed_term(m_, p_, term, t);
  }

  /// An entry and all that its references lead to among the goods of a rack.
  void note_bill(const Entry& entry, const std::string& section, int depth = 0) {
    lineage_.add(section + "." + entry.name, "bill of materials", 0);
    if (depth >= 3) return;
    const auto follow = [&](const Entry& at) {
      for (const auto& [key, value] : at.values) {
        if (value.attribute->kind != Kind::reference) continue;
        for (const char* good : {"accelerator", "stack", "product"}) {
          const Entry* const next = value.attribute->target == good ? spec_.find(good, value.text) : nullptr;
          if (next != nullptr) note_bill(*next, good, depth + 1);
        }
      }
    };
    follow(entry);
    for (const auto& [key, value] : entry.values) {
      for (const Entry& record : value.records) follow(record);
    }
  }

  int last() const { return m_.period_count() - 1; }
  /// Last period of a year inside the horizon, or -1.
  int year_end(int year) const {
    const int t = m_.calendar.period_of({year, 12});
    return t >= 0 && t < m_.period_count() ? t : -1;
  }

  /// All capacities of a kind.
  std::vector<CapacityId> of_kind(std::string_view kind) const {
    std::vector<CapacityId> found;
    for (std::size_t k = 0; k < m_.capacities.size(); ++k) {
      if (m_.capacities[k].kind == kind) found.emplace_back(k);
    }
    return found;
  }

  const Measure* measure(std::string_view table, std::string_view name, PlaceId place = {}, PartyId party = {}) const {
    for (const Measure& each : m_.measures) {
      if (each.table == table && each.name == name && each.place == place && each.party == party) return &each;
    }
    return nullptr;
  }

  double sum(const Measure* each, int t0, int t1) const {
    double total = 0;
    for (int t = t0; each != nullptr && t <= t1; ++t) total += read(*each, t);
    return total;
  }

  double mean_of_year(const Measure* each, int year) const {
    std::vector<int> periods;
    for (int t = 0; each != nullptr && t < m_.period_count(); ++t) {
      if (m_.calendar.month(t).year == year) periods.push_back(t);
    }
    double total = 0;
    for (const int t : periods) total += read(*each, t, 1.0 / static_cast<double>(periods.size()));
    return periods.empty() ? 0 : total / static_cast<double>(periods.size());
  }

  /// IT power of the racks online at a place (or everywhere), MW, and the same times each site's PUE.
  enum class Noted { it, facility };  // what the figure reads: the PUE too, or not
  std::pair<double, double> power(int t, PlaceId place = {}, Noted noted = Noted::it) const {
    double it = 0, facility = 0;
    for (const CapacityId k : of_kind("rack")) {
      const Capacity& rack = m_.capacities[k.index()];
      if (place.valid() && rack.place != place) continue;
      double mw = 0;
      for (const StandFlow& flow : rack.stand_flows) {
        if (m_.commodities[flow.commodity.index()].name == "it_space") mw -= m_.at(flow.rate, t) * online(m_, p_, k, t);
      }
      const auto found = pue_.find(rack.place.value);
      it += mw;
      lineage_.add(rack.provenance.entry, "units online of rack", mw);
      if (noted == Noted::facility && found != pue_.end() && mw > 1e-9)
        lineage_.add(found->second->provenance.entry, "PUE of site", 0);
      facility += mw * (found == pue_.end() ? 1.0 : measure_value(m_, p_, *found->second, t));
    }
    return {it, facility};
  }

  void programme();
  void memory();
  void centres();
  void floating();
  void seats();
  void government();

  const Spec& spec_;
  const Model& m_;
  const Plan& p_;
  std::vector<Figure> out_;
  mutable Lineage lineage_;                // what was read since the last figure
  std::map<int32_t, const Measure*> pue_;  // place → measure
  double mean_pue_ = 1.2;                  // facility over IT power of the whole plan
};

void Reader::programme() {
  for (const Measure& each : m_.measures) {
    if (each.table == "sites" && each.name == "pue" && each.place.valid()) pue_[each.place.value] = &each;
  }
  for (const Limit& limit : m_.limits) {
    if (limit.kind != "budget" || limit.scope != LimitScope::window || !limit.upper.present()) continue;
    const int t0 = std::max(0, limit.first), t1 = std::min(last(), limit.last);
    double spent = 0;
    for (int t = t0; t <= t1; ++t) {
      for (const Term& term : limit.terms) spent += read(term, t);
    }
    lineage_.add(limit.provenance.entry, "what it allows", 0);
    add("programme", "spent_of_" + limit.name, spent, "USD",
        fmt::format("{:.17g} allowed, {} to {}", m_.at(limit.upper, t0), m_.calendar.label(t0), m_.calendar.label(t1)));
  }
  const auto racks = of_kind("rack");
  if (racks.empty()) return;
  const auto [it, facility] = power(last());
  if (it > 1e-6) mean_pue_ = facility / it;
  add("programme", "it_power", it, "MW", "of racks online at the end of the horizon");
  power(last(), {}, Noted::facility);
  add("programme", "facility_power", facility, "MW", "IT power times PUE");
  double capex = 0;
  for (const char* kind : {"rack", "hall", "hull", "connection", "plant", "battery"}) {
    for (const CapacityId k : of_kind(kind)) {
      const Term term{.kind = TermKind::spend, .id = k.value};
      for (int t = 0; t <= last(); ++t) capex += read(term, t);
    }
  }
  double built_mw = 0, built_facility = 0;
  for (const CapacityId k : racks) {
    const Capacity& rack = m_.capacities[k.index()];
    double ordered = 0;
    for (int t = 0; t <= last(); ++t) ordered += p_.order.at(k.index(), t);
    const auto found = pue_.find(rack.place.value);
    for (const StandFlow& flow : rack.stand_flows) {
      if (m_.commodities[flow.commodity.index()].name != "it_space") continue;
      built_mw -= m_.at(flow.rate, 0) * ordered;
      lineage_.add(rack.provenance.entry, "units ordered of rack", 0);
      if (found != pue_.end() && ordered > 1e-9) lineage_.add(found->second->provenance.entry, "PUE of site", 0);
      built_facility -=
          m_.at(flow.rate, 0) * ordered * (found == pue_.end() ? 1.0 : measure_value(m_, p_, *found->second, last()));
    }
  }
  if (built_facility > 1e-6) {
    add("programme", "all_in_cost", capex / (built_facility / 1e3), "USD/GW",
        "35 to 60 billion is the range of the field");
  }
  lineage_.take();  // of a figure that was left out
  const double accelerators = sum(measure("programme", "accelerators_online"), last(), last());
  if (accelerators > 0) {
    add("programme", "accelerators_online", accelerators, "accelerator");
    power(last(), {}, Noted::facility);
    sum(measure("programme", "accelerators_online"), last(), last());
    add("programme", "facility_power_per_accelerator", 1e3 * facility / accelerators, "kW");
  }
}

void Reader::memory() {
  const Measure* starts = measure("memory", "wafer_starts");
  if (starts != nullptr) {
    double most = 0;
    std::set<int> years;
    int busiest = 0;
    for (int t = 0; t <= last(); ++t) {
      if (measure_value(m_, p_, *starts, t) > measure_value(m_, p_, *starts, busiest)) busiest = t;
      years.insert(m_.calendar.month(t).year);
    }
    for (const int year : years) {
      add("memory", fmt::format("wafer_starts_{}", year), mean_of_year(starts, year), "wafer/month",
          "mean of the year");
    }
    most = read(*starts, busiest);
    add("memory", "wafer_starts_max", most, "wafer/month");
  }
  for (const Commitment& c : m_.commitments) {
    if (!c.ceiling || c.unit.find("wafer") == std::string::npos) continue;
    double most_share = 0;
    for (int t = std::max(0, c.first); t <= std::min(last(), c.last); ++t) {
      double drawn = 0;
      for (const Term& term : c.terms) drawn += read(term, t);
      if (m_.at(c.quantity, t) > 0) most_share = std::max(most_share, drawn / m_.at(c.quantity, t));
    }
    lineage_.add(c.provenance.entry, "what is promised", 0);
    add("memory", "share_of_" + c.name, most_share, "1",
        fmt::format("the most drawn in a month of the {:.0f} {} that the letter allows: a ceiling, not a need",
                    m_.at(c.quantity, std::max(0, c.first)), c.unit));
  }
  for (const Entry& rack : spec_.entries("rack")) {
    const RackBill bill = rack_bill(spec_, rack);
    if (bill.wafers() <= 0) continue;
    const double racks = 10e3 / (rack_it_mw(rack) * mean_pue_);
    note_bill(rack, "rack");
    add("memory", "wafers_for_10_gw_of_" + rack.name, racks * bill.wafers() / 48, "wafer/month",
        fmt::format("10 GW of facility power at PUE {:.2f} in 48 months; {:.0f} of them for HBM", mean_pue_,
                    racks * bill.hbm_wafers / 48));
    note_bill(rack, "rack");
    add("memory", "stacks_per_accelerator_" + rack.name, bill.stacks / std::max(1.0, bill.accelerators), "stack");
  }
}

void Reader::centres() {
  for (const Entry& site : spec_.entries("site")) {
    // Whatever stands at a site says where the site is.
    const auto stands =
        std::ranges::find_if(m_.capacities, [&](const Capacity& k) { return k.name.ends_with("@" + site.name); });
    if (stands == m_.capacities.end()) continue;
    const PlaceId place = stands->place;
    for (const int year : {2026, 2027, 2028, 2029, 2030}) {
      if (year_end(year) < 0) continue;
      const bool floats = site.has("kind") && site.text("kind") == "mooring";
      add(floats                             ? "floating"
          : m_.places[place.index()].outline ? "outline"
                                             : "centres",
          fmt::format("it_power_{}_{}", site.name, year), power(year_end(year), place).first, "MW",
          "racks online at the year's end");
    }
    if (m_.places[place.index()].outline || !pue_.contains(place.value)) continue;
    double low = 1e9, high = 0;
    const Measure& pue = *pue_.at(place.value);
    for (int t = 0; t <= last(); ++t) {
      low = std::min(low, measure_value(m_, p_, pue, t));
      high = std::max(high, measure_value(m_, p_, pue, t));
    }
    const auto note_pue = [&] {
      lineage_.add(pue.provenance.entry, "PUE of site", 0);
      if (site.has("climate")) lineage_.add("climate." + site.text("climate"), "temperature", 0);
    };
    note_pue();
    add("centres", "pue_min_" + site.name, low, "1");
    note_pue();
    add("centres", "pue_max_" + site.name, high, "1");
  }
}

void Reader::floating() {
  double ordered = 0, modules = 0;
  int first_order = -1, first_online = -1;
  const auto hulls = of_kind("hull");
  for (const CapacityId k : hulls) {
    const Capacity& hull = m_.capacities[k.index()];
    for (int t = 0; t <= last(); ++t) {
      const double quantity = p_.order.at(k.index(), t);
      if (quantity < 1e-6) continue;
      lineage_.add(hull.provenance.entry, "units ordered of hull", quantity);
      ordered += quantity;
      modules += hull.module_size > 0 ? quantity / hull.module_size : 0;
      if (first_order < 0 || t < first_order) first_order = t;
      if (first_online < 0 || t + hull.lead < first_online) first_online = t + hull.lead;
    }
  }
  if (hulls.empty()) return;
  const std::string entry = m_.capacities[hulls.front().index()].provenance.entry;
  lineage_.add(entry, "units ordered of hull", 0);
  add("floating", "hulls_ordered", modules, "hull",
      first_order < 0
          ? "none"
          : fmt::format("the first in {}, online {}", m_.calendar.label(first_order), m_.calendar.label(first_online)));
  lineage_.add(entry, "units ordered of hull", ordered);
  add("floating", "hull_power_ordered", ordered, "MW");
}

void Reader::seats() {
  for (const Entry& entry : spec_.entries("seats")) {
    for (const char* name : {"seats_demanded_", "seats_served_", "agents_"}) {
      const Measure* found = nullptr;
      for (const Measure& each : m_.measures) {
        if (each.table == "seats" && each.name == name + entry.name) found = &each;
      }
      if (found != nullptr) add("seats", name + entry.name, read(*found, last()), found->unit, "last month");
    }
    for (const char* name : {"revenue_", "margin_"}) {
      const Measure* found = nullptr;
      for (const Measure& each : m_.measures) {
        if (each.table == "seats" && each.name == name + entry.name) found = &each;
      }
      if (found != nullptr) add("seats", name + entry.name, sum(found, 0, last()), found->unit, "whole horizon");
    }
  }
}

void Reader::government() {
  std::set<std::pair<std::string, int32_t>> seen;
  for (const Measure& each : m_.measures) {
    if (each.table != "government" || !seen.insert({each.name + each.unit, each.place.value}).second) continue;
    const bool is_stock = each.unit == "person" || each.unit == "1" || each.unit == "PFLOP/s";
    const std::string where = each.place.valid() ? "@" + m_.places[each.place.index()].name : "";
    add("government", each.name + where, is_stock ? read(each, last()) : sum(&each, 0, last()), each.unit,
        is_stock ? "last month" : "whole horizon");
    out_.back().formula = formula_of(m_, each) + (is_stock ? ", in the last month" : ", over the horizon");
  }
}

}  // namespace

std::vector<Figure> summary_figures(const Spec& spec, const Model& model, const Plan& plan) {
  return Reader(spec, model, plan).run();
}

Table figures_table(const std::vector<Figure>& figures) {
  Table table{.name = "summary", .title = "The figures of the summary", .columns = {}};
  table.add_texts("system");
  table.add_texts("name");
  table.add_numbers("value", "", "in `unit`");
  table.add_texts("unit");
  table.add_texts("note");
  for (const Figure& figure : figures) {
    const std::string* cells[] = {&figure.system, &figure.name, nullptr, &figure.unit, &figure.note};
    for (std::size_t i = 0; i < 5; ++i) {
      if (i == 2) {
        std::get<std::vector<double>>(table.columns[i].values).push_back(figure.value);
      } else {
        std::get<std::vector<std::string>>(table.columns[i].values).push_back(*cells[i]);
      }
    }
  }
  return table;
}

}  // namespace beltline
