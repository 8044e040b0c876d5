// Many random draws at once, the same numbers as one by one.
#pragma once

#include <span>

#include "base/random.h"

namespace beltline {

/// out[i] = uniform01 of the key with its replication + i.
///
/// @cost about 2 ns a draw where the processor has wide registers, 10 ns where not; no allocation
void uniform01_row(const DrawKey& first, std::span<double> out);

}  // namespace beltline
