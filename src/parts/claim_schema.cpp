// The keys of section `claim`.
#include "parts/claim.h"

namespace beltline {
namespace {

constexpr Attribute kMixFields[] = {
    {.key = "rack", .kind = Kind::reference, .target = "rack", .required = true, .description = "A generation."},
    {.key = "share",
     .kind = Kind::quantity,
     .unit = "",
     .required = true,
     .min = 0,
     .max = 1,
     .description = "Its share of the accelerators; all shares add up to 1."},
};

constexpr Attribute kSplitFields[] = {
    {.key = "hbm_share",
     .kind = Kind::quantity,
     .unit = "",
     .required = true,
     .min = 0,
     .max = 1,
     .min_exclusive = true,
     .description = "Share of the wafers that is HBM."},
};

constexpr Attribute kAttributes[] = {
    {.key = "kind",
     .kind = Kind::choice,
     .target = "wafers|hbm_wafers|host_wafers|interposers|stacks|memory|accelerators|racks|it_power|power|energy|money|"
               "money_per_power|power_per_accelerator|date",
     .required = true,
     .description = "What it counts; see the table."},
    {.key = "quantity",
     .kind = Kind::quantity,
     .unit = "*",
     .min = 0,
     .min_exclusive = true,
     .description = "How much, with its range, in a unit of the kind; that of `commitment` by default. For `date`: "
                    "how much is to be online then, in MW, accelerators or racks; the first rack by default."},
    {.key = "commitment",
     .kind = Kind::reference,
     .target = "commitment",
     .description = "The row whose quantity, window, title, source and confidence it has, where it does not give its "
                    "own."},
    {.key = "role",
     .kind = Kind::choice,
     .target = "build|capacity|figure",
     .fallback = "\"build\"",
     .description = "`build`: it is to be built, so it implies all other quantities. `capacity`: it exists, and what "
                    "builds of its programmes need is held against it. `figure`: somebody's reckoning, held against "
                    "what the builds of its programmes imply."},
    {.key = "programmes",
     .kind = Kind::texts,
     .description = "Names of what it is about; claims that share one are held against each other. A capacity without "
                    "any is held against all."},
    {.key = "first", .kind = Kind::month, .description = "First month of its window; the horizon's by default."},
    {.key = "last", .kind = Kind::month, .description = "Last month, inclusive; the horizon's by default."},
    {.key = "window",
     .kind = Kind::duration,
     .min = 0,
     .min_exclusive = true,
     .description = "Length of the window with its range, where it is not that from `first` to `last`."},
    {.key = "generations",
     .kind = Kind::references,
     .target = "rack",
     .description = "Racks it may be met with, each told apart. Default: all racks of the scenario."},
    {.key = "mix",
     .kind = Kind::records,
     .fields = kMixFields,
     .description = "Racks it is met with together, instead of `generations`."},
    {.key = "splits",
     .kind = Kind::records,
     .fields = kSplitFields,
     .description = "For `wafers`: other readings, in which this share is HBM for the programme and the rest is for "
                    "others. Without one, HBM and host memory stand as the racks take them."},
    {.key = "sites",
     .kind = Kind::references,
     .target = "site",
     .description = "Sites whose PUE, cost and times it has, in equal parts. Default: all."},
    {.key = "part_of",
     .kind = Kind::reference,
     .target = "claim",
     .description = "A claim of the same kind that it is, or would be, a part of."},
    {.key = "by",
     .kind = Kind::month,
     .description = "For `date`: the month by which the first of it is to be online."},
    {.key = "begun",
     .kind = Kind::month,
     .description = "For `date`: the month in which work began; orders and permits start there. Default: the "
                    "horizon's first month."},
};

}  // namespace

constinit const Section kClaimSection = {
    .name = "claim",
    .title = "Claim",
    .description =
        "A figure that somebody announced. `beltline audit` computes what each implies for every other through the "
        "parts of the scenario; a claim changes no plan.\n\n"
        "| kind | amount or level | a month |\n"
        "|---|---|---|\n"
        "| `wafers`, `hbm_wafers`, `host_wafers`, `interposers` | wafer | wafer/month |\n"
        "| `stacks` | stack | stack/month |\n"
        "| `memory` | TB | TB/month |\n"
        "| `accelerators`, `racks` | accelerator, rack | accelerator/month, rack/month |\n"
        "| `it_power`, `power` | MW | MW/month |\n"
        "| `energy` | MWh/year | |\n"
        "| `money` | USD | USD/month |\n"
        "| `money_per_power`, `power_per_accelerator` | USD/MW, kW/accelerator | |\n"
        "| `date` | month | |\n\n"
        "With N accelerators built in a window of W months, and q of a kind for each accelerator:\n\n"
        "    amount = N · q      rate = N · q / W      so      N = amount / q = rate · W / q\n\n"
        "See [audit.md](audit.md).",
    .attributes = kAttributes,
};

}  // namespace beltline
