#include "parts/demand_shape.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

#include "base/diagnostic_codes.h"
#include "parts/network_names.h"

namespace beltline {
namespace {

/// cos − 1 of the angle between each hour and the peak: − 1 keeps exponents at or below 0, so that a sharp peak does
/// not overflow.
std::array<double, 24> below_peak(int peak_hour) {
  std::array<double, 24> out{};
  for (int h = 0; h < 24; ++h) {
    out[static_cast<std::size_t>(h)] = std::cos(2 * std::numbers::pi * (h - peak_hour) / 24) - 1;
  }
  return out;
}

std::array<double, 24> von_mises(double k, const std::array<double, 24>& below) {
  std::array<double, 24> weights{};
  for (std::size_t h = 0; h < 24; ++h) weights[h] = std::exp(k * below[h]);
  const double mean = std::accumulate(weights.begin(), weights.end(), 0.0) / 24;
  for (double& w : weights) w /= mean;
  return weights;
}

/// Mean of the profile over the hours that slice s covers.
double slice_value(const std::array<double, 24>& profile, const Calendar& calendar, int s) {
  const int hours = std::clamp(static_cast<int>(std::lround(calendar.step_hours)), 1, 24);
  double sum = 0;
  for (int i = 0; i < hours; ++i) sum += profile[static_cast<std::size_t>((calendar.hour_of_day(s) + i) % 24)];
  return sum / hours;
}

/// Scales one period's factors to an hour-weighted mean of 1; false where they are all zero.
bool normalise(const Calendar& calendar, int t, std::span<double> factors) {
  double sum = 0;
  for (int s = 0; s < calendar.slice_count; ++s) sum += factors[static_cast<std::size_t>(s)] * calendar.hours(t, s);
  if (!(sum > 0)) return false;
  for (double& f : factors) f *= calendar.hours(t) / sum;
  return true;
}

}  // namespace

std::array<double, 24> day_profile(const DayPeak& peak) {
  ASSERT(peak.to_mean >= 1 && peak.to_mean <= kPeakToMeanMax && peak.hour >= 0 && peak.hour < 24);
  // the peak rises with k from 1 (flat) to 24 (all in one hour): bisect
  const std::array<double, 24> below = below_peak(peak.hour);
  double low = 0, high = 200;
  double middle = (low + high) / 2;
  for (int i = 0; i < 100 && middle != low && middle != high; ++i) {
    const double reached = von_mises(middle, below)[static_cast<std::size_t>(peak.hour)];
    (reached < peak.to_mean ? low : high) = middle;
    middle = (low + high) / 2;
  }
  return von_mises(peak.to_mean == 1 ? 0 : middle, below);
}

std::vector<double> demand_shape(const Compile& c, const Entry& entry, PlaceId place) {
  const Calendar& calendar = c.builder.calendar();
  const auto slices = static_cast<std::size_t>(calendar.slice_count);
  std::vector<double> factors(static_cast<std::size_t>(calendar.period_count) * slices, 1.0);
  if (c.builder.model().places[place.index()].outline) return factors;

  const auto profile =
      day_profile({.to_mean = entry.number("peak_to_mean"), .hour = static_cast<int>(entry.integer("peak_hour"))});
  for (int t = 0; t < calendar.period_count; ++t) {
    const std::span<double> period = std::span(factors).subspan(static_cast<std::size_t>(t) * slices, slices);
    for (int s = 0; s < calendar.slice_count; ++s) {
      period[static_cast<std::size_t>(s)] =
          entry.has("shape") ? entry.series("shape").at(calendar, t, s) : slice_value(profile, calendar, s);
    }
    if (normalise(calendar, t, period)) continue;
    fault(c, Code::inconsistent, entry, "shape",
          {.message = "shape of '" + entry.name + "' is zero in all of " + calendar.label(t),
           .found = "0",
           .expected = "a positive value in at least one slice",
           .help = "leave it out for a flat day"});
    break;
  }
  return factors;
}

}  // namespace beltline
