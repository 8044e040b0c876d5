// Spec: a scenario as it was written, checked against the schema, every value with its place in the file.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/calendar.h"
#include "base/diagnostic.h"
#include "base/quantity.h"
#include "base/units.h"
#include "scenario/schema.h"

namespace beltline {

/// A series as written. `at` gives its value for a period and slice, in the attribute's unit.
struct SeriesValue {
  enum class Grain { constant, period, year, month_of_year, hour_of_day, month_hour, dates, slice };
  Grain grain = Grain::constant;
  std::vector<double>
      values;  // by grain: 1, periods, years from the start year, 12, 24, 12 × 24, dates, periods × slices
  std::vector<int> date_indices;  // `dates`: YearMonth::index of each breakpoint, ascending; values between are linear,
                                  // before the first and after the last constant
  bool step = false;              // `dates`: each value holds until the next date instead
  Quantity quantity;              // constant: the whole range; otherwise unit, basis, source, confidence, origin, and
                                  // NaN for low, mode and high

  [[nodiscard]] double at(const Calendar& calendar, int t, int s) const;
  /// As `at`, for a quantity per time: what one whole period holds (see Quantity::per_period). For slice grains, slice
  /// 0.
  [[nodiscard]] double per_period(const Calendar& calendar, int t) const;
  /// Hour-weighted mean over the slices of a period. (Grains of months vary by period only; over a period of several
  /// months they are averaged.)
  [[nodiscard]] double mean(const Calendar& calendar, int t) const;
  [[nodiscard]] bool varies_by_slice() const {
    return grain == Grain::hour_of_day || grain == Grain::month_hour || grain == Grain::slice;
  }
};

struct Entry;

struct Value {
  const Attribute* attribute = nullptr;
  Origin origin;
  bool is_default = false;  // not written; taken from the schema
  Quantity quantity;        // quantity, duration (months)
  SeriesValue series;
  std::string text;  // text, choice, reference
  bool flag = false;
  int64_t integer = 0;
  YearMonth month;
  std::vector<std::string> names;  // references, choices
  std::vector<Origin> name_origins;
  std::vector<Entry> records;
};

/// One table of a scenario, or one record inside it.
struct Entry {
  const Section* section = nullptr;  // null for records
  std::string name;
  Origin origin;
  std::map<std::string, Value, std::less<>> values;

  /// Whether the key was written or has a default.
  [[nodiscard]] bool has(std::string_view key) const;
  /// The getters want a key that is required, has a default, or for which `has` said yes; anything else is a Bug.
  [[nodiscard]] const Value& value(std::string_view key) const;
  [[nodiscard]] const Quantity& quantity(std::string_view key) const { return value(key).quantity; }
  [[nodiscard]] double number(std::string_view key) const { return value(key).quantity.mode; }
  [[nodiscard]] double months(std::string_view key) const { return value(key).quantity.mode; }
  [[nodiscard]] const SeriesValue& series(std::string_view key) const { return value(key).series; }
  [[nodiscard]] const std::string& text(std::string_view key) const { return value(key).text; }
  [[nodiscard]] bool flag(std::string_view key) const { return value(key).flag; }
  [[nodiscard]] int64_t integer(std::string_view key) const { return value(key).integer; }
  [[nodiscard]] YearMonth month(std::string_view key) const { return value(key).month; }
  [[nodiscard]] const std::vector<std::string>& names(std::string_view key) const { return value(key).names; }
  [[nodiscard]] const std::vector<Entry>& records(std::string_view key) const { return value(key).records; }
  /// Where the key was written, or the entry's place for a default.
  [[nodiscard]] Origin where(std::string_view key) const;
};

/// A whole scenario. Entries of a section are sorted by name, so that the order of files and tables changes nothing.
struct Spec {
  SourceFiles files;
  std::map<std::string, std::vector<Entry>, std::less<>> sections;
  Units units;
  Calendar calendar;
  std::string name;
  std::string title;
  std::string hash;  // SHA-256 over a line "SHA-256  path\n" of each file, in path order, as `sha256sum` prints them;
                     // overrides count as a file "--set" of one line each
  std::string main;  // path of the file that was read first
  std::vector<std::string> overrides;  // as given: "site.ulsan.online=2029-06"

  [[nodiscard]] const std::vector<Entry>& entries(std::string_view section) const;  // empty if there are none
  [[nodiscard]] const Entry* find(std::string_view section, std::string_view name) const;
  /// The table of a single section, or null.
  [[nodiscard]] const Entry* single(std::string_view section) const;
};

/// Every value of a scenario, one a line, without places: equal texts mean scenarios that plan the same. For tests.
std::string dump(const Spec& spec);

}  // namespace beltline
