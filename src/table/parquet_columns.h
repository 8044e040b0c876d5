// Some columns of a Parquet file.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/failure.h"
#include "table/table.h"

namespace beltline {

/// As table_from_parquet, but only those of `columns` that the file has, in its order; all where none are named. Others
/// may be of any type. The content's SHA-256 is of all columns, and verified only where all are read; page checksums
/// always are.
Outcome<Table> columns_from_parquet(std::string bytes, std::string name, std::span<const std::string_view> columns,
                                    std::size_t memory_bytes_max = 0);

}  // namespace beltline
