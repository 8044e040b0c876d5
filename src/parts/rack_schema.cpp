// The keys of section `rack`.
#include "parts/rack.h"

namespace beltline {
namespace {

constexpr Attribute kMemoryFields[] = {
    {.key = "product",
     .kind = Kind::reference,
     .target = "product",
     .required = true,
     .description = "A product of family `host`."},
    {.key = "amount",
     .kind = Kind::quantity,
     .unit = "TB",
     .required = true,
     .min = 0,
     .description = "TB of it for one rack."},
};

constexpr Attribute kExistingFields[] = {
    {.key = "site", .kind = Kind::reference, .target = "site", .required = true, .description = "A site."},
    {.key = "count",
     .kind = Kind::quantity,
     .unit = "rack",
     .required = true,
     .min = 0,
     .description = "Racks that run there without any order, from the month in which the site opens."},
};

constexpr Attribute kAttributes[] = {
    {.key = "accelerator",
     .kind = Kind::reference,
     .target = "accelerator",
     .description = "The accelerator in it. If no `packaging` makes it, the rack is bought whole."},
    {.key = "accelerators",
     .kind = Kind::integer,
     .fallback = "72",
     .min = 1,
     .description = "Accelerators in a rack."},
    {.key = "host_memory",
     .kind = Kind::records,
     .fields = kMemoryFields,
     .description = "Memory of its CPUs and of the servers beside it. Products that no fab makes are bought."},
    {.key = "power",
     .kind = Kind::quantity,
     .unit = "kW",
     .required = true,
     .min = 0,
     .min_exclusive = true,
     .description = "IT power of the rack at full load."},
    {.key = "auxiliary_share",
     .kind = Kind::quantity,
     .unit = "",
     .fallback = "0",
     .min = 0,
     .description = "Network, storage and CPU racks beside it, as a share of `power`."},
    {.key = "load_factor",
     .kind = Kind::series,
     .unit = "",
     .fallback = "0.85",
     .min = 0,
     .max = 1,
     .description = "Mean IT load of a running rack over its IT power."},
    {.key = "performance",
     .kind = Kind::quantity,
     .unit = "PFLOP/s",
     .required = true,
     .min = 0,
     .min_exclusive = true,
     .description = "Dense FP8 peak of the rack."},
    {.key = "perf",
     .description = "What it is among the racks that the performance model knows: `gb300-nvl72`, `hgx-h100`, … "
                    "(docs/perf.md). Services by `model` get their tokens from it."},
    {.key = "utilisation",
     .kind = Kind::series,
     .unit = "",
     .fallback = "1",
     .min = 0,
     .max = 1,
     .description = "Share of the peak that reaches the region's services: time lost to failures and restarts. "
                    "What a service makes of it (model FLOP utilisation) stands with the service."},
    {.key = "price",
     .kind = Kind::series,
     .unit = "USD/rack",
     .required = true,
     .min = 0,
     .description = "Price of a rack by the month of its order."},
    {.key = "auxiliary_price",
     .kind = Kind::quantity,
     .unit = "USD/rack",
     .fallback = "\"0 USD/rack\"",
     .min = 0,
     .description = "Network, storage and CPU servers bought with each rack."},
    {.key = "maintenance_share",
     .kind = Kind::quantity,
     .unit = "",
     .fallback = "0",
     .min = 0,
     .description = "Upkeep a year as a share of the price; spares and support."},
    {.key = "assembly_time",
     .kind = Kind::duration,
     .fallback = "\"1 month\"",
     .description = "From accelerators to a tested rack, delivered to its site."},
    {.key = "install_time",
     .kind = Kind::duration,
     .fallback = "\"1 month\"",
     .description = "From delivery to running; at least one period."},
    {.key = "life",
     .kind = Kind::duration,
     .fallback = "\"60 month\"",
     .description = "Time in service; also the time over which its price is written off."},
    {.key = "earliest",
     .kind = Kind::month,
     .description = "First month in which a rack may be delivered and installed."},
    {.key = "until", .kind = Kind::month, .description = "Last month in which one may be; the generation ends."},
    {.key = "supply_max",
     .kind = Kind::series,
     .unit = "rack/month",
     .min = 0,
     .description = "Racks a month that are assembled for the programme, or that it can buy. Absent: no limit."},
    {.key = "backlog",
     .kind = Kind::quantity,
     .unit = "rack/month",
     .min = 0,
     .description = "Racks a month in assembly for the programme when the horizon begins."},
    {.key = "place",
     .kind = Kind::reference,
     .target = "place",
     .description = "Where racks are assembled. Default: the first site."},
    {.key = "sites",
     .kind = Kind::references,
     .target = "site",
     .description = "Where it may stand. Default: all sites."},
    {.key = "existing", .kind = Kind::records, .fields = kExistingFields, .description = "Racks that run already."},
    {.key = "maker", .kind = Kind::reference, .target = "party", .description = "Who sells it."},
    {.key = "buyer",
     .kind = Kind::reference,
     .target = "party",
     .description =
         "Who pays its maker, as a payment between parties; the cost of the plan falls on the site's owner."},
};

}  // namespace

constinit const Section kRackSection = {
    .name = "rack",
    .title = "Rack generation",
    .description =
        "A rack takes accelerators and host memory, is delivered, stands in the IT space of a site and runs:\n\n"
        "    it                = power · (1 + auxiliary_share)                  MW of IT a rack\n"
        "    Σ it · online     ≤ it_space                                       in every period, at every site\n"
        "    running           ≤ availability · online\n"
        "    electricity used  = running · it · load_factor · PUE\n"
        "    useful compute    = running · performance · utilisation            PFLOP/s, dense FP8\n\n"
        "Capacity `rack_{rack}@{site}`, process `run_{rack}@{site}`. A rack is ordered when it is delivered and is "
        "online "
        "`install_time` later. At sites told in outline the PUE is its mean over the month. Where no `packaging` makes "
        "the "
        "accelerator, racks are bought, at most `supply_max` a month.",
    .attributes = kAttributes,
};

}  // namespace beltline
