#include "scenario/value_paths.h"

#include <algorithm>

#include <fmt/format.h>

namespace beltline {
namespace {

/// The value of a record's first field, where that tells it from all others: "2025" of yearly_max[2025].
std::string name_in_list(const std::vector<Entry>& records, std::size_t i, std::span<const Attribute> fields) {
  const auto name = [&](const Entry& record) -> std::string {
    const auto found = fields.empty() ? record.values.end() : record.values.find(fields.front().key);
    if (found == record.values.end()) return {};
    switch (found->second.attribute->kind) {
      case Kind::text:
      case Kind::choice:
      case Kind::reference: return found->second.text;
      case Kind::integer: return fmt::format("{}", found->second.integer);
      case Kind::month: return to_string(found->second.month);
      default: return {};
    }
  };
  const std::string own = name(records[i]);
  const auto same = std::ranges::count_if(records, [&](const Entry& record) { return name(record) == own; });
  const bool is_plain = !own.empty() && own.find_first_of("[]=*") == std::string::npos;
  return is_plain && same == 1 ? own : fmt::format("{}", i + 1);
}

/// `source` and `confidence`, unless the section has a key of its own by this name.
bool is_citation(std::string_view key, std::span<const Attribute> attributes) {
  return (key == "source" || key == "confidence") &&
         std::ranges::find(attributes, key, &Attribute::key) == attributes.end();
}

class Walk {
 public:
  explicit Walk(const std::function<void(const ValuePlace&)>& visit) : visit_(visit) {}

  void entry(const Entry& owner) {
    place_.owner = &owner;
    place_.path = std::string(owner.section->name);
    if (!owner.section->single) place_.path += "." + owner.name;
    values(owner, "", owner.section->attributes);
  }

 private:
  /// @param entry  the owner, or a record inside it
  void values(const Entry& entry, const std::string& prefix, std::span<const Attribute> attributes) {
    for (const auto& [key, value] : entry.values) {
      if (is_citation(key, attributes)) continue;
      place_.entry = &entry;
      place_.key = prefix + key;
      place_.value = &value;
      visit_(place_);
      for (std::size_t i = 0; i < value.records.size(); ++i) {
        const std::string name = name_in_list(value.records, i, value.attribute->fields);
        values(value.records[i], fmt::format("{}{}[{}].", prefix, key, name), value.attribute->fields);
      }
    }
  }

  const std::function<void(const ValuePlace&)>& visit_;
  ValuePlace place_;
};

}  // namespace

void for_each_value(const Spec& spec, const std::function<void(const ValuePlace&)>& visit) {
  Walk walk(visit);
  for (const auto& [section, entries] : spec.sections) {
    for (const Entry& entry : entries) walk.entry(entry);
  }
}

}  // namespace beltline
