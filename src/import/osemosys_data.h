// OSeMOSYS's data by set and parameter, checked: every subscript a member, every value there.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "import/osemosys_text.h"

namespace beltline::osemosys {

/// The values of a parameter: those given, and one for all others.
class Table {
 public:
  Table() = default;
  Table(std::vector<std::size_t> sizes, double fallback) : sizes_(std::move(sizes)), fallback_(fallback) {}

  /// @param subscripts  positions in the parameter's sets, as many as it has
  [[nodiscard]] double at(std::initializer_list<std::size_t> subscripts) const;
  /// Whether it had no value there before.
  bool put(const std::vector<std::size_t>& subscripts, double value);
  [[nodiscard]] std::size_t count() const { return values_.size(); }
  [[nodiscard]] std::size_t dimension() const { return sizes_.size(); }
  /// Whether no subscripts give another number than 0.
  [[nodiscard]] bool is_zero() const;

 private:
  std::vector<std::size_t> sizes_;
  double fallback_ = 0;
  std::unordered_map<uint64_t, double> values_;
};

struct Data {
  std::array<std::vector<std::string>, kSetCount> sets;  // members; years, seasons, day types and brackets ascending
  std::vector<int> years;
  std::array<Table, kParamCount> tables;
  std::array<bool, kParamCount> given{};      // whether the source says anything of it
  std::array<Origin, kParamCount> origins{};  // where

  [[nodiscard]] std::size_t size(Set set) const { return sets[static_cast<std::size_t>(set)].size(); }
  [[nodiscard]] const std::string& name(Set set, std::size_t i) const { return sets[static_cast<std::size_t>(set)][i]; }
  [[nodiscard]] const Table& table(Param param) const { return tables[static_cast<std::size_t>(param)]; }
  [[nodiscard]] double at(Param param, std::initializer_list<std::size_t> subscripts) const {
    return table(param).at(subscripts);
  }
  [[nodiscard]] bool has(Param param) const { return given[static_cast<std::size_t>(param)]; }
  [[nodiscard]] const Origin& origin(Param param) const { return origins[static_cast<std::size_t>(param)]; }
  /// Years from one to the next; all of them alike.
  [[nodiscard]] int gap() const { return years.size() < 2 ? 1 : years[1] - years[0]; }
  /// The discount rate of a technology's costs: its own in the versions that have one, else its region's.
  [[nodiscard]] double discount_rate(std::size_t region, std::size_t technology) const;
  /// What a technology's investment is paid back at (DiscountRateIdv); the discount rate where none is given.
  [[nodiscard]] double hurdle_rate(std::size_t region, std::size_t technology) const;
  [[nodiscard]] double storage_rate(std::size_t region, std::size_t storage) const;
};

/// Checks what was written and puts it into tables.
///
/// @errors BL0102 a set or parameter that the model cannot do without, BL0108 a member or value given twice, BL0109 a
///         subscript that is no member, BL0104 years that are no even row, time slices without length, seasons that do
///         not count on, BL0206 users' own constraints (their signs differ between versions of the model)
std::optional<Data> check_data(const DataText& text, Diagnostics& diagnostics);

}  // namespace beltline::osemosys
