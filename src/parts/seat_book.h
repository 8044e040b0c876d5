// A reseller's book of seats: how many, at what price and margin, where segments grow and lose some.
#pragma once

#include <string>
#include <vector>

#include "parts/part.h"

namespace beltline {

/// A segment of customers over months.
struct SeatGrowth {
  double existing = 0;
  double churn = 0;                   // share of seats that leaves in a month
  double market = 0;                  // seats there can be at most; 0: no limit
  std::vector<double> signups_month;  // [period] new seats a month
};

/// Seats in force, the mean of each period's months: n ← min(market, n (1 − churn) + signups), month by month.
std::vector<double> grown_seats(const SeatGrowth& growth, int months_per_period);

/// What a seats entry says of its seats, over periods.
struct SeatBook {
  std::vector<double> seats;            // [period] wanted
  std::vector<double> price_USD_month;  // [period] of a seat
  std::vector<double> margin;           // [period] share of the price that the reseller keeps
  std::string key;                      // of the scenario that says so: "demand" or "segment"
};

/// From `demand`, `price` and `margin`, or of segments together: prices by seats, margins by money.
SeatBook seat_book(const Compile& c, const Entry& seats);
/// Says what is missing, or said twice. Returns whether all is well.
bool check_seat_book(const Compile& c, const Entry& seats);

// The keys of a segment.
inline constexpr Attribute kSegmentFields[] = {
    {.key = "name", .kind = Kind::text, .required = true, .description = "Name of the segment."},
    {.key = "existing",
     .kind = Kind::quantity,
     .unit = "seat",
     .fallback = "\"0 seat\"",
     .min = 0,
     .description = "Seats before the first month."},
    {.key = "signups",
     .kind = Kind::series,
     .unit = "seat/month",
     .required = true,
     .min = 0,
     .description = "New seats."},
    {.key = "churn",
     .kind = Kind::quantity,
     .fallback = "0.0",
     .min = 0,
     .max = 1,
     .description = "Share of seats that is given up in a month."},
    {.key = "market",
     .kind = Kind::quantity,
     .unit = "seat",
     .min = 0,
     .min_exclusive = true,
     .description = "Seats that there can be at most. Absent: no limit."},
    {.key = "price",
     .kind = Kind::series,
     .unit = "USD/seat/month",
     .required = true,
     .min = 0,
     .description = "Price of a seat."},
    {.key = "margin",
     .kind = Kind::series,
     .fallback = "0.0",
     .min = 0,
     .max = 1,
     .description = "Share of it that the reseller keeps."},
};

}  // namespace beltline
