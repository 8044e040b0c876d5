// The parts on the side of use: services, desks, seats, schools, public shares, regional effects.
#pragma once

#include <span>

#include "parts/part.h"

namespace beltline {

/// In the order in which they compile: regional effects last, because they read what all others spend.
std::span<const Part> service_parts();

}  // namespace beltline
