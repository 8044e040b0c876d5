// TOML text → Node. The only file that knows toml++.
#pragma once

#include <optional>
#include <string_view>

#include "base/diagnostic.h"
#include "scenario/node.h"

namespace beltline {

/// Looks over TOML text before it is parsed: nesting, dotted keys and the number of values stay within limits.h.
///
/// toml++ 3.3.0 recurses once a level and once a segment of a dotted key: 200,000 of them end the program.
/// @errors BL0006 nested too deep, BL0007 a header that toml++ does not survive, BL0011 too many values
bool prescan_toml(std::string_view text, int32_t file, Diagnostics& diagnostics);

/// Parses a file that was read and prescanned. On a syntax error one diagnostic says where, and nothing is returned.
/// @errors BL0007, BL0105 for a number too large to hold
std::optional<SourceNode> parse_toml(std::string_view text, int32_t file, Diagnostics& diagnostics);

}  // namespace beltline
