// Ranges {low, mode, high} of a scenario's values as sources of chance.
#pragma once

#include <optional>

#include "model/chances.h"
#include "scenario/value_paths.h"

namespace beltline {

/// Whether a value of this section can be drawn: not one that is itself about chance.
bool is_drawn_section(std::string_view section);

/// The range of a value, if it has one: a quantity or duration, or a series of one value, with low < high.
std::optional<Quantity> range_of(const Value& value);

/// The range as a source: PERT, named by its path.
Source source_of(const ValuePlace& place, const Quantity& range);

/// The source of this name, or −1. @cost O(sources)
int find_source(const Chances& chances, std::string_view name);

}  // namespace beltline
