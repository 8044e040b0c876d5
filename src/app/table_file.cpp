#include "app/table_file.h"

#include "table/files.h"

namespace beltline {

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
