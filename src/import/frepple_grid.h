// The periods of a frePPLe model: equal stretches of time from the current date on.
#pragma once

#include <optional>
#include <string>

#include "import/frepple_network.h"

namespace beltline::frepple {

/// Period t begins at current + t · length. Where the length divides every time of the model, periods lose nothing.
struct Grid {
  Seconds current = 0;
  Seconds length = kDay;
  int periods = 0;
  bool is_exact = true;

  /// Periods that a duration takes, rounded up.
  [[nodiscard]] int spans(Seconds duration) const { return static_cast<int>((duration + length - 1) / length); }
  /// The first period that begins at the date or later; 0 for dates past.
  [[nodiscard]] int from(Seconds date) const { return date <= current ? 0 : spans(date - current); }
  /// The last period that begins at the date or before; negative for dates past.
  [[nodiscard]] int until(Seconds date) const;
  [[nodiscard]] Seconds begin(int t) const { return current + t * length; }
};

/// A calendar's value at a date: of the buckets that hold, the one with the lowest priority, of equal ones the one that
/// began last.
double value_at(const FreppleCalendar& calendar, Seconds date);

/// Least quantity of a lot: the smallest multiple that is no smaller than the minimum (frePPLe's default: 1).
double least_lot(const Sizes& sizes);

/// How long a lot takes, rounded up to a second.
Seconds duration_of(const Job& job, double quantity);

/// The longest length that divides all times, made longer where that would be more periods than a scenario holds; or
/// the length that is asked for. The horizon reaches from the current date to the last due date or fixed arrival, and
/// as far beyond as the longest chain of jobs takes with all work on resources after each other.
/// @errors BL0011 no length keeps the horizon within what a scenario holds
std::optional<Grid> make_grid(const FreppleModel& model, const Network& network, std::optional<Seconds> length,
                              Diagnostics& diagnostics);

}  // namespace beltline::frepple
