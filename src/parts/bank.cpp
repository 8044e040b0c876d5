#include "parts/bank.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>
#include <string>

#include "base/diagnostic_codes.h"
#include "parts/common.h"
#include "parts/goods.h"
#include "parts/memory_chain.h"
#include "parts/network_names.h"
#include "parts/phases.h"
#include "parts/product.h"

namespace beltline {
namespace {

constexpr Attribute kAttributes[] = {
    {.key = "product",
     .kind = Kind::reference,
     .target = "product",
     .description =
         "A DRAM product: its known good dies, or its modules in TB. Exactly one of this, `item` and `commodity`."},
    {.key = "item", .kind = Kind::reference, .target = "item", .description = "Instead: an item."},
    {.key = "commodity",
     .description = "Instead: another good, by the name that tables show: `stack_hbm4_12h`, `base_die_n12`."},
    {.key = "place", .kind = Kind::reference, .target = "place", .required = true, .description = "Where it waits."},
    {.key = "capacity",
     .kind = Kind::series,
     .unit = "*",
     .min = 0,
     .description = "Most that may lie there at the end of a period. Absent: no limit."},
    {.key = "holding_cost",
     .kind = Kind::series,
     .unit = "*",
     .min = 0,
     .description = "USD per unit and month. Default: 1 % of the good's price a month."},
    {.key = "loss",
     .kind = Kind::quantity,
     .unit = "",
     .fallback = "0",
     .min = 0,
     .max = 1,
     .description = "Share of it that is no longer good after a month."},
    {.key = "obsolete_after",
     .kind = Kind::month,
     .description =
         "Last month in which it is of use, such as the `until` of the last rack that takes it: nothing lies "
         "there at its end, what is left is scrapped."},
    {.key = "stock",
     .kind = Kind::quantity,
     .unit = "*",
     .min = 0,
     .description = "What is there when the horizon begins."},
};

std::optional<Good> banked_good(const Compile& c, const Entry& bank) {
  if (!bank.has("product")) return good_of(c, bank, "bank '" + bank.name + "'");
  if (bank.has("item") || bank.has("commodity")) {
    const std::string_view key = bank.has("item") ? "item" : "commodity";
    add_contradiction(c, {bank.where(key), "bank '" + bank.name + "' holds more than one good", bank.text(key),
                          "one of product, item and commodity", "write a bank for each"});
    return std::nullopt;
  }
  const Entry* product = c.spec.find("product", bank.text("product"));
  if (product == nullptr) return std::nullopt;
  const CommodityId id = product_commodity(c, *product);
  return Good{.commodity = id, .name = product->name, .unit = c.builder.model().commodities[id.index()].unit};
}

/// Whether anything flows at the node: a bank at another place holds nothing.
bool is_used(const Model& model, CommodityId commodity, PlaceId place) {
  const auto is_here = [&](const auto& flow) { return flow.commodity == commodity && flow.place == place; };
  return std::ranges::any_of(model.processes,
                             [&](const Process& p) { return std::ranges::any_of(p.flows, is_here); }) ||
         std::ranges::any_of(model.capacities,
                             [&](const Capacity& k) { return std::ranges::any_of(k.build_flows, is_here); });
}

/// Periods at whose end something may lie there: all, or those before the last month in which it is of use.
int open_periods(const Compile& c, const Entry& bank) {
  const Calendar& calendar = c.builder.calendar();
  if (!bank.has("obsolete_after")) return calendar.period_count;
  return std::clamp(calendar.period_of(bank.month("obsolete_after")), 0, calendar.period_count);
}

void set_limits(const Compile& c, const Entry& bank, const Good& good, Store& store) {
  const int open = open_periods(c, bank);
  const int periods = c.builder.calendar().period_count;
  const Series capacity = series_in(c, bank, "capacity", {{good.unit}, {"1"}});
  if (open < periods) {
    store.level_max = c.builder.by_period([&](int t) {
      return t >= open ? 0 : c.builder.model().at_or(capacity, std::numeric_limits<double>::infinity(), t);
    });
  } else if (capacity.present()) {
    store.level_max = capacity;
  }
  const int months = c.builder.calendar().months_per_period;
  store.loss = 1 - std::pow(1 - bank.number("loss"), months);
  if (bank.has("holding_cost")) {
    const std::string unit = per("USD", good.unit);
    store.holding_cost = series_in(c, bank, "holding_cost", {{unit + "/month", true}, {unit, true}});
  }
  if (!bank.has("stock")) return;
  const std::optional<double> stock = amount_of(c, bank, "stock", good);
  if (!stock) return;
  store.initial = *stock;
}

void add_scrap(const Compile& c, const Entry& bank, const Good& good, PlaceId place) {
  const std::string name = "scrap_" + c.builder.model().commodities[good.commodity.index()].name + "@" +
                           c.builder.model().places[place.index()].name;
  if (is_process_taken(c, bank, name)) return;
  Process scrap;
  scrap.name = name;
  scrap.place = place;
  scrap.grain = Grain::amount;
  scrap.unit = good.unit;
  scrap.kind = "scrap";
  scrap.flows.push_back({.commodity = good.commodity, .place = place, .rate = c.builder.constant(-1)});
  scrap.provenance = provenance(bank);
  c.builder.add(std::move(scrap));
}

void compile_bank(const Compile& c, const Entry& bank, std::set<int32_t>& done) {
  const std::optional<Good> good = banked_good(c, bank);
  const PlaceId place = place_of(c, bank, "place");
  if (!good || !place.valid()) return;
  if (!is_used(c.builder.model(), good->commodity, place)) {
    c.diagnostics.add({.code = Code::unused,
                       .severity = Severity::warning,
                       .origin = bank.where("place"),
                       .message = "bank '" + bank.name + "' is where '" + good->name + "' never comes",
                       .found = bank.text("place"),
                       .expected = "a place at which it arrives or is taken",
                       .help = "write the place where it is used"});
    return;
  }
  const StoreId id = add_inventory(c, good->commodity, place, 0, bank);
  if (!done.insert(id.value).second) {
    add_contradiction(c, {bank.origin, "two banks hold '" + good->name + "' at one place", bank.name,
                          "one bank for each good and place", "make them one"});
    return;
  }
  Store store = c.builder.model().stores[id.index()];
  set_limits(c, bank, *good, store);
  if (store.level_max.present() && store.initial > c.builder.model().at(store.level_max, 0) + store.initial * 1e-9 &&
      open_periods(c, bank) > 0) {
    add_contradiction(c, {bank.where("stock"), "bank '" + bank.name + "' begins with more than it has room for",
                          std::to_string(store.initial),
                          "at most capacity, " + std::to_string(c.builder.model().at(store.level_max, 0)),
                          "lower stock, or raise capacity"});
  }
  c.builder.model().stores[id.index()] = store;
  if (bank.has("obsolete_after")) add_scrap(c, bank, *good, place);
  add_measure(
      c, bank, place, {},
      {.table = "supply", .name = "in_bank_" + bank.name, .unit = good->unit, .kind = TermKind::level, .id = id.value});
}

}  // namespace

constinit const Section kBankSection = {
    .name = "bank",
    .title = "Bank",
    .description =
        "A bank of dies at a stacking plant, of modules at the rack's, of stacks at packaging, of any item where it is "
        "used:\n\n"
        "    level[t] = (1 − loss) · level[t−1] + in[t] − out[t] − scrap[t],   0 ≤ level[t] ≤ capacity[t]\n"
        "    level[t] = 0                                                       from `obsolete_after` on\n\n"
        "Goods can wait without a bank too, at 1 % of their price a month and without limit. Waiting wafers count as "
        "the "
        "dies that they will be.",
    .attributes = kAttributes,
};

void compile_banks(const Compile& c) {
  std::set<int32_t> done;
  for (const Entry& bank : c.spec.entries("bank")) compile_bank(c, bank, done);
}

}  // namespace beltline
