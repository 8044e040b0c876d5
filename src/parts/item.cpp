#include "parts/item.h"

#include "parts/common.h"
#include "parts/goods.h"
#include "parts/network_names.h"

namespace beltline {
namespace {

constexpr Attribute kAttributes[] = {
    {.key = "unit",
     .fallback = "\"unit\"",
     .description =
         "What it is counted in: `unit` for pieces, which may then be written as plain numbers; kW, wafer, …"},
    {.key = "value",
     .kind = Kind::quantity,
     .unit = "*",
     .min = 0,
     .description = "Worth of one in stock, USD per unit: a year there costs 12 % of it."},
    {.key = "allocation",
     .kind = Kind::choice,
     .target = "value|priority|pro_rata",
     .fallback = "\"value\"",
     .description =
         "Who of the customers that want it at one place gets it when it is short: whoever loses most without "
         "it, the lowest `priority` first, or all the same share of what they want. `priority` makes whole numbers of "
         "the plan, one a period."},
};

}  // namespace

constinit const Section kItemSection = {
    .name = "item",
    .title = "Item",
    .description =
        "A good that is bought from a `supplier` or put together by an `assembly`: switches, trays, optics, power "
        "shelves, substrates, UPS, generators. It is where it is delivered, and waits there in stock; a `bill` says "
        "who "
        "takes it.",
    .attributes = kAttributes,
};

void compile_items(const Compile& c) {
  for (const Entry& item : c.spec.entries("item")) {
    if (!check_unit(c, item, "unit")) continue;
    const std::string name = item_commodity(item.name);
    if (name_is_taken(c, item, c.builder.find_commodity(name).valid())) continue;
    // in the unit of the item, or told here once
    series_in(c, item, "value", {{per("USD", item.text("unit"))}});
    c.builder.add(Commodity{.name = name,
                            .unit = item.text("unit"),
                            .grain = Grain::amount,
                            .disposable = false,
                            .titles = {},
                            .provenance = provenance(item)});
  }
}

}  // namespace beltline
