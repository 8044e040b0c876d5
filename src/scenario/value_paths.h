// Every value of a scenario, each with the path that --set takes.
#pragma once

#include <functional>
#include <string>

#include "scenario/spec.h"

namespace beltline {

/// One value and where it stands.
struct ValuePlace {
  std::string path;              // of the entry: "site.ulsan"; of a single section its name
  std::string key;               // "online", "yearly_max[2025].amount"
  const Entry* owner = nullptr;  // the entry
  const Entry* entry = nullptr;  // the entry, or the record inside it that the value is of
  const Value* value = nullptr;

  /// "budget.programme.yearly_max[2025].amount"
  [[nodiscard]] std::string full_path() const { return path + "." + key; }
  [[nodiscard]] bool is_of_record() const { return entry != owner; }
};

/// All values, entry by entry and key by key in order of name, each before those of its records. `source` and
/// `confidence` belong to the values that they are about, unless the section has keys of its own by these names.
void for_each_value(const Spec& spec, const std::function<void(const ValuePlace&)>& visit);

}  // namespace beltline
