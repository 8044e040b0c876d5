// Tables and folders that the tests of this room share.
#pragma once

#include <unistd.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "base/random.h"
#include "table/table.h"

namespace beltline {

/// Numbers, integers and texts, with what tends to break: signs of zero, NaN, infinities, quotes, Korean, line breaks.
inline Table example_table(std::size_t row_count = 12) {
  Table table{.name = "build", .title = "Capacity built, by site and month"};
  const double numbers[] = {
      0.1, -0.0, 1e300, 5e-324, 1.0 / 3, 123456789.125, std::bit_cast<double>(0x7ff8000000001234)};
  const char* texts[] = {"평택", "a,b", "say \"so\"", "", "two\nlines", " spaced ", "007", "plain"};
  auto& power = std::get<std::vector<double>>(table.add_numbers("power", "MW", "load at the meter").values);
  for (std::size_t row = 0; row < row_count; ++row) power.push_back(numbers[row % std::size(numbers)]);
  auto& month = std::get<std::vector<int64_t>>(table.add_integers("month", "", "months from the start").values);
  for (std::size_t row = 0; row < row_count; ++row) month.push_back(static_cast<int64_t>(row) * 7 - 3);
  auto& site = std::get<std::vector<std::string>>(table.add_texts("site", "where").values);
  for (std::size_t row = 0; row < row_count; ++row) site.push_back(texts[row % std::size(texts)]);
  return table;
}

/// The same table down to the bits of its doubles.
inline bool same_table(const Table& a, const Table& b) {
  if (a.name != b.name || a.title != b.title || a.columns.size() != b.columns.size()) return false;
  for (std::size_t i = 0; i < a.columns.size(); ++i) {
    const Column& x = a.columns[i];
    const Column& y = b.columns[i];
    if (x.name != y.name || x.unit != y.unit || x.description != y.description) return false;
    if (x.values.index() != y.values.index() || x.size() != y.size()) return false;
    if (x.values.index() != 0 && x.values != y.values) return false;
    for (std::size_t row = 0; x.values.index() == 0 && row < x.size(); ++row) {
      if (std::bit_cast<uint64_t>(x.numbers()[row]) != std::bit_cast<uint64_t>(y.numbers()[row])) return false;
    }
  }
  return true;
}

/// Integer in [0, count), the same for the same seed and draw.
inline std::size_t draw(uint64_t seed, uint32_t replication, std::size_t count) {
  return static_cast<std::size_t>(uniform01({.seed = seed, .replication = replication}) * static_cast<double>(count));
}

/// An empty folder of the test's own, removed with it.
class ScratchFolder {
 public:
  explicit ScratchFolder(const std::filesystem::path& parent = std::filesystem::temp_directory_path()) {
    std::string pattern = (parent / "beltline-table-XXXXXX").string();
    path_ = mkdtemp(pattern.data());
  }
  ~ScratchFolder() { std::filesystem::remove_all(path_); }
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// Where fsync costs nothing, for tests that write hundreds of times.
inline std::filesystem::path memory_folder() {
  const bool writable = access("/dev/shm", W_OK) == 0;
  return writable ? std::filesystem::path("/dev/shm") : std::filesystem::temp_directory_path();
}

/// Names in a folder, sorted.
inline std::vector<std::string> names_in(const std::filesystem::path& folder) {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(folder))
    names.push_back(entry.path().filename().string());
  std::ranges::sort(names);
  return names;
}

}  // namespace beltline
