#include "import/osemosys_data.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <fmt/format.h>

#include "base/diagnostic_codes.h"
#include "base/text.h"

namespace beltline::osemosys {
namespace {

constexpr int kYearMin = 1900;
constexpr int kYearMax = 2200;
constexpr double kSplitSlack =
    1e-4;  // by which the slices of a year may miss the whole, as the model's own check has it

/// Sets whose members are numbers that follow each other.
constexpr std::array kOrdered{Set::season, Set::daytype, Set::bracket};
/// What no model makes sense without; storage asks for more.
constexpr std::array kNeeded{Param::year_split, Param::discount_rate, Param::operational_life};
constexpr std::array kStorageNeeded{Param::storage_charge_max, Param::storage_discharge_max, Param::storage_life};

class Checker {
 public:
  Checker(const DataText& text, Diagnostics& diagnostics) : text_(text), diagnostics_(diagnostics) {}

  std::optional<Data> run() {
    for (std::size_t i = 0; i < kSetCount; ++i) read_set(static_cast<Set>(i));
    check_years();
    for (const Set set : kOrdered) check_order(set);
    if (diagnostics_.has_errors()) return std::nullopt;
    for (std::size_t i = 0; i < kParamCount; ++i) read_param(static_cast<Param>(i));
    check_needed();
    check_constraints();
    if (diagnostics_.has_errors()) return std::nullopt;
    check_slices();
    if (diagnostics_.has_errors()) return std::nullopt;
    return std::move(data_);
  }

 private:
  void read_set(Set set) {
    const auto found = text_.sets.find(set);
    const bool is_needed = set == Set::region || set == Set::year || set == Set::timeslice || set == Set::technology ||
                           set == Set::fuel || set == Set::mode;
    if (found == text_.sets.end() || found->second.members.empty()) {
      if (is_needed) {
        diagnostics_.add({.code = Code::missing_key,
                          .origin = found == text_.sets.end() ? Origin{} : found->second.origin,
                          .message = fmt::format("set {} has no members", name_of(set)),
                          .expected = "one member or more",
                          .help = fmt::format("add set {} := A B;", name_of(set))});
      }
      return;
    }
    std::vector<std::string>& members = data_.sets[static_cast<std::size_t>(set)];
    for (std::size_t i = 0; i < found->second.members.size(); ++i) {
      const std::string& member = text_.symbols.text(found->second.members[i]);
      if (std::ranges::find(members, member) != members.end()) {
        diagnostics_.add({.code = Code::duplicate_name,
                          .origin = found->second.origins[i],
                          .message = fmt::format("set {} has the member '{}' twice", name_of(set), printable(member)),
                          .expected = "each member once",
                          .help = "delete one of the two"});
        continue;
      }
      members.push_back(member);
    }
    const bool is_ordered = std::ranges::find(kOrdered, set) != kOrdered.end() && has_storage();
    if (set == Set::year || is_ordered) sort_numbers(set);
  }

  /// Without storage nothing looks at seasons, day types and brackets, which may have any names then.
  [[nodiscard]] bool has_storage() const {
    const auto storage = text_.sets.find(Set::storage);
    return storage != text_.sets.end() && !storage->second.members.empty();
  }

  void sort_numbers(Set set) {
    std::vector<std::string>& members = data_.sets[static_cast<std::size_t>(set)];
    for (const std::string& member : members) {
      const auto number = number_of(member);
      if (number && *number == std::floor(*number) && std::abs(*number) < 1e6) continue;
      diagnostics_.add({.code = Code::wrong_type,
                        .origin = text_.sets.at(set).origin,
                        .message = fmt::format("set {} has the member '{}'", name_of(set), printable(member)),
                        .found = printable(member),
                        .expected = "whole numbers",
                        .help = "number the members"});
      return;
    }
    std::ranges::sort(members, {}, [](const std::string& member) { return *number_of(member); });
  }

  void check_years() {
    if (diagnostics_.has_errors()) return;
    for (const std::string& year : data_.sets[static_cast<std::size_t>(Set::year)]) {
      data_.years.push_back(static_cast<int>(*number_of(year)));
    }
    const Origin origin = text_.sets.at(Set::year).origin;
    if (data_.years.front() < kYearMin || data_.years.back() > kYearMax) {
      diagnostics_.add({.code = Code::out_of_range,
                        .origin = origin,
                        .message = "the years lie outside what a calendar holds",
                        .found = fmt::format("the years {} to {}", data_.years.front(), data_.years.back()),
                        .expected = fmt::format("the years {} to {}", kYearMin, kYearMax),
                        .help = "write the years of the plan"});
    }
    for (std::size_t i = 1; i < data_.years.size(); ++i) {
      if (data_.years[i] - data_.years[i - 1] == data_.gap()) continue;
      diagnostics_.add({.code = Code::out_of_range,
                        .origin = origin,
                        .message = "the years do not follow each other at even distances",
                        .found = fmt::format("the year {} after {}", data_.years[i], data_.years[i - 1]),
                        .expected = fmt::format("{}", data_.years[i - 1] + data_.gap()),
                        .help = "add the years between them, or leave some out"});
      return;
    }
  }

  void check_order(Set set) {
    if (diagnostics_.has_errors() || !has_storage()) return;
    const std::vector<std::string>& members = data_.sets[static_cast<std::size_t>(set)];
    for (std::size_t i = 1; i < members.size(); ++i) {
      if (*number_of(members[i]) == *number_of(members[i - 1]) + 1) continue;
      diagnostics_.add({.code = Code::out_of_range,
                        .origin = text_.sets.at(set).origin,
                        .message = fmt::format("the members of set {} do not count on", name_of(set)),
                        .found = fmt::format("the member {} after {}", members[i], members[i - 1]),
                        .expected = "consecutive numbers",
                        .help = "number the members 1 2 3"});
      return;
    }
  }

  /// Position of each symbol in a set.
  const std::unordered_map<int32_t, std::size_t>& positions(Set set) {
    auto& found = positions_[static_cast<std::size_t>(set)];
    if (!found.empty() || data_.size(set) == 0) return found;
    const auto& members = text_.sets.at(set).members;
    const auto& sorted = data_.sets[static_cast<std::size_t>(set)];
    for (const int32_t id : members) {
      const auto at = std::ranges::find(sorted, text_.symbols.text(id));
      found.emplace(id, static_cast<std::size_t>(at - sorted.begin()));
    }
    return found;
  }

  void read_param(Param param) {
    const ParamInfo& info = info_of(param);
    const auto found = text_.params.find(param);
    const bool is_given = found != text_.params.end();
    std::size_t dimension = info.dimension;
    if (is_given && found->second.dimension > 0) dimension = found->second.dimension;
    if (is_given && found->second.dimension == 0) dimension = info.short_dimension;  // nothing but a default
    std::vector<std::size_t> sizes;
    for (std::size_t i = 0; i < dimension; ++i) sizes.push_back(data_.size(info.sets[i]));
    const auto at = static_cast<std::size_t>(param);
    // the region's rate stands in for one that a technology lacks
    const double missing = param == Param::discount_rate_technology ? std::nan("") : info.fallback;
    data_.tables[at] = Table(sizes, is_given ? found->second.fallback.value_or(missing) : missing);
    if (!is_given) return;
    data_.given[at] = true;
    data_.origins[at] = found->second.origin;
    for (const Cell& cell : found->second.cells) put(info, dimension, cell, data_.tables[at]);
    const std::size_t all = std::accumulate(sizes.begin(), sizes.end(), std::size_t{1}, std::multiplies<>());
    if (found->second.fallback || data_.tables[at].count() >= all || diagnostics_.has_errors()) return;
    if (param == Param::discount_rate_technology) return;
    diagnostics_.add({.code = Code::missing_key,
                      .origin = found->second.origin,
                      .message = fmt::format("{} has neither a default nor all its values", info.name),
                      .found = fmt::format("{} of {} values", data_.tables[at].count(), all),
                      .expected = "all values, or a default",
                      .help = fmt::format("write param {} default {} :=", info.name, info.fallback)});
  }

  void put(const ParamInfo& info, std::size_t dimension, const Cell& cell, Table& table) {
    std::vector<std::size_t> subscripts;
    for (std::size_t i = 0; i < dimension; ++i) {
      const auto& known = positions(info.sets[i]);
      const auto at = known.find(cell.subscripts[i]);
      if (at == known.end()) {
        report_stranger(info, i, cell);
        return;
      }
      subscripts.push_back(at->second);
    }
    if (table.put(subscripts, cell.value)) return;
    diagnostics_.add({.code = Code::duplicate_name,
                      .origin = cell.origin,
                      .message = fmt::format("{}[{}] has two values", info.name, subscripts_of(dimension, cell)),
                      .found = fmt::format("{}", cell.value),
                      .expected = "one value",
                      .help = "delete one of the two"});
  }

  [[nodiscard]] std::string subscripts_of(std::size_t dimension, const Cell& cell) const {
    std::string text;
    for (std::size_t i = 0; i < dimension; ++i) {
      text += fmt::format("{}{}", i == 0 ? "" : ",", printable(text_.symbols.text(cell.subscripts[i])));
    }
    return text;
  }

  void report_stranger(const ParamInfo& info, std::size_t position, const Cell& cell) {
    const std::string& member = text_.symbols.text(cell.subscripts[position]);
    const std::string nearest = nearest_word(member, data_.sets[static_cast<std::size_t>(info.sets[position])]);
    diagnostics_.add({.code = Code::dangling_reference,
                      .origin = cell.origin,
                      .message = fmt::format("{} has a value for '{}', which is not in set {}", info.name,
                                             printable(member), name_of(info.sets[position])),
                      .found = printable(member),
                      .expected = fmt::format("a member of {}", name_of(info.sets[position])),
                      .help = nearest.empty() ? "add it to the set, or delete the value" : did_you_mean_text(nearest)});
  }

  void need(Param param) {
    if (data_.has(param)) return;
    diagnostics_.add({.code = Code::missing_key,
                      .message = fmt::format("the data have no {}", info_of(param).name),
                      .expected = "its values, or a default",
                      .help = fmt::format("add param {} with its values", info_of(param).name)});
  }

  void check_needed() {
    for (const Param param : kNeeded) need(param);
    if (data_.size(Set::storage) == 0) return;
    for (const Param param : kStorageNeeded) need(param);
  }

  /// The versions of the model that have users' own constraints disagree on what a tag means: 0 is = or <=, 1 is >= or
  /// =, 2 is <= or nothing.
  void check_constraints() {
    if (data_.size(Set::constraint) == 0) return;
    diagnostics_.add({.code = Code::inconsistent,
                      .origin = text_.sets.at(Set::constraint).origin,
                      .message = "UDC, users' own constraints, cannot be carried over: versions of the model differ in "
                                 "what UDCTag means",
                      .found = fmt::format("{} constraints", data_.size(Set::constraint)),
                      .expected = "no members of UDC",
                      .help = "empty the set, and write the constraints as [limit.NAME] into the scenario"});
  }

  void check_slices() {
    for (std::size_t y = 0; y < data_.years.size(); ++y) {
      double sum = 0;
      for (std::size_t l = 0; l < data_.size(Set::timeslice); ++l) {
        const double split = data_.at(Param::year_split, {l, y});
        sum += split;
        if (split > 0) continue;
        diagnostics_.add({.code = Code::out_of_range,
                          .origin = data_.origin(Param::year_split),
                          .message = fmt::format("YearSplit[{},{}] leaves the time slice no time",
                                                 data_.name(Set::timeslice, l), data_.years[y]),
                          .found = fmt::format("{}", split),
                          .expected = "more than 0",
                          .help = "write its share of the year, or delete the slice"});
      }
      if (std::abs(sum - 1) <= kSplitSlack) continue;
      diagnostics_.add({.code = Code::inconsistent,
                        .severity = Severity::warning,
                        .origin = data_.origin(Param::year_split),
                        .message = fmt::format("the time slices of {} do not make a year", data_.years[y]),
                        .found = fmt::format("{}", sum),
                        .expected = "1",
                        .help = "write shares that sum to 1"});
    }
  }

  const DataText& text_;
  Diagnostics& diagnostics_;
  Data data_;
  std::array<std::unordered_map<int32_t, std::size_t>, kSetCount> positions_;
};

}  // namespace

double Table::at(std::initializer_list<std::size_t> subscripts) const {
  if (values_.empty()) return fallback_;
  uint64_t key = 0;
  std::size_t i = 0;
  for (const std::size_t subscript : subscripts) {
    if (i < sizes_.size()) key = key * sizes_[i] + subscript;
    ++i;
  }
  const auto found = values_.find(key);
  return found == values_.end() ? fallback_ : found->second;
}

bool Table::put(const std::vector<std::size_t>& subscripts, double value) {
  uint64_t key = 0;
  for (std::size_t i = 0; i < subscripts.size(); ++i) key = key * sizes_[i] + subscripts[i];
  return values_.emplace(key, value).second;
}

bool Table::is_zero() const {
  return fallback_ == 0 && std::ranges::all_of(values_, [](const auto& entry) { return entry.second == 0; });
}

double Data::discount_rate(std::size_t region, std::size_t technology) const {
  return at(Param::discount_rate, {region, technology});
}

double Data::hurdle_rate(std::size_t region, std::size_t technology) const {
  const double own = at(Param::discount_rate_technology, {region, technology});
  return std::isnan(own) ? discount_rate(region, technology) : own;
}

double Data::storage_rate(std::size_t region, std::size_t storage) const {
  if (!has(Param::discount_rate_storage)) return at(Param::discount_rate, {region, 0});
  return at(Param::discount_rate_storage, {region, storage});
}

std::optional<Data> check_data(const DataText& text, Diagnostics& diagnostics) {
  return Checker(text, diagnostics).run();
}

}  // namespace beltline::osemosys
