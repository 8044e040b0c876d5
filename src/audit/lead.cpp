// How long the first racks of a claim take.
#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "audit/bill.h"
#include "audit/reading.h"
#include "parts/memory_chain.h"
#include "parts/product.h"

namespace beltline {
namespace {

/// The later of two, where either may be absent.
void take_later(Ranged& a, const Ranged& b) {
  if (b.is_present()) a = a.is_present() ? max(a, b) : b;
}

/// Sum of durations; an absent one takes no time.
Ranged sum_of(std::initializer_list<Ranged> parts) {
  Ranged sum(0);
  for (const Ranged& part : parts) {
    if (part.is_present()) sum = sum + part;
  }
  return sum;
}

/// Months from `begun` to the start of the month that a key names.
Ranged months_until(const Claim& claim, const Entry& entry, std::string_view key) {
  if (!entry.has(key)) return {};
  return Ranged(std::max(0, entry.month(key).index() - claim.begun->index()));
}

bool makes(const Entry& plant, const Entry& accelerator) {
  const auto& names = plant.names("accelerators");
  return std::ranges::find(names, accelerator.name) != names.end();
}

/// Months until a series first holds something, where it does within the horizon.
Ranged months_until_present(const Claim& claim, const Calendar& calendar, const SeriesValue& series) {
  for (int t = 0; t < calendar.period_count; ++t) {
    if (series.mean(calendar, t) > 0) return Ranged(std::max(0, calendar.month(t).index() - claim.begun->index()));
  }
  return {};
}

/// The earlier of building something and of its being there without an order.
Ranged earlier(const Ranged& built, const Ranged& present) {
  return present.is_present() ? min(built, present) : built;
}

/// Months from `begun` in which the packaging plants make what a claim wants online, at the programme's share of them:
///
///     first month n with  packages a wafer · yield · Σ_{t ≤ n} capacity[t] · share[t]  ≥  accelerators
///
/// counted from the month in which packages of the accelerator are begun. All of it goes to this accelerator.
Ranged packaging_months(const Read& read, const Spec& spec, const Claim& claim, const Entry& accelerator,
                        const Ranged& wanted) {
  const Calendar& calendar = spec.calendar;
  const int start = std::max(claim.begun->index(), calendar.start.index());
  const int first = accelerator.has("earliest") ? std::max(start, accelerator.month("earliest").index()) : start;
  std::vector<double> wafers;  // [month] made until its end
  Ranged yield;
  for (int month = first; calendar.period_of(YearMonth::from_index(month)) < calendar.period_count; ++month) {
    const int t = calendar.period_of(YearMonth::from_index(month));
    double made = wafers.empty() ? 0 : wafers.back();
    for (const Entry& plant : spec.entries("packaging")) {
      if (!makes(plant, accelerator)) continue;
      made += monthly(calendar, plant.series("capacity"), t) * plant.series("programme_share_max").at(calendar, t, 0);
      if (!yield.is_present()) yield = read(plant, "packaging", "yield");
    }
    wafers.push_back(made);
  }
  if (!yield.is_present() || wafers.empty() || wafers.back() <= 0) return {};
  const Ranged needed = wanted / (read(accelerator, "accelerator", "packages_per_wafer") * yield);
  const double until_first = first - claim.begun->index();
  return apply(needed, [&](double count) {
    const auto at = std::ranges::lower_bound(wafers, count) - wafers.begin();
    // what the horizon does not hold goes on at the pace of its last month
    const double pace = wafers.size() > 1 ? wafers.back() - wafers[wafers.size() - 2] : wafers.back();
    if (static_cast<std::size_t>(at) == wafers.size())
      return until_first + static_cast<double>(wafers.size()) + (count - wafers.back()) / std::max(pace, 1e-9);
    const double before = at > 0 ? wafers[static_cast<std::size_t>(at) - 1] : 0;
    const double after = wafers[static_cast<std::size_t>(at)];
    return until_first + static_cast<double>(at) + (after > before ? (count - before) / (after - before) : 1);
  });
}

/// From wafer start to a rack at its site.
/// @param wanted  accelerators that are to be online; absent: the first rack
Ranged chain_months(const Read& read, const Spec& spec, const Claim& claim, const Entry& rack, const Ranged& wanted) {
  Ranged chain(0);
  const Ranged assembly = read(rack, "rack", "assembly_time");
  const Entry* accelerator = rack.has("accelerator") ? spec.find("accelerator", rack.text("accelerator")) : nullptr;
  if (accelerator != nullptr) {
    const Entry* stack = accelerator->has("stack") ? spec.find("stack", accelerator->text("stack")) : nullptr;
    const Entry* product = stack == nullptr ? nullptr : spec.find("product", stack->text("product"));
    Ranged packages;
    if (product != nullptr)
      packages = sum_of({read(*product, "product", "cycle_time"), read(*stack, "stack", "stack_time")});
    // packages of it are begun in volume from a month on
    take_later(packages, months_until(claim, *accelerator, "earliest"));
    if (wanted.is_present()) take_later(packages, packaging_months(read, spec, claim, *accelerator, wanted));
    for (const Entry& plant : spec.entries("packaging")) {
      if (!makes(plant, *accelerator)) continue;
      packages = sum_of({packages, read(plant, "packaging", "packaging_time")});
      break;
    }
    take_later(chain, packages);
  }
  if (rack.has("host_memory")) {
    for (const Entry& record : rack.records("host_memory")) {
      const Entry* product = spec.find("product", record.text("product"));
      if (product != nullptr) take_later(chain, read(*product, "product", "cycle_time"));
    }
  }
  chain = sum_of({chain, assembly});
  take_later(chain, months_until(claim, rack, "earliest"));
  return chain;
}

/// The longest wait for equipment of a hall, where none of it lies in store.
Ranged equipment_months(const Read& read, const Spec& spec, const Entry& hall, const Entry& site) {
  Ranged longest(0);
  if (!hall.has("equipment")) return longest;
  const std::string& region = site.has("compute_region") ? site.text("compute_region") : site.name;
  for (const std::string& name : hall.names("equipment")) {
    const Entry* equipment = spec.find("equipment", name);
    if (equipment == nullptr) continue;
    for (std::size_t i = 0; i < equipment->records("supply").size(); ++i) {
      const Entry& supply = equipment->records("supply")[i];
      if (supply.text("region") != region || supply.number("stock") > 0) continue;
      take_later(longest, read.record(supply, fmt::format("equipment.{}.supply[{}]", name, i + 1), "lead"));
    }
  }
  return longest;
}

/// From permit to halls that racks can move into.
Ranged hall_months(const Read& read, const Spec& spec, const Entry& hall, const Entry& site) {
  const auto value = [&](std::string_view key) { return read(hall, "hall", key); };
  Ranged fit_out = sum_of({value("permit"), value("site_work"), value("shell")}) - value("overlap");
  take_later(fit_out, equipment_months(read, spec, hall, site));
  return sum_of({fit_out, value("fit_out"), value("commission")});
}

Ranged hull_months(const Read& read, const Spec& spec, const Entry& hull) {
  const auto value = [&](std::string_view key) { return read(hull, "hull", key); };
  const Entry* yard = spec.find("yard", hull.text("yard"));
  const Ranged dock = yard == nullptr ? Ranged() : read(*yard, "yard", "dock_time");
  return sum_of({value("design"), dock, value("quay"), value("tow")});
}

/// Halls or hulls and power of one site; absent where the site has neither hall nor hull.
Ranged site_months(const Read& read, const Spec& spec, const Claim& claim, const Entry& site) {
  Ranged months;
  for (const Entry& hall : spec.entries("hall")) {
    if (hall.text("site") != site.name) continue;
    take_later(months, earlier(hall_months(read, spec, hall, site),
                               months_until_present(claim, spec.calendar, hall.series("existing"))));
  }
  for (const Entry& hull : spec.entries("hull")) {
    const auto& moorings = hull.names("moorings");
    if (std::ranges::find(moorings, site.name) != moorings.end()) take_later(months, hull_months(read, spec, hull));
  }
  if (!months.is_present()) return months;
  for (const Entry& connection : spec.entries("connection")) {
    if (connection.text("site") != site.name) continue;
    const auto value = [&](std::string_view key) { return read(connection, "connection", key); };
    take_later(months, earlier(sum_of({value("permit"), value("assessment"), value("queue"), value("substation")}),
                               months_until_present(claim, spec.calendar, connection.series("existing"))));
  }
  take_later(months, months_until(claim, site, "online"));
  return months;
}

}  // namespace

Ranged lead_of(Ledger& ledger, const Spec& spec, const Claim& claim, const ClaimBasis& basis) {
  if (!claim.begun) return {};
  const Read read{ledger, claim.from, claim.to};
  Ranged wanted;
  if (claim.first_kind) {
    const Bill bill = bill_of(ledger, spec, claim, basis);
    if (!bill[*claim.first_kind].is_present()) return {};
    wanted = ledger.number(claim.first, fmt::format("claim.{}.quantity", claim.name)) / bill[*claim.first_kind];
  }
  Ranged first;
  for (const ClaimRack& part : basis.racks) {
    const Ranged share = wanted.is_present() ? wanted * Ranged(part.share) : wanted;
    // racks are put up while the halls are made ready
    const Ranged chain =
        sum_of({chain_months(read, spec, claim, *part.rack, share), read(*part.rack, "rack", "install_time")});
    Ranged best;
    for (const Entry* site : claim.sites) {
      Ranged months = site_months(read, spec, claim, *site);
      if (!months.is_present()) continue;
      take_later(months, chain);
      best = best.is_present() ? min(best, months) : months;
    }
    const Ranged online = best.is_present() ? best : chain;
    // the first rack of a mix is its earliest; an amount of it waits for all
    if (!first.is_present()) first = online;
    first = claim.first_kind ? max(first, online) : min(first, online);
  }
  return first;
}

}  // namespace beltline
