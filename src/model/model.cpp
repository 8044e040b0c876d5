#include "model/model.h"

#include <cmath>

namespace beltline {

double Model::discount_factor(int t) const {
  // Mid-period discounting from the start of the horizon, real rate, as utilities and PyPSA's investment periods do.
  const double years = (t + 0.5) * calendar.months_per_period / 12.0;
  return std::pow(1.0 + objective.discount_rate, -years);
}

double Model::mean(Series series, int t) const {
  if (series.slice_stride == 0) return at(series, t);
  double sum = 0;
  for (int s = 0; s < calendar.slice_count; ++s) sum += calendar.hours(t, s) * at(series, t, s);
  return sum / calendar.hours(t);
}

}  // namespace beltline
