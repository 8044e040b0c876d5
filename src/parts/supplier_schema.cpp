// The keys of section `supplier`.
#include "parts/supplier.h"

namespace beltline {
namespace {

constexpr Attribute kBreakFields[] = {
    {.key = "from",
     .kind = Kind::quantity,
     .unit = "*",
     .required = true,
     .min = 0,
     .description = "Size of an order from which it holds, in the good's unit."},
    {.key = "price",
     .kind = Kind::quantity,
     .unit = "*",
     .required = true,
     .min = 0,
     .description = "USD per unit from there on."},
};

constexpr Attribute kAttributes[] = {
    {.key = "item", .kind = Kind::reference, .target = "item", .description = "The item that it sells."},
    {.key = "commodity",
     .description =
         "Instead: a good of another part, by the name that tables show: `base_die_hbm4`, `equipment_chiller`."},
    {.key = "place", .kind = Kind::reference, .target = "place", .required = true, .description = "Where it delivers."},
    {.key = "seller", .kind = Kind::reference, .target = "party", .description = "Who sells it."},
    {.key = "buyer", .kind = Kind::reference, .target = "party", .description = "Who pays for it."},
    {.key = "price",
     .kind = Kind::series,
     .unit = "*",
     .min = 0,
     .description = "USD per unit, by month of the order."},
    {.key = "breaks",
     .kind = Kind::records,
     .fields = kBreakFields,
     .description = "Other prices for larger orders of one period; they need `capacity`."},
    {.key = "break_kind",
     .kind = Kind::choice,
     .target = "all_units|incremental",
     .fallback = "\"all_units\"",
     .description = "Whether the price of a break holds for the whole order or for what is above it."},
    {.key = "lead",
     .kind = Kind::duration,
     .fallback = "\"0 month\"",
     .description = "From order to delivery, transport included."},
    {.key = "expedited_lead", .kind = Kind::duration, .description = "A faster way, beside the usual one."},
    {.key = "expedited_price",
     .kind = Kind::series,
     .unit = "*",
     .min = 0,
     .description = "USD per unit of the faster way, all in all."},
    {.key = "capacity",
     .kind = Kind::series,
     .unit = "*",
     .min = 0,
     .description = "Most that may be ordered a month. Absent: no limit."},
    {.key = "share_min",
     .kind = Kind::series,
     .unit = "",
     .min = 0,
     .max = 1,
     .description = "Least share of all orders of the good at the place that it gets in each period in which it takes "
                    "orders: a second source."},
    {.key = "share_max",
     .kind = Kind::series,
     .unit = "",
     .min = 0,
     .max = 1,
     .description =
         "Most of them that it may get: no dependence on one. Left out of account, with a warning, in periods in "
         "which those that take orders may together not have all of them."},
    {.key = "priority",
     .kind = Kind::integer,
     .fallback = "1",
     .min = 1,
     .description =
         "The lowest first: a later supplier of the good at the place gets orders in a period only where the "
         "earlier deliver all they can; all then need `capacity`. Makes whole numbers, one a period."},
    {.key = "minimum_order",
     .kind = Kind::quantity,
     .unit = "*",
     .min = 0,
     .description = "Least that an order of a period may be, unless there is none; it needs `capacity`."},
    {.key = "lot_size",
     .kind = Kind::quantity,
     .unit = "*",
     .min = 0,
     .min_exclusive = true,
     .description = "Orders of a period are whole lots of this size."},
    {.key = "contract", .kind = Kind::series, .unit = "*", .min = 0, .description = "Quantity contracted a month."},
    {.key = "take_or_pay",
     .kind = Kind::quantity,
     .unit = "",
     .min = 0,
     .max = 1,
     .description = "Share of the `contract` that is paid at `price` whether ordered or not."},
    {.key = "backlog",
     .kind = Kind::series,
     .unit = "*",
     .min = 0,
     .description = "Ordered before the horizon: at most so much a month arrives during the first `lead`."},
    {.key = "first", .kind = Kind::month, .description = "First month in which it takes orders."},
    {.key = "last", .kind = Kind::month, .description = "Last month in which it does."},
};

}  // namespace

constinit const Section kSupplierSection = {
    .name = "supplier",
    .title = "Supplier",
    .description =
        "Who sells a good at a place. Several may sell one good, each on terms of its own:\n\n"
        "    good[t + lead] += order[t],   order[t] ≤ capacity[t]\n"
        "    share_min · Σ order[t] ≤ own order[t] ≤ share_max · Σ order[t]        over the suppliers of the good "
        "there\n"
        "    order[t] = 0 or ≥ minimum_order,   order[t] = lot_size · whole number\n\n"
        "Prices fall with the size of a period's order: `all_units` for all of it, `incremental` for what is above the "
        "break. Lots, minimum orders and falling prices make whole numbers of the plan; without them it stays linear. "
        "A price is a cost of the plan: leave it out where the price of a rack or hall holds it.",
    .attributes = kAttributes,
};

}  // namespace beltline
