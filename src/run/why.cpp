#include "run/why.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>
#include <set>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "model/words.h"
#include "run/figure_words.h"
#include "run/run_scenario.h"
#include "table/run_folder.h"

namespace beltline {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

/// Tables whose first column names an entity, and the column that tells its value.
struct EntityTable {
  std::string_view table;
  std::string_view name;
  std::string_view period;
  std::string_view value;
  std::string_view kind;  // of the entity, for its words and its entry
};
constexpr std::array kEntityTables{
    EntityTable{"builds", "capacity", "ordered", "quantity", "capacity"},
    EntityTable{"capacity", "capacity", "period", "online", "capacity"},
    EntityTable{"activity", "process", "period", "mean", "process"},
    EntityTable{"limits", "limit", "period", "value", "limit"},
    EntityTable{"commitments", "commitment", "period", "drawn", "commitment"},
    EntityTable{"moves", "move", "leaves", "quantity", "move"},
};

const char* formula_of(std::string_view table) {
  if (table == "builds") return "a decision of the plan: what is ordered, by the goal and under all that binds";
  if (table == "capacity") return "what stands there anyway, and what was ordered and is online by then";
  if (table == "activity") return "a decision of the plan: how much runs, by the goal and under all that binds";
  if (table == "limits") return "the sum that the limit counts";
  if (table == "commitments") return "what the plan draws of the promise";
  return "a decision of the plan";
}

/// One run while a question about it is answered.
class Walker {
 public:
  Walker(std::filesystem::path folder, Compiled compiled)
      : folder_(std::move(folder)), compiled_(std::move(compiled)), inputs_(inputs_of(*compiled_.spec)) {}

  Outcome<std::expected<Why, UnknownFigure>> run(const std::string& asked) {
    const auto names = table_names(folder_);
    if (!names) return std::unexpected(names.error());
    tables_ = {names->begin(), names->end()};
    out_.figure = asked;
    out_.value = kNone;
    out_.overrides = compiled_.spec->overrides;
    for (const auto step : {&Walker::summary, &Walker::row_of_table, &Walker::input}) {
      auto found = (this->*step)(asked);
      if (!found) return std::unexpected(found.error());
      if (*found) return std::expected<Why, UnknownFigure>(std::move(out_));
    }
    return std::expected<Why, UnknownFigure>(std::unexpected(UnknownFigure{asked, nearest_word(asked, candidates_)}));
  }

 private:
  Outcome<Table> read(const std::string& name) const { return read_run_table(folder_, name); }
  [[nodiscard]] const Spec& spec() const { return *compiled_.spec; }
  [[nodiscard]] const Model& model() const { return *compiled_.model; }

  /// it_power
  Outcome<bool> summary(const std::string& asked) {
    if (!tables_.contains("summary")) return false;
    const auto table = read("summary");
    if (!table) return std::unexpected(table.error());
    const auto& names = table->column("name").texts();
    candidates_.insert(candidates_.end(), names.begin(), names.end());
    const auto found = std::ranges::find(names, asked);
    if (found == names.end()) return false;
    const auto row = static_cast<std::size_t>(found - names.begin());
    out_.title = figure_title(spec(), asked);
    out_.value = table->column("value").numbers()[row];
    out_.unit = table->column("unit").texts()[row];
    out_.value_text = told(out_.value, out_.unit);
    out_.note = table->column("note").texts()[row];
    if (auto traced = trace("summary", asked); !traced) return std::unexpected(traced.error());
    return true;
  }

  /// programme.it_load_installed@ulsan:2029-12, builds.hall@ulsan
  Outcome<bool> row_of_table(const std::string& asked) {
    const std::size_t dot = asked.find('.');
    const std::string name = asked.substr(0, dot);
    if (dot == std::string::npos || !tables_.contains(name)) {
      for (const std::string& each : tables_) candidates_.push_back(each);
      return false;
    }
    std::string item = asked.substr(dot + 1);
    std::string period;
    if (const std::size_t colon = item.rfind(':'); colon != std::string::npos) {
      period = item.substr(colon + 1);
      item.resize(colon);
    }
    const auto table = read(name);
    if (!table) return std::unexpected(table.error());
    const auto entity = std::ranges::find(kEntityTables, std::string_view(name), &EntityTable::table);
    if (entity != kEntityTables.end()) return entity_row(*table, *entity, item, period);
    if (table->find("measure") != nullptr && table->find("place") != nullptr) return measure(*table, item, period);
    return false;
  }

  Outcome<bool> measure(const Table& table, const std::string& item, const std::string& period) {
    const auto& names = table.column("measure").texts();
    const auto& places = table.column("place").texts();
    const auto& periods = table.column("period").texts();
    const auto label = [&](std::size_t i) {
      const bool says_where = names[i].find('@') != std::string::npos || places[i].empty();
      return says_where ? names[i] : names[i] + "@" + places[i];
    };
    std::map<std::string, double> by_period;
    for (std::size_t i = 0; i < table.row_count(); ++i) {
      candidates_.push_back(table.name + "." + label(i));
      if (label(i) != item) continue;
      // several parties at one place add up
      by_period[periods[i]] += table.column("value").numbers()[i];
      out_.unit = table.column("unit").texts()[i];
    }
    if (by_period.empty() || (!period.empty() && !by_period.contains(period))) {
      for (const auto& [each, value] : by_period) candidates_.push_back(table.name + "." + item + ":" + each);
      return false;
    }
    const auto found = std::ranges::find_if(model().measures, [&](const Measure& each) {
      const std::string name = each.place.valid() && each.name.find('@') == std::string::npos
                                   ? each.name + "@" + model().places[each.place.index()].name
                                   : each.name;
      return each.table == table.name && name == item;
    });
    out_.title = found != model().measures.end() ? found->titles.title : item;
    set_points(by_period, period);
    if (auto traced = trace(table.name, item); !traced) return std::unexpected(traced.error());
    return true;
  }

  Outcome<bool> entity_row(const Table& table, const EntityTable& form, const std::string& item,
                           const std::string& period) {
    const auto& names = table.column(form.name).texts();
    const auto& periods = table.column(form.period).texts();
    std::map<std::string, double> by_period;
    for (std::size_t i = 0; i < table.row_count(); ++i) {
      candidates_.push_back(table.name + "." + names[i]);
      if (names[i] != item) continue;
      by_period[periods[i]] += table.column(form.value).numbers()[i];
      if (table.find("unit") != nullptr) out_.unit = table.column("unit").texts()[i];
      if (form.table == "builds")
        out_.points.push_back(
            {periods[i], table.column("quantity").numbers()[i], "online " + table.column("online").texts()[i]});
    }
    const Provenance* const provenance = provenance_named(form.kind, item);
    if (provenance == nullptr || (!period.empty() && !by_period.contains(period))) {
      out_.points.clear();
      return false;
    }
    out_.title = title_of(model(), form.kind, item);
    out_.formula = formula_of(form.table);
    if (form.table == "builds" && period.empty()) {
      out_.value = 0;
      for (const auto& [each, value] : by_period) out_.value += value;
      out_.value_text = out_.value > 0 ? told(out_.value, out_.unit) + " ordered" : "nothing is ordered";
    } else {
      out_.points.clear();
      if (by_period.empty()) by_period[model().calendar.label(model().period_count() - 1)] = 0;
      set_points(by_period, period);
    }
    add_entry(provenance->entry, {"decides it"}, kNone);
    add_named_by(provenance->entry);
    finish();
    return true;
  }

  /// site.ulsan.online, site.ulsan
  Outcome<bool> input(const std::string& asked) {
    std::set<std::string> entries;
    const Input* exact = nullptr;
    for (const Input& each : inputs_) {
      const std::string entry = each.entry.empty() ? each.section : each.section + "." + each.entry;
      entries.insert(entry);
      candidates_.push_back(each.path);
      if (each.path == asked) exact = &each;
    }
    candidates_.insert(candidates_.end(), entries.begin(), entries.end());
    const std::string entry =
        exact != nullptr ? (exact->entry.empty() ? exact->section : exact->section + "." + exact->entry) : asked;
    if (exact == nullptr && !entries.contains(asked)) return false;
    out_.title = entry_title(entry);
    if (exact != nullptr) {
      out_.value = exact->mode;
      out_.value_text = exact->value;
      out_.unit = exact->unit;
      out_.formula = exact->is_default ? "not written; the schema's default" : "given by the scenario";
      WhyEntry only{.entry = entry, .title = entry_title(entry), .roles = {}, .share = kNone, .inputs = {}};
      only.inputs.push_back({*exact, place_of(*exact), 1});
      out_.entries.push_back(std::move(only));
    } else {
      out_.formula = "an entry of the scenario";
      add_entry(entry, {}, kNone);
      finish();
    }
    if (!tables_.contains("lineage")) return true;
    const auto lineage = read("lineage");
    if (!lineage) return std::unexpected(lineage.error());
    std::set<std::string> seen;
    for (std::size_t i = 0; i < lineage->row_count(); ++i) {
      if (lineage->column("entry").texts()[i] != entry) continue;
      const std::string& table = lineage->column("table").texts()[i];
      const std::string& figure = lineage->column("figure").texts()[i];
      std::string name = table == "summary" ? figure : table + "." + figure;
      if (seen.insert(name).second) out_.used_by.push_back(std::move(name));
    }
    return true;
  }

  void set_points(const std::map<std::string, double>& by_period, const std::string& period) {
    if (!period.empty()) {
      out_.value = by_period.at(period);
      out_.value_text = told(out_.value, out_.unit) + " in " + period;
      return;
    }
    out_.value = by_period.rbegin()->second;
    out_.value_text = told(out_.value, out_.unit) + " in " + by_period.rbegin()->first;
    for (const auto& [each, value] : by_period) out_.points.push_back({each, value, {}});
  }

  /// The entries that the table `lineage` has for a figure.
  Outcome<void> trace(const std::string& table, const std::string& figure) {
    if (!tables_.contains("lineage")) return {};
    const auto lineage = read("lineage");
    if (!lineage) return std::unexpected(lineage.error());
    std::map<std::string, std::pair<std::vector<std::string>, double>> entries;
    double whole = 0;
    for (std::size_t i = 0; i < lineage->row_count(); ++i) {
      if (lineage->column("figure").texts()[i] != figure || lineage->column("table").texts()[i] != table) continue;
      const double part = lineage->column("part").numbers()[i];
      auto& [roles, sum] = entries[lineage->column("entry").texts()[i]];
      roles.push_back(lineage->column("role").texts()[i]);
      sum += part;
      whole += std::abs(part);
      out_.formula = lineage->column("formula").texts()[i];
    }
    for (auto& [entry, found] : entries) {
      add_entry(entry, std::move(found.first), whole > 0 ? found.second / whole : kNone);
    }
    finish();
    return {};
  }

  void add_entry(const std::string& entry, std::vector<std::string> roles, double share) {
    if (std::ranges::find(out_.entries, entry, &WhyEntry::entry) != out_.entries.end()) return;
    WhyEntry made{.entry = entry, .title = entry_title(entry), .roles = std::move(roles), .share = share, .inputs = {}};
    for (const Input& each : inputs_) {
      const std::string own = each.entry.empty() ? each.section : each.section + "." + each.entry;
      if (own != entry || is_for_readers(each.spec_value->attribute->key)) continue;
      made.inputs.push_back({each, place_of(each), relevance(each, made.roles)});
    }
    std::ranges::stable_sort(made.inputs, std::greater(), &WhyInput::relevance);
    out_.entries.push_back(std::move(made));
  }

  /// Entries that this one names: the site of a hall, the yard of a hull.
  void add_named_by(const std::string& entry) {
    const std::size_t dot = entry.find('.');
    if (dot == std::string::npos) return;
    const Entry* const found = spec().find(entry.substr(0, dot), entry.substr(dot + 1));
    if (found == nullptr) return;
    for (const auto& [key, value] : found->values) {
      if (value.attribute->kind != Kind::reference && value.attribute->kind != Kind::references) continue;
      std::vector<std::string> names = value.names;
      if (!value.text.empty()) names.push_back(value.text);
      for (const std::string& name : names) {
        for (const std::string& section : split_words(value.attribute->target)) {
          // a place or a party says nothing about how much
          if (section == "place" || section == "party" || spec().find(section, name) == nullptr) continue;
          add_entry(section + "." + name, {"its " + key}, kNone);
        }
      }
    }
  }

  void finish() {
    std::ranges::stable_sort(out_.entries, std::greater(),
                             [](const WhyEntry& each) { return std::isnan(each.share) ? 0.0 : std::abs(each.share); });
  }

  /// What a screen shows first: values in the figure's unit, then what was written, then what is weak.
  [[nodiscard]] double relevance(const Input& each, const std::vector<std::string>& roles) const {
    const Kind kind = each.spec_value->attribute->kind;
    const bool is_money = std::ranges::any_of(roles, [](const std::string& role) {
      return role.find("capex") != std::string::npos || role.find("cost") != std::string::npos;
    });
    const bool is_number = !std::isnan(each.mode) || kind == Kind::month;
    double score = is_number ? 1 : 0;
    if (kind == Kind::choice && !each.is_default) score += 2;
    if (is_money && each.unit.starts_with("USD")) score += kFits;
    // of "kW/rack" and "MW" the numerators tell
    const std::string numerator = each.unit.substr(0, each.unit.find('/'));
    const std::string wanted = out_.unit.substr(0, out_.unit.find('/'));
    if (!numerator.empty() && numerator != "1" && !wanted.empty() && spec().units.convertible(numerator, wanted))
      score += kFits;
    if (is_number && !each.is_default) score += 2;
    if (is_number && each.is_weak()) score += 1;
    return score;
  }

  [[nodiscard]] std::string place_of(const Input& each) const {
    const bool known = each.origin.file >= 0 && static_cast<std::size_t>(each.origin.file) < spec().files.size();
    return known ? fmt::format("{}:{}", spec().files[each.origin.file].path, each.origin.line) : std::string();
  }

  [[nodiscard]] std::string entry_title(const std::string& entry) const {
    const std::size_t dot = entry.find('.');
    const Entry* const found =
        dot == std::string::npos ? spec().single(entry) : spec().find(entry.substr(0, dot), entry.substr(dot + 1));
    return found != nullptr && found->has("title") ? found->text("title") : std::string();
  }

  [[nodiscard]] const Provenance* provenance_named(std::string_view kind, const std::string& name) const {
    const auto find = [&](const auto& entities) -> const Provenance* {
      const auto found = std::ranges::find_if(entities, [&](const auto& each) { return each.name == name; });
      return found == entities.end() ? nullptr : &found->provenance;
    };
    if (kind == "capacity") return find(model().capacities);
    if (kind == "process") return find(model().processes);
    if (kind == "limit") return find(model().limits);
    if (kind == "commitment") return find(model().commitments);
    return find(model().moves);
  }

  std::filesystem::path folder_;
  Compiled compiled_;
  std::vector<Input> inputs_;
  std::set<std::string> tables_;
  std::vector<std::string> candidates_;
  Why out_;
};

}  // namespace

Outcome<std::expected<Why, UnknownFigure>> why(const std::filesystem::path& run_folder, const std::string& figure) {
  auto compiled = compile_run(run_folder);
  if (!compiled) return std::unexpected(compiled.error());
  if (!compiled->model) {
    return failure(not_compiled(run_folder, *compiled));
  }
  return Walker(run_folder, std::move(*compiled)).run(figure);
}

}  // namespace beltline
