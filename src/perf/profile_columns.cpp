#include "perf/profile_columns.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "base/text.h"
#include "table/cells.h"

namespace beltline::perf {

namespace {

constexpr std::size_t kFaultsShown = 5;
constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
constexpr double kSecondsPerMs = 1e-3;
constexpr double kLargest = 1e15;

std::string cell_text(const Column& column, std::size_t row) {
  std::string out;
  switch (column.values.index()) {
    case 0: append_shortest(out, column.numbers()[row]); break;
    case 1: append_integer(out, column.integers()[row]); break;
    default: out = column.texts()[row];
  }
  return out;
}

/// NaN for what is no number.
double cell_number(const Column& column, std::size_t row) {
  switch (column.values.index()) {
    case 0: return column.numbers()[row];
    case 1: return static_cast<double>(column.integers()[row]);
    default: return parse_number(column.texts()[row]).value_or(kNone);
  }
}

}  // namespace

void ProfileFaults::add(std::string_view what) {
  if (lines_.size() < kFaultsShown) {
    lines_.push_back(fmt::format("{}: {}", printable(file_, 200), what));
  } else {
    ++more_;
  }
}

void ProfileFaults::add_row(std::size_t row, std::string_view what) {
  if (lines_.size() < kFaultsShown) {
    lines_.push_back(fmt::format("{}, row {}: {}", printable(file_, 200), row + 1, what));
  } else {
    ++more_;
  }
}

std::vector<std::string> ProfileFaults::lines() const {
  std::vector<std::string> out = lines_;
  if (more_ > 0) out.push_back(fmt::format("{}: and {} more", printable(file_, 200), more_));
  return out;
}

const Column* ProfileColumns::find(std::string_view name) {
  const Column* const column = table_.find(name);
  if (column == nullptr) {
    std::vector<std::string> names;
    for (const Column& other : table_.columns) names.push_back(printable(other.name));
    faults_.add(fmt::format("no column '{}'; it has {}", name, names.empty() ? "none" : listing(names)));
  }
  return column;
}

std::vector<double> ProfileColumns::numbers(const Column& column, double least, bool is_strict, bool may_be_empty) {
  std::vector<double> out(table_.row_count());
  for (std::size_t row = 0; row < out.size(); ++row) {
    const double value = cell_number(column, row);
    out[row] = value;
    if (value >= least && value <= kLargest && !(is_strict && value == least)) continue;
    const std::string text = cell_text(column, row);
    if (may_be_empty && (text.empty() || text == "nan")) {
      out[row] = kNone;
      continue;
    }
    faults_.add_row(row, fmt::format("{} is '{}', expected a number {} {}; take the row out or measure it anew",
                                     printable(column.name), printable(text), is_strict ? ">" : ">=", least));
    out[row] = std::max(least, 1.0);  // the fault ends the reading; until then nothing is divided by it
  }
  return out;
}

std::vector<double> ProfileColumns::sizes(std::string_view name, double least) {
  const Column* const column = find(name);
  return column == nullptr ? std::vector<double>{} : numbers(*column, least, /*is_strict=*/false, false);
}

std::vector<double> ProfileColumns::sizes_or(std::string_view name, double least, double otherwise) {
  return has(name) ? sizes(name, least) : std::vector<double>(table_.row_count(), otherwise);
}

std::vector<double> ProfileColumns::seconds(std::string_view name) {
  const Column* const column = find(name);
  if (column == nullptr) return {};
  std::vector<double> out = numbers(*column, 0, /*is_strict=*/true, false);
  for (double& value : out) value *= kSecondsPerMs;
  return out;
}

std::vector<double> ProfileColumns::seconds_or_empty(std::string_view name) {
  const Column* const column = find(name);
  if (column == nullptr) return {};
  std::vector<double> out = numbers(*column, 0, /*is_strict=*/true, true);
  for (double& value : out) value *= kSecondsPerMs;
  return out;
}

std::vector<int> ProfileColumns::words(std::string_view name, const std::vector<std::string_view>& words) {
  const Column* const column = find(name);
  if (column == nullptr) return {};
  if (column->values.index() != 2) {
    faults_.add(fmt::format("column '{}' holds numbers, expected words such as {}", name, fmt::join(words, ", ")));
    return {};
  }
  std::vector<int> out(table_.row_count());
  std::string last;
  int last_index = -2;
  for (std::size_t row = 0; row < out.size(); ++row) {
    const std::string& word = column->texts()[row];
    if (last_index == -2 || word != last) {
      const auto found = std::ranges::find(words, word);
      last_index = found == words.end() ? -1 : static_cast<int>(found - words.begin());
      last = word;
    }
    out[row] = last_index;
  }
  return out;
}

}  // namespace beltline::perf
