// The parts of an override: its text → path and value, and what *= and += do to a value.
#pragma once

#include <optional>
#include <string_view>

#include "scenario/override.h"

namespace beltline {

/// Cuts "site.ulsan.online=2029-06". Nothing after reporting why.
/// @param start  where the text begins in the file of overrides
std::optional<Override> parse_override(std::string_view text, const Origin& start, const SectionMap& sections,
                                       Diagnostics& diagnostics);

/// "3" → 3; nothing for what is no whole number.
std::optional<std::size_t> parse_position(std::string_view text);

/// Scales or adds to one value; what comes out must keep the key's bounds.
/// @errors BL0103 a value that is no number, BL0104 bounds, BL0106 and BL0107 units
void change_value(Reading& reading, const Override& change, std::string_view owner, Value& value);

}  // namespace beltline
