// A SHA-256 over what a table says, whatever its file form.
#pragma once

#include <string>

#include "table/table.h"

namespace beltline {

/// Covers the title and every column's name, unit, description, type and values (doubles by their bits), but not the
/// table's name, which is its file's.
std::string content_digest(const Table& table);

}  // namespace beltline
