#include "serving/fleet_router.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace beltline::serving {

int32_t SessionSites::find(uint64_t session) const {
  if (const auto found = young_.find(session); found != young_.end()) return found->second;
  const auto found = old_.find(session);
  return found == old_.end() ? -1 : found->second;
}

void SessionSites::set(uint64_t session, int32_t site, Picoseconds at) {
  constexpr Picoseconds kHalfHour = 1800 * kSecond;
  if (at - turned_ >= kHalfHour) {
    old_ = std::move(young_);
    young_.clear();
    turned_ = at;
  }
  young_[session] = site;
}

FleetRouter::FleetRouter(const FleetSpec& spec, std::vector<double> request_weight)
    : spec_(spec), request_weight_(std::move(request_weight)), views_(spec.sites.size()) {
  for (const FleetPlace& place : spec.places) {
    std::vector<double>& row = rtt_s_.emplace_back();
    for (const FleetSite& site : spec.sites) row.push_back(round_trip_s(spec.network, place.at, site.at));
  }
  for (SiteView& view : views_) {
    view.load.resize(spec.models.size());
    view.places.resize(spec.models.size());
  }
}

void FleetRouter::report(const std::vector<SiteRun>& sites, Picoseconds at) {
  for (std::size_t s = 0; s < views_.size(); ++s) {
    SiteView& view = views_[s];
    if (sites[s].is_lost() && !view.is_lost) view.lost_since = at;
    view.is_lost = sites[s].is_lost();
    view.is_closing = sites[s].is_closing();
    // what is lost keeps the load that it had: it tells who would have gone there
    if (view.is_lost) continue;
    for (std::size_t m = 0; m < view.load.size(); ++m) {
      view.places[m] = sites[s].places(static_cast<int32_t>(m)) * request_weight_[s];
      view.load[m] = sites[s].load(static_cast<int32_t>(m));
    }
  }
}

FleetRouter::Choice FleetRouter::choose(const Ticket& ticket, Picoseconds at) {
  const auto model = static_cast<std::size_t>(ticket.request.model);
  const auto place = static_cast<std::size_t>(ticket.request.place);
  const RoutingRules& rules = spec_.routing;
  const int32_t last = ticket.request.session == 0 ? -1 : sessions_.find(ticket.request.session);
  Choice best;
  double least = std::numeric_limits<double>::infinity(), least_of_all = least;
  int32_t best_of_all = -1;
  for (std::size_t s = 0; s < views_.size(); ++s) {
    const SiteView& view = views_[s];
    if (view.places[model] <= 0 || !(view.load[model] < spec_.admission.in_flight_max)) continue;
    const double rtt_s = rtt_s_[place][s];
    double score = rtt_s + rules.load_s * std::max(0.0, view.load[model] - rules.spill_at);
    if (static_cast<int32_t>(s) == last) score -= rules.affinity_s;
    if (score < least_of_all) {
      least_of_all = score;
      best_of_all = static_cast<int32_t>(s);
    }
    if ((view.is_lost && at - view.lost_since >= rules.detection) || view.is_closing || !(score < least)) continue;
    least = score;
    best.site = static_cast<int32_t>(s);
    best.rtt_s = rtt_s;
  }
  if (best_of_all >= 0 && best_of_all != best.site && views_[static_cast<std::size_t>(best_of_all)].is_lost)
    best.missed = best_of_all;
  if (best.site < 0) return best;
  SiteView& view = views_[static_cast<std::size_t>(best.site)];
  if (!view.is_lost) view.load[model] += ticket.weight / view.places[model];
  if (ticket.request.session != 0) sessions_.set(ticket.request.session, best.site, at);
  return best;
}

}  // namespace beltline::serving
