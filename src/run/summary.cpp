#include "run/summary.h"

#include <algorithm>
#include <cmath>
#include <map>

#include <fmt/format.h>

namespace beltline {
namespace {

/// 1234567 → "1,234,567"; small numbers keep what matters.
std::string grouped(double value) {
  if (std::abs(value) < 100) return fmt::format("{:.3g}", value);
  std::string digits = fmt::format("{:.0f}", std::abs(value));
  for (int i = static_cast<int>(digits.size()) - 3; i > 0; i -= 3) digits.insert(static_cast<std::size_t>(i), ",");
  return (value < 0 ? "-" : "") + digits;
}

std::string money(double usd) {
  if (std::abs(usd) >= 1e9) return fmt::format("USD {:.4g} billion", usd / 1e9);
  if (std::abs(usd) >= 1e6) return fmt::format("USD {:.3g} million", usd / 1e6);
  return "USD " + grouped(usd);
}

std::string percent(double share) { return fmt::format("{:.2g} %", 100 * share); }

bool starts_with(const std::string& text, std::string_view head) { return text.compare(0, head.size(), head) == 0; }

class Writer {
 public:
  Writer(const Spec& spec, const Model& model, const Plan& plan, const std::vector<Figure>& figures, const std::vector<Table>& tables)
      : spec_(spec), m_(model), p_(plan), figures_(figures), tables_(tables) {}

  std::string run() {
    head();
    if (p_.has_point) {
      programme();
      memory();
      sites("centres", "3 centres");
      floating();
      belt();
      seats();
      government();
      binding();
    }
    return out_;
  }

 private:
  void line(const std::string& label, const std::string& text) { out_ += fmt::format("{:<13} {}\n", label, text); }

  const Figure* find(std::string_view name) const {
    const auto found = std::ranges::find(figures_, name, &Figure::name);
    return found == figures_.end() ? nullptr : &*found;
  }

  /// "a · b · c" of what is there.
  static std::string joined(const std::vector<std::string>& parts) {
    std::string text;
    for (const std::string& part : parts) text += (text.empty() || part.empty() ? "" : " · ") + part;
    return text;
  }

  void head() {
    const std::string title = spec_.title.empty() ? spec_.name : spec_.title;
    out_ += fmt::format("{}\n", title);
    std::string state = to_string(p_.termination);
    if (p_.has_point) {
      state += p_.verified ? ", verified" : ", NOT verified";
      state += fmt::format(", gap {:.2g} %", 100 * p_.gap);
    }
    if (!p_.detail.empty()) state += " (" + p_.detail + ")";
    line("plan", fmt::format("{}, in {:.1f} s; {} periods from {}, {} slices each", state, p_.seconds, m_.period_count(),
                             m_.calendar.label(0), m_.calendar.slice_count));
    if (!p_.has_point) return;
    std::string goal;
    switch (m_.objective.kind) {
      case ObjectiveKind::max_compute:
        goal = fmt::format("most compute: {:.4g} EFLOP/s·year, discounted at {:.1f} %; cost {}", p_.objective / 1e3 / kHoursPerYear,
                           100 * m_.objective.discount_rate, money(p_.cost_usd));
        break;
      case ObjectiveKind::min_cost: goal = fmt::format("least cost: {}", money(p_.cost_usd)); break;
      case ObjectiveKind::earliest:
        goal = fmt::format("earliest: {:.3g} target periods missed; cost {}", p_.objective, money(p_.cost_usd));
        break;
    }
    line("", goal + ", less salvage");
  }

  void programme() {
    std::vector<std::string> parts;
    for (const Figure& f : figures_) {
      if (starts_with(f.name, "spent_of_")) line("1 programme", fmt::format("{} spent {}", money(f.value), f.note));
    }
    if (const Figure* f = find("it_power")) parts.push_back(fmt::format("{:.2f} GW IT", f->value / 1e3));
    if (const Figure* f = find("facility_power")) parts.push_back(fmt::format("{:.2f} GW facility", f->value / 1e3));
    if (const Figure* f = find("accelerators_online")) parts.push_back(fmt::format("{} accelerators", grouped(f->value)));
    if (const Figure* f = find("facility_power_per_accelerator")) parts.push_back(fmt::format("{:.2f} kW each", f->value));
    if (const Figure* f = find("all_in_cost")) parts.push_back(fmt::format("USD {:.1f} billion per GW (field: 35–60)", f->value / 1e9));
    if (!parts.empty()) line("", joined(parts));
  }

  void memory() {
    std::string years;
    bool first = true;
    for (const Figure& f : figures_) {
      if (f.system == "memory" && starts_with(f.name, "wafer_starts_2")) years += fmt::format("  {} {}", f.name.substr(13), grouped(f.value));
    }
    if (!years.empty()) line("2 memory", "DRAM wafer starts a month:" + years);
    for (const Figure& f : figures_) {
      if (starts_with(f.name, "share_of_")) line("", fmt::format("{}: {} {}", f.name.substr(9), percent(f.value), f.note));
    }
    for (const Figure& f : figures_) {
      if (!starts_with(f.name, "wafers_for_10_gw_of_")) continue;
      const std::string rack = f.name.substr(20);
      const Figure* stacks = find("stacks_per_accelerator_" + rack);
      line("", fmt::format("10 GW in 48 months of {}: {} wafers a month, {} stacks an accelerator", rack, grouped(f.value),
                           stacks ? grouped(stacks->value) : "?"));
      first = false;
    }
    (void)first;
  }

  /// One line a year: what is online at each site at its end.
  void sites(const std::string& system, const std::string& label) {
    std::map<std::string, std::string> by_year;
    for (const Figure& f : figures_) {
      if (f.system != system || !starts_with(f.name, "it_power_") || f.value < 0.05) continue;
      const std::string year = f.name.substr(f.name.size() - 4);
      by_year[year] += fmt::format("  {} {:.0f}", f.name.substr(9, f.name.size() - 14), f.value);
    }
    bool first = true;
    for (const auto& [year, text] : by_year) {
      line(first ? label : "", fmt::format("{} MW IT:{}", year, text));
      first = false;
    }
    double low = 1e9, high = 0;
    for (const Figure& f : figures_) {
      if (f.system != system) continue;
      if (starts_with(f.name, "pue_min_")) low = std::min(low, f.value);
      if (starts_with(f.name, "pue_max_")) high = std::max(high, f.value);
    }
    if (high > 0) line("", fmt::format("PUE {:.2f} to {:.2f} over sites and months", low, high));
  }

  void floating() {
    if (const Figure* hulls = find("hulls_ordered")) {
      const Figure* mw = find("hull_power_ordered");
      line("4 floating", fmt::format("{:.0f} hulls, {:.0f} MW; {}", hulls->value, mw ? mw->value : 0.0, hulls->note));
    }
    sites("floating", "");
  }

  void belt() {
    std::string text;
    for (const Measure& measure : m_.measures) {
      if (measure.table != "belt") continue;
      const int t = m_.period_count() - 1;
      double value = 0;
      for (const Table& table : tables_) {
        if (table.name != "belt") continue;
        for (std::size_t i = 0; i < table.row_count(); ++i) {
          if (table.column("measure").texts()[i] == measure.name && table.column("period").texts()[i] == m_.calendar.label(t)) {
            value = table.column("value").numbers()[i];
          }
        }
      }
      text += fmt::format("{}{} {} {}", text.empty() ? "" : " · ", measure.name, grouped(value), measure.unit);
    }
    if (!text.empty()) line("5 belt", text + " (last month)");
  }

  void seats() {
    std::vector<std::string> parts;
    for (const Figure& f : figures_) {
      if (f.system != "seats") continue;
      parts.push_back(f.unit == "USD" ? f.name + " " + money(f.value) : fmt::format("{} {}", f.name, grouped(f.value)));
    }
    if (!parts.empty()) line("6 seats", joined(parts));
  }

  void government() {
    std::vector<std::string> parts;
    for (const Figure& f : figures_) {
      if (f.system != "government") continue;
      parts.push_back(f.unit == "USD" ? f.name + " " + money(f.value) : fmt::format("{} {} {}", f.name, grouped(f.value), f.unit));
    }
    for (std::size_t i = 0; i < parts.size(); i += 3) {
      line(i == 0 ? "7 government" : "",
           joined({parts.begin() + static_cast<std::ptrdiff_t>(i), parts.begin() + static_cast<std::ptrdiff_t>(std::min(i + 3, parts.size()))}));
    }
  }

  /// The three that matter most in each year.
  void binding() {
    const auto table = std::ranges::find(tables_, "binding", &Table::name);
    if (table == tables_.end()) return;
    std::map<std::string, std::vector<std::string>> years;
    for (std::size_t i = 0; i < table->row_count(); ++i) {
      auto& list = years[table->column("year").texts()[i]];
      if (list.size() >= 4) continue;
      list.push_back(fmt::format("{} {}", table->column("name").texts()[i], percent(table->column("weight").numbers()[i])));
    }
    bool first = true;
    for (const auto& [year, list] : years) {
      line(first ? "what binds" : "", year + ": " + joined(list));
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
