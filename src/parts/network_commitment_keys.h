// The keys of a process that say how its units start, stop and ramp.
#pragma once

#include <array>

#include "parts/part.h"

namespace beltline {

/// Keys of [process.NAME], after its own.
inline constexpr std::array kUnitKeys{
    Attribute{
        .key = "unit_size",
        .kind = Kind::quantity,
        .unit = "*",
        .min = 0,
        .min_exclusive = true,
        .description =
            "Capacity of one unit, in the unit of the capacity it runs on (without one, of activity): whole units "
            "start and stop. Without it, all that is online is one unit. Any of the keys from here to `ramp_stop`, "
            "`ramp_up` and `ramp_down` left out, says that there are units."},
    Attribute{.key = "min_load",
              .kind = Kind::series,
              .min = -1,
              .max = 1,
              .description = "Share of a unit that it puts out at least while it is on."},
    Attribute{
        .key = "start_cost", .kind = Kind::series, .unit = "*", .min = 0, .description = "USD per start of a unit."},
    Attribute{
        .key = "stop_cost", .kind = Kind::series, .unit = "*", .min = 0, .description = "USD per stop of a unit."},
    Attribute{.key = "no_load_cost",
              .kind = Kind::series,
              .unit = "*",
              .min = 0,
              .description = "USD per hour that a unit is on, whatever it puts out."},
    Attribute{.key = "min_up",
              .kind = Kind::quantity,
              .unit = "*",
              .min = 0,
              .description = "How long a unit stays on at least: `\"6 hour\"`, or a plain number of slices."},
    Attribute{.key = "min_down",
              .kind = Kind::quantity,
              .unit = "*",
              .min = 0,
              .description = "How long a unit stays off at least, likewise."},
    Attribute{.key = "ramp_up",
              .kind = Kind::series,
              .unit = "*",
              .min = 0,
              .description =
                  "Most that activity may rise, as a share of the capacity (of units: of those that stay on) "
                  "per hour: `\"20 %/hour\"`."},
    Attribute{.key = "ramp_down",
              .kind = Kind::series,
              .unit = "*",
              .min = 0,
              .description = "Most that it may fall, likewise."},
    Attribute{.key = "ramp_start",
              .kind = Kind::quantity,
              .min = 0,
              .max = 1,
              .description = "Share of a unit that it may reach in the slice in which it starts; 1 by default."},
    Attribute{.key = "ramp_stop",
              .kind = Kind::quantity,
              .min = 0,
              .max = 1,
              .description = "Share of a unit from which it may stop; 1 by default."},
    Attribute{
        .key = "ramp_rows",
        .kind = Kind::choice,
        .target = "unit|count",
        .fallback = "\"unit\"",
        .description =
            "How ramps and starts meet. `unit`: units that stay on keep to `ramp_up` and `ramp_down`, those that "
            "start or stop to `ramp_start` and `ramp_stop`. `count`: PyPSA's rows, in the number on alone, by which "
            "a unit also stops from no less than `ramp_start` - `ramp_up`, and starts with no less than "
            "`ramp_stop` - `ramp_down`."},
    Attribute{.key = "carry",
              .kind = Kind::choice,
              .target = "cyclic|open",
              .description =
                  "`cyclic`: the end of each group of slices meets its beginning. `open`: each group begins with the "
                  "state below; where none is given, with any, and without a ramp into it. By default `open` where one "
                  "of `on_before`, `units_before` and `level_before` is given, else `cyclic`."},
    Attribute{
        .key = "on_before",
        .kind = Kind::quantity,
        .unit = "*",
        .description =
            "How long units had been on before a group of slices begins, negative: off; in hours, or in slices as "
            "a plain number."},
    Attribute{
        .key = "units_before",
        .kind = Kind::quantity,
        .min = 0,
        .description = "Units on before a group begins; all that exist without orders if `on_before` is positive."},
    Attribute{
        .key = "level_before",
        .kind = Kind::quantity,
        .unit = "*",
        .description = "Activity before a group begins, from which the first slice ramps; 0 where all units were off."},
};

/// Two lists of keys as one.
template <std::size_t A, std::size_t B>
constexpr std::array<Attribute, A + B> joined(const std::array<Attribute, A>& first,
                                              const std::array<Attribute, B>& second) {
  std::array<Attribute, A + B> out{};
  for (std::size_t i = 0; i < A; ++i) out[i] = first[i];
  for (std::size_t i = 0; i < B; ++i) out[A + i] = second[i];
  return out;
}

/// Reads them into `process`, whose uses are there already. Faults go to the diagnostics: keys on what has no slices
/// (BL0204), states, times and sizes that contradict each other (BL0206), units without a size (BL0103).
void set_units(const Compile& c, const Entry& entry, Process& process);

}  // namespace beltline
