// What the ranges of a scenario are called, key by key.
#pragma once

#include <span>
#include <string_view>

namespace beltline {

/// A phrase for one key of a section: {} stands for what the entry is about, {r} for the record that the key is in.
struct RangePhrase {
  std::string_view section;  // empty: of every section that has no phrase of its own
  std::string_view key;      // records without their names: "supply.lead"
  std::string_view english;  // inside a sentence; what is shown begins with a capital
  std::string_view korean;
};

std::span<const RangePhrase> phrases_of_sites();
std::span<const RangePhrase> phrases_of_goods();

/// The section's own phrase, else that of the key; null where there is none.
/// @param key  "supply.lead"
const RangePhrase* find_phrase(std::string_view section, std::string_view key);

}  // namespace beltline
