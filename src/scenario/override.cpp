#include "scenario/override.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"
#include "scenario/load.h"
#include "scenario/override_path.h"

namespace beltline {
namespace {

/// How diagnostics name the entry: "site 'ulsan'", "[calendar]".
std::string owner_of(const Section& section, std::string_view entry) {
  return section.single ? fmt::format("[{}]", section.name) : fmt::format("{} '{}'", section.name, entry);
}

void report_no_key(const PathStep& step, std::span<const Attribute> attributes, std::string_view owner,
                   Diagnostics& diagnostics) {
  std::vector<std::string> keys;
  for (const auto list : {attributes, common_attributes()}) {
    for (const Attribute& a : list) keys.emplace_back(a.key);
  }
  add_unknown_key(diagnostics, {.owner = owner, .key = step.text, .origin = step.origin}, keys);
}

/// What lies at a key's records: where the bracket points, and which field follows it.
struct RecordPath {
  const Attribute* attribute = nullptr;
  std::string owner;
};

/// Checks that a path of more than a key goes through records; nothing after reporting why not.
std::optional<RecordPath> record_path(std::span<const PathStep> steps, std::span<const Attribute> attributes,
                                      const std::string& owner, Diagnostics& diagnostics) {
  const Attribute* const attribute = find_attribute(attributes, steps[0].text);
  if (attribute == nullptr) {
    report_no_key(steps[0], attributes, owner, diagnostics);
    return std::nullopt;
  }
  if (attribute->kind == Kind::records && steps[1].is_record) return RecordPath{attribute, owner};
  const bool is_list = attribute->kind == Kind::records;
  diagnostics.add(
      {.code = Code::bad_override,
       .origin = steps[1].origin,
       .message =
           fmt::format("{} of {} has no part '{}' that could be set", attribute->key, owner, printable(steps[1].text)),
       .found = printable(steps[1].text),
       .help = is_list ? fmt::format("say which record: {}[1]", attribute->key)
                       : fmt::format("set the whole value: {}={{mode = ..., low = ..., high = ...}}", attribute->key)});
  return std::nullopt;
}

/// The records that a bracket means, by position from 0.
///
/// @param name_of  position → value of the records' first field, "" for none
template <class NameOf>
std::vector<std::size_t> find_records(const PathStep& step, const RecordPath& path, std::size_t count, NameOf name_of,
                                      Diagnostics& diagnostics) {
  std::vector<std::size_t> found;
  const std::optional<std::size_t> position = parse_position(step.text);
  const bool is_position = position && *position >= 1 && *position <= count;
  std::vector<std::string> names;
  for (std::size_t i = 0; i < count; ++i) {
    names.push_back(name_of(i));
    const bool is_meant = is_position ? i + 1 == *position : names.back() == step.text;
    if (step.text == "*" || is_meant) found.push_back(i);
  }
  const bool is_ambiguous = step.text != "*" && found.size() > 1;
  if (!found.empty() && !is_ambiguous) return found;
  std::ranges::sort(names);
  names.erase(std::ranges::unique(names).begin(), names.end());
  std::erase(names, "");
  const std::string help = did_you_mean_text(nearest_word(step.text, names));
  diagnostics.add({.code = Code::dangling_reference,
                   .origin = step.origin,
                   .message = is_ambiguous ? fmt::format("{} records of {} of {} are called '{}'", found.size(),
                                                         path.attribute->key, path.owner, printable(step.text))
                                           : fmt::format("{} of {} has no record '{}'", path.attribute->key, path.owner,
                                                         printable(step.text)),
                   .found = printable(step.text),
                   .expected = count == 0 ? "a value for the whole key: there are no records yet"
                               : names.empty()
                                   ? fmt::format("a position from 1 to {}, or *", count)
                                   : fmt::format("a position from 1 to {}, *, {}", count, fmt::join(names, ", ")),
                   .help = help.empty() ? "name a record by its position or its first key" : help});
  return {};
}

std::string first_field(const Attribute& attribute) {
  return attribute.fields.empty() ? std::string() : std::string(attribute.fields.front().key);
}

std::string record_owner(const RecordPath& path, std::size_t i) {
  return fmt::format("{}[{}] of {}", path.attribute->key, i + 1, path.owner);
}

/// Puts a value where the steps lead, below the table of an entry or record.
class Assigner {
 public:
  Assigner(const SourceNode& value, Diagnostics& diagnostics) : value_(value), diagnostics_(diagnostics) {}

  void put(SourceNode& table, std::span<const PathStep> steps, std::span<const Attribute> attributes,
           const std::string& owner) {
    const auto member = std::ranges::find(table.members, steps[0].text, &Member::key);
    if (steps.size() == 1) {
      if (member != table.members.end()) {
        *member = {steps[0].text, steps[0].origin, value_};
      } else {
        table.members.push_back({steps[0].text, steps[0].origin, value_});
      }
      return;
    }
    const std::optional<RecordPath> path = record_path(steps, attributes, owner, diagnostics_);
    if (!path) return;
    std::vector<SourceNode> none;
    std::vector<SourceNode>& records = member == table.members.end() ? none : member->value.items;
    const std::string field = first_field(*path->attribute);
    const auto name_of = [&](std::size_t i) {
      const SourceNode* const name = records[i].find(field);
      return name == nullptr ? std::string() : name->text;
    };
    for (const std::size_t i : find_records(steps[1], *path, records.size(), name_of, diagnostics_)) {
      if (steps.size() == 2) {
        records[i] = value_;
      } else {
        put(records[i], steps.subspan(2), path->attribute->fields, record_owner(*path, i));
      }
    }
  }

 private:
  const SourceNode& value_;
  Diagnostics& diagnostics_;
};

/// The value of a record's first field as text: what it is called by.
std::string name_of_record(const Entry& record, const std::string& field) {
  const auto found = record.values.find(field);
  if (found == record.values.end()) return {};
  const Value& value = found->second;
  switch (value.attribute->kind) {
    case Kind::integer: return fmt::format("{}", value.integer);
    case Kind::month: return to_string(value.month);
    default: return value.text;
  }
}

/// Scales, or adds to, the value where the steps lead.
class Changer {
 public:
  Changer(Reading& reading, const Override& change) : reading_(reading), change_(change) {}

  /// @param table  what the entry was read from; null below defaults
  void apply(Entry& entry, const SourceNode* table, std::span<const PathStep> steps,
             std::span<const Attribute> attributes, const std::string& owner) {
    const auto found = entry.values.find(steps[0].text);
    if (find_attribute(attributes, steps[0].text) == nullptr) {
      return report_no_key(steps[0], attributes, owner, reading_.diagnostics);
    }
    if (found == entry.values.end()) {
      // what could not be read has been reported
      if (table == nullptr || table->find(steps[0].text) == nullptr) report_nothing(steps[0], owner);
      return;
    }
    if (steps.size() == 1) return change_value(reading_, change_, owner, found->second);
    const std::optional<RecordPath> path = record_path(steps, attributes, owner, reading_.diagnostics);
    if (!path) return;
    std::vector<Entry>& records = found->second.records;
    const std::string field = first_field(*path->attribute);
    const auto name_of = [&](std::size_t i) { return name_of_record(records[i], field); };
    for (const std::size_t i : find_records(steps[1], *path, records.size(), name_of, reading_.diagnostics)) {
      if (steps.size() == 2) {
        report_nothing(steps[1], record_owner(*path, i));
      } else {
        apply(records[i], nullptr, steps.subspan(2), path->attribute->fields, record_owner(*path, i));
      }
    }
  }

 private:
  void report_nothing(const PathStep& step, const std::string& owner) {
    reading_.diagnostics.add({.code = Code::missing_key,
                              .origin = step.origin,
                              .message = fmt::format("{} has no {} that could be changed", owner, printable(step.text)),
                              .expected = "a number that is written, or has a default",
                              .help = "set it with = instead"});
  }

  Reading& reading_;
  const Override& change_;
};

/// Whether `inner` lies at or below `outer`.
bool is_within(const Override& inner, const Override& outer) {
  if (inner.section != outer.section || inner.entry != outer.entry) return false;
  if (inner.steps.size() < outer.steps.size()) return false;
  return std::ranges::equal(std::span(inner.steps).first(outer.steps.size()), outer.steps, {}, &PathStep::text,
                            &PathStep::text);
}

}  // namespace

Overrides::Overrides(std::span<const std::string> sets, int32_t file, const SectionMap& sections,
                     Diagnostics& diagnostics) {
  uint32_t line = 1;
  for (const std::string& set : sets) {
    if (auto parsed = parse_override(set, {.file = file, .line = line, .column = 1}, sections, diagnostics)) {
      // a value that is set anew leaves nothing of earlier changes
      std::erase_if(overrides_, [&](const Override& earlier) {
        return parsed->kind == Override::Kind::assign && earlier.kind != Override::Kind::assign &&
               is_within(earlier, *parsed);
      });
      overrides_.push_back(std::move(*parsed));
    }
    line += 1 + static_cast<uint32_t>(std::ranges::count(set, '\n'));
  }
}

bool Overrides::concerns(const Section& section, std::string_view entry) const {
  return std::ranges::any_of(overrides_,
                             [&](const Override& each) { return each.section == &section && each.entry == entry; });
}

SourceNode Overrides::assign(const Section& section, std::string_view entry, SourceNode table,
                             Diagnostics& diagnostics) {
  known_.emplace(section.name, entry);
  for (const Override& each : overrides_) {
    if (each.section != &section || each.entry != entry || each.kind != Override::Kind::assign) continue;
    Assigner(each.value, diagnostics).put(table, each.steps, section.attributes, owner_of(section, entry));
  }
  return table;
}

void Overrides::change(Reading& reading, const Section& section, const SourceNode& table, Entry& entry) const {
  for (const Override& each : overrides_) {
    if (each.section != &section || each.entry != entry.name || each.kind == Override::Kind::assign) continue;
    Changer(reading, each).apply(entry, &table, each.steps, section.attributes, owner_of(section, entry.name));
  }
}

std::vector<Overrides::NewEntry> Overrides::take_new(bool is_core, const Spec& spec, Diagnostics& diagnostics) {
  std::vector<NewEntry> taken;
  for (std::size_t i = 0; i < overrides_.size(); ++i) {
    const Override& each = overrides_[i];
    const auto core = core_sections();
    const bool in_core = std::ranges::find(core, each.section) != core.end();
    if (in_core != is_core || known_.contains({std::string(each.section->name), each.entry})) continue;
    NewEntry made{.section = each.section, .name = each.entry, .origin = each.entry_origin, .table = {}};
    made.table.type = NodeType::table;
    made.table.origin = each.entry_origin;
    made.table = assign(*each.section, each.entry, std::move(made.table), diagnostics);

    std::vector<std::string> names, missing;
    for (const Entry& other : spec.entries(each.section->name)) names.push_back(other.name);
    for (const Attribute& a : each.section->attributes) {
      if (a.required && made.table.find(a.key) == nullptr) missing.emplace_back(a.key);
    }
    const std::string nearest = nearest_word(each.entry, names);
    // a slip of the finger must neither pass for a new entry nor be told as keys that lack
    if (!each.section->single && (!missing.empty() || !nearest.empty() || made.table.members.empty())) {
      diagnostics.add({.code = Code::dangling_reference,
                       .severity = missing.empty() && !made.table.members.empty() ? Severity::warning : Severity::error,
                       .origin = each.entry_origin,
                       .message = fmt::format("the scenario has no {} '{}'", each.section->name, each.entry),
                       .found = each.entry,
                       .expected = missing.empty() ? std::string()
                                                   : fmt::format("the name of one, or for a new one also its {}",
                                                                 fmt::join(missing, ", ")),
                       .help = nearest.empty() ? "set every key that it needs, each with a --set of its own"
                                               : did_you_mean_text(nearest)});
      if (!missing.empty() || made.table.members.empty()) continue;
    }
    taken.push_back(std::move(made));
  }
  return taken;
}

}  // namespace beltline
