// Any bytes as CSV: a Failure, or a table that is the same after being written and read again.
#include <cstdint>
#include <cstdlib>

#include "table/table.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto table = beltline::table_from_csv(text, "t");
  if (!table) return 0;
  static_cast<void>(beltline::to_json(*table));
  static_cast<void>(beltline::to_text(*table));
  const std::string written = beltline::to_csv(*table);
  const auto again = beltline::table_from_csv(written, "t");
  if (!again || beltline::to_csv(*again) != written) std::abort();
  return 0;
}
