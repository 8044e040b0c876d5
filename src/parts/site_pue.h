// Power usage effectiveness of a site, from how it cools and from its weather.
//
//     PUE(t, s) = base + slope · max(0, T(t, s) − threshold)
//
// T is the wet-bulb temperature on land and the sea's temperature where the site cools with sea water.
#pragma once

#include <string_view>

#include "parts/part.h"

namespace beltline {

struct PueCurve {
  double base = 1;
  double slope_per_kelvin = 0;
  double threshold_c = 0;
};

/// The formula above.
double pue(const PueCurve& curve, double temperature_c);

/// The curve of a kind of cooling: chiller, dlc_dry, evaporative or seawater.
PueCurve default_curve(std::string_view cooling);

/// PUE of a site [period, slice], from its own series or the curve; warns (BL0104) where it leaves 1.05 to 1.40.
Series site_pue(const Compile& c, const Entry& site);

}  // namespace beltline
