// The parts of sites, floating centres and power.
#pragma once

#include <span>

#include "parts/part.h"

namespace beltline {

/// In the order in which they compile.
std::span<const Part> site_parts();

}  // namespace beltline
