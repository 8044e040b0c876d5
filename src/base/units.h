// Units, read by UDUNITS-2 with our own base units.
//
// Base units of our own: wafer, die, stack, package, accelerator, rack, hull, token, seat, person, ticket, USD, month.
// `month` is a calendar month and converts to nothing but `year` (12 months): "per month" means per calendar month of
// the period. Durations in days or weeks convert to months only where a duration is asked for (see duration_months).
// PFLOP is 1e15 operations ("FLOP"). Percent reads as 0.01.
#pragma once

#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace beltline {

/// How a rate's "per time" was written, which decides what one period of the calendar holds.
enum class Basis {
  none,    // no per-time part, or none that matters: MW, USD, 1
  month,   // per calendar month: wafer/month; a rate written per year counts as a twelfth of it per month
  year,    // the unit asked for is per year: USD/kW/year; a period of m months holds m/12 of it
  second,  // per hour, day, second: wafer/day, tCO2/h
};

struct UnitFault {
  enum class Kind { unknown, wrong_dimension, unknown_currency } kind;
  std::string expected;    // the dimension asked for, in words or units
  std::string suggestion;  // nearest known unit, may be empty
};

struct Converted {
  double value = 0;  // in the unit asked for
  Basis basis = Basis::none;
};

/// The unit system of one scenario. Not thread safe while currencies are added; const use from one thread at a time.
class Units {
 public:
  Units();
  ~Units();
  Units(Units&&) noexcept;
  Units& operator=(Units&&) noexcept;

  /// Defines a currency (such as "KRW2024", "KRW") as `usd` real USD of the scenario's base year.
  std::expected<void, std::string> add_currency(const std::string& name, double usd);

  /// Converts `value` in unit `from` into unit `to`.
  ///
  /// Where `to` is per month ("wafer/month") and `from` is per hour or day, the result is per *second-based* month:
  /// value in units per hour, with basis `second`; the caller multiplies by the hours of the period. So too for `to`
  /// per year. Results are rounded to 15 significant digits, so that "0.12 GW" and "120 MW" are the same number.
  /// @errors unknown unit, unknown currency, dimensions that differ
  [[nodiscard]] std::expected<Converted, UnitFault> convert(double value, std::string_view from,
                                                            std::string_view to) const;

  /// A duration as months: from months or years exactly, from hours, days and weeks at 30.436875 days a month.
  [[nodiscard]] std::expected<double, UnitFault> duration_months(double value, std::string_view from) const;

  /// Whether UDUNITS and our base units know this text as a unit.
  [[nodiscard]] bool known(std::string_view unit) const;
  /// Whether the two have the same dimension (per month and per hour differ).
  [[nodiscard]] bool convertible(std::string_view a, std::string_view b) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace beltline
