#include "parts/site_pue.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/diagnostic_codes.h"
#include "parts/climate.h"
#include "parts/common.h"

namespace beltline {
namespace {

// What halls for accelerators reach today; outside it a figure is probably a slip.
constexpr double kPueLow = 1.05;
constexpr double kPueHigh = 1.40;

PueCurve curve_of(const Entry& site) {
  PueCurve curve = default_curve(site.text("cooling"));
  if (site.has("pue_base")) curve.base = site.number("pue_base");
  if (site.has("pue_slope")) curve.slope_per_kelvin = site.number("pue_slope");
  if (site.has("pue_threshold")) curve.threshold_c = site.number("pue_threshold");
  return curve;
}

Series pue_series(const Compile& c, const Entry& site) {
  const Calendar& calendar = c.builder.calendar();
  if (site.has("pue")) return level_series(c, site.series("pue"));
  const PueCurve curve = curve_of(site);
  const Entry* climate = site.has("climate") ? c.spec.find("climate", site.text("climate")) : nullptr;
  if (climate == nullptr) return c.builder.constant(curve.base);
  // the sea keeps its temperature over the day
  if (site.text("cooling") == "seawater") {
    return c.builder.by_period([&](int t) { return pue(curve, sea_c(calendar, *climate, t)); });
  }
  return c.builder.by_slice([&](int t, int s) { return pue(curve, wet_bulb_c(calendar, *climate, t, s)); });
}

void check_range(const Compile& c, const Entry& site, Series series) {
  const Model& model = c.builder.model();
  double low = model.at(series, 0);
  double high = low;
  for (int t = 0; t < model.period_count(); ++t) {
    for (int s = 0; s < model.calendar.slice_count; ++s) {
      low = std::min(low, model.at(series, t, s));
      high = std::max(high, model.at(series, t, s));
    }
  }
  if (low >= kPueLow && high <= kPueHigh) return;
  c.diagnostics.add({.code = Code::out_of_range,
                     .severity = Severity::warning,
                     .origin = site.origin,
                     .message = "the PUE of site '" + site.name + "' leaves the usual range",
                     .found = fmt::format("{:.3f} to {:.3f}", low, high),
                     .expected = fmt::format("{:.2f} to {:.2f}", kPueLow, kPueHigh),
                     .help = "check cooling and pue of the site, and the temperatures of its climate"});
}

}  // namespace

double pue(const PueCurve& curve, double temperature_c) {
  return curve.base + curve.slope_per_kelvin * std::max(0.0, temperature_c - curve.threshold_c);
}

PueCurve default_curve(std::string_view cooling) {
  // Bases so chosen that a year on the Korean coast has the published means: 1.40 (1.30 to 1.55), 1.20 (1.12 to 1.30),
  // 1.12 (1.05 to 1.20) and 1.13 (1.08 to 1.22); the slope is that of chiller plants, 0.006 (0.003 to 0.012) per kelvin
  // of wet bulb. Estimates from industry practice and the Uptime Institute Global Survey 2024; at sea Natick has 1.07,
  // Nautilus 1.15.
  if (cooling == "chiller") return {.base = 1.37, .slope_per_kelvin = 0.006, .threshold_c = 10};
  if (cooling == "evaporative") return {.base = 1.17, .slope_per_kelvin = 0.006, .threshold_c = 10};
  if (cooling == "seawater") return {.base = 1.09, .slope_per_kelvin = 0.005, .threshold_c = 10};
  return {.base = 1.10, .slope_per_kelvin = 0.006, .threshold_c = 10};
}

Series site_pue(const Compile& c, const Entry& site) {
  const Series series = pue_series(c, site);
  check_range(c, site, series);
  return series;
}

}  // namespace beltline
