#include "run/lineage.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include <fmt/format.h>

#include "model/words.h"
#include "plan/verify.h"
#include "run/figure_words.h"

namespace beltline {
namespace {

const char* words_of(TermKind kind) {
  switch (kind) {
    case TermKind::activity: return "activity";
    case TermKind::peak: return "highest activity";
    case TermKind::order: return "units ordered";
    case TermKind::online: return "units online";
    case TermKind::built: return "units built and online";
    case TermKind::spend: return "capex falling due";
    case TermKind::fixed: return "fixed cost";
    case TermKind::variable: return "running cost";
    case TermKind::level: return "stock";
    case TermKind::charge: return "taken into store";
    case TermKind::discharge: return "put out of store";
    case TermKind::unserved: return "unserved demand";
    case TermKind::moved: return "units moved";
  }
  return "value";
}

/// "rack", "fab": what kind of entity a term counts.
std::string kind_of_term(const Model& m, const Term& term) {
  const auto i = static_cast<std::size_t>(term.id);
  switch (term.kind) {
    case TermKind::activity:
    case TermKind::peak:
    case TermKind::variable: return m.processes[i].kind;
    case TermKind::order:
    case TermKind::online:
    case TermKind::built:
    case TermKind::spend:
    case TermKind::fixed: return m.capacities[i].kind;
    case TermKind::level:
    case TermKind::charge:
    case TermKind::discharge: return "store";
    case TermKind::unserved: return "demand";
    case TermKind::moved: return "move";
  }
  return {};
}

}  // namespace

void Lineage::add(std::string entry, std::string role, double part) {
  if (entry.empty()) return;
  const auto found =
      std::ranges::find_if(parts_, [&](const LineagePart& each) { return each.entry == entry && each.role == role; });
  if (found != parts_.end()) {
    found->part += part;
  } else {
    parts_.push_back({std::move(entry), std::move(role), part});
  }
}

void Lineage::add_term(const Model& model, const Plan& plan, const Term& term, double factor, int t) {
  const std::string kind = kind_of_term(model, term);
  const double part = factor == 0 ? 0 : factor * weighed_term(model, plan, term, t);
  add(provenance_of(model, term).entry, fmt::format("{} of {}", words_of(term.kind), kind.empty() ? "it" : kind), part);
}

void Lineage::add_measure(const Model& model, const Plan& plan, const Measure& measure, double factor, int t) {
  const double rate = measure.per_hour ? factor / model.calendar.hours(t) : factor;
  for (const Term& term : measure.terms) {
    add_term(model, plan, term, rate, t);
  }
  const bool has_coefficients =
      std::ranges::any_of(measure.terms, [](const Term& term) { return term.coefficient.present(); });
  if (has_coefficients) add(measure.provenance.entry, "what a unit counts", 0);
  if (measure.constant.present()) {
    add(measure.provenance.entry, "given value", factor * model.at(measure.constant, t));
  } else if (measure.terms.empty()) {
    add(measure.provenance.entry, "defined there", 0);
  }
}

std::vector<LineagePart> Lineage::take() {
  std::ranges::stable_sort(parts_, std::greater(), [](const LineagePart& each) { return std::abs(each.part); });
  return std::exchange(parts_, {});
}

std::string formula_of(const Model& model, const Measure& measure) {
  std::map<std::pair<std::string, std::string>, int> counts;  // words, kind
  bool has_coefficients = false;
  for (const Term& term : measure.terms) {
    ++counts[{words_of(term.kind), kind_of_term(model, term)}];
    has_coefficients = has_coefficients || term.coefficient.present();
  }
  std::string text;
  for (const auto& [key, count] : counts) {
    const auto& [words, kind] = key;
    text += fmt::format("{}{} of {} {}{}", text.empty() ? "" : " + ", words, count, kind.empty() ? "entry" : kind,
                        count == 1            ? ""
                        : kind.ends_with('s') ? ""
                                              : "s");
  }
  if (counts.empty())
    return measure.constant.present() ? "computed from the scenario alone, before any plan" : "nothing is counted";
  if (has_coefficients) text = fmt::format("sum of ({}), each times what a unit counts", text);
  if (measure.per_hour) text += ", over the hours of the period";
  if (measure.constant.present()) text += ", and a given value";
  return text;
}

std::string measure_label(const Model& model, const Measure& measure) {
  std::string label = measure.name;
  // "wafer_starts_hbm@m14" says where it is
  if (measure.place.valid() && label.find('@') == std::string::npos)
    label += "@" + model.places[measure.place.index()].name;
  return label;
}

Table lineage_table(const Spec& spec, const Model& model, const Plan& plan, const std::vector<Figure>& figures) {
  Table table{.name = "lineage", .title = "Which entries of the scenario each figure was computed from", .columns = {}};
  table.add_texts("figure", "name in `table`; measures of a place as NAME@PLACE");
  table.add_texts("table", "summary, or the table of a measure");
  table.add_texts("entry", "section.entry of the scenario");
  table.add_texts("role", "what of the entry was read");
  table.add_numbers("part", "", "of the figure, in its unit where it is a sum; of measures the mean of the periods");
  table.add_texts("formula", "how the figure is computed, in words");
  const auto texts = [&](std::size_t i) -> auto& {
    return std::get<std::vector<std::string>>(table.columns[i].values);
  };
  const auto add = [&](const std::string& figure, const std::string& name, const std::string& formula,
                       const std::vector<LineagePart>& parts) {
    for (const LineagePart& part : parts) {
      const std::string cells[] = {figure, name, part.entry, part.role};
      for (std::size_t i = 0; i < 4; ++i) texts(i).push_back(cells[i]);
      std::get<std::vector<double>>(table.columns[4].values).push_back(part.part);
      texts(5).push_back(formula);
    }
  };
  for (const Figure& figure : figures) {
    const std::string formula = figure.formula.empty() ? figure_formula(spec, figure.name) : figure.formula;
    add(figure.name, "summary", formula, figure.parts);
  }
  // measures of several parties at one place share a name; their parts add up
  std::map<std::pair<std::string, std::string>, Lineage> measures;
  std::map<std::pair<std::string, std::string>, std::string> formulas;
  std::vector<std::pair<std::string, std::string>> order;
  for (const Measure& measure : model.measures) {
    const std::pair key{measure.table, measure_label(model, measure)};
    if (formulas.emplace(key, formula_of(model, measure)).second) order.push_back(key);
    for (int t = 0; t < model.period_count(); ++t) {
      measures[key].add_measure(model, plan, measure, 1.0 / model.period_count(), t);
    }
  }
  for (const auto& key : order) add(key.second, key.first, formulas[key], measures[key].take());
  return table;
}

}  // namespace beltline
