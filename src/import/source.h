// One text file of a source.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

#include "import/formats.h"

namespace beltline {

enum class TextKind : uint8_t {
  utf8,
  any,  // comments in an older encoding do no harm
};

/// Reads a text into `out.files`, without a byte order mark; its index, or nothing after saying why.
/// @errors BL0001..BL0005
std::optional<int32_t> read_source(const std::filesystem::path& path, Imported& out, TextKind kind = TextKind::utf8);

}  // namespace beltline
