// climate: the weather of a place, month by month.
//
//     wet_bulb(t, h) = wet_bulb[month] + amplitude · cos(2π (h − 15) / 24)      h: hour of the day, warmest at 15:00
//     sea(t)         = sea[month]
//     availability   = 1 − hours_lost[month] / hours of the month               waves and typhoons, at moorings
//
// A sinusoid about the monthly mean is how ASHRAE describes a day of few measured values (Handbook – Fundamentals 2021,
// chapter 14, daily profiles).
#pragma once

#include "parts/part.h"

namespace beltline {

extern const Section kClimateSection;

/// Wet-bulb temperature at the middle of slice s of period t, °C; 0 where the climate does not give it.
double wet_bulb_c(const Calendar& calendar, const Entry& climate, int t, int s);
/// Surface temperature of the sea in period t, °C; 0 where the climate does not give it.
double sea_c(const Calendar& calendar, const Entry& climate, int t);
/// Share of the period in which waves and storms let a mooring work, in [0, 1].
double sea_availability(const Calendar& calendar, const Entry& climate, int t);

}  // namespace beltline
