// The keys of section `bill`, and those of the parts of any bill of materials.
#include "parts/bill.h"

namespace beltline {
namespace {

constexpr Attribute kAttributes[] = {
    {.key = "process", .description = "The process that takes it, by name; `*` stands for any text: `assemble_*`."},
    {.key = "capacity", .description = "Instead: the capacity whose orders take it: `hall@ulsan`."},
    {.key = "place",
     .kind = Kind::reference,
     .target = "place",
     .description = "Where it is taken. Default: the place of the process or capacity."},
    {.key = "after",
     .kind = Kind::duration,
     .fallback = "\"0 month\"",
     .description = "Of a capacity: time since the order at which it is needed."},
    {.key = "parts",
     .kind = Kind::records,
     .required = true,
     .fields = kPartFields,
     .description = "What one unit of activity, or of capacity ordered, takes in."},
};

}  // namespace

constinit const std::array<Attribute, 9> kPartFields = {
    Attribute{.key = "item", .kind = Kind::reference, .target = "item", .description = "The item that is taken."},
    Attribute{.key = "commodity",
              .description = "Instead: a good of another part, by the name that tables show: `dram_ddr5`."},
    Attribute{.key = "amount",
              .kind = Kind::quantity,
              .unit = "*",
              .min = 0,
              .description = "How much of it one unit takes; required unless it is an alternate."},
    Attribute{.key = "instead_of",
              .description = "Makes it an alternate: the part, by its name here, that it may stand in for."},
    Attribute{.key = "ratio",
              .kind = Kind::quantity,
              .unit = "",
              .fallback = "1",
              .min = 0,
              .min_exclusive = true,
              .description = "Units of the alternate for one of the part."},
    Attribute{.key = "share",
              .kind = Kind::quantity,
              .unit = "",
              .fallback = "1",
              .min = 0,
              .max = 1,
              .description = "Most of the need that the alternate may cover; all alternates of a part together at most "
                             "1 in every month."},
    Attribute{.key = "share_min",
              .kind = Kind::quantity,
              .unit = "",
              .fallback = "0",
              .min = 0,
              .max = 1,
              .description = "Least of the need that it must cover."},
    Attribute{.key = "from", .kind = Kind::month, .description = "First month in which it is needed, or may be used."},
    Attribute{.key = "until", .kind = Kind::month, .description = "Last month in which it is."},
};

constinit const Section kBillSection = {
    .name = "bill",
    .title = "Bill of materials",
    .description =
        "What a process of another part takes in besides what that part tells, such as the trays and switches of a "
        "rack, or what an order of capacity takes, such as the generators of a hall:\n\n"
        "    taken[part, t] = amount · activity[t]                    a part without alternates\n"
        "    Σ_k use[k, t] = amount · activity[t]                     the part and its alternates k\n"
        "    taken[k, t] = ratio_k · use[k, t],   share_min_k · Σ use ≤ use[k, t] ≤ share_k · Σ use\n\n"
        "`from` and `until` are engineering changes: a part that ends while its alternates together may cover all is "
        "replaced by them.",
    .attributes = kAttributes,
};

}  // namespace beltline
