#include "app/table_file.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "table/files.h"

namespace beltline {

std::string check_table_file(const std::string& file) {
  constexpr std::array<std::string_view, 4> kEnds{".csv", ".parquet", ".xlsx", ".json"};
  const bool is_known = std::ranges::any_of(kEnds, [&](std::string_view end) { return file.ends_with(end); });
  return is_known ? std::string()
                  : "'" + file + "' must end in .csv, .parquet, .xlsx or .json, which say how to write it";
}

Outcome<void> write_table_file(const Table& table, const std::string& file) {
  std::string bytes;
  if (file.ends_with(".parquet") || file.ends_with(".xlsx")) {
    auto packed = file.ends_with(".xlsx") ? to_xlsx(table) : to_parquet(table);
    if (!packed) return std::unexpected(packed.error());
    bytes = std::move(*packed);
  } else {
    bytes = file.ends_with(".json") ? to_json(table) + "\n" : to_csv(table);
  }
  return write_file_atomically(file, bytes);
}

}  // namespace beltline
