// Which sources of chance reach anything that a play does.
#pragma once

#include <vector>

#include "risk/play.h"

namespace beltline {

/// [source] Whether something that the plan starts, orders, moves or pays for depends on it. What is about a process
/// that the plan never runs, or a price that it never pays, reaches nothing.
/// @cost O(operations + slots)
std::vector<char> sources_in_reach(const Play& play);

}  // namespace beltline
