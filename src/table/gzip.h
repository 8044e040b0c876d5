// A file in gzip's format (RFC 1952), in memory.
#pragma once

#include <string>
#include <string_view>

#include "base/failure.h"

namespace beltline {

/// Without a name or a time, so that the same bytes give the same file.
/// @errors no memory
Outcome<std::string> to_gzip(std::string_view bytes);

}  // namespace beltline
