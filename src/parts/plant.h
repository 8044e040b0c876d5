// plant: power made at a site or in a grid region, or bought there under contract.
//
//     output[t, s] ≤ availability[t, s] · online[t]          MW
//     solar:   availability = min(1, CF · σ(t, s) / mean(σ)),   σ = max(0, sin of the sun's elevation)
//     others:  availability = CF
//     cost     = variable + fuel                              USD/MWh
//
// A contract that takes all is paid by what it could give.
//
// Sun: declination δ = 23.45° · sin(2π (284 + n) / 365) on day n (Cooper 1969), hour angle 15° an hour from noon;
// sin(elevation) = sin φ sin δ + cos φ cos δ cos ω (Duffie and Beckman, Solar Engineering of Thermal Processes,
// chapter 1).
#pragma once

#include "parts/part.h"

namespace beltline {

extern const Section kPlantSection;
/// Capacities and processes `plant_{plant}`.
void compile_plants(const Compile& c);

/// Sine of the sun's elevation, 0 below the horizon, in the middle of a month at this solar hour of the day.
double sun_height(double latitude_degrees, int month, double hour);

}  // namespace beltline
