// Safety stock against a demand, a lead time and a yield that vary.
#pragma once

#include "stock/distribution.h"

namespace beltline::stock {

/// All in one unit of time, such as a month. Deviations are standard deviations.
struct Variability {
  double demand = 0;            // units per time, mean
  double demand_deviation = 0;  // of the demand of one unit of time, independent from one to the next
  double lead_time = 0;         // mean, with the time between orders where these are periodic
  double lead_time_deviation = 0;
  double yield = 1;  // mean share of what is started that comes out, in (0, 1]
  double yield_deviation = 0;
  bool yield_is_common = false;  // one yield for all lots (not known yet), instead of one for each unit of time's lots
};

/// Deviations of the net demand of a lead time, by cause: they add up as squares.
///
///     demand      σ √L
///     lead time   λ σ_L
///     yield       λ σ_y / y · √L    (a common yield: · L), where λ / y is started for each λ that is to come out
///
/// @source  Silver, Pyke & Peterson 1998, section 7.10 (demand, lead time); stochastically proportional yield: Yano &
/// Lee
///          1995
struct LeadTimeDeviation {
  double demand = 0;
  double lead_time = 0;
  double yield = 0;
  double all = 0;
};

/// @errors  none; a negative mean or deviation, or a yield outside (0, 1], is a Bug
LeadTimeDeviation lead_time_deviation(const Variability& v);

/// z σ: enough in `service` of the order cycles.
/// @param service  in [0.5, 1)
double safety_stock_for_cycle_service(double deviation, double service);

/// The least stock of which a share `fill` of demand is served at once where `quantity` is ordered at a time: solves
/// σ n(z) = (1 − fill) Q. May be negative where few orders need little of it.
/// @param fill  in (0, 1)
/// @source  Silver, Pyke & Peterson 1998, section 7.7.3
double safety_stock_for_fill(double deviation, double fill, double quantity);

}  // namespace beltline::stock
