#include "run/diff_inputs.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>

#include <fmt/format.h>

#include "parts/part.h"
#include "plan/gain_loop.h"
#include "plan/outlook.h"
#include "run/inputs.h"
#include "scenario/resolve.h"

namespace beltline {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

using EntryName = std::pair<std::string, std::string>;  // section, entry

const Entry* find_entry(const Spec& spec, const EntryName& name) {
  return spec.find(name.first, name.second);
}

std::string place_of(const Spec& spec, const Input& input) {
  if (input.origin.file < 0 || static_cast<std::size_t>(input.origin.file) >= spec.files.size()) return {};
  return fmt::format("{}:{}", spec.files[input.origin.file].path, input.origin.line);
}

/// after / before, where the two are numbers or series of the same months in one ratio.
double ratio_of(const Input* before, const Input* after) {
  if (before == nullptr || after == nullptr) return kNone;
  const Value& a = *before->spec_value;
  const Value& b = *after->spec_value;
  if (a.attribute->kind == Kind::series && a.series.values.size() == b.series.values.size() &&
      a.series.date_indices == b.series.date_indices) {
    double ratio = kNone;
    for (std::size_t i = 0; i < a.series.values.size(); ++i) {
      if (a.series.values[i] == 0 && b.series.values[i] == 0) continue;
      const double each = b.series.values[i] / a.series.values[i];
      if (!std::isnan(ratio) && !(std::abs(each - ratio) <= 1e-9 * std::abs(ratio))) return kNone;
      ratio = each;
    }
    return std::isfinite(ratio) ? ratio : kNone;
  }
  return before->mode != 0 && before->unit == after->unit ? after->mode / before->mode : kNone;
}

ValueChange change_of(const Spec& a, const Spec& b, const Input* before, const Input* after) {
  ValueChange change{.path = (before != nullptr ? before : after)->path, .ratio = ratio_of(before, after)};
  if (before != nullptr) {
    change.before = before->value;
    change.place_before = place_of(a, *before);
    change.confidence = before->confidence;
  }
  if (after != nullptr) {
    change.after = after->value;
    change.place_after = place_of(b, *after);
    if (after->confidence != ' ') change.confidence = after->confidence;
  }
  return change;
}

/// What a reader compares of one entry: its values by path, lists of records left to their records.
std::map<EntryName, std::map<std::string, Input>> by_entry(const Spec& spec) {
  std::map<EntryName, std::map<std::string, Input>> entries;
  for (Input& input : inputs_of(spec)) {
    const bool is_list = input.spec_value->attribute->kind == Kind::records;
    auto& values = entries[{input.section, input.entry}];
    if (!is_list) values.emplace(input.path, std::move(input));
  }
  return entries;
}

/// A's scenario, read again, with one entry after the other as B has it.
///
/// @returns the Model; nothing where the change does not stand alone (it names what only B has)
std::optional<Model> model_with(const Compiled& a, const Spec& b, std::span<const Cause* const> causes) {
  Loaded loaded = load_scenario(a.originals, all_sections(),
                                {.overrides = a.spec->overrides, .main = a.spec->main, .name = a.spec->name});
  if (!loaded.spec) return std::nullopt;
  Spec& spec = *loaded.spec;
  for (const Cause* cause : causes) {
    const std::size_t dot = cause->entry.find('.');
    const std::string section = cause->entry.substr(0, dot);
    const std::string name = dot == std::string::npos ? std::string() : cause->entry.substr(dot + 1);
    std::vector<Entry>& entries = spec.sections[section];
    const auto at = std::ranges::lower_bound(entries, name, {}, &Entry::name);
    const bool is_there = at != entries.end() && at->name == name;
    const Entry* const after = b.find(section, name);
    if (after == nullptr) {
      if (is_there) entries.erase(at);
    } else if (is_there) {
      *at = *after;
    } else {
      entries.insert(at, *after);
    }
  }
  Diagnostics diagnostics;
  check_references(spec, diagnostics);
  if (diagnostics.has_errors()) return std::nullopt;
  std::optional<Model> model = compile(spec, diagnostics);
  if (model && !find_gain_loops(*model, diagnostics)) model.reset();
  if (model) keep_past(a, *model);
  return model;
}

/// The calendar and the currencies give all other values their meaning: they cannot be changed alone afterwards.
bool is_core(const Cause& cause) {
  return std::ranges::any_of(core_sections(), [&](const Section* section) { return section->name == cause.entry; });
}

Impact unknown(std::string why) {
  return {.objective = kNone,
          .share = kNone,
          .usd = kNone,
          .cost_usd = kNone,
          .missed_usd = kNone,
          .unknown = std::move(why)};
}

Impact impact_of(const Model& model, const Outlook& before, const Outlook& after) {
  if (after.termination != Termination::optimal) {
    return unknown(fmt::format("alone it makes the scenario {}", to_string(after.termination)));
  }
  Impact impact{.objective = after.objective - before.objective,
                .cost_usd = after.cost_usd - before.cost_usd,
                .missed_usd = after.missed_usd - before.missed_usd};
  rate(model, before.objective, before.cost_usd, impact);
  return impact;
}

/// How large a change looks before anything is solved.
double apparent_size(const Cause& cause) {
  double size = 0;
  for (const ValueChange& change : cause.changes) {
    const double own = std::isnan(change.ratio) || change.ratio <= 0 ? 1.0 : std::abs(std::log(change.ratio));
    size = std::max(size, own);
  }
  return size;
}

void sort_by_worth(std::vector<Cause>& causes) {
  const auto key = [](const Cause& cause) {
    // what cannot be told may be the worst
    return std::tuple(cause.is_remark, cause.impact.unknown.empty(), -cause.impact.weight,
                      std::string_view(cause.entry));
  };
  std::ranges::sort(causes, [&](const Cause& x, const Cause& y) { return key(x) < key(y); });
}

}  // namespace

void rate(const Model& model, double objective, double cost_usd, Impact& impact) {
  // a solver's last digits are no worth
  const auto settle = [](double& value, double whole) {
    if (std::abs(value) <= 1e-9 * std::abs(whole)) value = 0;
  };
  settle(impact.objective, objective);
  settle(impact.cost_usd, cost_usd);
  settle(impact.missed_usd, cost_usd);
  impact.share = objective != 0 ? impact.objective / std::abs(objective) : kNone;
  const double whole = std::max(1.0, std::abs(cost_usd));
  const double second = (std::abs(impact.cost_usd) + std::abs(impact.missed_usd)) / whole;
  const double first = std::isnan(impact.share) ? std::abs(impact.objective) : std::abs(impact.share);
  switch (model.objective.kind) {
    case ObjectiveKind::min_cost:
      impact.usd = impact.objective;
      impact.weight = first;
      break;
    case ObjectiveKind::max_compute:
      impact.usd = objective > 0 ? impact.objective * cost_usd / objective : kNone;
      impact.weight = first + model.objective.tolerance * second;
      break;
    case ObjectiveKind::earliest:
      impact.usd = impact.cost_usd;
      impact.weight = first + model.objective.tolerance * second;
      break;
  }
}

std::vector<Cause> changed_entries(const Spec& a, const Spec& b) {
  const auto before = by_entry(a);
  const auto after = by_entry(b);
  std::set<EntryName> names;
  for (const auto* side : {&before, &after}) {
    for (const auto& [name, values] : *side) names.insert(name);
  }
  static const std::map<std::string, Input> none;
  std::vector<Cause> causes;
  for (const EntryName& name : names) {
    const auto values_of = [&](const auto& side) -> const std::map<std::string, Input>& {
      const auto found = side.find(name);
      return found == side.end() ? none : found->second;
    };
    const auto& old_values = values_of(before);
    const auto& new_values = values_of(after);
    Cause cause{.entry = name.second.empty() ? name.first : name.first + "." + name.second, .is_remark = true};
    std::set<std::string> paths;
    for (const auto* side : {&old_values, &new_values}) {
      for (const auto& [path, input] : *side) paths.insert(path);
    }
    for (const std::string& path : paths) {
      const auto old_value = old_values.find(path);
      const auto new_value = new_values.find(path);
      const Input* const was = old_value == old_values.end() ? nullptr : &old_value->second;
      const Input* const is = new_value == new_values.end() ? nullptr : &new_value->second;
      if (was != nullptr && is != nullptr && reads_the_same(*was->spec_value, *is->spec_value)) continue;
      // the default of an entry that is new says nothing
      if ((was == nullptr && is->is_default) || (is == nullptr && was->is_default)) continue;
      const bool plans_alike = was != nullptr && is != nullptr
                                   ? plans_the_same(*was->spec_value, *is->spec_value)
                                   : is_for_readers((was != nullptr ? was : is)->spec_value->attribute->key);
      cause.is_remark = cause.is_remark && plans_alike;
      cause.changes.push_back(change_of(a, b, was, is));
    }
    const bool is_whole = old_values.empty() != new_values.empty();
    if (cause.changes.empty() && !is_whole) continue;
    if (is_whole) cause.is_remark = false;
    const Entry* const entry = find_entry(b, name) != nullptr ? find_entry(b, name) : find_entry(a, name);
    if (entry != nullptr && entry->has("title")) cause.title = entry->text("title");
    causes.push_back(std::move(cause));
  }
  return causes;
}

Outcome<std::string> weigh_causes(const Compiled& a, const Compiled& b, const DiffOptions& options,
                                  std::vector<Cause>& causes) {
  const auto solve = [&](const Model& model) { return outlook(model, {.cancel = options.cancel}); };
  const auto tell = [&](const std::string& what) {
    if (options.on_progress) options.on_progress(what);
  };
  tell("A alone");
  const auto before = solve(*a.model);
  if (!before) return std::unexpected(before.error());
  if (before->termination != Termination::optimal) {
    const std::string why = fmt::format("A's own relaxation is {}", to_string(before->termination));
    for (Cause& cause : causes) cause.impact = unknown(why);
    return "not computed: " + why;
  }
  std::vector<Cause*> ranked;
  for (Cause& cause : causes) {
    cause.impact = {};
    if (!cause.is_remark) ranked.push_back(&cause);
  }
  std::ranges::stable_sort(ranked, std::greater(), [](const Cause* cause) { return apparent_size(*cause); });
  const auto find_impact = [&](std::span<const Cause* const> group) -> Outcome<Impact> {
    const std::optional<Model> model = model_with(a, *b.spec, group);
    if (!model) return unknown("it cannot be changed alone: it needs another change beside it");
    if (model->objective.kind != a.model->objective.kind) return unknown("it sets another goal");
    const auto after = solve(*model);
    if (!after) return std::unexpected(after.error());
    return impact_of(*a.model, *before, *after);
  };
  std::size_t solved = 0;
  std::vector<const Cause*> rest;
  for (Cause* cause : ranked) {
    if (is_core(*cause)) {
      cause->impact = unknown("it gives other values their meaning: what it is worth alone is not computed");
    } else if (solved >= static_cast<std::size_t>(options.cause_count_max)) {
      rest.push_back(cause);
    } else {
      tell(fmt::format("{} alone", cause->entry));
      auto impact = find_impact(std::array<const Cause*, 1>{cause});
      if (!impact) return std::unexpected(impact.error());
      cause->impact = std::move(*impact);
      ++solved;
    }
  }
  std::string method = "each change alone in A's scenario, by the relaxation on months without hours or whole modules";
  if (!rest.empty()) {
    tell(fmt::format("{} more together", rest.size()));
    auto together = find_impact(rest);
    if (!together) return std::unexpected(together.error());
    for (Cause& cause : causes) {
      if (std::ranges::find(rest, &cause) == rest.end()) continue;
      cause.impact = unknown(fmt::format("one of {} more, not told one by one", rest.size()));
    }
    const Impact& impact = *together;
    method += impact.unknown.empty()
                  ? fmt::format("; the last {} together: {}", rest.size(), told(impact.usd + impact.missed_usd, "USD"))
                  : fmt::format("; the last {} together: {}", rest.size(), impact.unknown);
  }
  sort_by_worth(causes);
  // what was not told comes after what was
  std::ranges::stable_sort(causes, {}, [&](const Cause& cause) {
    return cause.is_remark ? 2 : cause.impact.unknown.starts_with("one of") ? 1 : 0;
  });
  return method;
}

std::map<std::string, int> distances_from(const std::vector<Cause>& causes, const Spec& spec, const Model& model) {
  // who names whom, turned round
  std::map<std::string, std::set<std::string>> named_by;
  for (const auto& [section, entries] : spec.sections) {
    for (const Entry& entry : entries) {
      const std::string own = entry.section->single ? section : section + "." + entry.name;
      const auto add = [&](const Value& value, const std::string& name) {
        for (const std::string& target : split_words(value.attribute->target)) {
          if (spec.find(target, name) != nullptr) named_by[target + "." + name].insert(own);
        }
      };
      const auto walk = [&](const auto& self, const Entry& at) -> void {
        for (const auto& [key, value] : at.values) {
          if (value.attribute->kind == Kind::reference) add(value, value.text);
          if (value.attribute->kind == Kind::references) {
            for (const std::string& name : value.names) add(value, name);
          }
          for (const Entry& record : value.records) self(self, record);
        }
      };
      walk(walk, entry);
    }
  }
  for (const Limit& limit : model.limits) {
    for (const Term& term : limit.terms) {
      if (term.kind == TermKind::spend || term.kind == TermKind::order || term.kind == TermKind::online ||
          term.kind == TermKind::built || term.kind == TermKind::fixed) {
        named_by[limit.provenance.entry].insert(model.capacities[static_cast<std::size_t>(term.id)].provenance.entry);
      }
    }
  }
  std::map<std::string, int> distance;
  std::vector<std::string> at;
  for (const Cause& cause : causes) {
    if (cause.is_remark) continue;
    distance[cause.entry] = 0;
    at.push_back(cause.entry);
  }
  for (int step = 1; step <= 4 && !at.empty(); ++step) {
    std::vector<std::string> next;
    for (const std::string& entry : at) {
      for (const std::string& user : named_by[entry]) {
        if (distance.emplace(user, step).second) next.push_back(user);
      }
    }
    at = std::move(next);
  }
  return distance;
}

}  // namespace beltline
