// What the figures and the text of a simulation share.
#pragma once

#include <limits>

#include "serving/serving_report.h"

namespace beltline::serving {

/// What has no value.
inline constexpr double kNoFigure = std::numeric_limits<double>::quiet_NaN();

/// A part over the whole; 0 of nothing.
inline double share_of(double part, double whole) {
  return whole > 0 ? part / whole : 0;
}

/// Over all sites and bins.
double sum_of(const FleetResult& result, double SiteBin::* what);
double energy_MWh(const FleetResult& result);
EnergySplit energy_split(const FleetResult& result);
/// Wh of slots that serve for a thousand tokens of answers that were finished; NaN without any.
double Wh_a_thousand(const FleetResult& result);
/// Share of a site in all attempts.
double site_share(const FleetResult& result, std::size_t site);
double peak_power_MW(const FleetResult& result);
/// TTFT of the whole fleet, 95 % of requests that arrived in some bins.
double ttft_p95(const FleetResult& result, std::size_t first, std::size_t last);

/// How far the same with half as many slots differs.
struct ScaleError {
  double ttft_p95 = 0;    // relative
  double times = 0;       // relative, largest of the first token and a token, p50 and p95
  double good = 0;        // share within the level, difference
  double site_share = 0;  // largest difference of a site's share of the requests
};
ScaleError scale_error(const FleetResult& fine, const FleetResult& half);

}  // namespace beltline::serving
