#include "parts/rack.h"

#include <algorithm>

#include "base/diagnostic_codes.h"
#include "parts/accelerator.h"
#include "parts/bill_measures.h"
#include "parts/common.h"
#include "parts/memory_chain.h"
#include "parts/packaging.h"
#include "parts/product.h"
#include "parts/rack_tokens.h"
#include "parts/site.h"
#include "parts/stack.h"

namespace beltline {
namespace {

constexpr double kKilowattsPerMegawatt = 1000;
constexpr double kRacksMany = 1e6;  // more than anybody orders in a period

/// factor[t] · base[t, s], as a series of the base's own shape.
template <class Factor>
Series scaled(const Compile& c, Series base, const Factor& factor) {
  const Model& model = c.builder.model();
  if (base.slice_stride == 0) {
    return c.builder.by_period([&](int t) { return factor(t) * model.at_or(base, 1, t); });
  }
  return c.builder.by_slice([&](int t, int s) { return factor(t) * model.at_or(base, 1, t, s); });
}

/// One generation of racks, with what does not depend on the site.
struct Generation {
  const Entry& rack;
  CommodityId commodity;
  PlaceId place;  // where racks are assembled and taken from
  int first = 0;  // period of the first order
  int last = 0;   // period of the last order
  Series capex;
  Series fixed_cost;
  std::vector<double> load_mw;  // [period] IT load of a rack that runs
  Series useful;                // PFLOP/s of a rack that runs
};

int first_order(const Compile& c, const Entry& rack) {
  int first = first_period(c, rack, "earliest");
  const Entry* accelerator = rack.has("accelerator") ? c.spec.find("accelerator", rack.text("accelerator")) : nullptr;
  if (accelerator != nullptr) first = std::max(first, first_period(c, *accelerator, "earliest"));
  return first;
}

int last_order(const Compile& c, const Entry& rack) {
  const Calendar& calendar = c.builder.calendar();
  return rack.has("until") ? calendar.period_of(rack.month("until")) : calendar.period_count;
}

PlaceId assembly_place(const Compile& c, const Entry& rack) {
  if (rack.has("place")) return place_of(c, rack, "place");
  for (const SiteView& site : sites(c)) return site.place;
  return {};
}

Generation describe(const Compile& c, const Entry& rack) {
  const Calendar& calendar = c.builder.calendar();
  const SeriesValue& rack_price = rack.series("price");
  const double auxiliary_price = rack.number("auxiliary_price");
  const auto price = [&](int t) { return rack_price.at(calendar, t, 0) + auxiliary_price; };
  const double upkeep = rack.number("maintenance_share") * calendar.months_per_period / 12;
  // load factor and utilisation are read by the period: their course over the day is the demand's matter
  const SeriesValue& load_factor = rack.series("load_factor");
  const SeriesValue& utilisation = rack.series("utilisation");
  const double it_mw = rack_it_mw(rack), performance = rack.number("performance");
  std::vector<double> load_mw;
  for (int t = 0; t < calendar.period_count; ++t) load_mw.push_back(it_mw * load_factor.mean(calendar, t));
  return {.rack = rack,
          .commodity = ensure_commodity(c, "rack", rack.name),
          .place = assembly_place(c, rack),
          .first = first_order(c, rack),
          .last = last_order(c, rack),
          .capex = c.builder.by_period(price),
          .fixed_cost = upkeep > 0 ? c.builder.by_period([&](int t) { return upkeep * price(t); }) : Series{},
          .load_mw = std::move(load_mw),
          .useful = c.builder.by_period([&](int t) { return performance * utilisation.mean(calendar, t); })};
}

/// The accelerators a rack takes in, or nothing where nobody makes them.
void add_accelerators(const Compile& c, const Generation& g, Process& process) {
  if (!g.rack.has("accelerator")) return;
  const std::string& accelerator = g.rack.text("accelerator");
  const AcceleratorSupply supply = accelerator_supply(c, accelerator, g.place);
  if (!supply.made) return;
  if (!supply.arrives) {
    add_contradiction(c, {g.rack.where("place"),
                          "no packaging sends '" + accelerator + "' to where rack '" + g.rack.name + "' is assembled",
                          c.builder.model().places[g.place.index()].name, "delivers_to of a packaging that makes it",
                          "set place of the rack or delivers_to of the packaging"});
    return;
  }
  process.flows.push_back({.commodity = ensure_commodity(c, "accelerator", accelerator),
                           .place = g.place,
                           .rate = c.builder.constant(-static_cast<double>(g.rack.integer("accelerators")))});
}

bool is_made_by_a_fab(const Compile& c, std::string_view product) {
  return std::ranges::any_of(c.spec.entries("fab"),
                             [&](const Entry& fab) { return contains(fab.names("products"), product); });
}

void add_host_memory(const Compile& c, const Generation& g, Process& process) {
  if (!g.rack.has("host_memory")) return;
  for (const Entry& record : g.rack.records("host_memory")) {
    const Entry* product = c.spec.find("product", record.text("product"));
    if (product == nullptr) continue;
    if (is_hbm(*product)) {
      add_contradiction(
          c, {record.where("product"), "host memory of rack '" + g.rack.name + "' is a product of family hbm",
              product->name, "a product of family host", "name another product, or write family = \"host\" in it"});
      continue;
    }
    if (!is_made_by_a_fab(c, product->name)) continue;
    // where the product goes is said once, by the product or by all racks
    const PlaceId arrives = product->has("delivers_to") ? place_of(c, *product, "delivers_to") : g.place;
    if (arrives != g.place) {
      add_contradiction(c, {record.where("product"),
                            "'" + product->name + "' does not arrive where rack '" + g.rack.name + "' is assembled",
                            product->text("delivers_to"), c.builder.model().places[g.place.index()].name,
                            "let delivers_to of the product name the rack's place"});
      continue;
    }
    process.flows.push_back({.commodity = product_commodity(c, *product),
                             .place = g.place,
                             .rate = c.builder.constant(-record.number("amount"))});
  }
}

void add_assembly(const Compile& c, const Generation& g) {
  const Entry& rack = g.rack;
  const int lag = lead_periods(c, rack, "assembly_time");
  Process process;
  process.name = "assemble_" + rack.name;
  process.place = g.place;
  process.owner = party_of(c, rack, "maker");
  process.grain = Grain::amount;
  process.unit = "rack";
  process.kind = "assemble";
  add_accelerators(c, g, process);
  add_host_memory(c, g, process);
  process.flows.push_back({.commodity = g.commodity, .place = g.place, .rate = c.builder.constant(1), .lag = lag});
  if (rack.has("supply_max")) process.upper = per_period_series(c, rack.series("supply_max"));
  add_payment(process, {party_of(c, rack, "buyer"), process.owner, g.capex, "racks"});
  process.provenance = provenance(rack);
  if (rack.has("backlog")) {
    add_backlog(c,
                {.name = "backlog_" + process.name,
                 .unit = "rack",
                 .commodity = g.commodity,
                 .place = g.place,
                 .owner = process.owner,
                 .rate = rack.quantity("backlog"),
                 .lag = lag,
                 .output = c.builder.constant(1)},
                rack);
  }
  c.builder.add(std::move(process));
  add_inventory(c, g.commodity, g.place,
                kHoldingShare * c.builder.calendar().months_per_period * c.builder.model().at(g.capex, 0), rack);
}

double existing_count(const Entry& rack, std::string_view site) {
  double count = 0;
  if (!rack.has("existing")) return count;
  for (const Entry& record : rack.records("existing")) {
    if (record.text("site") == site) count += record.number("count");
  }
  return count;
}

CapacityId add_capacity(const Compile& c, const Generation& g, const SiteView& site) {
  const Entry& rack = g.rack;
  Capacity capacity;
  capacity.name = "rack_" + rack.name + "@" + site.name;
  capacity.place = site.place;
  capacity.owner = site.owner;
  capacity.unit = "rack";
  capacity.kind = "rack";
  if (const double count = existing_count(rack, site.name); count > 0) {
    capacity.existing = c.builder.by_period([&](int t) { return t >= site.online ? count : 0.0; });
  }
  capacity.lead = std::max(1, lead_periods(c, rack, "install_time"));
  if (g.last < c.builder.calendar().period_count) {
    capacity.build_max = c.builder.by_period([&](int t) { return t <= g.last ? kRacksMany : 0.0; });
  }
  capacity.earliest_order = g.first;
  capacity.earliest_online = site.online;
  capacity.life = lead_periods(c, rack, "life");
  capacity.capex = g.capex;
  capacity.salvage_life = capacity.life;
  capacity.fixed_cost = g.fixed_cost;
  capacity.availability = site.availability;
  capacity.build_flows.push_back({.commodity = g.commodity, .place = g.place, .amount = -1, .offset = 0});
  capacity.stand_flows.push_back({.commodity = ensure_commodity(c, "it_space"),
                                  .place = site.place,
                                  .rate = c.builder.constant(-rack_it_mw(rack))});
  capacity.provenance = provenance(rack);
  return c.builder.add(std::move(capacity));
}

bool has_service(const Compile& c, PlaceId region) {
  return std::ranges::any_of(c.spec.entries("service"),
                             [&](const Entry& service) { return place_of(c, service, "region") == region; });
}

void add_run(const Compile& c, const Generation& g, const SiteView& site, CapacityId racks) {
  const Entry& rack = g.rack;
  Process process;
  process.name = "run_" + rack.name + "@" + site.name;
  process.place = site.place;
  process.owner = site.owner;
  process.grain = Grain::rate;
  process.unit = "rack";
  process.kind = "run";
  const auto load = [&](int t) { return -g.load_mw[static_cast<std::size_t>(t)]; };
  process.flows.push_back(
      {.commodity = ensure_commodity(c, "electricity"), .place = site.place, .rate = scaled(c, site.pue, load)});
  process.flows.push_back({.commodity = ensure_commodity(c, "compute"), .place = site.compute_place, .rate = g.useful});
  if (counts_generations(c, site.compute_place)) {
    process.flows.push_back(
        {.commodity = ensure_commodity(c, "compute", rack.name), .place = site.compute_place, .rate = g.useful});
  }
  process.uses.push_back({racks, c.builder.constant(1)});
  // a service of the region counts what its compute is used for; without one, compute itself is what is of use
  if (!has_service(c, site.compute_place)) process.useful = g.useful;
  process.provenance = provenance(rack);
  c.builder.add(std::move(process));
}

/// Online racks of one measure's scope: the whole, or one site.
struct Standing {
  std::vector<Term> accelerators;
  std::vector<Term> it_load;
  std::vector<Term> compute;

  void add(const Compile& c, const Entry& rack, CapacityId capacity) {
    const auto term = [&](double coefficient) {
      return Term{.kind = TermKind::online, .id = capacity.value, .coefficient = c.builder.constant(coefficient)};
    };
    accelerators.push_back(term(static_cast<double>(rack.integer("accelerators"))));
    it_load.push_back(term(rack_it_mw(rack)));
    compute.push_back(term(rack.number("performance")));
  }

  void measure(const Compile& c, PlaceId place) const {
    const auto one = [&](const char* name, const char* unit, const std::vector<Term>& terms) {
      if (!terms.empty()) {
        c.builder.add(Measure{.table = "programme", .name = name, .unit = unit, .place = place, .terms = terms});
      }
    };
    one("accelerators_online", "accelerator", accelerators);
    one("it_load_installed", "MW", it_load);
    one("compute_installed", "PFLOP/s", compute);
  }
};

/// Racks of one generation ordered and online, all sites together.
void measure_generation(const Compile& c, const Entry& rack, std::span<const CapacityId> capacities) {
  if (capacities.empty()) return;
  Measure ordered{
      .table = "memory", .name = "racks_ordered_" + rack.name, .unit = "rack", .provenance = provenance(rack)};
  Measure online{
      .table = "memory", .name = "racks_online_" + rack.name, .unit = "rack", .provenance = provenance(rack)};
  for (const CapacityId id : capacities) {
    ordered.terms.push_back({.kind = TermKind::order, .id = id.value});
    online.terms.push_back({.kind = TermKind::online, .id = id.value});
  }
  c.builder.add(std::move(ordered));
  c.builder.add(std::move(online));
}

bool may_stand(const Entry& rack, const SiteView& site) {
  return !rack.has("sites") || rack.names("sites").empty() || contains(rack.names("sites"), site.name);
}

void compile_rack(const Compile& c, const Entry& rack, std::vector<Standing>& by_site, Standing& all) {
  const int periods = c.builder.calendar().period_count;
  const Generation g = describe(c, rack);
  if (g.first >= periods || !g.place.valid()) return;
  if (g.last < g.first) {
    add_contradiction(
        c, {rack.where("until"), "rack '" + rack.name + "' ends before it begins", to_string(rack.month("until")),
            "a month from " + c.builder.calendar().label(g.first), "write a later until, or an earlier from"});
    return;
  }
  add_assembly(c, g);
  std::vector<CapacityId> capacities;
  const std::vector<SiteView>& all_sites = sites(c);
  for (std::size_t i = 0; i < all_sites.size(); ++i) {
    const SiteView& site = all_sites[i];
    if (!may_stand(rack, site) || site.online >= periods) continue;
    const CapacityId capacity = add_capacity(c, g, site);
    add_run(c, g, site, capacity);
    by_site[i].add(c, rack, capacity);
    all.add(c, rack, capacity);
    capacities.push_back(capacity);
  }
  measure_generation(c, rack, capacities);
}

RackBill bill_of_period(const Spec& spec, const Entry& rack, int t) {
  RackBill bill;
  bill.accelerators = static_cast<double>(rack.integer("accelerators"));
  const Entry* accelerator = rack.has("accelerator") ? spec.find("accelerator", rack.text("accelerator")) : nullptr;
  if (accelerator != nullptr) bill.stacks = bill.accelerators * stacks_per_accelerator(*accelerator);
  if (bill.stacks > 0) {
    const Entry* stack = spec.find("stack", accelerator->text("stack"));
    const Entry* product = stack == nullptr ? nullptr : spec.find("product", stack->text("product"));
    if (product != nullptr) {
      bill.hbm_wafers =
          bill.stacks * dies_per_good_stack(spec.calendar, *stack, t) / output_per_wafer(spec.calendar, *product, t);
    }
  }
  if (!rack.has("host_memory")) return bill;
  for (const Entry& record : rack.records("host_memory")) {
    bill.host_tb += record.number("amount");
    const Entry* product = spec.find("product", record.text("product"));
    const double tb = product == nullptr ? 0 : output_per_wafer(spec.calendar, *product, t);
    if (tb > 0) bill.host_wafers += record.number("amount") / tb;
  }
  return bill;
}

}  // namespace

double rack_it_mw(const Entry& rack) {
  return rack.number("power") * (1 + rack.number("auxiliary_share")) / kKilowattsPerMegawatt;
}

RackBill rack_bill(const Spec& spec, const Entry& rack, std::optional<int> period) {
  const int count = spec.calendar.period_count;
  if (period) return bill_of_period(spec, rack, *period);
  int first = rack.has("earliest") ? spec.calendar.period_of(rack.month("earliest")) : 0;
  first = std::clamp(first, 0, count - 1);
  RackBill mean = bill_of_period(spec, rack, first);
  mean.hbm_wafers = 0;
  mean.host_wafers = 0;
  for (int t = first; t < count; ++t) {
    const RackBill bill = bill_of_period(spec, rack, t);
    mean.hbm_wafers += bill.hbm_wafers / (count - first);
    mean.host_wafers += bill.host_wafers / (count - first);
  }
  return mean;
}

void add_racks(const Compile& c) {
  const std::vector<SiteView>& all_sites = sites(c);
  std::vector<Standing> by_site(all_sites.size());
  Standing all;
  for (const Entry& rack : c.spec.entries("rack")) compile_rack(c, rack, by_site, all);
  all.measure(c, {});
  for (std::size_t i = 0; i < all_sites.size(); ++i) by_site[i].measure(c, all_sites[i].place);
}

void compile_racks(const Compile& c) {
  add_racks(c);
  add_bill_measures(c);
}

}  // namespace beltline
