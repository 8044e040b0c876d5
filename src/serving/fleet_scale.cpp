#include "serving/fleet_scale.h"

#include <algorithm>
#include <cmath>

#include "serving/fleet_engine.h"

namespace beltline::serving {
namespace {

/// Slots that serve at a site, at least, where they can be had: queues of fewer differ much from those of many.
constexpr double kServingSlots = 8;
/// Sites are not simulated finer than this many times the others: all of the traffic is drawn for the finest.
constexpr double kFinest = 4;

/// Requests/s of a slot on some racks, over the models that its site serves.
double slot_per_s(const FleetSpec& fleet, std::size_t s, int32_t rack, int32_t accelerators,
                  const std::vector<MeanRequest>& means) {
  const FleetSite& site = fleet.sites[s];
  double sum = 0;
  for (std::size_t m = 0; m < means.size(); ++m) {
    const int32_t kind = fleet.kind_of(static_cast<int32_t>(m), rack);
    if (kind < 0) continue;
    const ReplicaKind& replica = fleet.kinds[static_cast<std::size_t>(kind)];
    // slots that scale go where the traffic is
    const double share = fleet.scaling.is_on ? 1 / static_cast<double>(means.size()) : site.shares[m];
    sum += share * (accelerators / replica.accelerators) *
           figures_at(fleet, static_cast<int32_t>(s), replica, means[m]).requests_per_s;
  }
  return sum;
}

struct SiteSize {
  double slots = 0;      // in truth
  double serving = 0;    // of them, at the start
  double per_s = 0;      // what all of them serve
  double simulated = 0;  // what those simulated serve, requests/s
};

SiteSize size_of(const FleetSpec& fleet, std::size_t s, const std::vector<MeanRequest>& means, double down) {
  const FleetSite& site = fleet.sites[s];
  SiteSize out;
  for (const SiteRacks& racks : site.racks) {
    const SlotCount count = count_slots(fleet, racks, down, &site);
    if (count.simulated == 0) continue;
    const double each = slot_per_s(fleet, s, racks.rack, count.accelerators, means);
    out.slots += count.truth;
    out.per_s += count.truth * each;
    out.simulated += count.simulated * each;
  }
  double share = 0;
  for (const double one : site.shares) share += one;
  out.serving = out.slots * (share > 0 ? std::min(1.0, share) : 1);
  return out;
}

FleetScale weighted(const FleetSpec& fleet, const std::vector<MeanRequest>& means, std::vector<double> down) {
  FleetScale out{.slots_down = std::move(down)};
  for (std::size_t s = 0; s < fleet.sites.size(); ++s) {
    double& site_down = out.slots_down[s];
    // fewer than one slot would be no site
    site_down = std::clamp(site_down, 1.0, std::max(1.0, size_of(fleet, s, means, 1).slots));
    const SiteSize size = size_of(fleet, s, means, site_down);
    // sites as they are keep parts of slots that a plan has rounded to whole ones
    out.request_weight.push_back(site_down > 1 && size.simulated > 0 ? size.per_s / size.simulated : 1);
  }
  if (!out.request_weight.empty()) out.stream_weight = *std::ranges::min_element(out.request_weight);
  return out;
}

}  // namespace

bool FleetScale::is_down() const {
  return std::ranges::any_of(slots_down, [](double down) { return down > 1; });
}

double capacity_per_s(const FleetSpec& fleet, const std::vector<MeanRequest>& means) {
  double sum = 0;
  for (std::size_t s = 0; s < fleet.sites.size(); ++s) sum += size_of(fleet, s, means, 1).per_s;
  return sum;
}

FleetScale even_scale(const FleetSpec& fleet, const std::vector<MeanRequest>& means, double down) {
  return weighted(fleet, means, std::vector<double>(fleet.sites.size(), down));
}

FleetScale allotted_scale(const FleetSpec& fleet, const std::vector<MeanRequest>& means, double expected,
                          double budget) {
  std::vector<SiteSize> sizes;
  double all_per_s = 0;
  for (std::size_t s = 0; s < fleet.sites.size(); ++s) {
    sizes.push_back(size_of(fleet, s, means, 1));
    all_per_s += sizes.back().per_s;
  }
  const double even = expected / budget;
  if (!(even > 1) || !(all_per_s > 0)) return even_scale(fleet, means, 1);
  // requests that are simulated at a site with this factor, if sites share the traffic as what they can serve
  const auto simulated = [&](const SiteSize& size, double down) { return expected * size.per_s / all_per_s / down; };
  double a_slot_each = 0;
  for (const SiteSize& size : sizes) a_slot_each += size.per_s > 0 ? simulated(size, std::max(1.0, size.serving)) : 0;
  const double least = std::clamp(budget / 2 / std::max(1e-9, a_slot_each), 1.0, kServingSlots);
  const auto downs = [&](double common) {
    std::vector<double> out;
    for (const SiteSize& size : sizes)
      out.push_back(std::clamp(size.serving / least, std::max(1.0, common / kFinest), common));
    return out;
  };
  // the common factor that keeps to the budget: what finer sites take, others do without
  double low = even, high = std::max(even, expected);
  for (int i = 0; i < 100 && high / low > 1 + 1e-9; ++i) {
    const double middle = std::sqrt(low * high);
    const std::vector<double> tried = downs(middle);
    double sum = 0;
    for (std::size_t s = 0; s < sizes.size(); ++s) sum += simulated(sizes[s], tried[s]);
    (sum > budget ? low : high) = middle;
  }
  return weighted(fleet, means, downs(high));
}

FleetScale halved(const FleetSpec& fleet, const std::vector<MeanRequest>& means, const FleetScale& scale) {
  std::vector<double> down;
  for (std::size_t s = 0; s < fleet.sites.size(); ++s) down.push_back(2 * scale.down(s));
  return weighted(fleet, means, std::move(down));
}

}  // namespace beltline::serving
