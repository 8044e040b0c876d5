// Dates and durations as frePPLe writes them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace beltline::frepple {

/// Seconds since 1970-01-01T00:00:00, without time zones.
using Seconds = int64_t;

inline constexpr Seconds kDay = 86'400;

/// "2009-01-03T00:00:00", "2009-01-03 12:30:00" or "2009-01-03"; nullopt for what is no date of 1900 to 2200.
std::optional<Seconds> parse_date(std::string_view text);
/// "2009-01-03T00:00:00".
std::string date_text(Seconds date);

/// An ISO 8601 duration "P1DT12H" (a month has 30 days and a year 365, as frePPLe counts), "[[[D:]H:]M:]S", or plain
/// seconds; to the second. nullopt for anything else and what exceeds a thousand years.
std::optional<Seconds> parse_duration(std::string_view text);
/// "1 day", "12 hours", "90 minutes", "5 seconds": in the largest unit that is whole.
std::string duration_text(Seconds duration);

}  // namespace beltline::frepple
