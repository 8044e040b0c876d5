// The months that two runs have in common, at the coarser of their two grains.
#pragma once

#include <string>

#include "model/model.h"

namespace beltline {

/// Months are counted from year 0 (YearMonth::index). Where both runs have the same calendar, everything is common,
/// also what comes online after the horizon.
struct CommonMonths {
  bool same_calendar = true;
  bool same_span = true;  // the same first and last month, perhaps in other periods
  int first = 0;          // of the months that both have
  int end = 0;            // one past the last; ≤ first: none
  int grain = 1;          // months of a period of the coarser run
  int origin = 0;         // month in which the coarser run begins

  [[nodiscard]] bool holds(int month) const { return same_calendar || (month >= first && month < end); }
  /// First month of the coarser run's period that holds this one.
  [[nodiscard]] int coarse(int month) const;
  /// "2027-03", or "2027" for whole years.
  [[nodiscard]] std::string label(int month) const;
  /// "2026-01 to 2028-12".
  [[nodiscard]] std::string span() const;
};

CommonMonths common_months(const Calendar& a, const Calendar& b);

}  // namespace beltline
