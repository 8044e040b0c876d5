#include "parts/packaging.h"

#include <map>

#include "parts/accelerator.h"
#include "parts/common.h"
#include "parts/memory_chain.h"
#include "parts/stack.h"

namespace beltline {
namespace {

constexpr Attribute kBacklogFields[] = {
    {.key = "accelerator",
     .kind = Kind::reference,
     .target = "accelerator",
     .required = true,
     .description = "An accelerator of the plant."},
    {.key = "packages",
     .kind = Kind::quantity,
     .unit = "accelerator/month",
     .required = true,
     .min = 0,
     .description = "Accelerators a month that are under way for the programme when the horizon begins."},
};

constexpr Attribute kAttributes[] = {
    {.key = "place",
     .kind = Kind::reference,
     .target = "place",
     .required = true,
     .description = "Where the plant stands; HBM stacks arrive here."},
    {.key = "owner", .kind = Kind::reference, .target = "party", .description = "Who runs it."},
    {.key = "capacity",
     .kind = Kind::series,
     .unit = "wafer/month",
     .required = true,
     .min = 0,
     .description = "Interposer wafers a month for all customers."},
    {.key = "programme_share_max",
     .kind = Kind::series,
     .unit = "",
     .fallback = "1",
     .min = 0,
     .max = 1,
     .description = "How much of it the programme may have, through its supplier of accelerators."},
    {.key = "accelerators",
     .kind = Kind::references,
     .target = "accelerator",
     .required = true,
     .description = "What it makes."},
    {.key = "yield",
     .kind = Kind::series,
     .unit = "",
     .fallback = "1",
     .is_yield = true,
     .description = "Good packages over packages that the interposer wafers would give. Stacks are placed on good "
                    "interposers only, so that an accelerator takes exactly its number of stacks."},
    {.key = "packaging_time",
     .kind = Kind::duration,
     .fallback = "\"3 month\"",
     .description = "From stacks and interposers to tested accelerators where racks are assembled."},
    {.key = "delivers_to",
     .kind = Kind::reference,
     .target = "place",
     .description = "Where racks take the accelerators. Default: the one place that all racks name."},
    {.key = "backlog",
     .kind = Kind::records,
     .fields = kBacklogFields,
     .description =
         "Accelerators under way when the horizon begins: at most that rate during the first packaging time."},
    {.key = "price",
     .kind = Kind::quantity,
     .unit = "USD/wafer",
     .min = 0,
     .description = "What `buyer` pays the owner per interposer wafer; a payment between parties."},
    {.key = "buyer", .kind = Kind::reference, .target = "party", .description = "Who pays `price`."},
};

PlaceId delivery_place(const Compile& c, const Entry& plant) {
  return place_or_only(c, plant, "delivers_to", {.section = "rack", .key = "place"});
}

CapacityId add_interposers(const Compile& c, const Entry& plant) {
  const Calendar& calendar = c.builder.calendar();
  Capacity line;
  line.name = "interposer@" + plant.name;
  line.place = place_of(c, plant, "place");
  line.owner = party_of(c, plant, "owner");
  line.unit = "wafer/month";
  line.kind = "packaging";
  line.existing = c.builder.by_period([&](int t) {
    return monthly(calendar, plant.series("capacity"), t) * plant.series("programme_share_max").at(calendar, t, 0);
  });
  line.buildable = false;
  line.provenance = provenance(plant, "capacity");
  return c.builder.add(std::move(line));
}

/// The stacks an accelerator takes in, or nothing where they are bought.
void add_stacks(const Compile& c, const Entry& plant, const Entry& accelerator, Process& process) {
  const Entry* stack = accelerator.has("stack") ? c.spec.find("stack", accelerator.text("stack")) : nullptr;
  if (stack == nullptr || !is_made(*stack) || !accelerator.has("stacks")) return;
  const PlaceId arrives = stack_place(c, *stack);
  if (!arrives.valid()) return;
  if (arrives != process.place) {
    add_contradiction(
        c, {plant.where("place"), "packaging '" + plant.name + "' is not where stacks of '" + stack->name + "' arrive",
            plant.text("place"), c.builder.model().places[arrives.index()].name, "set delivers_to of the stack"});
    return;
  }
  process.flows.push_back({.commodity = ensure_commodity(c, "stack", stack->name),
                           .place = process.place,
                           .rate = c.builder.constant(-stacks_per_accelerator(accelerator))});
}

/// Interposer wafers per accelerator, in period t.
double wafers_per_package(const Calendar& calendar, const Entry& plant, const Entry& accelerator, int t) {
  return 1 / (accelerator.number("packages_per_wafer") * plant.series("yield").at(calendar, t, 0));
}

/// Packages of the accelerator in a period: none before its first month, then its ramp.
Series packages_max(const Compile& c, const Entry& plant, const Entry& accelerator) {
  const Calendar& calendar = c.builder.calendar();
  const int first = first_period(c, accelerator, "earliest");
  const bool has_ramp = accelerator.has("packages_max");
  if (first == 0 && !has_ramp) return {};
  return c.builder.by_period([&](int t) {
    if (t < first) return 0.0;
    if (has_ramp) return accelerator.series("packages_max").per_period(calendar, t);
    // without a ramp, all that the plant can make
    return plant.series("capacity").per_period(calendar, t) / wafers_per_package(calendar, plant, accelerator, t);
  });
}

struct Line {
  CapacityId interposers;
  PlaceId to;
  int lag = 0;
};

ProcessId add_packages(const Compile& c, const Entry& plant, const Entry& accelerator, const Line& line) {
  const Calendar& calendar = c.builder.calendar();
  Process process;
  process.name = "package_" + accelerator.name + "@" + plant.name;
  process.place = place_of(c, plant, "place");
  process.owner = party_of(c, plant, "owner");
  process.grain = Grain::amount;
  process.unit = "accelerator";
  process.kind = "packaging";
  add_stacks(c, plant, accelerator, process);
  process.flows.push_back({.commodity = ensure_commodity(c, "accelerator", accelerator.name),
                           .place = line.to,
                           .rate = c.builder.constant(1),
                           .lag = line.lag});
  process.uses.push_back({line.interposers, c.builder.by_period([&](int t) {
                            return wafers_per_package(calendar, plant, accelerator, t) / calendar.months_per_period;
                          })});
  process.upper = packages_max(c, plant, accelerator);
  if (plant.has("price")) {
    const Series price = c.builder.by_period(
        [&](int t) { return plant.number("price") * wafers_per_package(calendar, plant, accelerator, t); });
    add_payment(process, {party_of(c, plant, "buyer"), process.owner, price, "packaging"});
  }
  process.provenance = provenance(accelerator);
  return c.builder.add(std::move(process));
}

void add_backlogs(const Compile& c, const Entry& plant, const Line& line) {
  if (!plant.has("backlog")) return;
  for (const Entry& record : plant.records("backlog")) {
    const std::string& accelerator = record.text("accelerator");
    const std::string name = "backlog_package_" + accelerator + "@" + plant.name;
    if (!contains(plant.names("accelerators"), accelerator) || c.builder.find_process(name).valid()) {
      add_contradiction(
          c, {record.where("accelerator"),
              "backlog of packaging '" + plant.name + "' names an accelerator twice or one that it does not make",
              accelerator, "each of its accelerators at most once",
              "leave out this record, or add the accelerator to those it makes"});
      continue;
    }
    add_backlog(c,
                {.name = name,
                 .unit = "accelerator",
                 .commodity = ensure_commodity(c, "accelerator", accelerator),
                 .place = line.to,
                 .owner = party_of(c, plant, "owner"),
                 .rate = record.quantity("packages"),
                 .lag = line.lag,
                 .output = c.builder.constant(1)},
                plant);
  }
}

/// Interposer wafers a month of one plant: Σ packages · wafers per package.
void add_wafer_measure(const Compile& c, const Entry& plant, std::span<const ProcessId> processes) {
  Measure measure;
  measure.table = "memory";
  measure.name = "interposer_wafers@" + plant.name;
  measure.unit = "wafer/month";
  measure.place = place_of(c, plant, "place");
  measure.party = party_of(c, plant, "owner");
  for (const ProcessId id : processes) {
    const Process& process = c.builder.model().processes[id.index()];
    measure.terms.push_back({.kind = TermKind::activity, .id = id.value, .coefficient = process.uses.front().use});
  }
  measure.provenance = provenance(plant);
  c.builder.add(std::move(measure));
}

using ByAccelerator = std::map<std::string, std::vector<ProcessId>>;

void compile_plant(const Compile& c, const Entry& plant, ByAccelerator& made) {
  const Line line{.interposers = add_interposers(c, plant),
                  .to = delivery_place(c, plant),
                  .lag = lead_periods(c, plant, "packaging_time")};
  if (!line.to.valid()) return;
  std::vector<ProcessId> own;
  for (const std::string& name : plant.names("accelerators")) {
    const Entry* accelerator = c.spec.find("accelerator", name);
    // an accelerator listed twice is made once
    if (accelerator == nullptr || c.builder.find_process("package_" + name + "@" + plant.name).valid()) continue;
    own.push_back(add_packages(c, plant, *accelerator, line));
    made[name].push_back(own.back());
    const double price = accelerator->has("price") ? accelerator->series("price").at(c.builder.calendar(), 0, 0) : 0;
    add_inventory(c, ensure_commodity(c, "accelerator", name), line.to,
                  kHoldingShare * c.builder.calendar().months_per_period * price, *accelerator);
  }
  add_backlogs(c, plant, line);
  add_wafer_measure(c, plant, own);
}

}  // namespace

constinit const Section kPackagingSection = {
    .name = "packaging",
    .title = "Advanced packaging",
    .description =
        "Interposer wafers (CoWoS) carry compute dies and HBM stacks:\n\n"
        "    Σ_a packages[a,t] / (packages_per_wafer[a] · yield · months) ≤ capacity[t] · programme_share_max[t]\n"
        "    accelerator[a, t + packaging_time] = packages[a,t]\n"
        "    stack[t] = packages[a,t] · stacks[a]\n\n"
        "Logic wafers are not modelled: interposers and stacks have been what binds. `backlog` tells what is under way "
        "when the horizon begins.",
    .attributes = kAttributes,
};

AcceleratorSupply accelerator_supply(const Compile& c, std::string_view accelerator, PlaceId place) {
  AcceleratorSupply supply;
  for (const Entry& plant : c.spec.entries("packaging")) {
    if (!contains(plant.names("accelerators"), accelerator)) continue;
    supply.made = true;
    supply.arrives = supply.arrives || delivery_place(c, plant) == place;
  }
  return supply;
}

void compile_packaging(const Compile& c) {
  ByAccelerator made;
  for (const Entry& plant : c.spec.entries("packaging")) compile_plant(c, plant, made);
  for (const auto& [name, processes] : made) {
    add_monthly_measure(c, {.table = "memory", .name = "accelerators_" + name, .unit = "accelerator/month"}, processes);
  }
}

}  // namespace beltline
