// A number of a scenario: its value in the unit the schema asks for, its range, and where it came from.
#pragma once

#include <string>

#include "base/calendar.h"
#include "base/diagnostic.h"
#include "base/units.h"

namespace beltline {

/// Planner, risk and audit read the same range: low ≤ mode ≤ high; a plain number has all three equal.
struct Quantity {
  double low = 0;
  double mode = 0;
  double high = 0;
  Basis basis = Basis::none;
  std::string unit;       // as the schema asks; after conversion
  std::string source;     // citation, may be empty
  char confidence = ' ';  // 'A' datasheet or statistic, 'B' press or analyst, 'C' estimate, ' ' not said
  Origin origin;

  /// The value planned with: the mode.
  [[nodiscard]] double value() const { return mode; }
  /// Multiplier that turns the value into "per period t": none, months or years of a period, or its hours.
  [[nodiscard]] double per_period(const Calendar& calendar, int t) const {
    switch (basis) {
      case Basis::month: return mode * calendar.months_per_period;
      case Basis::year: return mode * calendar.months_per_period / 12;
      case Basis::second: return mode * calendar.hours(t);
      case Basis::none: return mode;
    }
    return mode;
  }
};

}  // namespace beltline
