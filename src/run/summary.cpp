#include "run/summary.h"

#include <algorithm>
#include <cmath>
#include <map>

#include <fmt/format.h>

#include "base/count.h"
#include "base/text.h"
#include "model/words.h"
#include "plan/verify.h"
#include "run/amounts.h"

namespace beltline {
namespace {

std::string percent(double share) {
  return fmt::format("{:.{}f} %", 100 * share, share < 0.0995 ? 1 : 0);
}

bool starts_with(const std::string& text, std::string_view head) {
  return text.compare(0, head.size(), head) == 0;
}

class Writer {
 public:
  Writer(const Spec& spec, const Model& model, const Plan& plan, const std::vector<Figure>& figures,
         const std::vector<Table>& tables)
      : spec_(spec), m_(model), p_(plan), figures_(figures), tables_(tables) {}

  std::string run() {
    head();
    if (p_.has_point) {
      programme();
      memory();
      centres();
      floating();
      belt();
      seats();
      government();
      binding();
    }
    return out_;
  }

 private:
  // names and titles come from the scenario: control characters would let them rewrite the terminal
  void line(const std::string& label, const std::string& text) {
    out_ += fmt::format("{:<13} {}\n", label, printable(text, 2'000));
  }

  const Figure* find(std::string_view name) const {
    const auto found = std::ranges::find(figures_, name, &Figure::name);
    return found == figures_.end() ? nullptr : &*found;
  }

  /// "a · b · c" of what is there, broken before column 120.
  void wrapped(const std::string& label, const std::vector<std::string>& parts) {
    std::string text;
    std::string head = label;
    for (const std::string& part : parts) {
      if (part.empty()) continue;
      // the dot between parts is two bytes and one column
      if (!text.empty() && 14 + text.size() + 3 + part.size() > 118) {
        line(head, text);
        head.clear();
        text.clear();
      }
      text += (text.empty() ? "" : " · ") + part;
    }
    if (!text.empty()) line(head, text);
  }

  /// A figure in its place in a sentence, or nothing.
  std::string figure(const std::string& name, const std::string& sentence) const {
    const Figure* f = find(name);
    if (f == nullptr) return {};
    const std::string value = starts_with(f->unit, "USD") ? money(f->value) : grouped(f->value);
    return fmt::format(fmt::runtime(sentence), value);
  }

  void head() {
    const std::string title = spec_.title.empty() ? spec_.name : spec_.title;
    out_ += fmt::format("{}\n", printable(title, 400));  // a title may hold anything
    std::string state = to_string(p_.termination);
    if (p_.has_point) {
      state += p_.verified ? ", verified" : ", NOT verified";
      state += std::isfinite(p_.gap) ? fmt::format(", gap {:.2g} %", 100 * p_.gap) : ", no bound yet";
    }
    if (!p_.detail.empty()) state += " (" + p_.detail + ")";
    line("plan", fmt::format("{}; {} from {}, {} each", state, counted(m_.period_count(), "period"),
                             m_.calendar.label(0), counted(m_.calendar.slice_count, "slice")));
    if (!p_.has_point) return;
    std::string goal;
    switch (m_.objective.kind) {
      case ObjectiveKind::max_compute:
        goal = fmt::format("most compute: {:.4g} EFLOP/s·year, discounted at {:.1f} %; cost {}",
                           p_.objective / 1e3 / kHoursPerYear, 100 * m_.objective.discount_rate, money(p_.cost_usd));
        break;
      case ObjectiveKind::min_cost: goal = fmt::format("least cost: {}", money(p_.cost_usd)); break;
      case ObjectiveKind::earliest:
        goal = fmt::format("earliest: {:.3g} target periods missed; cost {}", p_.objective, money(p_.cost_usd));
        break;
    }
    const double missed = missed_usd(m_, p_);
    wrapped("", {goal + ", less salvage",
                 missed > 0.5 ? fmt::format("{} of it counts what is missed", money(missed)) : ""});
    if (m_.objective.kind == ObjectiveKind::min_cost && std::isfinite(p_.safe_bound)) {
      line("", fmt::format("no plan costs less than {}: a bound that no rounding has raised", money(p_.safe_bound)));
    }
  }

  /// The budget that spans the most months; windows by year are in the table `limits`.
  void programme() {
    const Limit* widest = nullptr;
    for (const Limit& limit : m_.limits) {
      if (limit.kind != "budget" || limit.scope != LimitScope::window || !limit.upper.present()) continue;
      if (m_.at(limit.upper, std::max(0, limit.first)) <= 0) continue;
      if (widest == nullptr || limit.last - limit.first > widest->last - widest->first) widest = &limit;
    }
    const Figure* spent = widest != nullptr ? find("spent_of_" + widest->name) : nullptr;
    std::string budget;
    if (spent != nullptr) {
      const int first = std::max(0, widest->first), last = std::min(m_.period_count() - 1, widest->last);
      budget = fmt::format("{} spent of {}, {} to {}", money(spent->value), money(m_.at(widest->upper, first)),
                           m_.calendar.label(first), m_.calendar.label(last));
    }
    wrapped("1 programme",
            {budget, figure("it_power", "{} MW IT"), figure("facility_power", "{} MW facility"),
             figure("accelerators_online", "{} accelerators"), figure("facility_power_per_accelerator", "{} kW each"),
             figure("all_in_cost", "all in {} a GW (the field: 35 to 60 billion)")});
  }

  void memory() {
    std::vector<std::string> years, bills;
    for (const Figure& f : figures_) {
      if (starts_with(f.name, "wafer_starts_2") && f.value > 0.5) {
        years.push_back(fmt::format("{} {}", f.name.substr(13), grouped(f.value)));
      }
      if (!starts_with(f.name, "wafers_for_10_gw_of_")) continue;
      const std::string rack = f.name.substr(20);
      const Figure* stacks = find("stacks_per_accelerator_" + rack);
      bills.push_back(fmt::format("{} {} ({} stacks an accelerator)", rack, grouped(f.value),
                                  stacks ? grouped(stacks->value) : "?"));
    }
    if (!years.empty()) {
      years.front() = "DRAM wafer starts a month: " + years.front();
      wrapped("2 memory", years);
    }
    for (const Commitment& c : m_.commitments) {
      const Figure* share = find("share_of_" + c.name);
      if (share == nullptr) continue;
      wrapped("", {fmt::format("of the {} {} promised the plan draws at most {}: a ceiling, not a need",
                               grouped(m_.at(c.quantity, std::max(0, c.first))), c.unit, percent(share->value))});
    }
    if (!bills.empty()) {
      bills.front() = "10 GW in four years takes, wafers a month: " + bills.front();
      wrapped("", bills);
    }
  }

  /// One line a year: racks online at its end, sites told in outline as one sum.
  void centres() {
    std::map<std::string, std::vector<std::string>> by_year;
    std::map<std::string, double> outline;
    for (const Figure& f : figures_) {
      if (!starts_with(f.name, "it_power_") || f.system == "floating") continue;
      const std::string year = f.name.substr(f.name.size() - 4);
      if (f.system == "outline") {
        outline[year] += f.value;
      } else if (f.value >= 0.5) {
        by_year[year].push_back(fmt::format("{} {:.0f}", f.name.substr(9, f.name.size() - 14), f.value));
      }
    }
    for (const auto& [year, mw] : outline) {
      if (mw >= 0.5) by_year[year].insert(by_year[year].begin(), fmt::format("sites in outline {}", grouped(mw)));
    }
    bool first = true;
    for (auto& [year, list] : by_year) {
      list.front() = year + " MW IT: " + list.front();
      wrapped(first ? "3 centres" : "", list);
      first = false;
    }
    double low = 1e9, high = 0;
    for (const Figure& f : figures_) {
      if (starts_with(f.name, "pue_min_")) low = std::min(low, f.value);
      if (starts_with(f.name, "pue_max_")) high = std::max(high, f.value);
    }
    if (high > 0)
      wrapped(first ? "3 centres" : "", {fmt::format("PUE {:.2f} to {:.2f} over sites and months", low, high)});
  }

  void floating() {
    const Figure* hulls = find("hulls_ordered");
    if (hulls == nullptr) return;
    std::vector<std::string> parts = {
        fmt::format("{:.0f} hull{} ordered: {}", hulls->value, hulls->value == 1 ? "" : "s", hulls->note)};
    for (const Figure& f : figures_) {
      if (f.system == "floating" && starts_with(f.name, "it_power_") && f.value >= 0.5) {
        parts.push_back(fmt::format("{} {} {:.0f} MW IT", f.name.substr(f.name.size() - 4),
                                    f.name.substr(9, f.name.size() - 14), f.value));
      }
    }
    wrapped("4 floating", parts);
  }

  void belt() {
    std::vector<std::string> parts;
    const auto table = std::ranges::find(tables_, "belt", &Table::name);
    if (table == tables_.end()) return;
    const std::string last = m_.calendar.label(m_.period_count() - 1);
    for (std::size_t i = 0; i < table->row_count(); ++i) {
      const std::string& name = table->column("measure").texts()[i];
      if (table->column("period").texts()[i] != last) continue;
      if (!starts_with(name, "it_capacity_") && !starts_with(name, "line_")) continue;
      const std::string label = starts_with(name, "line_") ? name : name.substr(12);
      parts.push_back(fmt::format("{} {} {}", label, grouped(table->column("value").numbers()[i]),
                                  table->column("unit").texts()[i]));
    }
    if (parts.empty()) return;
    parts.front() = last + ", IT capacity: " + parts.front();
    wrapped("5 belt", parts);
  }

  void seats() {
    for (const Entry& entry : spec_.entries("seats")) {
      const Figure* demanded = find("seats_demanded_" + entry.name);
      const Figure* served = find("seats_served_" + entry.name);
      if (demanded == nullptr || served == nullptr) continue;
      wrapped("6 seats", {fmt::format("{}: {} of {} seats served in the last month", entry.name, grouped(served->value),
                                      grouped(demanded->value)),
                          figure("agents_" + entry.name, "{} agents"), figure("revenue_" + entry.name, "revenue {}"),
                          figure("margin_" + entry.name, "of it the reseller's {}")});
    }
  }

  void government() {
    std::vector<std::string> parts;
    for (const Figure& f : figures_) {
      if (f.system != "government" || !(std::abs(f.value) > 1e-9)) continue;
      if (f.name.ends_with("@usa") || f.name.find("starting") != std::string::npos || f.name.find("jobs_") == 0)
        continue;
      parts.push_back(f.unit == "USD" ? fmt::format("{} {}", f.name, money(f.value))
                                      : fmt::format("{} {} {}", f.name, grouped(f.value), f.unit));
    }
    if (!parts.empty()) wrapped("7 government", parts);
  }

  /// What matters most in each year, in useful compute or money.
  void binding() {
    const auto table = std::ranges::find(tables_, "binding", &Table::name);
    if (table == tables_.end()) return;
    std::map<std::string, std::vector<std::string>> years;
    for (std::size_t i = 0; i < table->row_count(); ++i) {
      auto& list = years[table->column("year").texts()[i]];
      const double weight = table->column("weight").numbers()[i];
      const std::string& kind = table->column("kind").texts()[i];
      const std::string& entity = table->column("name").texts()[i];
      const std::string kind_of_entity = kind == "build_rate" ? "capacity" : kind == "supply" ? "process" : kind;
      std::string name = title_of(m_, kind_of_entity, entity);
      if (kind == "build_rate") name = "orders of " + name;
      // Of something that is not to be had at all, one more unit has a price but no share.
      if (weight == 0 && list.empty()) list.push_back(name);
      if (list.size() >= 3 || weight < 0.005) continue;
      list.push_back(fmt::format("{} {}", name, percent(weight)));
    }
    bool first = true;
    for (auto& [year, list] : years) {
      if (list.empty()) continue;
      list.front() = year + ": " + list.front();
      wrapped(first ? "what binds" : "", list);
      first = false;
    }
  }

  const Spec& spec_;
  const Model& m_;
  const Plan& p_;
  const std::vector<Figure>& figures_;
  const std::vector<Table>& tables_;
  std::string out_;
};

}  // namespace

std::string summary_text(const Spec& spec, const Model& model, const Plan& plan, const std::vector<Figure>& figures,
                         const std::vector<Table>& tables) {
  return Writer(spec, model, plan, figures, tables).run();
}

}  // namespace beltline
