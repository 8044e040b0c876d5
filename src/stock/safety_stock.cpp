#include "stock/safety_stock.h"

#include <cmath>

#include "base/assert.h"

namespace beltline::stock {

LeadTimeDeviation lead_time_deviation(const Variability& v) {
  ASSERT(v.demand >= 0 && v.demand_deviation >= 0 && v.lead_time >= 0 && v.lead_time_deviation >= 0);
  ASSERT(v.yield > 0 && v.yield <= 1 && v.yield_deviation >= 0);
  LeadTimeDeviation out;
  out.demand = v.demand_deviation * std::sqrt(v.lead_time);
  out.lead_time = v.demand * v.lead_time_deviation;
  out.yield = v.demand * v.yield_deviation / v.yield * (v.yield_is_common ? v.lead_time : std::sqrt(v.lead_time));
  out.all = std::sqrt(out.demand * out.demand + out.lead_time * out.lead_time + out.yield * out.yield);
  return out;
}

double safety_stock_for_cycle_service(double deviation, double service) {
  ASSERT(deviation >= 0 && service >= 0.5 && service < 1);
  return deviation == 0 ? 0 : normal_quantile(service) * deviation;
}

double safety_stock_for_fill(double deviation, double fill, double quantity) {
  ASSERT(deviation >= 0 && fill > 0 && fill < 1 && quantity > 0);
  const double short_units = (1 - fill) * quantity;
  if (deviation == 0) return -short_units;
  // the loss falls with z, from −z far below to 0 far above
  double low = -short_units / deviation - 10;
  double high = 40;
  for (int step = 0; step < 200; ++step) {
    const double middle = low + (high - low) / 2;
    if (middle == low || middle == high) break;
    (normal_loss(middle) * deviation > short_units ? low : high) = middle;
  }
  return high * deviation;
}

}  // namespace beltline::stock
