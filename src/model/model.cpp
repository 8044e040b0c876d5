#include "model/model.h"

#include <cmath>

namespace beltline {

double Model::discount_factor(int t) const {
  if (objective.weight.present()) return at(objective.weight, t);
  // Mid-period discounting from the start of the horizon, real rate, as utilities and PyPSA's investment periods do.
  const double years = (t + 0.5) * calendar.months_per_period / 12.0;
  return std::pow(1.0 + objective.discount_rate, -years);
}

double Model::capex_factor(int t) const {
  if (!objective.capex_at_start || objective.weight.present()) return discount_factor(t);
  return std::pow(1.0 + objective.discount_rate, -t * calendar.months_per_period / 12.0);
}

double Model::salvage_factor() const {
  if (objective.weight.present()) return at(objective.weight, period_count() - 1);
  return std::pow(1.0 + objective.discount_rate, -period_count() * calendar.months_per_period / 12.0);
}

bool Model::runs_back(const Process& process) const {
  if (process.runs_back) return true;
  const Series lower = process.lower;
  if (!lower.present()) return false;
  for (int t = 0; t < (lower.period_stride == 0 ? 1 : period_count()); ++t) {
    for (int s = 0; s < (lower.slice_stride == 0 ? 1 : calendar.slice_count); ++s) {
      if (at(lower, t, s) < 0) return true;
    }
  }
  return false;
}

double Model::mean(Series series, int t) const {
  if (series.slice_stride == 0) return at(series, t);
  double sum = 0;
  for (int s = 0; s < calendar.slice_count; ++s) sum += calendar.hours(t, s) * at(series, t, s);
  return sum / calendar.hours(t);
}

}  // namespace beltline
