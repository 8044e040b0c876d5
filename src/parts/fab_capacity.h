// fab_capacity: wafer starts that a fab has for all its customers, with what is being ramped.
//
//     capacity[t] = series[t] + Σ_ramps size · S((t − at − install) / ramp)
//     S(x) = 0 for x ≤ 0, 1 for x ≥ 1; between them
//       linear   x
//       s_curve  (σ(k (x − ½)) − σ(−k/2)) / (σ(k/2) − σ(−k/2)),   σ(z) = 1 / (1 + e^(−z)),   k = 10
//
// The s_curve is the logistic, stretched so that it begins at 0 and ends at 1. Like dates of a series, the value of a
// month is that of its beginning.
#pragma once

#include <array>

#include "parts/part.h"

namespace beltline {

enum class RampShape : uint8_t { s_curve, linear };

/// S(x), a fraction.
double ramp_share(RampShape shape, double x);

/// Wafer starts a month of the whole fab in period t; of a period of several months the mean.
double wafer_capacity(const Calendar& calendar, const Entry& fab, int t);

/// The same of wafers that can be made into HBM dies. The fab must have `hbm_max`.
double hbm_capacity(const Calendar& calendar, const Entry& fab, int t);

/// Keys of one record of `ramps`.
extern const std::array<Attribute, 6> kRampFields;

/// Checks what the schema cannot: a ramp's part for HBM is no larger than the ramp, and needs `hbm_max`.
void check_ramps(const Compile& c, const Entry& fab);

}  // namespace beltline
