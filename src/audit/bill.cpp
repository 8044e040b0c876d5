#include "audit/bill.h"

#include <algorithm>

#include <fmt/format.h>

#include "audit/good_dies.h"
#include "audit/reading.h"
#include "parts/climate.h"
#include "parts/site_pue.h"

namespace beltline {
namespace {

constexpr double kGigabitsPerTerabyte = 8000;
constexpr double kKilowattsPerMegawatt = 1000;

Ranged tb_per_die(const Read& read, const Entry& product) {
  if (!product.has("die_capacity")) return {};
  return read(product, "product", "die_capacity") / Ranged(kGigabitsPerTerabyte);
}

/// Sums leave out what is absent, unless all of it is.
void add_to(Ranged& sum, const Ranged& more) {
  if (!more.is_present()) return;
  sum = sum.is_present() ? sum + more : more;
}

/// What one accelerator of one rack takes of the chain before it.
struct Chain {
  Ranged hbm_wafers, host_wafers, interposers, stacks, hbm_tb, host_tb;
};

void add_stacks(const Read& read, const Spec& spec, const Entry& accelerator, Chain& chain) {
  if (!accelerator.has("stack") || !accelerator.has("stacks")) return;
  chain.stacks = read(accelerator, "accelerator", "stacks");
  const Entry* stack = spec.find("stack", accelerator.text("stack"));
  const Entry* product = stack == nullptr ? nullptr : spec.find("product", stack->text("product"));
  if (product == nullptr) return;
  chain.hbm_wafers = chain.stacks * dies_per_stack(read, *stack) / good_dies(read, *product);
  chain.hbm_tb = chain.stacks * read(*stack, "stack", "dies") * tb_per_die(read, *product);
}

void add_interposers(const Read& read, const Spec& spec, const Entry& accelerator, Chain& chain) {
  for (const Entry& plant : spec.entries("packaging")) {
    if (std::ranges::find(plant.names("accelerators"), accelerator.name) == plant.names("accelerators").end()) continue;
    // of several plants the first by name speaks: they make the same package
    chain.interposers =
        Ranged(1) / (read(accelerator, "accelerator", "packages_per_wafer") * read(plant, "packaging", "yield"));
    return;
  }
}

void add_host_memory(const Read& read, const Spec& spec, const Entry& rack, const Ranged& accelerators, Chain& chain) {
  if (!rack.has("host_memory")) return;
  for (std::size_t i = 0; i < rack.records("host_memory").size(); ++i) {
    const Entry& record = rack.records("host_memory")[i];
    const Ranged tb =
        read.record(record, fmt::format("rack.{}.host_memory[{}]", rack.name, i + 1), "amount") / accelerators;
    add_to(chain.host_tb, tb);
    const Entry* product = spec.find("product", record.text("product"));
    if (product == nullptr) continue;
    const Ranged die = tb_per_die(read, *product);
    if (die.is_present()) add_to(chain.host_wafers, tb / (good_dies(read, *product) * die));
  }
}

Chain chain_of(const Read& read, const Spec& spec, const Entry& rack, const Ranged& accelerators) {
  Chain chain;
  const Entry* accelerator = rack.has("accelerator") ? spec.find("accelerator", rack.text("accelerator")) : nullptr;
  if (accelerator != nullptr) {
    add_stacks(read, spec, *accelerator, chain);
    add_interposers(read, spec, *accelerator, chain);
  }
  add_host_memory(read, spec, rack, accelerators, chain);
  return chain;
}

/// PUE of a site over a year: its own, or its curve at the mean of what its weather adds.
Ranged pue_of(const Read& read, const Spec& spec, const Entry& site) {
  if (site.has("pue")) return read(site, "site", "pue");
  const PueCurve curve = default_curve(site.text("cooling"));
  const auto value = [&](std::string_view key, double otherwise) {
    return site.has(key) ? read(site, "site", key) : Ranged(otherwise);
  };
  const Ranged base = value("pue_base", curve.base);
  const Entry* climate = site.has("climate") ? spec.find("climate", site.text("climate")) : nullptr;
  if (climate == nullptr) return base;
  const double threshold = site.has("pue_threshold") ? site.number("pue_threshold") : curve.threshold_c;
  const Calendar& calendar = spec.calendar;
  double excess = 0;
  double hours = 0;
  for (int t = 0; t < calendar.period_count; ++t) {
    for (int s = 0; s < calendar.slice_count; ++s) {
      const double degrees =
          site.text("cooling") == "seawater" ? sea_c(calendar, *climate, t) : wet_bulb_c(calendar, *climate, t, s);
      excess += std::max(0.0, degrees - threshold) * calendar.hours(t, s);
      hours += calendar.hours(t, s);
    }
  }
  return base + value("pue_slope", curve.slope_per_kelvin) * Ranged(excess / hours);
}

/// USD for each MW of IT that a hall, or a hull, costs at the site.
Ranged shelter_cost(const Read& read, const Spec& spec, const Entry& site) {
  for (const Entry& hall : spec.entries("hall")) {
    if (hall.text("site") != site.name) continue;
    Ranged sum;
    for (const std::string_view key :
         {"land_cost", "shell_cost", "electrical_cost", "mechanical_cost", "liquid_cooling_cost", "soft_cost"}) {
      add_to(sum, read(hall, "hall", key));
    }
    return sum * read(hall, "hall", "cost_factor");
  }
  for (const Entry& hull : spec.entries("hull")) {
    if (std::ranges::find(hull.names("moorings"), site.name) == hull.names("moorings").end()) continue;
    return read(hull, "hull", "hull_cost") / read(hull, "hull", "size") +
           read(hull, "hull", "topside_cost") * read(hull, "hull", "premium");
  }
  return {};
}

/// Mean over the claim's sites of what they say; absent where none says anything.
template <class Function>
Ranged mean_of_sites(const Claim& claim, const Function& of) {
  Ranged sum;
  int count = 0;
  for (const Entry* site : claim.sites) {
    const Ranged value = of(*site);
    if (!value.is_present()) continue;
    add_to(sum, value);
    ++count;
  }
  return count > 0 ? sum / Ranged(count) : sum;
}

/// What stands around the racks of a claim: per MW of IT.
struct Site {
  Ranged pue;
  Ranged shelter;     // USD a MW of IT
  Ranged connection;  // USD a MW of facility power
};

Site site_of(const Read& read, const Spec& spec, const Claim& claim) {
  Site site;
  site.pue = mean_of_sites(claim, [&](const Entry& each) { return pue_of(read, spec, each); });
  site.shelter = mean_of_sites(claim, [&](const Entry& each) { return shelter_cost(read, spec, each); });
  site.connection = mean_of_sites(claim, [&](const Entry& each) {
    for (const Entry& connection : spec.entries("connection")) {
      if (connection.text("site") == each.name) return read(connection, "connection", "capex");
    }
    return Ranged();
  });
  return site;
}

using PerAccelerator = std::array<Ranged, kClaimKindCount>;

PerAccelerator bill_of_rack(const Read& read, const Spec& spec, const Entry& rack, const Site& site) {
  const auto value = [&](std::string_view key) { return read(rack, "rack", key); };
  PerAccelerator bill;
  const auto of = [&](ClaimKind kind) -> Ranged& { return bill[static_cast<std::size_t>(kind)]; };
  const Ranged accelerators = value("accelerators");
  const Chain chain = chain_of(read, spec, rack, accelerators);
  of(ClaimKind::hbm_wafers) = chain.hbm_wafers;
  of(ClaimKind::host_wafers) = chain.host_wafers;
  add_to(of(ClaimKind::wafers), chain.hbm_wafers);
  add_to(of(ClaimKind::wafers), chain.host_wafers);
  of(ClaimKind::interposers) = chain.interposers;
  of(ClaimKind::stacks) = chain.stacks;
  add_to(of(ClaimKind::memory), chain.hbm_tb);
  add_to(of(ClaimKind::memory), chain.host_tb);
  of(ClaimKind::accelerators) = Ranged(1);
  of(ClaimKind::racks) = Ranged(1) / accelerators;
  const Ranged it =
      value("power") * (Ranged(1) + value("auxiliary_share")) / (accelerators * Ranged(kKilowattsPerMegawatt));
  const Ranged power = it * site.pue;
  of(ClaimKind::it_power) = it;
  of(ClaimKind::power) = power;
  of(ClaimKind::energy) = power * value("load_factor") * Ranged(kHoursPerYear);
  Ranged money = (value("price") + value("auxiliary_price")) / accelerators;
  add_to(money, it * site.shelter);
  add_to(money, power * site.connection);
  of(ClaimKind::money) = money;
  return bill;
}

}  // namespace

Bill bill_of(Ledger& ledger, const Spec& spec, const Claim& claim, const ClaimBasis& basis) {
  const Read read{ledger, claim.from, claim.to};
  const Site site = site_of(read, spec, claim);
  Bill bill;
  for (std::size_t i = 0; i < basis.racks.size(); ++i) {
    const ClaimRack& part = basis.racks[i];
    const PerAccelerator own = bill_of_rack(read, spec, *part.rack, site);
    const Ranged share =
        basis.racks.size() == 1
            ? Ranged(1)
            : read.record(claim.entry->records("mix")[i], fmt::format("claim.{}.mix[{}]", claim.name, i + 1), "share");
    for (std::size_t k = 0; k < own.size(); ++k) add_to(bill.per_accelerator[k], own[k] * share);
  }
  const auto of = [&](ClaimKind kind) -> Ranged& { return bill.per_accelerator[static_cast<std::size_t>(kind)]; };
  of(ClaimKind::money_per_power) = of(ClaimKind::money) / of(ClaimKind::power);
  of(ClaimKind::power_per_accelerator) = of(ClaimKind::power) * Ranged(kKilowattsPerMegawatt);
  // what wafers of each sort give: the racks' memory over the wafers that it takes
  Ranged hbm_tb, host_tb;
  for (std::size_t i = 0; i < basis.racks.size(); ++i) {
    const Entry& rack = *basis.racks[i].rack;
    const Ranged share(basis.racks[i].share);
    const Chain chain = chain_of(read, spec, rack, read(rack, "rack", "accelerators"));
    add_to(hbm_tb, chain.hbm_tb * share);
    add_to(host_tb, chain.host_tb * share);
  }
  bill.hbm_tb_per_wafer = hbm_tb / bill[ClaimKind::hbm_wafers];
  bill.host_tb_per_wafer = host_tb / bill[ClaimKind::host_wafers];
  return bill;
}

}  // namespace beltline
