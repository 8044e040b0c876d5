// How a demand varies over the day: a profile by the hour with mean 1, shared by services and seats.
#pragma once

#include <array>
#include <vector>

#include "parts/part.h"

namespace beltline {

struct DayPeak {
  double to_mean = 1;  // highest hour over the mean of the 24
  int hour = 15;       // 0..23, local time, of the highest hour
};

/// A smooth day with one peak: w[h] = exp(k · cos(2π (h − hour) / 24)) / mean, k such that max(w) = to_mean.
///
/// This von Mises form has one parameter, is never negative, and falls off at night as request traces do.
/// @param peak  to_mean in [1, kPeakToMeanMax]
/// @source      von Mises distribution (Mardia and Jupp, Directional Statistics, 2000, section 3.5.4)
std::array<double, 24> day_profile(const DayPeak& peak);

inline constexpr double kPeakToMeanMax = 12;

// The keys of every section that has a demand over the day.
inline constexpr Attribute kShapeAttribute = {
    .key = "shape",
    .kind = Kind::series,
    .min = 0,
    .description =
        "Course of the demand over the day (24 values, 12 × 24, or one a slice); only its proportions count. "
        "Absent: one peak, by `peak_to_mean` and `peak_hour`."};
inline constexpr Attribute kPeakToMeanAttribute = {
    .key = "peak_to_mean",
    .kind = Kind::quantity,
    .fallback = "1.0",
    .min = 1,
    .max = kPeakToMeanMax,
    .description = "Highest hour over the mean of the day: w[h] = exp(k · cos(2π (h − peak) / 24)), scaled to mean 1."};
inline constexpr Attribute kPeakHourAttribute = {.key = "peak_hour",
                                                 .kind = Kind::integer,
                                                 .fallback = "15",
                                                 .min = 0,
                                                 .max = 23,
                                                 .description = "Local hour of that peak."};

/// Factors [period, slice] on a mean demand, hour-weighted mean 1 in each period; all 1 at places told in outline.
///
/// Reads `shape` (any non-negative series, normalised here) or else `peak_to_mean` and `peak_hour`.
/// @errors BL0206 where `shape` is zero throughout a period
std::vector<double> demand_shape(const Compile& c, const Entry& entry, PlaceId place);

}  // namespace beltline
