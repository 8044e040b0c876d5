// Columns of a table that others wrote: numbers and words, with every fault named.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "table/table.h"

namespace beltline::perf {

/// Faults of one file, "FILE, row 17: …", the first few of them in full. The row is that of the data, from 1.
class ProfileFaults {
 public:
  explicit ProfileFaults(std::string file) : file_(std::move(file)) {}

  void add(std::string_view what);
  void add_row(std::size_t row, std::string_view what);
  [[nodiscard]] bool any() const { return !lines_.empty(); }
  /// Ends with how many more there are.
  [[nodiscard]] std::vector<std::string> lines() const;

 private:
  std::string file_;
  std::vector<std::string> lines_;
  std::size_t more_ = 0;
};

/// Looks up columns by name. What is not there, or holds what it must not, is a fault, and the column then has no rows.
class ProfileColumns {
 public:
  ProfileColumns(const Table& table, ProfileFaults& faults) : table_(table), faults_(faults) {}

  [[nodiscard]] std::size_t row_count() const { return table_.row_count(); }
  [[nodiscard]] bool has(std::string_view name) const { return table_.find(name) != nullptr; }

  /// Sizes: whole or not, ≥ `least`.
  std::vector<double> sizes(std::string_view name, double least = 1);
  /// As sizes, `otherwise` in all rows where there is no such column.
  std::vector<double> sizes_or(std::string_view name, double least, double otherwise);
  /// Times in ms, > 0, as seconds.
  std::vector<double> seconds(std::string_view name);
  /// NaN where a cell is empty.
  std::vector<double> seconds_or_empty(std::string_view name);
  /// As words' places in `words`; −1 for one that is not there.
  std::vector<int> words(std::string_view name, const std::vector<std::string_view>& words);

 private:
  const Column* find(std::string_view name);
  std::vector<double> numbers(const Column& column, double least, bool is_strict, bool may_be_empty);

  const Table& table_;
  ProfileFaults& faults_;
};

}  // namespace beltline::perf
