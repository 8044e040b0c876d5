// The keys of section `fab`.
#include "parts/fab.h"
#include "parts/fab_capacity.h"
#include "parts/fab_lines.h"

namespace beltline {
namespace {

constexpr Attribute kMixFields[] = {
    {.key = "product",
     .kind = Kind::reference,
     .target = "product",
     .required = true,
     .description = "A product of the fab."},
    {.key = "starts_max",
     .kind = Kind::series,
     .unit = "wafer/month",
     .required = true,
     .min = 0,
     .description = "Wafers of it that the fab can start, all customers together."},
};

constexpr Attribute kBacklogFields[] = {
    {.key = "product",
     .kind = Kind::reference,
     .target = "product",
     .required = true,
     .description = "A product of the fab."},
    {.key = "starts",
     .kind = Kind::quantity,
     .unit = "wafer/month",
     .required = true,
     .min = 0,
     .description = "Wafers a month started for the programme before the horizon."},
};

constexpr Attribute kAttributes[] = {
    {.key = "place",
     .kind = Kind::reference,
     .target = "place",
     .required = true,
     .description = "Where the fab stands."},
    {.key = "owner", .kind = Kind::reference, .target = "party", .description = "The memory maker."},
    {.key = "capacity",
     .kind = Kind::series,
     .unit = "wafer/month",
     .required = true,
     .min = 0,
     .description = "Wafer starts per month for all customers, with announced ramps as dates."},
    {.key = "ramps",
     .kind = Kind::records,
     .fields = kRampFields,
     .description = "What comes on top of `capacity` by installing tools and ramping them."},
    {.key = "programme_share_max",
     .kind = Kind::series,
     .unit = "",
     .fallback = "1",
     .min = 0,
     .max = 1,
     .description = "How much of it the programme may have; the rest serves other customers."},
    {.key = "products",
     .kind = Kind::references,
     .target = "product",
     .required = true,
     .description = "What it can make."},
    {.key = "hbm_max",
     .kind = Kind::series,
     .unit = "wafer/month",
     .min = 0,
     .description = "Wafers a month that can be made into HBM dies (through-silicon vias), all customers together. "
                    "Absent: no limit besides `capacity`."},
    {.key = "hbm_share_max",
     .kind = Kind::series,
     .unit = "",
     .min = 0,
     .max = 1,
     .description = "How much of `hbm_max` the programme may have. Default: `programme_share_max`."},
    {.key = "mix",
     .kind = Kind::records,
     .fields = kMixFields,
     .description = "Limits on single products while they ramp; the programme may have its share of them."},
    {.key = "lines",
     .kind = Kind::records,
     .fields = kLineFields,
     .description = "Lines that start one product only, unless they are converted. Products without one have whatever "
                    "the fab has."},
    {.key = "conversions",
     .kind = Kind::records,
     .fields = kConversionFields,
     .description = "Lines that the plan may convert to another product, with what is lost meanwhile."},
    {.key = "backlog",
     .kind = Kind::records,
     .fields = kBacklogFields,
     .description = "Wafers in process when the horizon begins. Without them the first dies would come one cycle time "
                    "into the horizon. They come out evenly over the first cycle time, at the yield of their period."},
    {.key = "stack_place",
     .kind = Kind::reference,
     .target = "place",
     .description = "Where its HBM dies are stacked. Default: the fab's own place."},
    {.key = "expansion_max",
     .kind = Kind::quantity,
     .unit = "wafer/month",
     .min = 0,
     .description = "Wafer starts that may be built for the programme alone, beyond `capacity`."},
    {.key = "expansion_hbm_max",
     .kind = Kind::quantity,
     .unit = "wafer/month",
     .min = 0,
     .description = "HBM capacity that may be built for the programme alone, beyond `hbm_max`."},
    {.key = "expansion_lead",
     .kind = Kind::duration,
     .fallback = "\"24 month\"",
     .description = "From the order of an expansion to its first wafer."},
    {.key = "expansion_capex",
     .kind = Kind::quantity,
     .unit = "USD/(wafer/month)",
     .fallback = "\"0 USD/(wafer/month)\"",
     .min = 0,
     .description = "Cost of an expansion of wafer starts, or of HBM capacity."},
};

}  // namespace

constinit const Section kFabSection = {
    .name = "fab",
    .title = "DRAM fab",
    .description =
        "Wafers of each product are started within the part of the fab that the programme may have:\n\n"
        "    Σ_p starts[p,t] / months ≤ capacity[t] · programme_share_max[t] + expansions\n"
        "    Σ_{p: hbm} starts[p,t] / months ≤ hbm_max[t] · hbm_share_max[t] + expansions\n"
        "    good[p, t + cycle_time] = starts[p,t] · output_per_wafer[p,t]\n\n"
        "With `lines`, and for each conversion of a line from one product to another what has `left` and, `downtime` "
        "later, is `back`:\n\n"
        "    starts[p,t] ≤ line[p,t] · share − Σ_from (lost · left[t] + (1 − lost) · back[t]) + Σ_to back[t]\n\n"
        "Announced plants are dates of the `capacity` series, or `ramps`: tools that are installed and then reach "
        "their "
        "size by S((t − at − install) / ramp), the logistic 1 / (1 + e^(−10 (x − ½))) stretched to begin at 0 and end "
        "at "
        "1, or a straight line. `backlog` tells the wafers that are in process when the "
        "horizon begins: a supply without inputs, at most that rate, during the first cycle time.",
    .attributes = kAttributes,
};

}  // namespace beltline
