#include "parts/fab_capacity.h"

#include <cmath>
#include <string>
#include <string_view>

#include "base/diagnostic_codes.h"
#include "parts/memory_chain.h"

namespace beltline {
namespace {

constexpr double kSteepness = 10;  // k: 1.2 % of the way is done at x = 0.1, half at 0.5, 98.8 % at 0.9

double logistic(double z) {
  return 1 / (1 + std::exp(-z));
}

/// What ramps have added in a month, of their `size` or `hbm_size`.
double ramped(const Entry& fab, std::string_view size, YearMonth month) {
  double sum = 0;
  if (!fab.has("ramps")) return sum;
  for (const Entry& ramp : fab.records("ramps")) {
    const RampShape shape = ramp.text("shape") == "linear" ? RampShape::linear : RampShape::s_curve;
    const double since = month.index() - ramp.month("at").index() - ramp.months("install");
    const double length = ramp.months("ramp");
    // without a length all is there at once
    const double x = length > 0 ? since / length : (since >= 0 ? 1 : 0);
    sum += ramp.number(size) * ramp_share(shape, x);
  }
  return sum;
}

double capacity_of(const Calendar& calendar, const Entry& fab, std::string_view key, std::string_view size, int t) {
  double sum = 0;
  for (int i = 0; i < calendar.months_per_period; ++i) sum += ramped(fab, size, calendar.month(t).plus(i));
  return monthly(calendar, fab.series(key), t) + sum / calendar.months_per_period;
}

}  // namespace

constinit const std::array<Attribute, 6> kRampFields = {
    Attribute{
        .key = "at", .kind = Kind::month, .required = true, .description = "Month in which tools begin to move in."},
    Attribute{.key = "size",
              .kind = Kind::quantity,
              .unit = "wafer/month",
              .required = true,
              .min = 0,
              .description = "Wafer starts it has in the end."},
    Attribute{.key = "hbm_size",
              .kind = Kind::quantity,
              .unit = "wafer/month",
              .fallback = "\"0 wafer/month\"",
              .min = 0,
              .description = "How many of them can be made into HBM dies: adds to `hbm_max`."},
    Attribute{.key = "install",
              .kind = Kind::duration,
              .fallback = "\"0 month\"",
              .description = "Tool install and qualification: until then it starts no wafer."},
    Attribute{
        .key = "ramp", .kind = Kind::duration, .required = true, .description = "From the first wafer to all of them."},
    Attribute{.key = "shape",
              .kind = Kind::choice,
              .target = "s_curve|linear",
              .fallback = "\"s_curve\"",
              .description = "How it grows: as a logistic, stretched to begin at 0 and end at 1, or evenly."},
};

double ramp_share(RampShape shape, double x) {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  if (shape == RampShape::linear) return x;
  const double low = logistic(-kSteepness / 2);
  return (logistic(kSteepness * (x - 0.5)) - low) / (logistic(kSteepness / 2) - low);
}

double wafer_capacity(const Calendar& calendar, const Entry& fab, int t) {
  return capacity_of(calendar, fab, "capacity", "size", t);
}

double hbm_capacity(const Calendar& calendar, const Entry& fab, int t) {
  return capacity_of(calendar, fab, "hbm_max", "hbm_size", t);
}

void check_ramps(const Compile& c, const Entry& fab) {
  if (!fab.has("ramps")) return;
  for (const Entry& ramp : fab.records("ramps")) {
    if (ramp.number("hbm_size") > ramp.number("size")) {
      add_contradiction(
          c, {ramp.where("hbm_size"), "a ramp of fab '" + fab.name + "' has more wafers of HBM than wafers",
              std::to_string(ramp.number("hbm_size")) + " wafer/month",
              "at most size, " + std::to_string(ramp.number("size")) + " wafer/month", "write a smaller hbm_size"});
    }
    if (ramp.number("hbm_size") > 0 && !fab.has("hbm_max")) {
      c.diagnostics.add({.code = Code::unused,
                         .severity = Severity::warning,
                         .origin = ramp.where("hbm_size"),
                         .message = "hbm_size in a ramp of fab '" + fab.name + "' has no effect without hbm_max",
                         .found = {},
                         .expected = "hbm_max",
                         .help = "add hbm_max, or leave out hbm_size"});
    }
  }
}

}  // namespace beltline
