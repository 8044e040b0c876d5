#include "parts/climate.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace beltline {
namespace {

constexpr double kWarmestHour = 15;
constexpr double kHoursPerDay = 24;

constexpr std::array kAttributes{
    Attribute{.key = "wet_bulb",
              .kind = Kind::series,
              .unit = "degC",
              .min = -60,
              .max = 40,
              .description = "Monthly mean wet-bulb temperature; twelve values with `by = \"month_of_year\"`."},
    Attribute{.key = "sea",
              .kind = Kind::series,
              .unit = "degC",
              .min = -3,
              .max = 40,
              .description = "Monthly mean temperature of the sea surface."},
    Attribute{.key = "diurnal_amplitude",
              .kind = Kind::quantity,
              .unit = "kelvin",
              .fallback = "\"2 kelvin\"",
              .min = 0,
              .max = 20,
              .description = "Half the difference between the day's warmest and coldest hour, wet bulb."},
    Attribute{.key = "hours_lost",
              .kind = Kind::series,
              .unit = "h",
              .min = 0,
              .max = 744,
              .description = "Hours of each month in which waves or typhoons stop a moored hull."},
};

constexpr std::string_view kDescription = R"(The weather of a place, month by month.

$$T_{wb}(t, h) = T_{wb}[\text{month}] + a \cos\frac{2\pi (h - 15)}{24}, \qquad
\text{availability}_t = 1 - \frac{\text{hours lost}[\text{month}]}{\text{hours of the month}}$$

The course over the day is a sinusoid with its maximum at 15:00, as the *ASHRAE Handbook – Fundamentals* (2021,
chapter 14) describes days of which only the mean and the range are known.)";

}  // namespace

const Section kClimateSection{
    .name = "climate", .title = "Climate", .description = kDescription, .attributes = kAttributes};

double wet_bulb_c(const Calendar& calendar, const Entry& climate, int t, int s) {
  if (!climate.has("wet_bulb")) return 0;
  const SeriesValue& mean = climate.series("wet_bulb");
  // values by the hour hold their own day
  if (mean.varies_by_slice()) return mean.at(calendar, t, s);
  const double hour = calendar.hour_of_day(s) + calendar.step_hours / 2;
  // a slice of a whole day or more has no hour: its mean is the month's
  const double amplitude = calendar.step_hours < kHoursPerDay ? climate.number("diurnal_amplitude") : 0;
  return mean.at(calendar, t, s) + amplitude * std::cos(2 * std::numbers::pi * (hour - kWarmestHour) / kHoursPerDay);
}

double sea_c(const Calendar& calendar, const Entry& climate, int t) {
  return climate.has("sea") ? climate.series("sea").mean(calendar, t) : 0;
}

double sea_availability(const Calendar& calendar, const Entry& climate, int t) {
  if (!climate.has("hours_lost")) return 1;
  const double lost = climate.series("hours_lost").mean(calendar, t) * calendar.months_per_period;
  return std::clamp(1 - lost / calendar.hours(t), 0.0, 1.0);
}

}  // namespace beltline
