// Any bytes as Parquet: a Failure, or a table that is the same after being written and read again.
//
// Random bytes hardly pass for Parquet. Half of the inputs are therefore edits (place, byte) of a file we wrote.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "table/content_digest.h"
#include "table/table.h"

namespace {

std::string edited(std::string bytes, const uint8_t* data, std::size_t size) {
  for (; size >= 3; data += 3, size -= 3) {
    const std::size_t place = static_cast<std::size_t>(data[0]) << 8 | data[1];
    bytes[bytes.size() - 1 - place % bytes.size()] = static_cast<char>(data[2]);
  }
  return bytes;
}

// Without our SHA-256, as another program would write it, so that damage gets past it.
std::string example_file() {
  beltline::Table table{.name = "t", .title = "title"};
  auto& x = table.add_numbers("x", "MW", "load").values.emplace<std::vector<double>>();
  for (int i = 0; i < 40; ++i) x.push_back(i * 0.25);
  auto& n = table.add_integers("n", "").values.emplace<std::vector<int64_t>>();
  for (int i = 0; i < 40; ++i) n.push_back(i % 3);
  auto& s = table.add_texts("s").values.emplace<std::vector<std::string>>();
  for (int i = 0; i < 40; ++i) s.push_back(std::string(static_cast<std::size_t>(i), 'a'));
  std::string bytes = beltline::to_parquet(table).value();
  const std::string key = "beltline version 1";
  for (std::size_t at = bytes.find(key); at != std::string::npos; at = bytes.find(key, at)) bytes[at] = 'x';
  return bytes;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  static const std::string example = example_file();
  if (size == 0) return 0;
  const bool edit = data[0] % 2 == 0;
  std::string bytes =
      edit ? edited(example, data + 1, size - 1) : std::string(reinterpret_cast<const char*>(data + 1), size - 1);
  const auto table = beltline::table_from_parquet(std::move(bytes), "t");
  if (!table) return 0;
  const auto written = beltline::to_parquet(*table);
  if (!written) return 0;
  const auto again = beltline::table_from_parquet(*written, "t", std::size_t{1} << 30);
  if (!again || beltline::content_digest(*again) != beltline::content_digest(*table)) std::abort();
  return 0;
}
