#include "parts/stack.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "parts/base_die.h"
#include "parts/common.h"
#include "parts/fab.h"
#include "parts/memory_chain.h"
#include "parts/product.h"
#include "parts/qualification.h"

namespace beltline {
namespace {

constexpr Attribute kLineFields[] = {
    {.key = "place",
     .kind = Kind::reference,
     .target = "place",
     .required = true,
     .description = "Where it is stacked and tested; the fabs' dies arrive here (`stack_place` of the fab)."},
    {.key = "owner", .kind = Kind::reference, .target = "party", .description = "The memory maker."},
    {.key = "capacity",
     .kind = Kind::series,
     .unit = "stack/month",
     .min = 0,
     .description = "Good stacks a month for the programme. Absent: no limit."},
    {.key = "backlog",
     .kind = Kind::quantity,
     .unit = "stack/month",
     .min = 0,
     .description = "Good stacks a month that are under way when the horizon begins."},
    {.key = "base_die",
     .kind = Kind::reference,
     .target = "base_die",
     .description = "The foundry's die under its stacks. Absent: one that does not bind."},
    {.key = "qualified",
     .kind = Kind::month,
     .description = "First month in which stacks of this line may be used, where its maker is later than others."},
};

constexpr Attribute kAttributes[] = {
    {.key = "product",
     .kind = Kind::reference,
     .target = "product",
     .required = true,
     .description = "The DRAM die it is made of, of family `hbm`."},
    {.key = "dies", .kind = Kind::integer, .fallback = "12", .min = 1, .max = 32, .description = "DRAM dies a stack."},
    {.key = "layer_yield",
     .kind = Kind::series,
     .unit = "",
     .fallback = "0.99",
     .is_yield = true,
     .description = "Yield of one bond; there are as many as dies."},
    {.key = "test_yield",
     .kind = Kind::series,
     .unit = "",
     .fallback = "1",
     .is_yield = true,
     .description = "Good stacks over stacks whose bonds all hold."},
    {.key = "rework_share",
     .kind = Kind::series,
     .unit = "",
     .fallback = "0",
     .min = 0,
     .max = 1,
     .description = "Share of the failed stacks that are reworked, once."},
    {.key = "rework_yield",
     .kind = Kind::series,
     .unit = "",
     .fallback = "1",
     .is_yield = true,
     .description = "Good stacks over reworked stacks."},
    {.key = "stack_time",
     .kind = Kind::duration,
     .fallback = "\"2 month\"",
     .description = "From known good dies to tested stacks at the place of packaging, transport included."},
    {.key = "lines",
     .kind = Kind::records,
     .fields = kLineFields,
     .description = "Where the stack is made. Without lines the stack is bought, and packaging takes none in."},
    {.key = "qualified",
     .kind = Kind::month,
     .description = "First month in which its customers may use it. Stacks made before it at risk wait until then."},
    {.key = "delivers_to",
     .kind = Kind::reference,
     .target = "place",
     .description = "Where packaging takes it. Default: the one place that all packaging names."},
    {.key = "price",
     .kind = Kind::series,
     .unit = "USD/stack",
     .min = 0,
     .description = "What `buyer` pays the maker; a payment between parties, not a cost of the plan."},
    {.key = "buyer", .kind = Kind::reference, .target = "party", .description = "Who pays `price`."},
    {.key = "base_die_cost",
     .kind = Kind::quantity,
     .unit = "USD/stack",
     .min = 0,
     .description = "What the memory maker pays `base_die_maker` for the base die of a good stack."},
    {.key = "base_die_maker", .kind = Kind::reference, .target = "party", .description = "Who makes the base die."},
};

/// The dies that a line takes in, or nothing where the scenario makes none of them.
///
/// @param yields  [period] good stacks of one begun
void add_dies(const Compile& c, const Entry& stack, const Entry& line, std::span<const double> yields,
              Process& process) {
  const Entry* product = c.spec.find("product", stack.text("product"));
  if (product == nullptr || !is_hbm(*product)) return;
  const Supply supply = die_supply(c, product->name, process.place);
  if (!supply.made) return;
  if (!supply.arrives) {
    add_contradiction(
        c, {line.where("place"), "no fab sends dies of '" + product->name + "' to this line of '" + stack.name + "'",
            line.text("place"), "a place where its dies arrive", "set stack_place of a fab that makes it"});
    return;
  }
  const auto dies = static_cast<double>(stack.integer("dies"));
  process.flows.push_back(
      {.commodity = product_commodity(c, *product), .place = process.place, .rate = c.builder.by_period([&](int t) {
         return -(dies / yields[static_cast<std::size_t>(t)]);
       })});
}

/// One base die for each stack begun, good or not.
void add_base_die(const Compile& c, const Entry& line, std::span<const double> yields, Process& process) {
  const Entry* base_die = line.has("base_die") ? c.spec.find("base_die", line.text("base_die")) : nullptr;
  if (base_die == nullptr) return;
  process.flows.push_back(
      {.commodity = ensure_commodity(c, "base_die", base_die->name),
       .place = base_die_place(c, *base_die),
       .rate = c.builder.by_period([&](int t) { return -1 / yields[static_cast<std::size_t>(t)]; })});
}

void add_payments(const Compile& c, const Entry& stack, Process& process) {
  if (stack.has("price")) {
    add_payment(process,
                {party_of(c, stack, "buyer"), process.owner, level_series(c, stack.series("price")), "HBM stacks"});
  }
  if (stack.has("base_die_cost")) {
    add_payment(process, {process.owner, party_of(c, stack, "base_die_maker"),
                          level_series(c, stack.quantity("base_die_cost")), "base dies"});
  }
}

ProcessId add_line(const Compile& c, const Entry& stack, const Entry& line, std::span<const double> yields,
                   PlaceId to) {
  const CommodityId commodity = ensure_commodity(c, "stack", stack.name);
  const int lag = lead_periods(c, stack, "stack_time");
  Process process;
  process.name = "stack_" + stack.name + "@" + line.text("place");
  process.place = place_of(c, line, "place");
  process.owner = party_of(c, line, "owner");
  process.grain = Grain::amount;
  process.unit = "stack";
  process.kind = "stack";
  add_dies(c, stack, line, yields, process);
  add_base_die(c, line, yields, process);
  const int first_use = std::max(qualified_period(c, stack), qualified_period(c, line));
  add_output(c, process, {.commodity = commodity, .place = to, .rate = c.builder.constant(1), .lag = lag}, first_use);
  if (line.has("capacity")) process.upper = per_period_series(c, line.series("capacity"));
  add_payments(c, stack, process);
  process.provenance = provenance(stack);
  if (line.has("backlog")) {
    add_backlog(c,
                {.name = "backlog_" + process.name,
                 .unit = "stack",
                 .commodity = commodity,
                 .place = to,
                 .owner = process.owner,
                 .rate = line.quantity("backlog"),
                 .lag = lag,
                 .output = c.builder.constant(1),
                 .first_use = first_use},
                stack);
  }
  return c.builder.add(std::move(process));
}

void check_product(const Compile& c, const Entry& stack) {
  const Entry* product = c.spec.find("product", stack.text("product"));
  if (product == nullptr || is_hbm(*product)) return;
  add_contradiction(
      c,
      {stack.where("product"), "stack '" + stack.name + "' is made of a product of family " + product->text("family"),
       product->name, "a product of family hbm", "name another product, or write family = \"hbm\" in it"});
}

struct StackMeasures {
  std::vector<ProcessId> all;
  std::map<PartyId, std::vector<ProcessId>> by_owner;
};

void compile_stack(const Compile& c, const Entry& stack, StackMeasures& measures) {
  check_product(c, stack);
  if (!is_made(stack)) return;
  const PlaceId to = stack_place(c, stack);
  if (!to.valid()) return;
  const Calendar& calendar = c.builder.calendar();
  std::vector<double> yields;  // [period]
  for (int t = 0; t < calendar.period_count; ++t) yields.push_back(stack_yield(calendar, stack, t));
  std::vector<ProcessId> own;
  for (const Entry& line : stack.records("lines")) {
    if (c.builder.find_process("stack_" + stack.name + "@" + line.text("place")).valid()) {
      add_contradiction(c, {line.where("place"), "stack '" + stack.name + "' has two lines at one place",
                            line.text("place"), "one line a place", "add their capacities"});
      continue;
    }
    own.push_back(add_line(c, stack, line, yields, to));
    measures.by_owner[party_of(c, line, "owner")].push_back(own.back());
  }
  const double price = stack.has("price") ? stack.series("price").at(c.builder.calendar(), 0, 0) : 0;
  add_inventory(c, ensure_commodity(c, "stack", stack.name), to,
                kHoldingShare * c.builder.calendar().months_per_period * price, stack);
  add_monthly_measure(
      c,
      {.table = "memory", .name = "hbm_stacks_" + stack.name, .unit = "stack/month", .provenance = provenance(stack)},
      own);
  measures.all.insert(measures.all.end(), own.begin(), own.end());
}

}  // namespace

constinit const Section kStackSection = {
    .name = "stack",
    .title = "HBM stack",
    .description =
        "A stack of `dies` known good dies on a base die:\n\n"
        "    passed = layer_yield ^ dies · test_yield\n"
        "    yield  = passed + (1 − passed) · rework_share · rework_yield\n"
        "    dies taken per good stack = dies / yield\n\n"
        "A stack on a base die has as many bonds as dies; 0.99 a bond gives 0.92 for 8 and 0.89 for 12 dies "
        "(SemiAnalysis). The published time from wafer start to packaged HBM, 26 to 34 weeks (TrendForce 2024), is the "
        "product's `cycle_time` and `stack_time` together. One process a line, counted in good stacks.",
    .attributes = kAttributes,
};

double stack_yield(const Calendar& calendar, const Entry& stack, int t) {
  const double bonds =
      std::pow(stack.series("layer_yield").at(calendar, t, 0), static_cast<double>(stack.integer("dies")));
  const double passed = bonds * stack.series("test_yield").at(calendar, t, 0);
  const double recovered =
      stack.series("rework_share").at(calendar, t, 0) * stack.series("rework_yield").at(calendar, t, 0);
  return passed + (1 - passed) * recovered;
}

double dies_per_good_stack(const Calendar& calendar, const Entry& stack, int t) {
  return static_cast<double>(stack.integer("dies")) / stack_yield(calendar, stack, t);
}

bool is_made(const Entry& stack) {
  return stack.has("lines") && !stack.records("lines").empty();
}

PlaceId stack_place(const Compile& c, const Entry& stack) {
  return place_or_only(c, stack, "delivers_to", {.section = "packaging", .key = "place"});
}

void compile_stacks(const Compile& c) {
  StackMeasures measures;
  for (const Entry& stack : c.spec.entries("stack")) compile_stack(c, stack, measures);
  add_monthly_measure(c, {.table = "memory", .name = "hbm_stacks", .unit = "stack/month"}, measures.all);
  for (const auto& [owner, processes] : measures.by_owner) {
    if (!owner.valid()) continue;
    add_monthly_measure(c, {.table = "memory", .name = "hbm_stacks", .unit = "stack/month", .party = owner}, processes);
  }
}

}  // namespace beltline
