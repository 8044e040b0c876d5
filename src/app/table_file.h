// A table that a command writes to a file of the user's choice.
#pragma once

#include <string>

#include "base/failure.h"
#include "table/table.h"

namespace beltline {

/// What is wrong with the name of such a file, or "": its end says the format.
std::string check_table_file(const std::string& file);

/// The table in the format that the file's name asks for: .parquet, .xlsx, .json, else CSV.
/// @errors the disk's; what a sheet does not hold
Outcome<void> write_table_file(const Table& table, const std::string& file);

}  // namespace beltline
