// The languages that the program speaks.
#pragma once

#include <cstdint>

namespace beltline {

enum class Language : uint8_t { english, korean };

}  // namespace beltline
